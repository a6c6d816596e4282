"""Careless sources: what may happen to a text, and that the target stays."""

from __future__ import annotations

import random

import pytest

from dragoman.augmentation.noise import noisy
from dragoman.corpus.pairs import Origin, Pair


def _pair(src: str, trg: str = "Blanco.") -> Pair:
    return Pair(src, trg, Origin("pairs.tsv", 1))


def _sources(text: str, *others: str) -> set[str]:
    """Return all that becomes of a text beside ``others``."""
    made = noisy([_pair(text)] * 400 + [_pair(other) for other in others], 1.0, random.Random(0))
    return {pair.src for pair in made}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I don't know.", {"I dont know."}),
        ("¿Está él allí?", {"¿Esta el alli?"}),
        ("Πού είναι;", {"Που ειναι;"}),
    ],
)
def test_what_people_leave_out(text: str, expected: set[str]) -> None:
    assert expected <= _sources(text)


@pytest.mark.parametrize("text", ["...", "12 34", "猫。", "हिन्दी", "ก็ดี", "ой!"])
def test_where_nothing_suits_nothing_is_made(text: str) -> None:
    assert _sources(text) == set()


def test_the_target_stays() -> None:
    made = list(noisy([_pair("We don't sleep!", "¡No dormimos!")] * 100, 1.0, random.Random(0)))
    assert made
    assert {pair.trg for pair in made} == {"¡No dormimos!"}


def test_a_slip_is_one_key_inside_a_word() -> None:
    slipped = {src for src in _sources("monkey bars") if src != "monkey bars"}
    assert {"mnokey bars", "moonkey bars", "mokey bars"} <= slipped
    assert all(src[0] == "m" and src.endswith("bars") for src in slipped)


def test_names_and_short_words_do_not_slip() -> None:
    assert _sources("Tom saw Raghunathan") == set()


def test_no_other_word_is_made() -> None:
    assert "Ill go" not in _sources("I'll go", *["the ill one"] * 3)
    assert "Ill go" in _sources("I'll go")


def test_a_share_is_noisy() -> None:
    assert 25 < len(list(noisy([_pair("I don't know.")] * 1000, 0.05, random.Random(0)))) < 80
