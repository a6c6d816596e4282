from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.slots.kinds import KINDS
from dragoman.slots.numerals import written
from dragoman.slots.spans import Family


@pytest.mark.parametrize(
    ("text", "kind", "src", "trg", "expected"),
    [
        ("3,500.50", "number", "en", "es", "3500,50"),
        ("12,500", "number", "en", "es", "12.500"),
        ("1,200", "number", "en", "es", "1200"),
        ("1,200", "number", "en", "de", "1.200"),
        ("1,200", "number", "eng", "deu", "1.200"),
        ("1.200", "number", "es", "en", "1,200"),
        ("12.500,75 kg", "quantity", "de", "en", "12,500.75 kg"),
        ("12,34,567", "number", "hi", "de", "1.234.567"),
        ("1,234,567.5", "number", "en", "hi", "12,34,567.5"),
        ("1 234,5 m²", "quantity", "fr", "en", "1,234.5 m²"),
        ("1,234", "number", "en", "fr", "1\u202f234"),
        ("12’500", "number", "de-CH", "en", "12,500"),
        ("$1,200", "quantity", "en", "es", "$1200"),
        ("1.5 kg", "quantity", "en", "es", "1,5 kg"),
        ("1.5–2.5 kg", "quantity", "en", "es", "1,5–2,5 kg"),
        ("3.5%", "quantity", "en", "es", "3,5%"),
        ("-2.5 °C", "quantity", "en", "pl", "-2,5 °C"),
        ("1,200-1,500", "score", "en", "de", "1.200-1.500"),
    ],
)
def test_marks_are_those_of_the_target(text: str, kind: str, src: str, trg: str, expected: str) -> None:
    assert written(text, kind, src, trg) == expected


@pytest.mark.parametrize(
    ("text", "kind", "src", "trg"),
    [
        ("1.5", "number", "en", "es"),
        ("0,500", "number", "en", "es"),
        ("1,2,3", "number", "en", "es"),
        ("1,20,000", "number", "en", "es"),
        ("1.200,5", "number", "en", "es"),
        ("1,200", "number", "en", "es-MX"),
        ("1,200", "number", "en", "cmn"),
        ("1,200", "number", "en", "en-GB"),
        ("1,200", "number", "und", "es"),
        ("1,200", "number", "en", "und"),
        ("1,200", "number", "en", "tlh"),
        ("1,200", "number", "en", ""),
        ("1,200", "number", "en", "no such language"),
        ("١٬٢٠٠", "number", "ar", "en"),
        ("250", "number", "en", "es"),
        ("7 p.m.", "time", "en", "es"),
        ("12.3.1998", "date", "de", "en"),
        ("2.10.3", "version", "en", "es"),
        ("1,200", "part number", "en", "es"),
    ],
)
def test_what_is_not_surely_such_a_number_stays(text: str, kind: str, src: str, trg: str) -> None:
    assert written(text, kind, src, trg) == text


KIND_NAMES = st.sampled_from([kind.name for kind in KINDS if kind.family is Family.NUMBER])
LANGUAGES = st.sampled_from(["en", "es", "de", "de-CH", "fr", "hi", "ar", "zh-Hant", "pl", "und", "xx", "eng"])
FIGURES = st.one_of(
    st.text(st.sampled_from("0123456789.,'’ \u202f-%$kg٢５"), max_size=20),
    st.builds("{:,}".format, st.integers(0, 10**12)),
    st.builds("{:,.2f} kg".format, st.floats(0, 1e9)),
)


@given(FIGURES, KIND_NAMES, LANGUAGES, LANGUAGES)
def test_no_digit_ever_changes(text: str, kind: str, src: str, trg: str) -> None:
    def digits(text: str) -> list[str]:
        return [character for character in text if character.isdigit()]

    assert digits(written(text, kind, src, trg)) == digits(text)


@given(st.integers(10_000, 10**12), st.sampled_from(["es", "de", "fr", "hi", "pl", "de-CH"]))
def test_there_and_back_is_the_same_number(number: int, language: str) -> None:
    text = f"{number:,}"
    assert written(written(text, "number", "en", language), "number", language, "en") == text
