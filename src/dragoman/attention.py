"""Which words of a translation translate which of its text, as the model's attention tells.

It is the seam between a translator and documents with tags in their sentences: `dragoman.documents` knows of no model.
People who look at a translation see more of it (`dragoman.annotation`).
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .documents import Aligned
from .documents.words import by_place, words
from .links import Side, Spans, translated, word_attention
from .translation import Sentence, Translation


class Part(NamedTuple):
    """A sentence inside a translation: the numbers of its words among those of both texts, and where these begin and
    end in the sentence and in its translation.
    """

    sentence: Sentence
    src: range
    trg: range
    src_words: Spans
    trg_words: Spans


def aligned(translation: Translation) -> Aligned:
    """Return ``translation`` as a document takes it.

    It must have been asked for with ``SearchConfig(attention=True)``. Words of a sentence without attention, such as
    one out of a memory, are linked by their places.
    """
    links = [-1] * len(words(translation.text))
    found = parts(translation)
    for part in found:
        looks = attention(part)
        by = by_place(len(part.src), len(part.trg)) if looks is None else translated(*sides(part), looks)
        links[part.trg.start : part.trg.stop] = [part.src[link] if link >= 0 else -1 for link in by]
    return Aligned(translation.text, links if found else None)


def parts(translation: Translation) -> list[Part]:
    """Return the sentences of ``translation`` with their words, or none where they do not stand in its texts."""
    src_words, trg_words = words(translation.src), words(translation.text)
    found = []
    src_end = trg_end = 0
    for sentence in translation.sentences:
        src_begin = translation.src.find(sentence.src, src_end)
        trg_begin = translation.text.find(sentence.text, trg_end)
        if src_begin < 0 or trg_begin < 0:
            return []
        src_end, trg_end = src_begin + len(sentence.src), trg_begin + len(sentence.text)
        src, trg = _inside(src_words, src_begin, src_end), _inside(trg_words, trg_begin, trg_end)
        found.append(Part(sentence, src, trg, _moved(src_words, src, src_begin), _moved(trg_words, trg, trg_begin)))
    return found


def attention(part: Part) -> NDArray[np.float32] | None:
    """Return how each target word (rows) of ``part`` looked at the source words (columns), or None if nobody knows.

    Each row sums to 1.
    """
    if part.sentence.attention is None or not part.src_words:
        return None
    return word_attention(*sides(part), part.sentence.attention)


def sides(part: Part) -> tuple[Side, Side]:
    """Return the sentence of ``part`` and its translation, with their tokens and words."""
    sentence = part.sentence
    return (
        Side(sentence.src, sentence.src_tokens, part.src_words),
        Side(sentence.text, sentence.trg_tokens, part.trg_words),
    )


def _inside(found: Spans, begin: int, end: int) -> range:
    """The words that stand between two places of a text."""
    return range(bisect_left(found, (begin, begin)), bisect_left(found, (end, end)))


def _moved(found: Spans, places: range, begin: int) -> Spans:
    """The words at ``places``, as they stand in a text from ``begin`` on."""
    return [(found[place][0] - begin, found[place][1] - begin) for place in places]
