"""Which words of a translation translate which of its text, as the model's attention tells.

It is the seam between a translator and documents with tags in their sentences: `dragoman.documents` knows of no model.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .documents import Aligned
from .documents.words import by_place, is_sign, words
from .translator import Sentence, Translation

SPACE_MARK = "▁"
"""Of SentencePiece, before a token with which a word begins."""
NEAR = 8
"""Characters beyond which a token is not looked for in its text: normalised, it may not stand there."""

Spans = Sequence[tuple[int, int]]


def aligned(translation: Translation) -> Aligned:
    """Return ``translation`` as a document takes it.

    It must have been asked for with ``SearchConfig(attention=True)``. Words of a sentence without attention, such as
    one out of a memory, are linked by their places.
    """
    src_words, trg_words = words(translation.src), words(translation.text)
    links = [-1] * len(trg_words)
    src_end = trg_end = 0
    for sentence in translation.sentences:
        src_begin = translation.src.find(sentence.src, src_end)
        trg_begin = translation.text.find(sentence.text, trg_end)
        if src_begin < 0 or trg_begin < 0:
            return Aligned(translation.text)
        src_end, trg_end = src_begin + len(sentence.src), trg_begin + len(sentence.text)
        src_places, trg_places = _inside(src_words, src_begin, src_end), _inside(trg_words, trg_begin, trg_end)
        found = _links(
            sentence,
            [(src_words[place][0] - src_begin, src_words[place][1] - src_begin) for place in src_places],
            [(trg_words[place][0] - trg_begin, trg_words[place][1] - trg_begin) for place in trg_places],
        )
        for place, link in zip(trg_places, found, strict=True):
            links[place] = src_places[link] if link >= 0 else -1
    return Aligned(translation.text, links if translation.sentences else None)


def _inside(found: Spans, begin: int, end: int) -> range:
    """The words that stand between two places of a text."""
    return range(bisect_left(found, (begin, begin)), bisect_left(found, (end, end)))


def _links(sentence: Sentence, src_words: Spans, trg_words: Spans) -> list[int]:
    """Return for each target word of ``sentence`` the source word that it looked at most."""
    if sentence.attention is None or not src_words:
        return by_place(len(src_words), len(trg_words))
    src = _membership(_places(sentence.src_tokens, sentence.src), src_words)
    trg = _membership(_places(sentence.trg_tokens, sentence.text), trg_words)
    looks = trg.T @ sentence.attention @ src  # (target words, source words)
    # A word that all look at, such as the subject, is less likely what each of them translates.
    looks *= looks / np.maximum(looks.sum(axis=0), 1e-9)
    looks *= _signs(sentence.text, trg_words)[:, None] == _signs(sentence.src, src_words)
    return [int(row.argmax()) if row.any() else -1 for row in looks]


def _signs(text: str, found: Spans) -> NDArray[np.bool_]:
    """(words,) bool: which are signs; no sign translates a word."""
    return np.array([is_sign(text[begin:end]) for begin, end in found], np.bool_)


def _membership(tokens: Spans, found: Spans) -> NDArray[np.float32]:
    """(tokens, words) float32: 1 where a token stands in a word, wholly or in part."""
    begins, ends = (
        (np.array(side, np.int64) for side in zip(*tokens, strict=True)) if tokens else (np.zeros(0), np.zeros(0))
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
