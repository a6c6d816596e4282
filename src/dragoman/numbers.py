"""The numbers of a text, as strings of digits: whether a translation has those of its source, and how it gets them.

Knows text and nothing else.
"""

from __future__ import annotations

import re
from collections import Counter

_DIGITS = re.compile(r"\d+")


def numbers_of(text: str) -> list[str]:
    """Return the strings of digits in ``text``, in order: "at 7:30" has "7" and "30"."""
    return _DIGITS.findall(text)


def has_numbers_of(src: str, trg: str) -> bool:
    """Tell whether both texts have the same numbers, in whatever order."""
    return Counter(numbers_of(src)) == Counter(numbers_of(trg))


def with_numbers_of(src: str, trg: str) -> str | None:
    """Return ``trg`` with the numbers of ``src``: those that it has stay, the others take the place of what it has
    instead, in order; None if the two have not as many.
    """
    ours, theirs = numbers_of(trg), numbers_of(src)
    if len(ours) != len(theirs):
        return None
    missing, surplus = Counter(theirs) - Counter(ours), Counter(ours) - Counter(theirs)
    remaining = iter(_taken(theirs, missing))
    # The last of equal numbers are the surplus ones: those before them have their place.
    replaced = [number if n_left else None for number, n_left in _from_the_end(ours, surplus)]
    places = iter(replaced)
    return _DIGITS.sub(lambda match: match[0] if next(places) is None else next(remaining), trg)


def _taken(numbers: list[str], wanted: Counter[str]) -> list[str]:
    """Return those of ``numbers`` that are ``wanted``, in order and each as often as it is."""
    return [number for number, n_left in _from_the_end(numbers, wanted) if n_left]


def _from_the_end(numbers: list[str], wanted: Counter[str]) -> list[tuple[str, bool]]:
    left, chosen = Counter(wanted), []
    for number in reversed(numbers):
        chosen.append((number, left[number] > 0))
        left[number] -= 1
    return chosen[::-1]
