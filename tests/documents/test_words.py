from __future__ import annotations

import pytest

from dragoman.documents.words import by_place, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Hello, world!", ["Hello", ",", "world", "!"]),
        ("It’s well-known 'yes'", ["It’s", "well-known", "'", "yes", "'"]),
        ("¿Qué? «sí»", ["¿", "Qué", "?", "«", "sí", "»"]),
        ("हिन्दी है।", ["हिन्दी", "है", "।"]),
        ("東京は。", ["東", "京", "は", "。"]),
        ("ไทยดี", ["ไ", "ท", "ย", "ดี"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
        (" \t\u00a0", []),
    ],
)
def test_words_are_what_a_tag_may_stand_between(text: str, expected: list[str]) -> None:
    assert [text[begin:end] for begin, end in words(text)] == expected


def test_words_go_together_by_place() -> None:
    assert by_place(3, 3) == [0, 1, 2]
    assert by_place(2, 4) == [0, 0, 1, 1]
    assert by_place(4, 2) == [1, 3]
    assert by_place(0, 2) == [-1, -1]
    assert by_place(2, 0) == []
