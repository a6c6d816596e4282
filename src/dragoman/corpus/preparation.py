"""A corpus of any size to a store: read as a stream, cleaned, split and written, in memory of a few numbers a pair."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import CorpusError
from .cleaning import DUPLICATE, HELD_OUT, LIMITS, N_EXAMPLES, CleaningReport, CleaningRules
from .measuring import measure, measured, sides
from .pair_hashes import PairHashes, firsts
from .pairs import Pair
from .reader import PairReader
from .splitting import PARTS, assign_parts, check_shares, large_group_warning
from .store import Columns, CorpusFacts, Facts, PairWriter, SourceFile, Store, StoredPairs, write_parts

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


class Judgement(Protocol):
    """What is wrong with a pair, in a few words; and the pair as it should be, if it can be mended."""

    @property
    def reason(self) -> str: ...  # noqa: D102

    @property
    def mended(self) -> Pair | None: ...  # noqa: D102


class Filter(Protocol):
    """What looks for damage in pairs; `dragoman.checking` has one."""

    def judge(self, pairs: Sequence[Pair]) -> Sequence[Judgement | None]:
        """Return for each of ``pairs`` what is wrong with it, or None."""
        ...


Learn = Callable[[Sequence[Pair]], Filter]
"""Pairs of a corpus to a filter that has learned from them what good ones are like."""


def prepare(
    readers: PairReader | Sequence[PairReader],
    folder: Path,
    *,
    rules: CleaningRules | None = None,
    learn: Learn | None = None,
    seed: int = 0,
    dev: float = 0.02,
    test: float = 0.02,
    min_pairs: int = 0,
    before: Mapping[str, Iterable[Pair]] = MappingProxyType({}),
    progress: Progress = lambda n_pairs, n_bytes, n_bytes_in_all: None,
) -> Store:
    """Read all pairs of ``readers``, clean and split them, write them to ``folder`` and return the store in it.

    Pairs are dropped and counted as `Cleaner` does it, and by the filter that ``learn`` makes, and split as `split`
    does it; ``min_pairs`` must be left over. A pair of several corpora counts to the first. Each corpus has its own
    share of dev and test; a small one has a larger share where there are several.

    ``before`` are the parts of an earlier training, which keep their pairs. Its dev and test parts stay held out: other
    pairs with their sentences are dropped.
    The folder appears whole or not at all; a store that is there already is replaced. What comes through a pipe is
    kept in it.

    Raises:
        CorpusError: what reading raises; too few pairs or an empty part; no space on the disk; a file that changed
            while it was read.
        UsageError: shares that leave nothing for training.
    """
    check_shares(dev, test)
    readers = [readers] if isinstance(readers, PairReader) else list(readers)
    # One name and not one a process: what a killed preparation left is cleared away by the next.
    beside = folder.with_name(f".{folder.name}.partial")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        preparation = _Preparation(readers, beside, rules or CleaningRules(), before, progress)
        preparation.write(learn, seed=seed, dev=dev, test=test, min_pairs=min_pairs)
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


class _Preparation:
    """Readers on their way to a store: their pairs in the columns of ``folder``, with the hashes of each."""

    def __init__(
        self,
        readers: Sequence[PairReader],
        folder: Path,
        rules: CleaningRules,
        before: Mapping[str, Iterable[Pair]],
        progress: Progress,
    ) -> None:
        self._readers, self._folder, self._rules, self._before = readers, folder, rules, before
        self._progress = progress
        self._report = CleaningReport()
        self._names = _distinct([reader.name for reader in readers])
        # The pairs of one corpus need no name for it.
        self._is_one = len(readers) == 1 and not before

    def write(self, learn: Learn | None, *, seed: int, dev: float, test: float, min_pairs: int) -> None:
        with ExitStack() as opened:
            hashes = opened.enter_context(PairHashes(self._folder))
            recorded = opened.enter_context(ExitStack())
            sources = recorded.enter_context(_recorded(self._readers, self._folder))
            writer = opened.enter_context(PairWriter(self._folder))
            n_before = {part: self._add_clean(pairs, writer, hashes) for part, pairs in self._before.items()}
            for reader, name in zip(self._readers, self._names, strict=True):
                self._add(reader, name, writer, hashes)
            recorded.close()
            writer.flush()
            columns = Columns(self._folder, writer.files, writer.corpora)
            fixed = np.repeat([PARTS.index(part) for part in n_before], list(n_before.values())).astype(np.int8)
            kept, damaged = self._kept(columns, hashes, fixed), np.zeros(0, np.int64)
            if learn is not None:
                kept, damaged, mended = self._judged(columns, kept, len(fixed), learn)
                kept = self._with(mended, kept, fixed, writer, hashes)
                columns = Columns(self._folder, writer.files, writer.corpora)
            n_kept = len(kept) - len(damaged)
            self._report.n_kept = n_kept - int(np.searchsorted(kept, len(fixed)))
            name = " and ".join(self._names)
            if n_kept < min_pairs:
                raise CorpusError(f"{name}: at least {min_pairs} pairs are needed; cleaning {self._report} (add pairs)")
            rows, warnings = self._split(columns, hashes, kept, fixed, damaged, seed, dev, test, list(writer.corpora))
        corpora = self._facts_of_corpora(columns, list(writer.corpora), rows)
        write_parts(
            self._folder,
            rows,
            Facts(
                name=name,
                corpora=corpora,
                files=list(writer.files),
                n_rows=sum(reader.n_rows for reader in self._readers),
                n_bad=sum(reader.n_bad for reader in self._readers),
                reverse=any(reader.reverse for reader in self._readers),
                limit=next((reader.limit for reader in self._readers), None),
                rules=self._rules,
                cleaning=self._report,
                seed=seed,
                dev=dev,
                test=test,
                n_pairs={part: len(rows[part]) for part in PARTS},
                warnings=warnings,
                sources=sources,
            ),
        )

    def _add_clean(self, pairs: Iterable[Pair], writer: PairWriter, hashes: PairHashes) -> int:
        """Write pairs that need no cleaning; return their number."""
        n = 0
        for block in _blocks(pairs):
            writer.add(block)
            hashes.add(*measure(*sides(block), self._rules).hashes)
            n += len(block)
        return n

    def _add(self, reader: PairReader, name: str, writer: PairWriter, hashes: PairHashes) -> None:
        """Write the pairs of ``reader`` that keep the rules, with their hashes."""
        report = self._report
        for block, measures in measured(_blocks(reader), self._rules):
            good = measures.broken < 0
            pairs = [block[place] for place in np.flatnonzero(good)]
            writer.add(pairs if self._is_one else [pair.of(name) for pair in pairs])
            hashes.add(*(column[good] for column in measures.hashes))
            report.n_read += len(block)
            for number, reason in enumerate(LIMITS):
                broken = np.flatnonzero(measures.broken == number)
                report.drop(reason, len(broken), [block[place] for place in broken[:N_EXAMPLES]])
            self._progress(report.n_read, *self._n_bytes())

    def _n_bytes(self) -> tuple[int, int | None]:
        """The bytes of text read so far, and in all where that is known."""
        sources = [source for reader in self._readers for source in reader.sources]
        known = [source.n_bytes_in_all for source in sources if source.n_bytes_in_all is not None]
        return sum(s.n_bytes for s in sources), sum(known) if known and len(known) == len(sources) else None

    def _kept(self, columns: Columns, hashes: PairHashes, fixed: NDArray[np.int8]) -> NDArray[np.int64]:
        """Return the rows of pairs that come for the first time, ascending; the first of them are ``fixed`` to parts,
        and others have no sentence of those that are held out.
        """
        pair_hashes = hashes.column("pair")
        kept = firsts(pair_hashes)
        is_repeated = np.ones(len(pair_hashes), np.bool_)
        is_repeated[kept] = False
        self._drop(DUPLICATE, np.flatnonzero(is_repeated), columns)
        is_shared = _is_held_out(hashes, kept, fixed)
        self._drop(HELD_OUT, kept[is_shared], columns)
        return kept[~is_shared]

    def _drop(self, reason: str, rows: NDArray[np.int64], columns: Columns) -> None:
        """Count ``rows`` that are dropped for a ``reason``, with some examples."""
        self._report.drop(reason, len(rows), columns.pairs(rows[:N_EXAMPLES]))

    def _judged(
        self, columns: Columns, kept: NDArray[np.int64], n_fixed: int, learn: Learn
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], list[Pair]]:
        """Return the rows of ``kept`` without those that a filter mends, those of them that it finds damaged, and the
        pairs that it has mended. The first ``n_fixed`` were looked at before.
        """
        is_whole, is_damaged = np.ones(len(kept), np.bool_), np.zeros(len(kept), np.bool_)
        mended: list[Pair] = []
        corpora, n_known = columns.corpora[kept], int(np.searchsorted(kept, n_fixed))
        # What is rare in one corpus may be the rule in another.
        for corpus in np.unique(corpora[n_known:]).tolist():
            places = n_known + np.flatnonzero(corpora[n_known:] == corpus)
            judge = learn(StoredPairs(columns, kept[places])).judge
            for start in range(0, len(places), BLOCK):
                block = places[start : start + BLOCK]
                pairs = columns.pairs(kept[block])
                for place, pair, judgement in zip(block.tolist(), pairs, judge(pairs), strict=True):
                    if judgement is None:
                        continue
                    if judgement.mended is not None:
                        is_whole[place] = False
                        mended.append(judgement.mended)
                    else:
                        is_damaged[place] = True
                        self._report.drop(judgement.reason, 1, [pair])
        return kept[is_whole], kept[is_damaged], mended

    def _with(
        self,
        mended: list[Pair],
        kept: NDArray[np.int64],
        fixed: NDArray[np.int8],
        writer: PairWriter,
        hashes: PairHashes,
    ) -> NDArray[np.int64]:
        """Write ``mended`` pairs behind the others, and return the rows that are ``kept`` with theirs, where they are
        none of those.
        """
        n = len(hashes.column("pair"))
        self._add_clean(mended, writer, hashes)
        writer.flush()
        pair_hashes, rows = hashes.column("pair"), np.arange(n, n + len(mended))
        rows = rows[firsts(pair_hashes[rows])]
        is_new = ~(np.isin(pair_hashes[rows], pair_hashes[kept]) | _is_held_out(hashes, rows, fixed))
        return np.concatenate([kept, rows[is_new]])

    def _split(
        self,
        columns: Columns,
        hashes: PairHashes,
        kept: NDArray[np.int64],
        fixed: NDArray[np.int8],
        damaged: NDArray[np.int64],
        seed: int,
        dev: float,
        test: float,
        names: list[str],
    ) -> tuple[dict[str, NDArray[np.int64]], list[str]]:
        """Return the rows of each part, and what is to be said of them.

        The ``damaged`` ones are left out at the end: what a filter thinks of a pair moves no other one to another part.
        """
        n_fixed = int(np.searchsorted(kept, len(fixed)))
        held = {part: kept[:n_fixed][fixed[kept[:n_fixed]] == PARTS.index(part)] for part in ("dev", "test")}
        free = np.concatenate([kept[:n_fixed][fixed[kept[:n_fixed]] == PARTS.index("train")], kept[n_fixed:]])
        assigned = assign_parts(
            hashes.column("src")[free],
            hashes.column("trg")[free],
            seed=seed,
            dev=dev,
            test=test,
            learned=free < len(fixed) if len(fixed) else None,
            corpora=columns.corpora[free],
        )
        examples = columns.pairs(free[[first for first, _ in assigned.large]])
        large = [large_group_warning(pair, n, len(free)) for pair, (_, n) in zip(examples, assigned.large, strict=True)]
        is_good = ~np.isin(free, damaged)
        rows = {name: free[(assigned.parts == part) & is_good] for part, name in enumerate(PARTS)}
        for part, earlier in held.items():
            rows[part] = np.concatenate([earlier, rows[part]])
        return rows, large + assigned.filled_warnings(() if self._is_one else names)

    def _facts_of_corpora(
        self, columns: Columns, names: list[str], rows: Mapping[str, NDArray[np.int64]]
    ) -> list[CorpusFacts]:
        counts = {part: np.bincount(columns.corpora[rows[part]], minlength=len(names)).tolist() for part in PARTS}
        n_pairs = {name: {part: counts[part][place] for part in PARTS} for place, name in enumerate(names)}
        read = dict(zip([""] if self._is_one else self._names, self._readers, strict=True))
        found = []
        for name in names:
            facts = CorpusFacts(name or self._names[0], n_pairs=n_pairs[name])
            if reader := read.get(name):
                facts = replace(
                    facts,
                    how=reader.how,
                    is_named=reader.is_named,
                    licence=reader.licence,
                    citation=reader.citation,
                    n_rows=reader.n_rows,
                    left_out={reason: left.n for reason, left in reader.left_out.items()},
                )
            found.append(facts)
        return found


def _is_held_out(hashes: PairHashes, rows: NDArray[np.int64], fixed: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Which of ``rows`` (n,) are new and share a sentence with pairs that are ``fixed`` to the dev or the test part."""
    held_out = np.flatnonzero(fixed != PARTS.index("train"))
    is_shared = np.zeros(len(rows), np.bool_)
    for side in ("src", "trg"):
        column = hashes.column(side)
        is_shared |= np.isin(column[rows], column[held_out])
    return is_shared & (rows >= len(fixed))


def _distinct(names: Sequence[str]) -> list[str]:
    """Return ``names``, with a number behind each that came before."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def _blocks(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    rest = iter(pairs)
    while block := list(islice(rest, BLOCK)):
        yield block


@contextmanager
def _recorded(readers: Sequence[PairReader], folder: Path) -> Iterator[list[SourceFile]]:
    """Give a list that at the end holds what ``readers`` have read; what comes through a pipe is kept in ``folder``."""
    found: list[SourceFile] = []
    sources = [source for reader in readers for source in reader.sources]
    with ExitStack() as files:
        paths: list[str] = []
        for number, source in enumerate(sources):
            paths.append(f"pipe-{number}" if source.path is None else str(source.path.absolute()))
            if source.path is None:
                source.tap = files.enter_context((folder / paths[-1]).open("wb")).write
                files.callback(setattr, source, "tap", None)
        before = [_stamp(path) for path in paths]
        yield found
    for source, path, then in zip(sources, paths, before, strict=True):
        if source.path is not None and _stamp(path) != then:
            raise CorpusError(
                f"{source.name}: the file changed while it was read (start again when nothing writes to it)"
            )
    found += [SourceFile.of(source.name, path, folder) for source, path in zip(sources, paths, strict=True)]


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        return Path(path).stat().st_size, Path(path).stat().st_mtime_ns
    except OSError:  # reading says what is wrong with it
        return None
