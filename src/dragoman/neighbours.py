"""The nearest training pairs to a sentence: what a translation memory would offer.

An inverted index of character n-grams picks a few hundred candidates, RapidFuzz compares them. Nothing here
knows of files.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from .corpus.pairs import Pair
from .errors import UsageError

N_CANDIDATES = 400
_GRAM = 3
_BUCKET_BITS = 18
_CHUNK = 10_000  # pairs indexed at a time, which bounds the memory that sorting takes


class Neighbour(NamedTuple):
    """A training pair and the similarity of its source, 0 to 1: 1 - edit distance / longer length."""

    similarity: float
    pair: Pair


def _key(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip().casefold())


def _buckets(keys: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the bucket and the row of each distinct n-gram of each key, sorted by bucket, then by row.

    The bucket is a hash of the n-gram: a collision makes a poorer candidate, never a wrong similarity.
    """
    margin = "\0" * (_GRAM - 1)
    text = "".join(f"{margin}{key}" for key in keys) + margin
    symbols = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    lengths = np.array([len(key) + len(margin) for key in keys])
    rows = np.repeat(np.arange(len(keys), dtype=np.uint64), lengths)
    grams = np.zeros(len(rows), dtype=np.uint64)
    for place in range(_GRAM):
        grams = (grams << np.uint64(21)) | symbols[place : place + len(rows)]
    # The high bits of a product with this odd constant are well mixed (Knuth's multiplicative hashing).
    grams = (grams * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _BUCKET_BITS)
    entries = np.sort((grams << np.uint64(32)) | rows)
    entries = entries[np.diff(entries, prepend=~entries[:1]) != 0]
    return (entries >> np.uint64(32)).astype(np.uint32), entries.astype(np.uint32)


class Neighbours:
    """An index over the sources of ``pairs``.

    What it finds is nearly always the nearest; now and then it misses one that is slightly nearer.
    """

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self._pairs = pairs
        self._keys = [_key(pair.src) for pair in self._pairs]
        # The parts are made twice: to keep them in between would take as much memory again as the index.
        sizes = sum((size for size, _ in self._parts()), np.zeros(1 << _BUCKET_BITS, dtype=np.int64))
        self._starts = np.concatenate([[0], np.cumsum(sizes)])
        self._rows = np.empty(self._starts[-1], dtype=np.uint32)
        self._n_grams = np.zeros(len(self._keys), np.int64)
        free = self._starts[:-1].copy()
        for size, rows in self._parts():
            shift = free - (np.cumsum(size) - size)
            self._rows[np.arange(len(rows)) + np.repeat(shift, size)] = rows
            free += size
            self._n_grams += np.bincount(rows, minlength=len(self._keys))

    def nearest(self, text: str, k: int = 1) -> list[Neighbour]:
        """Return the ``k`` most similar pairs, or all where there are fewer.

        Best first, and equals in the order given. Case and white space at either end do not count.
        """
        if k < 1:
            raise UsageError(f"the number of neighbours must be at least 1, not {k}")
        key = _key(text)
        rows = self._candidates(key, max(k, N_CANDIDATES))
        if not len(rows):
            return []
        choices = [self._keys[row] for row in rows]
        scorer = Levenshtein.normalized_similarity
        similarities = process.cdist([key], choices, scorer=scorer, dtype=np.float64)[0]
        best = np.argsort(-similarities, kind="stable")[:k]
        return [Neighbour(float(similarities[i]), self._pairs[rows[i]]) for i in best]

    def _parts(self) -> Iterator[tuple[NDArray[np.int32], NDArray[np.uint32]]]:
        """Yield for each chunk the sizes of its buckets, and the rows in them, bucket after bucket."""
        for start in range(0, len(self._keys), _CHUNK):
            buckets, rows = _buckets(self._keys[start : start + _CHUNK])
            yield np.bincount(buckets, minlength=1 << _BUCKET_BITS).astype(np.int32), rows + np.uint32(start)

    def _candidates(self, key: str, n: int) -> NDArray[np.intp]:
        """Return the ``n`` rows that share most n-grams with ``key`` (Dice coefficient), ascending."""
        if len(self._keys) <= n:
            return np.arange(len(self._keys))
        buckets, _ = _buckets([key])
        lists = [self._rows[self._starts[bucket] : self._starts[bucket + 1]] for bucket in buckets]
        n_shared = np.bincount(np.concatenate(lists), minlength=len(self._keys))
        rows = np.flatnonzero(n_shared)
        if len(rows) <= n:
            # Too few sentences share anything: the first of the corpus stand in for the rest.
            return np.union1d(rows, np.arange(n))
        overlap = n_shared[rows] / (self._n_grams[rows] + len(buckets))
        least = np.partition(overlap, -n)[-n]
        above, level = rows[overlap > least], rows[overlap == least]
        return np.sort(np.concatenate([above, level[: n - len(above)]]))
