"""``dragoman train``: pairs in, a bundle out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..config import CharLSTMConfig, TrainConfig, TransformerConfig
from ..errors import Interrupted, UsageError
from .events import JsonLines
from .options import BEGAN, ColumnsOption, EventsOption, PairsArgument, ReverseOption, split_columns

if TYPE_CHECKING:
    from ..bundle import Bundle

CHOICES = ("size", *(f.name for kind in (TrainConfig, TransformerConfig, CharLSTMConfig) for f in fields(kind)))
"""The options that `dragoman.recipe` would choose."""


def _option(name: str, text: str) -> Any:
    """An option that is left to the recipe unless it is given."""
    return typer.Option(name, help=text, show_default=False)


def train(
    pairs: PairsArgument,
    out: Annotated[Path, typer.Option("--out", help="The folder to write the bundle to.", show_default=False)],
    model: Annotated[
        str | None, _option("--model", "transformer (default), or char-lstm: the article's characters and LSTM.")
    ] = None,
    size: Annotated[
        str | None,
        _option("--size", "Transformer: tiny, small or base; by default it follows from corpus and minutes."),
    ] = None,
    src: Annotated[str | None, _option("--src", "Language of the first column, e.g. en.")] = None,
    trg: Annotated[str | None, _option("--trg", "Language of the second column, e.g. es.")] = None,
    columns: ColumnsOption = None,
    aim: Annotated[
        list[str] | None,
        _option(
            "--for", "Of several sources, the one that it is for (several times: all of them); by default your own."
        ),
    ] = None,
    weight: Annotated[
        list[str] | None,
        _option("--weight", "SOURCE=N: how often its pairs are seen in a pass; by default the recipe chooses."),
    ] = None,
    with_: Annotated[
        list[str] | None, _option("--with", "free: train on what is free for these languages too, beside your own.")
    ] = None,
    keep_all: Annotated[bool, typer.Option("--keep-all", help="Train on pairs that look damaged too.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse pairs in other languages, or with much damage.")
    ] = False,
    reverse: ReverseOption = False,
    both: Annotated[bool, typer.Option("--both", help="One model that translates in both directions.")] = False,
    base: Annotated[
        Path | None, _option("--from", "Train the model of this bundle further, on these pairs and its own.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Take only the first N pairs.")] = None,
    minutes: Annotated[
        float | None, _option("--minutes", "Minutes until the bundle is there, start and scores included.")
    ] = None,
    epochs: Annotated[int | None, _option("--epochs", "Passes over the training pairs, at most.")] = None,
    steps: Annotated[int | None, _option("--steps", "Batches, at most.")] = None,
    seed: Annotated[int | None, _option("--seed", "Fixes the split, the first weights and the order.")] = None,
    dropout: Annotated[float | None, _option("--dropout", "Share of outputs dropped in training.")] = None,
    vocabulary_size: Annotated[
        int | None, _option("--vocabulary-size", "Transformer: subwords; by default it follows from the corpus.")
    ] = None,
    joint: Annotated[
        bool | None, _option("--joint/--no-joint", "Transformer: one vocabulary for both sides, or one a side.")
    ] = None,
    subwords: Annotated[str | None, _option("--subwords", "Transformer: unigram or bpe.")] = None,
    width: Annotated[int | None, _option("--width", "Transformer: width of each layer.")] = None,
    heads: Annotated[int | None, _option("--heads", "Transformer: heads of attention.")] = None,
    feed_forward: Annotated[
        int | None, _option("--feed-forward", "Transformer: inner width of the feed-forward network.")
    ] = None,
    encoder_layers: Annotated[int | None, _option("--encoder-layers", "Transformer: layers of the encoder.")] = None,
    decoder_layers: Annotated[int | None, _option("--decoder-layers", "Transformer: layers of the decoder.")] = None,
    norm: Annotated[str | None, _option("--norm", "Transformer: rms or layer.")] = None,
    gated: Annotated[bool | None, _option("--gated/--not-gated", "Transformer: a gated feed-forward network.")] = None,
    positions: Annotated[str | None, _option("--positions", "Transformer: rotary or sinusoidal.")] = None,
    query_key_norm: Annotated[
        bool | None, _option("--query-key-norm/--no-query-key-norm", "Transformer: normalise queries and keys.")
    ] = None,
    cell: Annotated[str | None, _option("--cell", "LSTM: lstm or gru.")] = None,
    units: Annotated[int | None, _option("--units", "LSTM: width of each layer.")] = None,
    layers: Annotated[int | None, _option("--layers", "LSTM: layers of encoder and decoder.")] = None,
    masking: Annotated[
        bool | None,
        _option("--masking/--no-masking", "LSTM: pass over padding; without, the article unchanged."),
    ] = None,
    batch_size: Annotated[int | None, _option("--batch-size", "LSTM: pairs a step.")] = None,
    batch_tokens: Annotated[int | None, _option("--batch-tokens", "Transformer: target tokens a step.")] = None,
    accumulation: Annotated[int | None, _option("--accumulation", "Steps whose gradients make one update.")] = None,
    optimizer: Annotated[str | None, _option("--optimizer", "Any Keras optimizer, e.g. adamw or muon.")] = None,
    learning_rate: Annotated[float | None, _option("--learning-rate", "Its highest learning rate.")] = None,
    warmup: Annotated[float | None, _option("--warmup", "Share of the steps in which the rate rises.")] = None,
    schedule: Annotated[
        str | None, _option("--schedule", "constant, linear, cosine (these fall to zero) or inverse-sqrt.")
    ] = None,
    weight_decay: Annotated[float | None, _option("--weight-decay", "The optimizer's weight decay.")] = None,
    clip: Annotated[float | None, _option("--clip", "The largest norm of all gradients together.")] = None,
    averaging: Annotated[
        float | None, _option("--averaging", "Momentum of an average of the weights, e.g. 0.999.")
    ] = None,
    label_smoothing: Annotated[float | None, _option("--label-smoothing", "Share of it in the targets.")] = None,
    sampled_softmax: Annotated[
        int | None, _option("--sampled-softmax", "Tokens of the target that a step's softmax goes over.")
    ] = None,
    subword_sampling: Annotated[
        bool | None, _option("--subword-sampling/--no-subword-sampling", "Other segmentations in each epoch.")
    ] = None,
    aligned_embeddings: Annotated[
        bool | None,
        _option("--aligned-embeddings/--no-aligned-embeddings", "Begin with translations of each other side by side."),
    ] = None,
    further_pairs: Annotated[
        bool | None,
        _option("--further-pairs/--no-further-pairs", "Train on single words and invented names too."),
    ] = None,
    precision: Annotated[
        str | None, _option("--precision", "Of the products in training: float32 or bfloat16.")
    ] = None,
    early_stopping: Annotated[
        str | None, _option("--early-stopping", "The dev score that says which weights are best: loss or chrf.")
    ] = None,
    patience: Annotated[
        int | None, _option("--patience", "Validations without a better dev score before training stops.")
    ] = None,
    dev: Annotated[float | None, _option("--dev", "Share of the pairs for the dev part; 0.02 if not given.")] = None,
    test: Annotated[float | None, _option("--test", "Share of the pairs for the test part; 0.02 too.")] = None,
    without_data: Annotated[
        bool, typer.Option("--without-data", help="Leave the training pairs out of the bundle.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the bundle at --out.")] = False,
    checkpoint_seconds: Annotated[
        float, typer.Option("--checkpoint-seconds", min=0, max=10**9, help="Time between two checkpoints.")
    ] = 60.0,
    tensorboard: Annotated[Path | None, _option("--tensorboard", "A folder for TensorBoard; needs TensorFlow.")] = None,
    as_json: EventsOption = False,
) -> None:
    """Train a translator from sentence pairs and write it as a bundle.

    Ctrl-C stops after the current step and keeps what was learned, in a bundle marked unfinished. After that,
    and after a kill or a power cut, the same command goes on where it was.
    """
    given = {name: value for name, value in locals().items() if value is not None}
    choices = {name: given[name] for name in CHOICES if name in given}
    with JsonLines() if as_json else nullcontext() as lines:
        if str(out) in pairs:
            raise UsageError(f"--out must not be the file of pairs: {out}")
        fitted = fit_with_view(
            [*pairs, *_free(with_, src, trg)],
            out,
            view=lines,
            columns=split_columns(columns),
            aim=aim or (),
            weights=dict(_weight(one) for one in weight or ()),
            keep_all=keep_all,
            strict=strict,
            src=src,
            trg=trg,
            reverse=reverse,
            both=both,
            limit=limit,
            base=base,
            choices=choices if model is None else {"name": model, **choices},
            with_data=not without_data,
            overwrite=overwrite,
            checkpoint_seconds=checkpoint_seconds,
            tensorboard=tensorboard,
        )
        if lines is None:
            typer.echo(out)
        refuse_unfinished(fitted)
    typer.echo(f'dragoman: try: dragoman translate {out} "..."', err=True)


def _free(names: list[str] | None, src: str | None, trg: str | None) -> list[str]:
    """The names of the corpora that are free for a pair of languages, where they are asked for."""
    if not names:
        return []
    if names != ["free"]:
        raise UsageError(f"--with takes free, not {', '.join(names)}; a corpus is named like a file: opus:QED")
    if src is None or trg is None:
        raise UsageError("--with free needs both languages: --src and --trg")
    from ..corpus.catalogue.finding import free_corpora

    return free_corpora(src, trg)


def _weight(text: str) -> tuple[str, float]:
    name, _, number = text.rpartition("=")
    try:
        return name, float(number)
    except ValueError:
        raise UsageError(f"a weight is given as SOURCE=NUMBER, such as memory.tmx=3, not {text!r}") from None


def fit_with_view(pairs: str | Sequence[str], out: Path, *, view: JsonLines | None = None, **choices: Any) -> Bundle:
    """Call `training.train` with ``choices``, telling its events to ``view``, or drawing them on standard error; Ctrl-C
    ends it early and keeps the bundle.
    """
    # Keras and its backend take seconds to import, and bad options are refused before that.
    from ..fitting.interrupt import StopOnInterrupt
    from ..training import train as run
    from .training_view import TrainingView

    with StopOnInterrupt() as interrupt, nullcontext(view) if view else TrainingView() as listener:
        translator = run(pairs, out, listener=listener, stop=lambda: interrupt.stopped, began=BEGAN, **choices)
    assert translator.bundle is not None
    return translator.bundle


def refuse_unfinished(bundle: Bundle) -> None:
    """End as after Ctrl-C where a training was stopped, and say how to go on."""
    if not bundle.finished:
        raise Interrupted(
            f"stopped at step {bundle.history[-1]['step']:,}; {bundle.path} works and is marked unfinished; "
            "the same command goes on from there"
        )
