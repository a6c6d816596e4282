"""Minutes to steps: what a step, a validation and the end of a training cost on this machine, measured before the first
counted step, and steps again on the way, as a shared machine is slower or faster from minute to minute.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, perf_counter
from typing import Any, NamedTuple

import numpy as np

from ..batches import Fitted
from ..errors import UsageError
from ..models import keras
from .allocation import keep_freed_memory
from .loop import INTERVAL, Data, Fitting, Steps, dev_sums, validation_cycle

N_TIMED = 3
SECONDS_TIMED = 3.0
"""Of steps, over all shapes together: a few steps in a row are much faster, or slower, than many."""
LONG = 1.5
"""Seconds after which nothing more is timed."""

HALF_LIFE = 60.0
"""Seconds of steps after which their pace counts half."""
LEAST_SEEN = 10.0
"""Seconds of steps before which their pace says nothing."""
TOLERANCE = 0.01
"""The share of all steps that a plan may be off before it is changed."""


class Costs(NamedTuple):
    """Seconds: of a step (mean over an epoch), of a validation, and of all that comes behind the last one."""

    step: float
    validation: float
    ending: float

    def steps_within(self, seconds: float, cycle: int) -> int:
        """Return the steps that ``seconds`` are enough for, with a validation each ``cycle`` steps and one at the end.

        Less than one is a `UsageError`.
        """
        n_steps = int((seconds - self.ending - self.validation) / (self.step + self.validation / cycle))
        if n_steps < 1:
            needed = self.ending + self.validation + self.step
            raise UsageError(
                f"the minutes leave {max(seconds, 0):.0f} s for training and scoring, "
                f"which need {needed:.0f} s at least; give more minutes"
            )
        return n_steps

    def seconds(self, n_steps: int, cycle: int) -> float:
        """Return what ``n_steps`` will take, with validations and the end."""
        return n_steps * self.step + -(-n_steps // cycle) * self.validation + self.ending


class Deadline:
    """Plans the steps of a training again and again, so that it ends when its time does.

    ``end`` is a time of ``clock``; ``cycle`` the steps between two validations; ``n_steps_at_most`` those that other
    limits allow.
    """

    def __init__(
        self,
        end: float,
        costs: Costs,
        cycle: int,
        n_steps_at_most: int = sys.maxsize,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.end, self.costs, self.cycle, self.n_steps_at_most, self.clock = end, costs, cycle, n_steps_at_most, clock
        self._steps = self._seconds = 0.0
        self._is_first = True

    def replan(self, n: int, seconds: float, step: int, n_steps: int) -> int:
        """Return the steps that there is time for in all, after ``n`` more up to ``step``, which took ``seconds``;
        ``n_steps`` still where that is as good as right, or nothing is known yet.
        """
        if self._is_first:  # it may have compiled
            self._is_first = False
            return n_steps
        fading = 0.5 ** (seconds / HALF_LIFE)
        self._steps, self._seconds = fading * self._steps + n, fading * self._seconds + seconds
        if self._seconds < LEAST_SEEN:
            return n_steps
        costs = self.costs._replace(step=self._seconds / self._steps)
        left = self.end - self.clock() - costs.ending - costs.validation
        more = max(0, int(left / (costs.step + costs.validation / self.cycle)))
        planned = min(step + more, self.n_steps_at_most)
        return n_steps if abs(planned - n_steps) <= TOLERANCE * n_steps else planned


def measure(fitting: Fitting, translation: float, ending: float) -> Costs:
    """Return the costs of ``fitting``, with ``translation`` seconds for the dev sentences of a validation.

    Every shape of a batch is compiled and timed; then the model is as it was before.
    """
    model, cycle = fitting.model, validation_cycle(fitting.train)
    keep_freed_memory()
    with _unchanged(model):
        call = _seconds_of_a_call(model, fitting.train)
        step = _seconds_of_a_step(model, fitting.train, call) + call * -(-cycle // INTERVAL) / cycle
        validation = _median_seconds(lambda: (dev_sums(model, fitting.dev), fitting.to_engine()))
        return Costs(step, validation + translation, ending)


def _median_seconds(work: Callable[[], object]) -> float:
    """The median of a few calls, fewer where one takes long; the first, which compiles, is not counted."""
    seconds: list[float] = []
    work()
    while len(seconds) < N_TIMED and sum(seconds) < LONG:
        began = perf_counter()
        work()
        seconds.append(perf_counter() - began)
    return float(np.median(seconds))


def _seconds_of_a_fit(model: Any, fitted: Fitted, n_steps: int) -> float:
    """What one call of ``fit`` takes for ``n_steps`` times the same batch."""
    steps = Steps(lambda index: fitted, n_steps).for_keras()
    return _median_seconds(lambda: model.fit(steps, shuffle=False, verbose=0))


def _seconds_of_a_call(model: Any, train: Data) -> float:
    """What a call of ``fit`` takes beside its steps; 0 where a step takes so long that it does not matter."""
    _, fitted = next(train.examples())
    one = _seconds_of_a_fit(model, fitted, 1)
    if one > LONG / N_TIMED:
        return 0.0
    return max(0.0, one - (_seconds_of_a_fit(model, fitted, 5) - one) / 4)


def _seconds_of_a_step(model: Any, train: Data, call: float) -> float:
    """The mean over an epoch; of each shape one batch is timed, as many times in a row as an interval has steps, fewer
    where they take long.
    """
    total, examples = 0.0, list(train.examples())
    for n_batches, fitted in examples:
        one = _seconds_of_a_fit(model, fitted, 1)
        n_steps = max(1, min(INTERVAL, int(SECONDS_TIMED / len(examples) / one)))
        whole = _seconds_of_a_fit(model, fitted, n_steps) if n_steps > 1 else one
        total += n_batches * max(whole - call, 0.0) / n_steps
    return total / len(train)


@contextmanager
def _unchanged(model: Any) -> Iterator[None]:
    """Give the model back its variables at the end."""
    model.optimizer.build(model.trainable_variables)
    variables = [*model.variables, *model.optimizer.variables]
    before = [keras.ops.convert_to_numpy(variable.value).copy() for variable in variables]
    yield
    for variable, value in zip(variables, before, strict=True):
        variable.assign(value)
