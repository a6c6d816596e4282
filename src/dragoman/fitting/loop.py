"""Teacher forcing with Keras's own ``fit``, one call for each interval of steps: from `Batches` to a fitted model.

Between two intervals the whole state of a training is in plain sight: the model's variables, the best weights so far
and a `Standing`. There a checkpoint is taken, and there a run that was cut off goes on. What a step does is a function
of the seed, the step and the steps planned by then, so it goes on as if nothing had happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock
from time import perf_counter
from typing import Any, NamedTuple, Protocol

import numpy as np

from ..batches import Fitted
from ..config import TrainConfig
from ..engine import Weights
from ..errors import UsageError
from ..models import keras  # not `import keras`: the backend is chosen there
from .allocation import keep_freed_memory
from .events import Progress, Validated
from .objective import averaged
from .optimizer import move_end

SECONDS_BETWEEN_EVENTS = 0.2
INTERVAL = 50
"""Steps of one call of ``fit`` at most: a kill costs no more of them than were done since the last checkpoint."""
MAX_STEPS_UNVALIDATED = 2000
"""An epoch longer than this is validated on its way."""

Listener = Callable[[Progress | Validated], None]


class DevScores(NamedTuple):
    """BLEU and chrF of the dev sentences that a validation translates."""

    bleu: float
    chrf: float


class Data(Protocol):
    """The batches of a training part or of a dev part, as a model is fitted to them."""

    def __len__(self) -> int:
        """Return the number of batches of an epoch."""
        ...

    @property
    def padding(self) -> float:
        """The share of padding among the tokens of an epoch."""
        ...

    def fitted_at(self, step: int) -> Fitted:
        """Return inputs, targets and weights of ``step``, counted from 0 over all epochs: the same each time."""
        ...

    def fitted_in_order(self, index: int) -> Fitted:
        """Return those of the batch at ``index`` of an epoch that is not shuffled."""
        ...

    def examples(self) -> Iterator[tuple[int, Fitted]]:
        """Yield for each shape the number of batches of an epoch that have it, and one of them."""
        ...


class Steps(keras.utils.PyDataset):  # type: ignore[misc]
    """Batches by number, from 0, as Keras reads them; ``about_to`` is called once before each is made."""

    def __init__(
        self,
        get: Callable[[int], Fitted],
        n_batches: int,
        *,
        about_to: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()
        self.get, self.n_batches, self.about_to = get, n_batches, about_to
        self.n_begun = 0

    def __len__(self) -> int:
        return self.n_batches

    def __getitem__(self, index: int) -> Fitted:
        if index == self.n_begun:  # Keras may look at the first ones before it begins
            self.n_begun += 1
            self.about_to()
        return self.get(index)

    def for_keras(self) -> Any:
        """Return what ``fit`` and ``evaluate`` are given."""
        if keras.backend.backend() != "tensorflow":
            return self
        import tensorflow as tf

        # Keras would take the shape of the first two batches for that of all.
        ids, weights = (tf.TensorSpec((None, None), dtype) for dtype in ("int32", "float32"))
        n_inputs = len(self.get(0)[0])
        data = tf.data.Dataset.from_generator(
            lambda: (self[index] for index in range(len(self))), output_signature=((ids,) * n_inputs, ids, weights)
        )
        return data.apply(tf.data.experimental.assert_cardinality(len(self)))


@dataclass
class Sums:
    """Sums over target tokens."""

    losses: float = 0.0
    hits: float = 0.0
    tokens: float = 0.0

    def add(self, logs: dict[str, Any]) -> None:
        """Add what Keras reports of some steps."""
        self.losses += float(logs["token_losses"])
        self.hits += float(logs["token_hits"])
        self.tokens += float(logs["tokens"])

    @property
    def means(self) -> tuple[float, float]:
        """Loss and accuracy."""
        n_tokens = max(self.tokens, 1.0)
        return self.losses / n_tokens, self.hits / n_tokens


@dataclass
class Standing:
    """How far a training has come: steps done, sums and seconds since the last validation, and all validations.
    ``n_steps`` are those that it shall have in all, where that was planned again on the way.
    """

    step: int = 0
    sums: Sums = field(default_factory=Sums)
    seconds: float = 0.0
    history: list[Validated] = field(default_factory=list)
    n_steps: int | None = None

    @property
    def best(self) -> int | None:
        """The place in ``history`` of the last validation that was the best so far."""
        return max((place for place, validated in enumerate(self.history) if validated.best), default=None)

    def has_lost_patience(self, patience: int) -> bool:
        """Whether the last ``patience`` validations were no better than one before."""
        return self.best is not None and len(self.history) - 1 - self.best >= patience


@dataclass
class _Pace:
    """How fast the last steps went."""

    steps: float = 0.0
    tokens: float = 0.0
    seconds: float = 0.0

    def add(self, steps: int, tokens: float, seconds: float) -> None:
        """Count some steps; older ones fade with a half-life of half a minute."""
        fading = 0.5 ** (seconds / 30)
        self.steps = self.steps * fading + steps
        self.tokens = self.tokens * fading + tokens
        self.seconds = self.seconds * fading + seconds


class Keeper(Protocol):
    """Where the state of a training is kept in case that the process is killed."""

    def restore(self, model: Any) -> tuple[Standing, Weights | None]:
        """Give ``model`` the variables kept last; return where it stood, and the best weights by then."""

    def keep(self, model: Any, standing: Standing, best: Weights | None, *, now: bool = False) -> None:
        """Keep the state if the time for it has come, or ``now``."""


@dataclass
class Fitting:
    """A model under training: ``model`` is compiled for it.

    ``to_engine()`` hands out its weights, ``score(weights, validation's step)`` scores translations of dev sentences.
    ``stop()`` is asked once a step; when it says True, that step is the last: the training is cut there, validated, and
    ends. ``replan(n, seconds, step, n_steps)`` is told of each interval of ``n`` steps, up to ``step``, what it took,
    and returns the steps that there shall be in all instead of ``n_steps``.
    """

    model: Any
    train: Data
    dev: Data
    config: TrainConfig
    to_engine: Callable[[], Weights]
    score: Callable[[Weights, int], DevScores]
    listener: Listener
    stop: Callable[[], bool] = lambda: False
    replan: Callable[[int, float, int, int], int] = lambda n, seconds, step, n_steps: n_steps
    pace: _Pace = field(default_factory=_Pace)

    def run(self, n_steps: int, keeper: Keeper) -> tuple[list[Validated], Weights]:
        """Fit up to ``n_steps`` steps, or until patience is lost; return the history and the weights of the best
        validation.

        A loss that is not a number is a `UsageError`.
        """
        keep_freed_memory()
        standing, best = keeper.restore(self.model)
        n_steps = standing.n_steps or n_steps
        while standing.step < n_steps and not standing.has_lost_patience(self.config.patience):
            before = standing.step, standing.seconds
            stopped = self._interval(standing, self.end(standing.step, n_steps), n_steps)
            if not stopped:
                n_done, seconds = standing.step - before[0], standing.seconds - before[1]
                n_steps = self._replanned(standing, n_steps, n_done, seconds)
            if stopped or self._is_validated_at(standing.step, n_steps):
                if stopped:
                    keeper.keep(self.model, standing, best, now=True)
                weights = self._validate(standing, complete=not stopped)
                if standing.history[-1].best:
                    best = weights
                if stopped:
                    break
            keeper.keep(self.model, standing, best)
        assert best is not None
        return standing.history, best

    def _replanned(self, standing: Standing, n_steps: int, n_done: int, seconds: float) -> int:
        planned = max(standing.step, self.replan(n_done, seconds, standing.step, n_steps))
        if planned != n_steps:
            standing.n_steps = planned
            move_end(self.model.optimizer, planned)
        return planned

    def _is_validated_at(self, step: int, n_steps: int) -> bool:
        return step == n_steps or step % validation_cycle(self.train) == 0

    def end(self, step: int, n_steps: int) -> int:
        """Return the step at which the interval after ``step`` ends."""
        cycle = validation_cycle(self.train)
        return min(n_steps, step + INTERVAL, (step // cycle + 1) * cycle)

    def _interval(self, standing: Standing, end: int, n_steps: int) -> bool:
        """Fit the steps up to ``end`` and say whether the user stopped on the way."""
        began, first, stopped = perf_counter(), standing.step, False

        def ask() -> None:
            nonlocal stopped
            stopped = self.stop()
            if stopped:  # Keras ends behind the step that is about to begin
                self.model.stop_training = True

        steps = Steps(lambda i: self.train.fitted_at(first + i), end - first, about_to=ask)
        watcher = _Watcher(self, standing, n_steps)
        logs = self.model.fit(steps.for_keras(), callbacks=[watcher], shuffle=False, verbose=0).history
        standing.step += watcher.n_done
        standing.sums.add({name: values[-1] for name, values in logs.items()})
        standing.seconds += perf_counter() - began
        if not np.isfinite(standing.sums.losses):
            raise UsageError(
                f"training diverged: the loss is not a number before step {standing.step}; "
                "lower --learning-rate, and pass --overwrite to begin anew"
            )
        return stopped

    def _validate(self, standing: Standing, *, complete: bool) -> Weights:
        """Add a validation to the history, and return the weights that it was of."""
        began = perf_counter()
        with averaged(self.model):
            dev, weights = dev_sums(self.model, self.dev), self.to_engine()
        scores = self.score(weights, standing.step)
        loss, accuracy = standing.sums.means
        validated = Validated(
            epoch=round(standing.step / len(self.train), 3),
            step=standing.step,
            loss=loss,
            accuracy=accuracy,
            dev_loss=dev.means[0],
            dev_accuracy=dev.means[1],
            dev_bleu=scores.bleu,
            dev_chrf=scores.chrf,
            seconds=round(standing.seconds + perf_counter() - began, 3),
            best=True,
            complete=complete,
        )
        if standing.best is not None and not self._is_better(validated, standing.history[standing.best]):
            validated = validated._replace(best=False)
        standing.history.append(validated)
        standing.sums, standing.seconds = Sums(), 0.0
        self.listener(validated)
        return weights

    def _is_better(self, one: Validated, other: Validated) -> bool:
        if self.config.early_stopping == "chrf" and one.dev_chrf != other.dev_chrf:
            return one.dev_chrf > other.dev_chrf
        return one.dev_loss < other.dev_loss


def validation_cycle(train: Data) -> int:
    """Return the number of steps between two validations."""
    return min(len(train), MAX_STEPS_UNVALIDATED)


def dev_sums(model: Any, dev: Data) -> Sums:
    """Return the sums over the whole dev part."""
    sums = Sums()
    sums.add(model.evaluate(Steps(dev.fitted_in_order, len(dev)).for_keras(), verbose=0, return_dict=True))
    return sums


class _Watcher(keras.callbacks.Callback):  # type: ignore[misc]
    """Turns the steps of one interval into `Progress`."""

    async_safe = True
    """Keras calls it from threads of its own, and the next steps run on while it waits for the results of one."""

    def __init__(self, fitting: Fitting, standing: Standing, n_steps: int) -> None:
        super().__init__()
        self.fitting, self.standing, self.n_steps = fitting, standing, n_steps
        self.n_done = self.n_told = 0
        self.n_told_tokens = 0.0
        self.lock = Lock()

    def on_train_begin(self, logs: Any = None) -> None:
        self.told = perf_counter()
        self.n_in_all = self.fitting.end(self.standing.step, self.n_steps) - self.standing.step

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        n = batch + 1  # threads may come in another order than the steps that they tell of
        with self.lock:
            self.n_done += 1
            is_edge = n in (1, self.n_in_all)
            if n > self.n_told and (is_edge or perf_counter() - self.told >= SECONDS_BETWEEN_EVENTS):
                self._tell(n, logs)

    def _tell(self, n: int, logs: Any) -> None:
        """Tell of the first ``n`` steps of the interval."""
        sums = Sums(**vars(self.standing.sums))
        sums.add(logs)
        n_tokens, now, pace = float(logs["tokens"]), perf_counter(), self.fitting.pace
        if n > 1:  # the first step of an interval may be compiled, and starts up Keras's fit
            pace.add(n - self.n_told, n_tokens - self.n_told_tokens, now - self.told)
        self.told, self.n_told, self.n_told_tokens = now, n, n_tokens
        step = self.standing.step + n
        loss, accuracy = sums.means
        self.fitting.listener(
            Progress(
                step=step,
                n_steps=self.n_steps,
                n_steps_per_epoch=len(self.fitting.train),
                loss=loss,
                accuracy=accuracy,
                tokens_per_second=pace.tokens / pace.seconds if pace.seconds else 0.0,
                seconds_left=(self.n_steps - step) * pace.seconds / pace.steps if pace.steps else 0.0,
            )
        )
