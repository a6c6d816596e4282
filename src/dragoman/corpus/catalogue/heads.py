"""The first pairs of a large Moses zip, without the rest of it.

The two texts of such a zip lie one behind the other, so the head of the second is far from that of the first: the
table at the end of the zip is read, then each text from its beginning until there is enough. A server that gives no
parts of a file gives all of it, and the pairs are cut from that.
"""

from __future__ import annotations

import errno
import io
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .downloading import ATTEMPTS, Progress, require_size, require_zip
from .keeping import keep
from .web import Answer, BrokenOffError, OutOfRangeError, RefusedError, Web

MAX_TEXT_BYTES = 4 * 1024**3
"""A text that unpacks to more is not unpacked."""

MAX_TABLE_BYTES = 4 * 1024**2
MAX_NOTE_BYTES = 2 * 1024**2
NOTES = ("README", "LICENSE")
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError,
)  # fmt: skip
READ_BYTES = 256 * 1024


class Zipped(io.BufferedReader):
    """A zip file as `zipfile` may read it: its table comes in one piece, and a large one is a trap, not a table."""

    def read(self, size: int | None = -1) -> bytes:
        """Return ``size`` bytes, fewer at the end."""
        if size is not None and size > MAX_TABLE_BYTES:
            raise RefusedError(f"the table of the zip file has more than {MAX_TABLE_BYTES} bytes")
        return super().read(size)


def texts_of(archive: zipfile.ZipFile, codes: tuple[str, str]) -> list[zipfile.ZipInfo]:
    """Return the two texts of a Moses zip, those whose names end in the two codes, believing its table alone."""
    texts = []
    for code in codes:
        found = [member for member in archive.infolist() if member.filename.endswith(f".{code}")]
        if len(found) != 1:
            raise RefusedError(f"the zip file has {len(found)} texts in {code}, not one")
        if found[0].file_size > MAX_TEXT_BYTES:
            raise RefusedError(f"the text in {code} unpacks to more than {MAX_TEXT_BYTES} bytes")
        texts += found
    return texts


def require_moses(path: Path, codes: tuple[str, str]) -> None:
    """Refuse a zip file that is no Moses zip in the two codes, or a bomb."""
    with Zipped(path.open("rb", buffering=0)) as file, _damage_told(), zipfile.ZipFile(file) as archive:
        texts_of(archive, codes)


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        # A damaged table leads before the first byte, which is an error of the file and not of the disk.
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        raise RefusedError("what arrived is not a whole zip file") from error


def download_head(
    web: Web, url: str, place: Path, codes: tuple[str, str], n_lines: int, progress: Progress | None
) -> bool:
    """Write a zip of the first ``n_lines`` lines of both texts to ``place``; False where the server gives no parts."""
    try:
        first = web.open(url, start=0)
    except OutOfRangeError:
        return False
    if not first.is_partial or first.n_bytes_in_all is None:
        first.close()
        return False
    require_zip(first)
    cut(RemoteFile(web, url, first, progress), place, codes, n_lines)
    return True


def cut(source: io.RawIOBase, place: Path, codes: tuple[str, str], n_lines: int) -> None:
    """Write a zip of the first ``n_lines`` lines of both texts of the Moses zip ``source``, and its notes; close it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_name(f"{place.name}.{os.getpid()}.partial")
    try:
        with (
            _damage_told(),
            Zipped(source, READ_BYTES) as file,
            zipfile.ZipFile(file) as archive,
            zipfile.ZipFile(partial, "w") as made,
        ):
            for member in texts_of(archive, codes):
                with archive.open(member) as text, made.open(_named(member), "w", force_zip64=True) as head:
                    _copy_lines(text, head, n_lines)
            for note in archive.infolist():
                if note.filename in NOTES and note.file_size <= MAX_NOTE_BYTES:
                    made.writestr(_named(note), archive.read(note))
        keep(partial, place)
    finally:
        partial.unlink(missing_ok=True)


def _copy_lines(text: IO[bytes], head: IO[bytes], n_lines: int) -> None:
    left = n_lines
    while left and (chunk := text.read(READ_BYTES)):
        lines = chunk.split(b"\n")
        if len(lines) > left:
            chunk = b"\n".join([*lines[:left], b""])
        left -= min(left, len(lines) - 1)
        head.write(chunk)


def _named(member: zipfile.ZipInfo) -> zipfile.ZipInfo:
    # Without its time: the same pairs give the same bytes.
    named = zipfile.ZipInfo(member.filename)
    named.compress_type = zipfile.ZIP_DEFLATED
    return named


class RemoteFile(io.RawIOBase):
    """A file on a server, read from wherever it is sought to; what follows is one answer until the next leap."""

    def __init__(self, web: Web, url: str, first: Answer, progress: Progress | None) -> None:
        super().__init__()
        self._web, self._url, self._progress = web, url, progress
        self._answer: Answer | None = first
        self._validator, self._n_bytes_in_all = first.validator, first.n_bytes_in_all or 0
        self._answered_to = self._place = self._n_bytes = 0

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def seekable(self) -> bool:
        """Return that places can be sought."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; nothing is asked for until it is read."""
        place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._n_bytes_in_all}[whence]
        if place < 0:
            raise OSError(errno.EINVAL, "there is nothing before the first byte")
        self._place = place
        return place

    def tell(self) -> int:
        """Return the place."""
        return self._place

    def readinto(self, buffer: object) -> int:
        """Read what has come, at most as much as fits into ``buffer``."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        if self._place >= self._n_bytes_in_all:
            return 0
        for attempt in range(1, ATTEMPTS + 1):
            try:
                chunk = self._stream().read(len(view))
                if not chunk:
                    raise BrokenOffError("the connection broke off")
                break
            except BrokenOffError:
                self._leave()
                if attempt == ATTEMPTS:
                    raise
        view[: len(chunk)] = chunk
        self._place += len(chunk)
        self._answered_to = self._place
        self._n_bytes += len(chunk)
        require_size(self._n_bytes)
        if self._progress is not None:
            self._progress(self._n_bytes, None)
        return len(chunk)

    def close(self) -> None:
        """Read no more of it."""
        self._leave()
        super().close()

    def _stream(self) -> Answer:
        if self._answer is None or self._answered_to != self._place:
            self._leave()
            answer = self._web.open(self._url, start=self._place, validator=self._validator)
            if not answer.is_partial or (answer.start, answer.n_bytes_in_all) != (self._place, self._n_bytes_in_all):
                answer.close()
                raise RefusedError("the file changed while it was read")
            self._answer, self._answered_to = answer, self._place
        return self._answer

    def _leave(self) -> None:
        if self._answer is not None:
            self._answer.close()
        self._answer = None
