"""Plain text, line by line: a line of the document is a text, and lines, breaks and margins stay where they are."""

from __future__ import annotations

import re

from ..errors import DocumentError
from . import Translate

_LINE = re.compile(r"([^\S\r\n]*)([^\r\n]*?)([^\S\r\n]*)(\r\n|\r|\n|\Z)")


def translate_bytes(content: bytes, translate: Translate) -> bytes:
    """Return the translation of ``content``, which is UTF-8, with or without a byte order mark."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise DocumentError(
            f"line {number}: a text is UTF-8, and byte 0x{content[error.start]:02x} is not; convert it to UTF-8"
        ) from error
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    return (mark + translate_text(text[len(mark) :], translate)).encode("utf-8")


def translate_text(text: str, translate: Translate) -> str:
    """Return ``text`` with each line translated that has a letter."""
    lines = [match.groups() for match in _LINE.finditer(text)]
    wanted = [line for _, line, _, _ in lines if any(map(str.isalpha, line))]
    found = iter(translate(wanted) if wanted else ())
    return "".join(
        before + (next(found).text if any(map(str.isalpha, line)) else line) + after + end
        for before, line, after, end in lines
    )
