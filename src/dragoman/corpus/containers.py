"""Files of translations in a folder, a zip file or a tarball: which there are, and their bytes as streams.

Nothing is unpacked to a name: what an archive calls its files is only said. Limits hold before anything is read.
"""

from __future__ import annotations

import io
import tarfile
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from ..errors import CorpusError
from .lines import BUFFER_BYTES, MAX_TEXT_BYTES, Source, open_plain, require_magic

MAX_MEMBERS = 100_000
MAX_RATIO = 300
"""How much larger than itself an archive may become, once that is more than `FREE_BYTES`."""

FREE_BYTES = 64 * 2**20

TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")

_DAMAGE = (tarfile.TarError, EOFError, OSError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)


def is_container(path: Path) -> bool:
    """Tell whether ``path`` is a folder, or by its name an archive."""
    return path.is_dir() or path.name.lower().endswith((".zip", *TARS))


def members(path: Path) -> tuple[Source | None, list[Source]]:
    """Return what stands for the whole container ``path`` (None for a folder), and the files in it, sorted by name.

    A file's name begins with that of the container: ``docs.zip/library/os.po``. Those that no one means are left out:
    hidden ones and what the Finder adds. Raises `CorpusError` for what is damaged or too large.
    """
    if path.is_dir():
        return None, [_of_file(path, one) for one in _sorted(_walked(path))]
    whole = Source(path.name, partial(open_plain, path), path=path)
    try:
        found = _in_zip(path, whole) if path.name.lower().endswith(".zip") else _in_tar(path, whole)
    except _DAMAGE as error:
        raise CorpusError(f"{path.name}: cannot be opened: {' '.join(str(error).split())} (is it whole?)") from error
    return whole, found


def _walked(folder: Path) -> Iterator[tuple[str, Path]]:
    for n, path in enumerate(folder.rglob("*")):
        if n > MAX_MEMBERS:
            raise CorpusError(f"{folder}: more than {MAX_MEMBERS:,} files (pass the folder in it that is meant)")
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def _sorted(found: Iterator[tuple[str, Path]]) -> list[tuple[str, Path]]:
    return sorted(one for one in found if _is_meant(one[0]))


def _of_file(folder: Path, found: tuple[str, Path]) -> Source:
    name, path = found
    return Source(
        f"{folder.name or folder}/{name}", partial(open_plain, path), path=path, n_bytes_in_all=path.stat().st_size
    )


def _in_zip(path: Path, whole: Source) -> list[Source]:
    require_magic(path, b"PK", "zip")
    archive = zipfile.ZipFile(path)
    found = {one.filename: one for one in archive.infolist() if not one.is_dir() and _is_meant(one.filename)}
    _check(path, len(archive.infolist()), sum(one.file_size for one in found.values()))
    return _sources(
        whole,
        {
            name: (one.file_size, cast(Callable[[], IO[bytes]], partial(archive.open, one)))
            for name, one in found.items()
        },
    )


def _in_tar(path: Path, whole: Source) -> list[Source]:
    with path.open("rb") as file:
        if not file.read(1):
            raise CorpusError(f"{path.name}: the file is empty (expected files of translations)")
    # A packed tarball can be read from its beginning only, and its files are asked for in the order of their names.
    unpacked = _spooled(path)
    tar = tarfile.open(fileobj=unpacked)  # noqa: SIM115 - open as long as the reader is
    weakref.finalize(tar, unpacked.close)
    found: dict[str, tuple[int, Callable[[], IO[bytes]]]] = {}
    for n, one in enumerate(tar):
        if n > MAX_MEMBERS:
            _check(path, n, 0)
        if one.isreg() and not one.issparse() and _is_meant(one.name):
            found[one.name.removeprefix("./")] = one.size, cast(Callable[[], IO[bytes]], partial(tar.extractfile, one))
    return _sources(whole, found)


def _spooled(path: Path) -> IO[bytes]:
    import bz2
    import gzip
    import lzma

    openers = {b"\x1f\x8b": gzip.open, b"BZ": bz2.open, b"\xfd7": lzma.open}
    with path.open("rb") as file:
        opener = openers.get(file.read(2))
    if opener is None:
        return path.open("rb")
    spooled = TemporaryFile()  # noqa: SIM115 - open as long as the reader is
    n = 0
    try:
        with opener(path, "rb") as packed:  # type: ignore[operator]
            while data := packed.read(2**20):
                n += len(data)
                _check(path, 0, n)
                spooled.write(data)
    except lzma.LZMAError as error:
        raise CorpusError(f"{path.name}: the file is damaged or cut off: {error} (copy it again)") from error
    spooled.seek(0)
    return spooled


def _check(path: Path, n_members: int, n_bytes: int) -> None:
    if n_members > MAX_MEMBERS:
        raise CorpusError(f"{path.name}: more than {MAX_MEMBERS:,} files (unpack it, and pass what is meant)")
    if n_bytes > MAX_TEXT_BYTES:
        raise CorpusError(f"{path.name}: more than {MAX_TEXT_BYTES:,} bytes of text in it (unpack it, and pass a part)")
    if n_bytes > max(FREE_BYTES, MAX_RATIO * path.stat().st_size):
        raise CorpusError(
            f"{path.name}: what is in it is more than {MAX_RATIO} times as large as the file, as in no archive of text"
        )


def _sources(whole: Source, found: dict[str, tuple[int, Callable[[], IO[bytes]]]]) -> list[Source]:
    return [
        Source(f"{whole.name}/{_said(name)}", partial(_opened, whole, opener), n_bytes_in_all=n_bytes)
        for name, (n_bytes, opener) in sorted(found.items())
    ]


def _opened(whole: Source, opener: Callable[[], IO[bytes]]) -> io.BufferedReader:
    return io.BufferedReader(_Counted(opener(), whole), BUFFER_BYTES)


class _Counted(io.RawIOBase):
    """The bytes of a file in an archive, counted for the whole of it."""

    def __init__(self, stream: IO[bytes], whole: Source) -> None:
        self._stream, self._whole = stream, whole

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._whole.n_bytes += len(data)
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _said(name: str) -> str:
    """A file's name for messages, in one line."""
    return " ".join("".join(c if c.isprintable() else "?" for c in name).split())


def _is_meant(name: str) -> bool:
    return not any(part.startswith((".", "__MACOSX")) and part not in (".", "..") for part in name.split("/"))
