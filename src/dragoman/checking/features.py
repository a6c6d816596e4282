"""What is measured of pairs, so that damage shows: a row of numbers for each."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .characters import Codes, Sides
from .words import Lexicon

Floats = NDArray[np.float64]
Texts = Sequence[str]

N_KINDS = 16
LEAST_LIFT = 2.0
BARE = (9, 10, 11)


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
        c, d = self._lexicon.covered(srcs, trgs)
        columns = [
            np.log(s.lengths), np.log(t.lengths + 4) - np.log(s.lengths + 4),
            s.own, t.own, _root((s.own - s.other) * s.lengths), _root((t.own - t.other) * t.lengths),
            _root(c.gain), _root(d.gain), np.sqrt(np.maximum(c.expected,0)), np.sqrt(np.maximum(d.expected,0)),
            np.sqrt(c.missing), np.sqrt(d.missing),
            (c.missing_last + .5) / (c.missing + 1), (d.missing_last + .5) / (d.missing + 1),
            c.gain / (c.expected + 2), d.gain / (d.expected + 2),
            np.maximum(self._begins(src_firsts, trg_firsts), -LEAST_LIFT), np.maximum(self._ends(src_lasts, trg_lasts), -LEAST_LIFT),
            *(np.isin(kinds, BARE) for kinds in (src_firsts, trg_firsts, src_lasts, trg_lasts)),
            self._orders[0](srcs), self._orders[1](trgs),
            np.array([a == b for a, b in zip(srcs, trgs)]),
        ]  # fmt: skip
        return np.stack([np.asarray(column, np.float64) for column in columns], axis=1)


def _root(values: Floats) -> Floats:
    return np.sign(values) * np.sqrt(np.abs(values))


class _Order:
    """How likely words follow one another: the mean log of how much likelier than by chance."""

    BITS = 19

    def __init__(self, texts: Texts) -> None:
        words, places = self._words(texts)
        self._ones = np.bincount(words, minlength=2**self.BITS).astype(np.float32)
        self._twos = np.bincount(self._pairs(words), minlength=2**self.BITS).astype(np.float32)
        self._n = len(words)

    def _words(self, texts):
        found, lengths = [], []
        for text in texts:
            words = text.split()
            found += [0, *map(hash, words), 1]
            lengths.append(len(words) + 1)
        words = np.array(found, np.int64).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - self.BITS)
        return words.astype(np.int64), np.array(lengths)

    def _pairs(self, words):
        keys = (words[:-1].astype(np.uint64) << np.uint64(20)) + words[1:].astype(np.uint64)
        return (keys * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - self.BITS)).astype(np.int64)

    def __call__(self, texts: Texts) -> Floats:
        words, lengths = self._words(texts)
        one = self._ones[words]
        expected = one[:-1] * (one[1:] + 1) / self._n
        seen = np.maximum(self._twos[self._pairs(words)] - 1, 0)
        gains = np.log((seen + 0.5 * expected + 0.02) / (expected + 0.02))
        starts = np.cumsum(lengths + 1) - lengths - 1
        whole = np.concatenate([[0], np.cumsum(gains), [0]])
        return (whole[starts + lengths] - whole[starts]) / lengths


class _Lifts:
    """How much likelier two classes stand together than by chance (log)."""

    def __init__(self, srcs: NDArray[np.int64], trgs: NDArray[np.int64]) -> None:
        counts = np.bincount(srcs * N_KINDS + trgs, minlength=N_KINDS**2).reshape(N_KINDS, N_KINDS)
        by_chance = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / max(1, counts.sum())
        self._table = np.log((counts + 0.5) / (by_chance + 0.5))

    def __call__(self, srcs: NDArray[np.int64], trgs: NDArray[np.int64]) -> Floats:
        return self._table[srcs, trgs]


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
