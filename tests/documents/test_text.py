from __future__ import annotations

from collections.abc import Sequence

import pytest

from dragoman.documents import Aligned, format_of, translate_document
from dragoman.documents.text import translate_text
from dragoman.errors import DocumentError
from tests.documents.readers import same, upper


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("one", "ONE"),
        ("one\ntwo\n", "ONE\nTWO\n"),
        ("one\r\n\r\n  two \rthree", "ONE\r\n\r\n  TWO \rTHREE"),
        ("\t- one\n1,000\n***\n\n\n", "\t- ONE\n1,000\n***\n\n\n"),
        ("a & <b>", "A & <B>"),
    ],
)
def test_lines_and_margins_stay(text: str, expected: str) -> None:
    assert translate_text(text, upper) == expected
    assert translate_text(text, same) == text


def test_only_lines_with_letters_are_translated_and_all_at_once() -> None:
    asked: list[list[str]] = []

    def listen(texts: Sequence[str]) -> list[Aligned]:
        asked.append(list(texts))
        return same(texts)

    translate_text("one\n\n2\n two ", listen)
    translate_text("1\n2\n", listen)
    assert asked == [["one", "two"]]


def test_a_byte_order_mark_stays() -> None:
    content = "\ufeffcafé\r\n".encode()
    assert translate_document(content, "text", same) == content
    assert translate_document(content, "text", upper) == "\ufeffCAFÉ\r\n".encode()


def test_what_is_not_utf_8_is_refused_with_its_line() -> None:
    with pytest.raises(DocumentError, match="line 2: a text is UTF-8, and byte 0xe9 is not; convert it to UTF-8"):
        translate_document(b"one\ncaf\xe9\n", "text", same)


def test_a_format_is_told_by_its_suffix() -> None:
    assert [format_of(name) for name in ("a.txt", "B.HTML", "c.d.htm", "e.xhtml")] == ["text", "html", "html", "html"]
    with pytest.raises(
        DocumentError, match=r"a\.pdf: a document has one of the suffixes \.txt, \.html, .*, not '\.pdf'"
    ):
        format_of("folder/a.pdf")
    with pytest.raises(DocumentError, match="has one of the formats text, html, not 'words'"):
        translate_document(b"", "words", same)
