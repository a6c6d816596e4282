"""Sentences with names that nobody has heard, for names to be taken over letter by letter."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ..corpus.pairs import Pair

LEAST_NAMES = 8
"""With fewer names there is nothing to make new ones of."""

_NAME = re.compile(r"\b[^\W\d_]+\b")


def renamed(pairs: Sequence[Pair], share: float, chance: random.Random) -> Iterator[Pair]:
    """Yield a ``share`` of the ``pairs`` with names, with other names: made of halves of those of the corpus, for none
    of them to be known.
    """
    counts = Counter(name for pair in pairs for name in _shared_names(pair))
    names = sorted(name for name, n in counts.items() if n > 1)
    if len(names) < LEAST_NAMES:
        return

    def invented() -> str:
        first, last = (names[int(chance.random() * len(names))] for _ in range(2))
        return first[: (len(first) + 1) // 2] + last[len(last) // 2 :]

    for pair in pairs:
        old = [name for name in sorted(_shared_names(pair)) if counts[name] > 1]
        if old and chance.random() < share:
            new = {name: invented() for name in old}
            src, trg = (_NAME.sub(lambda found: new.get(found[0], found[0]), text) for text in (pair.src, pair.trg))  # noqa: B023
            yield Pair(src, trg, pair.origin)


def _shared_names(pair: Pair) -> set[str]:
    """Return the words with a capital letter that stand in both sentences."""
    return {name for name in _NAME.findall(pair.src) if name[0].isupper() and len(name) > 1} & set(
        _NAME.findall(pair.trg)
    )
