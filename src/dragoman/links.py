"""Which words of two sentences translate each other, by how their tokens look at each other. Knows of no model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .documents.words import is_sign

SPACE_MARK = "▁"
"""Of SentencePiece, before a token with which a word begins."""
LEAST = 1e-9
"""What is divided by, at least."""
NEAR = 8
"""Characters beyond which a token is not looked for in its text: normalised, it may not stand there."""

Spans = Sequence[tuple[int, int]]


class Side(NamedTuple):
    """A sentence or its translation: its tokens, and where its words begin and end."""

    text: str
    tokens: Sequence[str]
    words: Spans


def word_attention(src: Side, trg: Side, attention: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how each word of ``trg`` (rows) looked at those of ``src`` (columns): as its tokens do in the mean.

    ``attention`` is (tokens of ``trg``, tokens of ``src``). Each row sums to 1.
    """
    looks = membership(trg).T @ attention @ membership(src)
    shares: NDArray[np.float32] = looks / np.maximum(looks.sum(axis=1, keepdims=True), LEAST)
    return shares


def translated(src: Side, trg: Side, looks: NDArray[np.float32]) -> list[int]:
    """Return for each word of ``trg`` the number of the word of ``src`` that it translates by ``looks``, or -1."""
    # A word that all look at, such as the subject, is less likely what each of them translates.
    likely = looks * looks / np.maximum(looks.sum(axis=0), LEAST)
    likely *= _signs(trg)[:, None] == _signs(src)
    return [int(row.argmax()) if row.any() else -1 for row in likely]


def membership(side: Side) -> NDArray[np.float32]:
    """Return (tokens, words) float32: 1 where a token stands in a word, wholly or in part."""
    places = _places(side.tokens, side.text)
    begins, ends = (
        (np.array(edge, np.int64) for edge in zip(*places, strict=True)) if places else (np.zeros(0), np.zeros(0))
    )
    firsts, lasts = (
        (np.array(edge, np.int64) for edge in zip(*side.words, strict=True))
        if side.words
        else (np.zeros(0), np.zeros(0))
    )
    return ((begins[:, None] < lasts) & (ends[:, None] > firsts)).astype(np.float32)


def _signs(side: Side) -> NDArray[np.bool_]:
    """(words,) bool: which are signs; no sign translates a word."""
    return np.array([is_sign(side.text[begin:end]) for begin, end in side.words], np.bool_)


def _places(tokens: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Return where in ``text`` each of ``tokens`` stands, in capitals or not; the bytes of a character stand all where
    it stands.
    """
    text = _small(text)
    places: list[tuple[int, int]] = []
    end = 0
    spelled = b""
    for token in tokens:
        if _is_byte(token):
            spelled += bytes([int(token[3:5], 16)])
            surface = spelled.decode("utf-8", "ignore")
            n_before = len(spelled) - 1
        else:
            surface, n_before = _small(token.replace(SPACE_MARK, " ").strip()), 0
        found = text.find(surface, end, end + len(surface) + NEAR) if surface else -1
        begin = max(found, end)
        if surface:
            end = min(begin + len(surface), len(text))
            places[len(places) - n_before :] = [(begin, end)] * n_before
            spelled = b""
        places.append((begin, end))
    return places


def _small(text: str) -> str:
    """Return ``text`` in small letters, unless that changes its length."""
    return small if len(small := text.lower()) == len(text) else text


def _is_byte(token: str) -> bool:
    return len(token) == 6 and token.startswith("<0x") and token.endswith(">")
