"""What is expected of a training, from runs whose answer is known; and nothing where nothing is known."""

from __future__ import annotations

import numpy as np
import pytest

from dragoman.recipe.expectation import LEAST_SPREAD, Run, expect, known_runs


def truth(n_pairs: int, seconds: float) -> float:
    odds = -6 + 0.25 * np.log2(n_pairs) + 0.25 * np.log2(seconds)
    return float(100 / (1 + np.exp(-odds)))


RUNS = [
    Run(n, s, "en-es", 30.0, truth(n, s))
    for n, s in [
        *((5_000, s) for s in (60, 150, 300)),
        *((20_000, s) for s in (60, 200, 500)),
        *((100_000, s) for s in (60, 250, 500, 1700)),
    ]
]


@pytest.mark.parametrize("asked", [(50_000, 200), (10_000, 300), (5_000, 60), (100_000, 1700)])
def test_among_the_runs_it_says_what_they_say(asked: tuple[int, float]) -> None:
    found = expect(*asked, "en-es", 30.0, RUNS)
    assert found is not None
    assert found.chrf == pytest.approx(truth(*asked), abs=2)
    assert found.spread == LEAST_SPREAD


def test_the_spread_is_what_four_of_five_runs_keep_to() -> None:
    random = np.random.default_rng(0)
    off = [*(0.0 for _ in range(8)), 12.0, 12.0]
    random.shuffle(off)
    spreads = []
    for size in (0.0, 0.5, 1.0):
        noisy = [run._replace(chrf=run.chrf + size * miss) for run, miss in zip(RUNS, off, strict=True)]
        found = expect(50_000, 200, "en-es", 30.0, noisy)
        assert found is not None
        spreads.append(found.spread)
    assert spreads == sorted(spreads)
    assert 4 < spreads[-1] < 15


@pytest.mark.parametrize(
    ("n_pairs", "seconds", "direction", "length"),
    [
        (3_000, 200, "en-es", 30.0),
        (150_000, 200, "en-es", 30.0),
        (50_000, 40, "en-es", 30.0),
        (50_000, 4000, "en-es", 30.0),
        (5_000, 1700, "en-es", 30.0),
        (50_000, 200, "es-en", 30.0),
        (50_000, 200, "und-und", 30.0),
        (50_000, 200, "en-es", 80.0),
        (50_000, 200, "en-es", 10.0),
    ],
)
def test_where_nothing_is_known_nothing_is_said(n_pairs: int, seconds: float, direction: str, length: float) -> None:
    assert expect(50_000, 200, "en-es", 30.0, RUNS) is not None
    assert expect(n_pairs, seconds, direction, length, RUNS) is None


def test_just_beyond_the_runs_something_is_said() -> None:
    assert expect(110_000, 1900, "en-es", 33.0, RUNS) is not None


def test_of_too_few_runs_nothing_is_said() -> None:
    assert expect(20_000, 200, "en-es", 30.0, RUNS[:1]) is None
    assert expect(20_000, 100, "en-es", 30.0, RUNS[:6]) is None, "three of which are covered by the rest"


@pytest.mark.parametrize(
    ("n_pairs", "seconds", "direction"), [(300, 24, "en-es"), (2_000, 24, "en-es"), (169_813, 24, "en-de")]
)
def test_a_minute_for_a_corpus_of_which_the_table_knows_nothing(n_pairs: int, seconds: float, direction: str) -> None:
    assert expect(n_pairs, seconds, direction, 34.0) is None


def test_of_the_runs_of_the_table_that_are_left_out_four_of_five_come_out_as_the_rest_says() -> None:
    runs, within = known_runs(), []
    assert all(0 < run.chrf < 100 and run.n_pairs > 0 and run.seconds > 0 and run.length > 0 for run in runs)
    for i, run in enumerate(runs):
        found = expect(run.n_pairs, run.seconds, run.direction, run.length, [*runs[:i], *runs[i + 1 :]])
        if found is not None:
            within.append(abs(found.chrf - run.chrf) <= found.spread)
    assert len(within) >= 7
    assert sum(within) >= 0.8 * len(within)
