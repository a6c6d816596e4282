"""What counts as a word where tags are put between words, and which words go together where only their places tell."""

from __future__ import annotations

import re
import unicodedata

from ..scripts import UNSPACED
from ..slots.symbols import ANY

_U = UNSPACED.pattern
_INSIDE = r"['’‑-](?=\w)|[^\s!-/:-@\[-^`{-~¡-©«-±¶-¸»-¿‐-⁞،؛؟։।॥]"
# A character of a script without spaces; a word with its marks; anything else.
_WORD = re.compile(rf"{_U}|(?:(?!{_U})\w)(?:(?!{_U})(?:{_INSIDE}))*|\S")
# With the marks that stand beside letters in Latin, Hebrew, Arabic and Indic scripts.
_SPOKEN = re.compile("[\\w\u0300-\u036f\u0591-\u05c7\u0610-\u06ff\u0900-\u0dff]+")


def words(text: str) -> list[tuple[int, int]]:
    """Return where each word of ``text`` begins and ends, in order.

    All characters but white space are in a word: marks such as "." are words of their own, and so are the characters of
    scripts without spaces.
    """
    found: list[tuple[int, int]] = []
    for begin, end in (match.span() for match in _WORD.finditer(text)):
        if found and found[-1][1] == begin and unicodedata.category(text[begin]).startswith("M"):
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return found


def spoken(text: str) -> list[str]:
    """Return the words of ``text`` in small letters, without signs; of a script without spaces, its characters."""
    if _is_spaced(text):
        return [word.lower() for word in _SPOKEN.findall(text)]
    return [text[begin:end].lower() for begin, end in spoken_places(text)]


def spoken_places(text: str) -> list[tuple[int, int]]:
    """Return where each word of `spoken` begins and ends."""
    found = [match.span() for match in _SPOKEN.finditer(text)]
    if _is_spaced(text):
        return found
    return [
        place
        for begin, end in found
        for place in ([(i, i + 1) for i in range(begin, end)] if UNSPACED.search(text, begin, end) else [(begin, end)])
    ]


def _is_spaced(text: str) -> bool:
    return text.isascii() or not UNSPACED.search(text)


def is_sign(word: str) -> bool:
    """Tell whether ``word`` is a sign, such as ".", and has neither letters nor digits nor the symbol of a slot."""
    return not any(map(str.isalnum, word)) and not ANY.search(word)


def by_place(n_src: int, n_trg: int) -> list[int]:
    """Return for each of ``n_trg`` words the one of ``n_src`` words that stands where it stands, or -1 without any."""
    if not n_src:
        return [-1] * n_trg
    return [(2 * place + 1) * n_src // (2 * n_trg) for place in range(n_trg)]
