"""Files of translations, read as streams that trust nothing: one file a format, and one reader of it.

A reader takes a `dragoman.corpus.lines.Source` and yields `Unit` and `LeftOut`; that of a table also takes the columns
that are wanted. Its module is loaded when a file of its format comes. Knows nothing of pairs, memories and documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import NamedTuple, cast

from ...errors import CorpusError
from ..lines import Source
from ..units import LeftOut, Unit


class Format(NamedTuple):
    """A format: its ``name`` for people, and the ``module`` and function that read it.

    Of a table, columns are chosen, and told by the module's ``how``. Where a file ``is_one_side``, another one holds
    the translations.
    """

    name: str
    module: str
    function: str
    is_table: bool = False
    is_one_side: bool = False

    def units(self, source: Source, wanted: Sequence[str] = ()) -> Iterator[Unit | LeftOut]:
        """Yield what ``source`` holds; of a table the columns ``wanted``."""
        if self.is_one_side:
            raise CorpusError(
                f"{source.name}: this is one side of {self.name} (pass the file in the other language beside it)"
            )
        return self._read(source, *([wanted] if self.is_table else []))

    def units_of_two(self, src: Source, trg: Source) -> Iterator[Unit | LeftOut]:
        """Yield what two files hold, one for each language."""
        return self._read(src, trg)

    def _read(self, *arguments: object) -> Iterator[Unit | LeftOut]:
        read = getattr(import_module(f".{self.module}", __name__), self.function)
        return cast(Iterator[Unit | LeftOut], read(*arguments))

    def how(self, source: Source, wanted: Sequence[str] = ()) -> str:
        """Return in words how ``source`` is read, by its beginning."""
        if not self.is_table:
            return self.name
        return str(import_module(f".{self.module}", __name__).how(source, wanted))


DELIMITED = Format("a table", "delimited", "read_delimited", is_table=True)

_JSONL = Format("JSON Lines", "jsonl", "read_jsonl", is_table=True)
_PARQUET = Format("Parquet", "parquet", "read_parquet", is_table=True)
_SHEET = Format("a workbook", "sheet", "read_sheet", is_table=True)
_TMX = Format("TMX", "tmx", "read_tmx")
_XLIFF = Format("XLIFF", "xliff", "read_xliff")
_TS = Format("Qt Linguist's TS", "qt", "read_ts")
_PO = Format("PO", "po", "read_po")
_XCSTRINGS = Format("Apple's string catalogue", "apple", "read_xcstrings")
_ANDROID = Format("Android's strings", "android", "read_android", is_one_side=True)
_STRINGS = Format("Apple's strings", "apple", "read_strings", is_one_side=True)
_STRINGSDICT = Format("Apple's plural forms", "apple", "read_stringsdict", is_one_side=True)

BY_SUFFIX = {
    ".tmx": _TMX,
    **dict.fromkeys((".xlf", ".xliff", ".sdlxliff", ".mqxliff", ".mxliff", ".txlf"), _XLIFF),
    **dict.fromkeys((".jsonl", ".ndjson", ".jsonlines"), _JSONL),
    **dict.fromkeys((".xlsx", ".xlsm", ".ods"), _SHEET),
    ".parquet": _PARQUET,
    ".ts": _TS,
    ".po": _PO,
    ".xcstrings": _XCSTRINGS,
    ".strings": _STRINGS,
    ".stringsdict": _STRINGSDICT,
    ".csv": DELIMITED,
    ".tsv": DELIMITED,
}

_BY_ROOT = {"tmx": _TMX, "xliff": _XLIFF, "TS": _TS, "resources": _ANDROID}
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")


def format_named(name: str) -> Format | None:
    """Return the format that the end of a file's name tells, packed or not; None if it tells none."""
    stem = name.lower().removesuffix(".gz")
    return next((kind for suffix, kind in BY_SUFFIX.items() if stem.endswith(suffix)), None)


def format_begun(head: bytes) -> Format | None:
    """Return the format of a file that begins like this; None for text of any other kind."""
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith((b"<?xml", b"<!", b"<tmx", b"<xliff", b"<TS", b"<resources")) and (
        root := _ROOT.search(re.sub(rb"<!--.*?-->", b"", start))
    ):
        return _BY_ROOT.get(root[1].decode())
    if re.match(rb'(#[^\n]*\n|\s)*msgid "', start):
        return _PO
    if start.startswith(b"PAR1"):
        return _PARQUET
    if re.match(rb'\{\s*"[^"\n]*"\s*:', start):
        return _JSONL
    return None
