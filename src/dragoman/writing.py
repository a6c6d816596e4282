"""Files written beside their place and renamed, and folders that change places: there is never half of one."""

from __future__ import annotations

import ctypes
import errno
import gzip
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from .errors import UsageError


@contextmanager
def written_beside(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of ``path`` when the block ends well, packed if the name ends in ``.gz``.

    Where it cannot be written is a `UsageError`, and what stood at ``path`` stands there still.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as raw:
            if path.suffix.lower() == ".gz":
                # No name and no time in the header: the same pairs give the same bytes.
                with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
                    yield cast(IO[bytes], packed)
            else:
                yield raw
        beside.replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)


def exchange(one: Path, other: Path) -> None:
    """Let two folders of one file system change places: at once where Linux can, else by three renames.

    What was cut off between these leaves no ``one``; `mend_exchange` puts it back. Errors are those of `os.rename`.
    """
    if _exchanged_at_once(one, other):
        return
    aside = _aside(one)
    one.rename(aside)
    try:
        other.rename(one)
    except OSError:
        aside.rename(one)
        raise
    aside.rename(other)


def mend_exchange(one: Path, other: Path) -> None:
    """Finish or undo an `exchange` that was cut off on its way."""
    aside = _aside(one)
    if aside.exists() and not one.exists():
        aside.rename(one)
    elif aside.exists() and not other.exists():
        aside.rename(other)


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.aside")


def _exchanged_at_once(one: Path, other: Path) -> bool:
    """Ask the system for it; False where it or the file system has no such call."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if rename is None:
        return False
    here, at_once = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of linux/fcntl.h and linux/fs.h
    if rename(here, os.fsencode(one), here, os.fsencode(other), at_once) == 0:
        return True
    if (number := ctypes.get_errno()) in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP):
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))
