"""Words of a translation that a model has made up: neither training nor the source has them, and it was not sure.

A subword model can spell anything. What it spells that is no word is replaced: by the word of training that is meant,
if one is nearly the same, or else by the word of the source that stands behind it.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..character_model import CharacterModel, Codes
from ..documents.words import words
from ..lexicon import WORD, Lexicon
from ..slots.symbols import ANY

LEAST_LETTERS = 3
"""Of a word that can be told to be made up."""
LEAST_SURE = -6.4
"""What the probability of a word and that of its letters must come to for it to be believed: the logarithm of the
first, and twice the mean logarithm of the second.
"""
LEAST_PROBABILITY = 1e-3
"""Is added to the probability of a word."""
SAME_BEGINNING = 3
"""Letters with which a made-up word and the word that is meant both begin."""
ALIKE = 0.84
"""How alike they are at least: twice the letters that they share, of all letters of both."""


class Looks(NamedTuple):
    """How each word of a translation (rows) looked at those of its source (columns), and its probability (rows,)."""

    shares: NDArray[np.float32]
    probabilities: NDArray[np.float32]


class Mended(NamedTuple):
    """A translation without made-up words, and the words of the source that stand in it instead."""

    text: str
    unknown: tuple[str, ...]


class Inventions:
    """Finds and replaces what is made up, by the words of training on both sides."""

    def __init__(self, src: Lexicon, trg: Lexicon) -> None:
        self._src, self._trg = src, trg

    def suspicious(self, src: str, trg: str) -> list[tuple[int, int]]:
        """Return where in ``trg`` words stand that neither training nor ``src`` has."""
        small: str | None = None
        found = []
        for match in WORD.finditer(trg):
            word = match[0]
            if len(word) >= LEAST_LETTERS and not self._trg.count(word):
                small = src.lower() if small is None else small
                if word.lower() not in small:
                    found.append(match.span())
        return found

    def mended(self, src: str, trg: str, looks: Looks) -> Mended:
        """Return ``trg``, a translation of ``src``, with other words for those that are made up."""
        src_words, places = words(src), {span: row for row, span in enumerate(words(trg))}
        written, end = "", 0
        unknown: list[str] = []
        for begin, stop in self.suspicious(src, trg):
            row = places.get((begin, stop))
            word = trg[begin:stop]
            if row is None or self._is_believable(word, float(looks.probabilities[row])):
                continue
            new = self._nearest(word)
            if new is None:
                new = self._behind(src, src_words, looks.shares[row], unknown)
                if new is None:
                    continue
                unknown.append(new)
            written += trg[end:begin] + new
            end = stop
        return Mended(written + trg[end:], tuple(unknown))

    def _is_believable(self, word: str, probability: float) -> bool:
        letters = float(self._letters.means(Codes.of([word]))[0])
        return math.log(probability + LEAST_PROBABILITY) + 2 * letters >= LEAST_SURE

    def _nearest(self, word: str) -> str | None:
        """Return the word of training that ``word`` is nearly, with its capital."""
        small = word.lower()
        keys = self._trg.keys()
        beginning = small[:SAME_BEGINNING]
        first, last = bisect_left(keys, beginning), bisect_left(keys, beginning + "\U0010ffff")
        close = get_close_matches(small, [key for key in keys[first:last] if abs(len(key) - len(small)) <= 2], 1, ALIKE)
        if not close:
            return None
        usual = self._trg.usual(close[0]) or close[0]
        return usual[0].upper() + usual[1:] if word[0].isupper() else usual

    def _behind(
        self, src: str, src_words: Sequence[tuple[int, int]], shares: NDArray[np.float32], used: Sequence[str]
    ) -> str | None:
        """Return the word of ``src`` that was looked at, rather a rare one than a frequent one, and none that is
        ``used``.
        """
        best, most = None, 0.0
        for (begin, end), share in zip(src_words, shares.tolist(), strict=True):
            word = src[begin:end]
            if not any(map(str.isalpha, word)) or ANY.search(word) or word in used:
                continue
            value = share / math.sqrt(1 + self._src.count(word))
            if value > most:
                best, most = word, value
        return best

    @cached_property
    def _letters(self) -> CharacterModel:
        return CharacterModel(Codes.of(self._trg.keys()))
