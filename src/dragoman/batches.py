"""Pairs to ids at rest, ids to batches, and the article's one-hot arrays as a view of either.

The shift by one step happens here and nowhere else. Shapes: `B` rows, `S` source length, `T` target length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .corpus.pairs import Pair
from .vocabulary import BOS, EOS, PAD, CharVocabulary, character_vocabularies

FIRST_BUCKET = 8
BUCKET_GROWTH = 1.5


class Arrays(NamedTuple):
    """The article's three arrays, float32 one-hot; rows of padding and of unknown characters are all zero.

    ``decoder_target_data[:, t] == decoder_input_data[:, t + 1]``.
    """

    encoder_input_data: NDArray[np.float32]
    """(B, S, source columns)"""
    decoder_input_data: NDArray[np.float32]
    """(B, T, target columns)"""
    decoder_target_data: NDArray[np.float32]
    """(B, T, target columns)"""


class Batch(NamedTuple):
    """Padded ids: ``src_ids`` (B, S) and ``trg_ids`` (B, T + 1), int32; a target row is BOS, the text, EOS, padding."""

    src_ids: NDArray[np.int32]
    trg_ids: NDArray[np.int32]

    @property
    def n_tokens(self) -> int:
        """The number of target tokens to predict, ends included, padding left out."""
        return int(np.count_nonzero(self.trg_ids[:, 1:]))

    @property
    def n_pairs(self) -> int:
        """The number of rows that are not all padding."""
        return int(np.count_nonzero(self.trg_ids[:, 0]))

    @property
    def trg_weights(self) -> NDArray[np.float32]:
        """(B, T) float32: 1 where there is a target token to predict, 0 on padding."""
        return np.asarray(self.trg_ids[:, 1:] != PAD, np.float32)

    def one_hot(self, src_vocabulary: CharVocabulary, trg_vocabulary: CharVocabulary) -> Arrays:
        """Return the article's arrays of this batch."""
        trg = one_hot(self.trg_ids, trg_vocabulary)
        return Arrays(one_hot(self.src_ids, src_vocabulary), trg[:, :-1], trg[:, 1:])


def one_hot(ids: NDArray[np.int32], vocabulary: CharVocabulary) -> NDArray[np.float32]:
    """Return ``ids`` (B, L) as one-hot rows (B, L, columns), float32; an id without a column is a row of zeros."""
    table = np.zeros((vocabulary.size, vocabulary.n_columns), np.float32)
    table[vocabulary.column_ids, np.arange(vocabulary.n_columns)] = 1.0
    rows: NDArray[np.float32] = table[ids]
    return rows


def vectorize(
    pairs: Sequence[Pair],
    src_vocabulary: CharVocabulary | None = None,
    trg_vocabulary: CharVocabulary | None = None,
    *,
    max_src_length: int = 0,
    max_trg_length: int = 0,
) -> Arrays:
    """Return the article's three arrays of ``pairs``.

    The vocabularies are those of the pairs unless they are given. The lengths are those of the longest
    sentences, the target's with its start and end, or the given ones if these are longer. This is for small
    corpora: 10,000 short pairs take half a GiB.
    """
    if src_vocabulary is None or trg_vocabulary is None:
        made = character_vocabularies((pair.src for pair in pairs), (pair.trg for pair in pairs))
        src_vocabulary, trg_vocabulary = src_vocabulary or made[0], trg_vocabulary or made[1]
    encoded = EncodedPairs.from_pairs(pairs, src_vocabulary, trg_vocabulary)
    width = Width(max(max_src_length, encoded.max_src_length), max(max_trg_length, encoded.max_trg_length))
    return encoded.batch(np.arange(len(encoded)), width.article).one_hot(src_vocabulary, trg_vocabulary)


class Width(NamedTuple):
    """The padded lengths of a batch: source tokens, and target tokens with both BOS and EOS."""

    src: int
    trg: int

    @property
    def article(self) -> Width:
        """The width at which the article's decoder arrays also hold a step that reads the end and predicts nothing."""
        return Width(self.src, self.trg + 1)


@dataclass(frozen=True)
class EncodedPairs:
    """A corpus as ids at rest: one flat array for each side (int32) and the places where sentences begin."""

    src_tokens: NDArray[np.int32]
    src_starts: NDArray[np.int64]
    trg_tokens: NDArray[np.int32]
    trg_starts: NDArray[np.int64]

    @classmethod
    def from_pairs(
        cls, pairs: Sequence[Pair], src_vocabulary: CharVocabulary, trg_vocabulary: CharVocabulary
    ) -> EncodedPairs:
        """Encode ``pairs``; a target gets its BOS and EOS here."""
        src = [src_vocabulary.encode(pair.src) for pair in pairs]
        trg = [[BOS, *trg_vocabulary.encode(pair.trg), EOS] for pair in pairs]
        return cls(*_flatten(src), *_flatten(trg))

    def __len__(self) -> int:
        return len(self.src_starts) - 1

    @cached_property
    def src_lengths(self) -> NDArray[np.int64]:
        """(n_pairs,) int64: source tokens of each pair."""
        return np.diff(self.src_starts)

    @cached_property
    def trg_lengths(self) -> NDArray[np.int64]:
        """(n_pairs,) int64: target tokens of each pair, BOS and EOS included."""
        return np.diff(self.trg_starts)

    @property
    def max_src_length(self) -> int:
        """The longest source, in tokens."""
        return int(self.src_lengths.max(initial=0))

    @property
    def max_trg_length(self) -> int:
        """The longest target, in tokens, BOS and EOS included."""
        return int(self.trg_lengths.max(initial=0))

    def batch(self, rows: NDArray[np.int64], width: Width, n_rows: int = 0) -> Batch:
        """Return the pairs ``rows`` padded to ``width``, with rows of padding up to ``n_rows``."""
        shape = max(n_rows, len(rows))
        src_ids = np.full((shape, width.src), PAD, np.int32)
        trg_ids = np.full((shape, width.trg), PAD, np.int32)
        for place, row in enumerate(rows):
            src = self.src_tokens[self.src_starts[row] : self.src_starts[row + 1]]
            trg = self.trg_tokens[self.trg_starts[row] : self.trg_starts[row + 1]]
            src_ids[place, : len(src)] = src
            trg_ids[place, : len(trg)] = trg
        return Batch(src_ids, trg_ids)


def _flatten(rows: list[list[int]]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    starts = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(row) for row in rows], out=starts[1:])
    tokens = np.fromiter((token for row in rows for token in row), np.int32, int(starts[-1]))
    return tokens, starts


class Batches:
    """The batches of an epoch, pairs of like length together; their order and content are functions of (seed,
    epoch).

    With ``masking`` a batch is padded to the longest pair of its bucket and a last, smaller batch gets rows
    of padding, so that few shapes occur. Without it every batch has the width of the whole corpus, as in the
    article, where padding counts.
    """

    def __init__(self, encoded: EncodedPairs, batch_size: int, *, seed: int = 0, masking: bool = True) -> None:
        self.encoded = encoded
        self.batch_size = batch_size
        self.seed = seed
        self.masking = masking
        if masking:
            self._buckets = _buckets(encoded, batch_size)
        else:
            self._buckets = [(np.arange(len(encoded)), Width(encoded.max_src_length, encoded.max_trg_length).article)]

    def __len__(self) -> int:
        return sum(-(-len(rows) // self.batch_size) for rows, _ in self._buckets)

    @property
    def n_shapes(self) -> int:
        """The number of different widths, each of which a compiler compiles once."""
        return len(self._buckets)

    @property
    def padding(self) -> float:
        """The share of padding among all target tokens of an epoch."""
        padded = sum(len(rows) * width.trg for rows, width in self._buckets)
        return 1.0 - len(self.encoded.trg_tokens) / padded

    def plan(self, epoch: int, *, shuffle: bool = True) -> list[tuple[NDArray[np.int64], Width]]:
        """Return the rows and the width of each batch of ``epoch``, in order."""
        random = np.random.default_rng((self.seed, epoch))
        planned = []
        for rows, width in self._buckets:
            order = random.permutation(rows) if shuffle else rows
            planned += [(order[i : i + self.batch_size], width) for i in range(0, len(order), self.batch_size)]
        return [planned[i] for i in random.permutation(len(planned))] if shuffle else planned

    def batch(self, rows: NDArray[np.int64], width: Width) -> Batch:
        """Return one planned batch."""
        return self.encoded.batch(rows, width, self.batch_size if self.masking else 0)

    def epoch(self, epoch: int, *, shuffle: bool = True) -> Iterator[Batch]:
        """Yield the batches of ``epoch``."""
        for rows, width in self.plan(epoch, shuffle=shuffle):
            yield self.batch(rows, width)


def _buckets(encoded: EncodedPairs, batch_size: int) -> list[tuple[NDArray[np.int64], Width]]:
    """Rows of like length, each with the width of its longest sides; a bucket of less than one batch joins the next."""
    lengths = np.maximum(encoded.src_lengths, encoded.trg_lengths)
    buckets: list[tuple[NDArray[np.int64], Width]] = []
    taken, limit = 0, float(FIRST_BUCKET)
    order = np.argsort(lengths, kind="stable")
    ordered = lengths[order]
    while taken < len(order):
        end = int(np.searchsorted(ordered, limit, side="right"))
        if end == len(order) or (end - taken >= batch_size and len(order) - end >= batch_size):
            rows = order[taken:end]
            width = Width(int(encoded.src_lengths[rows].max()), int(encoded.trg_lengths[rows].max()))
            buckets.append((rows, width))
            taken = end
        limit *= BUCKET_GROWTH
    return buckets
