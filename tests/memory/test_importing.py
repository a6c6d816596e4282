from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from dragoman import detection
from dragoman.errors import CorpusError, Interrupted, MemoryUnavailableError
from dragoman.memory import Memory, importing
from dragoman.memory.exchange import CorrectionReader
from dragoman.memory.importing import Imported, import_corrections

EN = "The young girl remained silent, and my grandfather thanked you for asking this question about the weather. "
ES = "La joven se mantuvo en silencio, y mi abuelo te dio las gracias por hacer esta pregunta sobre el tiempo. "


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pairs.tsv"


def reader(file: Path, rows: str, src: str = "en", trg: str = "es") -> CorrectionReader:
    file.write_text(rows, "utf-8")
    return CorrectionReader(str(file), src, trg)


def test_what_became_of_a_file(file: Path, memory: Memory) -> None:
    rows = "Go.\tVe.\nGo.\tVe.\nStop.\tAlto.\n"
    assert import_corrections(memory, reader(file, rows)) == Imported(3, 2, 1, {})
    assert import_corrections(memory, reader(file, rows + "Run.\tCorre.\n")) == Imported(4, 1, 3, {})


def test_a_bad_file_changes_nothing(file: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    with pytest.raises(CorpusError, match="1 of 10 rows cannot be used"):
        import_corrections(memory, reader(file, "".join(f"Go {n}.\tVe {n}.\n" for n in range(9)) + "Go.\n"))
    assert memory.entries() == []


@pytest.mark.parametrize(
    ("error", "raised"),
    [(KeyboardInterrupt(), Interrupted), (MemoryUnavailableError("locked"), MemoryUnavailableError)],
)
def test_an_end_on_the_way_says_how_far_it_came(
    error: BaseException, raised: type[Exception], file: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    load, batches = memory.load, iter([1, 1])

    def load_twice(corrections: Any) -> int:
        if next(batches, None) is None:
            raise error
        return load(corrections)

    monkeypatch.setattr(memory, "load", load_twice)
    with pytest.raises(raised, match=r"4 new entries were kept \(import the file again for the rest\)"):
        import_corrections(memory, reader(file, "".join(f"Go {n}.\tVe {n}.\n" for n in range(9))))
    assert len(memory.entries()) == 4


@pytest.mark.parametrize(
    ("rows", "src", "trg", "said"),
    [
        ((EN, ES), "en", "es", None),
        ((EN, ES), "en-GB", "es-MX", None),
        ((ES, EN), "en", "es", "the source texts look like es, not en and the target texts look like en, not es"),
        ((ES, EN), "en", "es", "are the sides swapped"),
        ((EN, EN), "en", "es", "the target texts look like en, not es (are --src and --trg right?)"),
        ((EN, ES), "de", "fr", "the source texts look like en, not de and the target texts look like es, not fr"),
        ((EN, ES), "en", "nah", None),
        (("Hola.", "Hello."), "en", "es", None),
    ],
    ids=["right", "regions", "swapped", "asks", "same", "others", "unknown", "short"],
)
def test_sides_in_other_languages_are_a_warning(
    rows: tuple[str, str], src: str, trg: str, said: str | None, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Memory(file.with_name("memory.sqlite")) as memory:
        table = "".join("\t".join(f"{text}{n}" for text in rows) + "\n" for n in range(3))
        assert import_corrections(memory, reader(file, table, src, trg)).n_new == 3
    assert len(caplog.messages) == (said is not None)
    assert said is None or said in caplog.messages[0]


def test_without_a_detector_nothing_is_said(
    file: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "py3langid.langid", None)
    monkeypatch.setattr(detection, "_identifier", detection._identifier.__wrapped__)  # without what it remembers
    with Memory(file.with_name("memory.sqlite")) as memory:
        assert import_corrections(memory, reader(file, 3 * f"{ES}\t{EN}\n")).n_new == 1
    assert caplog.messages == []
