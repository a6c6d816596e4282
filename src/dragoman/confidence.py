"""How likely a translated sentence is of use: a probability from what its search tells at no cost.

A translation is of use if its chrF against a reference is over 50. A logistic regression (Platt, 1999) is fitted to
translations whose use is known (`dragoman.calibration`) and kept in the bundle. Knows no model, file or vocabulary.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from .errors import BundleError

USEFUL = 50.0
"""The chrF of a sentence above which its translation is of use."""

RIDGE = 1.0
"""The weight of the squared coefficients, of features of variance 1: a few hundred sentences must be enough."""
MAX_NEWTON_STEPS = 50
CONVERGED = 1e-9
MAX_EXPONENT = 30.0
"""No probability is nearer to 0 or 1 than this power of e says, and none overflows."""
MAX_COEFFICIENT = 1e6
N_BINS = 15
MIN_SENTENCES = 30
"""Fewer tell next to nothing of a model."""

_WORD = re.compile(r"[^\W\d_]+")


class Evidence(NamedTuple):
    """What is known of a translated sentence: both texts, the number of source tokens, the mean log-probability of the
    target tokens, and the number of words that training did not know.
    """

    src: str
    trg: str
    n_src_tokens: int
    score: float
    n_unknown: int = 0


def _unknown(evidence: Evidence) -> float:
    """The share of the source's words that training did not know."""
    return evidence.n_unknown / max(len(_WORD.findall(evidence.src)), 1)


def _length(evidence: Evidence) -> float:
    return math.log(max(evidence.n_src_tokens, 1))


def _tokens_a_word(evidence: Evidence) -> float:
    """Words that training has seldom seen fall into many tokens."""
    return _length(evidence) - math.log(max(len(_WORD.findall(evidence.src)), 1))


def _copied(evidence: Evidence) -> float:
    """The share of the source's words that stand in the translation too."""
    src, trg = (_WORD.findall(text.lower()) for text in (evidence.src, evidence.trg))
    known = set(trg)
    return sum(word in known for word in src) / len(src) if src else 0.0


FEATURES: dict[str, Callable[[Evidence], float]] = {
    "score": lambda evidence: evidence.score,
    "length": _length,
    "score and length": lambda evidence: evidence.score * _length(evidence),
    "tokens a word": _tokens_a_word,
    "copied": _copied,
    "unknown": _unknown,
}
"""What a confidence is made of. A bundle holds a weight for each that was there when it was calibrated."""


def features(every: Sequence[Evidence]) -> NDArray[np.float64]:
    """Return the features of each (N, F), in the order of `FEATURES`."""
    return np.array([[feature(each) for feature in FEATURES.values()] for each in every]).reshape(-1, len(FEATURES))


@dataclass(frozen=True)
class Confidence:
    """A calibrated model's confidence: the log-odds of use are ``bias`` and ``weights`` (by feature) times features."""

    bias: float
    weights: Mapping[str, float]

    def __call__(self, evidence: Evidence) -> float:
        """Return the probability that the translation is of use."""
        log_odds = self.bias + math.fsum(w * FEATURES[name](evidence) for name, w in self.weights.items())
        return 1 / (1 + math.exp(-min(max(log_odds, -MAX_EXPONENT), MAX_EXPONENT)))

    @classmethod
    def fitted(cls, found: NDArray[np.float64], useful: Sequence[bool]) -> Self:
        """Return what tells ``useful`` sentences (N,) from others best by the `features` that were ``found`` (N, F)."""
        mean, scale = found.mean(axis=0), found.std(axis=0)
        scale[scale < CONVERGED] = np.inf  # what never varies tells nothing
        weights = _logistic((found - mean) / scale, np.asarray(useful, np.float64))
        slopes = weights[1:] / scale
        bias = float(weights[0] - slopes @ mean)
        return cls(bias, dict(zip(FEATURES, map(float, slopes), strict=True)))

    def to_json(self) -> dict[str, Any]:
        """Return the coefficients as a dict that ``json.dumps`` accepts."""
        return {"bias": self.bias, "weights": dict(self.weights)}

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """Return what `to_json` wrote; anything but finite numbers for features that are known is a `BundleError`."""
        weights = value.get("weights") if isinstance(value, dict) else None
        if not isinstance(weights, dict) or not 0 < len(weights) == len(set(weights) & set(FEATURES)):
            raise BundleError(f"the confidence must have weights of {', '.join(FEATURES)}, not {value!r:.80}")
        numbers = [value.get("bias"), *weights.values()]
        if not all(isinstance(n, float) and abs(n) <= MAX_COEFFICIENT for n in numbers):
            raise BundleError(f"the confidence must be made of numbers up to {MAX_COEFFICIENT:,.0f}, not {value!r:.80}")
        return cls(float(value["bias"]), {name: float(weight) for name, weight in weights.items()})


def _logistic(scaled: NDArray[np.float64], useful: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the bias and the weights (F + 1,) of the likeliest logistic regression, by Newton's method."""
    n_useful = useful.sum()
    # Platt's targets: with all of one kind, or kinds that a line parts, there is still an answer.
    wanted = np.where(useful > 0, (n_useful + 1) / (n_useful + 2), 1 / (len(useful) - n_useful + 2))
    inputs = np.column_stack([np.ones(len(scaled)), scaled])
    ridge = np.diag([CONVERGED, *[RIDGE] * scaled.shape[1]])
    weights = np.zeros(inputs.shape[1])
    for _ in range(MAX_NEWTON_STEPS):
        expected = 1 / (1 + np.exp(-np.clip(inputs @ weights, -MAX_EXPONENT, MAX_EXPONENT)))
        gradient = inputs.T @ (expected - wanted) + ridge @ weights
        curvature = (inputs * (expected * (1 - expected))[:, None]).T @ inputs + ridge
        step = np.linalg.solve(curvature, gradient)
        weights -= step
        if np.abs(step).max() < CONVERGED:
            break
    return weights


def calibration_error(confidences: Sequence[float], useful: Sequence[bool]) -> float:
    """Return the expected calibration error, 0 to 1: how far confidence is from the share that is of use, on average
    over `N_BINS` bins of equal width, by the sentences in them (Naeini et al., 2015). There must be a sentence.
    """
    expected, found = np.array(confidences), np.asarray(useful, np.float64)
    places = np.minimum((expected * N_BINS).astype(int), N_BINS - 1)
    gaps = np.bincount(places, expected, N_BINS) - np.bincount(places, found, N_BINS)
    return float(np.abs(gaps).sum() / len(expected))
