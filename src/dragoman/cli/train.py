"""``dragoman train``: pairs in, a bundle out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..config import CharLSTMConfig, TrainConfig
from ..errors import Interrupted, UsageError
from .options import BEGAN, PairsArgument, ReverseOption, one_or_two

if TYPE_CHECKING:
    from ..bundle import Bundle

_MODEL, _TRAIN = CharLSTMConfig(), TrainConfig()


def train(
    pairs: PairsArgument,
    out: Annotated[Path, typer.Option("--out", help="The folder to write the bundle to.", show_default=False)],
    model: Annotated[str, typer.Option("--model", help="The architecture.")] = _MODEL.name,
    src: Annotated[str | None, typer.Option("--src", help="Language of the first column, e.g. en.")] = None,
    trg: Annotated[str | None, typer.Option("--trg", help="Language of the second column, e.g. es.")] = None,
    reverse: ReverseOption = False,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Take only the first N pairs.")] = None,
    epochs: Annotated[
        int | None,
        typer.Option("--epochs", help="Passes over the training pairs, at most; 100 if no limit is given."),
    ] = None,
    steps: Annotated[int | None, typer.Option("--steps", help="Batches, at most.")] = None,
    minutes: Annotated[
        float | None, typer.Option("--minutes", help="Minutes until the bundle is there, start and scores included.")
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", help="Fixes the split, the first weights and the order.")
    ] = _TRAIN.seed,
    cell: Annotated[str, typer.Option("--cell", help="lstm or gru.")] = _MODEL.cell,
    units: Annotated[int, typer.Option("--units", help="Width of each layer.")] = _MODEL.units,
    layers: Annotated[int, typer.Option("--layers", help="Layers of encoder and decoder.")] = _MODEL.layers,
    dropout: Annotated[float, typer.Option("--dropout", help="Share of outputs dropped in training.")] = _MODEL.dropout,
    masking: Annotated[
        bool,
        typer.Option("--masking/--no-masking", help="Pass over padding; without, the article unchanged."),
    ] = _MODEL.masking,
    batch_size: Annotated[int, typer.Option("--batch-size", help="Pairs a step.")] = _TRAIN.batch_size,
    optimizer: Annotated[str, typer.Option("--optimizer", help="Any Keras optimizer.")] = _TRAIN.optimizer,
    learning_rate: Annotated[
        float | None, typer.Option("--learning-rate", help="Step size; the optimizer's own if not given.")
    ] = _TRAIN.learning_rate,
    schedule: Annotated[
        str, typer.Option("--schedule", help="constant, or linear: the learning rate falls to zero.")
    ] = _TRAIN.schedule,
    patience: Annotated[
        int, typer.Option("--patience", help="Validations without a better dev loss before training stops.")
    ] = _TRAIN.patience,
    dev: Annotated[float, typer.Option("--dev", help="Share of the pairs for the dev part.")] = _TRAIN.dev,
    test: Annotated[float, typer.Option("--test", help="Share of the pairs for the test part.")] = _TRAIN.test,
    without_data: Annotated[
        bool, typer.Option("--without-data", help="Leave the training pairs out of the bundle.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the bundle at --out.")] = False,
    checkpoint_seconds: Annotated[
        float, typer.Option("--checkpoint-seconds", min=0, help="Time between two checkpoints.")
    ] = 60.0,
    tensorboard: Annotated[
        Path | None, typer.Option("--tensorboard", help="A folder for TensorBoard; needs TensorFlow.")
    ] = None,
) -> None:
    """Train a translator from sentence pairs and write it as a bundle.

    Ctrl-C stops after the current step and keeps what was learned, in a bundle marked unfinished. After that,
    and after a kill or a power cut, the same command goes on where it was.
    """
    model_config = CharLSTMConfig(name=model, cell=cell, units=units, layers=layers, dropout=dropout, masking=masking)
    config = TrainConfig(
        epochs=epochs,
        steps=steps,
        minutes=minutes,
        batch_size=batch_size,
        optimizer=optimizer,
        learning_rate=learning_rate,
        schedule=schedule,
        patience=patience,
        seed=seed,
        dev=dev,
        test=test,
    )
    path, trg_path = one_or_two(pairs)
    if str(out) in pairs:
        raise UsageError(f"--out must not be the file of pairs: {out}")
    fitted = fit_with_view(
        path,
        out,
        trg_pairs=trg_path,
        src=src,
        trg=trg,
        reverse=reverse,
        limit=limit,
        model=model_config,
        training=config,
        with_data=not without_data,
        overwrite=overwrite,
        checkpoint_seconds=checkpoint_seconds,
        tensorboard=tensorboard,
    )
    typer.echo(out)
    refuse_unfinished(fitted)
    typer.echo(f'dragoman: try: dragoman translate {out} "..."', err=True)


def fit_with_view(pairs: str, out: Path, **choices: Any) -> Bundle:
    """Call `training.train` with ``choices``, drawing its events on standard error; Ctrl-C ends it early and keeps the
    bundle.
    """
    # Keras and its backend take seconds to import, and bad options are refused before that.
    from ..fitting.interrupt import StopOnInterrupt
    from ..training import train as run
    from .training_view import TrainingView

    with StopOnInterrupt() as interrupt, TrainingView() as view:
        translator = run(pairs, out, listener=view, stop=lambda: interrupt.stopped, began=BEGAN, **choices)
    assert translator.bundle is not None
    return translator.bundle


def refuse_unfinished(bundle: Bundle) -> None:
    """End as after Ctrl-C where a training was stopped, and say how to go on."""
    if not bundle.finished:
        raise Interrupted(
            f"stopped at step {bundle.history[-1]['step']:,}; {bundle.path} works and is marked unfinished; "
            "the same command goes on from there"
        )
