"""A file into a memory: all of it is read and checked first, then kept; what became of it is counted."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

import langcodes

from ..detection import Detector, likely_language
from ..errors import Interrupted, MemoryUnavailableError, MissingPackageError
from .corrections import Correction
from .exchange import CorrectionReader, LeftOut
from .store import BATCH, Memory, chunks

LOOKED_AT = 1_000
"""Characters of each side by which its language is told."""

ENOUGH = 200
"""Characters of a side from which on its language is sure."""

NEAR = 20
"""Languages up to so far from each other (CLDR) are not told apart by a sample: Norwegian and Danish, Malay."""

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
        _warn_of_languages(reader, *sample)
        checked.seek(0)
        n_new = _keep(memory, _read_back(checked, n), reader.path)
    return Imported(reader.n_read, n_new, n - n_new, reader.left_out)


def _check(reader: CorrectionReader, checked: IO[bytes]) -> tuple[int, tuple[str, str]]:
    """Write the corrections of ``reader`` to ``checked``; return their number, and how each side begins."""
    n, source, target = 0, "", ""
    for correction in reader:
        pickle.dump(correction, checked)
        n += 1
        if min(len(source), len(target)) < LOOKED_AT:
            source, target = f"{source} {correction.source}", f"{target} {correction.target}"
    return n, (source, target)


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


def _warn_of_languages(reader: CorrectionReader, source: str, target: str) -> None:
    if min(len(source), len(target)) < ENOUGH:
        return
    try:
        found = [likely_language(text) for text in (source, target)]
        sides = zip(("source", "target"), (reader.src, reader.trg), found, (source, target), strict=True)
        wrong = [(side, code, seen) for side, code, seen, text in sides if seen and _differ(code, seen, text)]
    except MissingPackageError:
        return  # a look that is done where it can be
    if not wrong:
        return
    says = " and ".join(f"the {side} texts look like {seen}, not {code}" for side, code, seen in wrong)
    if found == [reader.trg.split("-")[0], reader.src.split("-")[0]]:
        says += f": are the sides swapped? (--src {reader.trg} --trg {reader.src})"
    else:
        says += " (are --src and --trg right?)"
    _log.warning("%s: %s", reader.path, says)


def _differ(named: str, seen: str, text: str) -> bool:
    """Tell whether a text that looks like ``seen`` is surely not in the language ``named``."""
    if langcodes.tag_distance(seen, named) <= NEAR:
        return False
    # Of a language that the detector does not know, it sees another one in every text.
    return Detector([named]).detect(text)[0][1] > 0
