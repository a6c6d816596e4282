"""What is made small and what is counted on the way: a model that is fitted from ids, compiled for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from ..config import TrainConfig
from ..models import keras
from .optimizer import make_optimizer


class FromIds(Protocol):
    """A Keras model fitted from ids: its outputs are what the two functions below read."""

    def token_losses(self, trg_ids: Any, outputs: Any, smoothing: float = 0.0) -> Any:
        """Return the loss (B, T) of each target token; with label ``smoothing`` that of the smoothed target."""

    def token_hits(self, trg_ids: Any, outputs: Any) -> Any:
        """Return 1 (B, T) where the likeliest token is the target, else 0."""


class _TokenLoss(keras.losses.Loss):  # type: ignore[misc]
    """The mean loss of the target tokens that have a weight."""

    def __init__(self, model: FromIds, smoothing: float) -> None:
        super().__init__(name="loss", reduction="mean_with_sample_weight")
        self.token_losses, self.smoothing = model.token_losses, smoothing

    def call(self, y_true: Any, y_pred: Any) -> Any:
        return self.token_losses(keras.ops.cast(y_true, "int32"), y_pred, self.smoothing)


class _TokenSum(keras.metrics.Metric):  # type: ignore[misc]
    """A sum over target tokens. Keras's means weigh a row by the mean of its weights, which is no mean over tokens."""

    def __init__(self, name: str, values: Callable[[Any, Any], Any]) -> None:
        super().__init__(name=name)
        self.values = values
        self.total = self.add_variable((), "zeros", name="total")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any) -> None:
        values = self.values(keras.ops.cast(y_true, "int32"), y_pred)
        weights = keras.ops.convert_to_tensor(sample_weight)  # PyTorch is handed NumPy's array
        self.total.assign_add(keras.ops.sum(values * weights))

    def result(self) -> Any:
        return self.total.value


def compile_model(model: Any, config: TrainConfig, n_steps: int) -> None:
    """Compile ``model``, a `FromIds`, with the optimizer of ``config`` for ``n_steps`` steps in all."""
    model.compile(
        optimizer=make_optimizer(config, n_steps),
        loss=_TokenLoss(model, config.label_smoothing),
        weighted_metrics=[
            _TokenSum("token_losses", model.token_losses),
            _TokenSum("token_hits", model.token_hits),
            _TokenSum("tokens", lambda trg_ids, outputs: keras.ops.ones_like(trg_ids, "float32")),
        ],
    )


@contextmanager
def averaged(model: Any) -> Iterator[None]:
    """Give the model the averages of its weights, where its optimizer keeps them, and afterwards the weights back."""
    if not (model.optimizer.use_ema and model.optimizer.built):
        yield
        return
    before = _values(model)
    keras.optimizers.Optimizer.finalize_variable_values(model.optimizer, model.trainable_variables)
    # A copy: JAX would free the average's own array with that of the weight.
    _assign(model, _values(model))
    try:
        yield
    finally:
        _assign(model, before)


def _values(model: Any) -> list[Any]:
    return [keras.ops.convert_to_numpy(variable.value).copy() for variable in model.trainable_variables]


def _assign(model: Any, values: list[Any]) -> None:
    for variable, value in zip(model.trainable_variables, values, strict=True):
        variable.assign(value)
