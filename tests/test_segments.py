from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.segments import MAX_SENTENCE, Segment, between, clauses, set_apart, shorten, split, without_list_mark

ANY_TEXT = st.one_of(
    st.text(st.characters(codec=None), max_size=80),
    st.text(st.sampled_from("ab .!?,\n\r\t\u2028\0。？「」'\""), max_size=80),
)
LANGUAGES = st.sampled_from(["en", "es", "ja", "zh-Hant", "und", "", "no such language"])


def joined(segments: list[Segment]) -> str:
    return "".join(before + text for before, text in segments)


def texts(text: str, language: str = "en") -> list[str]:
    return [segment.text for segment in split(text, language)]


@given(ANY_TEXT, LANGUAGES)
def test_sentences_joined_are_the_text(text: str, language: str) -> None:
    segments = split(text, language)
    assert joined(segments) == text
    assert all(s.text == s.text.strip() and not s.before.strip() for s in segments)
    assert all(s.text for s in segments[:-1])


@given(ANY_TEXT, st.integers(1, 20))
def test_parts_joined_are_the_sentence_and_short_enough(text: str, limit: int) -> None:
    parts = shorten(Segment("\n", text.strip()), len, limit)
    assert joined(parts) == "\n" + text.strip()
    assert all(len(part.text) <= limit for part in parts)


def test_sentences_and_what_stands_between_them() -> None:
    text = " Dr. Smith came.  Did he?\n\n\tNo!\r\n"
    assert split(text, "en") == [
        Segment(" ", "Dr. Smith came."),
        Segment("  ", "Did he?"),
        Segment("\n\n\t", "No!"),
        Segment("\r\n", ""),
    ]
    assert [segment.begins_line for segment in split(text, "en")] == [False, False, True, True]
    assert texts("猫です。犬です？", "ja") == ["猫です。", "犬です？"]
    assert texts("a\0b") == ["a\0b"]
    assert split("", "en") == []


@pytest.mark.parametrize("text", ["Go.", "Who are you, and what do you want?", 'He said "Go!" and went.', "3.14"])
def test_one_sentence_stays_whole(text: str) -> None:
    assert split(text, "en") == [Segment("", text)]


@pytest.mark.parametrize(
    "text",
    [
        "He is in the U.S. Army now.",
        "Fruit, e.g. Apples, is good.",
        "Dr. Smith met Mr. Jones.",
        "At 7 p.m. Tom left.",
        "No. 5 is here.",
        "I left at 7 p. m. and came back.",
        "Say `Go. Now.` and wait.",
        "Use {n, plural, one {A dog. It ran.} other {Dogs. They ran.}} here.",
        "Hello {{ a. b! C }} you.",
        'See <a title="Go! Now">this</a>.',
        "Go to https://example.org/?Yes!No and wait.",
    ],
)
def test_no_sentence_ends_at_an_abbreviation_or_inside_what_must_survive(text: str) -> None:
    assert texts(text) == [text]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Go to https://example.org/a?b=c. Then wait.", ["Go to https://example.org/a?b=c.", "Then wait."]),
        ("See report.pdf. It is good.", ["See report.pdf.", "It is good."]),
        ("It is 7 p.m. We leave.", ["It is 7 p.m.", "We leave."]),
        ("I am 5. You are 6.", ["I am 5.", "You are 6."]),
    ],
)
def test_a_sentence_ends_behind_what_must_survive(text: str, sentences: list[str]) -> None:
    assert texts(text) == sentences


def test_a_sentence_across_the_blocks_of_a_long_line_stays_whole() -> None:
    sentences = [f"This is sentence number {i}, which is a little longer." for i in range(300)]
    assert texts(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "語。" * 50_000, "\n" * 100_000, "." * 100_000, "\0" * 100_000, "A b c. " * 15_000]
)
@pytest.mark.slow
def test_a_huge_text_comes_apart(text: str) -> None:
    segments = [part for segment in split(text, "en") for part in shorten(segment, len, 200)]
    assert joined(segments) == text
    assert max(len(s.text) for s in split(text, "en")) <= MAX_SENTENCE
    assert max(len(s.text) for s in segments) <= 200


def test_a_cut_falls_at_a_clause_else_at_a_space_else_anywhere() -> None:
    def parts(text: str, limit: int) -> list[Segment]:
        return shorten(Segment("", text), len, limit)

    assert parts("I came with him, and he saw 1,000 dogs", 30) == [
        Segment("", "I came with him,"),
        Segment(" ", "and he saw 1,000 dogs"),
    ]
    assert [part.text for part in parts("one two three four", 10)] == ["one", "two three", "four"]
    assert parts("abcdefgh", 6) == [Segment("", "abcd"), Segment("", "efgh")]
    assert parts("我今天很高兴，因为你来看我了", 12) == [Segment("", "我今天很高兴，"), Segment("", "因为你来看我了")]
    assert parts("short", 5) == [Segment("", "short")]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("I bought a car, and he sold it, and I left.", ["I bought a car", ",", "and he sold it", ",", "and I left."]),
        ("Pears, plums, red apples; lemons and nuts.", ["Pears, plums, red apples", ";", "lemons and nuts."]),
        ('"Go home now!" he said and left.', ['"Go home now!"', "he said and left."]),
        ("It cost 1,000 dollars a day.", ["It cost 1,000 dollars a day."]),
        ("Yes, sir", ["Yes, sir"]),
        ("我今天很高兴，因为你来看我了", ["我今天很高兴，", "因为你来看我了"]),
    ],
)
def test_clauses_stand_between_commas(text: str, parts: list[str]) -> None:
    found = clauses(Segment("\n", text))
    assert [part.text for part in found] == parts
    assert joined(found) == "\n" + text


@given(ANY_TEXT)
def test_clauses_joined_are_the_sentence(text: str) -> None:
    found = clauses(Segment(" ", text.strip()))
    assert joined(found) == " " + text.strip()


def test_between_translations_stands_what_stood_between_the_sentences() -> None:
    one, other = Segment("", "Go."), Segment("\n\n ", "Run!")
    assert between(one, other, "Ve.", "¡Corre!") == "\n\n "
    assert between(one, Segment("", "x"), "去。", "x") == "", "a cut inside a word"
    hanzi = Segment("", "你好。"), Segment("", "再见")
    assert between(*hanzi, "Hello.", "Bye") == " "
    assert between(*hanzi, "こんにちは。", "さようなら") == ""
    assert between(*hanzi, "", "Bye") == ""


GREEK_OR_SIGN = re.compile("[\u0370-\u03ff\u2764\ufe0f\U0001f300-\U0001faff]")


def is_greek_or_sign(character: str) -> bool:
    return bool(GREEK_OR_SIGN.match(character))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("I love you.", [("I love you.", False)]),
        ("I love you ❤️", [("I love you ❤️", False)]),
        ("🎈Hello🎈 🎈 there", [("🎈Hello🎈 🎈 there", False)]),
        ("He said “αγάπη”, and left.", [("He said", False), ("“αγάπη”,", True), ("and left.", False)]),
        ("He said αγάπη μου to her", [("He said", False), ("αγάπη μου", True), ("to her", False)]),
        ("αγάπη", [("αγάπη", True)]),
        ("the π-meson", [("the π-meson", False)]),
    ],
)
def test_foreign_words_are_set_apart(text: str, parts: list[tuple[str, bool]]) -> None:
    found = set_apart(Segment("", text), is_greek_or_sign)
    assert [(part.segment.text, part.is_foreign) for part in found] == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("- Buy milk.", ["-", "Buy milk."]),
        ("1.1  Water", ["1.1", "Water"]),
        ("1.2. Salt", ["1.2.", "Salt"]),
        ("a) Wash your hands. (b) Dry them.", ["a)", "Wash your hands.", "(b)", "Dry them."]),
        ("I. The beginning", ["I.", "The beginning"]),
        ("Who did it? I.", ["Who did it?", "I."]),
        ("I. ", ["I."]),
        ("5 dogs", ["5 dogs"]),
        ("a cat", ["a cat"]),
        ("-5 degrees", ["-5 degrees"]),
    ],
)
def test_the_mark_of_a_list_stands_apart_from_its_text(text: str, parts: list[str]) -> None:
    segments = [part for segment in split(text, "en") for part in without_list_mark(segment)]
    assert [segment.text for segment in segments if segment.text] == parts
    assert joined(segments) == text


@given(st.text("ab αβ❤🎈.! \n", max_size=20))
def test_set_apart_loses_nothing(text: str) -> None:
    for segment in split(text, "en"):
        parts = [part.segment for part in set_apart(segment, is_greek_or_sign)]
        assert "".join(part.before + part.text for part in parts) == segment.before + segment.text
        assert len(parts) == 1 or all(part.text for part in parts)
