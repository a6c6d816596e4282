"""What a lexicon knows of the words of a training."""

from __future__ import annotations

import pytest

from dragoman.errors import BundleError
from dragoman.lexicon import WORD, Lexicon, Seen

PAIRS = [
    ("Tom isn't here.", "Tom no está aquí."),
    ("Now I know Tom.", "Ahora conozco a Tom."),
    ("We saw the Louvre in London. The house is small.", "Vimos el Louvre en Londres. La casa es pequeña."),
    ("NASA is here. Is it?", "La NASA está aquí. ¿Lo está?"),
    ("The house", "La casa"),
]


@pytest.fixture
def lexicon() -> Lexicon:
    return Lexicon.learned_from(PAIRS)


def test_words_are_letters_with_apostrophes_inside_them() -> None:
    text = "Isn't Mary's 'cat' well-known? C3PO n\u0303o 寿司 don’t"
    assert WORD.findall(text) == ["Isn't", "Mary's", "cat", "well", "known", "C", "PO", "n\u0303o", "don’t"]


@pytest.mark.parametrize(
    ("word", "usual"),
    [
        ("tom", "Tom"),
        ("HOUSE", "house"),
        ("ISN'T", "isn't"),
        ("isn’t", "isn't"),
        ("nasa", "NASA"),
        ("i", "I"),
        ("we", "we"),
        ("paris", None),
    ],
)
def test_a_word_is_written_as_inside_sentences(lexicon: Lexicon, word: str, usual: str | None) -> None:
    assert lexicon.usual(word) == usual


def test_it_counts_a_word_however_it_is_written(lexicon: Lexicon) -> None:
    assert [lexicon.count(word) for word in ("the", "THE", "tom", "Paris")] == [3, 3, 2, 0]
    assert lexicon.forms["The"] == Seen(inside=0, start=2)


def test_a_copied_name_stands_on_both_sides_of_its_pairs(lexicon: Lexicon) -> None:
    assert [word for word in ("Tom", "Louvre", "London", "NASA", "house") if lexicon.is_copied(word)] == [
        "Tom",
        "Louvre",
        "NASA",
    ]


def test_forms_of_one_word_begin_alike() -> None:
    lexicon = Lexicon.learned_from([("He was walking home.", "")])
    assert [lexicon.has_stem(word, 4) for word in ("walks", "walkings", "Walked", "wall", "homes", "housing")] == [
        True,
        True,
        True,
        False,
        True,
        False,
    ]
    assert not lexicon.has_stem("walks", 5)


def test_lines_give_it_back(lexicon: Lexicon) -> None:
    assert Lexicon.from_lines(lexicon.to_lines()).forms == lexicon.forms


@pytest.mark.parametrize("line", ["Tom\t1\t2", "Tom\t1\t2\tx", "To m\t1\t2\t3", "", "\t1\t2\t3", "Tom\t-1\t2\t3"])
def test_a_line_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(BundleError, match="copy the bundle again"):
        Lexicon.from_lines([line])


def test_two_lexicons_are_joined_word_by_word(lexicon: Lexicon) -> None:
    joined = lexicon.joined(Lexicon.learned_from([("Paris. Tom!", "")]))
    assert (joined.count("Paris"), joined.count("Tom")) == (1, 2)
