"""Good pairs made into bad ones, in each of some ways, so that it can be learned to tell them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from ..corpus.pairs import Pair

Damage = Callable[[Sequence[Pair]], list[Pair]]

OTHER_LANGUAGE = "another language"

_CUT = (0.3, 0.75)
"""The share of a text that is left of it, from and to."""


def _moved(pairs: Sequence[Pair]) -> list[Pair]:
    """Translations of others, half of them of about the same length."""
    by_length = sorted(pairs, key=lambda pair: len(pair.src))
    return [
        Pair(a.src, b.trg, a.origin)
        for some in (pairs[::2], by_length[1::2])
        for a, b in zip(some, [*some[1:], *some[:1]], strict=True)
        if a.trg != b.trg and a.src != b.src
    ]


def _swapped(pairs: Sequence[Pair]) -> list[Pair]:
    return [pair.reversed() for pair in pairs if pair.src != pair.trg]


def _sources_twice(pairs: Sequence[Pair]) -> list[Pair]:
    return [pair._replace(trg=pair.src) for pair in pairs if pair.src != pair.trg]


def _targets_twice(pairs: Sequence[Pair]) -> list[Pair]:
    return [pair._replace(src=pair.trg) for pair in pairs if pair.src != pair.trg]


def _sources(pairs: Sequence[Pair]) -> list[Pair]:
    return [Pair(a.src, b.src, a.origin) for a, b in pairwise(pairs) if a.src != b.src]


def _targets(pairs: Sequence[Pair]) -> list[Pair]:
    return [Pair(a.trg, b.trg, a.origin) for a, b in pairwise(pairs) if a.trg != b.trg]


def _on(side: str, change: Callable[[list[str], random.Random], list[str]], least: int) -> Damage:
    """Damage of a ``side``: its words, or its characters where it has no spaces, are changed if there are ``least``."""

    def made(pairs: Sequence[Pair]) -> Iterator[Pair]:
        chance = random.Random(0)  # noqa: S311 - no secret hangs on it
        for pair in pairs:
            text = getattr(pair, side)
            space = " " if " " in text else ""
            words = text.split() if space else list(text)
            changed = change(words, chance) if len(words) >= least else words
            if changed != words:
                mixed = space.join(changed)
                yield pair._replace(src=mixed) if side == "src" else pair._replace(trg=mixed)

    return lambda pairs: list(made(pairs))


def _cut(words: list[str], chance: random.Random) -> list[str]:
    return words[: max(1, round(len(words) * chance.uniform(*_CUT)))]


def _mixed(words: list[str], chance: random.Random) -> list[str]:
    return chance.sample(words, len(words))


DAMAGED: dict[str, list[Damage]] = {
    "not translations of each other": [_moved],
    "cut off": [_on("src", _cut, 4), _on("trg", _cut, 4)],
    "scrambled words": [_on("src", _mixed, 4), _on("trg", _mixed, 4)],
    "sides swapped": [_swapped],
    "copied, not translated": [_sources_twice, _targets_twice],
    OTHER_LANGUAGE: [_sources, _targets],
}
"""How pairs are damaged, by what is to be said of them."""
