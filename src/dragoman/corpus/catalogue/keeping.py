"""Zip files of the cache, each with its hash beside it, as ``sha256sum --check`` reads it."""

from __future__ import annotations

import hashlib
import zipfile
from contextlib import suppress
from pathlib import Path


def keep(made: Path, place: Path) -> None:
    """Rename ``made`` to ``place``, with its hash beside it."""
    _hash_of(place).write_text(f"{_digest(made)}  {place.name}\n", encoding="ascii")
    made.replace(place)


def remove(place: Path) -> None:
    """Remove a kept file, and its hash."""
    place.unlink()
    _hash_of(place).unlink(missing_ok=True)


def is_kept(place: Path) -> bool:
    """Tell whether the zip file at ``place`` is there and has its hash still; one put there by hand gets one now."""
    if not place.is_file():
        return False
    note = _hash_of(place)
    if note.is_file():
        return note.read_text(encoding="ascii", errors="replace").split(" ")[0] == _digest(place)
    if not zipfile.is_zipfile(place):
        return False
    with suppress(OSError):  # a cache that others fill need not be writable
        note.write_text(f"{_digest(place)}  {place.name}\n", encoding="ascii")
    return True


def _hash_of(place: Path) -> Path:
    return place.with_name(f"{place.name}.sha256")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
