"""What must not change in a translation, or has one translation only: found, set apart for numbered symbols, put back.

`spans` has the values, `kinds` the table of what is found (of `addresses`, `figures` and `tokens`), `finding` finds it,
`numerals` writes numbers as the target's locale does, `symbols` are what stands for them in a text. Knows text only,
nothing of models.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from .spans import Family, Span
from .symbols import ALL, ANY, MOST, take

__all__ = [
    "ALL",
    "ANY",
    "MOST",
    "Family",
    "Slot",
    "Span",
    "has_slots_of",
    "mended",
    "n_whole",
    "pair_with_slots",
    "put_back",
    "set_in",
    "whole",
]


class Slot(NamedTuple):
    """What a ``symbol`` in a text stands for: the ``text`` of its source, its ``kind``, what is ``written`` for it in
    the translation, and whether a letter or digit stands right before it or right after it: "<b>Delete".
    """

    symbol: str
    text: str
    kind: str
    written: str
    is_joined_before: bool = False
    is_joined_after: bool = False


def set_in(text: str, spans: Sequence[Span], start: int = 0) -> tuple[str, tuple[Slot, ...]]:
    """Return ``text`` with symbols for ``spans``, which are in order and at most `MOST`, and its slots."""
    written, end, slots = "", 0, []
    for span, symbol in zip(spans, take((span.family for span in spans), start), strict=True):
        written += text[end : span.begin] + symbol
        joined = text[: span.begin][-1:].isalnum(), text[span.end :][:1].isalnum()
        slots.append(Slot(symbol, text[span.begin : span.end], span.kind, span.written, *joined))
        end = span.end
    return written + text[end:], tuple(slots)


def pair_with_slots(src: str, trg: str, spans: Sequence[Span], start: int = 0) -> tuple[str, str]:
    """Return a pair with symbols for those ``spans`` of ``src`` that stand as often in ``trg``, as they are or as they
    are written there.
    """
    original, texts = trg, [src[span.begin : span.end] for span in spans]
    n_src = Counter(texts)
    taken = []
    for span, text in zip(spans, texts, strict=True):
        written = next((each for each in (span.written, text) if n_whole(trg, each) == n_src[text]), None)
        if written is not None:
            taken.append(span._replace(written=written))
    slotted, slots = set_in(src, taken, start)
    for slot in sorted(slots, key=lambda slot: -len(slot.written)):
        trg = whole(slot.written).sub(slot.symbol, trg, count=1)
    return (slotted, trg) if has_slots_of(slotted, trg) else (src, original)


def n_whole(text: str, part: str) -> int:
    """Return how often ``part`` stands in ``text`` without letters or digits beside it that would belong to it."""
    return len(whole(part).findall(text)) if part in text else 0


def whole(part: str) -> re.Pattern[str]:
    """Return what finds ``part`` in a text where no letters or digits beside it belong to it."""
    before = r"(?<![^\W_])" if part[0].isalnum() else ""
    after = r"(?![^\W_])" if part[-1].isalnum() else ""
    return re.compile(before + re.escape(part) + after)


def has_slots_of(src: str, trg: str) -> bool:
    """Tell whether ``trg`` has each symbol of ``src`` once, and no other."""
    return sorted(ANY.findall(src)) == sorted(ANY.findall(trg))


def put_back(text: str, slots: Sequence[Slot]) -> str:
    """Return ``text`` with what is written for the symbols of ``slots``, close to a word where they were; others are
    left out.
    """
    if not slots and not ANY.search(text):
        return text
    for slot in slots:
        if slot.is_joined_before:
            text = re.sub(rf"(?<=\w) (?={slot.symbol})", "", text)
        if slot.is_joined_after:
            text = re.sub(rf"(?<={slot.symbol}) (?=\w)", "", text)
    written = {slot.symbol: slot.written for slot in slots}
    return ANY.sub(lambda match: written.get(match[0], ""), text)


def mended(src: str, trg: str) -> str:
    """Return ``trg`` with each symbol of ``src`` once: of several the first stays, strange ones are left out, and a
    missing one goes behind the symbol that it stands beside in ``src``, or else where its place in ``src`` says.
    """
    wanted = ANY.findall(src)
    left = set(wanted)

    def once(symbol: str) -> str:
        if symbol not in left:
            return ""
        left.remove(symbol)
        return symbol

    kept = ANY.sub(lambda match: once(match[0]), trg)
    for number, symbol in enumerate(wanted):
        if symbol in left:
            begin = src.index(symbol)
            previous = wanted[number - 1] if number else None
            between = src[src.index(previous) + 1 : begin] if previous else None
            if previous and between is not None and not any(map(str.isalnum, between)):
                kept = kept.replace(previous, previous + between + symbol)
            else:
                kept = _inserted(kept, symbol, begin / max(1, _end(src) - 1))
    return " ".join(kept.split())


def _inserted(text: str, symbol: str, share: float) -> str:
    """Put ``symbol`` between two words of ``text``, at a ``share`` of its length."""
    end = _end(text)
    places = [0, *(place for place in range(end) if text[place] == " "), end]
    place = min(places, key=lambda place: abs(place - share * end))
    before, after = text[:place].rstrip(), text[place:]
    return f"{before} {symbol}{after}" if before else f"{symbol} {after.lstrip()}"


def _end(text: str) -> int:
    """Where the final marks of ``text`` begin."""
    return len(text.rstrip(" .!?…。！？\"'»”)"))
