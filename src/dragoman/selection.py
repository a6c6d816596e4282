"""Which of many pairs are most like some others: what to train on where the time does not suffice for all.

The score of a pair is the difference of its cross-entropies under two models of character n-grams, one of the wanted
text and one of the rest, both sides together (Moore and Lewis, *Intelligent Selection of Language Model Training Data*,
2010; Axelrod, He and Gao, *Domain Adaptation via Pseudo In-Domain Data Selection*, 2011). An n-gram counts by itself:
the models are tables of hashed n-grams, which need no words and so suit every script. Knows of texts only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .corpus.pairs import evenly
from .corpus.store import SIDES, Side, StoredPairs

ORDERS = (4, 6)
"""Bytes of an n-gram."""
BITS = 20
"""Of a hash of n-grams."""
MAX_LEARNED = 60_000
"""Pairs that a model is made from, at most."""
SHORT = 20.0
"""N-grams that pull the score of a short text towards 0: of few n-grams it is chance."""
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def likeness(pairs: StoredPairs, wanted: StoredPairs) -> NDArray[np.float64]:
    """Return how like ``wanted`` each of ``pairs`` is (n,), in nats an n-gram: above 0 it is more like them than like
    the others of ``pairs``.

    Some of ``pairs`` may be of the wanted kind themselves. So the model of the rest is made anew of those that the
    first scores leave in the lower half.
    """
    scores = _likeness(pairs, wanted, pairs)
    return _likeness(pairs, wanted, pairs.at(np.flatnonzero(scores <= np.median(scores))))


def _likeness(pairs: StoredPairs, wanted: StoredPairs, rest: StoredPairs) -> NDArray[np.float64]:
    scores = np.zeros(len(pairs))
    for side in SIDES:
        model = _log_shares(wanted, side) - _log_shares(rest, side)
        first = 0
        for texts in pairs.blocks(side):
            hashes, places = _grams(texts)
            totals = np.bincount(places, model[hashes], minlength=len(texts))
            ns = np.bincount(places, minlength=len(texts))
            scores[first : first + len(texts)] += totals / (ns + SHORT)
            first += len(texts)
    return scores


def _log_shares(pairs: StoredPairs, side: Side) -> NDArray[np.float64]:
    """The logarithms of the shares of all n-grams, smoothed, by hash."""
    counts = np.ones(2**BITS)
    some = evenly(pairs, MAX_LEARNED)
    assert isinstance(some, StoredPairs), "a slice of stored pairs"
    for texts in some.blocks(side):
        counts += np.bincount(_grams(texts)[0], minlength=2**BITS)
    shares: NDArray[np.float64] = np.log(counts / counts.sum())
    return shares


def _grams(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The hashes of the n-grams of ``texts`` (any number,), and the text of each."""
    encoded = [f" {text.casefold()} ".encode() for text in texts]
    flat = np.frombuffer(b"".join(encoded), np.uint8).astype(np.uint64)
    places = np.repeat(np.arange(len(texts)), list(map(len, encoded)))
    hashes, owners = [], []
    for order in ORDERS:
        if len(flat) < order:
            continue
        n = len(flat) - order + 1
        grams = np.full(n, order, np.uint64)
        for step in range(order):
            grams = grams * np.uint64(257) + flat[step : n + step]
        whole = places[:n] == places[order - 1 :]  # within one text
        hashes.append(((grams[whole] * _FACTOR) >> np.uint64(64 - BITS)).astype(np.int64))
        owners.append(places[:n][whole])
    if not hashes:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate(hashes), np.concatenate(owners)


def best(pairs: StoredPairs, wanted: StoredPairs, n_bytes: float) -> StoredPairs:
    """Return those of ``pairs`` that are most like ``wanted``, up to ``n_bytes`` of target text, in their order."""
    order = np.argsort(-likeness(pairs, wanted), kind="stable")
    within = np.cumsum(pairs.n_bytes("trg")[order]) <= n_bytes
    return pairs.at(np.sort(order[within]))
