"""A zip file fetched once: continued where it was cut off, checked, and kept with its hash beside it."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from .keeping import keep
from .web import CHUNK_BYTES, Answer, BrokenOffError, OutOfRangeError, RefusedError, Web

MAX_DOWNLOAD_BYTES = 500 * 1024**2
ATTEMPTS = 5
"""How often a download is taken up again in one go."""

Progress = Callable[[int, int | None], None]
"""Called with the bytes received so far and the bytes in all, None where nobody knows."""


class WrongSizeError(RefusedError):
    """What comes is too much, or not what was said; none of it is worth keeping."""


def require_size(n_bytes: int) -> None:
    """Refuse more bytes than a download may have."""
    if n_bytes > MAX_DOWNLOAD_BYTES:
        raise WrongSizeError(f"it has more than {MAX_DOWNLOAD_BYTES} bytes")


def require_zip(answer: Answer) -> None:
    """Refuse an answer that calls itself a text: a page of an error, or the one where to log in."""
    if answer.content_type.startswith("text/"):
        answer.close()
        raise RefusedError(f"the server sends {answer.content_type}, not a zip file")


def download(web: Web, url: str, place: Path, progress: Progress | None = None) -> None:
    """Fetch the zip file at ``url`` to ``place``.

    What came before a cut stays beside it as ``.partial``, and the next call asks for the rest only, if the server says
    that the file is still the same. Raises `RefusedError`, and `OSError` where the disk does not take it.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_name(f"{place.name}.partial")
    note = _Note(partial.with_name(f"{partial.name}.json"))
    with partial.open("a+b") as file:
        _lock(file, partial)
        try:
            _Download(web, url, file, note, progress).run()
            if not zipfile.is_zipfile(partial):
                file.truncate(0)
                raise RefusedError("what arrived is not a whole zip file")
            keep(partial, place)
            note.remove()
        except RefusedError:
            if not _size(file) or not note.read().get("validator"):
                partial.unlink()
                note.remove()
            raise


class _Note:
    """What is known of a file of which a part is there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, Any]:
        try:
            known = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def write(self, url: str, answer: Answer) -> None:
        known = {"url": url, "validator": answer.validator, "n_bytes_in_all": answer.n_bytes_in_all}
        self._path.write_text(json.dumps(known), encoding="utf-8")

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)


def _lock(file: IO[bytes], path: Path) -> None:
    if sys.platform == "win32":
        return  # where there is no such lock, two that write are found by the size that comes of it
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_free = os.path.samestat(os.fstat(file.fileno()), path.stat())
    except (BlockingIOError, FileNotFoundError):
        is_free = False  # it is held, or its holder has just renamed it
    if not is_free:
        raise RefusedError("another process is downloading it; wait for it")


def _size(file: IO[bytes]) -> int:
    return os.fstat(file.fileno()).st_size


class _Download:
    """One download to the end of ``file``, which a former one may have begun."""

    def __init__(self, web: Web, url: str, file: IO[bytes], note: _Note, progress: Progress | None) -> None:
        self._web, self._url, self._file, self._note, self._progress = web, url, file, note, progress

    def run(self) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            known = self._note.read()
            if known.get("url") != self._url or not known.get("validator"):
                self._file.truncate(0)
            before = _size(self._file)
            try:
                with self._answer(before, known) as answer:
                    self._take(answer)
                return
            except BrokenOffError as error:
                n_bytes, can_go_on = _size(self._file), bool(self._note.read().get("validator"))
                if n_bytes > before and can_go_on and attempt < ATTEMPTS:
                    continue
                kept = f" after {n_bytes} bytes (the same command goes on from there)" if can_go_on else ""
                raise RefusedError(f"{error}{kept}") from error

    def _answer(self, n_bytes: int, known: dict[str, Any]) -> Answer:
        """The answer from byte ``n_bytes`` on, or from the first where the file is another one by now."""
        if n_bytes:
            try:
                answer = self._web.open(self._url, start=n_bytes, validator=str(known["validator"]))
            except OutOfRangeError:
                pass
            else:
                if answer.is_partial and answer.start == n_bytes and answer.n_bytes_in_all == known["n_bytes_in_all"]:
                    return answer
                answer.close()
            self._file.truncate(0)
        answer = self._web.open(self._url)
        require_zip(answer)
        self._note.write(self._url, answer)
        return answer

    def _take(self, answer: Answer) -> None:
        try:
            require_size(answer.n_bytes_in_all or 0)
            n_bytes = answer.start
            while chunk := answer.read(CHUNK_BYTES):
                n_bytes += len(chunk)
                require_size(n_bytes)
                # Written at once: after a cut the size of the file is what has come.
                self._file.write(chunk)
                self._file.flush()
                if self._progress is not None:
                    self._progress(n_bytes, answer.n_bytes_in_all)
            if answer.n_bytes_in_all not in (None, n_bytes) or _size(self._file) != n_bytes:
                raise WrongSizeError(f"{n_bytes} bytes came of {answer.n_bytes_in_all}")
        except WrongSizeError:
            self._file.truncate(0)
            raise
