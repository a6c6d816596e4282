"""Spans of a text to spans of its translation, by the words that translate each other.

Nothing here calls itself: tags may be nested as deep as they like.
"""

from __future__ import annotations

import html
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import NamedTuple

from . import Aligned
from .words import by_place, is_sign, words

Extent = tuple[int, int]
"""From a word to the one before which it ends."""


class Span(NamedTuple):
    """Characters ``begin`` to ``end`` of a text, with what is written before and after them.

    ``first`` and ``last`` are the places of the two in the document, for their order. What ``is_kept`` is written
    instead of its characters, if it has any; ``spaced`` tells whether white space stands before it and after it. A tag
    without a partner has no characters; ``is_closing`` tells which one it is.
    """

    before: str
    after: str
    begin: int
    end: int
    first: int
    last: int
    is_kept: bool = False
    spaced: tuple[bool, bool] = (False, False)
    is_closing: bool = False


class _Words:
    """The words of a text and of its translation, and which go together. A word with a tag in it is several."""

    def __init__(self, text: str, spans: Sequence[Span], found: Aligned) -> None:
        self.text, self.translation = text, found.text
        whole, trg = words(text), words(found.text)
        links = found.links
        if links is None or len(links) != len(trg):
            links = by_place(len(whole), len(trg))
        cuts = sorted({place for span in spans for place in (span.begin, span.end)})
        parts = [_parts(begin, end, cuts) for begin, end in whole]
        firsts = list(accumulate(map(len, parts), initial=0))
        self.src = [part for one in parts for part in one]
        self.trg: list[Extent] = []
        self.links: list[int] = []
        for (begin, end), link in zip(trg, links, strict=True):
            word = found.text[begin:end]
            src = text[slice(*whole[link])] if 0 <= link < len(whole) else ""
            if not src or is_sign(word) != is_sign(src):  # no sign stands for a word
                own, numbers = [(begin, end)], [-1]
            elif len(word) == len(src) and word.casefold() == src.casefold():
                shift = begin - whole[link][0]
                own = [(first + shift, last + shift) for first, last in parts[link]]
                numbers = list(range(firsts[link], firsts[link + 1]))
            else:
                longest = max(range(len(parts[link])), key=lambda i: parts[link][i][1] - parts[link][i][0])
                own, numbers = [(begin, end)], [firsts[link] + longest]
            self.trg += own
            self.links += numbers
        self._src_begins, self._src_ends = [begin for begin, _ in self.src], [end for _, end in self.src]
        self._linked: dict[int, list[int]] = {}
        for place, number in enumerate(self.links):
            self._linked.setdefault(number, []).append(place)

    def of(self, span: Span) -> Extent:
        """The words of the text (from, to) that stand in ``span``, wholly or in part."""
        if span.begin == span.end:
            place = bisect_left(self._src_begins, span.begin)
            return place, place
        return bisect_right(self._src_ends, span.begin), bisect_left(self._src_begins, span.end)

    def gap(self, span: Span) -> tuple[int, bool]:
        """Where an empty ``span`` goes: the word of the translation before which it stands, and whether close to it.

        Otherwise it stands close to the word before. It is close to the word that it was close to.
        """
        before = span.begin == 0 or self.text[span.begin - 1].isspace()
        if span.is_closing or not before:
            last = bisect_right(self._src_ends, span.begin) - 1
            return self._translated(last)[1], False
        return self._translated(bisect_left(self._src_begins, span.begin))[0], True

    def _translated(self, src: int) -> Extent:
        """From the first to the last word that translates the word ``src``, or a place like its own."""
        if found := self._linked.get(src):
            return found[0], found[-1] + 1
        n_src, n_trg = max(len(self.src), 1), len(self.trg)
        place = min(max(src, 0) * n_trg // n_src, n_trg)
        return place, min(place + (src >= 0), n_trg)

    def following(self, wanted: Extent, least: int) -> Extent:
        """The first run of words, from the word ``least`` on, that translate the ``wanted`` ones; it may be empty."""
        found = self._linked.get(wanted[0], [])
        after = bisect_left(found, least)
        begin = end = found[after] if after < len(found) else max(least, self._translated(wanted[0])[0])
        while end < len(self.links) and wanted[0] <= self.links[end] < wanted[1]:
            end += 1
        return begin, end

    def best(self, wanted: Extent, free: Sequence[bool], within: Extent) -> Extent | None:
        """The run of ``free`` words ``within`` an extent that has most words that translate the ``wanted`` ones and
        fewest others (Kadane's algorithm), or None where none does.
        """
        best, best_sum = None, 0
        total, begin = 0, within[0]
        for place in range(*within):
            if not free[place]:
                total, begin = 0, place + 1
                continue
            link = self.links[place]
            total += -1 if link < 0 else 2 if wanted[0] <= link < wanted[1] else -2
            if total <= 0:
                total, begin = 0, place + 1
            elif total > best_sum:
                best, best_sum = (begin, place + 1), total
        return best

    def nearest(self, wanted: Extent, free: Sequence[bool], within: Extent) -> Extent | None:
        """The ``free`` word ``within`` an extent that is nearest to where the ``wanted`` ones stand."""
        middle = (wanted[0] + wanted[1]) * len(self.trg) / (2 * max(len(self.src), 1)) - 0.5
        place = min((p for p in range(*within) if free[p]), key=lambda p: abs(p - middle), default=None)
        return None if place is None else (place, place + 1)

    def verbatim(self, span: Span, free: Sequence[bool], within: Extent) -> Extent | None:
        """Where the translation has the words of ``span`` as they are."""
        wanted = self.of(span)
        copied = [self.text[begin:end] for begin, end in self.src[slice(*wanted)]]
        n = len(copied)
        for place in range(within[0], within[1] - n + 1):
            same = (
                self.translation[begin:end] == word
                for (begin, end), word in zip(self.trg[place:], copied, strict=False)
            )
            if all(free[place : place + n]) and all(same):
                return place, place + n
        return None


def _parts(begin: int, end: int, cuts: Sequence[int]) -> list[Extent]:
    """The characters from ``begin`` to ``end``, cut at ``cuts``."""
    inside = cuts[bisect_right(cuts, begin) : bisect_left(cuts, end)]
    return list(pairwise([begin, *inside, end]))


class _Writer:
    """A translation with what stands between its words: before the white space between two of them, and after."""

    def __init__(self, words_: _Words) -> None:
        self._words = words_
        self._before: list[list[str]] = [[] for _ in range(len(words_.trg) + 1)]
        self._after: list[list[str]] = [[] for _ in range(len(words_.trg) + 1)]
        self._covered: list[bool] = [False] * len(words_.trg)

    def put(self, raw: str, gap: int, is_close_to_next: bool, spaced: tuple[bool, bool] = (False, False)) -> None:
        """Write ``raw`` before the word of number ``gap``, behind what stands there already; with white space between
        it and words where it is ``spaced``.
        """
        if is_close_to_next:
            self._after[gap].append(raw + " " * (spaced[1] and gap < len(self._covered)))
        else:
            self._before[gap].append(" " * (spaced[0] and gap > 0) + raw)

    def cover(self, raw: str, extent: Extent) -> None:
        """Write ``raw`` instead of the words of ``extent``."""
        self.put(raw, extent[0], True)
        self._covered[slice(*extent)] = [True] * (extent[1] - extent[0])

    def __str__(self) -> str:
        return "".join(self._written())

    def _written(self) -> Iterator[str]:
        text, end = self._words.translation, 0
        for place, (begin, next_end) in enumerate(self._words.trg):
            yield from self._before[place]
            goes_on = place and self._covered[place] and not self._after[place]
            yield "" if goes_on else text[end:begin]
            yield from self._after[place]
            yield "" if self._covered[place] else html.escape(text[begin:next_end], quote=False)
            end = next_end
        yield from self._before[-1]
        yield from self._after[-1]


@dataclass
class _Node:
    """A span of a tree with the words of the translation that are its own."""

    span: Span
    extent: Extent = (0, 0)
    is_close_to_next: bool = True
    children: list[_Node] = field(default_factory=list)


def in_tree(text: str, spans: Sequence[Span], found: Aligned) -> str:
    """Return the translation of ``text`` with each of ``spans``, which are well nested and in order, around the words
    that translate its own; spans may change places.
    """
    pairing = _Words(text, spans, found)
    root = _tree(spans, len(text))
    root.extent = (0, len(pairing.trg))
    todo = [root]
    while todo:
        node = todo.pop()
        if node.children:
            _share_out(node, pairing)
            todo += node.children
    writer = _Writer(pairing)
    _write(root, writer)
    return str(writer)


def in_order(text: str, spans: Sequence[Span], found: Aligned) -> str:
    """Return the translation of ``text`` with what ``spans`` have, in the order in which it stands in the document."""
    pairing = _Words(text, spans, found)
    writer = _Writer(pairing)
    least = (0, False)
    for _, span in sorted(_events(spans), key=lambda event: event[0]):
        wanted = pairing.of(span)
        extent = pairing.following(wanted, least[0]) if wanted[0] < wanted[1] else (0, 0)
        if extent[0] < extent[1]:
            writer.cover(span.before, extent)
            least = (extent[1], False)
        else:
            least = max(least, pairing.gap(span))
            writer.put(span.before, *least, span.spaced)
    return str(writer)


def _events(spans: Sequence[Span]) -> Iterator[tuple[int, Span]]:
    """What ``spans`` write, one by one: where a span has two sides, as two tags."""
    for span in spans:
        if span.first == span.last:
            yield span.first, span
        else:
            yield span.first, span._replace(end=span.begin)
            yield span.last, _end_of(span)


def _end_of(span: Span) -> Span:
    return span._replace(before=span.after, begin=span.end, is_closing=True, is_kept=False)


def _tree(spans: Sequence[Span], length: int) -> _Node:
    root = _Node(Span("", "", 0, length, -1, 2**62))
    above = [root]
    for span in spans:
        while above[-1].span.last < span.first:
            above.pop()
        node = _Node(span)
        above[-1].children.append(node)
        above.append(node)
    return root


def _share_out(node: _Node, pairing: _Words) -> None:
    """Give each child of ``node`` words of its own, the largest first, and put empty ones between them."""
    free = [True] * len(pairing.trg)
    sized = [(pairing.of(child.span), child) for child in node.children]
    full = [(extent, child) for extent, child in sized if extent[0] < extent[1]]
    for extent, child in sorted(full, key=lambda pair: (not pair[1].span.is_kept, pair[0][0] - pair[0][1])):
        own = pairing.verbatim(child.span, free, node.extent) if child.span.is_kept else None
        own = own or pairing.best(extent, free, node.extent)
        if own is None and not child.span.is_kept:
            own = pairing.nearest(extent, free, node.extent)
        if own is not None:
            child.extent = own
            free[slice(*own)] = [False] * (own[1] - own[0])
    taken = [child.extent for child in node.children if child.extent[0] < child.extent[1]]
    for child in node.children:
        if child.extent[0] == child.extent[1]:
            _put_between(child, node.extent, taken, pairing)
    node.children.sort(key=lambda child: (child.extent, child.span.first))


def _put_between(child: _Node, within: Extent, taken: Sequence[Extent], pairing: _Words) -> None:
    gap, is_close_to_next = pairing.gap(child.span)
    gap = min(max(gap, within[0]), within[1])
    for begin, end in taken:
        if begin < gap < end:
            gap = begin if is_close_to_next else end
    if gap in within:
        is_close_to_next = gap == within[0]
    child.extent, child.is_close_to_next = (gap, gap), is_close_to_next


def _write(root: _Node, writer: _Writer) -> None:
    """Write what all nodes below ``root`` have, each between what its parent has."""
    todo: list[tuple[_Node, bool]] = [(child, False) for child in reversed(root.children)]
    while todo:
        node, is_done = todo.pop()
        begin, end = node.extent
        span = node.span
        if is_done:
            writer.put(span.after, end, False)
        elif begin == end:
            writer.put(_as_it_stood(node), begin, node.is_close_to_next, span.spaced)
        elif span.is_kept:
            writer.cover(span.before, node.extent)
        else:
            writer.put(span.before, begin, True)
            todo.append((node, True))
            todo += [(child, False) for child in reversed(node.children)]


def _as_it_stood(node: _Node) -> str:
    """What a node without words and all below it have, in the order of the document."""
    written: list[str] = []
    todo: list[_Node | str] = [node]
    while todo:
        entry = todo.pop()
        if isinstance(entry, str):
            written.append(entry)
            continue
        written.append(entry.span.before)
        children = sorted(entry.children, key=lambda child: -child.span.first)
        todo += [entry.span.after, *children]
    return "".join(written)
