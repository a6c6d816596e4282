"""The best way to cut lengths into few widths, against trying all ways."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman import buckets
from dragoman.buckets import MAX_BUCKETS, MAX_STEPS, Bucket, Lengths, Width, choose_buckets

PAIRS = st.lists(st.tuples(st.integers(1, 12), st.integers(3, 14)), min_size=1, max_size=80)


def lengths_of(pairs: list[tuple[int, int]]) -> Lengths:
    distinct = sorted(set(pairs))
    src, trg = np.array(distinct, np.int64).T
    return Lengths(src, trg, np.array([pairs.count(pair) for pair in distinct], np.int64))


def cost(chosen: list[Bucket], n_rows: int) -> int:
    return sum(-(-bucket.n_pairs // n_rows) * n_rows * sum(bucket.width) + buckets.WORTH for bucket in chosen)


def cut(pairs: list[tuple[int, int]], limits: tuple[int, ...]) -> list[Bucket]:
    found, below = [], 0
    for limit in limits:
        members = [pair for pair in pairs if below < max(pair) <= limit]
        if members:
            width = Width(max(src for src, _ in members), max(trg for _, trg in members))
            found.append(Bucket(limit, len(members), width))
        below = limit
    return found


@given(PAIRS, st.integers(1, 8), st.sampled_from([0, 10, 100]))
def test_no_other_way_to_cut_is_cheaper(pairs: list[tuple[int, int]], n_rows: int, worth: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buckets, "WORTH", worth)
        compare_with_all_ways(pairs, n_rows)


def compare_with_all_ways(pairs: list[tuple[int, int]], n_rows: int) -> None:
    chosen = choose_buckets(lengths_of(pairs), lambda width: n_rows)
    limits = sorted({max(pair) for pair in pairs})
    least = min(
        cost(cut(pairs, (*some, limits[-1])), n_rows)
        for k in range(min(MAX_BUCKETS, len(limits)))
        for some in combinations(limits[:-1], k)
    )
    assert chosen == cut(pairs, tuple(bucket.longest for bucket in chosen))
    assert cost(chosen, n_rows) == least
    assert len(chosen) <= MAX_BUCKETS


def test_a_corpus_of_one_batch_has_one_width() -> None:
    assert choose_buckets(lengths_of([(1, 3), (5, 9), (40, 30)]), lambda width: 64) == [Bucket(40, 3, Width(40, 30))]


def test_very_many_lengths_are_told_apart_roughly() -> None:
    lengths = np.arange(1, 20 * MAX_STEPS, dtype=np.int64)
    chosen = choose_buckets(Lengths(lengths, lengths, np.ones_like(lengths)), lambda width: 4)
    assert len(chosen) == MAX_BUCKETS
    assert sum(bucket.n_pairs for bucket in chosen) == len(lengths)
    assert chosen[-1].longest == lengths[-1]


def test_a_width_that_saves_little_is_not_worth_its_compilation() -> None:
    pairs = [(5, 9)] * 640 + [(5, 11)] * 640
    assert len(choose_buckets(lengths_of(pairs), lambda width: 64)) == 1
    assert len(choose_buckets(lengths_of(pairs * 2), lambda width: 64)) == 2


def test_no_pairs_need_no_width() -> None:
    none = np.zeros(0, np.int64)
    assert choose_buckets(Lengths(none, none, none), lambda width: 64) == []
