"""What comes of a training, before it begins: the chrF of the dev part, from earlier runs of the recipe.

`runs.tsv` holds them. Nothing is said of a training that they do not cover: in another direction, with sentences of
another length (those of other kinds of text score otherwise), with more or fewer pairs, or in more or less time. Where
they do, each run that the rest of them covers is left out in turn, and the spread is what four of five such runs keep
to (the quantile of the split conformal method: Vovk, Gammerman and Shafer, *Algorithmic Learning in a Random World*,
2005).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

STIFFNESS = 0.05
"""What a slope costs, so that few points make no steep one."""
SHARE_WITHIN = 0.8
"""The share of trainings that come out within the spread."""
LEAST_SPREAD = 2.0
"""Points of chrF: so few runs agree by chance, and another seed alone is worth half a point."""
LIKE_LENGTH = 1.25
"""How many times as long, or as short, sentences may be and still count as alike."""
MARGIN = 1 / 3
"""How far beyond the runs may be, in powers of two of pairs and seconds: a quarter more or less."""


class Run(NamedTuple):
    """A training by the recipe alone: its training pairs, the seconds of its steps on the machine of docs/recipe.md,
    its direction, such as "en-es", the mean length of target sentences in characters, and what came of it.
    """

    n_pairs: int
    seconds: float
    direction: str
    length: float
    chrf: float


class Expectation(NamedTuple):
    """The chrF that is expected of the dev part; four of five runs fall within the ``spread`` on each side of it."""

    chrf: float
    spread: float


@cache
def known_runs() -> tuple[Run, ...]:
    """Return the runs of the table."""
    lines = resources.files(__package__).joinpath("runs.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines[1:])
    return tuple(Run(int(n), float(s), way, float(length), float(chrf)) for n, s, way, length, chrf, *_ in rows)


def expect(
    n_pairs: int, seconds: float, direction: str, length: float, runs: Sequence[Run] | None = None
) -> Expectation | None:
    """Return what is expected of a training from ``runs``, by default those of the table; None where they do not cover
    it, or are too few to tell how far off they are.
    """
    runs = [run for run in (known_runs() if runs is None else runs) if _is_alike(run, direction, length)]
    places = np.array([_place(run.n_pairs, run.seconds) for run in runs]).reshape(-1, 2)
    values, at = np.array([run.chrf for run in runs]), _place(n_pairs, seconds)
    if not _is_covered(places, at):
        return None
    misses = []
    for i in range(len(runs)):
        others = np.delete(places, i, axis=0)
        if _is_covered(others, places[i]):
            misses.append(abs(values[i] - _predicted(others, np.delete(values, i), places[i])))
    n_within = math.ceil(SHARE_WITHIN * (len(misses) + 1))
    if n_within > len(misses):
        return None
    return Expectation(_predicted(places, values, at), max(LEAST_SPREAD, float(sorted(misses)[n_within - 1])))


def _is_alike(run: Run, direction: str, length: float) -> bool:
    return run.direction == direction and run.length <= LIKE_LENGTH * length and length <= LIKE_LENGTH * run.length


def _place(n_pairs: int, seconds: float) -> NDArray[np.float64]:
    return np.array([np.log2(max(n_pairs, 1)), np.log2(max(seconds, 1.0))])


def _is_covered(places: NDArray[np.float64], at: NDArray[np.float64]) -> bool:
    """Whether ``at`` lies in the convex hull of ``places`` (n, 2), or no further than `MARGIN` outside: looked at from
    all sides, some place lies as far out.
    """
    if not len(places):
        return False
    angles = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    sides = np.stack([np.cos(angles), np.sin(angles)])
    return bool((at @ sides <= (places @ sides).max(axis=0) + MARGIN).all())


def _predicted(places: NDArray[np.float64], values: NDArray[np.float64], at: NDArray[np.float64]) -> float:
    """The value at a place of the plane through ``values`` (ridge regression of their log-odds)."""
    odds = np.log(values / (100 - values))
    middle = places.mean(axis=0)
    centred = places - middle
    slopes = np.linalg.solve(
        centred.T @ centred + STIFFNESS * len(odds) * np.eye(centred.shape[1]), centred.T @ (odds - odds.mean())
    )
    return float(100 / (1 + np.exp(-(odds.mean() + (at - middle) @ slopes))))
