"""Workbooks of spreadsheets, XLSX and ODS: their sheets as tables.

`calamine` reads a sheet whole, with a place for each cell up to the last, and in XML of any size; so both are bounded
before it is asked.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from python_calamine import CalamineError, CalamineWorkbook

from ...errors import CorpusError
from ..lines import Source
from ..spooling import spooled
from ..units import LeftOut, Unit
from .columns import HEADER, LOOKED_AT, choose_columns, row_reader

MAX_FILE_BYTES = 256 * 2**20
MAX_UNPACKED_BYTES = 2**30
MAX_CELLS = 8_000_000
"""Rows times columns, of all sheets together."""

_CHUNK = 2**20
# How a sheet of XLSX says where a cell or row is, and one of ODS how often.
_XLSX_PART = re.compile(rb"""<(?:[\w-]+:)?(c|row|sheetData)(?=[\s/>])|\br\s*=\s*["']([A-Za-z]{0,4})(\d{1,10})["']""")
_ODS_TAG = re.compile(
    rb"""<(/?)(?:[\w-]+:)?(table|table-row|covered-table-cell|table-cell|p)"""
    rb"""(?=[\s/>])((?:[^>"']++|"[^"]*"|'[^']*')*+)>"""
)
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["'](\d{1,10})""")

Sheet = tuple[str, list[list[str]]]


def how(source: Source, wanted: Sequence[str] = ()) -> str:
    """Return in words how ``source`` is read."""
    found = [choose_columns(rows, wanted, source.name).how for _, rows in _sheets(source)]
    if not found:
        return "a workbook without a sheet of two columns"
    return found[0] if len(found) == 1 else f"{len(found)} sheets: {'; '.join(dict.fromkeys(found))}"


def read_sheet(source: Source, wanted: Sequence[str] = ()) -> Iterator[Unit | LeftOut]:
    """Yield a unit for each row of each sheet of ``source``, of the columns ``wanted`` or those of `choose_columns`.

    Sheets with less than two columns are passed over. Raises `CorpusError` for what is no workbook, or too large.
    """
    sheets = _sheets(source)
    for name, rows in sheets:
        file = source.name if len(sheets) == 1 else f"{source.name}/{name}"
        columns = choose_columns(rows[:LOOKED_AT], wanted, source.name)
        header = next((number for number, row in enumerate(rows, 1) if any(row)), 0) if columns.has_header else 0
        unit_of = row_reader(columns, file, "row")
        for number, row in enumerate(rows, start=1):
            if number == header:
                yield LeftOut(HEADER, f"{file}, row {number}", fault=False, detail=", ".join(row)[:100])
            elif (unit := unit_of(row, number)) is not None:
                yield unit


def _sheets(source: Source) -> list[Sheet]:
    try:
        with spooled(source, MAX_FILE_BYTES) as file:
            _check(source.name, file)
            file.seek(0)
            book = CalamineWorkbook.from_filelike(file)
            found, n_cells = [], 0
            for name in book.sheet_names:
                rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                n_cells += len(rows) * len(rows[0]) if rows else 0
                _check_cells(source.name, n_cells)
                if rows and max(map(len, rows)) > 1:
                    found.append((name, [[_text(cell) for cell in row] for row in rows]))
            return found
    except (CalamineError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        said = " ".join(str(error).split())[:200]
        raise CorpusError(f"{source.name}: this is no workbook, or damaged: {said} (save it again)") from error


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _check(name: str, file: IO[bytes]) -> None:
    """Refuse a workbook of which a sheet would fill the memory."""
    with zipfile.ZipFile(file) as archive:
        if sum(one.file_size for one in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise CorpusError(f"{name}: more than {MAX_UNPACKED_BYTES:,} bytes unpacked (save a part of it)")
        for one in archive.infolist():
            # A workbook of XLSX may call its sheets anything.
            n_cells_of = _n_cells_of_ods if one.filename == "content.xml" else _n_cells_of_xlsx
            with archive.open(one) as stream:
                _check_cells(name, n_cells_of(_parts(stream)))


def _check_cells(name: str, n_cells: int) -> None:
    if n_cells > MAX_CELLS:
        raise CorpusError(
            f"{name}: sheets of {n_cells:,} cells, over {MAX_CELLS:,} (save the columns that are meant as CSV)"
        )


def _parts(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what ``stream`` holds piece by piece, each with whole tags."""
    left = b""
    while data := stream.read(_CHUNK):
        data = left + data
        end = max(data.rfind(b"<"), len(data) - _CHUNK)
        yield data[:end]
        left = data[end:]
    yield left


def _n_cells_of_xlsx(parts: Iterable[bytes]) -> int:
    """Rows times columns, by the places of the cells or, where these do not say them, by their number."""
    n_rows = n_columns = row = column = 0
    is_sheet = False
    for data in parts:
        for tag, letters, digits in _XLSX_PART.findall(data):
            if tag == b"c":
                column += 1
            elif tag == b"row":
                row, column = row + 1, 0
            elif tag:
                is_sheet = True
            else:
                n_rows = max(n_rows, int(digits))
                n_columns = max(n_columns, _number_of_column(letters))
            n_rows, n_columns = max(n_rows, row), max(n_columns, column)
    return n_rows * n_columns if is_sheet else 0


def _number_of_column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _n_cells_of_ods(parts: Iterable[bytes]) -> int:
    """Rows times columns of the largest sheet, up to the last cell that has something in it."""
    most = n_rows = n_columns = rows = width = n_in_row = n_repeated = 0
    for data in parts:
        for closes, name, attributes in _ODS_TAG.findall(data):
            repeated = int(found[1]) if (found := _REPEATED.search(attributes)) else 1
            if name == b"table":
                most = max(most, n_rows * n_columns)
                n_rows = n_columns = rows = 0
            elif name == b"table-row" and not closes:
                n_repeated, width, n_in_row = repeated, 0, 0
            elif name == b"table-row":
                rows += n_repeated
                if n_in_row:
                    n_rows, n_columns = rows, max(n_columns, n_in_row)
            elif not closes:
                width += repeated if name != b"p" else 0
                if name == b"p" or b"value" in attributes:
                    n_in_row = width
    return max(most, n_rows * n_columns)
