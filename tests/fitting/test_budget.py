"""Minutes to steps: the arithmetic by hand, and that measuring changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from dragoman.corpus.pairs import Pair
from dragoman.errors import UsageError
from dragoman.fitting.budget import Costs, measure
from dragoman.models import keras
from tests.fitting.little import Little

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


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_measuring_leaves_the_model_as_it_was(phrasebook: list[Pair], dropout: float) -> None:
    little = Little(phrasebook[:120], dropout=dropout)
    fitting = little.fitting()
    before = [np.array(keras.ops.convert_to_numpy(v.value)) for v in little.variables(fitting)]
    costs = measure(fitting, translation=1.0, ending=3.0)
    assert costs.step > 0
    assert costs.validation > 1.0
    assert costs.ending == 3.0
    after = [keras.ops.convert_to_numpy(v.value) for v in little.variables(fitting)]
    for old, new in zip(before, after, strict=True):
        np.testing.assert_array_equal(old, new)
