"""Packed rows: every pair once, laid out as it is, within its row, a function of (seed, step)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.encoded import EncodedPairs
from dragoman.packing import MAX_WIDTH, PackedBatch, PackedBatches, Widths, choose_widths, pack
from dragoman.vocabulary import BOS, EOS

Ids = tuple[int, ...]
Pairs = list[tuple[Ids, Ids]]

SENTENCES = st.lists(st.integers(4, 60), min_size=1, max_size=20).map(tuple)
CORPORA = st.lists(st.tuples(SENTENCES, SENTENCES), min_size=1, max_size=40)
NARROW = Widths(24, 24)


def encoded(pairs: Pairs) -> EncodedPairs:
    def flat(sides: Sequence[Ids]) -> tuple[np.ndarray, np.ndarray]:
        lengths = [len(ids) for ids in sides]
        return np.array([i for ids in sides for i in ids], np.uint8), np.append(0, np.cumsum(lengths))

    src_tokens, src_starts = flat([src for src, _ in pairs])
    trg_tokens, trg_starts = flat([(BOS, *trg, EOS) for _, trg in pairs])
    return EncodedPairs(src_tokens, src_starts, trg_tokens, trg_starts)


def unpacked(batch: PackedBatch) -> Pairs:
    """The pairs of a batch, read back row by row; what surrounds them must be as it should."""
    pairs = []
    for row in range(len(batch.src.ids)):
        for number in range(1, int(batch.trg.sentences[row].max()) + 1):
            is_src, is_trg = batch.src.sentences[row] == number, batch.trg.sentences[row] == number
            src, trg = batch.src.ids[row][is_src].tolist(), batch.trg.ids[row][is_trg].tolist()
            targets = batch.trg_targets[row][is_trg].tolist()
            assert src[-1] == EOS
            assert trg[0] == BOS
            assert targets == [*trg[1:], EOS]
            for side, where in ((batch.src, is_src), (batch.trg, is_trg)):
                assert np.all(np.diff(np.flatnonzero(where)) == 1), "a sentence lies in one piece"
                assert side.positions[row][where].tolist() == list(range(int(where.sum())))
            pairs.append((tuple(src[:-1]), tuple(trg[1:])))
    return pairs


def an_epoch(batches: PackedBatches, epoch: int = 0) -> Pairs:
    steps = range(epoch * len(batches), (epoch + 1) * len(batches))
    return [pair for step in steps for pair in unpacked(batches.batch_at(step))]


@given(CORPORA, st.integers(0, 3))
def test_an_epoch_holds_every_pair_once(pairs: Pairs, seed: int) -> None:
    batches = PackedBatches(encoded(pairs), 64, seed=seed, widths=NARROW)
    for epoch in (0, 3):
        assert Counter(an_epoch(batches, epoch)) == Counter(pairs)
    in_order = [pair for i in range(len(batches)) for pair in unpacked(batches.batch_in_order(i))]
    assert Counter(in_order) == Counter(pairs)


@given(CORPORA)
def test_padding_and_tokens_are_counted_right(pairs: Pairs) -> None:
    batches = PackedBatches(encoded(pairs), 64, widths=NARROW)
    every = [batches.batch_in_order(i) for i in range(len(batches))]
    assert sum(batch.n_tokens for batch in every) == sum(len(trg) + 1 for _, trg in pairs)
    n_filled = sum(int((side.sentences > 0).sum()) for batch in every for side in (batch.src, batch.trg))
    n_all = batches.n_packed_rows * sum(NARROW)
    assert batches.padding == pytest.approx(1 - n_filled / n_all)
    for batch in every:
        _, targets, weights = batch.for_keras()
        np.testing.assert_array_equal(weights > 0, targets > 0)


@given(CORPORA)
def test_pairs_that_are_too_long_are_left_out_and_counted(pairs: Pairs) -> None:
    batches = PackedBatches(encoded(pairs), 64, widths=Widths(9, 12))
    fitting = [(src, trg) for src, trg in pairs if len(src) < 9 and len(trg) < 12]
    assert batches.n_left_out == len(pairs) - len(fitting)
    assert Counter(an_epoch(batches)) == Counter(fitting)


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=600))
def test_rows_are_numbered_without_gaps_and_not_overfull(lengths: list[tuple[int, int]]) -> None:
    src, trg = (np.array(side) for side in zip(*lengths, strict=True))
    rows = pack(src, trg, Widths(30, 40))
    assert sorted(set(rows.tolist())) == list(range(int(rows.max()) + 1))
    assert np.bincount(rows, weights=src).max() <= 30
    assert np.bincount(rows, weights=trg).max() <= 40


def test_a_real_mixture_of_lengths_leaves_little_padding() -> None:
    random = np.random.default_rng(0)
    pairs = []
    for length in random.gamma(4, 2.3, 3000).astype(int) + 1:
        trg_length = max(1, int(length * random.uniform(0.9, 1.4)))
        pairs.append((tuple(random.integers(4, 60, length)), tuple(random.integers(4, 60, trg_length))))
    batches = PackedBatches(encoded(pairs), 2048)
    assert batches.padding < 0.1
    assert batches.n_left_out < 0.002 * len(pairs)
    shapes = {batches.batch_in_order(i).src.ids.shape for i in range(len(batches))}
    assert len(shapes) == 1


def test_rows_are_no_wider_than_the_widest() -> None:
    pairs: Pairs = [((5,) * 400, (6,) * 400)] * 20
    assert choose_widths(encoded(pairs)) == Widths(MAX_WIDTH, MAX_WIDTH)


def test_a_batch_depends_on_seed_and_step_alone() -> None:
    pairs: Pairs = [((4 + i % 50,), (5 + i % 50, 6)) for i in range(300)]
    one, other, third = (PackedBatches(encoded(pairs), 64, seed=seed, widths=NARROW) for seed in (1, 1, 2))
    for step in (0, 5, 40):
        np.testing.assert_array_equal(one.batch_at(step).src.ids, other.batch_at(step).src.ids)
    assert any(not np.array_equal(one.batch_at(s).src.ids, third.batch_at(s).src.ids) for s in (0, 5, 40))
    first, second = (an_epoch(one, epoch) for epoch in (0, 1))
    assert first != second, "each epoch has an order of its own"


def doubled(ids: Sequence[Sequence[int]], seed: int) -> list[list[int]]:
    """A resampling that makes one in two sentences longer, others with other seeds."""
    return [[*row, *row] if (hash((seed, *row)) & 1) else list(row) for row in ids]


@given(CORPORA)
def test_other_segmentations_take_their_place_where_the_row_has_room(pairs: Pairs) -> None:
    batches = PackedBatches(encoded(pairs), 64, widths=NARROW, resample=(doubled, doubled))
    fitting = [(src, trg) for src, trg in pairs if len(src) < 24 and len(trg) < 24]
    for step in (0, len(batches)):
        again = batches.batch_at(step)
        np.testing.assert_array_equal(batches.batch_at(step).src.ids, again.src.ids)
    seen = an_epoch(batches)
    originals = Counter(fitting)
    assert len(seen) == len(fitting)
    for src, trg in seen:
        halves = [side[: len(side) // 2] if side[: len(side) // 2] * 2 == side else side for side in (src, trg)]
        possible = [(a, b) for a in (src, halves[0]) for b in (trg, halves[1])]
        assert any(originals[pair] for pair in possible)
    plain = [pair for i in range(len(batches)) for pair in unpacked(batches.batch_in_order(i))]
    assert Counter(plain) == originals, "in order nothing is resampled"


def test_sentences_of_a_row_lie_one_after_the_other() -> None:
    pairs = [((7, 8), (9,)), ((10,), (11, 12)), ((13, 14, 15), (16,))]
    (batch,) = [PackedBatches(encoded(pairs), 24, widths=NARROW).batch_in_order(0)]
    starts = [int(np.flatnonzero(batch.src.sentences[0] == n)[0]) for n in (1, 2, 3)]
    assert all(a < b for a, b in pairwise(starts))
    assert (batch.src.sentences[0][:9] > 0).all()
