from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from dragoman.confidence import FEATURES, N_BINS, Confidence, Evidence, calibration_error, features
from dragoman.errors import BundleError

NAMES = list(FEATURES)
GOOD = {"bias": 0.5, "weights": {"score": 2.0, "length": -0.5}}


def test_what_is_known_of_a_sentence() -> None:
    evidence = Evidence("Tom saw Kiev.", "Tom vio Quieve.", 6, -0.5, 1)
    found = dict(zip(FEATURES, features([evidence])[0], strict=True))
    assert found == {
        "score": -0.5,
        "length": pytest.approx(math.log(6)),
        "score and length": pytest.approx(-0.5 * math.log(6)),
        "tokens a word": pytest.approx(math.log(2)),
        "copied": pytest.approx(1 / 3),
        "unknown": pytest.approx(1 / 3),
    }


@pytest.mark.parametrize("text", ["", "!?", "日本語"])
def test_no_text_is_without_features(text: str) -> None:
    assert np.isfinite(features([Evidence(text, "", 0, -9.0)])).all()


def test_a_fit_finds_the_odds_that_labels_were_drawn_from() -> None:
    rng = np.random.default_rng(1)
    found = rng.normal(size=(20_000, len(FEATURES)))
    weights = np.array([1.5, -1.0, 0.5, 0.0, 0.0, 0.0])
    useful = rng.random(len(found)) < 1 / (1 + np.exp(-(found @ weights - 0.7)))
    fitted = Confidence.fitted(found * 3 + 2, useful.tolist())
    shifted = weights / 3
    assert list(fitted.weights) == NAMES
    assert list(fitted.weights.values()) == pytest.approx(shifted, abs=0.03)
    assert fitted.bias + 2 * sum(fitted.weights.values()) == pytest.approx(-0.7, abs=0.06)


@pytest.mark.parametrize("useful", [True, False])
def test_sentences_of_one_kind_give_an_answer_that_is_not_certain(useful: bool) -> None:
    every = [Evidence("a" * n, "b", n, -1 / n) for n in range(1, 61)]
    confidence = Confidence.fitted(features(every), [useful] * len(every))
    assert all(math.isfinite(number) for number in (confidence.bias, *confidence.weights.values()))
    values = [confidence(one) for one in every]
    assert all((0.9 < value < 1) if useful else (0 < value < 0.1) for value in values)


def test_a_line_between_both_kinds_does_not_make_the_weights_endless() -> None:
    every = [Evidence("a b", "c", 2, -n / 10) for n in range(60)]
    confidence = Confidence.fitted(features(every), [n < 30 for n in range(60)])
    values = [confidence(one) for one in every]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0.8 > 0.2 > values[-1] > 0
    assert confidence.weights["length"] == confidence.weights["copied"] == 0.0


def test_no_odds_are_too_large() -> None:
    confidence = Confidence(1e6, {"score": 1e6})
    assert confidence(Evidence("a", "b", 1, 1e6)) <= 1
    assert confidence(Evidence("a", "b", 1, -1e6)) >= 0


def test_what_is_written_comes_back() -> None:
    confidence = Confidence.from_json(json.loads(json.dumps(GOOD)))
    assert confidence.to_json() == GOOD
    assert confidence(Evidence("a b", "c", 2, -1.0)) == pytest.approx(
        1 / (1 + math.exp(-(0.5 - 2.0 - 0.5 * math.log(2))))
    )


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"bias": 0.5},
        {"bias": 0.5, "weights": {}},
        {"bias": 0.5, "weights": [1.0]},
        {"bias": 0.5, "weights": {"score": 1.0, "moon": 1.0}},
        {"bias": float("nan"), "weights": {"score": 1.0}},
        {"bias": 0.5, "weights": {"score": float("nan")}},
        {"bias": 0.5, "weights": {"score": float("-inf")}},
        {"bias": 0.5, "weights": {"score": 1e9}},
        {"bias": 0.5, "weights": {"score": "1"}},
        {"bias": True, "weights": {"score": 1.0}},
        {"weights": {"score": 1.0}},
    ],
)
def test_what_is_no_confidence_is_not_believed(value: Any) -> None:
    with pytest.raises(BundleError, match="the confidence must "):
        Confidence.from_json(value)


@pytest.mark.parametrize(
    ("confidences", "useful", "error"),
    [
        ([1.0, 1.0, 0.0], [True, True, False], 0.0),
        ([1.0, 1.0, 0.0], [False, False, True], 1.0),
        ([0.5] * 4, [True, True, False, False], 0.0),
        # In one bin the gaps cancel, in two they do not.
        ([0.51, 0.52, 0.53, 0.54][:2], [True, False], 0.015),
        ([0.25, 0.75], [True, False], 0.75),
        ([0.9, 0.9, 0.9, 0.1], [True, True, False, False], (3 * (0.9 - 2 / 3) + 0.1) / 4),
    ],
)
def test_the_calibration_error_of_known_bins(confidences: list[float], useful: list[bool], error: float) -> None:
    assert calibration_error(confidences, useful) == pytest.approx(error)


def test_there_are_fifteen_bins() -> None:
    confidences = [(place + 0.5) / N_BINS for place in range(N_BINS)]
    assert calibration_error(confidences, [True] * N_BINS) == pytest.approx(1 - sum(confidences) / N_BINS)
