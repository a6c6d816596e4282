"""The symbols that stand for slots in a text: private-use characters, each a piece of its own in a vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .spans import Family

N_OF_A_FAMILY = 8
_FIRST = 0xE000

SYMBOLS = {
    family: tuple(chr(_FIRST + N_OF_A_FAMILY * place + number) for number in range(N_OF_A_FAMILY))
    for place, family in enumerate(Family)
}
"""The symbols of each family; which of them stands for what is only said beside the text."""

ALL = "".join(symbol for family in SYMBOLS.values() for symbol in family)
MOST = len(ALL)
"""Slots that a sentence can have."""
ANY = re.compile(f"[{ALL[0]}-{ALL[-1]}]")


def take(families: Iterable[Family], start: int = 0) -> list[str]:
    """Return a symbol for each of ``families``, no two alike, of its own family as long as there is one; ``start``
    chooses which come first. More than `MOST` are a `ValueError`.
    """
    free = {family: _turned(symbols, start) for family, symbols in SYMBOLS.items()}
    taken: list[str] = []
    for family in families:
        of = free[family] or max(free.values(), key=len)
        if not of:
            raise ValueError(f"a sentence can have {MOST} slots")
        taken.append(of.pop(0))
    return taken


def _turned(symbols: tuple[str, ...], start: int) -> list[str]:
    first = start % len(symbols)
    return [*symbols[first:], *symbols[:first]]
