"""What comes of translating a text, as values: the translation, its alternatives, its sentences."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

NUMBERS = "numbers"
"""The warning of a translation whose digits are not those of its source."""

UNSURE = "unsure"
"""The warning of a sentence that was left in the words of its source, because its translation was not sure enough."""


class Alternative(NamedTuple):
    """One of the n best translations; ``score`` is the mean log-probability of its tokens."""

    text: str
    score: float


class Sentence(NamedTuple):
    """A sentence of a text, or a part of one, and its translation; ``score`` is the mean log-probability of its tokens.

    What follows is there if it was asked for: the tokens of both sides with ``token_scores`` or ``attention``, the
    log-probability of each target token, and how each of them (rows) looked at those of the source (columns; each row
    sums to 1). A sentence that was taken over untranslated, or whose translation was known (``origin`` is then
    ``"memory"``), has none of it, and score 0. ``warnings`` say what a reader should check: `NUMBERS`, `UNSURE`.
    ``unknown`` are the words that the model did not know, which stand in the translation as they stand in the source.

    ``confidence`` is the probability, from 0 to 1, that the translation is of use (`dragoman.confidence`). It is None
    where nothing was guessed, and where the model was not calibrated.
    """

    src: str
    text: str
    score: float
    src_tokens: tuple[str, ...] = ()
    trg_tokens: tuple[str, ...] = ()
    token_scores: tuple[float, ...] | None = None
    attention: NDArray[np.float32] | None = None
    origin: str = "model"
    warnings: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    confidence: float | None = None


class Translation(NamedTuple):
    """The translation of one text: the best ``text`` with its ``score``, all ``alternatives`` (the best
    first, each another text; fewer than were asked for where there are no more), what was unknown, and its
    ``sentences``.

    ``unknown`` are the distinct characters of the source that training never saw, which a model of characters passed
    over, and the words that a model of subwords left as they are. Of a text
    of several sentences, the score is the mean over the tokens of all, and the second alternative is made of the second
    best of each sentence. ``origin`` is ``"memory"`` where the whole text or each of its sentences was known; what
    comes from there has score 0 and no alternative. ``warnings`` are those of its sentences, each once.
    ``confidence`` is that of its least sure sentence: who is told that a text can be used should find no sentence in
    it that cannot.
    """

    src: str
    text: str
    score: float
    alternatives: tuple[Alternative, ...]
    unknown: tuple[str, ...]
    sentences: tuple[Sentence, ...] = ()
    origin: str = "model"
    warnings: tuple[str, ...] = ()
    confidence: float | None = None


def without_unsure(translation: Translation, least: float) -> Translation:
    """Return ``translation`` with the words of the source for each sentence whose confidence is below ``least``; these
    have the warning `UNSURE`, and their origin is ``"source"``.
    """
    if translation.confidence is None or translation.confidence >= least:
        return translation
    text, end, sentences = "", 0, []
    for sentence in translation.sentences:
        begin = translation.text.index(sentence.text, end)
        text, end = text + translation.text[end:begin], begin + len(sentence.text)
        if sentence.confidence is not None and sentence.confidence < least:
            left = Sentence(sentence.src, sentence.src, 0.0, origin="source", warnings=(UNSURE,))
            sentence = left._replace(confidence=sentence.confidence)
        sentences.append(sentence)
        text += sentence.text
    text += translation.text[end:]
    return translation._replace(
        text=text,
        alternatives=(Alternative(text, translation.score),),
        sentences=tuple(sentences),
        warnings=tuple(dict.fromkeys(warning for sentence in sentences for warning in sentence.warnings)),
    )
