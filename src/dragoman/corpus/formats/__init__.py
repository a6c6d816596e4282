"""Files of translations, read as streams that trust nothing: one file a format, and one reader of it.

A reader takes a `dragoman.corpus.lines.Source` and yields `Unit` and `LeftOut`; that of a table also takes the columns
that are wanted. Its module is loaded when a file of its format comes. Knows nothing of pairs, memories and documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import NamedTuple, cast

from ..lines import Source
from ..units import LeftOut, Unit


class Format(NamedTuple):
    """A format: its ``name`` for people, its ``module`` here, which has ``read_MODULE``, and whether it is a table, of
    which columns are chosen, and told by the module's ``how``.
    """

    name: str
    module: str
    is_table: bool = False

    def units(self, source: Source, wanted: Sequence[str] = ()) -> Iterator[Unit | LeftOut]:
        """Yield what ``source`` holds; of a table the columns ``wanted``."""
        read = getattr(import_module(f".{self.module}", __name__), f"read_{self.module}")
        return cast(Callable[..., Iterator[Unit | LeftOut]], read)(source, *([wanted] if self.is_table else []))

    def how(self, source: Source, wanted: Sequence[str] = ()) -> str:
        """Return in words how ``source`` is read, by its beginning."""
        if not self.is_table:
            return self.name
        return str(import_module(f".{self.module}", __name__).how(source, wanted))


DELIMITED = Format("a table", "delimited", is_table=True)

_TMX, _XLIFF, _TS, _PO = (
    Format("TMX", "tmx"),
    Format("XLIFF", "xliff"),
    Format("Qt Linguist's TS", "ts"),
    Format("PO", "po"),
)

BY_SUFFIX = {
    ".tmx": _TMX,
    **dict.fromkeys((".xlf", ".xliff", ".sdlxliff", ".mqxliff", ".mxliff", ".txlf"), _XLIFF),
    ".po": _PO,
    ".csv": DELIMITED,
    ".tsv": DELIMITED,
}

_BY_ROOT = {"tmx": _TMX, "xliff": _XLIFF, "TS": _TS}
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")


def format_named(name: str) -> Format | None:
    """Return the format that the end of a file's name tells, packed or not; None if it tells none."""
    stem = name.lower().removesuffix(".gz")
    return next((kind for suffix, kind in BY_SUFFIX.items() if stem.endswith(suffix)), None)


def format_begun(head: bytes) -> Format | None:
    """Return the format of a file that begins like this; None for text of any other kind."""
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith((b"<?xml", b"<!DOCTYPE", b"<tmx")) and (
        root := _ROOT.search(re.sub(rb"<!--.*?-->", b"", start))
    ):
        return _BY_ROOT.get(root[1].decode())
    if re.match(rb'(#.*\n|\s)*msgid "', start):
        return _PO
    return None
