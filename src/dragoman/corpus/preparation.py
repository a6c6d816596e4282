"""A corpus of any size to a store: read as a stream, cleaned, split and written, in memory of a few numbers a pair.

The first pairs are measured here; a corpus that goes on after them is shared out to further processes. Both ways
give the same store, byte for byte.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import CorpusError, UsageError
from ..hashing import text_hashes
from .cleaning import DUPLICATE, REASONS, CleaningReport, CleaningRules
from .pairs import Pair
from .reader import PairReader
from .splitting import PARTS, assign_parts, check_shares, large_group_warning, normalise
from .store import Columns, Facts, PairWriter, SourceFile, Store, mapped, write_parts

BLOCK = 8192
"""Pairs that are measured at a time."""
N_BLOCKS_HERE = 32
"""Blocks that are measured in this process before others are started, which takes a few tenths of a second."""
N_PROCESSES = 2
"""Reading the lines keeps this process about half as busy as measuring them keeps the others."""
N_WAITING = 2 * N_PROCESSES + 1
"""Blocks that are out at a time: none of the processes waits, and memory holds no more."""

Progress = Callable[[int, int, "int | None"], None]
"""Called with the pairs read so far, the bytes of text read so far, and those in all (None if unknown)."""


def prepare(
    reader: PairReader,
    folder: Path,
    *,
    rules: CleaningRules | None = None,
    seed: int = 0,
    dev: float = 0.02,
    test: float = 0.02,
    min_pairs: int = 0,
    progress: Progress = lambda n_pairs, n_bytes, n_bytes_in_all: None,
) -> Store:
    """Read all pairs of ``reader``, clean and split them, write them to ``folder`` and return the store in it.

    Pairs are dropped and counted as `Cleaner` does it and split as `split` does it; ``min_pairs`` must be left over.
    The folder appears whole or not at all; a store that is there already is replaced. What comes through a pipe is
    kept in it. A corpus of more than ``BLOCK * N_BLOCKS_HERE`` pairs is measured by further processes: in a script such
    a call must stand under ``if __name__ == "__main__":``.

    Raises:
        CorpusError: what reading raises; too few pairs or an empty part; no space on the disk; a file that changed
            while it was read.
        UsageError: shares that leave nothing for training, or processes that could not be started.
    """
    check_shares(dev, test)
    # One name and not one a process: what a killed preparation left is cleared away by the next.
    beside = folder.with_name(f".{folder.name}.partial")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        _write(reader, beside, rules or CleaningRules(), (seed, dev, test), min_pairs, progress)
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
    except OSError as error:
        raise CorpusError(
            f"{folder}: the prepared pairs cannot be written: {error.strerror or error} "
            "(make room there, or choose another place)"
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return Store(folder)


def _write(
    reader: PairReader,
    folder: Path,
    rules: CleaningRules,
    shares: tuple[int, float, float],
    min_pairs: int,
    progress: Progress,
) -> None:
    with _Hashes(folder) as hashes:
        with _recorded(reader, folder) as sources, PairWriter(folder) as writer:
            report, file = _add_all(reader, writer, hashes, rules, progress)
        kept = _firsts(hashes.column("pair"))
        report.dropped[DUPLICATE] = report.n_kept - len(kept)
        report.n_kept = len(kept)
        if report.n_kept < min_pairs:
            raise CorpusError(f"{reader.name}: at least {min_pairs} pairs are needed; cleaning {report} (add pairs)")
        seed, dev, test = shares
        sides = hashes.column("src")[kept], hashes.column("trg")[kept]
        parts, large = assign_parts(*sides, seed=seed, dev=dev, test=test)
    firsts = Columns(folder, file).pairs(kept[[first for first, _ in large]])
    rows = {name: kept[parts == part] for part, name in enumerate(PARTS)}
    facts = Facts(
        name=reader.name,
        file=file,
        n_rows=reader.n_rows,
        n_bad=reader.n_bad,
        reverse=reader.reverse,
        limit=reader.limit,
        rules=rules,
        cleaning=report,
        seed=seed,
        dev=dev,
        test=test,
        n_pairs={name: len(rows[name]) for name in PARTS},
        warnings=[large_group_warning(pair, n, len(kept)) for pair, (_, n) in zip(firsts, large, strict=True)],
        sources=sources,
    )
    write_parts(folder, rows, facts)


def _add_all(
    reader: PairReader, writer: PairWriter, hashes: _Hashes, rules: CleaningRules, progress: Progress
) -> tuple[CleaningReport, str]:
    """Write all pairs that keep the rules, with their hashes; return what was dropped, and the file in the origins."""
    report, file = CleaningReport(), reader.name
    for block, measures in _measured(_blocks(reader), rules):
        good = measures.broken < 0
        file = block[0].origin.file
        writer.add([block[place] for place in np.flatnonzero(good)])
        hashes.add(*(column[good] for column in measures.hashes))
        report.n_read += len(block)
        report.n_kept += int(np.count_nonzero(good))
        for number, reason in enumerate(REASONS):
            report.dropped[reason] += int(np.count_nonzero(measures.broken == number))
        progress(report.n_read, sum(source.n_bytes for source in reader.sources), _n_bytes_in_all(reader))
    return report, file


def _n_bytes_in_all(reader: PairReader) -> int | None:
    known = [source.n_bytes_in_all for source in reader.sources if source.n_bytes_in_all is not None]
    return sum(known) if known and len(known) == len(reader.sources) else None


def _blocks(reader: PairReader) -> Iterator[list[Pair]]:
    pairs = iter(reader)
    while block := list(islice(pairs, BLOCK)):
        yield block


class Measures(NamedTuple):
    """What is known of a block of n pairs: ``broken`` (n,) int8, the place in ``REASONS`` or -1; and three hashes
    (n,) uint64: of both sides as they are, of the normalised source, of the normalised target.
    """

    broken: NDArray[np.int8]
    hashes: tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]


def measure(srcs: list[str], trgs: list[str], rules: CleaningRules) -> Measures:
    """Return the measures of a block of pairs."""
    reasons = map(rules.broken_by, srcs, trgs)
    return Measures(
        np.array([-1 if reason is None else REASONS.index(reason) for reason in reasons], np.int8),
        (
            text_hashes(f"{src}\0{trg}" for src, trg in zip(srcs, trgs, strict=True)),
            text_hashes(map(normalise, srcs)),
            text_hashes(map(normalise, trgs)),
        ),
    )


def _measured(blocks: Iterator[list[Pair]], rules: CleaningRules) -> Iterator[tuple[list[Pair], Measures]]:
    """Yield each block with its measures, in order."""
    for block in islice(blocks, N_BLOCKS_HERE):
        yield block, measure(*_sides(block), rules)
    if (more := next(blocks, None)) is None:
        return
    waiting: deque[tuple[list[Pair], Future[Measures]]] = deque()
    with _pool() as pool:
        for block in chain([more], blocks):
            waiting.append((block, pool.submit(measure, *_sides(block), rules)))
            if len(waiting) > N_WAITING:
                block, future = waiting.popleft()
                yield block, future.result()
        for block, future in waiting:
            yield block, future.result()


def _sides(block: list[Pair]) -> tuple[list[str], list[str]]:
    return [pair.src for pair in block], [pair.trg for pair in block]


@contextmanager
def _pool() -> Iterator[ProcessPoolExecutor]:
    # Spawned and not forked: a fork of a process with threads, such as JAX's, may hang.
    spawn = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(N_PROCESSES, mp_context=spawn, initializer=_attend_parent) as pool:
            yield pool
    except BrokenProcessPool as error:
        raise UsageError(
            "a corpus of this size is prepared by further processes, and one could not start or was killed "
            '(a script must call this under `if __name__ == "__main__":`; else look for free memory)'
        ) from error


def _attend_parent() -> None:
    """Leave Ctrl-C to the parent, and end with it: if it is killed, nobody else tells this process to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


class _Hashes:
    """Columns of hashes that grow on the disk, in files that are gone when the context ends."""

    def __init__(self, folder: Path) -> None:
        self._files = ExitStack()
        make = partial(tempfile.NamedTemporaryFile, dir=folder, prefix="hashes.")
        self._columns = {name: self._files.enter_context(make()) for name in ("pair", "src", "trg")}

    def __enter__(self) -> _Hashes:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def add(self, *hashes: NDArray[np.uint64]) -> None:
        for file, column in zip(self._columns.values(), hashes, strict=True):
            file.write(column.astype("<u8", copy=False).tobytes())

    def column(self, name: str) -> NDArray[np.uint64]:
        self._columns[name].flush()
        return mapped(Path(self._columns[name].name), np.uint64)


def _firsts(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The rows whose hash no earlier row has, ascending, (n,) int64."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    again = order[1:][ordered[1:] == ordered[:-1]]
    del order, ordered
    first = np.ones(len(hashes), np.bool_)
    first[again] = False
    return np.flatnonzero(first)


@contextmanager
def _recorded(reader: PairReader, folder: Path) -> Iterator[list[SourceFile]]:
    """Give a list that at the end holds what ``reader`` has read; what comes through a pipe is kept in ``folder``."""
    found: list[SourceFile] = []
    with ExitStack() as files:
        paths: list[str] = []
        for number, source in enumerate(reader.sources):
            paths.append(f"pipe-{number}" if source.path is None else str(source.path.absolute()))
            if source.path is None:
                source.tap = files.enter_context((folder / paths[-1]).open("wb")).write
        before = [_stamp(path) for path in reader.paths]
        yield found
    if [_stamp(path) for path in reader.paths] != before:
        raise CorpusError(f"{reader.name}: the file changed while it was read (start again when nothing writes to it)")
    found += [SourceFile.of(source.name, path, folder) for source, path in zip(reader.sources, paths, strict=True)]


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        return path.stat().st_size, path.stat().st_mtime_ns
    except OSError:  # reading says what is wrong with it
        return None
