"""The numbers of a text, as strings of digits: whether a translation has those of its source, and how it gets them.

Knows text and nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

_DIGITS = re.compile(r"\d+")
# What is one number to a reader: 3,000 and 3.000, 7:30.
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NUMBER_WITH_SPACE = re.compile(rf"(\s*)({_NUMBER.pattern})")


def numbers_of(text: str) -> list[str]:
    """Return the strings of digits in ``text``, in order: "at 7:30" has "7" and "30"."""
    return _DIGITS.findall(text)


def has_numbers_of(src: str, trg: str) -> bool:
    """Tell whether both texts have the same strings of digits, in whatever order."""
    return Counter(numbers_of(src)) == Counter(numbers_of(trg))


def with_numbers_of(src: str, trg: str) -> str | None:
    """Return ``trg`` with the numbers of ``src``: those that it has stay, the others are put, in order, in the place of
    what it has instead, and what it has too much is left out; None if it has too few places.
    """
    if has_numbers_of(src, trg):
        return trg
    ours, theirs = _NUMBER.findall(trg), _NUMBER.findall(src)
    known, wanted = Counter(map(_key, ours)), Counter(map(_key, theirs))
    missing = _taken(theirs, wanted - known)
    is_surplus = _flags(ours, known - wanted)
    if len(missing) > sum(is_surplus):
        return None
    flags, remaining = iter(is_surplus), iter(missing)

    def put(match: re.Match[str]) -> str:
        if not next(flags):
            return match[0]
        number = next(remaining, None)
        return "" if number is None else match[1] + number

    mended = _NUMBER_WITH_SPACE.sub(put, trg)
    return mended if has_numbers_of(src, mended) else None


def _key(number: str) -> tuple[str, ...]:
    return tuple(numbers_of(number))


def _taken(numbers: Iterable[str], wanted: Counter[tuple[str, ...]]) -> list[str]:
    """Return those of ``numbers`` that are ``wanted``, each as often as it is."""
    return [number for number, is_wanted in zip(numbers, _flags(numbers, wanted), strict=True) if is_wanted]


def _flags(numbers: Iterable[str], wanted: Counter[tuple[str, ...]]) -> list[bool]:
    """Tell of each of ``numbers`` whether it is one of the ``wanted``: of equal ones the last."""

    def from_the_end() -> Iterator[bool]:
        left = Counter(wanted)
        for number in reversed(list(numbers)):
            yield left[_key(number)] > 0
            left[_key(number)] -= 1

    return list(from_the_end())[::-1]
