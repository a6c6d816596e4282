"""Files in and out of a memory: in, all that `corpus.open_pairs` reads; out, TMX and tab-separated text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ..corpus import Origin, Pair, open_pairs, write_pairs
from ..corpus.formats.tmx import is_tmx, write_units
from ..corpus.lines import clean
from ..corpus.pairing import NOT_BOTH, listed, matches, sides
from ..corpus.units import LeftOut as Reason
from ..corpus.units import Segment, Unit
from ..errors import CorpusError, UsageError
from .corrections import Correction, Entry, standard_language

MAX_LANGUAGES = 50
"""Languages of a file that are remembered, for a message."""

NO_CORRECTION = "no correction"


class LeftOut(NamedTuple):
    """How many units or rows were left out for a reason, and what is said of the first of them."""

    n: int
    first: str


class CorrectionReader:
    """The corrections of a file that are from ``src`` to ``trg``, as a stream that counts what it leaves out.

    It may be any that `open_pairs` reads. ``en`` takes ``en-US`` and ``en_GB`` too, and a unit gives a correction for
    each text in ``src`` and each in ``trg``. Its author and note come before ``author``; in a table without headings
    the third column is the author, as in one that `write_corrections` wrote. At the end a file that gave none is a
    `CorpusError`, which names its languages. Other errors are those of `open_pairs`.

    Attributes:
        rows: what the file is made of, in a word for people: "units", "rows", "messages".
        n_read: how many of them were read so far.
        left_out: what of them gave no correction, by the reason.
    """

    def __init__(self, path: str, src: str, trg: str, *, author: str = "", state: str = "approved") -> None:
        self.path = path
        self.src, self.trg = standard_language(src), standard_language(trg)
        if self.src == self.trg:
            raise UsageError(f"--src and --trg must be different languages, not both {self.src}")
        self._fields = {"author": author, "state": state}
        self._forget()

    def __iter__(self) -> Iterator[Correction]:
        self._forget()
        reader = open_pairs(self.path, src=self.src, trg=self.trg, min_pairs=0)
        n = 0
        for unit in reader.units():
            self.n_read = reader.n_rows
            self.rows = "rows" if unit.counts == "line" else f"{unit.counts}s"
            for correction in self._of_unit(unit):
                n += 1
                yield correction
        self.n_read = reader.n_rows
        for reason, left in reader.left_out.items():
            self._leave_out(reason, left.examples[0], left.n)
        if not n:
            raise CorpusError(self._why_nothing())

    def _forget(self) -> None:
        self.rows, self.n_read = "rows", 0
        self.left_out: dict[str, LeftOut] = {}
        self._languages: dict[str, None] = {}
        self._missing = [self.src, self.trg]

    def _leave_out(self, reason: str, first: str, n: int = 1) -> None:
        known = self.left_out.get(reason, LeftOut(0, first))
        self.left_out[reason] = known._replace(n=known.n + n)

    def _of_unit(self, unit: Unit) -> Iterator[Correction]:
        if len(self._languages) < MAX_LANGUAGES:
            self._languages.update(dict.fromkeys(segment.language for segment in unit.segments))
        notes = {"author": unit.author, "context": unit.note}
        fields = self._fields | {name: text for name, text in notes.items() if text}
        if self._missing:
            found = sides(unit, self.src, self.trg)
            self._missing = [code for code in self._missing if not found[code == self.trg]]
        for match in matches(unit, self.src, self.trg):
            if isinstance(match, Reason):
                self._leave_out(match.reason, str(match))
                continue
            try:
                yield Correction(self.src, self.trg, match[0].text, match[1].text, **fields)
            except UsageError as error:
                self._leave_out(NO_CORRECTION, f"{Origin(unit.file, unit.number, counts=unit.counts)}: {error}")

    def _why_nothing(self) -> str:
        if not self.n_read:
            return f"{self.path}: there is no pair in this file; pass one that holds translations"
        if self.left_out.keys() == {NOT_BOTH}:
            return f"{self.path}: {self._which_languages()}"
        reasons = "; ".join(f"{reason}: {n:,}, first {first}" for reason, (n, first) in self.left_out.items())
        return f"{self.path}: none of {self.n_read:,} {self.rows} can be used ({reasons})"

    def _which_languages(self) -> str:
        whole = "-" in self.src + self.trg
        found = sorted({code if whole else code.split("-")[0] for code in self._languages})
        if self._missing:
            missing = " and no ".join(self._missing)
            return f"the file has {listed(found)}, no {missing} (name two of its languages by --src and --trg)"
        return f"no unit has both {self.src} and {self.trg}; the file has {listed(found)}"


def write_corrections(entries: Iterable[Entry], src: str, path: Path) -> tuple[int, int]:
    """Write ``entries`` and return how many were written, and how many could not be.

    A TMX file holds any text. A tab-separated one (``.tsv``, ``.txt``, ``.gz``) has no place for line breaks,
    no-break spaces and the context: entries with these characters are left out. Any other name is a `UsageError`.
    """
    if is_tmx(path):
        return write_units((_unit(entry) for entry in entries), src, path), 0
    if path.suffix.lower() not in (".tsv", ".txt", ".gz"):
        raise UsageError(f"{path}: a memory is written as .tmx, .tmx.gz, .tsv or .tsv.gz; choose one of these names")
    n_left_out = 0

    def pairs() -> Iterator[Pair]:
        nonlocal n_left_out
        for entry in entries:
            if clean(entry.source) == entry.source and clean(entry.target) == entry.target:
                yield Pair(entry.source, entry.target, Origin(str(path), entry.id, entry.author))
            else:
                n_left_out += 1

    return write_pairs(pairs(), path), n_left_out


def _unit(entry: Entry) -> Unit:
    segments = Segment(entry.src, entry.source), Segment(entry.trg, entry.target)
    return Unit("", entry.id, segments, entry.author, entry.context)
