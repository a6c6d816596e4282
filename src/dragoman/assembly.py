"""Translated sentences back to one text: what stood between them stands there again, nothing is longer than it may be,
and no line repeats itself more than its source does.

What is too much is left out, token by token, so that text, ids and scores stay those of each other. Knows nothing of
engines but their hypotheses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple, Self

from .corpus.lines import clean
from .documents.words import spoken, spoken_places
from .engine import Hypothesis
from .loops import LEAST, allowed_in_a_row, kept_places, loop_begin, may_loop, most_in_a_row
from .segments import Segment, between
from .vocabulary import Vocabulary

# A word goes with the white space before it.
_WORD = re.compile(r"\s*\S+")
# Training has none of these in a target, but a vocabulary with bytes can spell them.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Piece(NamedTuple):
    """A segment of ``n_src_ids`` ids with its translation; ``hypothesis`` is None where the source was taken over, and
    where the translation ``is_known``, so that nothing of it is cut. ``unknown`` are the words of the source that stand
    in it as they are.
    """

    segment: Segment
    n_src_ids: int
    text: str
    hypothesis: Hypothesis | None = None
    is_known: bool = False
    unknown: tuple[str, ...] = ()

    @classmethod
    def of(cls, segment: Segment, n_src_ids: int, hypothesis: Hypothesis | None, vocabulary: Vocabulary) -> Self:
        """Return the piece that ``hypothesis`` makes, or without one the segment itself."""
        text = segment.text if hypothesis is None else _spelled(hypothesis.ids, vocabulary)
        return cls(segment, n_src_ids, text, hypothesis)

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of the translation."""
        return self.hypothesis.ids if self.hypothesis else ()

    def keep(self, places: Sequence[int], vocabulary: Vocabulary) -> Self:
        """Return the piece with the ids at ``places`` only, and their scores."""
        if self.hypothesis is None or len(places) == len(self.ids):
            return self
        kept = _kept(self.hypothesis, places)
        return self._replace(text=_spelled(kept.ids, vocabulary), hypothesis=kept)

    def cut(self, spans: Iterable[tuple[int, int]], vocabulary: Vocabulary) -> Self:
        """Return the piece without the characters from begin to end of ``spans``."""
        dropped = [span for span in spans if span[0] < len(self.text) and span[1] > 0]
        if self.is_known or not dropped:
            return self
        ends = _character_ends(self.ids, vocabulary)
        places = [place for place, end in enumerate(ends) if not any(b < end <= e for b, e in dropped)]
        if len(places) < len(self.ids):
            return self.keep(places, vocabulary)
        # Taken over as it is, or no id stands for just these characters.
        left = (c for place, c in enumerate(self.text) if not any(b <= place < e for b, e in dropped))
        return self._replace(text="".join(left), hypothesis=None)


def assemble(
    pieces: Sequence[Piece], src_ids: Sequence[int], vocabulary: Vocabulary, *, limit: int | None, least: int
) -> list[Piece]:
    """Return ``pieces``, the parts of one text in order, cut to the rules.

    All together have ``limit`` target ids at most. In no line an n-gram of words stands in a row more often than in the
    source of that line, or `LEAST` times; nor an n-gram of ids more often than in ``src_ids``, the ids of the whole
    source, or ``least`` times. A piece ends where it loops (`loop_begin`). Where this leaves nothing to read, the
    sources take the place of the translations.
    """
    cut = pieces if limit is None else _shortened(pieces, limit, vocabulary)
    cut = [piece for line in _lines(cut) for piece in _without_loops(line, src_ids, vocabulary, least)]
    if any(clean(piece.text) for piece in cut):
        return cut
    return [Piece.of(piece.segment, piece.n_src_ids, None, vocabulary) for piece in pieces]


def text_of(pieces: Sequence[Piece]) -> str:
    """Return the text that ``pieces`` make together."""
    return "".join(before + piece.text for before, piece in zip(_between(pieces), pieces, strict=True))


def _between(pieces: Sequence[Piece]) -> list[str]:
    """What stands before each piece; before one of which nothing is left only line breaks stay."""
    first = [pieces[0].segment.before] if pieces else []
    rest = (between(a.segment, b.segment, a.text, b.text) for a, b in pairwise(pieces))
    befores = [*first, *rest]
    return [
        before if piece.text or not piece.segment.text or piece.segment.begins_line else ""
        for before, piece in zip(befores, pieces, strict=True)
    ]


def _shortened(pieces: Sequence[Piece], limit: int, vocabulary: Vocabulary) -> list[Piece]:
    """Take from pieces that are long for their source, then from the end."""
    excess = sum(len(piece.ids) for piece in pieces) - limit
    cut = list(pieces)
    for ids_for_each in (2, 0):
        for i, piece in reversed(list(enumerate(cut))):
            n_less = min(excess, len(piece.ids) - ids_for_each * piece.n_src_ids)
            if n_less > 0:
                cut[i] = piece.keep(range(len(piece.ids) - n_less), vocabulary)
                excess -= n_less
    return cut


def _lines(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Cut ``pieces`` where a line begins: lines are translated apart, and may well be alike."""
    lines: list[list[Piece]] = []
    for piece in pieces:
        if piece.segment.begins_line or not lines:
            lines.append([])
        lines[-1].append(piece)
    return lines


def _without_loops(line: list[Piece], src_ids: Sequence[int], vocabulary: Vocabulary, least: int) -> list[Piece]:
    """Leave repetitions out until there are none: what was apart may repeat itself when it has come together."""
    src_words = "".join(before + text for before, text in (piece.segment for piece in line)).split()
    while True:
        kept = _without_repeated_ids(line, src_ids, vocabulary, least)
        kept = _without_repeated_words(kept, src_words, vocabulary)
        kept = [_before_loop(piece, vocabulary) for piece in kept]
        if all(old is new for old, new in zip(line, kept, strict=True)):
            return kept
        line = kept


def _without_repeated_ids(line: list[Piece], src_ids: Sequence[int], vocabulary: Vocabulary, least: int) -> list[Piece]:
    ids = [i for piece in line for i in piece.ids]
    if most_in_a_row(ids) <= least:
        return line
    remaining = set(kept_places(ids, allowed_in_a_row(src_ids, least)))
    starts = accumulate((len(piece.ids) for piece in line), initial=0)
    return [
        piece.keep([place for place in range(len(piece.ids)) if start + place in remaining], vocabulary)
        for start, piece in zip(starts, line, strict=False)
    ]


def _without_repeated_words(line: list[Piece], src_words: Sequence[str], vocabulary: Vocabulary) -> list[Piece]:
    text = text_of(line)
    words = text.split()
    if most_in_a_row(words) <= LEAST:
        return line
    kept = set(kept_places(words, allowed_in_a_row(src_words)))
    dropped = [match.span() for place, match in enumerate(_WORD.finditer(text)) if place not in kept]
    ends = accumulate(len(before) + len(piece.text) for before, piece in zip(_between(line), line, strict=True))
    return [
        piece.cut([(b - end + len(piece.text), e - end + len(piece.text)) for b, e in dropped], vocabulary)
        for end, piece in zip(ends, line, strict=True)
    ]


def _before_loop(piece: Piece, vocabulary: Vocabulary) -> Piece:
    """End ``piece`` before a phrase that comes once too often: what follows it is of no use."""
    if piece.hypothesis is None:
        return piece
    found = spoken(piece.text)
    begin = loop_begin(found, spoken(clean(piece.segment.text))) if may_loop(found) else None
    if begin is None:
        return piece
    return piece.cut([(spoken_places(piece.text)[begin][0], len(piece.text))], vocabulary)


def _spelled(ids: Sequence[int], vocabulary: Vocabulary) -> str:
    """The text of ``ids``, with a space for what would break a line."""
    return _CONTROL.sub(" ", vocabulary.decode(ids))


def _character_ends(ids: Sequence[int], vocabulary: Vocabulary) -> list[int]:
    """For each id the place in the text behind what it stands for; ids that spell one character together share it."""
    ends = [len(vocabulary.decode(ids[: place + 1])) for place in range(len(ids))]
    begins = [0, *ends]
    for place in range(len(ids) - 2, -1, -1):
        if ends[place] == begins[place]:  # a byte of the character that the next id goes on with
            ends[place] = ends[place + 1]
    return ends


def _kept(hypothesis: Hypothesis, places: Sequence[int]) -> Hypothesis:
    """``hypothesis`` with the ids at ``places``; what belongs to its end stays."""
    end = range(len(hypothesis.ids), len(hypothesis.token_scores or ()))
    scores = hypothesis.token_scores and tuple(hypothesis.token_scores[i] for i in [*places, *end])
    attention = hypothesis.attention
    if attention is not None:
        attention = attention[[*places, *range(len(hypothesis.ids), len(attention))]]
    return hypothesis._replace(
        ids=tuple(hypothesis.ids[place] for place in places), token_scores=scores, attention=attention
    )
