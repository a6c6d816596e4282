"""Of general pairs, those are chosen that are like the wanted ones; the texts are made so that it is known which."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from dragoman.corpus.pairs import Origin, Pair
from dragoman.corpus.preparation import prepare
from dragoman.corpus.store import StoredPairs
from dragoman.selection import best, likeness
from tests.fakes import reader_of

KITCHEN = ["salt", "pepper", "onion", "garlic", "butter", "oven", "knife", "flour", "sugar", "boil", "stir", "dough"]
HARBOUR = ["anchor", "sailor", "harbour", "mast", "vessel", "captain", "tide", "rope", "deck", "storm", "cargo", "gull"]


def sentences(words: list[str], n: int, seed: int) -> list[tuple[str, str]]:
    chance = random.Random(seed)
    made = [" ".join(chance.choices(words, k=chance.randint(1, 9))) + f" {number}" for number in range(n)]
    return [(text, text[::-1]) for text in made]


@pytest.fixture
def corpora(tmp_path: Path) -> tuple[StoredPairs, StoredPairs]:
    """Twenty wanted pairs, and 400 of which every fourth is of the wanted kind."""
    wanted, like, unlike = sentences(KITCHEN, 20, 1), sentences(KITCHEN, 100, 2), sentences(HARBOUR, 300, 3)
    general = [like[n // 4] if n % 4 == 0 else unlike[n - n // 4 - 1] for n in range(400)]
    rows = [Pair(*sides, Origin("a", n)) for n, sides in enumerate([*wanted, *general])]
    train = prepare(reader_of(rows), tmp_path / "store", dev=0, test=0).part("train")
    assert len(train) == 420
    return train.at(np.arange(20)), train.at(np.arange(20, 420))


def test_pairs_of_the_wanted_kind_are_likest(corpora: tuple[StoredPairs, StoredPairs]) -> None:
    wanted, general = corpora
    scores = likeness(general, wanted)
    is_like = np.arange(400) % 4 == 0
    assert scores.shape == (400,)
    assert scores[is_like].min() > np.percentile(scores[~is_like], 99)


def test_as_many_are_chosen_as_there_is_room_for_in_their_order(corpora: tuple[StoredPairs, StoredPairs]) -> None:
    wanted, general = corpora
    n_bytes = int(general.n_bytes("trg")[::4].sum())
    chosen = best(general, wanted, n_bytes)
    assert n_bytes * 0.95 < chosen.n_bytes("trg").sum() <= n_bytes
    assert np.array_equal(chosen.rows, np.sort(chosen.rows))
    of_kind = [any(word in pair.src for word in KITCHEN) for pair in chosen]
    assert sum(of_kind) / len(of_kind) > 0.95
    assert list(best(general, wanted, 10**9)) == list(general)
    assert len(best(general, wanted, 0)) == 0


def test_texts_shorter_than_an_n_gram_have_a_score_too(tmp_path: Path) -> None:
    rows = [Pair(a, b, Origin("a", 1)) for a in "abcde" for b in "fghij"]
    pairs = prepare(reader_of(rows), tmp_path / "store", dev=0, test=0).part("train")
    assert np.isfinite(likeness(pairs, pairs[:3])).all()
