"""What texts look like, character by character: an n-gram model that is learned from them in a moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

ORDER = 4
"""Characters of the longest n-grams."""
BITS = 20
"""n-grams are told apart by so many bits of a hash."""
SHORTER = np.float32(1.0)
"""What it costs (nats) that only a shorter n-gram is known."""
UNSEEN = 1e-6
"""The probability of a character that was never seen."""

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]


class Codes(NamedTuple):
    """Characters (N,) of texts, one after the other, each text with a mark before it and behind it; and where each text
    begins (n,).
    """

    codes: NDArray[np.uint32]
    starts: Ints

    @classmethod
    def of(cls, texts: Sequence[str]) -> Codes:
        """Return the characters of ``texts``, in small letters, with one digit for all."""
        lowered = [text.lower() for text in texts]
        codes = np.frombuffer("\0".join(["", *lowered, ""]).encode("utf-32-le", "surrogatepass"), "<u4").copy()
        codes[(codes >= ord("0")) & (codes <= ord("9"))] = ord("0")
        lengths = np.fromiter(map(len, lowered), np.int64, len(lowered)) + 1
        return cls(codes, np.cumsum(lengths) - lengths)

    @property
    def lengths(self) -> Ints:
        """Characters (n,) of each text that are predicted: its own, and the mark behind it."""
        return np.diff(self.starts, append=len(self.codes) - 1)

    def hashes(self) -> list[NDArray[np.uint32]]:
        """Return for n from 1 to `ORDER` the hashes (N,) of the n-grams that end at each character."""
        found = [self.codes * np.uint32(0x9E3779B1)]
        for n in range(1, ORDER):
            before = np.zeros_like(self.codes)
            before[n:] = self.codes[:-n]
            found.append((found[-1] ^ (found[-1] >> np.uint32(15))) * np.uint32(0x85EBCA6B) + before)
        return [(each ^ (each >> np.uint32(13))) * np.uint32(0xC2B2AE35) >> np.uint32(32 - BITS) for each in found]


class CharacterModel:
    """What texts of one kind look like: for each n a table (2**BITS,) of the log probability of an n-gram's last
    character, NaN where it was not seen.
    """

    def __init__(self, codes: Codes) -> None:
        self._tables = _tables(codes.hashes())

    def log_probabilities(self, codes: Codes) -> Floats:
        """Return the log probability (N,) of each character."""
        hashes = codes.hashes()
        found = self._tables[-1][hashes[-1]]
        for n in range(ORDER - 2, -1, -1):
            missing = np.flatnonzero(np.isnan(found))
            found[missing] = self._tables[n][hashes[n][missing]] - SHORTER
        np.nan_to_num(found, copy=False, nan=float(np.log(UNSEEN)))
        return found

    def means(self, codes: Codes) -> Floats:
        """Return the mean log probability (n,) of the characters of each text."""
        lengths = codes.lengths.astype(np.float32)
        if not len(lengths):
            return lengths
        return np.add.reduceat(self.log_probabilities(codes)[1:], codes.starts) / lengths


def _tables(hashes: list[NDArray[np.uint32]]) -> list[Floats]:
    tables = []
    n_before: Floats = np.full(len(hashes[0]), len(hashes[0]), np.float32)
    lower: Floats = np.full(len(hashes[0]), UNSEEN, np.float32)
    for n, ends in enumerate(hashes):
        counts = np.bincount(ends, minlength=2**BITS)[ends].astype(np.float32)
        if n:
            before = np.roll(hashes[n - 1], 1)
            n_before = np.bincount(before, minlength=2**BITS)[before].astype(np.float32)
        left = 1 / np.sqrt(counts)
        lower = (1 - left) * (counts - 1) / n_before + left * lower
        table = np.full(2**BITS, np.nan, np.float32)
        table[ends] = np.log(lower)
        tables.append(table)
    return tables
