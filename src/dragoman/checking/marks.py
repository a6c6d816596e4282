"""What must be the same on both sides, whatever the languages: numbers, and marks such as tags and placeholders."""

from __future__ import annotations

import re

from ..numbers import has_numbers_of

MARK = re.compile(
    r"</?[A-Za-z][^<>]{0,80}>|&(?:[a-z]{2,8}|#\d+);|%(?:\(\w+\)|\d\$)?[sdifrx@]\b|\$?\{[\w.:!%]*\}|``[^`]+``|:[\w:.+-]+:`[^`]+`|`[^`]+`_{0,2}"
    r"|https?://[^\s<>\"']+|\*\*[^*]+\*\*"
)
HAS_MARK = re.compile(r"[<&%{`*]|://")
_ZEROS = re.compile(r"(?<=\d)[:.,h]00\b(?![.,:]?\d)")
"""Full hours, and decimals that say nothing."""
HAS_DIGIT = re.compile(r"\d")


def other_numbers(src: str, trg: str) -> bool:
    """Tell whether both sides have numbers, and not the same ones. (One that is written as a word is none.)"""
    if not (HAS_DIGIT.search(src) and HAS_DIGIT.search(trg)):
        return False
    return not has_numbers_of(_ZEROS.sub("", src), _ZEROS.sub("", trg))


def other_marks(src: str, trg: str) -> bool:
    """Tell whether one side has marks, and the other has none."""
    if not (HAS_MARK.search(src) or HAS_MARK.search(trg)):
        return False
    return bool(MARK.search(src)) != bool(MARK.search(trg))


def repeats(src: str, trg: str) -> bool:
    """Tell whether one side says a word or a few words over and over, and the other does not."""
    return bool(_REPEATED.search(src)) != bool(_REPEATED.search(trg))


_REPEATED = re.compile(r"(\b\w(?:[\w ,]{0,30}\w)??\b)(?:[^\w]+\1\b){3}|([^\W\d]{1,8}?)\2{4}")
