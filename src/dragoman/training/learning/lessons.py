"""Corrections as pairs of sentences to train on, and what must be left out because of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from ...bundle import Bundle
from ...corpus.lines import clean
from ...corpus.pairs import Origin, Pair
from ...corpus.splitting import normalise
from ...errors import BundleError
from ...learned import Corrections, identity
from ...segments import Segment, split, without_list_mark
from ...wording.signs import IsUnseen, pair_without_signs
from ...writing import written_beside

if TYPE_CHECKING:
    from ...memory import Entry

ORIGIN = "corrections"
"""Stands in the origin of a pair for the name of a file; the line is the number of the entry."""


class Lesson(NamedTuple):
    """A correction, as far as it is learned: from ``src`` to ``trg``, with its ``identity`` in a bundle."""

    src: str
    trg: str
    source: str
    target: str
    author: str
    number: int
    identity: str

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Return the lesson of an entry of the memory."""
        texts = (entry.src, entry.trg, entry.source, entry.target)
        return cls(*texts, entry.author, entry.id, identity(*texts))


class Lessons(NamedTuple):
    """What is ``new``, and what was learned ``earlier`` and must hold."""

    new: list[Lesson]
    earlier: list[Lesson]

    @classmethod
    def of(cls, found: Corrections, at_most: int) -> Self:
        """Return the newest ``at_most`` that wait, and all that were learned."""
        newest = sorted(found.waiting, key=lambda entry: (entry.changed, entry.id))[-at_most:]
        return cls([Lesson.of(entry) for entry in newest], [Lesson.of(entry) for entry in found.earlier])

    def write(self, file: Path) -> None:
        """Keep the lessons for a learning that may be cut off."""
        with written_beside(file) as opened:
            opened.write(json.dumps(self, ensure_ascii=False).encode())

    @classmethod
    def read(cls, file: Path) -> Self:
        """Return what `write` kept; a `BundleError` if it cannot be read."""
        try:
            both: list[list[list[Any]]] = json.loads(file.read_text("utf-8"))
            return cls(*([Lesson(*fields) for fields in lessons] for lessons in both))
        except (OSError, ValueError, TypeError) as error:
            raise BundleError(f"{file}: cannot be read: {error}") from error


def sentence_pairs(lessons: Iterable[Lesson], bundle: Bundle) -> list[Pair]:
    """Return the sentences of ``lessons`` as pairs of the bundle's first direction.

    A model translates sentence by sentence: a text is learned as the pairs of its sentences if both sides have as many,
    else whole. What a translator puts back by itself, marks of lists and signs that training has not seen, is left out.
    """
    return [pair for lesson in lessons for pair in _pairs(lesson, bundle)]


def _pairs(lesson: Lesson, bundle: Bundle) -> list[Pair]:
    sides = [
        [clean(segment.text) for segment in split(text, language) if segment.text]
        for text, language in ((lesson.source, lesson.src), (lesson.target, lesson.trg))
    ]
    if len(sides[0]) != len(sides[1]):
        sides = [[clean(" ".join(side))] for side in sides]
    origin = Origin(ORIGIN, lesson.number, lesson.author)
    is_unseen = bundle.trained.src_vocabulary.is_foreign
    pairs = [Pair(*_as_asked(src, trg, is_unseen), origin) for src, trg in zip(*sides, strict=True)]
    return pairs if lesson.src == bundle.src else [pair.reversed() for pair in pairs]


def _as_asked(src: str, trg: str, is_unseen: IsUnseen) -> tuple[str, str]:
    (*src_mark, src_rest), (*trg_mark, trg_rest) = (without_list_mark(Segment("", side)) for side in (src, trg))
    if src_mark == trg_mark:
        src, trg = src_rest.text, trg_rest.text
    return pair_without_signs(src, trg, is_unseen)


class Sentences:
    """The sentences of pairs, on both sides, as a split compares them."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.srcs: set[str] = set()
        self.trgs: set[str] = set()
        for pair in pairs:
            self.srcs.add(normalise(pair.src))
            self.trgs.add(normalise(pair.trg))

    def share(self, pair: Pair) -> bool:
        """Whether ``pair`` has its source or its target among them."""
        return normalise(pair.src) in self.srcs or normalise(pair.trg) in self.trgs

    def without(self, pairs: Sequence[Pair]) -> list[Pair]:
        """Return those of ``pairs`` that share no sentence with them."""
        return [pair for pair in pairs if not self.share(pair)]
