from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.documents.words import spoken, spoken_places
from dragoman.loops import LONGEST, allowed_in_a_row, kept_places, loop_begin, most_in_a_row

TOKENS = st.one_of(
    st.lists(st.sampled_from("ab"), max_size=40),
    st.lists(st.sampled_from("abcde"), max_size=40),
    st.tuples(st.lists(st.sampled_from("abc"), max_size=5), st.integers(0, 9), st.lists(st.sampled_from("abc"))).map(
        lambda parts: parts[0] * parts[1] + parts[2]
    ),
)


def most_by_counting(tokens: list[str]) -> int:
    """The definition, looked up at every place."""
    most = min(len(tokens), 1)
    for n in range(1, LONGEST + 1):
        for start in range(len(tokens)):
            k = 1
            while tokens[start + k * n : start + (k + 1) * n] == tokens[start : start + n] and start + (
                k + 1
            ) * n <= len(tokens):
                k += 1
            most = max(most, k) if start + n <= len(tokens) else most
    return most


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("", 0),
        ("a", 1),
        ("a b a b", 2),
        ("a a a", 3),
        ("x a b c a b c a b c y", 3),
        ("a b c d a b c d", 2),
        ("a b c d e a b c d e", 1),  # longer than a loop
        ("a b a b a", 2),
    ],
)
def test_how_often_an_n_gram_stands_in_a_row(text: str, most: int) -> None:
    assert most_in_a_row(text.split()) == most


@given(TOKENS)
def test_counting_agrees_with_the_definition(tokens: list[str]) -> None:
    assert most_in_a_row(tokens) == most_by_counting(tokens)


@pytest.mark.parametrize(
    ("text", "allowed", "left"),
    [
        ("the the the the dog", 2, "the the dog"),
        ("the the the the dog", 3, "the the the dog"),
        ("I go and I go and I go and I stay", 2, "I go and I go and I stay"),
        ("a b a b", 2, "a b a b"),
        ("a b a b", 1, "a b"),
    ],
)
def test_superfluous_repetitions_go(text: str, allowed: int, left: str) -> None:
    words = text.split()
    assert " ".join(words[place] for place in kept_places(words, allowed)) == left


@given(TOKENS, st.integers(1, 4))
def test_what_stays_obeys_and_what_obeys_stays(tokens: list[str], allowed: int) -> None:
    places = kept_places(tokens, allowed)
    kept = [tokens[place] for place in places]
    assert places == sorted(set(places)), "a subsequence"
    assert most_in_a_row(kept) <= allowed
    assert (kept == tokens) == (most_in_a_row(tokens) <= allowed)
    assert bool(kept) == bool(tokens)


def test_the_source_may_repeat_itself() -> None:
    assert allowed_in_a_row(["no"] * 4) == 4
    assert allowed_in_a_row(["no"]) == 2
    assert allowed_in_a_row([], least=4) == 4


@pytest.mark.parametrize(
    ("src", "text", "left"),
    [
        (
            "My brother bought a red car, and my sister bought a blue one.",
            "Mi hermano compró un coche rojo, y mi tío compró un coche rojo, y mi tío se compró un coche rojo y mi.",
            "Mi hermano compró un coche rojo, y mi tío compró un coche rojo, y mi tío se",
        ),
        (
            "He bought apples, pears, oranges, grapes and nuts.",
            "Compró manzanas, las bayas, bayas, las bayas, en modos, bayas, además de bayas, doya, bayas.",
            "Compró manzanas, las bayas, bayas, las bayas, en modos, bayas, además de bayas, doya,",
        ),
        ("I like it very, very much.", "Me gusta mucho, mucho.", None),
        ("No, no, no!", "¡No, no, no!", None),
        ("Yes.", "Ja, ja, ja, ja.", None),
        (
            "I have a dog and you have a dog and we have a dog.",
            "Tengo un perro y tienes un perro y tenemos un perro.",
            None,
        ),
        (
            "You can fool some of the people all of the time, but not all of the people all of the time.",
            "Puedes engañar a parte de la gente todo el tiempo, pero no a toda la gente todo el tiempo.",
            None,
        ),
        (
            "I know it.",
            "私はそれを知っている、私はそれを知っている、私はそれを知っている。",
            "私はそれを知っている、私はそれを知っている、",
        ),
    ],
)
def test_a_phrase_that_comes_more_often_than_its_source_lets_it(src: str, text: str, left: str | None) -> None:
    begin = loop_begin(spoken(text), spoken(src))
    assert (None if begin is None else text[: spoken_places(text)[begin][0]].rstrip()) == left


@given(TOKENS, TOKENS)
def test_what_stands_before_a_loop_has_none(tokens: list[str], src_tokens: list[str]) -> None:
    assert loop_begin(tokens, tokens) is None
    begin = loop_begin(tokens, src_tokens)
    if begin is not None:
        assert loop_begin(tokens[:begin], src_tokens) is None
        assert any(loop_begin(tokens[: begin + n], src_tokens) == begin for n in (1, 2, 3))


@given(TOKENS, TOKENS, st.sampled_from("abc"))
def test_saying_it_again_and_again_is_a_loop(tokens: list[str], src_tokens: list[str], word: str) -> None:
    phrase = [*tokens[:4], word]
    assert loop_begin(phrase * (2 * len(src_tokens) + 4), src_tokens) is not None
