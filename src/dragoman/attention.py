"""Which words of a translation translate which of its text, as the model's attention tells.

It is the seam between a translator and documents with tags in their sentences: `dragoman.documents` knows of no model.
People who look at a translation see more of it (`dragoman.annotation`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .documents import Aligned
from .documents.words import by_place, is_sign, words
from .translator import Sentence, Translation

SPACE_MARK = "▁"
"""Of SentencePiece, before a token with which a word begins."""
LEAST = 1e-9
"""What is divided by, at least."""
NEAR = 8
"""Characters beyond which a token is not looked for in its text: normalised, it may not stand there."""

Spans = Sequence[tuple[int, int]]


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
        by = by_place(len(part.src), len(part.trg)) if looks is None else translated(part, looks)
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

    Each row sums to 1: a word looks as its tokens do in the mean.
    """
    sentence = part.sentence
    if sentence.attention is None or not part.src_words:
        return None
    src = membership(sentence.src_tokens, sentence.src, part.src_words)
    trg = membership(sentence.trg_tokens, sentence.text, part.trg_words)
    looks = trg.T @ sentence.attention @ src
    shares: NDArray[np.float32] = looks / np.maximum(looks.sum(axis=1, keepdims=True), LEAST)
    return shares


def translated(part: Part, looks: NDArray[np.float32]) -> list[int]:
    """Return for each target word of ``part`` the number of the source word that it translates by its `attention`, or
    -1.
    """
    # A word that all look at, such as the subject, is less likely what each of them translates.
    likely = looks * looks / np.maximum(looks.sum(axis=0), LEAST)
    likely *= _signs(part.sentence.text, part.trg_words)[:, None] == _signs(part.sentence.src, part.src_words)
    return [int(row.argmax()) if row.any() else -1 for row in likely]


def _inside(found: Spans, begin: int, end: int) -> range:
    """The words that stand between two places of a text."""
    return range(bisect_left(found, (begin, begin)), bisect_left(found, (end, end)))


def _moved(found: Spans, places: range, begin: int) -> Spans:
    """The words at ``places``, as they stand in a text from ``begin`` on."""
    return [(found[place][0] - begin, found[place][1] - begin) for place in places]


def _signs(text: str, found: Spans) -> NDArray[np.bool_]:
    """(words,) bool: which are signs; no sign translates a word."""
    return np.array([is_sign(text[begin:end]) for begin, end in found], np.bool_)


def membership(tokens: Sequence[str], text: str, found: Spans) -> NDArray[np.float32]:
    """Return (tokens, words) float32: 1 where one of ``tokens`` stands in a word of ``text``, wholly or in part."""
    places = _places(tokens, text)
    begins, ends = (
        (np.array(side, np.int64) for side in zip(*places, strict=True)) if places else (np.zeros(0), np.zeros(0))
    )
    firsts, lasts = (
        (np.array(side, np.int64) for side in zip(*found, strict=True)) if found else (np.zeros(0), np.zeros(0))
    )
    return ((begins[:, None] < lasts) & (ends[:, None] > firsts)).astype(np.float32)


def _places(tokens: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Return where in ``text`` each of ``tokens`` stands; the bytes of a character stand all where it stands."""
    places: list[tuple[int, int]] = []
    end = 0
    spelled = b""
    for token in tokens:
        if _is_byte(token):
            spelled += bytes([int(token[3:5], 16)])
            surface = spelled.decode("utf-8", "ignore")
            n_before = len(spelled) - 1
        else:
            surface, n_before = token.replace(SPACE_MARK, " ").strip(), 0
        found = text.find(surface, end, end + len(surface) + NEAR) if surface else -1
        begin = max(found, end)
        if surface:
            end = min(begin + len(surface), len(text))
            places[len(places) - n_before :] = [(begin, end)] * n_before
            spelled = b""
        places.append((begin, end))
    return places


def _is_byte(token: str) -> bool:
    return len(token) == 6 and token.startswith("<0x") and token.endswith(">")
