"""Hashes that are the same everywhere, and the shuffle made of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.hashing import mix, permute, seed_hash, text_hashes


def test_hashes_are_the_same_on_every_machine() -> None:
    # What `b2sum -l 64` prints, read with the low byte first.
    printed = [b"\xe4\xa6\xa0\x57\x74\x79\xb2\xb4", b"\xc6\xe4\x5c\x93\xd5\x54\x2c\xf1"]
    assert text_hashes(["", "Go."]).tolist() == [int.from_bytes(digest, "little") for digest in printed]
    # The first number of SplitMix64 from the state 1 - 0x9e3779b97f4a7c15.
    assert mix(np.array([1], np.uint64)).tolist() == [0x5692161D100B05E5]
    assert permute(np.arange(10), 10, 3, 1).tolist() == [2, 8, 7, 6, 5, 4, 0, 1, 3, 9]


def test_a_seed_and_what_it_is_for_make_one_number() -> None:
    assert len({int(seed_hash(*parts)) for parts in [(1, 23), (12, 3), (123,), (1, 2, 3)]}) == 4


def test_mixing_is_one_to_one_and_changes_half_of_the_bits() -> None:
    numbers = np.arange(10_000, dtype=np.uint64)
    mixed = mix(numbers)
    assert len(np.unique(mixed)) == len(numbers)
    changed = np.unpackbits((mixed[1:] ^ mixed[:-1]).view(np.uint8)).mean()
    assert changed == pytest.approx(0.5, abs=0.01)


@given(st.integers(1, 3000), st.integers(0, 2**32), st.integers(0, 5))
def test_a_shuffle_takes_every_place_once(n: int, seed: int, epoch: int) -> None:
    assert sorted(permute(np.arange(n), n, seed, epoch)) == list(range(n))


@given(st.integers(1, 3000), st.integers(0, 5), st.data())
def test_a_place_is_shuffled_alone_as_among_all(n: int, seed: int, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, n - 1))
    assert permute(np.array([place]), n, seed)[0] == permute(np.arange(n), n, seed)[place]


def test_a_shuffle_is_fair() -> None:
    """Where place 0 of 10 goes, over many keys: each of ten places about as often."""
    ends = np.array([permute(np.array([0]), 10, seed)[0] for seed in range(3000)])
    counts = np.bincount(ends, minlength=10)
    # Chi-squared with 9 degrees of freedom: 27.9 is passed once in a thousand.
    assert ((counts - 300) ** 2 / 300).sum() < 27.9


def test_neighbours_do_not_stay_together() -> None:
    places = permute(np.arange(10_000), 10_000, 7)
    assert abs(np.corrcoef(places[:-1], places[1:])[0, 1]) < 0.05
    assert abs(np.corrcoef(places, np.arange(10_000))[0, 1]) < 0.05


def test_other_keys_shuffle_otherwise() -> None:
    shuffles = {tuple(permute(np.arange(50), 50, *key)) for key in [(0, 0), (0, 1), (1, 0), (0,), (0, 0, 0)]}
    assert len(shuffles) == 5
