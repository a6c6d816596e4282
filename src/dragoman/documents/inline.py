"""A sentence-like text with tags inside it: the tags are taken out for its translation and put back around the words
that translate theirs.

Every tag comes back once, and what was well nested is well nested again. Where tags cross each other or are very many
they come back in the order in which they stood. Knows of no names of elements.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import Enum, auto
from itertools import accumulate
from typing import NamedTuple

from . import Aligned
from .placing import Span, in_order, in_tree

MANY, LONG = 200, 20_000
"""Tags in one text, and its characters: with more of either they are put back in their order, for to look for the best
place of each takes time with the product of both.
"""

_BLANKS = " \t\n\f\r"
_SPACES = re.compile(f"[{_BLANKS}]+")


class Kind(Enum):
    """What an `Item` is."""

    TEXT = auto()
    OPEN = auto()
    CLOSE = auto()
    MARK = auto()
    """A thing without text that is seen, such as a picture, or not, such as a comment."""
    KEPT = auto()
    """A thing whose text is part of the sentence and stays as it is."""


class Item(NamedTuple):
    """A piece of a document as it stands there (``raw``), with the ``name`` of its tag or its ``text``."""

    kind: Kind
    raw: str
    name: str = ""
    text: str = ""

    @property
    def is_visible(self) -> bool:
        """Whether it has text."""
        return bool(self.text.strip())


class Passage:
    """The items from the first to the last that belong to the text of a sentence, and what stands before and after."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._raw = "".join(item.raw for item in items)
        self._has_letters = any(c.isalpha() for item in items if item.kind is Kind.TEXT for c in item.text)
        partners = _partners(items)
        first, last = _core(items, partners)
        self._before = "".join(item.raw for item in items[:first])
        self._after = "".join(item.raw for item in items[last:])
        core = items[first:last]
        self._before += core[0].raw[: _margin(core[0])] if core and core[0].kind is Kind.TEXT else ""
        self._after = (_tail(core[-1]) if core and core[-1].kind is Kind.TEXT else "") + self._after
        self.text, self._spans, self._is_tree = _spans(core, {i - first: p - first for i, p in partners.items()})

    @property
    def wants_translation(self) -> bool:
        """Whether there are letters in it that are not kept as they are."""
        return self._has_letters

    def translated(self, found: Aligned) -> str:
        """Return the passage with its text translated; as it stood where the translation is the text itself."""
        text = found.text.strip(_BLANKS)
        if text in ("", self.text):
            return self._raw
        is_little = len(self._spans) <= MANY and len(text) <= LONG
        place = in_tree if self._is_tree and is_little else in_order
        return self._before + place(self.text, self._spans, found._replace(text=text)) + self._after

    def __str__(self) -> str:
        return self._raw


def _partners(items: Sequence[Item]) -> dict[int, int]:
    """Return the places of tags that open and close one element, both ways; those that cross others have none."""
    partners: dict[int, int] = {}
    opened: list[int] = []
    names: Counter[str] = Counter()
    for place, item in enumerate(items):
        if item.kind is Kind.OPEN:
            opened.append(place)
            names[item.name] += 1
        elif item.kind is Kind.CLOSE and names[item.name]:
            while items[opened[-1]].name != item.name:
                names[items[opened.pop()].name] -= 1
            names[item.name] -= 1
            partners[place] = opened.pop()
            partners[partners[place]] = place
    return partners


def _core(items: Sequence[Item], partners: dict[int, int]) -> tuple[int, int]:
    """Return where the items begin and end that cannot simply stay before or after the text.

    An element around all of the text can, and so can whatever stands outside it without a partner inside.
    """
    visible = [place for place, item in enumerate(items) if item.is_visible]
    if not visible:
        return len(items), len(items)
    first, last = 0, len(items)

    def may_stay(place: int) -> bool:
        return not visible[0] < partners.get(place, -1) < visible[-1]

    while first < visible[0] and may_stay(first):
        first += 1
    while last - 1 > visible[-1] and may_stay(last - 1):
        last -= 1
    return first, last


def _margin(item: Item) -> int:
    match = _SPACES.match(item.raw)
    return match.end() if match else 0


def _tail(item: Item) -> str:
    return item.raw[len(item.raw.rstrip(_BLANKS)) :]


def _spans(core: Sequence[Item], partners: dict[int, int]) -> tuple[str, list[Span], bool]:
    """Return the text of ``core``, what else it holds with its places in the text, and whether that is a tree."""
    pieces, spaced = _collapsed(core)
    text = "".join(pieces)
    ends = list(accumulate(map(len, pieces), initial=0))
    spans: list[Span] = []
    is_tree = True
    for place, item in enumerate(core):
        begin, end = ends[place], ends[place + 1]
        if item.kind in (Kind.MARK, Kind.KEPT):
            blanks = (text[max(begin - 1, 0) : begin] in ("", " "), place in spaced or text[end : end + 1] in ("", " "))
            spans.append(Span(item.raw, "", begin, end, place, place, is_kept=True, spaced=blanks))
        elif item.kind is Kind.OPEN and place in partners:
            closing = partners[place]
            spans.append(Span(item.raw, core[closing].raw, begin, ends[closing], place, closing))
        elif item.kind is not Kind.TEXT and place not in partners:
            is_tree = False
            spans.append(Span(item.raw, "", begin, end, place, place, is_closing=item.kind is Kind.CLOSE))
    return text, spans, is_tree


def _collapsed(core: Sequence[Item]) -> tuple[list[str], set[int]]:
    """Return the text of each item with white space as it is shown, and the marks behind which some was left out."""
    pieces: list[str] = []
    spaced: set[int] = set()
    ends_blank, mark = True, -1
    for place, item in enumerate(core):
        text = _SPACES.sub(" ", item.text)
        if ends_blank and text.startswith(" "):
            text = text[1:]
            spaced.add(mark)
        mark = place if item.kind is Kind.MARK else -1 if item.text else mark
        ends_blank = text.endswith(" ") if text else ends_blank
        pieces.append(text)
    last = next((place for place in reversed(range(len(pieces))) if pieces[place]), None)
    if last is not None:
        pieces[last] = pieces[last].rstrip(" ")
    return pieces, spaced
