"""Sentences without the marks at their ends, on both sides: headings, labels and searches are written so."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator

from ..corpus.pairs import Pair

FINAL_MARKS = re.compile(r"(?<![\s.!?。！？…।])\s*[.!?。！？…।]+$")
_OPENING_MARKS = re.compile(r"^[¿¡]+")


def bare(pairs: Iterable[Pair], share: float, chance: random.Random) -> Iterator[Pair]:
    """Yield a ``share`` of ``pairs`` without the marks at their ends, where both sides have some."""
    for pair in pairs:
        if chance.random() < share:
            src, trg = (_OPENING_MARKS.sub("", FINAL_MARKS.sub("", text)) for text in (pair.src, pair.trg))
            if src and trg and src != pair.src and trg != pair.trg:
                yield Pair(src, trg, pair.origin)
