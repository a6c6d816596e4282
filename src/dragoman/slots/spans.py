"""What a slot stands for, as values: a span of a text, its kind, and what is written for it in the translation."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Family(StrEnum):
    """How a slot behaves in a sentence: as a name, as a number, or as anything else that is only shown."""

    NAME = "name"
    NUMBER = "number"
    CODE = "code"


class Span(NamedTuple):
    """The characters ``begin`` to ``end`` of a text, which a translation takes over: what ``kind`` of thing they are,
    the ``family`` of the slot that stands for them, and what is ``written`` for them in the translation.
    """

    begin: int
    end: int
    kind: str
    family: Family
    written: str
