"""A file into a memory: all of it is read and checked first, then kept; what became of it is counted."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from ..checking.languages import language_warnings
from ..errors import Interrupted, MemoryUnavailableError
from .corrections import Correction
from .exchange import CorrectionReader, LeftOut
from .store import BATCH, Memory, chunks

LOOKED_AT = 500
"""Corrections by which the languages of the sides are told."""

_log = logging.getLogger("dragoman.memory")


@dataclass(frozen=True)
class Imported:
    """What became of a file: units or rows that were read, corrections that were new or there already, the rest."""

    n_read: int
    n_new: int
    n_there: int
    left_out: dict[str, LeftOut]


def import_corrections(memory: Memory, reader: CorrectionReader) -> Imported:
    """Keep the corrections of ``reader`` in ``memory``.

    Nothing is kept before the file was read to its end: one that is damaged, or of other languages, changes nothing.
    Then `BATCH` corrections at a time are durable, and others may write between two; where that ends early, the error
    says how many were kept. A side that seems to be in another language is a warning.
    """
    with TemporaryFile() as checked:
        n, sample = _check(reader, checked)
        for warning in language_warnings(*sample, reader.src, reader.trg):
            _log.warning("%s: %s", reader.path, warning)
        checked.seek(0)
        n_new = _keep(memory, _read_back(checked, n), reader.path)
    return Imported(reader.n_read, n_new, n - n_new, reader.left_out)


def _check(reader: CorrectionReader, checked: IO[bytes]) -> tuple[int, tuple[list[str], list[str]]]:
    """Write the corrections of ``reader`` to ``checked``; return their number, and the first texts of each side."""
    n, sources, targets = 0, list[str](), list[str]()
    for correction in reader:
        pickle.dump(correction, checked)
        n += 1
        if n <= LOOKED_AT:
            sources.append(correction.source)
            targets.append(correction.target)
    return n, (sources, targets)


def _read_back(checked: IO[bytes], n: int) -> Iterator[Correction]:
    for _ in range(n):
        yield pickle.load(checked)  # noqa: S301 - our own, of a moment ago


def _keep(memory: Memory, corrections: Iterator[Correction], path: str) -> int:
    n_new = 0
    try:
        for batch in chunks(corrections, BATCH):
            n_new += memory.load(batch)
    except KeyboardInterrupt:
        raise Interrupted(f"{path}: stopped; {_kept(n_new)}") from None
    except MemoryUnavailableError as error:
        raise MemoryUnavailableError(f"{error}; {_kept(n_new)}") from error
    return n_new


def _kept(n_new: int) -> str:
    return f"{n_new:,} new entries were kept (import the file again for the rest)"
