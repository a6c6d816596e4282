"""What the texts of the two sides look like, character by character: an n-gram model of each, learned from them.

Told from it are texts that look like the other side, and such as look like neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

ORDER = 4
"""Characters of the longest n-grams."""
BITS = 20
"""n-grams are told apart by so many bits of a hash."""
DISCOUNT = 1.0
"""Is taken from each count, for what was not seen; what one text alone has counts as such, too."""
UNSEEN = 1e-6
"""The probability of a character that was never seen."""

Floats = NDArray[np.float32]
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


class Seen(NamedTuple):
    """How each text looks: the mean log probability (n,) of its characters by the model of its own side and by that of
    the other side, and their number (n,).
    """

    own: Floats
    other: Floats
    lengths: Floats


class Sides:
    """The models of both sides: for each n a table (2**BITS, 2) of the log probability of the last character of an
    n-gram, NaN where it was not seen.
    """

    def __init__(self, srcs: Codes, trgs: Codes) -> None:
        self._tables = [np.full((2**BITS, 2), np.nan, np.float32) for _ in range(ORDER)]
        for side, codes in enumerate((srcs, trgs)):
            self._learn(codes, side)

    def _learn(self, codes: Codes, side: int) -> None:
        hashes = codes.hashes()
        n_before = np.float32(len(codes.codes))
        lower: Floats = np.full(len(codes.codes), UNSEEN, np.float32)
        for n, (ends, table) in enumerate(zip(hashes, self._tables, strict=True)):
            counts = np.bincount(ends, minlength=2**BITS)[ends].astype(np.float32)
            if n:
                before = np.roll(hashes[n - 1], 1)
                n_before = np.bincount(before, minlength=2**BITS)[before].astype(np.float32)
            # What is left to shorter n-grams is what the discounts took, as if all counts were like this one.
            left = np.minimum(1.0, 1 / np.sqrt(counts))
            lower = (1 - left) * (counts - DISCOUNT) / n_before + left * lower
            table[ends, side] = np.log(lower)

    def look(self, codes: Codes, side: int) -> Seen:
        """Return how texts of a ``side`` (0 or 1) look."""
        hashes = codes.hashes()
        found = self._tables[-1][hashes[-1]]
        for ends, table in zip(hashes[-2::-1], self._tables[-2::-1], strict=True):
            missing = np.flatnonzero(np.isnan(found).any(axis=1))
            if not len(missing):
                break
            shorter = table[ends[missing]] - np.float32(1.0)
            found[missing] = np.where(np.isnan(found[missing]), shorter, found[missing])
        np.nan_to_num(found, copy=False, nan=float(np.log(UNSEEN)))
        found[0] = 0
        sums = np.add.reduceat(found[1:], codes.starts, axis=0) if len(codes.starts) else np.zeros((0, 2), np.float32)
        lengths = codes.lengths.astype(np.float32)
        means = sums / lengths[:, None]
        return Seen(means[:, side], means[:, 1 - side], lengths)
