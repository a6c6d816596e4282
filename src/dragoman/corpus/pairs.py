"""The pair of sentences that every other room speaks of, and where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")


class Origin(NamedTuple):
    """Where a pair was read: the name of the file, a number from 1, the attribution that its licence asks to keep, what
    the number ``counts`` (lines, or "unit", "row", "message"), and the ``corpus`` that the file belongs to, as the user
    named it; empty where there is only one.
    """

    file: str
    number: int
    attribution: str = ""
    counts: str = "line"
    corpus: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.number}" if self.counts == "line" else f"{self.file}, {self.counts} {self.number}"


class Pair(NamedTuple):
    """A sentence ``src`` and its translation ``trg``, both NFC, without white space at either end."""

    src: str
    trg: str
    origin: Origin

    def reversed(self) -> Pair:
        """Return the pair for the other direction."""
        return Pair(self.trg, self.src, self.origin)

    def of(self, corpus: str) -> Pair:
        """Return the pair as one of ``corpus``."""
        return Pair(self.src, self.trg, self.origin._replace(corpus=corpus))


def evenly(items: Sequence[Item], at_most: int) -> Sequence[Item]:
    """Return every item, or every second, third ... so that there are at most ``at_most``."""
    return items[:: max(1, -(-len(items) // at_most))]
