"""Dragoman's training on the article's pairs, with clocks: the first four fifths are trained on, the rest validates.

python -m bench.sides.training --data spa.txt
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from itertools import islice
from statistics import median
from time import perf_counter
from typing import NamedTuple

from dragoman.batches import Batch, Batches
from dragoman.config import CharLSTMConfig, TrainConfig
from dragoman.corpus import open_pairs
from dragoman.encoded import EncodedPairs
from dragoman.fitting.checkpoint import Forgetful
from dragoman.fitting.events import Progress, Validated
from dragoman.fitting.loop import DevScores, Fitting
from dragoman.fitting.objective import compile_model
from dragoman.models import char_lstm, keras
from dragoman.models.char_lstm import CharLSTM
from dragoman.models.from_ids import FromIds
from dragoman.vocabulary.characters import character_vocabularies

from ..harness import say

BATCH_SIZE = 64


class Task(NamedTuple):
    """A model with its first weights, and the batches to fit it to."""

    model: CharLSTM
    train: Batches
    dev: Batches


def make_task(data: str, n_pairs: int, *, units: int, layers: int) -> Task:
    """Return the article's task: the first ``n_pairs`` of ``data``, the last fifth of them for validation."""
    pairs = list(islice(open_pairs(data), n_pairs))
    n_train = int(len(pairs) * (1 - 0.2))
    vocabularies = character_vocabularies((pair.src for pair in pairs), (pair.trg for pair in pairs))
    train, dev = (EncodedPairs.from_pairs(part, *vocabularies) for part in (pairs[:n_train], pairs[n_train:]))
    config = CharLSTMConfig(units=units, layers=layers)
    model = char_lstm.build(config, *vocabularies, max_trg_length=train.max_trg_length, seed=0)
    return Task(model, Batches(train, BATCH_SIZE), Batches(dev, BATCH_SIZE))


def fit_task(task: Task, epochs: int, listener: Callable[[Progress | Validated], None]) -> list[Validated]:
    """Fit the task's model and return its history: here alone the bench calls Dragoman's training loop.

    Dev sentences are not translated: the peer does not do it either.
    """
    config = TrainConfig(batch_size=BATCH_SIZE, optimizer="rmsprop")
    n_steps = epochs * len(task.train)
    model = FromIds(task.model)
    compile_model(model, config, n_steps)
    fitting = Fitting(
        model,
        task.train,
        task.dev,
        config,
        to_engine=lambda: char_lstm.to_engine(task.model),
        score=lambda weights, step: DevScores(0.0, 0.0),
        listener=listener,
    )
    return fitting.run(n_steps, Forgetful())[0]


def first_epoch(task: Task) -> Iterator[Batch]:
    """Yield the batches that `fit_task` trains on in its first epoch, in its order."""
    return task.train.epoch(0)


class EpochClock:
    """The seconds of each epoch's training and of its validation, from the events of a fit."""

    def __init__(self) -> None:
        self.training: list[float] = []
        self.validation: list[float] = []
        self.began = perf_counter()

    def __call__(self, event: Progress | Validated) -> None:
        """Hear one event."""
        if isinstance(event, Validated):
            self._end(self.validation)
        elif event.step % event.n_steps_per_epoch == 0:
            self._end(self.training)

    def _end(self, seconds: list[float]) -> None:
        now = perf_counter()
        seconds.append(now - self.began)
        self.began = now


def main() -> None:
    """Train and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", required=True)
    options.add_argument("--pairs", type=int, default=10000)
    options.add_argument("--units", type=int, default=256)
    options.add_argument("--layers", type=int, default=1)
    options.add_argument("--epochs", type=int, default=3, help="at least 2: the first compiles")
    args = options.parse_args()
    task = make_task(args.data, args.pairs, units=args.units, layers=args.layers)
    clock = EpochClock()
    history = fit_task(task, args.epochs, clock)
    figures = {
        "first_epoch_s": clock.training[0],
        "epoch_s": median(clock.training[1:]),
        "validation_s": median(clock.validation[1:]),
    }
    about = {
        "backend": keras.backend.backend(),
        "pairs": f"{len(task.train.encoded)} train, {len(task.dev.encoded)} dev",
        "parameters": str(task.model.training_model.count_params()),
        "loss": f"{history[-1].loss:.4f}",
    }
    say(figures, about)


if __name__ == "__main__":
    main()
