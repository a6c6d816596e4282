"""The optimizer that a `TrainConfig` names, with its learning rate over the steps."""

from __future__ import annotations

from math import pi
from typing import Any

from ..config import TrainConfig
from ..errors import UsageError
from ..models import keras  # not `import keras`: the backend is chosen there

TUNED: dict[str, dict[str, Any]] = {"muon": {"ns_steps": 3}}
"""What an optimizer has for our models: Muon's matrices need no more rounds to become orthogonal enough, and these
are a tenth of a step with small batches (docs/recipe.md).
"""

END = "n_steps"
"""The name of the optimizer's variable that says over how many steps the rate goes."""


class Schedule(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """The learning rate of each of ``n_steps``: up to ``highest`` over the share ``warmup``, then ``kind``.

    ``n_steps`` is a number, or a variable of the optimizer: then `move_end` can change it without compiling again.
    """

    def __init__(self, kind: str, highest: float, warmup: float, n_steps: Any) -> None:
        super().__init__()
        self.kind, self.highest, self.warmup, self.n_steps = kind, highest, warmup, n_steps

    def __call__(self, step: Any) -> Any:
        """Return the rate of ``step``, counted from 0."""
        ops = keras.ops
        step, n_steps = ops.cast(step, "float32"), ops.cast(self.n_steps, "float32")
        n_rising = self.warmup * n_steps
        done = ops.clip((step - n_rising) / ops.maximum(1.0, n_steps - n_rising), 0.0, 1.0)
        falling = {
            "constant": lambda: ops.ones_like(done),
            "linear": lambda: 1.0 - done,
            "cosine": lambda: 0.5 * (1.0 + ops.cos(pi * done)),
            "inverse-sqrt": lambda: ops.sqrt(
                ops.maximum(1.0, n_rising) / ops.maximum(step, ops.maximum(1.0, n_rising))
            ),
        }[self.kind]()
        rising = (step + 1.0) / ops.maximum(1.0, n_rising)
        return self.highest * ops.minimum(rising, falling) if self.warmup else self.highest * falling

    def get_config(self) -> dict[str, Any]:
        """Return what the schedule was made with."""
        return {
            "kind": self.kind,
            "highest": self.highest,
            "warmup": self.warmup,
            "n_steps": int(keras.ops.convert_to_numpy(self.n_steps)),
        }


def make_optimizer(config: TrainConfig, n_steps: int) -> Any:
    """Return the Keras optimizer that ``config`` names; a `UsageError` that lists all names if there is none."""
    given = {
        "learning_rate": config.learning_rate,
        "weight_decay": config.weight_decay,
        "global_clipnorm": config.clip,
        "gradient_accumulation_steps": config.accumulation if config.accumulation > 1 else None,
        "ema_momentum": config.averaging,
        "use_ema": True if config.averaging else None,
    }
    choices = {name: value for name, value in given.items() if value is not None}
    choices |= TUNED.get(config.optimizer.lower(), {})
    try:
        optimizer = keras.optimizers.get({"class_name": config.optimizer, "config": choices})
        if config.schedule != "constant" or config.warmup:
            rate = Schedule(config.schedule, float(optimizer.learning_rate), config.warmup, n_steps)
            optimizer = type(optimizer).from_config({**optimizer.get_config(), "learning_rate": rate})
            end = keras.initializers.Constant(float(n_steps))
            rate.n_steps = optimizer.add_variable((), initializer=end, dtype="float32", name=END)
    except (ValueError, KeyError, TypeError) as error:
        names = [name.lower() for name in sorted(vars(keras.optimizers)) if _is_optimizer(name)]
        raise UsageError(f"the optimizer must be one of {', '.join(names)}, not {config.optimizer!r}") from error
    optimizer.exclude_from_weight_decay(var_names=["norm", "bias"])
    # Keras would put the averages in the place of the weights at the end of each `fit`, that is of each interval.
    optimizer.finalize_variable_values = lambda variables: None
    return optimizer


def move_end(optimizer: Any, n_steps: int) -> None:
    """Let the rate of ``optimizer`` fall over ``n_steps`` in all, from the next step on; a constant one stays."""
    for variable in optimizer.variables:
        if variable.name == END:
            variable.assign(float(n_steps))


def _is_optimizer(name: str) -> bool:
    """Whether Keras makes an optimizer of ``name`` alone; a base class or a wrapper of others it does not."""
    try:
        return isinstance(keras.optimizers.get({"class_name": name.lower(), "config": {}}), keras.optimizers.Optimizer)
    except (ValueError, KeyError, TypeError):
        return False
