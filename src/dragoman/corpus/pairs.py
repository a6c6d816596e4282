"""The pair of sentences that every other room speaks of, and where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")


class Origin(NamedTuple):
    """Where a pair was read: file name, line number from 1, and the attribution that its licence asks to keep."""

    file: str
    line: int
    attribution: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Pair(NamedTuple):
    """A sentence ``src`` and its translation ``trg``, both NFC, without white space at either end."""

    src: str
    trg: str
    origin: Origin

    def reversed(self) -> Pair:
        """Return the pair for the other direction."""
        return Pair(self.trg, self.src, self.origin)


def evenly(items: Sequence[Item], at_most: int) -> Sequence[Item]:
    """Return every item, or every second, third ... so that there are at most ``at_most``."""
    return items[:: max(1, -(-len(items) // at_most))]
