"""JSON Lines, an object a line, as Hugging Face and others keep pairs: the texts by the names of their keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice

from ..lines import Source, read_lines
from ..units import LeftOut, Unit
from .columns import FIRST_TWO, LOOKED_AT, Columns, choose_columns, row_reader

BAD_LINE = "no object of JSON"
NESTED = "translation"
"""The key of an object in the object, which has a text for each language."""


def how(source: Source, wanted: Sequence[str] = ()) -> str:
    """Return in words how ``source`` is read, by how it begins."""
    found = _columns(source, wanted)
    return found[1].how.replace("columns", "keys") if found else "JSON Lines"


def read_jsonl(source: Source, wanted: Sequence[str] = ()) -> Iterator[Unit | LeftOut]:
    """Yield a unit for each line of ``source`` that has texts under the keys ``wanted``, or under those that all lines
    have, by the rules of `choose_columns`. A line that is no object is said.
    """
    keys, columns = _columns(source, wanted) or ([], FIRST_TWO)
    unit_of = row_reader(columns, source.name, "line")
    for number, line in read_lines(source):
        row = line if isinstance(line, LeftOut) else _object(line, f"{source.name}:{number}")
        if isinstance(row, LeftOut):
            yield row
        elif row is not None and (unit := unit_of([row.get(key, "") for key in keys], number)) is not None:
            yield unit


def _columns(source: Source, wanted: Sequence[str]) -> tuple[list[str], Columns] | None:
    """The keys of the first objects, and which of them hold the texts."""
    rows = [
        row
        for _, line in islice(read_lines(source), LOOKED_AT)
        if isinstance(line, str) and isinstance(row := _object(line, ""), dict)
    ]
    keys = list(dict.fromkeys(key for row in rows for key in row))
    if not keys:
        return None
    return keys, choose_columns([keys, *([row.get(key, "") for key in keys] for row in rows)], wanted, source.name)


def _object(line: str, place: str) -> dict[str, str] | LeftOut | None:
    """The texts of an object, those of one in it too; None for a blank line."""
    if not line.strip():
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        said = "it nests too deep" if isinstance(error, RecursionError) else str(error)
        return LeftOut(BAD_LINE, place, detail=f"{BAD_LINE}: {said}")
    if not isinstance(found, dict):
        return LeftOut(BAD_LINE, place)
    return texts_of(found)


def texts_of(record: dict[str, object]) -> dict[str, str]:
    """Return the texts of ``record`` by their keys, with those under `NESTED` beside the others."""
    nested = record.get(NESTED)
    if isinstance(nested, dict):
        record = {key: value for key, value in record.items() if key != NESTED} | nested
    return {str(key): _text(value) for key, value in record.items()}


def _text(value: object) -> str:
    if value is None or isinstance(value, dict | list | bytes):
        return ""
    # Half of a character, written as an escape, has no place in a text.
    return str(value).encode("utf-8", "ignore").decode()
