"""Optimizers: rates by hand, accumulation, averages of the weights, and what is not decayed."""

from __future__ import annotations

import numpy as np
import pytest

from dragoman.config import TrainConfig
from dragoman.errors import UsageError
from dragoman.fitting.checkpoint import Forgetful
from dragoman.fitting.objective import averaged
from dragoman.fitting.optimizer import make_optimizer, move_end
from dragoman.models import keras
from tests.fitting.little import FAST, Little, assert_same


@pytest.mark.parametrize("name", ["rmsprop", "adam", "sgd", "adamw", "nadam", "muon"])
def test_any_keras_optimizer_by_name(name: str) -> None:
    optimizer = make_optimizer(TrainConfig(optimizer=name, learning_rate=0.25), n_steps=1)
    assert type(optimizer).__name__.lower() == name
    assert float(optimizer.learning_rate) == 0.25


def test_an_unknown_optimizer_is_refused_with_the_list() -> None:
    with pytest.raises(UsageError, match=r"adam, .*rmsprop.*not 'gradient'"):
        make_optimizer(TrainConfig(optimizer="gradient"), n_steps=1)


@pytest.mark.backends
@pytest.mark.parametrize(
    ("schedule", "warmup", "rates"),
    [
        ("constant", 0.0, {0: 1.0, 50: 1.0, 100: 1.0}),
        ("linear", 0.0, {0: 1.0, 50: 0.5, 100: 0.0}),
        ("cosine", 0.0, {0: 1.0, 50: 0.5, 75: 0.5 - 0.5**1.5, 100: 0.0}),
        ("linear", 0.2, {0: 0.05, 9: 0.5, 19: 1.0, 60: 0.5, 100: 0.0}),
        ("constant", 0.2, {0: 0.05, 19: 1.0, 100: 1.0}),
        ("inverse-sqrt", 0.25, {0: 0.04, 24: 1.0, 100: 0.5}),
    ],
)
def test_the_rate_rises_and_falls(schedule: str, warmup: float, rates: dict[int, float]) -> None:
    config = TrainConfig(optimizer="adam", learning_rate=1.0, schedule=schedule, warmup=warmup)
    optimizer = make_optimizer(config, n_steps=100)
    for step, rate in rates.items():
        optimizer.iterations.assign(step)
        assert float(optimizer.learning_rate) == pytest.approx(rate, abs=1e-6)


@pytest.mark.slow
def test_the_end_moves_without_compiling_again(little: Little) -> None:
    config = TrainConfig(**{**FAST.to_json(), "learning_rate": 1.0, "schedule": "linear", "warmup": 0.1})
    fitting = little.fitting(config)
    fitting.run(2, Forgetful())
    optimizer, compiled = fitting.model.optimizer, fitting.model.train_function
    for n_steps, rate in ((100, 0.5), (200, 150 / 180), (60, 5 / 54)):
        move_end(optimizer, n_steps)
        optimizer.iterations.assign(55 if n_steps != 200 else 50)
        assert float(optimizer.learning_rate) == pytest.approx(rate, abs=1e-6)
    assert fitting.model.train_function is compiled


@pytest.mark.backends
def test_a_step_goes_by_the_end_as_it_was_moved() -> None:
    config = TrainConfig(optimizer="sgd", learning_rate=1.0, schedule="linear")
    optimizer = make_optimizer(config, n_steps=10)
    weights = keras.Variable(np.zeros(1, np.float32))
    optimizer.apply([keras.ops.ones(1)], [weights])
    move_end(optimizer, 4)
    optimizer.apply([keras.ops.ones(1)], [weights])
    assert float(keras.ops.convert_to_numpy(weights.value)[0]) == pytest.approx(-1.0 - 0.75)


def test_a_constant_rate_has_no_end() -> None:
    optimizer = make_optimizer(TrainConfig(optimizer="sgd", learning_rate=1.0), n_steps=10)
    move_end(optimizer, 4)
    assert float(optimizer.learning_rate) == 1.0


@pytest.mark.slow
def test_gathered_gradients_make_one_update_at_the_rate_of_its_step() -> None:
    config = TrainConfig(optimizer="sgd", learning_rate=1.0, schedule="linear", accumulation=4)
    optimizer = make_optimizer(config, n_steps=40)
    weights = keras.Variable(np.zeros(1, np.float32))
    before = 0.0
    moves = []
    for _ in range(40):
        optimizer.apply([np.ones(1, np.float32)], [weights])
        moves.append(before - float(np.asarray(weights.value)[0]))
        before = float(np.asarray(weights.value)[0])
    updates = [move for move in moves if move]
    assert updates == pytest.approx([1.0 - step / 40 for step in range(3, 40, 4)], abs=1e-5)


def test_norms_and_biases_are_not_decayed() -> None:
    optimizer = make_optimizer(TrainConfig(optimizer="adamw", learning_rate=0.1, weight_decay=0.5), n_steps=1)
    named = {name: keras.Variable(np.ones(2, np.float32), name=name) for name in ("kernel", "bias", "norm_scale")}
    optimizer.apply([np.zeros(2, np.float32)] * 3, list(named.values()))
    after = {name: float(np.asarray(variable.value)[0]) for name, variable in named.items()}
    assert after == pytest.approx({"kernel": 0.95, "bias": 1.0, "norm_scale": 1.0})


@pytest.mark.slow
def test_averages_are_validated_and_kept_and_the_weights_go_on(little: Little) -> None:
    plain = little.fitting()
    plain.run(7, Forgetful())
    fitting = little.fitting(TrainConfig(**{**FAST.to_json(), "averaging": 0.9}))
    _, best = fitting.run(7, Forgetful())
    assert_same(plain.to_engine(), fitting.to_engine())
    with averaged(fitting.model):
        assert_same(best, fitting.to_engine())
    name = "output.kernel"
    assert not np.array_equal(best[name], fitting.to_engine()[name])
    assert_same(plain.to_engine(), fitting.to_engine())


def test_early_stopping_follows_the_score_that_is_asked_for(little: Little) -> None:
    # The little training's dev chrF is always 50: then the loss decides.
    fitting = little.fitting(TrainConfig(**{**FAST.to_json(), "early_stopping": "chrf"}))
    history, _ = fitting.run(14, Forgetful())
    assert [validated.best for validated in history] == [True, True]
    scores = iter([60.0, 40.0, 70.0])
    falling = little.fitting(TrainConfig(**{**FAST.to_json(), "early_stopping": "chrf"}))
    falling.score = lambda weights, step: type(fitting.score(weights, step))(1.0, next(scores))
    history, _ = falling.run(21, Forgetful())
    assert [validated.best for validated in history] == [True, False, True]
