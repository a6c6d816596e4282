"""Ids at rest to batches, and the article's one-hot arrays as a view of a batch.

The shift by one step happens here and nowhere else. Shapes: `B` rows, `S` source length, `T` target length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .buckets import Bucket, Width, choose_buckets
from .corpus.pairs import Pair
from .encoded import EncodedPairs
from .hashing import permute
from .vocabulary import PAD, UNK
from .vocabulary.characters import CharVocabulary, character_vocabularies

MAX_TOKENS = 10_240
"""Tokens of a batch at most: else a few very long sentences would decide how much memory a training takes."""


Fitted = tuple[tuple[NDArray[np.int32], ...], NDArray[np.int32], NDArray[np.float32]]
"""What a model is fitted to: its inputs, and the targets (B, T) with their weights."""


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

    def for_keras(self, *, masking: bool) -> Fitted:
        """Return inputs, targets and weights: ids (B, S) and (B, T), ids (B, T), float32 (B, T).

        With masking a step that reads or predicts padding or an unknown token has no weight; without, all steps count
        alike, as in the article.
        """
        known = (self.trg_ids != PAD) & (self.trg_ids != UNK)
        weights = known[:, :-1] & known[:, 1:] if masking else np.ones_like(known[:, 1:])
        return (self.src_ids, self.trg_ids[:, :-1]), self.trg_ids[:, 1:], weights.astype(np.float32)

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
    ids = encoded.padded(np.arange(len(encoded)), width.article)
    return Batch(*ids).one_hot(src_vocabulary, trg_vocabulary)


class Batches:
    """The batches of all epochs, pairs of like length together; each is a function of (seed, step) and of nothing else.

    With ``masking`` a batch is padded to the longest pair of its bucket and a last, smaller batch gets rows
    of padding, so that few shapes occur. Without it every batch has the width of the whole corpus, as in the
    article, where padding counts. A batch has ``batch_size`` rows, fewer where they would hold more than ``MAX_TOKENS``
    tokens of source and target together, padding included.

    Of the size of the corpus there is only the order of its rows by bucket, on the disk where the ids are; the shuffle
    is computed row by row.
    """

    def __init__(
        self,
        encoded: EncodedPairs,
        batch_size: int,
        *,
        seed: int = 0,
        masking: bool = True,
    ) -> None:
        self.encoded = encoded
        self.batch_size = batch_size
        self.seed = seed
        self.masking = masking
        self._buckets = choose_buckets(encoded.lengths(), self.n_rows) if masking else _one_bucket(encoded)
        self._order = _order_by_bucket(encoded, self._buckets)
        self._first_pairs = np.append(0, np.cumsum([bucket.n_pairs for bucket in self._buckets]))
        n_batches = [-(-bucket.n_pairs // self.n_rows(bucket.width)) for bucket in self._buckets]
        self._first_batches = np.append(0, np.cumsum(n_batches))

    def __len__(self) -> int:
        return int(self._first_batches[-1])

    @property
    def n_shapes(self) -> int:
        """The number of different widths, each of which a compiler compiles once."""
        return len(self._buckets)

    @property
    def padding(self) -> float:
        """The share of padding among all target tokens of an epoch."""
        padded = sum(bucket.n_pairs * bucket.width.trg for bucket in self._buckets)
        return 1.0 - len(self.encoded.trg_tokens) / padded

    def n_rows(self, width: Width) -> int:
        """Return the rows of a full batch of ``width``."""
        return max(1, min(self.batch_size, MAX_TOKENS // sum(width))) if self.masking else self.batch_size

    def batch_at(self, step: int) -> Batch:
        """Return the batch of ``step``, counted from 0 over all epochs."""
        epoch, index = divmod(step, len(self))
        return self.batch(*self.plan(epoch)[index])

    def plan(self, epoch: int, *, shuffle: bool = True) -> Plan:
        """Return the rows and the width of each batch of ``epoch``, in order; each is computed when it is asked for."""
        return Plan(self, epoch, shuffle)

    def batch(self, rows: NDArray[np.int64], width: Width) -> Batch:
        """Return one planned batch."""
        return Batch(*self.encoded.padded(rows, width, self.n_rows(width) if self.masking else len(rows)))

    def fitted_at(self, step: int) -> Fitted:
        """Return what a model is fitted to in ``step``."""
        return self.batch_at(step).for_keras(masking=self.masking)

    def fitted_in_order(self, index: int) -> Fitted:
        """Return the batch at ``index`` of an epoch that is not shuffled."""
        return self.batch(*self.planned(0, index, shuffle=False)).for_keras(masking=self.masking)

    def examples(self) -> Iterator[tuple[int, Fitted]]:
        """Yield for each shape the number of batches of an epoch that have it, and one of them."""
        for first, end in pairwise(self._first_batches.tolist()):
            yield end - first, self.fitted_in_order(first)

    def epoch(self, epoch: int, *, shuffle: bool = True) -> Iterator[Batch]:
        """Yield the batches of ``epoch``."""
        for rows, width in self.plan(epoch, shuffle=shuffle):
            yield self.batch(rows, width)

    def planned(self, epoch: int, index: int, shuffle: bool) -> tuple[NDArray[np.int64], Width]:
        """Return the rows and the width of the batch at ``index`` of ``epoch``."""
        if shuffle:
            index = int(permute(np.array([index]), len(self), self.seed, epoch)[0])
        number = int(np.searchsorted(self._first_batches, index, side="right")) - 1
        bucket, n_rows = self._buckets[number], self.n_rows(self._buckets[number].width)
        start = (index - int(self._first_batches[number])) * n_rows
        places = np.arange(start, min(start + n_rows, bucket.n_pairs))
        if shuffle:
            places = permute(places, bucket.n_pairs, self.seed, epoch, number)
        return self._order[self._first_pairs[number] + places].astype(np.int64), bucket.width


class Plan(Sequence[tuple[NDArray[np.int64], Width]]):
    """The rows and the width of each batch of one epoch."""

    def __init__(self, batches: Batches, epoch: int, shuffle: bool) -> None:
        self._batches, self._epoch, self._shuffle = batches, epoch, shuffle

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, index: int) -> tuple[NDArray[np.int64], Width]:  # type: ignore[override]  # no slices
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self._batches.planned(self._epoch, index, self._shuffle)


def _one_bucket(encoded: EncodedPairs) -> list[Bucket]:
    src, trg = encoded.max_src_length, encoded.max_trg_length
    return [Bucket(max(src, trg), len(encoded), Width(src, trg).article)]


def _order_by_bucket(encoded: EncodedPairs, buckets: Sequence[Bucket]) -> NDArray[np.unsignedinteger[Any]]:
    """Return the rows of ``encoded``, bucket after bucket, in each in the order of the corpus."""
    order: NDArray[np.unsignedinteger[Any]] = encoded.array_beside(np.uint32 if len(encoded) < 2**32 else np.uint64)
    limits = [bucket.longest for bucket in buckets]
    free = np.append(0, np.cumsum([bucket.n_pairs for bucket in buckets]))
    for start, src, trg in encoded.length_blocks():
        numbers = np.searchsorted(limits, np.maximum(src, trg))
        for number in np.unique(numbers):
            rows = start + np.flatnonzero(numbers == number)
            order[free[number] : free[number] + len(rows)] = rows
            free[number] += len(rows)
    return order
