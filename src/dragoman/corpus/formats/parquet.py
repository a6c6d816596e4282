"""Parquet, as Hugging Face keeps its data: the columns of texts, some rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ...errors import CorpusError, MissingPackageError
from ..lines import Source
from ..spooling import spooled
from ..units import LeftOut, Unit
from .columns import LOOKED_AT, Columns, choose_columns, row_reader
from .jsonl import texts_of

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

BATCH = 1_000
MAX_GROUP_BYTES = 2**30
"""Of a column in a group of rows, which is unpacked as a whole."""


def how(source: Source, wanted: Sequence[str] = ()) -> str:
    """Return in words how ``source`` is read, by how it begins."""
    with spooled(source) as file:
        _, columns = _columns(source.name, _opened(source.name, file), wanted)
    return columns.how


def read_parquet(source: Source, wanted: Sequence[str] = ()) -> Iterator[Unit | LeftOut]:
    """Yield a unit for each row of ``source``, of the columns ``wanted`` or those of `choose_columns`; a struct
    "translation" counts as the columns that are in it. Needs the extra ``parquet``.
    """
    with spooled(source) as file:
        opened = _opened(source.name, file)
        keys, columns = _columns(source.name, opened, wanted)
        unit_of = row_reader(columns, source.name, "row")
        for number, record in enumerate(_records(source.name, opened), start=1):
            if (unit := unit_of([record.get(key, "") for key in keys], number)) is not None:
                yield unit


def _columns(name: str, opened: ParquetFile, wanted: Sequence[str]) -> tuple[list[str], Columns]:
    rows = []
    for record in _records(name, opened):
        rows.append(record)
        if len(rows) == LOOKED_AT:
            break
    keys = list(dict.fromkeys(key for row in rows for key in row))
    return keys, choose_columns([keys, *([row.get(key, "") for key in keys] for row in rows)], wanted, name)


def _opened(name: str, file: Any) -> ParquetFile:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ModuleNotFoundError as error:
        raise MissingPackageError(f"{name}: reading Parquet needs pyarrow", "dragoman[parquet]") from error
    try:
        opened = ParquetFile(file, pre_buffer=False)
    except (ArrowException, OSError, ValueError) as error:
        raise _damaged(name, error) from error
    metadata = opened.metadata
    for group in range(metadata.num_row_groups):
        found = metadata.row_group(group)
        sizes = [found.column(at).total_uncompressed_size for at in range(found.num_columns)]
        if sizes and max(sizes) > MAX_GROUP_BYTES:
            raise CorpusError(
                f"{name}: a group of rows has over {MAX_GROUP_BYTES:,} bytes in a column (write it in smaller groups)"
            )
    return opened


def _records(name: str, opened: ParquetFile) -> Iterator[dict[str, str]]:
    from pyarrow import ArrowException

    number = 0
    try:
        for batch in opened.iter_batches(batch_size=BATCH, use_threads=False):
            for record in batch.to_pylist():
                number += 1
                yield texts_of(record)
    except (ArrowException, OSError, ValueError) as error:
        raise _damaged(f"{name}, after row {number}", error) from error


def _damaged(place: str, error: Exception) -> CorpusError:
    said = " ".join(str(error).split())[:200]
    return CorpusError(f"{place}: this is no Parquet, or damaged: {said} (copy or download it again)")
