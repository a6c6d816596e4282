"""Minutes to steps: the arithmetic by hand, and that measuring changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from dragoman.errors import UsageError
from dragoman.fitting.budget import Costs, Deadline, measure
from dragoman.models import keras
from tests.fitting.little import Little, variables

COSTS = Costs(step=0.1, validation=2.0, ending=20.0)


@pytest.mark.parametrize(
    ("seconds", "cycle", "n_steps"),
    [
        (122.0, 100, 833),  # 100 s are left for steps of 0.12 s each with their share of a validation
        (22.2, 100, 1),
        (1022.0, 10**6, 9999),
    ],
)
def test_steps_within(seconds: float, cycle: int, n_steps: int) -> None:
    assert COSTS.steps_within(seconds, cycle) == n_steps
    assert COSTS.seconds(n_steps, cycle) <= seconds + 1e-6
    # One cycle more, with its validation, would be too much.
    assert COSTS.seconds(n_steps + cycle, cycle) > seconds


def test_too_few_minutes_are_refused_with_what_is_needed() -> None:
    with pytest.raises(UsageError, match="22 s at least"):
        COSTS.steps_within(10.0, 100)


class Machine:
    """A clock, and a training on it whose steps take what the test says."""

    def __init__(self) -> None:
        self.now = 1000.0

    def train(self, deadline: Deadline, n_steps: int, seconds_at: Callable[[int], float]) -> int:
        """Return the steps done by the end."""
        step = 0
        while step < n_steps:
            n = min(50, n_steps - step)
            seconds = sum(seconds_at(step + i) for i in range(n))
            self.now += seconds
            step += n
            n_steps = max(step, deadline.replan(n, seconds, step, n_steps))
            if step % 100 == 0 or step == n_steps:
                self.now += COSTS.validation
        return step


@pytest.mark.parametrize(
    ("seconds_at", "most"),
    [
        (lambda step: 0.1, 0.011),  # as planned
        (lambda step: 0.08, 0.011),
        (lambda step: 0.13, 0.011),
        (lambda step: 0.13 if step < 800 else 0.09, 0.011),
        (lambda step: 0.08 if step < 2000 else 0.14, 0.02),
    ],
)
def test_a_training_ends_when_its_time_does(seconds_at: Callable[[int], float], most: float) -> None:
    machine, seconds = Machine(), 500.0
    deadline = Deadline(machine.now + seconds, COSTS, 100, clock=lambda: machine.now)
    machine.train(deadline, COSTS.steps_within(seconds, 100), seconds_at)
    taken = machine.now - 1000.0 + COSTS.ending
    assert taken == pytest.approx(seconds, rel=most)


def test_a_plan_that_holds_is_not_changed() -> None:
    machine = Machine()
    n_steps = COSTS.steps_within(500.0, 100)
    deadline = Deadline(machine.now + 500.0, COSTS, 100, clock=lambda: machine.now)
    assert machine.train(deadline, n_steps, lambda step: 0.1) == n_steps


def test_another_limit_is_kept() -> None:
    machine = Machine()
    deadline = Deadline(machine.now + 500.0, COSTS, 100, 1000, clock=lambda: machine.now)
    assert machine.train(deadline, 1000, lambda step: 0.01) == 1000


def test_time_that_is_over_ends_the_training_at_once() -> None:
    machine = Machine()
    deadline = Deadline(machine.now + 60.0, COSTS, 100, clock=lambda: machine.now)
    assert machine.train(deadline, 1000, lambda step: 1.0) == 100  # the first interval tells nothing


@pytest.mark.parametrize("kind", ["little", "little_with_dropout"])
@pytest.mark.slow
def test_measuring_leaves_the_model_as_it_was(kind: str, request: pytest.FixtureRequest) -> None:
    little: Little = request.getfixturevalue(kind)
    fitting = little.fitting()
    before = [np.array(keras.ops.convert_to_numpy(v.value)) for v in variables(fitting.model)]
    costs = measure(fitting, translation=1.0, ending=3.0)
    assert costs.step > 0
    assert costs.validation > 1.0
    assert costs.ending == 3.0
    after = [keras.ops.convert_to_numpy(v.value) for v in variables(fitting.model)]
    for old, new in zip(before, after, strict=True):
        np.testing.assert_array_equal(old, new)
