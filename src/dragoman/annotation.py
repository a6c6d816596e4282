"""A translation word by word, for people who look at it: how sure the model was of each word, which word of the text it
comes from, and how it looked at all of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .attention import Part, attention, parts, sides
from .documents.words import words
from .links import membership, translated
from .translation import Translation


class Word(NamedTuple):
    """A word of the text, and the white space before it."""

    before: str
    text: str


class TranslatedWord(NamedTuple):
    """A word of the translation, and the white space before it.

    ``confidence`` is the probability that the model gave all its tokens, from 0 to 1; ``src`` the number of the word of
    the text that it translates. Either is None where nobody knows, as in what comes from a memory. A word
    ``is_unknown`` that the model did not know, and left as it is.
    """

    before: str
    text: str
    confidence: float | None = None
    src: int | None = None
    is_unknown: bool = False


class Looks(NamedTuple):
    """The words of one sentence, from the first to before the last, on both sides; and how each target word (rows)
    looked at the source words (columns), rows of sum 1, or None; and its ``warnings`` and ``confidence``, as `Sentence`
    has them.
    """

    src: tuple[int, int]
    trg: tuple[int, int]
    attention: NDArray[np.float32] | None
    warnings: tuple[str, ...] = ()
    confidence: float | None = None


class Annotated(NamedTuple):
    """The words of a text and of its translation, in order, and the sentences that they make."""

    src: list[Word]
    trg: list[TranslatedWord]
    sentences: list[Looks]


def annotated(translation: Translation) -> Annotated:
    """Return the words of ``translation``; it must have been asked for with token scores and attention."""
    src = [Word(before, text) for before, text in _written(translation.src)]
    trg = [TranslatedWord(before, text) for before, text in _written(translation.text)]
    sentences = []
    for part in parts(translation):
        looks = attention(part)
        unknown = {word.lower() for text in part.sentence.unknown for _, word in _written(text)}
        links = [-1] * len(part.trg) if looks is None else translated(*sides(part), looks)
        for place, link, confidence in zip(part.trg, links, _confidences(part), strict=True):
            is_unknown = trg[place].text.lower() in unknown
            trg[place] = trg[place]._replace(
                confidence=confidence, src=part.src[link] if link >= 0 else None, is_unknown=is_unknown
            )
        places = (part.src.start, part.src.stop), (part.trg.start, part.trg.stop)
        sentences.append(Looks(*places, looks, part.sentence.warnings, part.sentence.confidence))
    return Annotated(src, trg, sentences)


def _written(text: str) -> list[tuple[str, str]]:
    """The words of ``text``, each with what stands before it."""
    found = words(text)
    ends = [0, *(end for _, end in found)]
    return [(text[last:begin], text[begin:end]) for last, (begin, end) in zip(ends, found, strict=False)]


def _confidences(part: Part) -> list[float | None]:
    sentence = part.sentence
    if sentence.token_scores is None:
        return [None] * len(part.trg)
    scores = np.array(sentence.token_scores, np.float32)
    sums = membership(sides(part)[1]).T @ scores
    return [round(float(confidence), 4) for confidence in np.exp(sums)]
