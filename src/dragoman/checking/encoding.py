"""Text whose bytes were once read in the wrong encoding, told and mended."""

from __future__ import annotations

import re

import ftfy
from ftfy.badness import is_bad

LOST = "\ufffd"
"""Stands where bytes were lost."""
_SUSPECT = re.compile("[\x80-\u024f\u0370-\u04ff\u2010-\u2122]{2}|[ÃÂâ]\\s|\ufffd")
"""Some of it is in all text that was read wrongly; looking closer takes longer."""


def is_broken(text: str) -> bool:
    """Tell whether ``text`` looks as if it had been read in the wrong encoding."""
    return not text.isascii() and _SUSPECT.search(text) is not None and (LOST in text or is_bad(text))


def mended(text: str) -> str | None:
    """Return ``text`` as it was meant, or None where that does not show."""
    found = ftfy.fix_encoding(text)
    return found if found != text and not is_broken(found) else None
