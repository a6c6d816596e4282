"""Pairs to ids at rest: compact arrays, in memory for a few pairs, and on the disk for as many as there are.

Shapes: `B` rows, `S` source length, `T` target length with BOS and EOS.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from .buckets import Lengths, Width
from .corpus.pairs import Pair
from .corpus.store import Side, mapped
from .vocabulary import BOS, EOS, PAD, Vocabulary

BLOCK = 2**16
"""Pairs whose lengths are looked at together."""

Ids = NDArray[np.integer[Any]]
Encoded = tuple[Ids, NDArray[np.int64]]
"""The ids of texts, one after the other, and the number of each's."""
Number = TypeVar("Number", bound=np.generic)


class Texts(Protocol):
    """Pairs whose sides can be read one by one."""

    def blocks(self, side: Side) -> Iterator[list[str]]:
        """Yield the texts of one side in order, many at a time."""
        ...


@dataclass(frozen=True)
class EncodedPairs:
    """A corpus as ids: one flat array for each side, of the smallest type that holds its vocabulary, and the places
    where sentences begin (n_pairs + 1,) int64. A target has its BOS and EOS. Arrays of a ``folder`` lie in the page
    cache and not in memory.
    """

    src_tokens: Ids
    src_starts: NDArray[np.int64]
    trg_tokens: Ids
    trg_starts: NDArray[np.int64]
    folder: Path | None = None

    @classmethod
    def from_pairs(
        cls,
        pairs: Sequence[Pair],
        src_vocabulary: Vocabulary,
        trg_vocabulary: Vocabulary,
        *,
        marks: tuple[int, int] | None = None,
    ) -> EncodedPairs:
        """Return ``pairs`` encoded in memory; ``marks`` as in `write`."""
        src = src_vocabulary.encode_many([pair.src for pair in pairs])
        trg = trg_vocabulary.encode_many([pair.trg for pair in pairs])
        srcs, trgs = (
            ([src], [trg]) if marks is None else ([_marked(*src, marks[0]), _marked(*trg, marks[1])], [trg, src])
        )
        ends = [_with_ends(*encoded) for encoded in trgs]
        (src_ids, src_lengths), (trg_ids, trg_lengths) = (
            [np.concatenate(arrays) for arrays in zip(*side, strict=True)] for side in (srcs, ends)
        )
        return cls(src_ids, _starts(src_lengths), trg_ids, _starts(trg_lengths))

    @classmethod
    def write(
        cls,
        pairs: Texts,
        src_vocabulary: Vocabulary,
        trg_vocabulary: Vocabulary,
        folder: Path,
        *,
        marks: tuple[int, int] | None = None,
        further: Sequence[Pair] = (),
    ) -> EncodedPairs:
        """Encode ``pairs`` and ``further`` ones into a new ``folder``, block by block, and return them as `open` does.

        With ``marks`` (of a joint vocabulary) every pair is there twice: all forward, the first mark before the source,
        and then all backward with the second.
        """
        folder.mkdir(parents=True)

        def more(side: Side) -> Iterator[list[str]]:
            if further:
                yield [getattr(pair, side) for pair in further]

        def src() -> Iterator[Encoded]:
            return map(src_vocabulary.encode_many, chain(pairs.blocks("src"), more("src")))

        def trg() -> Iterator[Encoded]:
            return map(trg_vocabulary.encode_many, chain(pairs.blocks("trg"), more("trg")))

        srcs, trgs = src(), trg()
        if marks is not None:
            forward, backward = marks
            srcs = chain((_marked(*block, forward) for block in src()), (_marked(*block, backward) for block in trg()))
            trgs = chain(trg(), src())
        _write_side(folder, "src", srcs)
        _write_side(folder, "trg", (_with_ends(*encoded) for encoded in trgs))
        return cls.open(folder, src_vocabulary, trg_vocabulary)

    @classmethod
    def open(cls, folder: Path, src_vocabulary: Vocabulary, trg_vocabulary: Vocabulary) -> EncodedPairs:
        """Return what `write` wrote into ``folder`` with the same vocabularies."""
        return cls(
            mapped(folder / "src.tokens", src_vocabulary.id_type),
            mapped(folder / "src.starts", np.int64),
            mapped(folder / "trg.tokens", trg_vocabulary.id_type),
            mapped(folder / "trg.starts", np.int64),
            folder,
        )

    def __len__(self) -> int:
        return len(self.src_starts) - 1

    def length_blocks(self) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int64]]]:
        """Yield for each block of pairs its first row, and their source and target lengths (int64)."""
        for start in range(0, len(self), BLOCK):
            stop = min(start + BLOCK, len(self)) + 1
            yield start, np.diff(self.src_starts[start:stop]), np.diff(self.trg_starts[start:stop])

    @cached_property
    def _lengths(self) -> Lengths:
        counts: dict[int, int] = {}
        for _, src, trg in self.length_blocks():
            for both, n in zip(*np.unique(src << 32 | trg, return_counts=True), strict=True):
                counts[int(both)] = counts.get(int(both), 0) + int(n)
        both = np.array(list(counts), np.int64)
        return Lengths(both >> 32, both & 0xFFFFFFFF, np.array(list(counts.values()), np.int64))

    def lengths(self) -> Lengths:
        """Return how many pairs have which lengths."""
        return self._lengths

    @property
    def max_src_length(self) -> int:
        """The longest source, in tokens."""
        return int(self._lengths.src.max(initial=0))

    @property
    def max_trg_length(self) -> int:
        """The longest target, in tokens, BOS and EOS included."""
        return int(self._lengths.trg.max(initial=0))

    def padded(
        self, rows: NDArray[np.int64], width: Width, n_rows: int = 0
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return the ids (B, S) and (B, T), int32, of the pairs ``rows`` padded to ``width``, with rows of padding up
        to ``n_rows``.
        """
        n_rows = max(n_rows, len(rows))
        return (
            _padded(self.src_tokens, self.src_starts, rows, (n_rows, width.src)),
            _padded(self.trg_tokens, self.trg_starts, rows, (n_rows, width.trg)),
        )

    def some(self, at_most: int) -> tuple[tuple[Ids, NDArray[np.int64]], tuple[Ids, NDArray[np.int64]]]:
        """Return the ids (n,) of at most ``at_most`` evenly spaced sources, one after the other, with the number of
        each's, and the same of their targets without BOS and EOS.
        """
        pairs = np.arange(0, len(self), max(1, -(-len(self) // at_most)))
        src_lengths = self.src_starts[pairs + 1] - self.src_starts[pairs]
        trg_lengths = self.trg_starts[pairs + 1] - self.trg_starts[pairs] - 2
        return (
            (self.src_tokens[ranges(self.src_starts[pairs], src_lengths)], src_lengths),
            (self.trg_tokens[ranges(self.trg_starts[pairs] + 1, trg_lengths)], trg_lengths),
        )

    def array_beside(self, dtype: type[Number]) -> NDArray[Number]:
        """Return a new array of one number a pair, to be filled: on the disk if the ids are, else in memory.

        Its file has no name and is gone with the array.
        """
        if self.folder is None or not len(self):
            return np.zeros(len(self), dtype)
        with tempfile.TemporaryFile(dir=self.folder) as file:
            return np.asarray(np.memmap(file, dtype, mode="w+", shape=(len(self),)))


def ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of all ranges, one after the other."""
    before = np.cumsum(lengths) - lengths
    numbers: NDArray[np.int64] = np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)
    return numbers


def _marked(ids: Ids, lengths: NDArray[np.int64], mark: int) -> Encoded:
    """Put ``mark`` before each text."""
    firsts = np.cumsum(lengths) - lengths
    return np.insert(ids, firsts, mark), lengths + 1


def _with_ends(ids: Ids, lengths: NDArray[np.int64]) -> Encoded:
    """Put BOS before each text and EOS after it."""
    lengths = lengths + 2
    ends = np.cumsum(lengths)
    marked = np.empty(int(lengths.sum()), ids.dtype)
    is_text = np.ones(len(marked), np.bool_)
    is_text[ends - lengths] = is_text[ends - 1] = False
    marked[is_text] = ids
    marked[ends - lengths], marked[ends - 1] = BOS, EOS
    return marked, lengths


def _starts(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.append(0, np.cumsum(lengths))


def _write_side(folder: Path, side: str, blocks: Iterable[Encoded]) -> None:
    with ExitStack() as files:
        tokens = files.enter_context((folder / f"{side}.tokens").open("wb"))
        starts = files.enter_context((folder / f"{side}.starts").open("wb"))
        end = np.zeros(1, "<i8")
        starts.write(end.tobytes())
        for ids, lengths in blocks:
            tokens.write(ids.astype(ids.dtype.newbyteorder("<"), copy=False).tobytes())
            ends = end + np.cumsum(lengths)
            starts.write(ends.astype("<i8", copy=False).tobytes())
            end = ends[-1:]


def _padded(
    tokens: Ids, starts: NDArray[np.int64], rows: NDArray[np.int64], shape: tuple[int, int]
) -> NDArray[np.int32]:
    begins = starts[rows]
    is_token = np.arange(shape[1]) < (starts[rows + 1] - begins)[:, None]
    places = (begins[:, None] + np.arange(shape[1]))[is_token]
    ids = np.full(shape, PAD, np.int32)
    ids[: len(rows)][is_token] = tokens[places]
    return ids
