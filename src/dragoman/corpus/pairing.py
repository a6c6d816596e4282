"""Units to pairs: which segments of a unit translate each other, in the two languages that are asked for.

Both roads from files of translations, `open_pairs` and the import of a memory, go by this. Knows of no format.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

from .lines import clean
from .pairs import Origin, Pair
from .units import LeftOut, Segment, Unit

MAX_TEXTS = 1_000
"""Pairs of texts that a unit may give: each in the source language with each in the target language."""

NOT_BOTH = "not in both languages"
NO_TEXT = "no text on a side"
OTHER_CODES = "inline codes that are text and differ between the sides"
TOO_MANY = "too many texts in one unit"

_BREAK = re.compile(r"\s*\n\s*")


def sides(unit: Unit, src: str, trg: str) -> tuple[list[Segment], list[Segment]]:
    """Return the segments of ``unit`` that are in ``src`` and those in ``trg``; none is in both.

    ``en`` takes ``en-US`` too, but for en and en-GB. Of two segments, one whose language the file does not say is the
    other side of the one it says; where it says neither, the first is the source.
    """
    found: tuple[list[Segment], list[Segment]] = [], []
    for segment in unit.segments:
        side = _side(segment.language, src, trg)
        if side is not None:
            found[side].append(segment)
    unnamed = [segment for segment in unit.segments if not segment.language]
    if unnamed and len(unit.segments) == 2:
        if len(unnamed) == 2:
            return [unnamed[0]], [unnamed[1]]
        for side in (0, 1):
            if found[side]:
                found[1 - side].append(unnamed[0])
                break
    return found


def matches(unit: Unit, src: str, trg: str) -> Iterator[tuple[Segment, Segment] | LeftOut]:
    """Yield each segment of ``unit`` in ``src`` with each in ``trg``, and why others are left out."""
    sources, targets = sides(unit, src, trg)
    if not (sources and targets):
        yield _left_out(unit, NOT_BOTH, f"it has {listed(segment.language for segment in unit.segments)}")
    elif len(sources) * len(targets) > MAX_TEXTS:
        yield _left_out(unit, TOO_MANY, f"{len(sources)} texts with {len(targets)} translations")
    else:
        for source, target in product(sources, targets):
            if not (source.text.strip() and target.text.strip()):
                yield _left_out(unit, NO_TEXT)
            elif (source.codes or target.codes) and (code := _code_of_one(source, target)):
                yield _left_out(unit, OTHER_CODES, code)
            else:
                yield source, target


def pairs_of(unit: Unit, src: str, trg: str) -> Iterator[Pair | LeftOut]:
    """Yield the pairs of ``unit`` from ``src`` to ``trg``, cleaned, in one line, and why others are left out."""
    origin = Origin(unit.file, unit.number, unit.author, unit.counts)
    for match in matches(unit, src, trg):
        if isinstance(match, LeftOut):
            yield match
            continue
        source, target = _line(match[0].text), _line(match[1].text)
        yield Pair(source, target, origin) if source and target else _left_out(unit, NO_TEXT)


def is_of(code: str, wanted: str) -> bool:
    """Tell whether a text in the language ``code`` is one of those ``wanted``: ``en`` takes ``en-US`` too."""
    return wanted in (code, code.split("-")[0])


def listed(names: Iterable[str]) -> str:
    """Return ``names`` of languages as people list them."""
    found = list(dict.fromkeys(name or "texts without a language" for name in names))
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found) or "no language"


@lru_cache(maxsize=1000)
def _side(code: str, src: str, trg: str) -> int | None:
    # The longer code first: en-GB of en and en-GB.
    for wanted in sorted((src, trg), key=len, reverse=True):
        if is_of(code, wanted):
            return int(wanted == trg)
    return None


def _code_of_one(source: Segment, target: Segment) -> str | None:
    """The first code of a side that the text of the other side has less often."""
    for side, other in ((source, target), (target, source)):
        for code in Counter(side.codes) - Counter(other.codes):
            if clean(other.text).count(clean(code)) < side.codes.count(code):
                return code
    return None


def _line(text: str) -> str:
    """``text`` cleaned, with a space for a line break and the indentation around it."""
    return clean(_BREAK.sub(" ", text) if "\n" in text else text)


def _left_out(unit: Unit, reason: str, detail: str = "") -> LeftOut:
    return LeftOut(reason, str(Origin(unit.file, unit.number, counts=unit.counts)), fault=False, detail=detail)
