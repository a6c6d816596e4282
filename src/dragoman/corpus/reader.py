"""The reader before every source of pairs: it counts, reports bad rows, and refuses too many of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

from ..errors import CorpusError, UsageError
from .lines import Source
from .pairs import Pair

MIN_PAIRS = 20
"""Fewer pairs than this are no corpus to train on."""

MAX_BAD_SHARE = 0.01
MAX_REPORTED = 20

_log = logging.getLogger("dragoman.corpus")


class PairReader:
    """A lazy iterable of pairs that counts what it reads; each ``iter()`` starts anew and counts from 0.

    A bad row is logged as a warning (the first 20) and counted. At the end more than 1 % of bad rows, or
    fewer good pairs than asked for, raise `CorpusError`; what cannot be read at all raises it on the way.

    Attributes:
        name: the source for messages, such as ``spa.txt``.
        sources: what is read, as streams of lines; empty for the phrasebook.
        reverse: whether source and target are swapped.
        limit: how many good pairs are taken at most, or None.
        n_rows: rows seen so far, blank ones left out.
        n_bad: bad rows among them.
        bad_rows: the messages of the first 20 bad rows.
    """

    def __init__(
        self,
        name: str,
        rows: Callable[[], Iterator[Pair | str]],
        *,
        sources: tuple[Source, ...] = (),
        reverse: bool = False,
        limit: int | None = None,
        min_pairs: int = 0,
        once: bool = False,
    ) -> None:
        if limit is not None and not (isinstance(limit, int) and limit >= 1):
            raise UsageError(f"the limit must be a whole number of pairs, at least 1, not {limit}")
        self.name = name
        self.sources = sources
        self.reverse = reverse
        self.limit = limit
        self._rows = rows
        self._min_pairs = min_pairs
        self._once = once
        self._started = False
        self._forget()

    def __iter__(self) -> Iterator[Pair]:
        if self._once and self._started:
            raise CorpusError(f"{self.name} can be read only once (write it to a file, and pass that)")
        self._started = True
        self._forget()
        return self._pairs()

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that are read; empty for standard input, pipes and the phrasebook."""
        return tuple(source.path for source in self.sources if source.path is not None)

    def _forget(self) -> None:
        self.n_rows = 0
        self.n_bad = 0
        self.bad_rows: list[str] = []

    def _pairs(self) -> Iterator[Pair]:
        for row in self._rows():
            self.n_rows += 1
            if isinstance(row, Pair):
                yield row.reversed() if self.reverse else row
                if self.n_rows - self.n_bad == self.limit:
                    break
            else:
                self._report(row)
        self._judge()

    def _report(self, message: str) -> None:
        self.n_bad += 1
        if self.n_bad <= MAX_REPORTED:
            self.bad_rows.append(message)
            _log.warning("%s", message)
        elif self.n_bad == MAX_REPORTED + 1:
            _log.warning("%s: further bad rows are counted, not shown", self.name)

    def _judge(self) -> None:
        if self.n_bad > MAX_BAD_SHARE * self.n_rows:
            raise CorpusError(
                f"{self.name}: {self.n_bad} of {self.n_rows} rows cannot be used, over {MAX_BAD_SHARE:.0%} "
                f"(mend or remove them; the first is {self.bad_rows[0]})"
            )
        n_pairs = self.n_rows - self.n_bad
        if n_pairs < self._min_pairs:
            raise CorpusError(
                f"{self.name}: expected at least {self._min_pairs} pairs, found {n_pairs} (add more pairs)"
            )
