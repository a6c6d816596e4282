"""Minutes to steps: what a step, a validation and the end of a training cost on this machine, measured before the first
counted step.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from ..batches import Batches
from ..errors import UsageError
from ..models import keras
from .loop import Fitting, arrays, dev_sums

N_TIMED = 3


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


def measure(fitting: Fitting, translation: float, ending: float) -> Costs:
    """Return the costs of ``fitting``, with ``translation`` seconds for the dev sentences of a validation.

    Every shape of a batch is compiled and timed; then the model is as it was before.
    """
    with _unchanged(fitting.model):
        step = _seconds_of_a_step(fitting.model, fitting.train)
        dev_sums(fitting.model, fitting.dev)  # compiles
        began = perf_counter()
        dev_sums(fitting.model, fitting.dev)
        return Costs(step, perf_counter() - began + translation, ending)


def _seconds_of_a_step(model: Any, batches: Batches) -> float:
    """The mean over an epoch of the median seconds of a batch of each shape."""
    total = 0.0
    for n_batches, batch in batches.examples():
        inputs, targets, weights = arrays(batch, masking=batches.masking)
        seconds = []
        for _ in range(1 + N_TIMED):
            began = perf_counter()
            model.train_on_batch(inputs, targets, sample_weight=weights)
            seconds.append(perf_counter() - began)
        total += n_batches * float(np.median(seconds[1:]))  # the first was compiled
    return total / len(batches)


@contextmanager
def _unchanged(model: Any) -> Iterator[None]:
    """Give the model back its variables at the end."""
    model.optimizer.build(model.trainable_variables)
    variables = [*model.variables, *model.optimizer.variables]
    before = [keras.ops.convert_to_numpy(variable.value).copy() for variable in variables]
    yield
    for variable, value in zip(variables, before, strict=True):
        variable.assign(value)
