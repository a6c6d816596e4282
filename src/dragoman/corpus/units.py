"""What a file of translations is made of, as values, whatever its format: units, and what gave none.

A reader of a format (`dragoman.corpus.formats`) yields these; `open_pairs` makes pairs of them, the memory makes
corrections, and documents find by them what is to be translated. Knows of no format.
"""

from __future__ import annotations

from typing import NamedTuple

UNDETERMINED = "und"
"""ISO 639's code for a language that nobody has named."""

NOT_TRANSLATED = "not translated"
NOT_TO_TRANSLATE = "not to be translated"
UNFINISHED = "not finished, by its state"
OBSOLETE = "obsolete"


class Segment(NamedTuple):
    """A unit's text in one language, without markup, and its inline codes that are text (placeholders).

    The language is in standard form, as the file has it where it is no code, or empty where the file does not say.
    """

    language: str
    text: str
    codes: tuple[str, ...] = ()


class Unit(NamedTuple):
    """One text in several languages, the source first where the format has one; several segments may be of one
    language. ``number`` is its place in ``file``, which ``counts`` lines, units, rows or messages.
    """

    file: str
    number: int
    segments: tuple[Segment, ...]
    author: str = ""
    note: str = ""
    counts: str = "unit"


class LeftOut(NamedTuple):
    """What gave no pair: the ``reason`` in a few words that are the same each time, the ``place``, and what is to be
    said of it. A ``fault`` is damage: over 1 % of them are refused; other reasons ("fuzzy", "not translated") are not.
    """

    reason: str
    place: str
    fault: bool = True
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {in_a_line(self.detail or self.reason)}"


def in_a_line(text: str, at_most: int = 200) -> str:
    """Return what a message may quote of ``text``: one line of its printable characters, not longer than asked for."""
    line = "".join(filter(str.isprintable, " ".join(text.split())))
    return line if len(line) <= at_most else line[: at_most - 1] + "…"
