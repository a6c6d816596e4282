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
MAX_PHRASE = 6
_WORD = re.compile(r"\w+")
_LETTERS_AGAIN = re.compile(r"([^\W\d]{1,8}?)\1{4}")
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
    """Tell whether one side says something over and over, and the other does not."""
    return says_again(src) != says_again(trg)


def says_again(text: str) -> bool:
    """Tell whether ``text`` says up to `MAX_PHRASE` words four times in a row, or letters within a word five times."""
    words = _WORD.findall(text)
    if any(len(word) - len(set(word)) >= 4 and _LETTERS_AGAIN.search(word) for word in words):
        return True
    return len(words) - len(set(words)) >= 3 and any(_has_run(words, n) for n in range(1, MAX_PHRASE + 1))


def _has_run(words: list[str], n: int) -> bool:
    """Tell whether ``n`` words come four times in a row."""
    run = 0
    for word, later in zip(words, words[n:], strict=False):
        run = run + 1 if word == later else 0
        if run == 3 * n:
            return True
    return False
