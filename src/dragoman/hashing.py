"""Stable hashes: the same numbers on every machine, in every process; and a shuffle that needs no memory.

Python's own ``hash`` changes from process to process, and NumPy's generators may change from version to version.
Nothing here guards a secret. This file imports nothing of Dragoman.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

ROUNDS = 6
"""Rounds of the Feistel network, an even number; four are enough in theory, and more mix small ranges better."""


def text_hashes(texts: Iterable[str]) -> NDArray[np.uint64]:
    """Return the 64-bit BLAKE2b hash of each text, (n,) uint64."""
    digests = (blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest() for text in texts)
    return np.frombuffer(b"".join(digests), "<u8").astype(np.uint64, copy=False)


def seed_hash(*parts: int) -> np.uint64:
    """Return one 64-bit number for a seed and what else it is for."""
    return np.uint64(text_hashes([" ".join(map(str, parts))])[0])


def mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return a one-to-one image of ``values`` in which every bit depends on every bit.

    It is the end of SplitMix64 (Steele, Lea and Flood, *Fast splittable pseudorandom number generators*, 2014).
    """
    values = (values ^ (values >> _30)) * _FIRST_FACTOR
    values = (values ^ (values >> _27)) * _SECOND_FACTOR
    return values ^ (values >> _31)


_30, _27, _31 = map(np.uint64, (30, 27, 31))
_FIRST_FACTOR, _SECOND_FACTOR = map(np.uint64, (0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def permute(places: NDArray[np.int64], n: int, *key: int) -> NDArray[np.int64]:
    """Return where a shuffle of ``range(n)`` puts ``places``, each computed for itself: nothing of the size n is held.

    ``places`` (any number,) are from 0 to n - 1. The shuffle is a function of ``key`` and n: a Feistel network on the
    bits that hold n; a value beyond n is sent through it again until it is not (Black and Rogaway, *Ciphers with
    arbitrary finite domains*, 2002).
    """
    n_bits = max(2, (n - 1).bit_length())
    values = _feistel(np.asarray(places, np.int64).astype(np.uint64), n_bits, key)
    while len(outside := np.flatnonzero(values >= n)):
        values[outside] = _feistel(values[outside], n_bits, key)
    return values.astype(np.int64)


def _feistel(values: NDArray[np.uint64], n_bits: int, key: tuple[int, ...]) -> NDArray[np.uint64]:
    # Halves of an odd number of bits differ by one and change places in each round; their number is even.
    n_low, n_high = np.uint64(n_bits // 2), np.uint64(n_bits - n_bits // 2)
    low_mask, high_mask = np.uint64((1 << int(n_low)) - 1), np.uint64((1 << int(n_high)) - 1)
    high, low = values >> n_low, values & low_mask
    for round_key in _round_keys(key):
        high, low = low, high ^ (mix(low ^ round_key) & high_mask)
        low_mask, high_mask = high_mask, low_mask
    return (high << n_low) | low


@lru_cache(maxsize=64)
def _round_keys(key: tuple[int, ...]) -> list[np.uint64]:
    return [seed_hash(*key, number) for number in range(ROUNDS)]
