"""Sentence pairs as words, with what of them translates what: what words and phrases are cut from.

In scripts without spaces each character counts as a word. Knows of words only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..alignment import LETTER, Likely, Links, Tokens, linked, truecased
from ..corpus.pairs import Pair
from ..scripts import UNSPACED

# Marks and digits in the blocks of scripts without spaces.
_NO_LETTER = (
    r"[\u0e3f\u0e4f\u0e5a\u0e5b\u3000-\u3004\u3008-\u3030\u303d\u30fb\uff00-\uff20\uff3b-\uff40\uff5b-\uff65]|\d"
)
_CHARACTER = rf"(?!{_NO_LETTER}){UNSPACED.pattern}"
_LETTER = rf"(?!{UNSPACED.pattern}){LETTER}"
_WORD = re.compile(rf"{_CHARACTER}|(?:{_LETTER})+(?:['’-](?:{_LETTER})+)*")

SHARE_USUAL = 0.05
"""The share of the different words of a side that can be called usual, at most."""


class Side(NamedTuple):
    """The words of one side as ``tokens``, what their numbers stand for, and whether a word (n,) stands right behind
    another, but for a space.
    """

    tokens: Tokens
    words: list[str]
    is_joined: NDArray[np.bool_]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Side:
        """Return the words of ``texts``, the first of each written as inside a sentence."""
        sentences: list[list[str]] = []
        is_joined: list[bool] = []
        for text in texts:
            sentences.append([])
            end = len(text)
            for match in _WORD.finditer(text):
                is_joined.append(end < match.start() + 1 and text[end : match.start()] in ("", " "))
                sentences[-1].append(match[0])
                end = match.end()
        numbers: dict[str, int] = {}
        ids = [numbers.setdefault(word, len(numbers)) for words in truecased(sentences) for word in words]
        lengths = [len(words) for words in sentences]
        return cls(
            Tokens(np.array(ids, np.int64), np.array(lengths, np.int64)), list(numbers), np.array(is_joined, bool)
        )

    @property
    def is_character(self) -> NDArray[np.bool_]:
        """Whether each different word is a character of a script without spaces."""
        return np.array([UNSPACED.match(word) is not None for word in self.words], bool)

    def usual(self, at_most: int) -> NDArray[np.bool_]:
        """Return whether each different word is among the most usual: ``at_most`` of them, and no more than
        `SHARE_USUAL`.
        """
        counts = np.bincount(self.tokens.ids, minlength=len(self.words))
        usual = np.zeros(len(counts), bool)
        usual[np.argsort(-counts, kind="stable")[: min(at_most, int(SHARE_USUAL * len(counts)))]] = True
        return usual


class Bitext(NamedTuple):
    """Both sides of sentence pairs, which words belong together in general, and which do where they stand."""

    src: Side
    trg: Side
    likely: Likely
    links: Links

    @classmethod
    def of(cls, pairs: Sequence[Pair]) -> Bitext:
        """Align ``pairs``."""
        src, trg = Side.of(pair.src for pair in pairs), Side.of(pair.trg for pair in pairs)
        return cls(src, trg, *linked(src.tokens, trg.tokens))
