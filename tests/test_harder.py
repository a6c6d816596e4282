from __future__ import annotations

import pytest

from dragoman.corpus.pairs import Origin, Pair
from dragoman.harder import MAX_COMPARED, MAX_HARDER, definition, harder_pairs, long_pairs
from dragoman.neighbours import Neighbour

SEVEN = "one two three four five six seven"


def pair_of(src: str) -> Pair:
    return Pair(src, "x", Origin("t", 1))


def likeness_in_source(src: str) -> Neighbour:
    """A sentence says itself, in its last word, how much it is like its nearest."""
    return Neighbour(float(src.split()[-1]), pair_of("near"))


def sentences(n: int, likeness: str) -> list[Pair]:
    return [pair_of(f"{number} {SEVEN} {likeness}") for number in range(n)]


@pytest.mark.parametrize(
    ("src", "text", "is_long"),
    [
        ("en", SEVEN, False),
        ("en", f"{SEVEN} eight", True),
        ("en", "a word of twenty characters and more", False),
        ("ja", "あ" * 19, False),
        ("ja", "あ" * 20, True),
        ("ja", "あ " * 19, False),
    ],
)
def test_a_pair_is_long_from_8_words_or_20_characters(src: str, text: str, is_long: bool) -> None:
    assert list(long_pairs([pair_of(text)], src)) == [pair_of(text)] * is_long


def test_harder_is_below_the_likeness_and_keeps_the_order() -> None:
    pairs = [pair for i in range(40) for pair in sentences(i + 1, "0.59")[-1:] + sentences(i + 1, "0.6")[-1:]]
    assert list(harder_pairs(pairs, "en", likeness_in_source)) == sentences(40, "0.59")


def test_short_sentences_are_never_looked_up() -> None:
    short = [pair_of(f"{i} words") for i in range(50)]
    assert len(harder_pairs([*short, *sentences(30, "0.1")], "en", likeness_in_source)) == 30


@pytest.mark.parametrize(("n_harder", "n_chosen"), [(29, 0), (30, 30), (MAX_HARDER, MAX_HARDER)])
def test_too_few_harder_pairs_are_none(n_harder: int, n_chosen: int) -> None:
    pairs = [*sentences(n_harder, "0.2"), *sentences(100, "0.9")]
    assert len(harder_pairs(pairs, "en", likeness_in_source)) == n_chosen


def test_of_too_many_some_are_taken_from_the_whole_part() -> None:
    chosen = harder_pairs(sentences(1500, "0.2"), "en", likeness_in_source)
    assert [pair.src.split()[0] for pair in chosen] == [str(n) for n in range(0, 1500, 3)]


def test_a_very_large_part_is_compared_in_part() -> None:
    n_looked_up = 0

    def nearest(src: str) -> Neighbour:
        nonlocal n_looked_up
        n_looked_up += 1
        return likeness_in_source(src)

    chosen = harder_pairs(sentences(3 * MAX_COMPARED, "0.2"), "en", nearest)
    assert n_looked_up == MAX_COMPARED
    assert int(chosen[-1].src.split()[0]) > 2.9 * MAX_COMPARED


def test_the_definition_says_unit_bounds_and_what_was_compared() -> None:
    assert definition("en", 900, 900) == (
        "sentences of at least 8 words, unlike all training sentences (likeness below 0.6)"
    )
    assert definition("zh", 80_000, 1_600_000) == (
        "sentences of at least 20 characters, unlike 80,000 of 1,600,000 training sentences (likeness below 0.6)"
    )
