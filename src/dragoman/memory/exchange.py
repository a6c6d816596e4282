"""Files in and out of a memory, by the ends of their names: TMX, and pairs as `corpus.open_pairs` reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import langcodes

from ..corpus import Origin, Pair, open_pairs, write_pairs
from ..corpus.formats.tmx import is_tmx, read_tmx, write_units
from ..corpus.lines import Source, clean, open_gzip, open_plain
from ..corpus.pairing import NOT_BOTH, is_of, listed, matches, sides
from ..corpus.units import LeftOut as Reason
from ..corpus.units import Segment, Unit
from ..errors import CorpusError, UsageError
from .corrections import Correction, Entry, standard_language

MAX_LANGUAGES = 50
"""Languages of a file that are remembered, for a message."""

NO_CORRECTION = "no correction"
HEADER = "a row of headings"
BAD_ROW = "a bad row"

_HEADINGS = frozenset(
    ("source", "target", "src", "trg", "tgt", "original", "translation", "source text", "target text")
)


class LeftOut(NamedTuple):
    """How many units or rows were left out for a reason, and what is said of the first of them."""

    n: int
    first: str


class CorrectionReader:
    """The corrections of a file that are from ``src`` to ``trg``, as a stream that counts what it leaves out.

    ``en`` takes ``en-US`` and ``en_GB`` too. A unit of TMX gives a correction for each text in ``src`` and each in
    ``trg``. In a file of pairs the third column is the author, as in one that `write_corrections` wrote; author and
    note of a unit come before ``author``. At the end a file that gave none is a `CorpusError`, which names the
    languages of a TMX file. Other errors are those of `read_tmx` and `open_pairs`.

    Attributes:
        rows: what the file is made of, in a word for people: "units" or "rows".
        n_read: how many of them were read so far.
        left_out: what of them gave no correction, by the reason.
    """

    def __init__(self, path: str, src: str, trg: str, *, author: str = "", state: str = "approved") -> None:
        self.path = path
        self.src, self.trg = standard_language(src), standard_language(trg)
        if self.src == self.trg:
            raise UsageError(f"--src and --trg must be different languages, not both {self.src}")
        self.rows = "units" if is_tmx(Path(path)) else "rows"
        self._fields = {"author": author, "state": state}
        self._forget()

    def __iter__(self) -> Iterator[Correction]:
        self._forget()
        n = 0
        for correction in self._of_units() if is_tmx(Path(self.path)) else self._of_pairs():
            n += 1
            yield correction
        if not n:
            raise CorpusError(self._why_nothing())

    def _forget(self) -> None:
        self.n_read = 0
        self.left_out: dict[str, LeftOut] = {}
        self._languages: dict[str, None] = {}
        self._missing = [self.src, self.trg]

    def _leave_out(self, reason: str, first: str, n: int = 1) -> None:
        known = self.left_out.get(reason, LeftOut(0, first))
        self.left_out[reason] = known._replace(n=known.n + n)

    def _of_units(self) -> Iterator[Correction]:
        path = Path(self.path)
        opener = open_gzip if path.suffix.lower() == ".gz" else open_plain
        for unit in read_tmx(Source(path.name, partial(opener, path), path=path)):
            self.n_read += 1
            if isinstance(unit, Reason):
                self._leave_out(unit.reason, str(unit))
                continue
            for segment in unit.segments:
                if len(self._languages) < MAX_LANGUAGES:
                    self._languages[segment.language] = None
            yield from self._of_unit(unit)

    def _of_unit(self, unit: Unit) -> Iterator[Correction]:
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
                self._leave_out(NO_CORRECTION, f"{unit.file}, unit {unit.number}: {error}")

    def _of_pairs(self) -> Iterator[Correction]:
        reader = open_pairs(self.path, min_pairs=0)
        for pair in reader:
            self.n_read = reader.n_rows
            if reader.n_rows == 1 and self._is_header(pair):
                self._leave_out(HEADER, f"{pair.origin}: {pair.src}, {pair.trg}")
                continue
            fields = self._fields | ({"author": pair.origin.attribution} if pair.origin.attribution else {})
            try:
                yield Correction(self.src, self.trg, pair.src, pair.trg, **fields)
            except UsageError as error:
                self._leave_out(NO_CORRECTION, f"{pair.origin}: {error}")
        self.n_read = reader.n_rows
        if reader.n_bad:
            self._leave_out(BAD_ROW, reader.bad_rows[0], reader.n_bad)

    def _is_header(self, pair: Pair) -> bool:
        """Tell whether a first row names its columns: "source, target", "English, Spanish", "es, en"."""
        if pair.src.casefold() == pair.trg.casefold():
            return False  # a word that both languages have
        ways = ((self.src, self.trg), (self.trg, self.src))
        return any(_is_heading(pair.src, first) and _is_heading(pair.trg, second) for first, second in ways)

    def _why_nothing(self) -> str:
        if not self.n_read:
            what = "unit (<tu>)" if is_tmx(Path(self.path)) else "pair"
            return f"{self.path}: there is no {what} in this file; pass one that holds translations"
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


def _is_heading(cell: str, code: str) -> bool:
    """Tell whether ``cell`` may head a column in the language ``code``: its code, its name in English or in itself."""
    known = langcodes.get(code)
    if cell.casefold() in (*_HEADINGS, known.display_name().casefold(), known.autonym().casefold()):
        return True
    return langcodes.tag_is_valid(cell) and is_of(standard_language(cell), code)
