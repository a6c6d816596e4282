"""Files in and out of a memory, by the ends of their names: TMX, and pairs as `corpus.open_pairs` reads them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..corpus import Origin, Pair, open_pairs, write_pairs
from ..corpus.lines import clean
from ..errors import UsageError
from .corrections import Correction, Entry
from .tmx import read_tmx, write_tmx

MAX_REPORTED = 20

_log = logging.getLogger("dragoman.memory")


def read_corrections(
    path: str, src: str, trg: str, *, author: str = "", state: str = "approved"
) -> Iterator[Correction]:
    """Yield the corrections of ``path`` that are from ``src`` to ``trg``, as a stream.

    In a file of pairs the third column is the author, as in one that `write_corrections` wrote. What cannot be used is
    logged as a warning (the first 20), and passed over. Errors are those of `read_tmx` and `open_pairs`.
    """
    n_bad = 0
    if path.lower().endswith(".tmx"):
        found = read_tmx(Path(path), src, trg, author=author, state=state)
    else:
        found = _pairs(path, src, trg, author, state)
    for correction in found:
        if isinstance(correction, Correction):
            yield correction
            continue
        n_bad += 1
        if n_bad <= MAX_REPORTED:
            _log.warning("%s", correction)
    if n_bad > MAX_REPORTED:
        _log.warning("%s: %d corrections in all cannot be used", path, n_bad)


def write_corrections(entries: Iterable[Entry], src: str, path: Path) -> tuple[int, int]:
    """Write ``entries`` and return how many were written, and how many could not be.

    A TMX file holds any text. A tab-separated one (``.tsv``, ``.txt``, ``.gz``) has no place for line breaks and the
    context: entries with a line break are left out.
    """
    if path.suffix.lower() == ".tmx":
        return write_tmx(entries, src, path), 0
    n_left_out = 0

    def pairs() -> Iterator[Pair]:
        nonlocal n_left_out
        for entry in entries:
            if clean(entry.source) == entry.source and clean(entry.target) == entry.target:
                yield Pair(entry.source, entry.target, Origin(str(path), entry.id, entry.author))
            else:
                n_left_out += 1

    return write_pairs(pairs(), path), n_left_out


def _pairs(path: str, src: str, trg: str, author: str, state: str) -> Iterator[Correction | str]:
    for pair in open_pairs(path, min_pairs=1):
        try:
            yield Correction(src, trg, pair.src, pair.trg, author=pair.origin.attribution or author, state=state)
        except UsageError as error:
            yield f"{pair.origin}: {error}"
