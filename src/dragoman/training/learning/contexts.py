"""What a correction says beyond its sentence: its words in the sentences of other pairs.

Two things are looked for. A word that the model chose and the correction replaced is replaced in training pairs too,
where it translates the same word. A word that training hardly knows takes the place of words like it: names of names,
others of words behind the same word. Nothing is known of languages but their words; where these are not told apart by
spaces, nothing is found.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice
from typing import NamedTuple

import numpy as np

from ...alignment import WORD, word_pairs
from ...corpus.pairs import Origin, Pair
from ...hashing import permute

MAX_PAIRS = 60_000
"""Training pairs that are looked at, at most."""
MAX_EACH = 40
"""Pairs that are made of one change, at most."""
MAX_WORDS = 4
"""Of a phrase."""
RARE = 20
"""A word that stands so often in the pairs that are looked at, or less often, is hardly known."""
MAX_USUAL, SHARE_USUAL = 60, 0.05
"""How many of a side's words, and which share of them, are so usual that one means little by itself; the fewer."""
LEAST_LIKELY = 0.12
"""Of a word and its translation, in one of its forms."""
NAMES = "A name"
"""Stands for all names among the words, which have no space."""
INFLECTED = 2
"""Letters at the end in which forms of one word differ, at most."""


class Text(NamedTuple):
    """A sentence, the places of its ``words``, and these in small letters."""

    text: str
    spans: tuple[tuple[int, int], ...]
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Text:
        """Return the words of ``text``."""
        found = [match.span() for match in WORD.finditer(text)]
        return cls(text, tuple(found), tuple(text[begin:end].casefold() for begin, end in found))

    def phrase(self, first: int, end: int) -> str:
        """Return what stands from word ``first`` to the one before ``end``."""
        return self.text[self.spans[first][0] : self.spans[end - 1][1]]

    def with_phrase(self, first: int, end: int, phrase: str) -> str:
        """Return the text with ``phrase`` for these words, its first letter as large as theirs at the beginning."""
        begin, stop = self.spans[first][0], self.spans[end - 1][1]
        if first == 0 and self.text[begin].isupper():
            phrase = phrase[0].upper() + phrase[1:]
        return self.text[:begin] + phrase + self.text[stop:]

    def before(self, place: int) -> str:
        """Return the word before a place, or an empty string."""
        return self.words[place - 1] if place else ""

    def find(self, words: tuple[str, ...]) -> int:
        """Return the place of the only occurrence of ``words``, else -1."""
        places = [i for i in range(len(self.words)) if self.words[i : i + len(words)] == words]
        return places[0] if len(places) == 1 else -1


class Replaced(NamedTuple):
    """The word ``src`` was translated by the words ``old`` and is to be by the phrase ``new``."""

    src: str
    old: tuple[str, ...]
    new: str

    @property
    def key(self) -> str:
        """Where `Corpus` has the pairs that it may stand in."""
        return self.src

    def applied(self, src: Text, trg: Text, links: Links) -> tuple[str, str] | None:
        """Return the pair with it, if it stands there."""
        if self.src not in src.words or (place := trg.find(self.old)) < 0:
            return None
        return src.text, trg.with_phrase(place, place + len(self.old), self.new)


class Unheard(NamedTuple):
    """A phrase ``src`` that is hardly known, to be translated by the phrase ``trg``, and the words before both."""

    src: str
    trg: str
    src_before: str
    trg_before: str

    @property
    def is_name(self) -> bool:
        """Whether it is written as a name on both sides."""
        return self.src[0].isupper() and self.trg[0].isupper()

    @property
    def key(self) -> str:
        """Where `Corpus` has the pairs that it may stand in."""
        return NAMES if self.is_name else self.src_before

    def applied(self, src: Text, trg: Text, links: Links) -> tuple[str, str] | None:
        """Return the pair with it in the place of a word and its translation, if there are some that suit."""
        for place, word in enumerate(src.words):
            other = trg.find((links.trgs.get(word, ""),))
            if other >= 0 and src.find((word,)) >= 0 and self._suits(src, place, trg, other):
                return (
                    src.with_phrase(place, place + 1, self.src),
                    trg.with_phrase(other, other + 1, self.trg),
                )
        return None

    def _suits(self, src: Text, place: int, trg: Text, other: int) -> bool:
        """Whether names meet a name, and other words the same neighbours."""
        found = src.phrase(place, place + 1), trg.phrase(other, other + 1)
        if self.is_name:
            return found[0] == found[1] and _is_name(found[0])
        is_like = (src.before(place), trg.before(other)) == (self.src_before, self.trg_before)
        return is_like and not any(text[0].isupper() for text in found)


class Links(NamedTuple):
    """The likeliest translation of each source and of each target word, how often words stand in the pairs, and which
    are the most usual.
    """

    trgs: dict[str, str]
    srcs: dict[str, str]
    src_counts: Counter[str]
    trg_counts: Counter[str]
    src_usual: frozenset[str]
    trg_usual: frozenset[str]

    @classmethod
    def of(cls, pairs: Sequence[Pair], texts: Sequence[tuple[Text, Text]]) -> Links:
        """Learn them from ``pairs``, whose words are ``texts``."""
        counts = (
            Counter(word for src, _ in texts for word in src.words),
            Counter(w for _, trg in texts for w in trg.words),
        )
        forward = word_pairs(pairs, LEAST_LIKELY)
        backward = word_pairs([pair.reversed() for pair in pairs], LEAST_LIKELY)
        trgs, srcs = ({found.src.casefold(): found.trg.casefold() for found in side} for side in (forward, backward))
        for name in counts[0].keys() & counts[1].keys() - trgs.keys():
            trgs[name] = srcs[name] = name
        return cls(trgs, srcs, *counts, *map(_usual, counts))

    def links(self, src: str, trg: str) -> bool:
        """Whether one translates the other."""
        return self.trgs.get(src) == trg or self.srcs.get(trg) == src or src == trg

    def unexplained(self, src: Text, trg: Text) -> tuple[list[range], list[range]]:
        """Return the runs of words on either side that no word of the other side translates. A usual word belongs to
        one only between two others.
        """
        src_bare = [not any(self.links(word, other) for other in trg.words) for word in src.words]
        trg_bare = [not any(self.links(other, word) for other in src.words) for word in trg.words]
        return (
            _runs(src_bare, [word in self.src_usual for word in src.words]),
            _runs(trg_bare, [word in self.trg_usual for word in trg.words]),
        )


def _usual(counts: Counter[str]) -> frozenset[str]:
    return frozenset(word for word, _ in counts.most_common(min(MAX_USUAL, int(SHARE_USUAL * len(counts)))))


def _runs(is_bare: Sequence[bool], is_usual: Sequence[bool]) -> list[range]:
    runs: list[range] = []
    for place in range(len(is_bare)):
        if not is_bare[place] or is_usual[place]:
            continue
        if runs and all(is_bare[between] for between in range(runs[-1].stop, place)) and place - runs[-1].stop < 2:
            runs[-1] = range(runs[-1].start, place + 1)
        else:
            runs.append(range(place, place + 1))
    return runs


class Corpus:
    """Some of the training ``pairs``, in an order of chance: their texts, by what they hold, and which words translate
    each other.
    """

    def __init__(self, pairs: Sequence[Pair]) -> None:
        order = permute(np.arange(len(pairs)), len(pairs))[:MAX_PAIRS].tolist()
        some = [pairs[place] for place in order]
        self.texts = [(Text.of(pair.src), Text.of(pair.trg)) for pair in some]
        self.links = Links.of(some, self.texts)
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, (src, trg) in enumerate(self.texts):
            for word in set(src.words):
                self._places[word].append(place)
            if any(_is_name(src.phrase(i, i + 1)) and word in trg.words for i, word in enumerate(src.words)):
                self._places[NAMES].append(place)

    def with_change(self, change: Replaced | Unheard, origin: Origin) -> list[Pair]:
        """Return some of the pairs with ``change`` in them."""
        places = self._places.get(change.key, ()) if change.key else ()
        found = (change.applied(*self.texts[place], self.links) for place in places)
        return [Pair(*both, origin) for both in islice((both for both in found if both), MAX_EACH)]


def in_context(new: Sequence[Pair], said: Sequence[str], pairs: Sequence[Pair]) -> list[Pair]:
    """Return further pairs that say what ``new`` ones say, made from some of the training ``pairs``; ``said`` is what
    the model makes of the new sources.
    """
    corpus = Corpus(pairs)
    made: list[Pair] = []
    for pair, hyp in zip(new, said, strict=True):
        src, trg = Text.of(pair.src), Text.of(pair.trg)
        for replaced in _replaced(src, Text.of(hyp), trg, corpus.links):
            made += corpus.with_change(replaced, pair.origin)
        for unheard in _unheard(src, trg, corpus.links):
            found = corpus.with_change(unheard, pair.origin)
            made += [Pair(unheard.src, unheard.trg, pair.origin), *found] if found else []
    return made


def _is_name(word: str) -> bool:
    return word[0].isupper() and len(word) > 1


def _replaced(src: Text, hyp: Text, trg: Text, links: Links) -> Iterator[Replaced]:
    """Yield what ``trg`` replaced in ``hyp`` and translates a word of ``src``; another form of a word is no other."""
    matcher = SequenceMatcher(None, hyp.words, trg.words, autojunk=False)
    for kind, first, end, new_first, new_end in matcher.get_opcodes():
        if kind != "replace" or end - first > 2 or new_end - new_first > MAX_WORDS:
            continue
        old = hyp.words[first:end]
        if old and len(old) == new_end - new_first and all(map(_is_form, old, trg.words[new_first:new_end])):
            continue
        for word in src.words:
            if any(links.links(word, o) and o not in links.trg_usual for o in old):
                new = trg.phrase(new_first, new_end)
                yield Replaced(word, old, new if new_first else new[0].lower() + new[1:])
                break


def _is_form(one: str, other: str) -> bool:
    """Whether two words differ in their last letters only."""
    n = max(2, max(len(one), len(other)) - INFLECTED)
    return one[:n] == other[:n]


def _unheard(src: Text, trg: Text, links: Links) -> Iterator[Unheard]:
    """Yield phrases of ``src`` with rare words and what translates them: names as they are, others by what nothing else
    explains, in the same order.
    """
    rare = [place for place, word in enumerate(src.words) if links.src_counts[word] <= RARE]
    pairs = [
        (range(place, place + 1), range(same, same + 1))
        for place in rare
        if (same := trg.find((src.words[place],))) >= 0
    ]
    srcs, trgs = links.unexplained(src, trg)
    if len(srcs) != len(trgs):
        srcs = [run for run in srcs if any(links.src_counts[src.words[place]] <= RARE for place in run)]
        trgs = [run for run in trgs if any(links.trg_counts[trg.words[place]] <= RARE for place in run)]
    if len(srcs) == len(trgs):
        pairs += [both for both in zip(srcs, trgs, strict=True) if not set(both[0]).isdisjoint(rare)]
    for of_src, of_trg in pairs:
        if max(len(of_src), len(of_trg)) <= MAX_WORDS:
            yield Unheard(
                src.phrase(of_src.start, of_src.stop),
                trg.phrase(of_trg.start, of_trg.stop),
                src.before(of_src.start),
                trg.before(of_trg.start),
            )
