"""Files of pairs that were sent to be trained on: kept under numbers, and looked through by a child process, so that
whoever keeps them stays as small as before.
"""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import time
from collections.abc import Collection, Sequence
from itertools import count
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import IO, Any, NamedTuple

from ..errors import CorpusError, NotFoundError, StorageError
from .place import PROGRAM

KEPT_SECONDS = 24 * 3600.0
MAX_BYTES = 4 * 2**30
"""Of all files together."""

SECONDS = 600.0
"""For looking through one corpus."""


class Upload(NamedTuple):
    """A file that is sent: a name, without folders, which says how it is read; and what it holds."""

    name: str
    data: IO[bytes]


class Corpora:
    """Corpora in ``folder``, each one or more files of pairs. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, uploads: Sequence[Upload]) -> dict[str, Any]:
        """Keep one or more files and return what `dragoman corpus check` says of them, with the number,
        the names and the size.

        What cannot be trained on is a `CorpusError` and is not kept; a full disk is a `StorageError`.
        """
        number = secrets.token_hex(8)
        folder = self._folder / number
        try:
            files = [_keep(upload, folder) for upload in uploads]
            if self._n_bytes() > MAX_BYTES:
                raise StorageError(f"files of pairs may have {MAX_BYTES // 2**30} GiB together; try again in a day")
            n_bytes = sum(file.stat().st_size for file in files)
            names = _listed([file.name for file in files])
            return {"corpus": number, "name": names, "n_bytes": n_bytes, **_looked_through(files)}
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, OSError):
                raise StorageError(f"the file cannot be kept: {error.strerror or error}; make room") from error
            raise

    def files(self, number: str) -> list[Path]:
        """Return the files of a corpus; an unknown one is a `NotFoundError`."""
        found = sorted((self._folder / number).glob("*/*")) if number.isalnum() else []
        if not found:
            raise NotFoundError(f"there is no corpus {number[:40]}, or no longer; send the file again")
        return found

    def drop_old(self, needed: Collection[str]) -> None:
        """Remove the corpora that nobody has asked for within a day, but for those that are ``needed``."""
        for folder in self._folder.glob("*"):
            if folder.name not in needed and time.time() - folder.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)

    def _n_bytes(self) -> int:
        return sum(file.stat().st_size for file in self._folder.glob("*/*/*"))


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _keep(upload: Upload, folder: Path) -> Path:
    """Keep a file in ``folder``: beside the others, so that aligned ones are known by their names, or in a folder of
    its own where the name is taken.
    """
    place = next(here for n in count() if not ((here := folder / str(n)) / upload.name).exists())
    place.mkdir(parents=True, exist_ok=True)
    file = place / upload.name
    assert file.parent == place, "a name is no path"
    with file.open("wb") as opened:
        shutil.copyfileobj(upload.data, opened)
    return file


def _looked_through(files: Sequence[Path]) -> dict[str, Any]:
    """Return what the child says of ``files``. Somebody waits for it, so its priority is not that of a job."""
    command = [*PROGRAM, "corpus", "check", *map(str, files), "--json"]
    with subprocess.Popen(command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE) as child:  # noqa: S603 - the command is ours
        try:
            output, errors = child.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            words = (
                f"{files[0].name}: looking through it takes more than {SECONDS / 60:.0f} minutes (send a part of it)"
            )
            raise CorpusError(words) from None
    if child.returncode:
        last = errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise CorpusError(last.removeprefix("dragoman: ").removeprefix("error: ") or f"{files[0].name}: cannot be read")
    found: dict[str, Any] = json.loads(output)
    (source,) = found["sources"]
    statistics = {
        "n_read": found["n_read"],
        "n_pairs": found["n_pairs"],
        "dropped": found["dropped"],
        "bad_rows": source["n_bad"],
        "first_bad": source["first_bad"],
        "examples": source["examples"],
        "src_length": source["src"]["mean"],
        "trg_length": source["trg"]["mean"],
    }
    return {"src": found["src"], "trg": found["trg"], "statistics": statistics}
