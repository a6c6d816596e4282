"""Which words of two sides translate each other, and how well the words of a pair do."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..alignment import Tokens, align

STEM = 6
"""Characters of a word that tell it: what follows is mostly an ending."""
MAX_CHARACTERS = 1_000
"""Characters of a text that are looked at."""
MAX_CELLS = 3_000_000
"""Pairs of words that are learned from at most: each needs 100 bytes."""
LEAST_OFTEN, LEAST_LIKELY = 1.5, 0.002
"""Of two words that translate each other, as `alignment` has them; what one pair alone says does not count."""
BY_CHANCE = 0.1
"""The share of words that stand in a translation without a partner."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Dictionary:
    """Numbers of words from 1, each of which is told by its first `STEM` characters; 0 is any that is not known."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._numbers) + 1

    def learned(self, texts: Sequence[str]) -> Tokens:
        """Return the different words of each text; those that are new get a number."""
        return self._tokens(texts, lambda word: self._numbers.setdefault(word, len(self._numbers) + 1))

    def tokens(self, texts: Sequence[str]) -> Tokens:
        """Return the different words of each text."""
        return self._tokens(texts, lambda word: self._numbers.get(word, 0))

    @staticmethod
    def _tokens(texts: Sequence[str], number: Callable[[str], int]) -> Tokens:
        ids: list[int] = []
        lengths = []
        for text in texts:
            words = dict.fromkeys([word[:STEM] for word in WORD.findall(text[:MAX_CHARACTERS].lower())])
            ids += map(number, words)
            lengths.append(len(words))
        return Tokens(np.array(ids, np.int64), np.array(lengths, np.int64))


class Covered(NamedTuple):
    """How well each text (n,) is covered by the other of its pair: the ``gain`` that the other one gives to guessing
    its words (nats), what is ``expected`` of these words in a good pair, how much is ``missing`` of that, words that
    gain more left out, and of this in its last half; and its different words.
    """

    gain: Floats
    expected: Floats
    missing: Floats
    missing_last: Floats
    n_words: Floats


class Lexicon:
    """Which words translate each other, learned from ``srcs`` and ``trgs``, the sides of pairs."""

    def __init__(self, srcs: Sequence[str], trgs: Sequence[str]) -> None:
        self._dictionaries = Dictionary(), Dictionary()
        src, trg = (one.learned(texts) for one, texts in zip(self._dictionaries, (srcs, trgs), strict=True))
        n_cells = src.lengths * trg.lengths
        order = np.argsort(n_cells, kind="stable")
        taken = np.sort(order[np.cumsum(n_cells[order]) <= MAX_CELLS])
        some = _some(src, taken), _some(trg, taken)
        likely = align(*some)
        found = (likely.counts >= LEAST_OFTEN) & (likely.likelihoods >= LEAST_LIKELY)
        n_src, n_trg = (
            np.bincount(side.ids, minlength=len(one)) for side, one in zip(some, self._dictionaries, strict=True)
        )
        self._partners = likely.trgs[found]
        self._starts = np.searchsorted(likely.srcs[found], np.arange(len(n_src) + 1))
        lift = likely.counts[found] / n_src[likely.srcs[found]] / n_trg[likely.trgs[found]]
        self._lifts = lift * len(some[1].ids), lift * len(some[0].ids)
        self._expected = [np.zeros(len(one)) for one in self._dictionaries]
        for side, (tokens, gains) in enumerate(zip((src, trg), self._gains(src, trg), strict=True)):
            n = np.bincount(tokens.ids, minlength=len(self._expected[side]))
            whole = np.bincount(tokens.ids, gains, minlength=len(self._expected[side]))
            self._expected[side] = whole / (n + 1)

    def covered(self, srcs: Sequence[str], trgs: Sequence[str]) -> tuple[Covered, Covered]:
        """Return how well either side of pairs is covered."""
        src, trg = (one.tokens(texts) for one, texts in zip(self._dictionaries, (srcs, trgs), strict=True))
        first, second = (
            _covered(tokens, gains, expected[tokens.ids])
            for tokens, gains, expected in zip((src, trg), self._gains(src, trg), self._expected, strict=True)
        )
        return first, second

    def _gains(self, src: Tokens, trg: Tokens) -> tuple[Floats, Floats]:
        """The gain (nats) of each source word and of each target word by the other side."""
        src_pairs, trg_pairs = (np.repeat(np.arange(len(side.lengths)), side.lengths) for side in (src, trg))
        n_partners = np.diff(self._starts)[src.ids]
        src_words = np.repeat(np.arange(len(src.ids)), n_partners)
        entries = np.repeat(self._starts[src.ids], n_partners) + _counted(n_partners)
        # Where each target word of each pair stands, by a hash of both.
        bits = max(1, len(trg.ids)).bit_length() + 3
        standing = np.zeros(2**bits, np.int64)
        standing[_places(trg_pairs, trg.ids, bits)] = np.arange(len(trg.ids))
        partners, pairs = self._partners[entries], src_pairs[src_words]
        trg_words = standing[_places(pairs, partners, bits)]
        if len(trg.ids):
            met = np.flatnonzero((trg.ids[trg_words] == partners) & (trg_pairs[trg_words] == pairs))
        else:
            met = np.zeros(0, np.int64)
        src_words, trg_words, entries = src_words[met], trg_words[met], entries[met]
        of_src = np.bincount(src_words, self._lifts[1][entries], len(src.ids)) / np.maximum(trg.lengths, 1)[src_pairs]
        of_trg = np.bincount(trg_words, self._lifts[0][entries], len(trg.ids)) / np.maximum(src.lengths, 1)[trg_pairs]
        return _gain(src, of_src), _gain(trg, of_trg)


def _gain(tokens: Tokens, lifts: Floats) -> Floats:
    return np.where(tokens.ids > 0, np.log(BY_CHANCE + (1 - BY_CHANCE) * lifts), 0.0)


def _covered(tokens: Tokens, gains: Floats, expected: Floats) -> Covered:
    starts = np.cumsum(tokens.lengths) - tokens.lengths
    missing = np.maximum(expected - gains, 0)
    is_last = _counted(tokens.lengths) * 2 >= np.repeat(tokens.lengths, tokens.lengths)

    def sums(values: Floats) -> Floats:
        return np.diff(np.concatenate([[0], np.cumsum(values)])[np.append(starts, len(values))])

    return Covered(sums(gains), sums(expected), sums(missing), sums(missing * is_last), tokens.lengths.astype(float))


def _counted(lengths: Ints) -> Ints:
    """0, 1, 2 ... for each of ``lengths``."""
    return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def _some(tokens: Tokens, rows: Ints) -> Tokens:
    starts = (np.cumsum(tokens.lengths) - tokens.lengths)[rows]
    lengths = tokens.lengths[rows]
    return Tokens(tokens.ids[np.repeat(starts, lengths) + _counted(lengths)], lengths)


def _places(pairs: Ints, words: Ints, bits: int) -> Ints:
    keys = (pairs.astype(np.uint64) << np.uint64(32) | words.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    return (keys >> np.uint64(64 - bits)).astype(np.int64)
