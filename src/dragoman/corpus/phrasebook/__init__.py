"""The embedded corpus: English-Spanish phrasebook sentences made from word tables and patterns, without network.

The words stand in ``*.tsv``, the patterns in ``patterns.toml``; ``morphology`` makes the forms of a word, ``lexicon``
reads the tables, ``grammar`` makes a sentence from a pattern. A new word or pattern is a new line of data.

The Spanish is that of Spain. *You* is always ``tú``; a speaker or a group without a gender is masculine; of the subject
pronouns only ``él`` and ``ella`` are said; *his* is ``su``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from itertools import product
from typing import NamedTuple

from ..pairs import Origin, Pair
from . import grammar
from .lexicon import Word, read_lexicon

DEFAULT_MOST = 300
"""Sentences that a pattern gives at most, unless it says otherwise with ``most``."""
LONGEST = 28
"""Characters that a sentence has at most, on either side."""


class Phrase(NamedTuple):
    """A sentence ``src`` (English) and its translation ``trg`` (Spanish), with the pattern that made them.

    ``links`` is the word alignment: pairs (index in ``src.split()``, index in ``trg.split()``), both from 0, in order.
    Words that translate nothing are in no link.
    """

    src: str
    trg: str
    pattern: str
    links: tuple[tuple[int, int], ...]


@cache
def phrases() -> tuple[Phrase, ...]:
    """Return all phrases: one of each pattern first, then the others shuffled; the same on every machine."""
    found: dict[str, Phrase] = {}
    heads: set[str] = set()
    text = (files(__package__) / "patterns.toml").read_text(encoding="utf-8")
    for name, pattern in tomllib.loads(text).items():
        for place, phrase in enumerate(_expand(name, **pattern)):
            found.setdefault(phrase.src, phrase)
            if place == 0:
                heads.add(phrase.src)
    return tuple(sorted(found.values(), key=lambda phrase: (phrase.src not in heads, _digest(phrase.src))))


def pairs() -> Iterator[Pair]:
    """Yield the phrases as pairs, in the order of ``phrases``; the origin's line is the place in it, from 1."""
    for line, phrase in enumerate(phrases(), start=1):
        yield Pair(phrase.src, phrase.trg, Origin("phrasebook", line))


def _expand(name: str, en: str, es: str, most: int = DEFAULT_MOST) -> Iterator[Phrase]:
    words = read_lexicon()
    source, target = grammar.parse("en", en), grammar.parse("es", es)
    slots = grammar.slots(source, words)
    fixed = {item.name: words.words[item.name] for item in source.items + target.items if item.name not in slots}
    choices = [words.classes[slot] for slot in slots]
    phrases_found = 0
    for filling in _shuffled(name, product(*choices)):
        binding = fixed | dict(zip(slots, filling, strict=True))
        src, trg = grammar.render(source, binding), grammar.render(target, binding)
        src_text, trg_text = (" ".join(token.text for token in side) for side in (src, trg))
        if max(len(src_text), len(trg_text)) <= LONGEST:
            yield Phrase(src_text, trg_text, name, grammar.links(src, trg))
            phrases_found += 1
        if phrases_found == most:
            return


def _shuffled(name: str, fillings: Iterable[tuple[Word, ...]]) -> list[tuple[Word, ...]]:
    """Return the fillings in the order of their digests."""
    return sorted(fillings, key=lambda words: _digest("|".join((name, *(word.name for word in words)))))


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest()
