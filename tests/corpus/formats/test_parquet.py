from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from dragoman.corpus.formats import parquet
from dragoman.corpus.formats.parquet import how, read_parquet
from dragoman.corpus.units import LeftOut, Segment, Unit
from dragoman.errors import CorpusError, MissingPackageError, UsageError
from tests.corpus.formats.conftest import Write

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

SIDES = [(f"I have {n} dogs.", f"Tengo {n} perros.") for n in range(2, 2_402)]
NESTED = [{"id": str(n), "translation": {"en": src, "es": trg}} for n, (src, trg) in enumerate(SIDES)]
FLAT = [{"n": n, "es": trg, "score": 0.5, "en": src} for n, (src, trg) in enumerate(SIDES)]


def packed(rows: Sequence[dict[str, Any]], **options: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), file, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("rows", "languages", "said"),
    [(NESTED, ("en", "es"), "columns 'en' and 'es'"), (FLAT, ("es", "en"), "columns 'es' and 'en'")],
    ids=["translation", "flat"],
)
@pytest.mark.parametrize("compression", ["snappy", "zstd", "gzip"])
def test_columns_by_their_names(
    write: Write, rows: list[dict[str, Any]], languages: tuple[str, str], said: str, compression: str
) -> None:
    source = write("a.parquet", packed(rows, compression=compression, row_group_size=700))
    found = list(read_parquet(source))
    src, trg = SIDES[0]
    by_language = {"en": src, "es": trg}
    segments = tuple(Segment(code, by_language[code]) for code in languages)
    assert found[0] == Unit("a.parquet", 1, segments, counts="row")
    assert [unit.number for unit in found if isinstance(unit, Unit)] == list(range(1, len(SIDES) + 1))
    assert how(source) == said


def test_columns_that_are_named(write: Write) -> None:
    rows = [{"a": src, "b": trg, "c": "Hm."} for src, trg in SIDES]
    source = write("a.parquet", packed(rows))
    for wanted in (("b", "a"), ("2", "1")):
        first = next(read_parquet(source, wanted))
        assert isinstance(first, Unit)
        assert [segment.text for segment in first.segments] == list(SIDES[0][::-1])
    with pytest.raises(UsageError, match=r"^a.parquet: there is no column 'd'; the first row has 'a', 'b', 'c'"):
        list(read_parquet(source, ("a", "d")))


def test_what_is_missing_is_left_out(write: Write) -> None:
    rows: list[dict[str, Any]] = [
        {"en": "Go.", "es": "Ve."},
        {"en": "Run.", "es": None},
        {"en": None, "es": None},
        {"en": "x", "es": ""},
    ]
    found = list(read_parquet(write("a.parquet", packed(rows))))
    assert [(type(one), str(one)) for one in found[1:]] == [
        (LeftOut, "a.parquet, row 2: not translated"),
        (LeftOut, "a.parquet, row 4: not translated"),
    ]


@pytest.mark.parametrize(
    "content",
    [b"", b"PAR1", b"no Parquet at all", packed(NESTED)[:5_000], packed(NESTED)[:400] + packed(NESTED)[500:]],
    ids=["empty", "magic", "text", "cut", "hole"],
)
def test_a_damaged_file(write: Write, content: bytes) -> None:
    with pytest.raises(CorpusError, match=r"^a\.parquet.*: (the file is empty|this is no Parquet, or damaged)") as said:
        list(read_parquet(write("a.parquet", content)))
    assert "\n" not in str(said.value)


def test_a_group_too_large_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "MAX_GROUP_BYTES", 10_000)
    with pytest.raises(CorpusError, match=r"^a.parquet: a group of rows has over 10,000 bytes in a column \("):
        list(read_parquet(write("a.parquet", packed(NESTED))))


def test_without_pyarrow(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write("a.parquet", packed(NESTED))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(
        MissingPackageError, match=r"^a.parquet: reading Parquet needs pyarrow: .*'dragoman\[parquet\]'"
    ):
        list(read_parquet(source))
