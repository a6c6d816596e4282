"""Teacher forcing with Keras's own ``fit``: from `Batches` of ids to a fitted model, with its best weights kept."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from ..batches import Batches
from ..config import TrainConfig
from ..errors import UsageError
from ..models import keras  # not `import keras`: the backend is chosen there
from ..models.char_lstm import CharLSTM
from .events import EpochEnded, Progress

SECONDS_BETWEEN_EVENTS = 0.2

Listener = Callable[[Progress | EpochEnded], None]


def compile_model(model: CharLSTM, config: TrainConfig, n_steps: int) -> None:
    """Compile ``model.training_model`` with the optimizer of ``config`` for ``n_steps`` steps in all.

    With masking the loss is a mean over real target tokens. Without it is the article's own: categorical
    cross-entropy, a mean over all rows, padding included.
    """
    model.training_model.compile(
        optimizer=make_optimizer(config, n_steps),
        loss=keras.losses.CategoricalCrossentropy(reduction="mean_with_sample_weight"),
        # Keras averages the loss over batches; these two are means over tokens, whatever the size of a batch.
        weighted_metrics=[
            keras.metrics.CategoricalCrossentropy(name="token_loss"),
            keras.metrics.CategoricalAccuracy(name="token_accuracy"),
        ],
    )


def make_optimizer(config: TrainConfig, n_steps: int) -> Any:
    """Return the Keras optimizer that ``config`` names; a `UsageError` that lists all names if there is none."""
    rate = {} if config.learning_rate is None else {"learning_rate": config.learning_rate}
    try:
        optimizer = keras.optimizers.get({"class_name": config.optimizer, "config": rate})
        if config.schedule == "linear":
            highest = float(optimizer.learning_rate)
            falling = keras.optimizers.schedules.PolynomialDecay(highest, n_steps, end_learning_rate=0.0)
            optimizer = type(optimizer).from_config({**optimizer.get_config(), "learning_rate": falling})
        return optimizer
    except (ValueError, KeyError, TypeError) as error:
        names = [name.lower() for name in sorted(vars(keras.optimizers)) if _is_optimizer(name)]
        raise UsageError(f"the optimizer must be one of {', '.join(names)}, not {config.optimizer!r}") from error


def _is_optimizer(name: str) -> bool:
    """Whether Keras makes an optimizer of ``name`` alone; a base class or a wrapper of others it does not."""
    try:
        return isinstance(keras.optimizers.get({"class_name": name.lower(), "config": {}}), keras.optimizers.Optimizer)
    except (ValueError, KeyError, TypeError):
        return False


class BatchArrays(keras.utils.PyDataset):  # type: ignore[misc]
    """`Batches` as Keras reads them: one-hot for one batch at a time, in a new order each epoch."""

    def __init__(self, batches: Batches, model: CharLSTM, *, shuffle: bool) -> None:
        super().__init__()
        self.batches, self.model, self.shuffle = batches, model, shuffle
        self.epoch = 0
        self.planned = batches.plan(0, shuffle=shuffle)

    def __len__(self) -> int:
        return len(self.planned)

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        batch = self.batches.batch(*self.planned[index])
        arrays = batch.one_hot(self.model.src_vocabulary, self.model.trg_vocabulary)
        inputs = (arrays.encoder_input_data, arrays.decoder_input_data)
        weights = batch.trg_weights
        if not self.batches.masking:
            weights = np.ones_like(weights)  # all rows count alike, as in the article
        # A Keras metric weighs a row by the mean of its weights, so a token in a wide batch would count for less.
        return inputs, arrays.decoder_target_data, weights * np.float32(weights.shape[1])

    def on_epoch_end(self) -> None:
        """Plan the next epoch; Keras calls this."""
        self.epoch += 1
        self.planned = self.batches.plan(self.epoch, shuffle=self.shuffle)


def fit(
    model: CharLSTM,
    train: Batches,
    dev: Batches,
    config: TrainConfig,
    *,
    listener: Listener,
    stop: Callable[[], bool] = lambda: False,
) -> list[EpochEnded]:
    """Fit ``model`` to ``train`` and return its history; it then has the weights of the epoch with the lowest
    dev loss.

    After each step ``stop()`` is asked; when it says True the epoch is cut there, validated, and ends the
    fit.
    """
    compile_model(model, config, n_steps=len(train) * config.epochs)
    watcher = _Watcher(train, config, listener, stop)
    best = keras.callbacks.EarlyStopping(
        "val_token_loss", patience=config.patience, mode="min", restore_best_weights=True
    )
    model.training_model.fit(
        BatchArrays(train, model, shuffle=True),
        validation_data=BatchArrays(dev, model, shuffle=False),
        epochs=config.epochs,
        callbacks=[watcher, best, keras.callbacks.TerminateOnNaN()],
        shuffle=False,
        verbose=0,
    )
    if not any(np.isfinite(ended.dev_loss) for ended in watcher.history):
        raise UsageError(
            f"training diverged: the loss is not a number after {len(watcher.history)} epochs; lower the learning rate"
        )
    return watcher.history


class _Watcher(keras.callbacks.Callback):  # type: ignore[misc]
    """Turns Keras's callbacks into events, and ``stop()`` into the end of the fit."""

    def __init__(self, train: Batches, config: TrainConfig, listener: Listener, stop: Callable[[], bool]) -> None:
        super().__init__()
        self.n_steps = len(train)
        self.pairs_per_step = len(train.encoded) / self.n_steps
        self.n_epochs = config.epochs
        self.listener, self.stop = listener, stop
        self.history: list[EpochEnded] = []
        self.best = float("inf")
        self.step = 0
        self.stopped = False

    def on_train_begin(self, logs: Any = None) -> None:
        # The first step compiles; speed is measured from the second.
        self.steps_done, self.first_step_ended = 0, 0.0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.epoch, self.step, self.epoch_began = epoch + 1, 0, perf_counter()
        self.told = self.epoch_began

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        now = perf_counter()
        self.step += 1
        self.steps_done += 1
        if self.steps_done == 1:
            self.first_step_ended = now
        if self.stop():
            self.stopped = self.model.stop_training = True
        if now - self.told >= SECONDS_BETWEEN_EVENTS or self.step == self.n_steps:
            self.told = now
            self.listener(self._progress(now, logs))

    def _progress(self, now: float, logs: Any) -> Progress:
        seconds_per_step = (now - self.first_step_ended) / max(1, self.steps_done - 1)
        left = (self.n_epochs - self.epoch + 1) * self.n_steps - self.step
        return Progress(
            epoch=self.epoch,
            n_epochs=self.n_epochs,
            step=self.step,
            n_steps=self.n_steps,
            loss=float(logs["token_loss"]),
            accuracy=float(logs["token_accuracy"]),
            pairs_per_second=self.pairs_per_step / seconds_per_step if seconds_per_step else 0.0,
            seconds_left=left * seconds_per_step,
        )

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        dev_loss = float(logs["val_token_loss"])
        ended = EpochEnded(
            epoch=self.epoch,
            n_epochs=self.n_epochs,
            loss=float(logs["token_loss"]),
            accuracy=float(logs["token_accuracy"]),
            dev_loss=dev_loss,
            dev_accuracy=float(logs["val_token_accuracy"]),
            seconds=perf_counter() - self.epoch_began,
            best=dev_loss < self.best,
            complete=self.step == self.n_steps,
        )
        self.best = min(self.best, dev_loss)
        self.history.append(ended)
        self.listener(ended)
