"""Numbers: found, compared, put right."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.numbers import has_numbers_of, numbers_of, with_numbers_of

TEXTS = st.text("ab 0123456789:.,", max_size=30)


@pytest.mark.parametrize(
    ("src", "trg", "mended"),
    [
        ("It is 7:30.", "Son las 7:30.", "Son las 7:30."),
        ("It is 7:30.", "Son las 7:50.", "Son las 7:30."),
        ("In 1997 he was 12.", "Con 12 años en 1987.", "Con 12 años en 1997."),
        ("Take 5 or 5.", "Toma 5 o 6.", "Toma 5 o 5."),
        ("From 1 to 2.", "De 3 a 4.", "De 1 a 2."),
        ("He has 3 dogs.", "Tiene tres perros.", None),
        ("Room 101.", "Sala 1 0 1.", "Sala 101."),
        ("I paid 3,000 yen.", "Pagué 300 yenes.", "Pagué 3,000 yenes."),
        ("I paid 3,000 yen.", "Pagué 3.000 yenes.", "Pagué 3.000 yenes."),
        ("He died in 1992.", "Murió en 199 192.", "Murió en 1992."),
        ("He died on May 2, 1992.", "Murió en 1992.", None),
    ],
)
def test_numbers_that_are_wrong_are_replaced_in_order(src: str, trg: str, mended: str | None) -> None:
    assert with_numbers_of(src, trg) == mended


@given(TEXTS, TEXTS)
def test_a_mended_text_has_the_numbers_and_its_own_words(src: str, trg: str) -> None:
    mended = with_numbers_of(src, trg)
    if mended is not None:
        assert has_numbers_of(src, mended)
        assert [c for c in mended if c.isalpha()] == [c for c in trg if c.isalpha()]
        if has_numbers_of(src, trg):
            assert mended == trg


@given(TEXTS, TEXTS)
def test_the_order_of_numbers_does_not_matter(src: str, trg: str) -> None:
    assert has_numbers_of(src, trg) == (Counter(numbers_of(src)) == Counter(numbers_of(trg)))
    assert has_numbers_of(src, src)
