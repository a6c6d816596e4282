"""How often pairs are seen: by size, by what the training is for, or by hand."""

from __future__ import annotations

import pytest

from dragoman.recipe.weights import MOST_OFTEN, MOST_SEEN, SHARE_OF_AIM, Corpus, choose_weights, room_for_others


def test_one_corpus_is_seen_once() -> None:
    assert choose_weights([Corpus("a", 100.0, True)], {}) == {"a": 1.0}


def test_what_a_training_is_for_has_its_share_of_the_text() -> None:
    weights = choose_weights([Corpus("mine", 1000.0, True), Corpus("free", 9000.0, False)], {}, n_passes=1.0)
    assert weights["free"] == 1
    assert weights["mine"] * 1000 / (weights["mine"] * 1000 + 9000) == pytest.approx(SHARE_OF_AIM)


def test_no_pair_is_seen_too_often() -> None:
    weights = choose_weights([Corpus("mine", 1.0, True), Corpus("free", 10**9, False)], {})
    assert weights == {"mine": MOST_OFTEN, "free": 1.0}


def test_a_longer_training_does_not_learn_pairs_by_heart() -> None:
    corpora = [Corpus("mine", 1000.0, True), Corpus("free", 9000.0, False)]
    often = [choose_weights(corpora, {}, n_passes=n)["mine"] for n in (0.5, 1.0, 4.0, 6.0, 100.0)]
    assert often == [9.0, 9.0, MOST_SEEN / 4, MOST_SEEN / 6, 3.0]
    assert choose_weights(corpora, {})["mine"] == 3.0, "by size alone, where nobody knows how long it takes"


def test_of_several_of_ones_own_the_smaller_is_seen_more_often() -> None:
    weights = choose_weights([Corpus("small", 100.0, True), Corpus("large", 400.0, True)], {})
    assert weights == {"small": 2.0, "large": 1.0}


def test_weights_by_hand_stay_as_they_are() -> None:
    corpora = [Corpus("mine", 1.0, True), Corpus("free", 10**9, False)]
    assert choose_weights(corpora, {"mine": 40.0, "free": 0.5}) == {"mine": 40.0, "free": 0.5}


@pytest.mark.parametrize(("size", "left"), [(1.0, 84.0), (10.0, 50.0), (100.0, 50.0)])
def test_room_is_left_for_others_beside_what_a_training_is_for(size: float, left: float) -> None:
    assert room_for_others(size, 100.0) == left
