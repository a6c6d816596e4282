"""What a correction says beyond its sentence: its words in the sentences of other pairs.

Two things are looked for. A word that the model chose and the correction replaced is replaced in training pairs too,
where it translates the same word. A word that training hardly knows takes the place of words like it: names of names,
others of words behind the same word. Nothing is known of languages but their words; where these are not told apart by
spaces, nothing is found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from ...alignment import WORD, word_pairs
from ...corpus.pairs import Pair, evenly

MAX_PAIRS = 60_000
"""Training pairs that are looked at, at most."""
MAX_EACH = 40
"""Pairs that are made of one change, at most."""
MAX_WORDS = 4
"""Of a phrase."""
RARE = 10
"""A word that stands so often in the pairs that are looked at, or less often, is hardly known."""
FREQUENT = 0.005
"""The share of all words beyond which one is no part of a term at its edge."""


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

    def applied(self, src: Text, trg: Text) -> tuple[str, str] | None:
        """Return the pair with it, if it stands there."""
        if self.src not in src.words or (place := trg.find(self.old)) < 0:
            return None
        return src.text, trg.with_phrase(place, place + len(self.old), self.new)


class Unheard(NamedTuple):
    """A word ``src`` that is hardly known, to be translated by the phrase ``trg``, and the words before both."""

    src: str
    trg: str
    src_before: str
    trg_before: str

    def applied(self, src: Text, trg: Text, links: Links) -> tuple[str, str] | None:
        """Return the pair with it in the place of a word and its translation, if there are some that suit."""
        for place in range(len(src.words)):
            other = trg.find((links.trgs.get(src.words[place], ""),))
            if other >= 0 and src.find((src.words[place],)) >= 0 and self._suits(src, place, trg, other):
                return (
                    src.with_phrase(place, place + 1, self.src),
                    trg.with_phrase(other, other + 1, self.trg),
                )
        return None

    def _suits(self, src: Text, place: int, trg: Text, other: int) -> bool:
        """Whether names meet a name, and other words the same neighbours."""
        found = src.phrase(place, place + 1), trg.phrase(other, other + 1)
        if self.src == self.trg and self.src[0].isupper():
            return found[0] == found[1] and found[0][0].isupper() and len(found[0]) > 1
        is_like = bool(self.src_before) and (src.before(place), trg.before(other)) == (self.src_before, self.trg_before)
        return is_like and not any(text[0].isupper() for text in found)


class Links(NamedTuple):
    """The likeliest translation of each source and of each target word, and how often words stand in the pairs."""

    trgs: dict[str, str]
    srcs: dict[str, str]
    src_counts: Counter[str]
    trg_counts: Counter[str]

    @classmethod
    def of(cls, pairs: Sequence[Pair], texts: Sequence[tuple[Text, Text]]) -> Links:
        """Learn them from ``pairs``, whose words are ``texts``."""
        counts = (
            Counter(word for src, _ in texts for word in src.words),
            Counter(w for _, trg in texts for w in trg.words),
        )
        forward, backward = word_pairs(pairs), word_pairs([pair.reversed() for pair in pairs])
        trgs, srcs = ({found.src.casefold(): found.trg.casefold() for found in side} for side in (forward, backward))
        for name in counts[0].keys() & counts[1].keys() - trgs.keys():
            trgs[name] = srcs[name] = name
        return cls(trgs, srcs, *counts)

    def links(self, src: str, trg: str) -> bool:
        """Whether one translates the other."""
        return self.trgs.get(src) == trg or self.srcs.get(trg) == src or src == trg

    def is_frequent(self, trg: str) -> bool:
        """Whether a target word is one of the most usual."""
        return self.trg_counts[trg] > FREQUENT * self.trg_counts.total()


def contexts(new: Sequence[Pair], said: Sequence[str], pairs: Sequence[Pair]) -> list[Pair]:
    """Return further pairs that say what ``new`` ones say, made from some of the training ``pairs``; ``said`` is what
    the model makes of the new sources.
    """
    some = list(evenly(pairs, MAX_PAIRS))
    texts = [(Text.of(pair.src), Text.of(pair.trg)) for pair in some]
    links = Links.of(some, texts)
    made: list[Pair] = []
    for pair, hyp in zip(new, said, strict=True):
        src, trg = Text.of(pair.src), Text.of(pair.trg)
        for replaced in _replaced(src, Text.of(hyp), trg, links):
            made += _made((replaced.applied(*both) for both in texts), pair)
        for unheard in _unheard(src, trg, links):
            made.append(Pair(unheard.src, unheard.trg, pair.origin))
            made += _made((unheard.applied(*both, links) for both in texts), pair)
    return made


def _made(found: Iterable[tuple[str, str] | None], pair: Pair) -> list[Pair]:
    """Return some of the pairs that a change in ``pair`` made of others."""
    return [Pair(src, trg, pair.origin) for src, trg in evenly([both for both in found if both], MAX_EACH)]


def _replaced(src: Text, hyp: Text, trg: Text, links: Links) -> Iterator[Replaced]:
    """Yield what ``trg`` replaced in ``hyp`` and translates a word of ``src``."""
    matcher = SequenceMatcher(None, hyp.words, trg.words, autojunk=False)
    for kind, first, end, new_first, new_end in matcher.get_opcodes():
        if kind != "replace" or max(end - first, new_end - new_first) > MAX_WORDS:
            continue
        old = hyp.words[first:end]
        for word in src.words:
            if any(links.links(word, o) and not links.is_frequent(o) for o in old):
                yield Replaced(word, old, trg.phrase(new_first, new_end))
                break


def _unheard(src: Text, trg: Text, links: Links) -> Iterator[Unheard]:
    """Yield the rare word of ``src`` with the words of ``trg`` that nothing else explains, if there is one."""
    rare = [i for i, word in enumerate(src.words) if links.src_counts[word] <= RARE]
    if len(rare) != 1:
        return
    place = rare[0]
    if (same := trg.find((src.words[place],))) >= 0:
        first, end = same, same + 1
    else:
        unexplained = [
            j
            for j, word in enumerate(trg.words)
            if not links.is_frequent(word) and not any(links.links(w, word) for w in src.words if w != src.words[place])
        ]
        if not unexplained or unexplained[-1] - unexplained[0] >= MAX_WORDS:
            return
        first, end = unexplained[0], unexplained[-1] + 1
    yield Unheard(src.phrase(place, place + 1), trg.phrase(first, end), src.before(place), trg.before(first))
