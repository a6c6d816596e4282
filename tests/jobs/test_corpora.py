"""Corpora that were sent: kept if they can be trained on, and told of."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dragoman.errors import CorpusError, NotFoundError, StorageError
from dragoman.jobs import corpora
from dragoman.jobs.corpora import Corpora, Upload


def upload(name: str, text: str) -> Upload:
    return Upload(name, io.BytesIO(text.encode()))


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """No child looks through the files."""

    def looked_through(files: Sequence[Path]) -> dict[str, Any]:
        return {"src": "en"}

    monkeypatch.setattr(corpora, "_looked_through", looked_through)


def test_two_aligned_files_are_kept_and_looked_through(tmp_path: Path) -> None:
    kept = Corpora(tmp_path)
    rows = [*range(30), 29]
    srcs, trgs = "".join(f"I have {n} dogs.\n" for n in rows), "".join(f"Tengo {n} perros.\n" for n in rows)
    told = kept.add([upload("all.en", srcs), upload("all.gsw", trgs)])
    assert (told["name"], told["n_bytes"]) == ("all.en and all.gsw", len(srcs) + len(trgs))
    assert (told["src"], told["trg"]) == ("en", "gsw")
    assert told["statistics"]["n_read"] == 31
    assert told["statistics"]["n_pairs"] == 30
    assert told["statistics"]["dropped"] == {"duplicate": 1}
    assert told["statistics"]["examples"][0] == ["I have 0 dogs.", "Tengo 0 perros."]
    assert [file.read_text() for file in kept.files(told["corpus"])] == [srcs, trgs]


def test_what_cannot_be_trained_on_is_told_and_not_kept(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"^notes.txt: 1 of 1 rows cannot be used, .*is the separator a tab"):
        Corpora(tmp_path).add([upload("notes.txt", "hello\n")])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("unread")
def test_files_of_one_name_do_not_meet(tmp_path: Path) -> None:
    kept = Corpora(tmp_path)
    told = kept.add([upload("text", "a"), upload("text", "b")])
    assert [file.read_text() for file in kept.files(told["corpus"])] == ["a", "b"]


@pytest.mark.parametrize("number", ["0123456789abcdef", "..", "", "*", "a/b"])
def test_an_unknown_corpus_is_none(tmp_path: Path, number: str) -> None:
    (tmp_path / "x" / "y").mkdir(parents=True)
    with pytest.raises(NotFoundError, match="send the file again"):
        Corpora(tmp_path).files(number)


@pytest.mark.usefixtures("unread")
def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(28, "No space left on device")

    with pytest.raises(StorageError, match="No space left on device; make room"):
        Corpora(tmp_path).add([Upload("a.tsv", Full())])
    monkeypatch.setattr(corpora, "MAX_BYTES", 3)
    with pytest.raises(StorageError, match="together; try again in a day"):
        Corpora(tmp_path).add([upload("a.tsv", "four")])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("unread")
def test_old_corpora_go_unless_they_are_needed(tmp_path: Path) -> None:
    kept = Corpora(tmp_path)
    old, needed, new = (kept.add([upload("a.tsv", "a")])["corpus"] for _ in range(3))
    then = time.time() - corpora.KEPT_SECONDS - 60
    for number in (old, needed):
        os.utime(tmp_path / number, (then, then))
    kept.drop_old({needed})
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([needed, new])
