"""Words and phrases of up to four words that translate each other, cut from sentence pairs.

Consistent phrase pairs (Koehn, Och and Marcu, 2003) of the surest alignments, kept where either mostly stands for the
other. What a phrase is, is told by its occurrences alone: it neither begins nor ends with one of the most usual words,
and no neighbour belongs to it.

`n` are the words of one side, in all sentences; `G` its different phrases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..alignment import Floats, Ints
from ..scripts import UNSPACED
from .bitext import Bitext, Side

MAX_WORDS = 4
"""Of a phrase; words are characters where a script has no spaces."""
LEAST_OFTEN, LEAST_LIKELY, LEAST_LIKELY_CHARACTER = 3, 0.5, 0.7
"""Of a phrase and its translation: how often they stand for each other, and the geometric mean of the shares of the
occurrences of either.
"""
SURE = 0.8
"""A translation that is so likely may end with any word."""
MOST_USUAL = 100
"""How many of a side's words are so usual that no phrase begins or ends with one, unless it is a whole sentence
somewhere.
"""
MOST_BOUND = 0.5
"""The share of a phrase's occurrences that may have one and the same word before or behind them."""
MOST_USUAL_NEIGHBOURS, MOST_BOUND_USUAL = 30, 0.9
"""How many words are so usual that they may always stand beside a phrase, as articles do, and beside which share of the
occurrences of a single word.
"""
LONGER, WITH_ARTICLE = 0.05, 0.8
"""What a translation is worth for each word that it is longer than another, and with a usual word before it."""

_NONE = -1
_FAR = 1 << 60


class Phrase(NamedTuple):
    """A phrase and its likeliest translation, how often they stand for each other, and the geometric mean of the shares
    of the occurrences of either.
    """

    src: str
    trg: str
    n_times: int
    likelihood: float


def phrase_pairs(bitext: Bitext) -> list[Phrase]:
    """Return the likeliest translation of each source phrase that has a likely one, the most frequent phrases first."""
    src, trg = _Phrases.of(bitext.src), _Phrases.of(bitext.trg)
    srcs, trgs, counts = _consistent(bitext, src, trg)
    likelihoods = counts / np.sqrt(src.counts[srcs] * trg.counts[trgs])
    found = np.flatnonzero(
        (counts >= LEAST_OFTEN)
        & (likelihoods >= np.maximum(src.least_likely[srcs], trg.least_likely[trgs]))
        & src.is_whole[srcs]
        & ~trg.is_bound[trgs]
        & (trg.is_ended[trgs] | (likelihoods >= SURE))
    )
    worths = np.where(trg.is_whole, 1 + LONGER * trg.lengths, WITH_ARTICLE)
    ranks = likelihoods[found] * worths[trgs[found]]
    found = found[np.lexsort((-ranks, srcs[found]))]
    found = found[np.diff(srcs[found], prepend=_NONE) > 0]
    found = found[np.argsort(-counts[found], kind="stable")]
    return [Phrase(src.text(srcs[i]), trg.text(trgs[i]), int(counts[i]), float(likelihoods[i])) for i in found.tolist()]


@dataclass(frozen=True)
class _Phrases:
    """The phrases of one side: the number (MAX_WORDS, n) of the one that begins at a word and has so many words more,
    or -1; of each how often it stands (G,), where first (G,), and its words (G,).
    """

    side: Side
    numbers: Ints
    counts: Ints
    places: Ints
    lengths: Ints

    @classmethod
    def of(cls, side: Side) -> _Phrases:
        ids, n_words = side.tokens.ids, len(side.words)
        numbers = np.full((MAX_WORDS, len(ids)), _NONE, np.int64)
        counts, places, n_phrases = [], [], 0
        begins, keys = np.arange(len(ids)), ids
        for more in range(MAX_WORDS):
            if more:
                begins = np.flatnonzero((numbers[more - 1][: len(ids) - more] >= 0) & side.is_joined[more:])
                keys = numbers[more - 1][begins] * n_words + ids[begins + more]
            _, first, which, n_times = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
            numbers[more][begins] = which + n_phrases
            counts.append(n_times)
            places.append(begins[first])
            n_phrases += len(n_times)
        lengths = np.repeat(np.arange(1, MAX_WORDS + 1), [len(n_times) for n_times in counts])
        return cls(side, numbers, np.concatenate(counts), np.concatenate(places), lengths)

    def text(self, number: int) -> str:
        """Return a phrase as it is written."""
        begin = self.places[number]
        words = [self.side.words[i] for i in self.side.tokens.ids[begin : begin + self.lengths[number]].tolist()]
        text: str = words[0]
        for word in words[1:]:
            text += word if UNSPACED.match(text[-1]) or UNSPACED.match(word) else " " + word
        return text

    @cached_property
    def least_likely(self) -> Floats:
        """How likely a translation of each must be (G,): a single character of a script without spaces is mostly a part
        of a word.
        """
        is_one = (self.lengths == 1) & self.side.is_character[self._firsts]
        return np.where(is_one, LEAST_LIKELY_CHARACTER, LEAST_LIKELY)

    @cached_property
    def is_whole(self) -> NDArray[np.bool_]:
        """Whether each (G,) lacks nothing, to begin with or at its end."""
        is_edged = self.side.usual(MOST_USUAL)[self._firsts] & (self.lengths > 1)
        return self.is_ended & (~is_edged | self.is_sentence) & ~self.is_bound

    @cached_property
    def is_ended(self) -> NDArray[np.bool_]:
        """Whether each (G,) does not end with a usual word, as an article that lacks its noun."""
        usual, is_character = self.side.usual(MOST_USUAL), self.side.is_character
        lasts = self.side.tokens.ids[self.places + self.lengths - 1]
        of_character = (usual & is_character)[lasts] | (usual & is_character)[self._firsts]
        is_edged: NDArray[np.bool_] = (usual[lasts] & (self.lengths > 1)) | of_character
        return np.asarray(~is_edged | self.is_sentence, np.bool_)

    @property
    def _firsts(self) -> Ints:
        return self.side.tokens.ids[self.places]

    @cached_property
    def is_bound(self) -> NDArray[np.bool_]:
        """Whether each (G,) mostly has one word before or behind it, and is therefore a part of more."""
        ids, is_joined, n_words = self.side.tokens.ids, self.side.is_joined, len(self.side.words)
        is_article = self.side.usual(MOST_USUAL_NEIGHBOURS) & ~self.side.is_character
        most, most_articles = np.zeros((2, len(self.counts)), np.int64)
        for more, numbers in enumerate(self.numbers):
            before, behind = np.flatnonzero(is_joined), np.flatnonzero(is_joined[more + 1 :])
            for begins, neighbours in ((before, ids[before - 1]), (behind, ids[behind + more + 1])):
                known = numbers[begins] >= 0
                keys, n_times = np.unique(numbers[begins[known]] * n_words + neighbours[known], return_counts=True)
                numbered, neighbour = keys // n_words, keys % n_words
                for found, is_meant in ((most, ~is_article[neighbour]), (most_articles, is_article[neighbour])):
                    np.maximum.at(found, numbered[is_meant], n_times[is_meant])
        by_article = (most_articles > MOST_BOUND_USUAL * (self.counts + 2)) & (self.lengths == 1)
        return np.asarray((most > MOST_BOUND * self.counts) | by_article, np.bool_)

    @cached_property
    def is_sentence(self) -> NDArray[np.bool_]:
        """Whether each (G,) is a whole sentence somewhere."""
        n_words = self.side.tokens.lengths
        begins = np.cumsum(n_words) - n_words
        found = np.zeros(len(self.counts), bool)
        for more, numbers in enumerate(self.numbers):
            whole = numbers[begins[n_words == more + 1]]
            found[whole[whole >= 0]] = True
        return found


def _consistent(bitext: Bitext, src: _Phrases, trg: _Phrases) -> tuple[Ints, Ints, Ints]:
    """Return the phrases of both sides that stand for each other, as numbers (D,), and how often they do (D,).

    No word of either is linked with a word outside the other, and some are linked. Words without links may stand at
    the edges.
    """
    of_src = _Windows.of(bitext.links.srcs, bitext.links.trgs, src.numbers.shape[1])
    of_trg = _Windows.of(bitext.links.trgs, bitext.links.srcs, trg.numbers.shape[1])
    lacks = _over(_lacks(bitext.src, bitext.links.srcs), np.maximum)
    is_free = of_trg.last[0] == _NONE
    keys = []
    for more in range(MAX_WORDS):
        suits = src.is_sentence[src.numbers[more]] | (lacks[more] == 0)
        begins = np.flatnonzero((src.numbers[more] >= 0) & (of_src.last[more] >= 0) & suits)
        first, last = of_src.first[more][begins], of_src.last[more][begins]
        fits = last - first < MAX_WORDS
        begins, first, last = begins[fits], first[fits], last[fits]
        agrees = (of_trg.first[last - first, first] >= begins) & (of_trg.last[last - first, first] <= begins + more)
        begins, first, last = begins[agrees], first[agrees], last[agrees]
        for n_before in range(MAX_WORDS):
            if n_before:
                grows = (first > 0) & is_free[first - 1] & (last - first + 1 < MAX_WORDS)
                begins, first, last = begins[grows], first[grows] - 1, last[grows]
            end, kept = last, np.arange(len(begins))
            for n_behind in range(MAX_WORDS - n_before):
                if n_behind:
                    grows = (end + 1 < len(is_free)) & (end - first[kept] + 1 < MAX_WORDS)
                    grows &= is_free[np.minimum(end + 1, len(is_free) - 1)]
                    end, kept = end[grows] + 1, kept[grows]
                number = trg.numbers[end - first[kept], first[kept]]
                keys.append((src.numbers[more][begins[kept]] * len(trg.counts) + number)[number >= 0])

    found, counts = np.unique(np.concatenate(keys), return_counts=True)
    return found // len(trg.counts), found % len(trg.counts), counts


def _lacks(side: Side, places: Ints) -> Ints:
    """Return 1 for each word (n,) that should have a link and has none, else 0: the usual ones go without, and single
    characters.
    """
    lacks = np.where((side.usual(MOST_USUAL) | side.is_character)[side.tokens.ids], 0, 1)
    lacks[places] = 0
    return lacks


class _Windows(NamedTuple):
    """Of up to `MAX_WORDS` words from each (MAX_WORDS, n): the first and the last place that they are linked with."""

    first: Ints
    last: Ints

    @classmethod
    def of(cls, places: Ints, others: Ints, n_words: int) -> _Windows:
        first, last = np.full(n_words, _FAR), np.full(n_words, _NONE)
        first[places] = last[places] = others
        return cls(_over(first, np.minimum), _over(last, np.maximum))


def _over(values: Ints, which: Callable[[Ints, Ints], Ints]) -> Ints:
    rows = [values]
    for more in range(1, MAX_WORDS):
        row = rows[-1].copy()
        row[: len(row) - more] = which(row[: len(row) - more], values[more:])
        rows.append(row)
    return np.stack(rows)
