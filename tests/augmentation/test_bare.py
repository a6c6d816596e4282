"""Sentences without final marks."""

from __future__ import annotations

import random

import pytest

from dragoman.augmentation.bare import bare
from dragoman.corpus.pairs import Origin, Pair


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
