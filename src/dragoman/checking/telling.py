"""Tells damaged rows from good ones: a logistic regression on features and their products."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

N_STEPS = 12
SHORTEST = 1e-3
"""A step that gains less of the loss is the last."""
STIFFNESS = 0.3
"""What a weight costs."""
FARTHEST = 4.0
"""Standard deviations from the middle, at most."""

Floats = NDArray[np.floating]


class Scale(NamedTuple):
    """The means and standard deviations (d,) of features."""

    middle: Floats
    width: Floats

    @classmethod
    def of(cls, features: Floats) -> Scale:
        """Return those of ``features`` (n, d)."""
        return cls(features.mean(axis=0), features.std(axis=0) + 1e-3)

    def __call__(self, features: Floats) -> Floats:
        """Return a one, the features in standard deviations, and their products: (n, 1 + d + d (d + 1) / 2)."""
        scaled = np.clip((features - self.middle) / self.width, -FARTHEST, FARTHEST)
        rows, columns = np.triu_indices(scaled.shape[1])
        return np.concatenate([np.ones((len(scaled), 1)), scaled, scaled[:, rows] * scaled[:, columns]], axis=1)


def fitted(good: Floats, bad: Floats) -> Floats:
    """Return the weights (d,) by which ``bad`` rows are told from ``good`` ones (n, d), as if there were as many: their
    product with a row is the log of how much likelier it is bad.
    """
    rows = np.concatenate([good, bad])
    labels = np.repeat([0.0, 1.0], [len(good), len(bad)])
    share = np.where(labels == 1, len(rows) / 2 / len(bad), len(rows) / 2 / len(good))
    weights = np.zeros(rows.shape[1])
    loss = np.inf

    def loss_of(weights: Floats) -> float:
        return float(share @ np.logaddexp(0, rows @ weights * (1 - 2 * labels)) + STIFFNESS / 2 * weights @ weights)

    for _ in range(N_STEPS):
        guess = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        gradient = rows.T @ (share * (labels - guess)) - STIFFNESS * weights
        curvature = (rows * (share * guess * (1 - guess))[:, None]).T @ rows + STIFFNESS * np.eye(len(weights))
        step = np.linalg.solve(curvature, gradient)
        before = loss
        # Newton's step is too long where the curvature changes on the way.
        while (loss := loss_of(weights + step)) > before and np.abs(step).max() > SHORTEST:
            step /= 2
        weights += step
        if before - loss < SHORTEST * loss:
            break
    return weights
