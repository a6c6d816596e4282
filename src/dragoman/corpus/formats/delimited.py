"""Tables as text: tab-separated as Anki and Tatoeba ship them, and CSV as spreadsheets write it."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from ..encodings import code_page
from ..lines import BUFFER_BYTES, Source, read_lines
from ..units import LeftOut, Unit
from .columns import HEADER, LOOKED_AT, Columns, choose_columns, row_reader

MAX_RECORD_LINES = 200
"""Lines of a quoted cell; one that goes on longer is a quote that nobody closed."""

_BAD_QUOTES = "quotes that do not match"
_NAMES = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}


class Layout(NamedTuple):
    """How a table is written: what stands between the cells, whether cells are in quotes, and its columns."""

    delimiter: str
    is_quoted: bool
    columns: Columns


def how(source: Source, wanted: Sequence[str] = ()) -> str:
    """Return in words how the table ``source`` is read, by how it begins."""
    heads: list[bytes] = []
    for _ in read_lines(source, heads.append):
        break
    layout = _layout(source.name, heads[0] if heads else b"", wanted)
    quotes = ", quotes taken off" if layout.delimiter == "\t" and layout.is_quoted else ""
    return f"{layout.columns.how} ({_NAMES[layout.delimiter]}s between{quotes})"


def read_delimited(source: Source, wanted: Sequence[str] = ()) -> Iterator[Unit | LeftOut]:
    """Yield a unit for each row of ``source``, and what is wrong with each bad one; blank rows are passed over.

    Errors are those of `read_lines` and `choose_columns`.
    """
    heads: list[bytes] = []
    lines = read_lines(source, heads.append)
    first = next(lines, None)
    if first is None:
        return
    layout = _layout(source.name, heads[0], wanted)
    unit_of = row_reader(layout.columns, source.name, "line", _NAMES[layout.delimiter])
    is_header = layout.columns.has_header
    for number, row in _rows(source.name, chain((first,), lines), layout):
        if isinstance(row, LeftOut):
            yield row
        elif is_header and any(row):
            is_header = False
            yield LeftOut(HEADER, f"{source.name}:{number}", fault=False, detail=", ".join(row)[:100])
        elif (unit := unit_of(row, number)) is not None:
            yield unit


def _layout(name: str, head: bytes, wanted: Sequence[str]) -> Layout:
    lines = _lines_of(head)
    if sum("\t" in line for line in lines) * 2 >= len(lines) or not lines:
        delimiter = "\t"
        is_quoted = any(_is_in_quotes(cell) for line in lines for cell in line.split("\t"))
    else:
        delimiter = _delimiter(lines)
        is_quoted = delimiter != "\t"
    rows = [
        row
        for _, row in _rows(name, enumerate(lines, start=1), Layout(delimiter, is_quoted, choose_columns([])))
        if not isinstance(row, LeftOut)
    ]
    return Layout(delimiter, is_quoted, choose_columns(rows, wanted, name))


def _lines_of(head: bytes) -> list[str]:
    """The whole lines at the beginning of a text."""
    lines = head.split(b"\n")[: LOOKED_AT + 1]
    if len(lines) > 1 and (lines[-1] == b"" or len(head) >= BUFFER_BYTES):
        lines.pop()
    text = b"\n".join(lines)
    try:
        found = text.decode()
    except UnicodeDecodeError:
        found = text.decode(code_page(text) or "utf-8", errors="replace")
    return [line.rstrip("\r") for line in found.lstrip("\ufeff").split("\n") if line.strip()]


def _delimiter(lines: Sequence[str]) -> str:
    """What parts nearly all lines into the same number of cells; a tab where nothing does."""
    for delimiter in (";", ",", "|"):
        feed = _Feed(enumerate(lines, start=1))
        widths = [len(row) for _, row in _quoted_rows("", feed, delimiter) if not isinstance(row, LeftOut)]
        middle = sorted(widths)[len(widths) // 2] if widths else 0
        if middle > 1 and widths.count(middle) * 10 >= 9 * len(widths):
            return delimiter
    return "\t"


def _is_in_quotes(cell: str) -> bool:
    """Tell whether only a spreadsheet writes a cell like this: in quotes, with those inside doubled."""
    inner = cell.strip()[1:-1]
    return len(cell) > 4 and cell[0] == cell.strip()[-1] == '"' and '""' in inner and '"' not in inner.replace('""', "")


def _rows(
    name: str, lines: Iterable[tuple[int, str | LeftOut]], layout: Layout
) -> Iterator[tuple[int, list[str] | LeftOut]]:
    """Yield each row with the number of its first line."""
    if layout.is_quoted:
        yield from _quoted_rows(name, _Feed(lines), layout.delimiter)
        return
    for number, line in lines:
        yield number, line if isinstance(line, LeftOut) else line.split(layout.delimiter)


def _quoted_rows(name: str, feed: _Feed, delimiter: str) -> Iterator[tuple[int, list[str] | LeftOut]]:
    while True:
        try:
            for row in csv.reader(feed, delimiter=delimiter, strict=True):
                yield from ((0, broken) for broken in feed.take_broken())
                yield feed.first, row
                feed.end_record()
            yield from ((0, broken) for broken in feed.take_broken())
            return
        except (csv.Error, _TooLongError) as error:
            yield feed.first, LeftOut(_BAD_QUOTES, f"{name}:{feed.first}", detail=f"{_BAD_QUOTES}: {error}")
            feed.give_back()


class _TooLongError(Exception):
    pass


class _Feed:
    """Lines for `csv`, with those of the record that is being read kept, so that they can be read again one by one."""

    def __init__(self, lines: Iterable[tuple[int, str | LeftOut]]) -> None:
        self._lines = iter(lines)
        self._again: deque[tuple[int, str]] = deque()
        self._record: list[tuple[int, str]] = []
        self._broken: list[LeftOut] = []

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if len(self._record) > MAX_RECORD_LINES:
            raise _TooLongError(f"no end of a quoted cell in {MAX_RECORD_LINES} lines")
        number, line = self._again.popleft() if self._again else self._next_good()
        line = line.removeprefix("\ufeff") if number == 1 else line
        line = line.replace("\r", " ")  # which ends a line for csv, and is none
        self._record.append((number, line))
        return f"{line}\n"

    @property
    def first(self) -> int:
        return self._record[0][0] if self._record else 0

    def end_record(self) -> None:
        self._record.clear()

    def give_back(self) -> None:
        """Let all lines of the record but its first be read again."""
        self._again.extendleft(reversed(self._record[1:]))
        self._record.clear()

    def take_broken(self) -> list[LeftOut]:
        broken, self._broken = self._broken, []
        return broken

    def _next_good(self) -> tuple[int, str]:
        for number, line in self._lines:
            if not isinstance(line, LeftOut):
                return number, line
            self._broken.append(line)
        raise StopIteration
