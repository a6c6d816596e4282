"""Which pairs are padded to one width: few widths, little padding. Knows lengths, and neither ids nor text.

A compiler compiles each width once, so there are at most `MAX_BUCKETS`, and each of them must be worth it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_BUCKETS = 8
WORTH = 2000
"""Tokens of padding an epoch, source and target, that a further width must save: about what its compilation costs."""
MAX_STEPS = 512
"""Different lengths that are told apart; beyond it several count as one."""


class Width(NamedTuple):
    """The padded lengths of a batch: source tokens, and target tokens with both BOS and EOS."""

    src: int
    trg: int

    @property
    def article(self) -> Width:
        """The width at which the article's decoder arrays also hold a step that reads the end and predicts nothing."""
        return Width(self.src, self.trg + 1)


class Lengths(NamedTuple):
    """How many pairs (K,) have which source and target length (K,), each combination once; all int64."""

    src: NDArray[np.int64]
    trg: NDArray[np.int64]
    n_pairs: NDArray[np.int64]


class Bucket(NamedTuple):
    """Pairs padded to ``width``: those whose longer side is over the last bucket's ``longest`` and at most this one's;
    there are ``n_pairs``.
    """

    longest: int
    n_pairs: int
    width: Width


def choose_buckets(lengths: Lengths, n_rows: Callable[[Width], int]) -> list[Bucket]:
    """Return the buckets, shortest first, that leave least padding on both sides together, over all full batches, where
    a bucket itself costs ``WORTH``.

    ``n_rows`` says how many rows a batch of some width has. The pairs are taken in the order of their longer side, and
    the best of all ways to cut that order is found by dynamic programming.
    """
    longer = np.maximum(lengths.src, lengths.trg)
    step = 1 + int(longer.max(initial=0)) // MAX_STEPS
    _, place = np.unique(longer // step, return_inverse=True)
    n_places = int(place.max(initial=-1)) + 1

    def per_place(values: NDArray[np.int64]) -> NDArray[np.int64]:
        largest = np.zeros(n_places, np.int64)
        np.maximum.at(largest, place, values)
        return largest

    n_pairs = np.bincount(place, weights=lengths.n_pairs, minlength=n_places).astype(np.int64)
    srcs, trgs, limits = per_place(lengths.src), per_place(lengths.trg), per_place(longer)
    return [
        Bucket(
            int(limits[end - 1]),
            int(n_pairs[start:end].sum()),
            Width(int(srcs[start:end].max()), int(trgs[start:end].max())),
        )
        for start, end in _best_cuts(n_pairs, srcs, trgs, n_rows)
    ]


def _best_cuts(
    n_pairs: NDArray[np.int64], srcs: NDArray[np.int64], trgs: NDArray[np.int64], n_rows: Callable[[Width], int]
) -> Sequence[tuple[int, int]]:
    """Return the ranges of places that make the cheapest buckets."""
    n_places = len(n_pairs)
    totals = np.append(0, np.cumsum(n_pairs))
    # least[k, end]: cost of the first `end` places in k buckets; came[k, end]: where the last of them begins.
    least = np.full((MAX_BUCKETS + 1, n_places + 1), np.inf)
    least[0, 0] = 0
    came = np.zeros(least.shape, np.int64)
    for end in range(1, n_places + 1):
        # Entry i is a bucket of the places i to end - 1.
        src = np.maximum.accumulate(srcs[:end][::-1])[::-1]
        trg = np.maximum.accumulate(trgs[:end][::-1])[::-1]
        rows = np.array([n_rows(Width(s, t)) for s, t in zip(src.tolist(), trg.tolist(), strict=True)])
        n_batches = -(-(totals[end] - totals[:end]) // rows)
        ways = least[:-1, :end] + n_batches * rows * (src + trg) + WORTH
        came[1:, end] = ways.argmin(axis=1)
        least[1:, end] = ways.min(axis=1)
    ranges, end = [], n_places
    for k in range(int(least[:, n_places].argmin()), 0, -1):
        ranges.append((int(came[k, end]), end))
        end = int(came[k, end])
    return ranges[::-1]
