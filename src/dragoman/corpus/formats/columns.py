"""Which columns of a table hold the texts, and in which languages: as named, by the headings, or by what is in them.

Knows rows of text, of whatever file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import langcodes

from ...errors import UsageError
from ..languages import language
from ..lines import clean
from ..units import NOT_TRANSLATED, LeftOut, Segment, Unit

HEADER = "a header row"
EMPTY = "an empty column"
OTHER_COLUMNS = "another number of columns"

SOURCE, TARGET, AUTHOR, NOTE = "source", "target", "author", "note"
"""What a column may hold that is named for it and for no language."""

_MEANINGS = {
    **dict.fromkeys(("source", "src", "original", "source text", "source_text", "msgid"), SOURCE),
    **dict.fromkeys(
        ("target", "trg", "tgt", "translation", "translated", "target text", "target_text", "msgstr"), TARGET
    ),
    **dict.fromkeys(("author", "attribution", "creator", "translator"), AUTHOR),
    **dict.fromkeys(("note", "notes", "comment", "comments", "context"), NOTE),
}
_CODE = re.compile("([a-z]{2,3}|[A-Z]{2})([-_][A-Za-z0-9]+)*")  # "Ana" is somebody
_KEY = re.compile(r"\d+|\w+([._:/-]\w+)+")
MAX_HEADING = 100
"""Characters of a heading that may name a language."""

LOOKED_AT = 200
"""Rows by which the columns are told."""


class Columns(NamedTuple):
    """The ``places`` of the columns with texts, from 0, and the language of each, empty where it is not known; those of
    author and note; how many columns a row has at least and at most; and in words how that was found.
    """

    places: tuple[int, ...]
    languages: tuple[str, ...]
    fewest: int
    most: int
    author: tuple[int, ...] = ()
    note: tuple[int, ...] = ()
    has_header: bool = False
    how: str = ""


FIRST_TWO = Columns((0, 1), ("", ""), 2, 3, (2,), how="source and target, a line each pair")


def choose_columns(rows: Sequence[Sequence[str]], wanted: Sequence[str] = (), name: str = "") -> Columns:
    """Return the columns of a table ``name`` that begins with ``rows``.

    ``wanted`` are two of them, each by its heading, its language or its number from 1; a column that is not there is a
    `UsageError`. By default those are taken that are headed by languages, or by "source" and "target"; else the first
    two that hold texts. Of a table of two or three columns without headings the third is the author.
    """
    rows = [row for row in rows[:LOOKED_AT] if any(cell.strip() for cell in row)]
    if not rows:
        return FIRST_TWO
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    headings = [_Heading.of(cell) for cell in rows[0]]
    if wanted:
        return _wanted(rows, headings, wanted, name)
    texts = _text_places(rows[1:] or rows, max(width, len(headings)))
    named = _named(headings, texts)
    if named:
        return _headed(headings, named)
    if _is_tatoeba(rows, width):
        return Columns((1, 3), ("", ""), 4, 4, (0, 2), how="Tatoeba's four columns: number, text, number, text")
    if len(texts) < 2 or (width <= 3 and not _are_numbered(rows)):
        return FIRST_TWO
    first, second = texts[:2]
    how = f"columns {first + 1} and {second + 1} of {width}, the first two with texts"
    return Columns((first, second), ("", ""), second + 1, width, how=how)


def row_reader(
    columns: Columns, file: str, counts: str, separator: str = "separator"
) -> Callable[[Sequence[str], int], Unit | LeftOut | None]:
    """Return what makes of a row of ``file`` and its number a unit, what is wrong with it, or None for a blank one."""
    fewest, most = columns.fewest, columns.most
    first, second = columns.places[:2]
    src, trg = columns.languages[:2]
    is_noted = bool(columns.author or columns.note)
    is_pair = len(columns.places) == 2

    def unit_of(row: Sequence[str], number: int) -> Unit | LeftOut | None:
        if is_pair and fewest <= len(row) <= most:  # most rows of most tables, made with the least of calls
            one, other = row[first], row[second]
            if one and other and not one.isspace() and not other.isspace():
                author, note = _noted(row, columns) if is_noted else ("", "")
                return Unit(file, number, (Segment(src, one), Segment(trg, other)), author, note, counts)
        return _looked_at(row, columns, file, number, counts, separator)

    return unit_of


def _looked_at(
    row: Sequence[str], columns: Columns, file: str, number: int, counts: str, separator: str
) -> Unit | LeftOut | None:
    if not any(cell.strip() for cell in row):
        return None
    place = f"{file}:{number}" if counts == "line" else f"{file}, {counts} {number}"
    if len(row) < columns.fewest or any(cell.strip() for cell in row[columns.most :]):
        expected = f"{columns.fewest} or {columns.most}" if columns.most > columns.fewest else f"{columns.most}"
        hint = f"is the separator a {separator}?" if len(row) == 1 else f"a {separator} inside a sentence?"
        return LeftOut(OTHER_COLUMNS, place, detail=f"expected {expected} columns, found {len(row)} ({hint})")
    segments = tuple(
        Segment(code, row[at]) for at, code in zip(columns.places, columns.languages, strict=True) if row[at].strip()
    )
    if len(segments) >= 2:
        return Unit(file, number, segments, *_noted(row, columns), counts)
    # Spreadsheets have cells that are empty, and pairs with tabs between have none.
    if columns.has_header or not segments or separator != "tab":
        return LeftOut(NOT_TRANSLATED, place, fault=False)
    side = "second" if row[columns.places[0]].strip() else "first"
    return LeftOut(EMPTY, place, detail=f"the {side} column is empty (a pair needs both sentences)")


def _noted(row: Sequence[str], columns: Columns) -> tuple[str, str]:
    """The author and the note of a row."""
    if len(columns.author) == 1 and not columns.note:
        at = columns.author[0]
        return clean(row[at]) if at < len(row) else "", ""
    author = " and ".join(clean(row[at]) for at in columns.author if at < len(row) and row[at].strip())
    return author, " ".join(clean(row[at]) for at in columns.note if at < len(row))


class _Heading(NamedTuple):
    text: str
    meaning: str

    @classmethod
    def of(cls, cell: str) -> _Heading:
        text = cell.strip().lstrip("\ufeff")
        return cls(text, _MEANINGS.get(text.casefold()) or heading_language(text))


@lru_cache(maxsize=1000)
def heading_language(cell: str) -> str:
    """Return the language that heads a column by its code or its name in English or itself; empty if it is none."""
    if len(cell) > MAX_HEADING:
        return ""
    name = re.split(r"[(\[]", cell)[0].strip()
    if len(name) < 2:
        return ""
    if _CODE.fullmatch(name) and langcodes.tag_is_valid(name):
        return language(name)
    try:
        found = langcodes.find(name)
        is_name = name.casefold() in (found.display_name().casefold(), found.autonym().casefold())
    except (LookupError, ImportError):  # without the package of names
        return ""
    return language(found.to_tag()) if is_name else ""


def _named(headings: Sequence[_Heading], texts: Sequence[int]) -> list[int]:
    """The places of columns that are headed by two languages or more, or by source and target; else none."""
    languages: dict[str, int] = {}
    for at, (_, meaning) in enumerate(headings):
        if meaning and meaning not in (AUTHOR, NOTE) and (at in texts or meaning in (SOURCE, TARGET)):
            languages.setdefault(meaning, at)
    if SOURCE in languages and TARGET in languages:
        return [languages[SOURCE], languages[TARGET]]
    if SOURCE in languages and languages[SOURCE] != min(languages.values()):
        del languages[SOURCE]  # beside a language, and after it, the column says where a text is from
    return list(languages.values()) if len(languages) > 1 else []


def _headed(headings: Sequence[_Heading], places: Sequence[int]) -> Columns:
    languages = tuple(meaning if (meaning := headings[at].meaning) not in (SOURCE, TARGET) else "" for at in places)
    *others, last = (f"'{headings[at].text}'" for at in places)
    return Columns(
        tuple(places),
        languages,
        max(places) + 1,
        len(headings),
        tuple(at for at, heading in enumerate(headings) if heading.meaning == AUTHOR)[:1],
        tuple(at for at, heading in enumerate(headings) if heading.meaning == NOTE)[:1],
        has_header=True,
        how=f"columns {', '.join(others)} and {last}",
    )


def _wanted(rows: Sequence[Sequence[str]], headings: Sequence[_Heading], wanted: Sequence[str], name: str) -> Columns:
    if len(wanted) != 2:
        raise UsageError(f"--columns names two columns with a comma between, not {len(wanted)}: {','.join(wanted)}")
    by_name = [_place(headings, one) for one in wanted]
    if None not in by_name:
        return _headed(headings, [at for at in by_name if at is not None])
    if all(one.isdecimal() for one in wanted):
        places = [int(one) - 1 for one in wanted]
        if all(0 <= at < max(map(len, rows)) for at in places) and places[0] != places[1]:
            if _named(headings, places):
                return _headed(headings, places)
            how = f"columns {wanted[0]} and {wanted[1]}"
            return Columns((places[0], places[1]), ("", ""), max(places) + 1, max(map(len, rows)), how=how)
    missing = wanted[by_name.index(None)]
    found = ", ".join(f"'{heading.text[:40]}'" for heading in headings[:20])
    raise UsageError(
        f"{name}: there is no column {missing!r}; the first row has {found}, or name them by their numbers"
    )


def _place(headings: Sequence[_Heading], wanted: str) -> int | None:
    texts = [heading.text.casefold() for heading in headings]
    if wanted.strip().casefold() in texts:
        return texts.index(wanted.strip().casefold())
    code = heading_language(wanted)
    return next((at for at, heading in enumerate(headings) if code and heading.meaning == code), None)


def _text_places(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """The columns that hold words in most rows; keys, which are never more than a word, only if there are no others."""
    cells = [[row[at] for row in rows if at < len(row) and row[at].strip()] for at in range(width)]
    words = [at for at in range(width) if sum(map(_has_letters, cells[at])) * 2 > len(cells[at])]
    spaced = [at for at in words if any(" " in cell.strip() for cell in cells[at])]
    return spaced if len(spaced) >= 2 else words


def _has_letters(cell: str) -> bool:
    return any(character.isalpha() for character in cell)


def _are_numbered(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first column of three holds no texts but numbers or keys, each another one."""
    keys = {row[0] for row in rows if len(row) == 3 and _KEY.fullmatch(row[0].strip())}
    return 3 <= len(keys) == len(rows)


def _is_tatoeba(rows: Sequence[Sequence[str]], width: int) -> bool:
    return width == 4 and all(
        len(row) != 4 or (row[0].strip().isdecimal() and row[2].strip().isdecimal()) for row in rows
    )
