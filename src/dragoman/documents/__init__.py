"""Documents whose text is translated and whose form is kept. Knows of no translator: one is handed in, as a function.

A format is a file here and a line of `FORMATS`; what it needs is loaded when it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import PurePath
from typing import NamedTuple

from ..errors import DocumentError

MAX_BYTES = 10_000_000
"""Of a document."""


class Aligned(NamedTuple):
    """A translation, and for each of its words (`dragoman.documents.words`) the number of the word of the source that
    it translates: -1 for one that translates none. Without ``links`` nobody knows.
    """

    text: str
    links: Sequence[int] | None = None


Translate = Callable[[Sequence[str]], Sequence[Aligned]]
"""Texts to their translations, in order."""

FORMATS = {"text": (".txt",), "html": (".html", ".htm", ".xhtml")}
"""The suffixes of each format; the format is a module of this room with ``translate_bytes``."""


def format_of(name: str) -> str:
    """Return the format of the file ``name`` by its suffix; a `DocumentError` where there is none of that suffix."""
    suffix = PurePath(name).suffix.lower()
    for kind, suffixes in FORMATS.items():
        if suffix in suffixes:
            return kind
    known = ", ".join(suffix for suffixes in FORMATS.values() for suffix in suffixes)
    raise DocumentError(f"{PurePath(name).name}: a document has one of the suffixes {known}, not {suffix or 'none'!r}")


def translate_document(content: bytes, kind: str, translate: Translate) -> bytes:
    """Return ``content``, a document of the format ``kind``, with its text translated, in the same encoding.

    A format that is not in `FORMATS`, and what is too large or not what its format says, are a `DocumentError`.
    """
    if kind not in FORMATS:
        raise DocumentError(f"a document has one of the formats {', '.join(FORMATS)}, not {kind!r}")
    if len(content) > MAX_BYTES:
        raise DocumentError(f"a document may have {MAX_BYTES:,} bytes, and has more; split it")
    module = import_module(f".{kind}", __name__)
    translated: bytes = module.translate_bytes(content, translate)
    return translated


def passages(work: Callable[[Translate], object]) -> list[str]:
    """Return the texts that ``work`` wants translated, in order: what of a document is text."""
    found: list[str] = []

    def keep(texts: Sequence[str]) -> list[Aligned]:
        found.extend(texts)
        return [Aligned(text) for text in texts]

    work(keep)
    return found
