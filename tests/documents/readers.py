"""Translators whose answer is known, and another reader of HTML than the one that is tested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html.parser import HTMLParser

from dragoman.documents import Aligned
from dragoman.documents.words import words

VOID = set("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905


def same(texts: Sequence[str]) -> list[Aligned]:
    """Each text is its own translation."""
    return [Aligned(text) for text in texts]


def upper(texts: Sequence[str]) -> list[Aligned]:
    """Each word in capitals, in its place."""
    return [Aligned(text.upper(), list(range(len(words(text))))) for text in texts]


def backward(texts: Sequence[str]) -> list[Aligned]:
    """The words in capitals, the last first."""
    return [turned(text) for text in texts]


def turned(text: str) -> Aligned:
    found = [text[begin:end].upper() for begin, end in words(text)][::-1]
    return Aligned(" ".join(found), list(range(len(found)))[::-1])


def longer(texts: Sequence[str]) -> list[Aligned]:
    """Three words for one, and nobody knows which for which."""
    return [Aligned(" ".join(f"{text[b:e]} x & y" for b, e in words(text))) for text in texts]


def shorter(texts: Sequence[str]) -> list[Aligned]:
    """One word for all."""
    return [Aligned("Z", [0]) for _ in texts]


def scattered(texts: Sequence[str]) -> list[Aligned]:
    """As many words, that translate each other at random, or nothing."""
    return [
        Aligned("w " * (n := len(words(text))), [(7 * i * i + 3) % (n + 1) - 1 for i in range(n)]) for text in texts
    ]


TRANSLATORS = [upper, backward, longer, shorter, scattered]


class Reader(HTMLParser):
    """The tags of a document as it has them, whether they are well nested, and its texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.others: list[str] = []
        self.is_well_nested = True
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.is_well_nested &= not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[self.get_starttag_text() or ""] += 1
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[self.get_starttag_text() or ""] += 1

    def handle_endtag(self, tag: str) -> None:
        self.tags[f"</{tag}>"] += 1
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.is_well_nested = False

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)
