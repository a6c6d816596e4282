"""What a kind of span is, and how the tables make one."""

from __future__ import annotations

import re
from typing import NamedTuple

from .spans import Family


class Kind(NamedTuple):
    """A kind of span: what it is called, its family, whether it ``begins`` with a Latin letter ("a"), a digit ("1") or
    another sign ("."), its pattern, texts that are such spans from end to end, and texts that have none of this kind.

    A pattern is linear in the text: what it repeats is possessive or counted, and a run of characters is tried from its
    beginning only. It has no groups, so that `finding` can join all of them.
    """

    name: str
    family: Family
    begins: str
    pattern: re.Pattern[str]
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


def code(name: str, begins: str, pattern: str, examples: tuple[str, ...], counterexamples: tuple[str, ...]) -> Kind:
    """Return a kind of the family of code."""
    return Kind(name, Family.CODE, begins, re.compile(pattern), examples, counterexamples)


def number(name: str, begins: str, pattern: str, examples: tuple[str, ...], counterexamples: tuple[str, ...]) -> Kind:
    """Return a kind of the family of numbers."""
    return Kind(name, Family.NUMBER, begins, re.compile(pattern), examples, counterexamples)
