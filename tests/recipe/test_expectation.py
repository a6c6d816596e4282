"""What is expected of a training, from runs whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from dragoman.recipe.expectation import LEAST_SPREAD, Run, expect, known_runs


def truth(n_pairs: int, seconds: float, is_spaced: bool) -> float:
    odds = -6 + 0.25 * np.log2(n_pairs) + 0.25 * np.log2(seconds) + (0.8 if is_spaced else 0.0)
    return float(100 / (1 + np.exp(-odds)))


RUNS = [
    Run(n, s, spaced, truth(n, s, spaced))
    for n, s, spaced in [
        (5_000, 60, True),
        (5_000, 300, True),
        (20_000, 60, True),
        (100_000, 60, True),
        (100_000, 500, True),
        (100_000, 1700, True),
        (30_000, 60, False),
        (30_000, 500, False),
        (70_000, 60, False),
        (70_000, 500, False),
    ]
]


@pytest.mark.parametrize("asked", [(50_000, 200, True), (10_000, 500, True), (50_000, 300, False)])
def test_between_the_runs_it_says_what_they_say(asked: tuple[int, float, bool]) -> None:
    found = expect(*asked, RUNS)
    assert found is not None
    assert found.chrf == pytest.approx(truth(*asked), abs=3)
    assert 0 < found.spread < 5


def test_beyond_the_runs_it_says_no_more_than_at_their_edge() -> None:
    assert expect(10**8, 10**6, True, RUNS) == expect(100_000, 1700, True, RUNS)


def test_the_spread_is_what_runs_are_off() -> None:
    random = np.random.default_rng(0)
    noisy = [run._replace(chrf=run.chrf + random.normal(0, 5)) for run in RUNS]
    clear, rough = expect(50_000, 200, True, RUNS), expect(50_000, 200, True, noisy)
    assert clear is not None
    assert rough is not None
    assert rough.spread > clear.spread == LEAST_SPREAD


def test_of_too_few_runs_nothing_is_said() -> None:
    assert expect(50_000, 200, True, RUNS[:3]) is None
    assert expect(50_000, 200, False, RUNS[:8]) is None  # two of its kind


def test_the_table_can_be_read() -> None:
    assert expect(100_000, 300, True) is not None
    assert all(0 < run.chrf < 100 and run.n_pairs > 0 and run.seconds > 0 for run in known_runs())
