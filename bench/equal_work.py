"""That a faster epoch is the same epoch: stock Keras on our batches, in our order, from our first weights.

    python -m bench.equal_work --data spa.txt

The peer is the article's model with Masking, fed with `Batch.one_hot`. Both losses, a mean over the target tokens of an
epoch and one over the validation pairs after it, must agree to 1e-3. Nothing is timed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from dragoman.batches import Arrays, Batch
from dragoman.engine import Weights
from dragoman.models import char_lstm, keras

from .peers.keras_article import build
from .sides.training import Task, first_epoch, fit_task, make_task

TOLERANCE = 1e-3
PARTS = ("kernel", "recurrent_kernel", "bias")


class Losses(NamedTuple):
    """Means over target tokens: of the epoch, and of the validation pairs after it."""

    train: float
    dev: float


def stock_losses(task: Task, weights: Weights) -> Losses:
    """Return the losses of stock Keras after one epoch of the task's batches, from ``weights``."""
    columns = task.model.src_vocabulary.n_columns, task.model.trg_vocabulary.n_columns
    config = task.model.config
    model = build(*columns, units=config.units, layers=config.layers, masking=True).training
    give(model, weights, config.layers)
    loss = keras.losses.CategoricalCrossentropy(reduction="mean_with_sample_weight")
    model.compile(optimizer="rmsprop", loss=loss)
    train = _mean_loss(model, model.train_on_batch, task, first_epoch(task))
    return Losses(train, _mean_loss(model, model.test_on_batch, task, task.dev.epoch(0, shuffle=False)))


def give(model: Any, weights: Weights, layers: int) -> None:
    """Give the peer's ``model`` the named ``weights`` of ours."""
    for side in ("encoder", "decoder"):
        for layer in range(layers):
            arrays = [weights[f"{side}.{layer}.{part}"] for part in PARTS]
            model.get_layer(f"{side}_{layer + 1}").set_weights(arrays)
    model.get_layer("output").set_weights([weights["output.kernel"], weights["output.bias"]])


def _mean_loss(model: Any, call: Any, task: Task, batches: Iterator[Batch]) -> float:
    total, n_tokens = 0.0, 0
    for batch in batches:
        arrays: Arrays = batch.one_hot(task.model.src_vocabulary, task.model.trg_vocabulary)
        model.reset_metrics()  # else Keras returns the mean of all batches so far
        inputs = [arrays.encoder_input_data, arrays.decoder_input_data]
        result = call(inputs, arrays.decoder_target_data, sample_weight=batch.trg_weights, return_dict=True)
        total += float(result["loss"]) * batch.n_tokens
        n_tokens += batch.n_tokens
    return total / n_tokens


def our_losses(task: Task) -> Losses:
    """Return the losses that Dragoman's own training tells after one epoch."""
    (epoch,) = fit_task(task, 1, lambda event: None)
    return Losses(epoch.loss, epoch.dev_loss)


def main() -> None:
    """Compare the losses; exit with 1 if they differ."""
    options = argparse.ArgumentParser(prog="python -m bench.equal_work", description="Do both sides do equal work?")
    options.add_argument("--data", required=True)
    options.add_argument("--pairs", type=int, default=10000)
    options.add_argument("--units", type=int, default=256)
    options.add_argument("--layers", type=int, default=1)
    args = options.parse_args()
    task = make_task(args.data, args.pairs, units=args.units, layers=args.layers)
    stock, ours = stock_losses(task, char_lstm.to_engine(task.model)), our_losses(task)
    differences = [abs(a - b) for a, b in zip(stock, ours, strict=True)]
    for name, a, b, difference in zip(Losses._fields, stock, ours, differences, strict=True):
        print(f"{name} loss after one epoch: stock Keras {a:.6f}, Dragoman {b:.6f}, difference {difference:.1e}")
    sys.exit(max(differences) > TOLERANCE)


if __name__ == "__main__":
    main()
