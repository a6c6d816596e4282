from __future__ import annotations

import pytest

from dragoman.corpus.formats.columns import choose_columns, heading_language


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("English", "en"),
        ("español", "es"),
        (" es_MX ", "es-MX"),
        ("Spanish (Latin America)", "es"),
        ("German [de]", "de"),
        ("spa", "es"),
        ("Ana", ""),
        ("(none)", ""),
        ("Key", ""),
        ("", ""),
        ("a" + " " * 1_000_000 + "b", ""),
    ],
)
def test_the_language_of_a_heading(heading: str, code: str) -> None:
    assert heading_language(heading) == code


def test_a_column_of_numbers_is_not_indonesian() -> None:
    rows = [["id", "en", "es"], *([str(n), f"Go {n}.", f"Ve {n}."] for n in range(9))]
    assert choose_columns(rows).places == (1, 2)


@pytest.mark.parametrize(
    ("headings", "places"),
    [(["english", "lummi", "source"], (0, 1)), (["source", "es", "x"], (0, 1)), (["x", "target", "source"], (2, 1))],
)
def test_a_source_that_is_a_place(headings: list[str], places: tuple[int, int]) -> None:
    rows = [headings, *([f"A {n} house.", f"Una casa {n}.", f"The book {n}."] for n in range(9))]
    assert choose_columns(rows).places == places
