"""Pairs in which names, words that translate each other, or nothing at all made room for slots.

So a model learns where a slot goes, several of them, beside marks and at either end, and that the words around agree,
from pairs that have nothing of the kind.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..corpus.pairs import Pair
from ..lexicon import WORD, Lexicon
from ..slots import Family, n_whole, whole
from ..slots.symbols import SYMBOLS

SHARE_NAMES, SHARE_WORDS, SHARE_BESIDE = 0.3, 0.08, 0.04
"""The share of the pairs with names that come once more with slots for these, and of all pairs with a slot for a word,
or one beside the sentence.
"""
FAMILIES = (Family.NAME, Family.NAME, Family.CODE, Family.CODE, Family.NUMBER)
"""What the slot of a word may be: as often as it stands here."""
BESIDE = ("{slot} {text}", "{slot}: {text}", "{text} {slot}", "{text} ({slot})", '"{slot}" {text}')
INSIDE = ("{text} {slot}{end}", "{text} ({slot}){end}", "{text}: {slot}{end}", '{text} "{slot}"{end}')
"""Where a slot stands beside a sentence, and before its final mark."""

_END = re.compile(r"[.!?。！？]?$")


def slotted(pairs: Iterable[Pair], words: Mapping[str, str], lexicon: Lexicon, chance: random.Random) -> Iterator[Pair]:
    """Yield some of ``pairs`` with further slots; ``words`` says which words translate each other, and ``lexicon``
    which are names.
    """
    for pair in pairs:
        if (names := _shared_names(pair, lexicon)) and chance.random() < SHARE_NAMES:
            yield from _replaced(pair, [(name, name, Family.NAME) for name in names], chance)
        if chance.random() < SHARE_WORDS and (found := _words(pair, words)):
            src, trg = chance.choice(found)
            yield from _replaced(pair, [(src, trg, chance.choice(FAMILIES))], chance)
        if chance.random() < SHARE_BESIDE and _is_text(pair):
            yield from _beside(pair, chance)


def _is_text(pair: Pair) -> bool:
    return all(any(map(str.isalpha, text)) for text in (pair.src, pair.trg))


def _free(pair: Pair, family: Family, chance: random.Random) -> str | None:
    free = [symbol for symbol in SYMBOLS[family] if symbol not in pair.src]
    return chance.choice(free) if free else None


def _replaced(pair: Pair, parts: Sequence[tuple[str, str, Family]], chance: random.Random) -> Iterator[Pair]:
    """Yield ``pair`` with a slot for each of ``parts`` of both sides, if there are symbols enough."""
    for src, trg, family in parts:
        symbol = _free(pair, family, chance)
        if symbol is None:
            return
        pair = Pair(whole(src).sub(symbol, pair.src, 1), whole(trg).sub(symbol, pair.trg, 1), pair.origin)
    yield pair


def _shared_names(pair: Pair, lexicon: Lexicon) -> list[str]:
    """Return the names that stand once in both sentences."""
    names = {match[0] for match in WORD.finditer(pair.src) if match[0][0].isupper() and len(match[0]) > 1}
    names = {name for name in names if lexicon.is_copied(name) and lexicon.usual(name) == name}
    return [name for name in sorted(names) if n_whole(pair.src, name) == n_whole(pair.trg, name) == 1]


def _words(pair: Pair, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the words of ``pair`` that translate each other and stand once in their sentences."""
    srcs, trgs = ([match[0] for match in WORD.finditer(text)] for text in (pair.src, pair.trg))
    return [(src, trg) for src in srcs if (trg := words.get(src, "")) and srcs.count(src) == 1 and trgs.count(trg) == 1]


def _beside(pair: Pair, chance: random.Random) -> Iterator[Pair]:
    """Yield ``pair`` with a slot before it, behind it, or before its final mark."""
    symbol = _free(pair, chance.choice(FAMILIES), chance)
    if symbol is None:
        return
    form = chance.choice((*BESIDE, *INSIDE))

    def with_slot(text: str) -> str:
        end = _END.search(text) if form in INSIDE else None
        mark = end[0] if end else ""
        return form.format(slot=symbol, text=text.removesuffix(mark), end=mark)

    yield Pair(with_slot(pair.src), with_slot(pair.trg), pair.origin)
