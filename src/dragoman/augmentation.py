"""Further training pairs, made from those that are there: what a corpus of sentences does not teach by itself.

Single words, text without a final mark, names that nobody has heard. Knows of text only.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from .alignment import word_pairs
from .corpus.pairs import Pair, evenly

MAX_PAIRS = 200_000
"""Pairs that are looked at for names and final marks, at most."""
SHARE_BARE = 0.1
"""The share of the pairs that come once more without their final marks."""
SHARE_RENAMED = 0.5
"""The share of the pairs with names that come once more with others."""
LEAST_NAMES = 8
"""With fewer names there is nothing to make new ones of."""

_FINAL_MARKS = re.compile(r"\s*[.!?。！？…।]+$")
_OPENING_MARKS = re.compile(r"^[¿¡]+")
_NAME = re.compile(r"\b[^\W\d_]+\b")


def further_pairs(pairs: Sequence[Pair], seed: int) -> list[Pair]:
    """Return pairs to train on beside ``pairs``: words that translate each other, sentences without their final marks,
    and sentences with invented names; a function of both arguments.
    """
    if not len(pairs):
        return []
    origin = pairs[0].origin
    words = [Pair(found.src, found.trg, origin) for found in word_pairs(pairs)]
    some = list(evenly(pairs, MAX_PAIRS))
    chance = random.Random(seed)  # noqa: S311 - no secret
    return [*words, *_bare(some, chance), *_renamed(some, chance)]


def _bare(pairs: Iterable[Pair], chance: random.Random) -> Iterator[Pair]:
    """Yield some of ``pairs`` without the marks at their ends."""
    for pair in pairs:
        if chance.random() < SHARE_BARE:
            src, trg = (_OPENING_MARKS.sub("", _FINAL_MARKS.sub("", text)) for text in (pair.src, pair.trg))
            if src and trg and src != pair.src and trg != pair.trg:
                yield Pair(src, trg, pair.origin)


def _renamed(pairs: Sequence[Pair], chance: random.Random) -> Iterator[Pair]:
    """Yield some of ``pairs`` with other names: made of halves of those of the corpus, for none of them to be known."""
    counts = Counter(name for pair in pairs for name in _shared_names(pair))
    names = sorted(name for name, n in counts.items() if n > 1)
    if len(names) < LEAST_NAMES:
        return

    def invented() -> str:
        first, last = (names[int(chance.random() * len(names))] for _ in range(2))
        return first[: (len(first) + 1) // 2] + last[len(last) // 2 :]

    for pair in pairs:
        old = [name for name in sorted(_shared_names(pair)) if counts[name] > 1]
        if old and chance.random() < SHARE_RENAMED:
            new = {name: invented() for name in old}
            src, trg = (_NAME.sub(lambda found: new.get(found[0], found[0]), text) for text in (pair.src, pair.trg))  # noqa: B023
            yield Pair(src, trg, pair.origin)


def _shared_names(pair: Pair) -> set[str]:
    """Return the words with a capital letter that stand in both sentences."""
    return {name for name in _NAME.findall(pair.src) if name[0].isupper() and len(name) > 1} & set(
        _NAME.findall(pair.trg)
    )
