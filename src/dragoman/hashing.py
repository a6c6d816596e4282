"""Stable hashes: the same numbers on every machine, in every process; and a shuffle that needs no memory.

Python's own ``hash`` changes from process to process, and NumPy's generators may change from version to version.
Nothing here guards a secret. This file imports nothing of Dragoman.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

ROUNDS = 6
"""Rounds of the Feistel network; four are enough in theory, and small ranges are better mixed by more."""


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
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def permute(places: NDArray[np.int64], n: int, *key: int) -> NDArray[np.int64]:
    """Return where a shuffle of ``range(n)`` puts ``places``, each computed for itself: nothing of the size n is held.

    ``places`` (any number,) are from 0 to n - 1. The shuffle is a function of ``key`` and n: a Feistel network on the
    smallest even number of bits that holds n; a value beyond n is sent through it again until it is not (Black and
    Rogaway, *Ciphers with arbitrary finite domains*, 2002).
    """
    half = max(1, ((n - 1).bit_length() + 1) // 2)
    keys = [seed_hash(*key, number) for number in range(ROUNDS)]
    values = _feistel(np.asarray(places, np.int64).astype(np.uint64), half, keys)
    while len(outside := np.flatnonzero(values >= np.uint64(n))):
        values[outside] = _feistel(values[outside], half, keys)
    return values.astype(np.int64)


def _feistel(values: NDArray[np.uint64], half: int, keys: list[np.uint64]) -> NDArray[np.uint64]:
    mask = np.uint64((1 << half) - 1)
    left, right = values >> np.uint64(half), values & mask
    for key in keys:
        left, right = right, left ^ (mix(right ^ key) & mask)
    return (left << np.uint64(half)) | right
