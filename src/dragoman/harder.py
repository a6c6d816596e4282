"""The harder part of a test set: sentences that are long, and unlike all that was learned.

In most corpora a test sentence has near-twins among the training sentences ("Tom is tired.", "Tom was tired."), so that
the scores of a whole test set flatter. This file chooses; it neither translates nor scores.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .corpus.pairs import Pair, evenly
from .metrics import length_unit, lengths
from .neighbours import Neighbour

SHORTEST = {"words": 8, "characters": 20}
"""Units that the source of a harder pair has at least."""
LIKENESS = 0.6
"""The similarity that no training source reaches."""
MIN_HARDER = 30
"""Pairs below which scores say nothing."""
MAX_HARDER = 500
MAX_COMPARED = 4000
"""Long pairs that are compared with the training sentences, at most: each takes some milliseconds."""


def long_pairs(pairs: Sequence[Pair], src: str) -> Sequence[Pair]:
    """Return the pairs of language ``src`` that are long enough, spread evenly where they are over `MAX_COMPARED`."""
    shortest = SHORTEST[length_unit(src)]
    n_units = lengths([pair.src for pair in pairs], src)
    return evenly([pair for pair, n in zip(pairs, n_units, strict=True) if n >= shortest], MAX_COMPARED)


def harder_pairs(pairs: Sequence[Pair], src: str, nearest: Callable[[str], Neighbour]) -> Sequence[Pair]:
    """Return the harder of ``pairs``, at most `MAX_HARDER` spread evenly, or none where they are below `MIN_HARDER`.

    ``nearest`` finds the training pair whose source is most like a sentence of the language ``src``.
    """
    harder = [pair for pair in long_pairs(pairs, src) if nearest(pair.src).similarity < LIKENESS]
    return evenly(harder, MAX_HARDER) if len(harder) >= MIN_HARDER else []


def definition(src: str, n_compared: int, n_training: int) -> str:
    """Return what harder pairs are, where ``n_compared`` of ``n_training`` pairs could be looked at."""
    unit = length_unit(src)
    which = "all" if n_compared == n_training else f"{n_compared:,} of {n_training:,}"
    return (
        f"sentences of at least {SHORTEST[unit]} {unit}, unlike {which} training sentences (likeness below {LIKENESS})"
    )
