"""A sentence as training knows it: its capitals, apostrophes, accents, doubled marks, and slips of the keyboard where
they are plain.

A model knows a word as it is usually written. What people write otherwise, ALL IN CAPITALS, in small letters, "dont",
is brought to that before it is translated (truecasing: Lita et al., 2003), and capitals are put back afterwards. So
case takes neither a symbol nor a step. Words that training has not seen are told apart (`Unseen`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from ..lexicon import Lexicon
from .abbreviations import ABBREVIATIONS

RARE = 4
"""A name that was seen no more often is copied, if it always was."""
USUAL = 50
"""How many times more often another spelling must have been seen than the one that is there."""
LEAST_LETTERS = 4
"""Of a word in which a slip of the keyboard is looked for, and that one which was not seen has in common with another:
more if it has a capital, and may be a name.
"""
LONG = 7
"""Letters of a word in which a wrong vowel is looked for."""
OFTEN = 5
"""How often a word must have been seen that is put for another."""
LEAST_TITLE_WORDS = 3
MOST_KEPT = 100_000
"""Words that are kept as they were spelled."""
NOUNS_WITH_CAPITALS = frozenset(("de", "lb"))
"""Languages that write every noun with a capital letter, so that it makes no name."""

_DOUBLED_MARKS = re.compile(r"([!?])\1+(?=[\s\"'»”)]*$)")
_FINAL_MARKS = re.compile(r"[!?](?=[\s\"'»”)]*$)")
_DOUBLED_LETTER = re.compile(r"([^\W\d_])\1")
_VOWELS = "aeiou"


class Unseen(Enum):
    """What a word is that training has not seen."""

    NAME = "name"
    WORD = "word"


class Capitals(NamedTuple):
    """What of the capitals of a sentence is put back into its translation: ``every`` letter, the small letter that it
    began with (``begins_small``) or its capital (``begins_large``), and those of single words, ``loud``, in small
    letters.
    """

    every: bool = False
    begins_small: bool = False
    begins_large: bool = False
    loud: frozenset[str] = frozenset()


class Style(Enum):
    """How the words of a sentence are written."""

    PLAIN = "plain"
    CAPITALS = "capitals"
    TITLE = "title"
    SMALL = "small"


class Speller:
    """Spells sentences of a language as a `Lexicon` knows it."""

    def __init__(self, lexicon: Lexicon, language: str) -> None:
        self.lexicon = lexicon
        base = language.split("-")[0]
        self._capital_is_name = base not in NOUNS_WITH_CAPITALS
        self._respelled: dict[tuple[str, Style, bool], str | Unseen] = {}
        self._abbreviations: Mapping[str, str] = ABBREVIATIONS.get(base, {})

    def style(self, words: list[str]) -> Style:
        """Tell how ``words``, those of one sentence, are written."""
        letters = "".join(words)
        if letters.isupper() and len(letters) > len(words) and any(self._is_usually_small(word) for word in words):
            return Style.CAPITALS
        if letters.islower():
            return Style.SMALL
        inner = [word for word in words[1:] if len(word) >= LEAST_LETTERS]
        if len(words) >= LEAST_TITLE_WORDS and len(inner) >= 2 and all(word[0].isupper() for word in inner):
            small = sum(map(self._is_usually_small, inner))
            if 2 * small > len(inner):
                return Style.TITLE
        return Style.PLAIN

    def respelled(self, word: str, style: Style, *, is_first: bool) -> str | Unseen:
        """Return ``word`` as training knows it, or what it is if training does not know it."""
        asked = word, style, is_first
        if asked not in self._respelled:
            if len(self._respelled) >= MOST_KEPT:
                self._respelled.clear()
            self._respelled[asked] = self._looked_up(word, style, is_first=is_first)
        return self._respelled[asked]

    def _looked_up(self, word: str, style: Style, *, is_first: bool) -> str | Unseen:
        lexicon = self.lexicon
        exact = word.replace("’", "'")
        if style is Style.PLAIN and exact in lexicon.forms and exact not in self._mistyped:
            is_rare_name = exact[0].isupper() and lexicon.count(exact) <= RARE and lexicon.is_copied(exact)
            return Unseen.NAME if is_rare_name and self._capital_is_name else word
        if (short := exact.lower() if style is Style.CAPITALS else exact) in self._abbreviations:
            seen = lexicon.forms.get(short)
            if seen is None or seen.inside < OFTEN:  # "u", and not the "U" of "U.S."
                return self._abbreviations[short]
        if (usual := self._known(exact.lower())) is None:
            part = longest_part(exact)
            return (
                word
                if part != exact and self.lexicon.count(part)
                else self._unseen(part, word, style, is_first=is_first)
            )
        if style is Style.PLAIN and is_first and word[0].isupper():
            return usual[0].upper() + usual[1:]
        is_acronym = word.islower() and usual.isupper() and style is Style.PLAIN
        return word if is_acronym else usual

    def _known(self, key: str) -> str | None:
        """Return the usual spelling of the word ``key``, in small letters: itself, or what is meant by it."""
        if (meant := self._mistyped.get(key)) is not None:
            return meant
        usual = self.lexicon.usual(key)
        return usual if usual is not None else self._slip(key)

    def _unseen(self, part: str, word: str, style: Style, *, is_first: bool) -> str | Unseen:
        """Return ``word``, whose longest ``part`` training has not seen, or what it is."""
        is_capital = part[0].isupper() and style is not Style.CAPITALS and self._capital_is_name
        begins = is_first or style is Style.TITLE  # so that a capital says little
        least = LEAST_LETTERS + is_capital * (1 if begins else 2)
        if self.lexicon.has_stem(part, least):
            return word if style is Style.PLAIN else word.lower()
        is_name = is_capital and not (part.isupper() and len(part) > 1)
        return Unseen.NAME if is_name else Unseen.WORD

    def _is_usually_small(self, word: str) -> bool:
        usual = self._known(word.lower())
        return usual is not None and usual[0].islower()

    @cached_property
    def _mistyped(self) -> dict[str, str]:
        """Words without their apostrophes or accents, where others are seen far more often: "dont" is "don't"."""
        found: dict[str, str] = {}
        for key in self.lexicon.keys():  # noqa: SIM118 - a lexicon is no dict
            for plain in {key.replace("'", ""), without_accents(key)} - {key}:
                n, n_plain = self.lexicon.count(key), self.lexicon.count(plain)
                if n >= max(OFTEN, USUAL * n_plain) and n > self.lexicon.count(found.get(plain, "")):
                    usual = self.lexicon.usual(key)
                    assert usual is not None, "its key was seen"
                    found[plain] = usual
        return found

    def _slip(self, key: str) -> str | None:
        """Return the word from which ``key`` differs by one slip, if there is a frequent one."""
        if len(key) < LEAST_LETTERS:
            return None
        if (same := self._by_single_letters.get(_single_letters(key))) is not None:
            return self.lexicon.usual(same)
        best = max(_one_slip_away(key), key=self.lexicon.count, default="")
        return self.lexicon.usual(best) if self.lexicon.count(best) >= OFTEN else None

    @cached_property
    def _by_single_letters(self) -> dict[str, str]:
        """The words that were seen more than once, by their letters without doubled ones; of several the most usual."""
        found: dict[str, str] = {}
        for key in self.lexicon.keys():  # noqa: SIM118 - a lexicon is no dict
            n = self.lexicon.count(key)
            if n > 1 and n > self.lexicon.count(found.get(single := _single_letters(key), "")):
                found[single] = key
        return found


def longest_part(word: str) -> str:
    """Return the longest part of ``word`` between apostrophes: "Priya" of "Priya's"."""
    return max(re.split("['’]", word), key=len)


def without_accents(text: str) -> str:
    """Return ``text`` without the marks above and below its letters."""
    if text.isascii():
        return text
    kept = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", "".join(kept))


def _single_letters(word: str) -> str:
    return _DOUBLED_LETTER.sub(r"\1", word)


def _one_slip_away(word: str) -> Iterator[str]:
    """Yield words of which ``word`` may be a slip: two letters exchanged; in a long word a wrong vowel. Neither its
    first letter nor its end is touched.
    """
    for place in range(1, len(word) - 1):
        if word[place] != word[place + 1]:
            yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        if len(word) >= LONG and word[place] in _VOWELS:
            for vowel in _VOWELS.replace(word[place], ""):
                yield word[:place] + vowel + word[place + 1 :]


def with_single_marks(text: str) -> str:
    """Return ``text`` with one mark at its end where several of the same stand."""
    return _DOUBLED_MARKS.sub(r"\1", text)


def with_marks_of(src: str, text: str) -> str:
    """Return ``text`` with as many final marks as ``src`` has, where `with_single_marks` left one."""
    doubled = _DOUBLED_MARKS.search(src)
    return _FINAL_MARKS.sub(doubled[0], text) if doubled else text
