"""Pairs at rest: a folder that holds a corpus cleaned and split, read through the page cache and not into memory.

    corpus.json                        what was read, dropped and split, and the files it came from
    src.utf8, trg.utf8,                the texts of each column, one after the other,
    attribution.utf8
    src.starts, trg.starts, ...        where each begins, and where the last ends (int64)
    numbers                            the number of each pair in its file (int64)
    files, corpora                     the file and the corpus that it comes from, as places in lists of corpus.json
                                       (int32)
    train.rows, dev.rows, test.rows    the pairs of each part, in the order of the corpus (int64)
    pipe-0, ...                        what was read from standard input or another pipe

Numbers are little-endian. A pair that was dropped as a duplicate may stand in the columns; no part names it. What is
opened here was written by this program on this machine (`preparation`), so it is not looked through for damage.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Literal, Self, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from ..errors import CorpusError
from .cleaning import CleaningReport, CleaningRules
from .pairs import Origin, Pair
from .splitting import PARTS

FACTS = "corpus.json"
COLUMNS = ("src", "trg", "attribution")
BLOCK = 8192
"""Pairs that are read at a time."""

Side = Literal["src", "trg"]
SIDES: tuple[Side, Side] = ("src", "trg")
Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True)
class SourceFile:
    """A file that was read: its ``name`` in messages, its ``path`` (absolute, or inside the store's folder for what
    came through a pipe), its size in bytes and its SHA-256 in hexadecimal.
    """

    name: str
    path: str
    n_bytes: int
    sha256: str

    @classmethod
    def of(cls, name: str, path: str, folder: Path) -> SourceFile:
        """Return what is recorded of the file ``path``, as it is now; it may lie in the store's ``folder``."""
        with (folder / path).open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            return cls(name, path, opened.seek(0, os.SEEK_END), digest)


@dataclass(frozen=True)
class CorpusFacts:
    """One corpus of several that are trained on together, by the ``name`` that the user gave it: ``how`` it was read,
    in words; whether it is a corpus of the catalogue (``is_named``) and not the user's own; its licence and citation;
    the rows read, those left out by reason, and its pairs in each part.
    """

    name: str
    how: str = ""
    is_named: bool = False
    licence: str = ""
    citation: str = ""
    n_rows: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    n_pairs: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """What ``corpus.json`` says: the ``name`` of the whole, the ``corpora`` in it and the ``files`` of their pairs with
    what a number counts in each, rows and bad rows among them, what cleaning dropped and by which rules, how the rest
    was split, and what it was read from.
    """

    name: str
    corpora: list[CorpusFacts]
    files: list[tuple[str, str]]
    n_rows: int
    n_bad: int
    reverse: bool
    limit: int | None
    rules: CleaningRules
    cleaning: CleaningReport
    seed: int
    dev: float
    test: float
    n_pairs: dict[str, int]
    warnings: list[str] = field(default_factory=list)
    sources: list[SourceFile] = field(default_factory=list)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Facts:
        """Return the facts that ``asdict`` made ``values`` of."""
        read = {
            "rules": CleaningRules(**values["rules"]),
            "cleaning": CleaningReport(**values["cleaning"]),
            "sources": [SourceFile(**source) for source in values["sources"]],
            "corpora": [CorpusFacts(**corpus) for corpus in values["corpora"]],
            "files": [(file, counts) for file, counts in values["files"]],
        }
        return cls(**{**values, **read})


class PairWriter:
    """Appends pairs to the columns in a folder; what was added is there when the context ends.

    Attributes:
        files, corpora: the files and the corpora of the pairs so far, in the order in which they came.
    """

    def __init__(self, folder: Path) -> None:
        self._opened = ExitStack()
        self.files: dict[tuple[str, str], int] = {}
        self.corpora: dict[str, int] = {}

        def create(name: str) -> BinaryIO:
            return self._opened.enter_context((folder / name).open("wb"))

        self._columns = [_TextWriter(create(f"{name}.utf8"), create(f"{name}.starts")) for name in COLUMNS]
        self._numbers, self._files, self._corpora = create("numbers"), create("files"), create("corpora")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def add(self, pairs: Sequence[Pair]) -> None:
        """Append ``pairs``."""
        origins = [pair.origin for pair in pairs]
        columns = ([p.src for p in pairs], [p.trg for p in pairs], [origin.attribution for origin in origins])
        for column, texts in zip(self._columns, columns, strict=True):
            column.add(texts)
        files = [self.files.setdefault((o.file, o.counts), len(self.files)) for o in origins]
        corpora = [self.corpora.setdefault(origin.corpus, len(self.corpora)) for origin in origins]
        self._numbers.write(np.array([origin.number for origin in origins], "<i8").tobytes())
        self._files.write(np.array(files, "<i4").tobytes())
        self._corpora.write(np.array(corpora, "<i4").tobytes())

    def flush(self) -> None:
        """Let what was added so far be read."""
        for file in (*(file for column in self._columns for file in column.files), self._numbers, self._files):
            file.flush()
        self._corpora.flush()


class _TextWriter:
    """Appends texts to a file of UTF-8, and where they begin to a file of numbers."""

    def __init__(self, texts: BinaryIO, starts: BinaryIO) -> None:
        self._texts, self._starts = self.files = texts, starts
        self._end = 0
        starts.write(np.zeros(1, "<i8").tobytes())

    def add(self, texts: Sequence[str]) -> None:
        encoded = [text.encode() for text in texts]
        self._texts.write(b"".join(encoded))
        ends = np.cumsum(np.fromiter(map(len, encoded), "<i8", len(encoded))) + self._end
        self._starts.write(ends.astype("<i8", copy=False).tobytes())
        self._end += sum(map(len, encoded))


def mapped(path: Path, dtype: type[Number]) -> NDArray[Number]:
    """Return the numbers in the file ``path`` as an array (n,) that lies in the page cache and is read-only."""
    if not path.stat().st_size:
        return np.empty(0, dtype)
    # The plain view: a memmap makes each small slice of it slow.
    return np.asarray(np.memmap(path, np.dtype(dtype).newbyteorder("<"), mode="r"))


class _TextColumn:
    """The texts of one column, by row."""

    def __init__(self, folder: Path, name: str) -> None:
        self._starts = mapped(folder / f"{name}.starts", np.int64)
        # A mapping cannot be empty, and the attributions often are.
        with (folder / f"{name}.utf8").open("rb") as file:
            self._texts = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self._starts[-1] else b""

    def n_bytes(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        return self._starts[rows + 1] - self._starts[rows]

    def __getitem__(self, rows: NDArray[np.int64]) -> list[str]:
        starts, ends = self._starts[rows].tolist(), self._starts[rows + 1].tolist()
        return [self._texts[start:end].decode() for start, end in zip(starts, ends, strict=True)]


class Columns:
    """The pairs that a `PairWriter` wrote into ``folder``, by row; ``files`` and ``corpora`` are those of the writer.

    Attributes:
        corpora: the corpus of each pair, as a place in the names (n,) int32.
    """

    def __init__(self, folder: Path, files: Iterable[tuple[str, str]], corpora: Iterable[str]) -> None:
        self._names, self._corpus_names = list(files), list(corpora)
        self._texts = {name: _TextColumn(folder, name) for name in COLUMNS}
        self._numbers = mapped(folder / "numbers", np.int64)
        self._files, self.corpora = mapped(folder / "files", np.int32), mapped(folder / "corpora", np.int32)

    def texts(self, side: Side, rows: NDArray[np.int64]) -> list[str]:
        """Return one side of the pairs in ``rows`` (n,)."""
        return self._texts[side][rows]

    def n_bytes(self, side: Side, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the bytes of one side of the pairs in ``rows`` (n,)."""
        return self._texts[side].n_bytes(rows)

    def pairs(self, rows: NDArray[np.int64]) -> list[Pair]:
        """Return the pairs in ``rows`` (n,)."""
        columns = [self._texts[name][rows] for name in COLUMNS]
        numbers = [column[rows].tolist() for column in (self._numbers, self._files, self.corpora)]
        found = []
        for src, trg, attribution, number, place, corpus in zip(*columns, *numbers, strict=True):
            file, counts = self._names[place]
            found.append(Pair(src, trg, Origin(file, number, attribution, counts, self._corpus_names[corpus])))
        return found


def write_parts(folder: Path, rows: Mapping[str, NDArray[np.int64]], facts: Facts) -> None:
    """Write the ``rows`` of each part, and the ``facts``: the folder is then a store."""
    for name in PARTS:
        rows[name].astype("<i8", copy=False).tofile(folder / f"{name}.rows")
    (folder / FACTS).write_text(json.dumps(asdict(facts), ensure_ascii=False, indent=1) + "\n", "utf-8")


class Store:
    """A prepared corpus; `part` gives its pairs. Raises `CorpusError` if ``folder`` holds none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.facts = Facts.from_json(json.loads((folder / FACTS).read_text("utf-8")))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise CorpusError(f"{folder}: not a prepared corpus: {error}") from error
        names = [corpus.name for corpus in self.facts.corpora]
        self._columns = Columns(folder, self.facts.files, names if len(names) > 1 else [""])

    def part(self, name: str) -> StoredPairs:
        """Return the pairs of ``"train"``, ``"dev"`` or ``"test"``."""
        return StoredPairs(self._columns, mapped(self.folder / f"{name}.rows", np.int64))

    def check_sources(self) -> None:
        """Raise a `CorpusError` if a file that the pairs were read from is no longer what it was.

        What came through a pipe was kept in the store, and is what is looked at.
        """
        for then in self.facts.sources:
            try:
                now = SourceFile.of(then.name, then.path, self.folder)
            except OSError as error:
                raise _changed(then, f"cannot be read any more: {error.strerror}") from error
            if now.n_bytes != then.n_bytes:
                raise _changed(then, f"had {then.n_bytes:,} bytes and has {now.n_bytes:,}")
            if now.sha256 != then.sha256:
                raise _changed(then, f"had the SHA-256 {then.sha256[:12]}… and has {now.sha256[:12]}…")


def _changed(source: SourceFile, what: str) -> CorpusError:
    return CorpusError(f"{source.name}: the file has changed since its pairs were prepared: it {what}")


class StoredPairs(Sequence[Pair]):
    """Pairs of a store, read when they are asked for; a slice is read no sooner. ``rows`` (n,) are their places in it,
    some perhaps several times.
    """

    def __init__(self, columns: Columns, rows: NDArray[np.int64]) -> None:
        self._columns, self.rows = columns, rows

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def corpora(self) -> NDArray[np.int32]:
        """The corpus of each pair, as a place in `Facts.corpora` (n,)."""
        return self._columns.corpora[self.rows]

    def n_bytes(self, side: Side) -> NDArray[np.int64]:
        """Return the bytes of one side of each pair (n,)."""
        return self._columns.n_bytes(side, self.rows)

    def at(self, places: NDArray[np.int64]) -> StoredPairs:
        """Return the pairs at ``places`` (any number,) of these, each as often as it is named."""
        return StoredPairs(self._columns, self.rows[places])

    @overload
    def __getitem__(self, place: int) -> Pair: ...
    @overload
    def __getitem__(self, place: slice) -> StoredPairs: ...
    def __getitem__(self, place: int | slice) -> Pair | StoredPairs:
        if isinstance(place, slice):
            return StoredPairs(self._columns, self.rows[place])
        return self._columns.pairs(self.rows[place, None])[0]

    def __iter__(self) -> Iterator[Pair]:
        for start in range(0, len(self), BLOCK):
            yield from self._columns.pairs(self.rows[start : start + BLOCK])

    def blocks(self, side: Side) -> Iterator[list[str]]:
        """Yield the texts of one side in order, up to `BLOCK` at a time."""
        for start in range(0, len(self), BLOCK):
            yield self._columns.texts(side, self.rows[start : start + BLOCK])

    def texts(self, side: Side) -> Iterator[str]:
        """Yield the texts of one side in order."""
        for block in self.blocks(side):
            yield from block
