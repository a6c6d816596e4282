"""A text to the sentences that a model translates one by one, and what stands between their translations.

Nothing is lost: what stands between sentences is kept with them. Languages are known to the library `sentencex`; this
room knows only scripts, and nothing of models.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import sentencex

from .corpus.lines import clean
from .scripts import UNSPACED
from .slots.finding import find
from .slots.spans import Span

BLOCK = 2000
"""Characters that are searched for sentences at once: `sentencex` needs time with the square of their number."""

MAX_SENTENCE = 8 * BLOCK
"""Characters of a sentence; a longer one is cut somewhere."""

_SURROGATES = re.compile("[\ud800-\udfff]")
_LINE_BREAK = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")  # those of str.splitlines
# After a comma inside "1,000" nothing ends; the marks of scripts without spaces need none behind them.
_CLAUSE_END = re.compile("[,;:.!?…،؛—–][\"'»”’)\\]]*\\s+|[、，；：。！？]")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\s*\S+")
# What stands before the text of a list: "- ", "a) ", "(2) ", "1. ", "1.1 ", "IV. ".
_MARK = r"(?:[-–—*•·]|\d{1,3}(?:\.\d{1,3})*[.)]|\d{1,3}(?:\.\d{1,3})+|\(\w{1,3}\)|[^\W\d_]\)|[IVXLC]{1,6}[.)])"
_LIST_MARK = re.compile(rf"({_MARK})(\s+)(?=\S)")
_ONLY_MARK = re.compile(rf"{_MARK}\s*")
_UNIT = re.compile(rf"{UNSPACED.pattern}|\w[^\s]*")
_COMMA = re.compile(r"[,;:]\s*$")
LEAST_WORDS = 3
"""Of a clause, or characters of a script without spaces; shorter ones stay with their neighbours."""


class Segment(NamedTuple):
    """A sentence or a part of one, and the white space ``before`` it.

    ``text`` neither begins nor ends with white space; it is empty only in the last segment of a text that ends with
    white space.
    """

    before: str
    text: str

    @property
    def begins_line(self) -> bool:
        """Whether a line break stands before it."""
        return bool(_LINE_BREAK.search(self.before))


def split(text: str, language: str) -> list[Segment]:
    """Return the sentences of ``text``, which is in the language of code ``language``; joined they are ``text``.

    A line break ends a sentence; the mark of a list does not. The code of a language that nobody knows will do.
    """
    return _segments(piece for line in text.splitlines(keepends=True) for piece in _pieces(line, language))


def without_list_mark(segment: Segment) -> list[Segment]:
    """Return ``segment`` in two, the mark of a list with which it begins ("-", "a)", "1.1") and its text, or whole."""
    mark = _LIST_MARK.match(segment.text)
    if mark is None:
        return [segment]
    return [Segment(segment.before, mark[1]), Segment(mark[2], segment.text[mark.end() :])]


def shorten(segment: Segment, n_tokens: Callable[[str], int], limit: int) -> list[Segment]:
    """Return ``segment`` in parts of at most ``limit`` tokens, as ``n_tokens`` counts them.

    Joined they are ``segment``. It is cut at the end of a clause, else at white space, else anywhere; a single
    character is not cut.
    """
    return _segments([segment.before, *_parts(segment.text, n_tokens, limit)])


def clauses(segment: Segment) -> list[Segment]:
    """Return the clauses of ``segment`` and the commas, colons and semicolons between them; joined they are it.

    A clause has `LEAST_WORDS` at least. Where there are not two, ``segment`` stays whole.
    """
    pieces, begin = [], 0
    for match in _CLAUSE_END.finditer(segment.text):
        left, right = segment.text[begin : match.end()], segment.text[match.end() :]
        if min(map(_n_words, (left, right))) >= LEAST_WORDS:
            comma = _COMMA.search(left)
            pieces += [left[: comma.start()], left[comma.start() :]] if comma else [left]
            begin = match.end()
    return _segments([segment.before, *pieces, segment.text[begin:]]) if pieces else [segment]


def _n_words(text: str) -> int:
    return len(_UNIT.findall(text))


class Part(NamedTuple):
    """A part of a sentence; ``is_foreign`` if the model could make nothing of it."""

    segment: Segment
    is_foreign: bool


def set_apart(segment: Segment, is_foreign: Callable[[str], bool]) -> list[Part]:
    """Return ``segment`` with its foreign words, of other scripts, in parts of their own.

    ``is_foreign`` tells it of a character. A word is foreign if most of its letters are. Joined the parts are
    ``segment``.
    """
    if not any(map(is_foreign, segment.text)):
        return [Part(segment, False)]
    parts: list[tuple[str, bool]] = [(segment.before, False)]
    for match in _WORD.finditer(segment.text):
        foreign = _is_foreign_word(match[0], is_foreign)
        if parts[-1][1] == foreign:
            parts[-1] = (parts[-1][0] + match[0], foreign)
        else:
            parts.append((match[0], foreign))
    segments = _segments(text for text, _ in parts)
    flags = [foreign for text, foreign in parts if text.strip()]
    return [Part(part, foreign) for part, foreign in zip(segments, flags, strict=True)]


def _is_foreign_word(word: str, is_foreign: Callable[[str], bool]) -> bool:
    letters = [character for character in clean(word) if character.isalpha()]
    return 2 * sum(map(is_foreign, letters)) > len(letters)


def between(left: Segment, right: Segment, left_translation: str, right_translation: str) -> str:
    """Return what stands between the translations of two neighbours.

    That is what stood between them. Where nothing did, because their script has no spaces, and the script of the
    translations has, it is a space.
    """
    if right.before or not (left_translation and right_translation):
        return right.before
    unspaced = UNSPACED.match(left.text[-1:]) or UNSPACED.match(right.text)
    spaced = not UNSPACED.match(left_translation[-1]) and not UNSPACED.match(right_translation)
    return " " if unspaced and spaced else ""


def _segments(pieces: Iterable[str]) -> list[Segment]:
    """Move the white space at the ends of ``pieces`` before the next piece."""
    segments: list[Segment] = []
    before = ""
    for piece in pieces:
        if text := piece.strip():
            end = len(piece.rstrip())
            segments.append(Segment(before + piece[: end - len(text)], text))
            before = piece[end:]
        else:
            before += piece
    return [*segments, Segment(before, "")] if before else segments


def _pieces(line: str, language: str) -> Iterator[str]:
    """Cut a line into its white space and its sentences."""
    text = line.strip()
    begin = len(line) - len(line.lstrip())
    yield line[:begin]
    sentences = _sentences(text, language)
    first = next(sentences, "")
    yield first + next(sentences, "") if _ONLY_MARK.fullmatch(first) else first
    yield from sentences
    yield line[begin + len(text) :]


def _sentences(line: str, language: str) -> Iterator[str]:
    """Cut a line without white space at its ends into sentences; joined they are ``line``."""
    begin = end = 0
    while end < len(line):
        end = min(end + BLOCK, len(line))
        found = _boundaries(line[begin:end], language)
        # The last may go on in the next block.
        if end < len(line) and end - begin <= MAX_SENTENCE - BLOCK:
            found.pop()
        for length in found:
            yield line[begin : begin + length]
            begin += length


def _boundaries(text: str, language: str) -> list[int]:
    """The lengths of the sentences of ``text``; none ends inside a span that must survive."""
    # Half a surrogate pair cannot be handed to the library.
    found = sentencex.segment(language.split("-")[0], _SURROGATES.sub("\ufffd", text))
    ends = list(accumulate(len(sentence) for sentence in found))
    if not ends or ends[-1] != len(text):
        return [len(text)]
    spans = find(text, language, language)
    begins = [span.begin for span in spans]
    last = [bisect_left(begins, end) - 1 for end in ends]  # the span that begins before each
    ends = [end for end, i in zip(ends, last, strict=True) if i < 0 or not _goes_on(text, spans[i], end)]
    return [end - begin for begin, end in pairwise([0, *ends])]


def _goes_on(text: str, span: Span, end: int) -> bool:
    """Tell whether no sentence can end at ``end``: inside ``span``, which begins before it, or behind the full stop of
    one ("7 p.m.") before a small letter.
    """
    is_abbreviation = text[span.end - 1] == "." and text[end : end + 1].islower()
    return end < span.end or (is_abbreviation and not text[span.end : end].strip())


def _parts(text: str, n_tokens: Callable[[str], int], limit: int) -> list[str]:
    n = n_tokens(text)
    if n <= limit or len(text) < 2:
        return [text]
    # Parts of two thirds of the limit on average, which a good place may lengthen by half.
    cuts = _cuts(text, min(-(-3 * n // (2 * limit)), len(text)))
    parts = [text[begin:end] for begin, end in pairwise([0, *cuts, len(text)])]
    return [smaller for part in parts for smaller in _parts(part, n_tokens, limit)]


def _cuts(text: str, n_parts: int) -> list[int]:
    """The places at which ``text`` falls into ``n_parts`` parts of like length."""
    size = len(text) / n_parts
    kinds = [[match.end() for match in kind.finditer(text)] for kind in (_CLAUSE_END, _SPACE)]
    return [_cut(kinds, number * size, size) for number in range(1, n_parts)]


def _cut(kinds: Sequence[Sequence[int]], middle: float, size: float) -> int:
    """The place near ``middle`` of the first kind that has one; else ``middle``. For the end of a clause a quarter of
    ``size`` is near, for white space half of it: to cut a word is worse than parts of unlike length.
    """
    for places, reach in zip(kinds, (size / 4, size / 2), strict=True):
        first = bisect_left(places, middle)
        nearest = min(places[max(0, first - 1) : first + 1], key=lambda place: abs(place - middle), default=0)
        if abs(nearest - middle) <= reach:
            return nearest
    return round(middle)
