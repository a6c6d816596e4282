"""The numbers of a text: whether a translation has the digits of its source, and how it gets them where that is clear.

Knows text and nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"\d+")
# What is one number to a reader: 3,000.50, 3 000,50, 7:30, 12/05/2024, 1939-1945, -5.
_SPACED = "(?<!\\d)\\d{1,3}(?:[ \u00a0\u2009\u202f]\\d{3})+(?!\\d)"
_NUMBER = re.compile(rf"(?:(?<![\w.,:;)\]])[-−])?(?:{_SPACED}|\d+)(?:[.,:/'’‐‑–—−-]\d+)*")
_MINUS = ("-", "−")
_PART = re.compile(r"^[-−]?[\d.,'’\s]+|[\d.,'’\s]+")


def numbers_of(text: str) -> list[str]:
    """Return the numbers in ``text`` as they stand there: "from 3,000 to -5" has "3,000" and "-5"."""
    return _NUMBER.findall(text) if _DIGIT.search(text) else []


def has_numbers_of(src: str, trg: str) -> bool:
    """Tell whether both texts have the same digits, in whatever order: number for number, whatever marks of thousands
    and decimals stand in them (3,500.50 is 3.500,50); ranges, dates and times part for part (3-4 is "3 or 4"). A minus
    sign counts.
    """
    if not (_DIGIT.search(src) or _DIGIT.search(trg)):
        return True
    return Counter(_parts(numbers_of(src))) == Counter(_parts(numbers_of(trg)))


def with_numbers_of(src: str, trg: str) -> str | None:
    """Return ``trg`` with the numbers of ``src``: each that it has stays, and those that are missing are put, in order,
    in the place of what it has instead. None where the two have not as many numbers, or one would get into a word.
    """
    if has_numbers_of(src, trg):
        return trg
    ours, theirs = list(_NUMBER.finditer(trg)), numbers_of(src)
    if len(ours) != len(theirs):
        return None
    known, wanted = Counter(_key(match[0]) for match in ours), Counter(map(_key, theirs))
    missing = iter(
        [number for number, is_missing in zip(theirs, _flags(theirs, wanted - known), strict=True) if is_missing]
    )
    mended, end = "", 0
    for match, is_surplus in zip(ours, _flags([match[0] for match in ours], known - wanted), strict=True):
        if is_surplus:
            if _touches_word(trg, match):
                return None
            mended += trg[end : match.start()] + next(missing)
            end = match.end()
    mended += trg[end:]
    return mended if has_numbers_of(src, mended) else None


def _key(number: str) -> tuple[str, ...]:
    """The parts of ``number`` that the marks of ranges, dates and times leave: ASCII digits, and a minus sign."""
    return tuple(_digits(part) for part in _PART.findall(number))


def _parts(numbers: Iterable[str]) -> Iterator[str]:
    return (part for number in numbers for part in _key(number))


def _digits(part: str) -> str:
    digits = "".join(_DIGITS.findall(part))
    if not digits.isascii():
        digits = "".join(str(unicodedata.digit(digit)) for digit in digits)
    return "-" + digits if part.startswith(_MINUS) else digits


def _touches_word(text: str, number: re.Match[str]) -> bool:
    around = text[max(number.start() - 1, 0) : number.start()] + text[number.end() : number.end() + 1]
    return any(character.isalnum() for character in around)


def _flags(numbers: Iterable[str], wanted: Counter[tuple[str, ...]]) -> list[bool]:
    """Tell of each of ``numbers`` whether it is one of the ``wanted``: of equal ones the last."""

    def from_the_end() -> Iterator[bool]:
        left = Counter(wanted)
        for number in reversed(list(numbers)):
            yield left[_key(number)] > 0
            left[_key(number)] -= 1

    return list(from_the_end())[::-1]
