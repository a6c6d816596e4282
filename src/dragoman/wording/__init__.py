"""What a model reads of a sentence, and how its translation is written: the two ends of one road.

A sentence is brought to the spelling that training knows (`spelling`), what must not change is set apart (`slots`), and
so are signs that training has not seen (`signs`). Its translation gets all of that back. Knows of words, and nothing of
engines.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

from ..corpus.pairs import Pair
from ..documents.words import words
from ..lexicon import WORD, Lexicon
from ..slots import ANY, MOST, Family, Slot, Span, pair_with_slots, put_back, set_in
from ..slots.finding import find
from .signs import Bare, IsUnseen, spelled, with_signs, without_signs
from .spelling import (
    Capitals,
    Speller,
    Style,
    Unseen,
    longest_part,
    with_marks_of,
    with_single_marks,
)

Lexicons = tuple[Lexicon, Lexicon]
LONGEST_PHRASE = 3
"""Words of a text without a final mark that is read as a phrase: as a dictionary has it, without a capital."""
FINAL_MARKS = (".", "!", "?", "…", "。", "！", "？", ":", ";", ",")
_LETTERS = re.compile(r"[^\W\d_]+")
_TITLE = re.compile(r"(?<!\w)[^\W\d_a-zß-ÿ]\w{0,3}\.\s$")
"""Of a person: "Mr. ". What follows with a capital is a name."""
FAMILIES = {Unseen.NAME: Family.NAME, Unseen.WORD: Family.CODE}


class Wording(NamedTuple):
    """A sentence as a model reads it: ``bare`` of the signs that training has not seen, in the spelling that it knows,
    with symbols for ``slots``; its ``capitals`` and the signs of ``slotted`` are put back into its translation. It
    ``overflows`` if it has more slots than there are symbols.
    """

    src: str
    slotted: str
    bare: Bare
    slots: tuple[Slot, ...] = ()
    capitals: Capitals = Capitals()
    overflows: bool = False

    @property
    def text(self) -> str:
        """What the model reads."""
        return self.bare.text

    @property
    def needs_links(self) -> bool:
        """Whether it helps to know which words translate each other."""
        return self.bare.needs_links or bool(self.capitals.loud)

    @property
    def is_readable(self) -> bool:
        """Whether there is a letter to be translated."""
        return any(map(str.isalpha, self.text))

    @property
    def unknown(self) -> tuple[str, ...]:
        """The words that training has not seen, which stand in the translation as they are."""
        return tuple(slot.text for slot in self.slots if slot.kind in _KINDS)

    def written(self, translation: str, links: Sequence[int] | None, trg: Lexicon | None) -> str:
        """Return the ``translation`` of `text` as people read it; ``links`` as for `with_signs`, ``trg`` the words of
        the target, if they are known.
        """
        text = _with_capitals(translation, self.capitals, self.text, links, trg)
        if self.bare.text != self.slotted:
            text = with_signs(self.slotted, self.bare, text, links)
        return put_back(with_marks_of(self.src, text), self.slots)


_KINDS = frozenset(unseen.value for unseen in Unseen)


class Wordings:
    """Makes the `Wording` of sentences from ``src`` to ``trg``, by the ``words`` of a training on both sides; without
    them, as of older models, only signs are set apart.
    """

    def __init__(self, is_unseen: IsUnseen, is_foreign: IsUnseen, words: Lexicons | None, src: str, trg: str) -> None:
        self._is_unseen, self._is_foreign, self._src, self._trg = is_unseen, is_foreign, src, trg
        self._speller = None if words is None else Speller(words[0], src)
        self._trg_lexicon = None if words is None else words[1]

    @classmethod
    def of_training(cls, words: Lexicons | None, languages: tuple[str, str]) -> Self:
        """Return the wordings of training pairs in two ``languages``, whose ``words`` are known; without, they stay as
        they are.
        """
        return cls(_nothing, _nothing, words, *languages)

    def of(self, text: str) -> Wording:
        """Return the wording of ``text``, a sentence that is clean."""
        if self._speller is None:
            plain = spelled(text, self._is_unseen)
            return Wording(text, text, without_signs(plain, self._is_foreign))
        fixed = find(text, self._src, self._trg)
        if not text.isascii():
            fixed = _with_foreign(text, fixed, self._is_foreign)
        respelled, spans, capitals = _respelled(text, fixed, self._speller)
        slotted, slots = set_in(respelled, spans[:MOST])
        plain = spelled(with_single_marks(slotted), self._is_unseen)
        return Wording(text, slotted, without_signs(plain, self._is_foreign), slots, capitals, len(spans) > MOST)

    def of_pair(self, pair: Pair) -> Pair:
        """Return a training pair as `pair` does."""
        return Pair(*self.pair(pair.src, pair.trg), pair.origin)

    def pair(self, src: str, trg: str) -> tuple[str, str]:
        """Return a training pair as the model is asked: its source as `of` spells it, with symbols for what stands on
        both sides. Which symbols are taken depends on the pair alone.
        """
        if self._speller is None:
            return src, trg
        respelled, spans, capitals = _respelled(src, find(src, self._src, self._trg), self._speller)
        if capitals.every or len(spans) > MOST:
            return src, trg
        if respelled[:1] != src[:1]:
            if not (capitals.begins_large and respelled[:1] == src[:1].lower()):
                return src, trg
            trg = _with_capitals(trg, Capitals(begins_small=True), respelled, None, self._trg_lexicon)
        return pair_with_slots(respelled, trg, spans, zlib.crc32(src.encode()))


def _with_foreign(text: str, spans: Sequence[Span], is_foreign: IsUnseen) -> list[Span]:
    """Return ``spans`` of ``text`` and, in order, its words of scripts that training has not seen."""
    found: list[Span] = []
    begin = 0
    for span in [*spans, None]:
        for match in _LETTERS.finditer(text, begin, span.begin if span else len(text)):
            if 2 * sum(map(is_foreign, match[0])) > len(match[0]):
                _add(found, text, Span(*match.span(), Unseen.WORD.value, Family.CODE, match[0]))
        if span:
            found.append(span)
            begin = span.end
    return found


def _nothing(character: str) -> bool:
    return False


def _respelled(text: str, fixed: Sequence[Span], speller: Speller) -> tuple[str, list[Span], Capitals]:
    """Return ``text`` as training knows it, its spans with those that are ``fixed``, and its capitals."""
    found = list(_words_between(text, fixed))
    style = speller.style([match[0] for match in found])
    is_phrase = len(found) <= LONGEST_PHRASE and not text.endswith(FINAL_MARKS)
    written, end = "", 0
    spans: list[Span] = []
    loud: set[str] = set()
    remaining = iter(fixed)
    span = next(remaining, None)

    def keep(stop: int) -> None:
        """Take over ``text`` up to ``stop``, with the fixed spans that begin before it."""
        nonlocal written, end, span
        while span is not None and span.begin < stop:
            written += text[end : span.begin]
            begin = len(written)
            written += text[span.begin : span.end]
            spans.append(span._replace(begin=begin, end=len(written)))
            end, span = span.end, next(remaining, None)
        written += text[end:stop]
        end = stop

    for number, match in enumerate(found):
        word = match[0]
        is_first = number == 0 and not is_phrase and not any(map(str.isalnum, text[: match.start()]))
        is_entry = is_phrase and number == 0 and style is Style.PLAIN
        new = speller.respelled(word, Style.TITLE if is_entry else style, is_first=is_first)
        is_after_name = bool(spans) and spans[-1].kind == Unseen.NAME.value and spans[-1].end == len(written)
        if (is_after_name and _goes_on(match, end, style)) or _follows_title(match, new, style):
            new = Unseen.NAME
        if isinstance(new, str):
            if new != word:
                keep(match.start())
                written += new
                end = match.end()
                if style is Style.PLAIN and word.isupper() and len(word) > 1 and not new.isupper():
                    loud.add(new.lower())
            continue
        begin, stop = _without_ending(match)
        keep(begin)
        begin = len(written)
        keep(stop)
        _add(spans, written, Span(begin, len(written), new.value, FAMILIES[new], written[begin:]))
    keep(len(text))
    return _begun(text, written, style, spans, loud, is_phrase=is_phrase)


def _words_between(text: str, spans: Sequence[Span]) -> Iterator[re.Match[str]]:
    """Yield the words of ``text`` that stand outside of ``spans``."""
    begin = 0
    for stop, end in [*((span.begin, span.end) for span in spans), (len(text), len(text))]:
        yield from WORD.finditer(text, begin, stop)
        begin = end


def _goes_on(match: re.Match[str], end: int, style: Style) -> bool:
    """Whether the word of ``match`` belongs to a name that ends at ``end``: behind a hyphen, or with a capital."""
    if match.start() != end + 1:
        return False
    gap = match.string[end]
    return gap == "-" or (gap == " " and style is Style.PLAIN and match[0][0].isupper())


def _follows_title(match: re.Match[str], new: str | Unseen, style: Style) -> bool:
    """Whether the word of ``match``, for which training has another spelling, is a name behind "Mr." or the like."""
    is_other = style is Style.PLAIN and match[0][0].isupper() and new != match[0]
    return is_other and _TITLE.search(match.string, 0, match.start()) is not None


def _without_ending(match: re.Match[str]) -> tuple[int, int]:
    """Where the longest part of a word between apostrophes begins and ends: "Priya" of "Priya's"."""
    part = longest_part(match[0])
    begin = match.start() + match[0].index(part)
    return begin, begin + len(part)


def _add(spans: list[Span], text: str, span: Span) -> None:
    """Append ``span`` of ``text``, or make it one with the last if they are of a kind and stand side by side."""
    last = spans[-1] if spans else None
    if last is not None and last.kind == span.kind and text[last.end : span.begin] in (" ", "-", ""):
        spans[-1] = last._replace(end=span.end, written=text[last.begin : span.end])
    else:
        spans.append(span)


def _begun(
    text: str, written: str, style: Style, spans: list[Span], loud: set[str], *, is_phrase: bool
) -> tuple[str, list[Span], Capitals]:
    """Return what was ``written`` of ``text`` with the capital letter that a sentence begins with, and the capitals of
    the text.
    """
    place = next((i for i, character in enumerate(written) if character.isalpha()), None)
    if place is None or (spans and spans[0].begin <= place):
        return written, spans, Capitals(every=style is Style.CAPITALS, loud=frozenset(loud))
    if style is not Style.PLAIN and (style is Style.TITLE or not is_phrase):
        written = written[:place] + written[place].upper() + written[place + 1 :]
    first = next(character for character in text if character.isalpha())
    capitals = Capitals(style is Style.CAPITALS, first.islower(), first.isupper(), frozenset(loud))
    return written, spans, capitals


def _with_capitals(
    translation: str, capitals: Capitals, src: str, links: Sequence[int] | None, trg: Lexicon | None
) -> str:
    if capitals.every:
        return translation.upper()
    if capitals.loud and links is not None:
        translation = _louder(translation, capitals.loud, src, links)
    place = next((i for i, c in enumerate(translation) if c.isalpha() or ANY.match(c)), None)
    if place is None or not translation[place].isalpha():
        return translation
    match = WORD.match(translation, place)
    usual = trg.usual(match[0]) if trg is not None and match is not None else None
    is_name = usual is not None and usual[0].isupper()
    if capitals.begins_small and not is_name:
        return translation[:place] + translation[place].lower() + translation[place + 1 :]
    if capitals.begins_large:
        return translation[:place] + translation[place].upper() + translation[place + 1 :]
    return translation


def _louder(translation: str, loud: frozenset[str], src: str, links: Sequence[int]) -> str:
    """Return ``translation`` with capitals in what translates the words ``loud`` of ``src``."""
    are_loud = [src[begin:end].lower() in loud for begin, end in words(src)]
    written, end = "", 0
    for (begin, stop), link in zip(words(translation), links, strict=True):
        if link >= 0 and are_loud[link]:
            written += translation[end:begin] + translation[begin:stop].upper()
            end = stop
    return written + translation[end:]
