"""Sentences without final marks, and with names that nobody has heard."""

from __future__ import annotations

import random

import pytest

from dragoman.augmentation.bare import bare
from dragoman.augmentation.names import renamed
from dragoman.corpus.pairs import Origin, Pair

NAMES = ("Alice", "Robert", "Carmen", "Dimitri", "Evelyn", "Francisco", "Gloria", "Hannah", "Ignacio", "Julia")
ACTS = {"sleeps": "duerme", "sings": "canta", "swims": "nada", "reads": "lee", "laughs": "ríe"}


def _pair(src: str, trg: str) -> Pair:
    return Pair(src, trg, Origin("pairs.tsv", 1))


@pytest.mark.parametrize(
    ("src", "trg", "expected"),
    [
        ("I sleep.", "Duermo.", ("I sleep", "Duermo")),
        ("Where?!", "¿¡Dónde!?", ("Where", "Dónde")),
        ("I sleep.", "寝る。", ("I sleep", "寝る")),
        ("I sleep", "Duermo.", None),
        ("...", "...", None),
    ],
)
def test_final_marks_are_left_out_where_both_sides_have_some(
    src: str, trg: str, expected: tuple[str, str] | None
) -> None:
    made = [(pair.src, pair.trg) for pair in bare([_pair(src, trg)], 1.0, random.Random(0))]
    assert made == ([expected] if expected else [])


def test_a_share_comes_without_marks() -> None:
    assert 50 < len(list(bare([_pair("I sleep.", "Duermo.")] * 1000, 0.1, random.Random(0)))) < 150


def test_names_become_others_the_same_on_both_sides() -> None:
    pairs = [_pair(f"{name} {act} well.", f"¡{name} {trg} bien!") for name in NAMES for act, trg in ACTS.items()] * 4
    made = list(renamed(pairs, 0.5, random.Random(0)))
    assert 70 <= len(made) <= 130  # half of 200
    assert len({pair.src.split()[0] for pair in made} - set(NAMES)) > 50
    for pair in made:
        name, act, well = pair.src.strip(".").split()
        assert (name[0].isupper(), well) == (True, "well")
        assert pair.trg == f"¡{name} {ACTS[act]} bien!"


def test_without_names_nothing_is_renamed() -> None:
    assert list(renamed([_pair("I sleep.", "Duermo.")] * 50, 1.0, random.Random(0))) == []
