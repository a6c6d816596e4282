"""A hypothesis as people read it: slots and signs put back, capitals as in the source, nothing made up.

It stands between what a search found and the text of a translation. Knows of words and of attention between tokens,
nothing of engines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .assembly import Piece
from .documents.words import words
from .engine import Hypothesis
from .lexicon import Lexicon
from .links import Side, membership, translated, word_attention
from .slots import has_slots_of, mended
from .vocabulary import Vocabulary
from .wording import Wording
from .wording.made_up import Inventions, Looks


class _Closely(NamedTuple):
    """A sentence and its translation with their tokens and words, and how the words looked at each other."""

    src: Side
    trg: Side
    shares: NDArray[np.float32]


class Renderer:
    """Renders translations in one direction, by the vocabularies of its model and the ``lexicons`` of both sides, if it
    has some; ``n_prefix`` ids stand before each source.
    """

    def __init__(
        self, src: Vocabulary, trg: Vocabulary, n_prefix: int, lexicons: tuple[Lexicon, Lexicon] | None
    ) -> None:
        self._src, self._trg, self._n_prefix = src, trg, n_prefix
        self._trg_words = lexicons and lexicons[1]
        self._inventions = Inventions(*lexicons) if lexicons and len(lexicons[1]) else None

    def is_doubtful(self, src: str, hypotheses: Sequence[Hypothesis]) -> bool:
        """Tell whether the best of ``hypotheses`` has a word that may be made up, and must be looked at closely: with
        attention and token scores.
        """
        if self._inventions is None or not hypotheses:
            return False
        if hypotheses[0].token_scores is not None and hypotheses[0].attention is not None:
            return False
        return bool(self._inventions.suspicious(src, self._trg.decode(hypotheses[0].ids)))

    def rendered(self, piece: Piece, wording: Wording, src_ids: Sequence[int], *, is_clause: bool) -> Piece:
        """Return ``piece``, which has a hypothesis, as people read it; a clause that began with a small letter does so
        again.
        """
        if is_clause and wording.text[0].islower():
            piece = piece._replace(text=_going_on(piece.text, wording.text))
        if wording.slots and not has_slots_of(wording.text, piece.text):  # it may have been cut
            piece = piece._replace(text=mended(wording.text, piece.text))
        text, links, unknown = piece.text, None, wording.unknown
        is_doubtful = self._inventions is not None and piece.hypothesis and piece.hypothesis.token_scores is not None
        closely = self._closely(piece, wording, src_ids) if is_doubtful or wording.needs_links else None
        if closely is not None and self._inventions is not None and is_doubtful:
            looks = Looks(closely.shares, _probabilities(closely.trg, piece.hypothesis))
            text, more = self._inventions.mended(wording.text, text, looks)
            unknown = (*unknown, *more)
        if closely is not None and wording.needs_links and text == piece.text:
            links = translated(*closely)
        return piece._replace(text=wording.written(text, links, self._trg_words), unknown=unknown)

    def looks(
        self, src_ids: Sequence[int], hypothesis: Hypothesis, attention: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return how each token of ``hypothesis`` looked at those of its source, in rows that sum to 1."""
        looks = attention[: len(hypothesis.ids), self._n_prefix : self._n_prefix + len(src_ids)]
        sums = looks.sum(axis=1, keepdims=True)
        rows: NDArray[np.float32] = np.divide(looks, sums, out=np.zeros_like(looks), where=sums > 0)
        return rows

    def tokens(
        self, wording: Wording | None, src_ids: Sequence[int], trg_ids: Sequence[int]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the tokens of both sides, with what slots stand for in their places."""
        slots = wording.slots if wording else ()
        src, trg = self._src.tokens(src_ids), self._trg.tokens(trg_ids)
        texts, written = ({slot.symbol: getattr(slot, side) for slot in slots} for side in ("text", "written"))
        return tuple(texts.get(token, token) for token in src), tuple(written.get(token, token) for token in trg)

    def _closely(self, piece: Piece, wording: Wording, src_ids: Sequence[int]) -> _Closely | None:
        hypothesis = piece.hypothesis
        if hypothesis is None or hypothesis.attention is None:
            return None
        src = Side(wording.text, self._src.tokens(src_ids), words(wording.text))
        trg = Side(piece.text, self._trg.tokens(hypothesis.ids), words(piece.text))
        if not (src.words and trg.words):
            return None
        return _Closely(src, trg, word_attention(src, trg, self.looks(src_ids, hypothesis, hypothesis.attention)))


def _probabilities(trg: Side, hypothesis: Hypothesis | None) -> NDArray[np.float32]:
    """Return the probability (words,) that the model gave all tokens of each word."""
    assert hypothesis is not None
    assert hypothesis.token_scores is not None, "it was asked for"
    scores = np.array(hypothesis.token_scores[: len(trg.tokens)], np.float32)
    probabilities: NDArray[np.float32] = np.exp(membership(trg).T @ scores)
    return probabilities


def _going_on(text: str, src: str) -> str:
    """Return ``text`` with a small first letter, unless it begins with a name of ``src``."""
    first = text.split(maxsplit=1)[:1]
    return text if first and first[0] in src.split() else text[:1].lower() + text[1:]
