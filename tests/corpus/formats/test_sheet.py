"""Workbooks that the tests write by hand, part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

import pytest

from dragoman.corpus.formats import sheet
from dragoman.corpus.formats.sheet import how, read_sheet
from dragoman.corpus.units import LeftOut, Unit
from dragoman.errors import CorpusError, UsageError
from tests.corpus.formats.conftest import Write

Rows = Sequence[Sequence[str | float | None]]

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"

ANIMALS: Rows = [
    ["Key", "English", "Spanish", "Note"],
    ["a", "The dog.", "El perro.", "an animal"],
    ["b", "The cat & co.", None, None],
    [None, None, None, None],
    ["c", "In 1999", 1999, None],
    ["d", "A half", 0.5, None],
    ["e", "Go.", "Ve.", None],
    ["f", "Run.", "Corre.", None],
]
TEXTS = [
    (2, "The dog.", "El perro."),
    (5, "In 1999", "1999"),
    (6, "A half", "0.5"),
    (7, "Go.", "Ve."),
    (8, "Run.", "Corre."),
]


def zipped(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def xlsx_of(sheets: dict[str, str]) -> bytes:
    """A workbook of XLSX with these ``sheetData`` by the names of their sheets."""
    n_sheets = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, start=1))
    related = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in n_sheets
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>',
        "xl/styles.xml": f'<styleSheet {MAIN}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    }
    for n, data in zip(n_sheets, sheets.values(), strict=True):
        parts[f"xl/worksheets/sheet{n}.xml"] = f"<worksheet {MAIN}><sheetData>{data}</sheetData></worksheet>"
    return zipped(parts)


def in_xlsx(rows: Rows) -> str:
    def cell(at: str, value: str | float) -> str:
        if isinstance(value, str):
            return f'<c r="{at}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return f'<c r="{at}"><v>{value}</v></c>'

    def cells(row: Sequence[str | float | None], n: int) -> str:
        return "".join(cell(f"{'ABCDEF'[m]}{n}", value) for m, value in enumerate(row) if value is not None)

    return "".join(f'<row r="{n}">{cells(row, n)}</row>' for n, row in enumerate(rows, start=1))


def ods_of(sheets: dict[str, str]) -> bytes:
    """A workbook of ODS with these rows by the names of their sheets."""
    tables = "".join(f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in sheets.items())
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0"/>',
            "content.xml": f'<office:document-content xmlns:office="{OASIS}:office:1.0" xmlns:text="{OASIS}:text:1.0" '
            f'xmlns:table="{OASIS}:table:1.0"><office:body><office:spreadsheet>{tables}</office:spreadsheet>'
            "</office:body></office:document-content>",
        }
    )


def in_ods(rows: Rows) -> str:
    def cell(value: str | float | None) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
            "</table:table-cell>"
        )

    return "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows) + (
        # As they end in LibreOffice: a million empty rows of a thousand columns.
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="1024"/>'
        "</table:table-row>"
        # And in files that other programs have rewritten.
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="9">'
        "</table:table-cell></table:table-row>"
    )


BOTH = pytest.mark.parametrize(
    ("suffix", "book", "data"), [("xlsx", xlsx_of, in_xlsx), ("ods", ods_of, in_ods)], ids=["xlsx", "ods"]
)
Book = Callable[[dict[str, str]], bytes]
Data = Callable[[Rows], str]


def texts(found: Sequence[Unit | LeftOut]) -> list[tuple[int, str, str]]:
    units = [unit for unit in found if isinstance(unit, Unit)]
    return [(unit.number, unit.segments[0].text, unit.segments[1].text) for unit in units]


@BOTH
def test_columns_by_their_headings(write: Write, suffix: str, book: Book, data: Data) -> None:
    source = write(f"words.{suffix}", book({"Words": data(ANIMALS)}))
    found = list(read_sheet(source))
    assert texts(found) == TEXTS
    assert [str(one) for one in found if isinstance(one, LeftOut)] == [
        f"words.{suffix}, row 1: Key, English, Spanish, Note",
        f"words.{suffix}, row 3: not translated",
    ]
    first = found[1]
    assert isinstance(first, Unit)
    assert (first.note, first.counts, [segment.language for segment in first.segments]) == (
        "an animal",
        "row",
        ["en", "es"],
    )
    assert how(source) == "columns 'English' and 'Spanish'"


@BOTH
@pytest.mark.parametrize("wanted", [("2", "3"), ("english", "es"), ("English", "Spanish")])
def test_columns_that_are_named(write: Write, suffix: str, book: Book, data: Data, wanted: tuple[str, str]) -> None:
    source = write(f"words.{suffix}", book({"Words": data(ANIMALS)}))
    assert texts(list(read_sheet(source, wanted))) == TEXTS
    assert texts(list(read_sheet(source, wanted[::-1])))[0] == (2, "El perro.", "The dog.")
    with pytest.raises(UsageError, match=f"^words.{suffix}: there is no column 'Basque'; the first row has 'Key'"):
        list(read_sheet(source, ("English", "Basque")))


@BOTH
def test_several_sheets(write: Write, suffix: str, book: Book, data: Data) -> None:
    other = [["en", "es"], ["Go.", "Ve."]]
    about = [["Only words about this."], ["And more."]]
    source = write(f"words.{suffix}", book({"A": data(ANIMALS), "about": data(about), "B": data(other)}))
    found = [unit for unit in read_sheet(source) if isinstance(unit, Unit)]
    assert [(unit.file, unit.number) for unit in found] == [
        *((f"words.{suffix}/A", number) for number, _, _ in TEXTS),
        (f"words.{suffix}/B", 2),
    ]
    assert how(source) == "2 sheets: columns 'English' and 'Spanish'; columns 'en' and 'es'"


def test_dates_as_text(write: Write) -> None:
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>The day</t></is></c><c r="B1" s="1"><v>45000</v></c></row>'
    found = read_sheet(write("a.xlsx", xlsx_of({"A": cells})))
    assert texts(list(found)) == [(1, "The day", "2023-03-15")]
    cells = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>The day</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2023-03-15"><text:p>15.3.23</text:p>'
        "</table:table-cell></table:table-row>"
    )
    assert texts(list(read_sheet(write("a.ods", ods_of({"A": cells}))))) == [(1, "The day", "2023-03-15")]


FULL = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
FAR = in_xlsx([["en", "es"], ["Go.", "Ve."]]) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", xlsx_of({"A": FAR})),
        # Cells need not say where they are.
        ("a.xlsx", xlsx_of({"A": f"<row>{'<c><v>1</v></c>' * 9000}</row>{'<row><c><v>1</v></c></row>' * 1000}"})),
        (
            "a.ods",
            ods_of({"A": '<table:table-row table:number-rows-repeated="1000000">' + 20 * FULL + "</table:table-row>"}),
        ),
        (
            "a.ods",
            ods_of(
                {
                    "A": '<table:table-row table:number-rows-repeated="999999"><table:table-cell/></table:table-row>'
                    f'<table:table-row><table:table-cell table:number-columns-repeated="999999"/>{FULL}'
                    "</table:table-row>"
                }
            ),
        ),
    ],
    ids=["far", "unplaced", "repeated", "far apart"],
)
def test_a_sheet_too_large_for_the_memory(write: Write, name: str, content: bytes) -> None:
    with pytest.raises(CorpusError, match=rf"^{name}: sheets of [\d,]+ cells, over 8,000,000 \(save the columns"):
        list(read_sheet(write(name, content)))


def test_a_part_of_any_name_is_counted(write: Write) -> None:
    file = io.BytesIO(xlsx_of({"A": FAR}))
    with zipfile.ZipFile(file) as archive:
        parts = {one.filename: archive.read(one).decode() for one in archive.infolist()}
    parts["xl/data.bin"] = parts.pop("xl/worksheets/sheet1.xml")
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace("worksheets/sheet1.xml", "data.bin")
    with pytest.raises(CorpusError, match="cells, over 8,000,000"):
        list(read_sheet(write("a.xlsx", zipped(parts))))


def test_all_sheets_together_are_bounded(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_CELLS", 50)
    source = write("a.xlsx", xlsx_of({name: in_xlsx(ANIMALS) for name in "ABC"}))
    with pytest.raises(CorpusError, match=r"^a.xlsx: sheets of 64 cells, over 50 \("):
        list(read_sheet(source))


@BOTH
@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_file_that_is_cut_off(write: Write, suffix: str, book: Book, data: Data, share: float) -> None:
    whole = book({"Words": data(ANIMALS)})
    source = write(f"a.{suffix}", whole[: int(len(whole) * share)])
    with pytest.raises(CorpusError, match=rf"^a.{suffix}: the file is damaged or cut off: ") as raised:
        list(read_sheet(source))
    assert "\n" not in str(raised.value)


@BOTH
def test_xml_that_is_cut_off(write: Write, suffix: str, book: Book, data: Data) -> None:
    rows = data(ANIMALS)
    with pytest.raises(CorpusError, match=rf"^a.{suffix}: this is no workbook, or damaged"):
        list(read_sheet(write(f"a.{suffix}", book({"Words": rows[: len(rows) // 2]}))))


def test_a_bomb_is_refused_unopened(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_UNPACKED_BYTES", 10_000)
    source = write("a.xlsx", xlsx_of({"Words": in_xlsx([["0" * 20_000, "b"]])}))
    with pytest.raises(CorpusError, match=r"^a.xlsx: more than 10,000 bytes unpacked \(save a part of it\)$"):
        list(read_sheet(source))


def test_a_workbook_without_a_table(write: Write) -> None:
    source = write("a.xlsx", xlsx_of({"A": in_xlsx([["Only words."], ["And more."]])}))
    assert list(read_sheet(source)) == []
    assert how(source) == "a workbook without a sheet of two columns"
