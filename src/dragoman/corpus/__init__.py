"""Sentence pairs in: read from files, checked, cleaned, split, counted.

`open_pairs` is the door. This room knows text and files; it imports no other room, and only
`catalogue` opens a socket.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ..errors import UsageError
from . import catalogue
from .lines import Source, check_head, is_pipe, open_gzip, open_plain, open_stdin, open_zip
from .pairs import Origin, Pair
from .plain import read_aligned
from .reader import MIN_PAIRS, PairReader
from .tsv import read_tsv, write_pairs

__all__ = ["Origin", "Pair", "PairReader", "open_pairs", "write_pairs"]

# How a file is opened, by the end of its name; any other name is opened as plain text.
OPENERS: dict[str, Callable[[Path], io.BufferedReader]] = {
    ".tsv": open_plain,
    ".txt": open_plain,
    ".gz": open_gzip,
    ".zip": open_zip,
}

STDIN = "-"
PHRASEBOOK = "phrasebook"


def open_pairs(
    path: str | os.PathLike[str],
    trg_path: str | os.PathLike[str] | None = None,
    *,
    reverse: bool = False,
    limit: int | None = None,
    min_pairs: int = MIN_PAIRS,
    progress: catalogue.Progress | None = None,
) -> PairReader:
    """Return the pairs of `path`, lazily, each with NFC sides and its origin.

    Args:
        path: a tab-separated file of 2 or 3 columns (source, target, attribution), plain, ``.gz`` or
            ``.zip``; ``-`` for standard input; ``phrasebook`` for the embedded corpus; or the name of a
            corpus to download, such as ``tatoeba:spa-eng``. A file of one of these names is meant by
            ``./phrasebook``.
        trg_path: the target side, if `path` and it are two aligned files, one sentence a line.
        reverse: swap source and target.
        limit: take only the first so many good pairs.
        min_pairs: fewer good pairs than this are an error at the end of the iteration.
        progress: called with bytes so far and bytes in all (None if unknown) while a named corpus is
            downloaded.

    Raises:
        CorpusError: the file is missing, empty, binary or packed otherwise than its name says; during
            iteration, what `PairReader` and `dragoman.corpus.lines.read_lines` refuse.
        UsageError: an unknown corpus name, or `trg_path` beside a name that holds both sides.
        DownloadError: a named corpus could not be fetched.
    """
    name = os.fspath(path)
    if trg_path is not None and (name in (STDIN, PHRASEBOOK) or catalogue.is_name(name)):
        raise UsageError(
            f"{name} holds both sides; a second file {os.fspath(trg_path)} cannot go with it (leave one out)"
        )
    make = partial(PairReader, reverse=reverse, limit=limit, min_pairs=min_pairs)
    if name == STDIN:
        source = Source("standard input", open_stdin, keep_open=True)
        return make(source.name, partial(read_tsv, source), sources=(source,), once=True)
    if name == PHRASEBOOK:
        # The tables of the phrasebook are loaded only when they are wanted.
        from .phrasebook import pairs

        return make(PHRASEBOOK, pairs)
    src_path = catalogue.fetch(name, progress=progress) if catalogue.is_name(name) else Path(path)
    source = _source(src_path)
    if trg_path is None:
        return make(source.name, partial(read_tsv, source), sources=(source,))
    target = _source(Path(trg_path))
    return make(f"{source.name} and {target.name}", partial(read_aligned, source, target), sources=(source, target))


def _source(path: Path) -> Source:
    opener = OPENERS.get(path.suffix.lower(), open_plain)
    source = Source(path.name or str(path), partial(opener, path))
    # A pipe is given once: looking into it now would take its first bytes from the reader.
    if not is_pipe(path):
        check_head(source)
        source.path = path
        source.n_bytes_in_all = path.stat().st_size if opener is open_plain else None
    return source
