"""What is measured of pairs, so that damage shows: a row of numbers for each."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ..character_model import Codes
from .characters import Sides
from .words import Lexicon

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]
Texts = Sequence[str]

BITS = 19
"""Words, and words that follow one another, are told apart by so many bits of a hash."""
FLOOR = 0.02
"""Is added to how often words are expected and seen together."""

N_KINDS = 16
"""Kinds of characters with which texts begin and end."""
LEAST_LIFT = 2.0
"""So much rarer than by chance is as bad as any (log)."""
BARE = (9, 10, 11)
"""Small letters, letters without case, and digits."""


class Measured:
    """Measures pairs by what was learned from ``srcs`` and ``trgs``."""

    OWN = (2, 3)
    """The columns that tell how much a text looks like the others of its side."""
    DIFFERENCES = (4, 5)
    """Those that tell how much more than like those of the other side: roots of nats, below 0 where less."""

    def __init__(self, srcs: Texts, trgs: Texts) -> None:
        self._sides = Sides(Codes.of(srcs), Codes.of(trgs))
        self._lexicon = Lexicon(srcs, trgs)
        self._begins = _Lifts(_firsts(srcs), _firsts(trgs))
        self._ends = _Lifts(_lasts(srcs), _lasts(trgs))
        self._orders = _Order(srcs), _Order(trgs)

    def features(self, srcs: Texts, trgs: Texts) -> Floats:
        """Return the features (n, d) of pairs."""
        src_codes, trg_codes = Codes.of(srcs), Codes.of(trgs)
        s, t = self._sides.look(src_codes, 0), self._sides.look(trg_codes, 1)
        src_firsts, trg_firsts, src_lasts, trg_lasts = _firsts(srcs), _firsts(trgs), _lasts(srcs), _lasts(trgs)
        s_words, t_words = self._lexicon.covered(srcs, trgs)
        columns = [
            np.log(s.lengths), np.log(t.lengths + 4) - np.log(s.lengths + 4),
            s.own, t.own, _root(s.difference), _root(t.difference),
            _root(s_words.gain), _root(t_words.gain),
            np.sqrt(np.maximum(s_words.expected, 0)), np.sqrt(np.maximum(t_words.expected, 0)),
            np.sqrt(s_words.missing), np.sqrt(t_words.missing),
            (s_words.missing_last + .5) / (s_words.missing + 1), (t_words.missing_last + .5) / (t_words.missing + 1),
            s_words.gain / (np.maximum(s_words.expected, 0) + 2), t_words.gain / (np.maximum(t_words.expected, 0) + 2),
            np.maximum(self._begins(src_firsts, trg_firsts), -LEAST_LIFT),
            np.maximum(self._ends(src_lasts, trg_lasts), -LEAST_LIFT),
            *(np.isin(kinds, BARE) for kinds in (src_firsts, trg_firsts, src_lasts, trg_lasts)),
            self._orders[0](srcs), self._orders[1](trgs),
            np.array([src == trg for src, trg in zip(srcs, trgs, strict=True)]),
        ]  # fmt: skip
        return np.stack([np.asarray(column, np.float64) for column in columns], axis=1)


def _root(values: Floats) -> Floats:
    return np.sign(values) * np.sqrt(np.abs(values))


class _Order:
    """How likely the words of ``texts``, by spaces, follow one another."""

    def __init__(self, texts: Texts) -> None:
        words, _ = _hashed_words(texts)
        self._ones = np.bincount(words, minlength=2**BITS).astype(np.float32)
        self._twos = np.bincount(_followed(words), minlength=2**BITS).astype(np.float32)
        self._n_words = len(words)

    def __call__(self, texts: Texts) -> Floats:
        """Return the mean log of how much likelier than by chance a word of each text follows the one before."""
        words, lengths = _hashed_words(texts)
        ones = self._ones[words]
        expected = ones[:-1] * (ones[1:] + 1) / self._n_words
        # What one text alone has tells nothing: it may be this one.
        seen = np.maximum(self._twos[_followed(words)] - 1, 0)
        gains = np.log((seen + 0.5 * expected + FLOOR) / (expected + FLOOR))
        starts = np.cumsum(lengths + 1) - lengths - 1
        whole = np.concatenate([[0], np.cumsum(gains), [0]])
        means: Floats = (whole[starts + lengths] - whole[starts]) / lengths
        return means


def _hashed_words(texts: Texts) -> tuple[Ints, Ints]:
    """The words of texts as hashes, with a mark at both ends of a text; and how many of them follow another one."""
    words = [text.split() for text in texts]
    lengths = np.fromiter(map(len, words), np.int64, len(words)) + 1
    flat = (crc32(word.encode("utf-8", "surrogatepass")) for of_text in words for word in ("\0", *of_text, "\1"))
    hashes = np.fromiter(flat, np.uint64, int(lengths.sum()) + len(words))
    return _hashed(hashes), lengths


def _followed(words: Ints) -> Ints:
    return _hashed((words[:-1].astype(np.uint64) << np.uint64(32)) + words[1:].astype(np.uint64))


def _hashed(values: NDArray[np.uint64]) -> Ints:
    return (values * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - BITS)).astype(np.int64)


class _Lifts:
    """How much likelier two classes stand together than by chance (log)."""

    def __init__(self, srcs: NDArray[np.int64], trgs: NDArray[np.int64]) -> None:
        counts = np.bincount(srcs * N_KINDS + trgs, minlength=N_KINDS**2).reshape(N_KINDS, N_KINDS)
        by_chance = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / max(1, counts.sum())
        self._table = np.log((counts + 0.5) / (by_chance + 0.5))

    def __call__(self, srcs: NDArray[np.int64], trgs: NDArray[np.int64]) -> Floats:
        lifts: Floats = self._table[srcs, trgs]
        return lifts


def _firsts(texts: Texts) -> NDArray[np.int64]:
    return np.array([_kind(text[:1]) for text in texts], np.int64)


def _lasts(texts: Texts) -> NDArray[np.int64]:
    return np.array([_kind(text[-1:]) for text in texts], np.int64)


@lru_cache(maxsize=10_000)
def _kind(character: str) -> int:
    """The kind of a character: marks by themselves, letters by case."""
    if not character:
        return 0
    place = ".?!:;,…。？！".find(character)
    if place >= 0:
        return 1 + place % 7 if place < 7 else (1, 2, 3)[place - 7]
    category = unicodedata.category(character)
    return {"Lu": 8, "Ll": 9, "Lo": 10, "Nd": 11, "Po": 12, "Ps": 13, "Pi": 13, "Pe": 14, "Pf": 14}.get(category, 15)
