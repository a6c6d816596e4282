"""Numbers: found, compared, put right where their places are clear."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.numbers import has_numbers_of, numbers_of, with_numbers_of

TEXTS = st.text("ab 0123456789:.,-–", max_size=30)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It is -5, not 5.", ["-5", "5"]),
        ("COVID-19 at 7:30.", ["19", "7:30"]),
        ("150 000 of 1,234,567.5 in 2010 300 times", ["150 000", "1,234,567.5", "2010", "300"]),
        ("1939–1945, 12/05/2024", ["1939–1945", "12/05/2024"]),
        ("no number", []),
    ],
)
def test_what_is_one_number_to_a_reader(text: str, numbers: list[str]) -> None:
    assert numbers_of(text) == numbers


@pytest.mark.parametrize(
    ("src", "trg", "same"),
    [
        ("3,500.50 dollars and 1.5 liters", "3.500,50 dólares y 1,5 litros", True),
        ("3,500.50 dollars and 1.5 liters", "3.500 dólares y 1.50 dólares.5tros", False),
        ("The years 1939–1945.", "Los años 1939-1945.", True),
        ("The years 1939–1945.", "Los años 193945.", False),
        ("The years 1939–1945.", "De 1939 a 1945.", True),
        ("Pages 12–15", "Las 12:16", False),
        ("Pages 12–15", "Página 1215", False),
        ("It was 1/2 full.", "Era 12.", False),
        ("150 000 people", "150.000 personas", True),
        ("150 000 people", "150\u202f000 personas", True),
        ("150 000 people", "1500 personas", False),
        ("It is -5.", "Son 5.", False),
        ("It is −5.", "Son -5.", True),
        ("Room 101.", "Sala 1 0 1.", False),
        ("We won 3-2.", "Ganamos 2 a 3.", True),
        ("It is 3.", "هي ٣.", True),
        ("Seven dogs.", "7 perros.", False),
    ],
)
def test_the_digits_count_and_not_the_marks_in_them(src: str, trg: str, same: bool) -> None:
    assert has_numbers_of(src, trg) is same


@pytest.mark.parametrize(
    ("src", "trg", "mended"),
    [
        ("It is 7:30.", "Son las 7:30.", "Son las 7:30."),
        ("It is 7:30.", "Son las 7:50.", "Son las 7:30."),
        ("It is -5.", "Son 5.", "Son -5."),
        ("In 1997 he was 12.", "Con 12 años en 1987.", "Con 12 años en 1997."),
        ("Take 5 or 5.", "Toma 5 o 6.", "Toma 5 o 5."),
        ("From 1 to 2.", "De 3 a 4.", "De 1 a 2."),
        ("He has 3 dogs.", "Tiene tres perros.", None),
        ("I paid 3,000 yen.", "Pagué 300 yenes.", "Pagué 3,000 yenes."),
        ("I paid 3,000 yen.", "Pagué 3.000 yenes.", "Pagué 3.000 yenes."),
        ("He died on May 2, 1992.", "Murió en 1992.", None),
        ("Room 101.", "Sala 1 0 1.", None),
        ("The 1st of May.", "El 2t de mayo.", None),
        ("It is 10.", "a10b5", None),
    ],
)
def test_numbers_that_are_wrong_are_replaced_one_for_one_or_not_at_all(src: str, trg: str, mended: str | None) -> None:
    assert with_numbers_of(src, trg) == mended


@given(TEXTS, TEXTS)
def test_a_mended_text_has_the_numbers_and_its_own_words(src: str, trg: str) -> None:
    mended = with_numbers_of(src, trg)
    if mended is not None:
        assert has_numbers_of(src, mended)
        assert [c for c in mended if c.isalpha()] == [c for c in trg if c.isalpha()]
        assert len(re.findall(r"[a-z]\d|\d[a-z]", mended)) <= len(re.findall(r"[a-z]\d|\d[a-z]", trg))
        if has_numbers_of(src, trg):
            assert mended == trg


@given(TEXTS, TEXTS)
def test_either_may_be_the_source(src: str, trg: str) -> None:
    assert has_numbers_of(src, trg) == has_numbers_of(trg, src)
    assert has_numbers_of(src, src)
