"""Pairs packed into rows of one fixed width, several to a row: hardly any padding, and one shape to compile.

A pair's source and target lie in the same row, and whoever reads it is told by numbers which tokens belong together.
Which pairs share a row is fixed once; each epoch shuffles the rows. A batch is a function of (seed, step).

Shapes: `B` rows, `S` source width, `T` target width, `K` pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .batches import Fitted
from .encoded import EncodedPairs, ranges
from .hashing import permute
from .vocabulary import EOS, PAD

MIN_WIDTH, MAX_WIDTH = 64, 256
"""Tokens of a row. Attention costs a row the square of its width; sentences longer than the widest are left out."""
STEP = 16
SHARE_HELD = 0.999
"""The share of the pairs that the width is made for, if they are no longer than `MAX_WIDTH`."""
WINDOW = 256
"""Pairs that are packed together."""
WINDOWS_AT_ONCE = 4096

SHARE_FILLED = 0.8
"""The share of a row that is filled where other segmentations, mostly longer ones, must find room in it."""

Ints = NDArray[np.int64]
Resample = Callable[[Sequence[Sequence[int]], int], list[list[int]]]
"""Ids of sentences and a seed to other segmentations."""


class Widths(NamedTuple):
    """Tokens of a row: of the source with its EOS, and of the target without BOS or without EOS."""

    src: int
    trg: int


class Side(NamedTuple):
    """One side of packed rows, each (B, L) int32: ids, the number of a token's sentence in its row (from 1; 0 is
    padding), and its position in the sentence, from 0.
    """

    ids: NDArray[np.int32]
    sentences: NDArray[np.int32]
    positions: NDArray[np.int32]


class PackedBatch(NamedTuple):
    """Packed rows: ``src`` ends each sentence with EOS, ``trg`` begins each with BOS, and ``trg_targets`` (B, T) is the
    token after each of ``trg``, the last one EOS.
    """

    src: Side
    trg: Side
    trg_targets: NDArray[np.int32]

    @property
    def n_tokens(self) -> int:
        """The number of target tokens to predict, ends included, padding left out."""
        return int(np.count_nonzero(self.trg.sentences))

    def for_keras(self) -> Fitted:
        """Return inputs, targets and weights: what a Keras model is fitted to."""
        return (*self.src, *self.trg, self.trg_targets), self.trg_targets, (self.trg.sentences > 0).astype(np.float32)


class PackedBatches:
    """The packed batches of all epochs; each has ``batch_tokens`` target tokens, padding included, or a row.

    ``resample`` gives the sources and the targets other segmentations each time; rows have room for them then, and a
    pair that still does not fit stays as it was.
    Of the size of the corpus there is only the order of its rows, on the disk where the ids are.
    """

    def __init__(
        self,
        encoded: EncodedPairs,
        batch_tokens: int,
        *,
        seed: int = 0,
        widths: Widths | None = None,
        resample: tuple[Resample, Resample] | None = None,
    ) -> None:
        self.encoded, self.seed, self.resample = encoded, seed, resample
        self.widths = widths or choose_widths(encoded)
        self.n_rows = max(1, batch_tokens // self.widths.trg)
        self._order = encoded.array_beside(np.uint32)
        self._row_starts = encoded.array_beside(np.uint32)
        self.n_packed_rows, self.n_pairs, self._n_tokens = self._pack()

    def __len__(self) -> int:
        return -(-self.n_packed_rows // self.n_rows)

    @property
    def n_left_out(self) -> int:
        """The pairs that are too long for a row."""
        return len(self.encoded) - self.n_pairs

    @property
    def padding(self) -> float:
        """The share of padding among all tokens of an epoch, source and target."""
        return 1.0 - self._n_tokens / max(1, self.n_packed_rows * sum(self.widths))

    def batch_at(self, step: int) -> PackedBatch:
        """Return the batch of ``step``, counted from 0 over all epochs."""
        epoch, index = divmod(step, len(self))
        first = index * self.n_rows
        rows = np.arange(first, min(first + self.n_rows, self.n_packed_rows))
        return self._batch(permute(rows, self.n_packed_rows, self.seed, epoch), step)

    def batch_in_order(self, index: int) -> PackedBatch:
        """Return the batch at ``index`` of an epoch that is not shuffled, as the ids are at rest."""
        first = index * self.n_rows
        return self._batch(np.arange(first, min(first + self.n_rows, self.n_packed_rows)), None)

    def fitted_at(self, step: int) -> Fitted:
        """Return what a model is fitted to in ``step``."""
        return self.batch_at(step).for_keras()

    def fitted_in_order(self, index: int) -> Fitted:
        """Return `batch_in_order` for a model."""
        return self.batch_in_order(index).for_keras()

    def examples(self) -> Iterator[tuple[int, Fitted]]:
        """Yield the number of batches of an epoch and one of them: they have one shape."""
        yield len(self), self.fitted_at(0)

    def _pack(self) -> tuple[int, int, int]:
        """Fill the order of the pairs and the places where rows begin; return the numbers of rows, pairs and tokens."""
        n_rows = n_pairs = n_tokens = 0
        src_lengths, trg_lengths = _lengths(self.encoded)
        for first in range(0, len(self.encoded), WINDOW * WINDOWS_AT_ONCE):
            places = np.arange(first, min(first + WINDOW * WINDOWS_AT_ONCE, len(self.encoded)))
            pairs = permute(places, len(self.encoded), self.seed)
            src, trg = src_lengths(pairs), trg_lengths(pairs)
            fits = (src <= self.widths.src) & (trg <= self.widths.trg)
            pairs, src, trg = pairs[fits], src[fits], trg[fits]
            rows = pack(src, trg, self.widths, filled=SHARE_FILLED if self.resample else 1.0)
            order = np.argsort(rows, kind="stable")
            starts = np.flatnonzero(np.diff(rows[order], prepend=-1))
            self._order[n_pairs : n_pairs + len(pairs)] = pairs[order]
            self._row_starts[n_rows : n_rows + len(starts)] = n_pairs + starts
            n_rows, n_pairs = n_rows + len(starts), n_pairs + len(pairs)
            n_tokens += int(src.sum() + trg.sum())
        return n_rows, n_pairs, n_tokens

    def _batch(self, rows: Ints, step: int | None) -> PackedBatch:
        starts = self._row_starts[rows].astype(np.int64)
        after = np.where(rows + 1 < self.n_packed_rows, self._row_starts[(rows + 1) % self.n_packed_rows], self.n_pairs)
        n_pairs = after.astype(np.int64) - starts
        pairs = self._order[ranges(starts, n_pairs)].astype(np.int64)
        src, src_lengths = _gathered(self.encoded.src_tokens, self.encoded.src_starts, pairs)
        trg, trg_lengths = _gathered(self.encoded.trg_tokens, self.encoded.trg_starts, pairs)
        if self.resample is not None and step is not None:
            src, src_lengths, trg, trg_lengths = self._resample(src, src_lengths, trg, trg_lengths, n_pairs, step)
        trg_inner = trg_lengths - 1
        numbers = np.repeat(np.arange(len(rows)), n_pairs)
        src, src_lengths = _with_ends(src, src_lengths)
        is_last = np.zeros(len(trg), np.bool_)
        is_last[np.cumsum(trg_lengths) - 1] = True
        is_first = np.roll(is_last, 1)
        return PackedBatch(
            _laid_out(src, src_lengths, numbers, (self.n_rows, self.widths.src)),
            (side := _laid_out(trg[~is_last], trg_inner, numbers, (self.n_rows, self.widths.trg))),
            _like(side, trg[~is_first]),
        )

    def _resample(
        self, src: Ints, src_lengths: Ints, trg: Ints, trg_lengths: Ints, n_pairs: Ints, step: int
    ) -> tuple[Ints, Ints, Ints, Ints]:
        """Give the sentences of a batch other segmentations, pair by pair where the row has room for them."""
        assert self.resample is not None
        srcs = [part.tolist() for part in np.split(src, np.cumsum(src_lengths)[:-1])]
        trgs = [part.tolist() for part in np.split(trg, np.cumsum(trg_lengths)[:-1])]
        inner = [ids[1:-1] for ids in trgs]
        seed = (self.seed << 32) + step
        other_srcs, other_trgs = self.resample[0](srcs, seed), self.resample[1](inner, seed)
        first = 0
        for count in n_pairs.tolist():
            row = range(first, first + count)
            room_src = self.widths.src - sum(len(srcs[i]) + 1 for i in row)
            room_trg = self.widths.trg - sum(len(inner[i]) + 1 for i in row)
            for i in row:
                more_src, more_trg = len(other_srcs[i]) - len(srcs[i]), len(other_trgs[i]) - len(inner[i])
                if more_src <= room_src and more_trg <= room_trg:
                    room_src, room_trg = room_src - more_src, room_trg - more_trg
                    srcs[i], trgs[i] = other_srcs[i], [trgs[i][0], *other_trgs[i], trgs[i][-1]]
            first += count

        def flat(parts: list[list[int]]) -> tuple[Ints, Ints]:
            return np.array([i for part in parts for i in part], np.int64), np.array(list(map(len, parts)), np.int64)

        return (*flat(srcs), *flat(trgs))


def choose_widths(encoded: EncodedPairs) -> Widths:
    """Return the widths of rows for these pairs: the wider side holds nearly every sentence, and the other is narrower
    by the ratio of all tokens of the two sides, so that both fill up together.
    """
    lengths = encoded.lengths()
    src, trg, n_pairs = lengths.src + 1, lengths.trg - 1, lengths.n_pairs
    longest = [_quantile(side, n_pairs) for side in (src, trg)]
    tokens = [int((side * n_pairs).sum()) for side in (src, trg)]
    widest = min(max(MIN_WIDTH, *longest), MAX_WIDTH)
    wanted = [max(length, widest * n / max(tokens)) for length, n in zip(longest, tokens, strict=True)]
    return Widths(*(min(-(-int(np.ceil(width)) // STEP) * STEP, MAX_WIDTH) for width in wanted))


def _quantile(lengths: Ints, n_pairs: Ints) -> int:
    order = np.argsort(lengths)
    share = np.cumsum(n_pairs[order]) / n_pairs.sum()
    return int(lengths[order][np.searchsorted(share, SHARE_HELD)])


def pack(src_lengths: Ints, trg_lengths: Ints, widths: Widths, *, filled: float = 1.0) -> Ints:
    """Return the row (K,) of each pair, numbered from 0; in a row source and target lengths stay within the share
    ``filled`` of ``widths``, unless it holds one pair only, and within ``widths`` in any case.

    Each `WINDOW` of pairs is packed by first fit, the longest first, and all windows side by side.
    """
    widths = Widths(*(int(width * filled) for width in widths))
    src_lengths, trg_lengths = np.minimum(src_lengths, widths.src), np.minimum(trg_lengths, widths.trg)
    if not len(src_lengths):
        return np.zeros(0, np.int64)
    n_windows = -(-len(src_lengths) // WINDOW)
    shape = n_windows, WINDOW
    padded = [np.zeros(shape, np.int64) for _ in widths]
    for array, lengths in zip(padded, (src_lengths, trg_lengths), strict=True):
        array.flat[: len(lengths)] = lengths
    src, trg = padded
    order = np.argsort(-np.maximum(src / widths.src, trg / widths.trg), axis=1, kind="stable")
    room_src, room_trg = np.full(shape, widths.src, np.int64), np.full(shape, widths.trg, np.int64)
    rows, windows = np.zeros(shape, np.int64), np.arange(n_windows)
    n_open = 1
    for place in order.T:
        more_src, more_trg = src[windows, place], trg[windows, place]
        fits = (room_src[:, :n_open] >= more_src[:, None]) & (room_trg[:, :n_open] >= more_trg[:, None])
        row = fits.argmax(axis=1)
        rows[windows, place] = row
        room_src[windows, row] -= more_src
        room_trg[windows, row] -= more_trg
        n_open = min(max(n_open, int(row.max()) + 2), WINDOW)
    # Numbers that no row took are skipped: a window's rows come after those of the window before.
    rows += np.append(0, np.cumsum(rows.max(axis=1) + 1))[:-1, None]
    packed = rows.ravel()[: len(src_lengths)]
    numbers: Ints = np.unique(packed, return_inverse=True)[1]
    return numbers


def _lengths(encoded: EncodedPairs) -> tuple[Callable[[Ints], Ints], Callable[[Ints], Ints]]:
    """What a pair takes of a row: its source with EOS, and its target with one of its two marks."""

    def src(pairs: Ints) -> Ints:
        lengths: Ints = encoded.src_starts[pairs + 1] - encoded.src_starts[pairs] + 1
        return lengths

    def trg(pairs: Ints) -> Ints:
        lengths: Ints = encoded.trg_starts[pairs + 1] - encoded.trg_starts[pairs] - 1
        return lengths

    return src, trg


def _gathered(tokens: NDArray[np.integer], starts: Ints, pairs: Ints) -> tuple[Ints, Ints]:
    """Return the tokens of ``pairs`` one after the other, and the number of each's."""
    begins = starts[pairs]
    lengths = starts[pairs + 1] - begins
    return tokens[ranges(begins, lengths)].astype(np.int64), lengths


def _with_ends(tokens: Ints, lengths: Ints) -> tuple[Ints, Ints]:
    """Put EOS after each sentence."""
    ends = np.cumsum(lengths + 1) - 1
    ended = np.full(len(tokens) + len(lengths), EOS, np.int64)
    is_text = np.ones(len(ended), np.bool_)
    is_text[ends] = False
    ended[is_text] = tokens
    return ended, lengths + 1


def _laid_out(tokens: Ints, lengths: Ints, row_of_sentence: Ints, shape: tuple[int, int]) -> Side:
    """Return the rows in which the sentences lie one after the other."""
    positions = ranges(np.zeros_like(lengths), lengths)
    row = np.repeat(row_of_sentence, lengths)
    n_of_row = np.bincount(row, minlength=shape[0])
    columns = ranges(np.zeros_like(n_of_row), n_of_row)
    first_of_row = np.searchsorted(row_of_sentence, row_of_sentence)
    numbers = np.repeat(np.arange(len(lengths)) - first_of_row + 1, lengths)
    arrays = [np.full(shape, PAD, np.int32), np.zeros(shape, np.int32), np.zeros(shape, np.int32)]
    for array, values in zip(arrays, (tokens, numbers, positions), strict=True):
        array[row, columns] = values
    return Side(*arrays)


def _like(side: Side, tokens: Ints) -> NDArray[np.int32]:
    """Return ``tokens`` laid out as those of ``side``."""
    ids = np.full(side.ids.shape, PAD, np.int32)
    ids[side.sentences > 0] = tokens
    return ids
