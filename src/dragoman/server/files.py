"""Translated files that wait to be fetched: on the disk, under names that nobody can guess, for a while."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import NamedTuple

from ..errors import NotFoundError, OverloadedError

KEPT_SECONDS = 30 * 60.0
MAX_BYTES = 200 * 2**20
_NOT_OF_A_NAME = re.compile(r"[^\w.-]+")


class _File(NamedTuple):
    path: Path
    shown_as: str
    n_bytes: int
    until: float


class Files:
    """A folder of its own for translated files, which is gone with the server."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._folder = TemporaryDirectory(prefix="dragoman-")
        self._files: dict[str, _File] = {}
        self._clock = clock

    def keep(self, data: bytes, shown_as: str) -> str:
        """Keep ``data`` and return the name under which it can be fetched."""
        self._drop_old()
        if sum(file.n_bytes for file in self._files.values()) + len(data) > MAX_BYTES:
            raise OverloadedError("too many translated files wait to be fetched; try again later", KEPT_SECONDS / 10)
        key = secrets.token_hex(16)
        path = Path(self._folder.name) / key
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)  # what cleans /tmp may have taken it
            path.write_bytes(data)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise OverloadedError(f"there is no room for the translated file ({error.strerror}); try later") from error
        name = f"{key}.{plain_name(shown_as)}"
        self._files[name] = _File(path, plain_name(shown_as), len(data), self._clock() + KEPT_SECONDS)
        return name

    def fetch(self, name: str) -> tuple[bytes, str]:
        """Return the file of that name and how it is to be called; an unknown one is a `NotFoundError`."""
        self._drop_old()
        try:
            file = self._files[name]
            return file.path.read_bytes(), file.shown_as
        except (KeyError, FileNotFoundError):
            raise NotFoundError("there is no such file, or no longer; translate it again") from None

    def close(self) -> None:
        """Delete all of them."""
        self._folder.cleanup()

    def _drop_old(self) -> None:
        now = self._clock()
        for name in [name for name, file in self._files.items() if file.until < now]:
            self._files.pop(name).path.unlink(missing_ok=True)


def plain_name(name: str) -> str:
    """Return ``name`` without folders and without what a header or a file system might take for something else."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return _NOT_OF_A_NAME.sub("_", last)[-60:].strip("._-") or "file"
