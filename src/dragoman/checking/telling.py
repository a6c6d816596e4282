"""Tells damaged rows from good ones: a logistic regression on features and their products."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

N_STEPS = 8
STIFFNESS = 1.0
FARTHEST = 4.0
"""Standard deviations from the middle, at most."""

Floats = NDArray[np.float64]


class Scale(NamedTuple):
    middle: Floats
    width: Floats

    @classmethod
    def of(cls, features: Floats) -> Scale:
        return cls(features.mean(axis=0), features.std(axis=0) + 1e-3)

    def __call__(self, features: Floats) -> Floats:
        scaled = np.clip((features - self.middle) / self.width, -FARTHEST, FARTHEST)
        rows, columns = np.triu_indices(scaled.shape[1])
        return np.concatenate([np.ones((len(scaled), 1)), scaled, scaled[:, rows] * scaled[:, columns]], axis=1)


def fitted(good: Floats, bad: Floats, start: Floats | None = None) -> Floats:
    """Return the weights (d,) by which ``bad`` rows are told from ``good`` ones (n, d), as if there were as many."""
    rows = np.concatenate([good, bad])
    labels = np.repeat([0.0, 1.0], [len(good), len(bad)])
    share = np.where(labels == 1, len(rows) / 2 / len(bad), len(rows) / 2 / len(good))
    weights = np.zeros(rows.shape[1]) if start is None else start.copy()
    for _ in range(N_STEPS):
        guess = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        gradient = rows.T @ (share * (labels - guess)) - STIFFNESS * weights
        curvature = (rows * (share * guess * (1 - guess))[:, None]).T @ rows + STIFFNESS * np.eye(len(weights))
        step = np.linalg.solve(curvature, gradient)
        weights += step
        if np.abs(step).max() < 1e-3:
            break
    return weights
