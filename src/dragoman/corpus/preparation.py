"""A corpus of any size to a store: read as a stream, cleaned, split and written, in memory of a few numbers a pair."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ..errors import CorpusError
from ..hashing import text_hashes
from .cleaning import DUPLICATE, REASONS, CleaningReport, CleaningRules
from .measuring import measured
from .pairs import Pair
from .reader import PairReader
from .splitting import PARTS, assign_parts, check_shares, large_group_warning, normalise
from .store import Columns, Facts, PairWriter, SourceFile, Store, mapped, write_parts

BLOCK = 8192
"""Pairs that are measured at a time."""

Progress = Callable[[int, int, "int | None"], None]
"""Called with the pairs read so far, the bytes of text read so far, and those in all (None if unknown)."""


@contextmanager
def work_folder(path: Path) -> Iterator[Path]:
    """Give ``path`` for files that are needed only for the time being.

    What lies there already is removed at the beginning. At the end the folder is removed, and of the folders above it
    those that were not there before and are empty.
    """
    missing = [folder for folder in path.parents if not folder.exists()]
    shutil.rmtree(path, ignore_errors=True)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()


def prepare(
    reader: PairReader,
    folder: Path,
    *,
    rules: CleaningRules | None = None,
    seed: int = 0,
    dev: float = 0.02,
    test: float = 0.02,
    min_pairs: int = 0,
    learned: Iterable[Pair] = (),
    progress: Progress = lambda n_pairs, n_bytes, n_bytes_in_all: None,
) -> Store:
    """Read all pairs of ``reader``, clean and split them, write them to ``folder`` and return the store in it.

    Pairs are dropped and counted as `Cleaner` does it and split as `split` does it; ``min_pairs`` must be left over.
    What shares a sentence with the ``learned`` pairs, which may be iterated twice, goes to the training part.
    The folder appears whole or not at all; a store that is there already is replaced. What comes through a pipe is
    kept in it.

    Raises:
        CorpusError: what reading raises; too few pairs or an empty part; no space on the disk; a file that changed
            while it was read.
        UsageError: shares that leave nothing for training.
    """
    check_shares(dev, test)
    # One name and not one a process: what a killed preparation left is cleared away by the next.
    beside = folder.with_name(f".{folder.name}.partial")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        _write(reader, beside, rules or CleaningRules(), (seed, dev, test), min_pairs, learned, progress)
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
    learned: Iterable[Pair],
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
        known = (text_hashes(normalise(pair.src) for pair in learned), text_hashes(normalise(p.trg) for p in learned))
        is_learned = np.isin(sides[0], known[0]) | np.isin(sides[1], known[1]) if len(known[0]) else None
        assigned = assign_parts(*sides, seed=seed, dev=dev, test=test, learned=is_learned)
    firsts = Columns(folder, file).pairs(kept[[first for first, _ in assigned.large]])
    large = [large_group_warning(pair, n, len(kept)) for pair, (_, n) in zip(firsts, assigned.large, strict=True)]
    rows = {name: kept[assigned.parts == part] for part, name in enumerate(PARTS)}
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
        warnings=large + assigned.filled_warnings(),
        sources=sources,
    )
    write_parts(folder, rows, facts)


def _add_all(
    reader: PairReader, writer: PairWriter, hashes: _Hashes, rules: CleaningRules, progress: Progress
) -> tuple[CleaningReport, str]:
    """Write all pairs that keep the rules, with their hashes; return what was dropped, and the file in the origins."""
    report, file = CleaningReport(), reader.name
    for block, measures in measured(_blocks(reader), rules):
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


class _Hashes:
    """Columns of hashes that grow on the disk; their files are gone when the context ends."""

    def __init__(self, folder: Path) -> None:
        self._paths = {name: folder / f"{name}.hashes" for name in ("pair", "src", "trg")}
        self._files = {name: path.open("wb") for name, path in self._paths.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name, path in self._paths.items():
            self._files[name].close()
            path.unlink()

    def add(self, *hashes: NDArray[np.uint64]) -> None:
        for file, column in zip(self._files.values(), hashes, strict=True):
            file.write(column.astype("<u8", copy=False).tobytes())

    def column(self, name: str) -> NDArray[np.uint64]:
        self._files[name].flush()
        return mapped(self._paths[name], np.uint64)


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
                files.callback(setattr, source, "tap", None)
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
