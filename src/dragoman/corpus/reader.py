"""The reader before every source of pairs: it counts, reports what is left out, and refuses too much damage."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import cast

from ..errors import CorpusError, UsageError
from .lines import Source, clean
from .pairing import pairs_of
from .pairs import Origin, Pair
from .units import UNDETERMINED, LeftOut, Segment, Unit

MIN_PAIRS = 20
"""Fewer pairs than this are no corpus to train on."""

MAX_BAD_SHARE = 0.01
MAX_REPORTED = 20
MAX_EXAMPLES = 3

_log = logging.getLogger("dragoman.corpus")


@dataclass
class Left:
    """How many rows or texts were left out for a reason, and what is said of the first three."""

    n: int = 0
    examples: list[str] = field(default_factory=list)


class PairReader:
    """A lazy iterable of pairs that counts what it reads; each ``iter()`` starts anew and counts from 0.

    What is left out is counted by reason; damage is logged as a warning too (the first 20). At the end more than 1 %
    of damage, or fewer good pairs than asked for, raise `CorpusError`; what cannot be read at all raises it on the way.

    Attributes:
        name: the source for messages, such as ``spa.txt``.
        sources: what is read, as streams; of an archive itself, of a folder all files; empty for the phrasebook.
        languages: the codes of source and target, before ``reverse``; "und" where nobody tells.
        how: how it is read, in words for people.
        is_named: whether it is a corpus with a name, and no file of the user's.
        licence, citation: what the makers of a named corpus ask for.
        is_read_once: whether it can be read only once, like standard input.
        reverse: whether source and target are swapped.
        limit: how many good pairs are taken at most, or None.
        n_rows: rows, units or messages seen so far, blank ones left out.
        n_bad: damaged ones among them.
        bad_rows: the messages of the first 20 of these.
        left_out: all that gave no pair, damaged or not, by reason.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[], Iterator[Pair | Unit | LeftOut]],
        *,
        sources: tuple[Source, ...] = (),
        languages: tuple[str, str] = (UNDETERMINED, UNDETERMINED),
        how: str = "",
        is_named: bool = False,
        licence: str = "",
        citation: str = "",
        reverse: bool = False,
        limit: int | None = None,
        min_pairs: int = 0,
        once: bool = False,
    ) -> None:
        if limit is not None and not (isinstance(limit, int) and limit >= 1):
            raise UsageError(f"the limit must be a whole number of pairs, at least 1, not {limit}")
        self.name = name
        self.sources = sources
        self.languages = languages
        self.how = how
        self.is_named = is_named
        self.licence = licence
        self.citation = citation
        self.reverse = reverse
        self.limit = limit
        self._read = read
        self._min_pairs = min_pairs
        self.is_read_once = once
        self._is_quiet = False
        self._started = False
        self._forget()

    def __iter__(self) -> Iterator[Pair]:
        self._begin()
        return self._pairs()

    def first(self, n: int) -> list[Pair]:
        """Return the first ``n`` pairs, for a look at them: nothing is said of damage before all are read."""
        self._is_quiet = True
        try:
            return list(islice(self, n))
        finally:
            self._is_quiet = False
            self._forget()

    def units(self) -> Iterator[Unit]:
        """Return the units of which pairs are made, counted and judged like these."""
        self._begin()
        return self._judged_units()

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that are read; empty for standard input, pipes and the phrasebook."""
        return tuple(source.path for source in self.sources if source.path is not None)

    def _begin(self) -> None:
        if self.is_read_once and self._started:
            raise CorpusError(f"{self.name} can be read only once (write it to a file, and pass that)")
        self._started = True
        self._forget()

    def _forget(self) -> None:
        self.n_rows = 0
        self.n_bad = 0
        self.bad_rows: list[str] = []
        self.left_out: dict[str, Left] = {}

    def _pairs(self) -> Iterator[Pair]:
        n_pairs = 0
        for row in self._rows():
            pair = row if isinstance(row, Pair) else _pair_of_row(row)
            for found in (pair,) if pair is not None else pairs_of(cast(Unit, row), *self.languages):
                if isinstance(found, LeftOut):
                    self._leave_out(found)
                    continue
                n_pairs += 1
                yield found.reversed() if self.reverse else found
                if n_pairs == self.limit:
                    break
            if n_pairs == self.limit:
                break
        self._judge()
        if n_pairs < self._min_pairs:
            raise CorpusError(self._too_few(n_pairs))

    def _judged_units(self) -> Iterator[Unit]:
        for row in self._rows():
            yield _unit(row) if isinstance(row, Pair) else row
        self._judge()

    def _rows(self) -> Iterator[Pair | Unit]:
        for found in self._read():
            self.n_rows += 1
            if isinstance(found, LeftOut):
                self._leave_out(found)
            else:
                yield found

    def _leave_out(self, found: LeftOut) -> None:
        left = self.left_out.setdefault(found.reason, Left())
        left.n += 1
        if left.n <= MAX_EXAMPLES:
            left.examples.append(str(found))
        if found.fault:
            self._report(str(found))

    def _report(self, message: str) -> None:
        self.n_bad += 1
        if self.n_bad <= MAX_REPORTED:
            self.bad_rows.append(message)
            if not self._is_quiet:
                _log.warning("%s", message)
        elif self.n_bad == MAX_REPORTED + 1 and not self._is_quiet:
            _log.warning("%s: further bad rows are counted, not shown", self.name)

    def _judge(self) -> None:
        if self.n_bad > MAX_BAD_SHARE * self.n_rows:
            raise CorpusError(
                f"{self.name}: {self.n_bad} of {self.n_rows} rows cannot be used, over {MAX_BAD_SHARE:.0%} "
                f"(mend or remove them; the first is {self.bad_rows[0]})"
            )

    def _too_few(self, n_pairs: int) -> str:
        why = "; ".join(f"{reason} {left.n:,}, first {left.examples[0]}" for reason, left in self.left_out.items())
        remedy = f"left out: {why}" if why else "add more pairs"
        return f"{self.name}: expected at least {self._min_pairs} pairs, found {n_pairs} ({remedy})"


def _pair_of_row(unit: Unit) -> Pair | None:
    """The pair of a row of a table, of which there may be millions: source and target by their places, without codes.

    None where more is to be looked at.
    """
    file, number, segments, author, _, counts = unit
    if len(segments) != 2:
        return None
    (src_language, src, src_codes), (trg_language, trg, trg_codes) = segments
    if src_language or trg_language or src_codes or trg_codes:
        return None
    src, trg = clean(src), clean(trg)
    return Pair(src, trg, Origin(file, number, author, counts)) if src and trg else None


def _unit(pair: Pair) -> Unit:
    file, number, attribution, counts, _ = pair.origin
    return Unit(file, number, (Segment("", pair.src), Segment("", pair.trg)), attribution, counts=counts)
