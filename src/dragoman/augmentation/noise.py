"""Sources as people type them: apostrophes and accents left out, slips of the keyboard.

Capitals and marks are no noise: they are put right before a sentence is translated. The target side stays as it is.
What is left out stood there, so nothing is done that the language does not have.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from ..alignment import WORD
from ..corpus.pairs import Pair

LEAST_LETTERS = 5
"""Of a word in which a key slips: in a shorter one it mostly makes another word."""
OFTEN = 3
"""A word that is so often in the sources is one, and not another that is written carelessly."""
SHARE_OF_SECOND = 0.3
"""The share of the noisy sources to which two things happen."""

_APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’](?=[^\W\d_])")
_ACCENTED_SCRIPTS = ("LATIN", "GREEK")


def noisy(pairs: Sequence[Pair], share: float, chance: random.Random) -> Iterator[Pair]:
    """Yield a ``share`` of ``pairs`` with one or two kinds of noise in the source, where some suits it."""
    known = Counter(word.lower() for pair in pairs for word in WORD.findall(pair.src))
    for pair in pairs:
        if chance.random() < share:
            src = _noise(pair.src, known, chance)
            if chance.random() < SHARE_OF_SECOND:
                src = _noise(src, known, chance)
            if src and src != pair.src:
                yield Pair(src, pair.trg, pair.origin)


def _noise(text: str, known: Counter[str], chance: random.Random) -> str:
    """Return ``text`` with one kind of noise of those that change it."""

    def slip(text: str) -> str:
        return _with_slip(text, known, chance)

    def without_apostrophes(text: str) -> str:
        return _without_apostrophes(text, known)

    kinds: tuple[Callable[[str], str], ...] = (
        without_apostrophes,
        _without_accents,
        slip,
    )
    found = [changed for changed in (kind(text) for kind in kinds) if changed and changed != text]
    return found[int(chance.random() * len(found))] if found else text


def _without_apostrophes(text: str, known: Counter[str]) -> str:
    """Leave the apostrophes out of all words but those that are others without: "we'll"."""

    def bare(found: re.Match[str]) -> str:
        word = _APOSTROPHE.sub("", found[0])
        return found[0] if known[word.lower()] >= OFTEN else word

    return WORD.sub(bare, text)


def _without_accents(text: str) -> str:
    return "".join(map(_without_accent, text))


def _without_accent(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0]
    is_accented = base != character and character.isalpha() and base.isalpha()
    return base if is_accented and unicodedata.name(base, "").startswith(_ACCENTED_SCRIPTS) else character


def _with_slip(text: str, known: Counter[str], chance: random.Random) -> str:
    """Swap, double or leave out a letter inside a word in small letters; only in scripts that have some."""
    words = [found for found in WORD.finditer(text) if len(found[0]) >= LEAST_LETTERS and _is_small(found[0])]
    if not words:
        return text
    found = words[int(chance.random() * len(words))]
    word = found[0]
    place = 1 + int(chance.random() * (len(word) - 2))
    left, letter, right = word[:place], word[place], word[place + 1 :]
    slips = (left + right[0] + letter + right[1:], left + 2 * letter + right, left + right)
    slipped = slips[int(chance.random() * len(slips))]
    return text if known[slipped] >= OFTEN else text[: found.start()] + slipped + text[found.end() :]


def _is_small(word: str) -> bool:
    return all(letter.isalpha() and letter.islower() and letter.upper() != letter for letter in word)
