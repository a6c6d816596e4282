"""What must be the same on both sides, whatever the languages: numbers, and marks such as tags and placeholders."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from ..numbers import has_numbers_of

MARK = re.compile(
    r"</?[A-Za-z][^<>]{0,80}>|&(?:[a-z]{2,8}|#\d+);|%(?:\(\w+\)|\d\$)?[sdifrx@](?![A-Za-z])|\$?\{[\w.:!%]*\}|``[^`]+``|:[\w:.+-]+:`[^`]+`"
    r"|https?://[^\s<>\"']+"
)
HAS_MARK = re.compile(r"[<&%{`]|://")
HAS_DIGIT = re.compile(r"\d")
DIGITS = re.compile(r"\d+(?:[.,]\d{3}\b)*")
MAX_LENGTH = 4_000
"""Characters of a text whose numbers are compared: longer numbers could not be read."""


def other_numbers(src: str, trg: str) -> bool:
    """Tell whether both sides have as many numbers, and not the same ones. Zeros at their ends do not count (10,000 is
    1万 elsewhere), nor the clock's twelve hours. (A number that is written as a word is none.)
    """
    if not (HAS_DIGIT.search(src) and HAS_DIGIT.search(trg)) or has_numbers_of(src, trg):
        return False
    ours, theirs = _values(src), _values(trg)
    left, right = ours - theirs, theirs - ours
    if not left or left.total() != right.total():
        return False
    right -= Counter({_bare(hour + 12): n for hour, n in left.items() if hour < 12})
    left -= Counter({_bare(hour + 12): n for hour, n in (theirs - ours).items() if hour < 12})
    return bool(left) and bool(right)


def _values(text: str) -> Counter[int]:
    """The numbers of ``text``, without zeros at their ends; those that have nothing else left out."""
    found = (int(re.sub("[.,]", "", part)) for part in DIGITS.findall(unicodedata.normalize("NFKC", text[:MAX_LENGTH])))
    return Counter(_bare(number) for number in found if number)


def _bare(number: int) -> int:
    return int(str(number).rstrip("0"))


def other_marks(src: str, trg: str) -> bool:
    """Tell whether one side has marks, and the other has none."""
    if not (HAS_MARK.search(src) or HAS_MARK.search(trg)):
        return False
    return bool(MARK.search(src)) != bool(MARK.search(trg))


def repeats(src: str, trg: str) -> bool:
    """Tell whether one side says a word or a few words over and over, and the other does not."""
    return bool(REPEATED_WORDS.search(src)) != bool(REPEATED_WORDS.search(trg))


REPEATED_WORDS = re.compile(r"(\b\w(?:[\w ,]{0,30}\w)??\b)(?:[^\w]+\1\b){3}|([^\W\d]{1,8}?)\2{4}")
