"""What comes of a training, before it begins: the chrF of the dev part, from earlier runs of the recipe.

`runs.tsv` holds them. A line through so few points is rough, and the spread says how rough: what the rest of the
points would have said of each of them was so far off.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

STIFFNESS = 0.05
"""What a slope costs, so that few points make no steep one."""
FEWEST = 4
"""Runs that anything is said from."""
LEAST_SPREAD = 2.0
"""Points of chrF: so few runs agree by chance, and another seed alone is worth half a point."""


class Run(NamedTuple):
    """A training by the recipe alone: its training pairs, counted in each direction, the seconds of its steps on the
    machine of docs/recipe.md, whether the target's words stand apart, and what came of it.
    """

    n_pairs: int
    seconds: float
    is_spaced: bool
    chrf: float


class Expectation(NamedTuple):
    """The chrF that is expected of the dev part; most runs fall within the ``spread`` on each side of it."""

    chrf: float
    spread: float


@cache
def known_runs() -> tuple[Run, ...]:
    """Return the runs of the table."""
    lines = resources.files(__package__).joinpath("runs.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines[1:])
    return tuple(Run(int(n), float(seconds), spaced == "yes", float(chrf)) for n, seconds, spaced, chrf, *_ in rows)


def expect(n_pairs: int, seconds: float, is_spaced: bool, runs: Sequence[Run] | None = None) -> Expectation | None:
    """Return what is expected of a training from those of the ``runs`` whose targets are written in its way, as of one
    at the edge where these do not reach as far; None where there are too few of them.
    """
    runs = [run for run in (known_runs() if runs is None else runs) if run.is_spaced == is_spaced]
    if len(runs) < FEWEST:
        return None
    places, values = np.array([_place(run.n_pairs, run.seconds) for run in runs]), np.array([run.chrf for run in runs])
    place = np.clip(_place(n_pairs, seconds), places.min(axis=0), places.max(axis=0))
    misses = [
        values[i] - _predicted(np.delete(places, i, axis=0), np.delete(values, i), places[i]) for i in range(len(runs))
    ]
    spread = max(LEAST_SPREAD, float(np.sqrt(np.mean(np.square(misses)))))
    return Expectation(_predicted(places, values, place), spread)


def _place(n_pairs: int, seconds: float) -> NDArray[np.float64]:
    return np.array([np.log2(max(n_pairs, 1)), np.log2(max(seconds, 1.0))])


def _predicted(places: NDArray[np.float64], values: NDArray[np.float64], at: NDArray[np.float64]) -> float:
    """The value at a place of the plane through ``values`` (ridge regression of their log-odds)."""
    odds = np.log(values / (100 - values))
    middle = places.mean(axis=0)
    centred = places - middle
    slopes = np.linalg.solve(
        centred.T @ centred + STIFFNESS * len(odds) * np.eye(centred.shape[1]), centred.T @ (odds - odds.mean())
    )
    return float(100 / (1 + np.exp(-(odds.mean() + (at - middle) @ slopes))))
