"""Pairs written as tab-separated text: source, target and perhaps an attribution."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from ..errors import CorpusError, UsageError
from ..writing import written_beside
from .lines import clean
from .pairs import Pair


def write_pairs(pairs: Iterable[Pair], path: str | os.PathLike[str]) -> int:
    """Write `pairs` as a tab-separated file, gzip if `path` ends in ``.gz``, and return their number.

    An attribution is written as a third column. The file is written beside and renamed, so `path` never holds
    half of it. Raises `CorpusError` for a pair that would not be read back as it is (an empty side, a tab or
    a line end in it), and `UsageError` for a path that cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() == ".zip":
        raise UsageError(f"{path.name}: pairs are not written as zip (let the name end in .tsv, .txt or .gz)")
    n_pairs = 0
    with written_beside(path) as stream:
        for pair in pairs:
            stream.write(_row(pair).encode())
            n_pairs += 1
    return n_pairs


def _row(pair: Pair) -> str:
    columns = [pair.src, pair.trg, *([pair.origin.attribution] if pair.origin.attribution else [])]
    for column in columns:
        if not column or column != clean(column):
            raise CorpusError(
                f"{pair.origin}: {column[:40]!r} cannot stand in a tab-separated file as it is "
                "(expected NFC text without tabs, line ends, control characters or outer spaces)"
            )
    return "\t".join(columns) + "\n"
