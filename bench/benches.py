"""What is compared: the sides of each bench, and what Dragoman promises of its own."""

from __future__ import annotations

import argparse
import gzip
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from dragoman.config import PRECISIONS

from .harness import ROOT, Side, SideFailed, python
from .summary import Bench, Target

PEER = ROOT / "bench" / "peers" / "keras_article.py"
JAX, TENSORFLOW, JOEYNMT, OURS = "Keras on JAX", "Keras on TensorFlow", "JoeyNMT", "Dragoman"

EPOCH_TARGETS = {(256, 1): ((2.5, 3.5), (3.0, 4.5)), (512, 2): ((2.5, 3.0), (2.5, 3.0))}
"""By units and layers: target and stretch of an epoch against Keras on JAX, and against Keras on TensorFlow."""

Options = argparse.Namespace


def training(options: Options) -> Bench:
    """The article's training: an epoch, and the memory it takes."""
    size = f"{options.units} units, {options.layers} layer" + ("s" if options.layers > 1 else "")
    sizes = ("--units", options.units, "--layers", options.layers, "--epochs", options.epochs)
    against_jax, against_tensorflow = EPOCH_TARGETS.get((options.units, options.layers), ((None, None), (None, None)))
    targets = [
        Target(f"epoch against {JAX}", "epoch_s", OURS, JAX, *against_jax),
        Target(f"epoch against {TENSORFLOW}", "epoch_s", OURS, TENSORFLOW, *against_tensorflow),
        Target(f"first epoch, with compilation, against {JAX}", "first_epoch_s", OURS, JAX),
        Target(f"peak memory against {JAX}", "peak_mib", OURS, JAX, 2.0),
    ]
    data = ("--data", options.data, "--pairs", options.pairs)
    sides = (*_peers(*data, *sizes), Side(OURS, python("-m", "bench.sides.training", *data, *sizes), _backend("jax")))
    return Bench(f"training, {size}", sides, tuple(targets), must_agree=("pairs", "parameters"))


def decoding(options: Options) -> Bench:
    """Dev sentences with the same weights: many at once and one alone, against one ``predict`` for each character."""
    bundle, models, sentences = _decoding_inputs(options)
    targets = (
        Target(f"sentences a second against {JAX}", "sentences_per_s", OURS, JAX, 1500.0, 5000.0),
        Target(f"sentences a second against {TENSORFLOW}", "sentences_per_s", OURS, TENSORFLOW, 1500.0, 5000.0),
        Target("one sentence, warm", "sentence_ms", OURS, None, 5.0),
    )
    read = ("--sentences", sentences, "--decode", options.decode)
    ours = Side(OURS, python("-m", "bench.sides.decoding", "--bundle", bundle, *read))
    return Bench("decoding", (*_peers("--models", models, *read), ours), targets, must_agree=("translations",))


def start(options: Options) -> Bench:
    """What a user waits for before anything happens. The first round fills the caches and is not counted."""
    translate, helped, train = "dragoman translate", "dragoman --help", "dragoman train"
    sides = (
        Side(translate, python("-m", "dragoman", "translate", _bundle(options), "Go."), speaks=False),
        Side(helped, python("-m", "dragoman", "--help"), speaks=False),
        Side(train, python("-m", "bench.sides.first_step", "--data", options.data, "--pairs", options.pairs)),
    )
    targets = (
        Target("one sentence, cold process from command to text", "process_s", translate, None, 0.4),
        Target(helped, "process_s", helped, None, 0.25),
        Target("from dragoman train to the first step, second run", "first_step_s", train, None, 5.0, 3.0),
    )
    return Bench("start", sides, targets, warm_up=1)


def memory(options: Options) -> Bench:
    """The peak memory of ``dragoman train`` for one epoch, on the first pairs and on the whole file."""
    few, all_pairs = f"{options.pairs} pairs", "all pairs"
    sides = (
        _training_command(options, few, "--limit", options.pairs),
        _training_command(options, all_pairs),
    )
    return Bench("memory", sides, (Target(f"peak memory, {all_pairs}", "peak_mib", all_pairs, None, 1024.0),))


def translating(options: Options) -> Bench:
    """What a bundle does for its users: many sentences, one, a cold process, memory; and what int8 costs."""
    what = ("--bundle", _named_bundle(options), "--data", options.data)
    sized = ("--sentences", options.sentences or 2000)
    precisions = options.precisions or [None]
    sides = [_translating_side(precision, *what, *sized) for precision in precisions]
    served = sides[0].name
    cold = "dragoman translate"
    sides.append(Side(cold, python("-m", "dragoman", "translate", options.bundle, "Good morning."), speaks=False))
    targets = [
        Target("sentences a second", "sentences_per_s", served, None, 600.0, 1000.0),
        Target("one sentence, warm", "sentence_ms", served, None, 10.0),
        Target("private memory of serving", "private_mib", served, None, 200.0),
        Target("one sentence, cold process from command to text", "process_s", cold, None, 0.5),
    ]
    if set(PRECISIONS) <= set(precisions):
        both = " and ".join(PRECISIONS)
        sides.append(Side(both, python("-m", "bench.sides.precisions", *what, *sized)))
        targets.append(Target("BLEU lost at int8", "bleu_loss", both, None, 0.3))
    return Bench("translating", tuple(sides), tuple(targets))


def transformer(options: Options) -> Bench:
    """The training of the Transformer on the parts of the data, with the same subwords."""
    parts = options.work / "parts"
    _run("-m", "bench.parts", "--data", options.data, "--out", parts)
    run = ("--minutes", options.minutes, "--batch-size", options.batch_size, "--decode", options.score)
    given = ("--parts", parts, "--spm", options.spm or parts / "subwords.model")
    peer = Side(JOEYNMT, python("-m", "bench.peers.joeynmt", *given, *run, "--python", options.joeynmt))
    ours = Side(OURS, python("-m", "bench.sides.transformer_training", *given, "--minutes", options.minutes))
    targets = (Target(f"target tokens a second against {JOEYNMT}", "target_tokens_per_s", OURS, JOEYNMT, 2.7, 3.5),)
    return Bench("transformer, 3 + 2 layers of 256", (peer, ours), targets, must_agree=("subwords",))


BENCHES: dict[str, Callable[[Options], Bench]] = {
    "training": training,
    "decoding": decoding,
    "start": start,
    "memory": memory,
    "translating": translating,
    "transformer": transformer,
}


def _peers(*arguments: object) -> tuple[Side, ...]:
    """The article's script on both backends."""
    command = python(PEER, *arguments)
    return Side(JAX, command, _backend("jax")), Side(TENSORFLOW, command, _backend("tensorflow"))


def _backend(name: str) -> dict[str, str]:
    return {"KERAS_BACKEND": name, "TF_CPP_MIN_LOG_LEVEL": "2"}


def _training_command(options: Options, name: str, *arguments: object) -> Side:
    out = options.work / name.replace(" ", "-")
    sizes = ("--model", "char-lstm", "--units", options.units, "--layers", options.layers, "--epochs", 1)
    command = python("-m", "dragoman", "train", options.data, "--out", out, "--overwrite", *sizes, *arguments)
    return Side(name, command, speaks=False)


def _translating_side(precision: str | None, *arguments: object) -> Side:
    named = () if precision is None else ("--precision", precision)
    return Side(precision or OURS, python("-m", "bench.sides.translating", *arguments, *named))


def _named_bundle(options: Options) -> Path:
    if options.bundle is None:
        raise SideFailed("--bundle must name the bundle that translates")
    bundle: Path = options.bundle
    return bundle


def _bundle(options: Options) -> Path:
    """The bundle to translate with: the one that was named, or one trained now on the first pairs."""
    bundle: Path = options.bundle or options.work / "model"
    if not bundle.exists():
        sizes = ("--model", "char-lstm", "--units", options.units, "--layers", options.layers)
        epochs = ("--epochs", options.bundle_epochs)
        shares = ("--limit", options.pairs, "--dev", "0.1")  # a thousand dev sentences
        _run("-m", "dragoman", "train", options.data, "--out", bundle, *sizes, *epochs, *shares)
    return bundle


def _decoding_inputs(options: Options) -> tuple[Path, Path, Path]:
    """A bundle, its models as Keras files, and a file of its dev sentences."""
    bundle, models, sentences = _bundle(options), options.work / "keras", options.work / "dev.txt"
    _run("-m", "dragoman", "export", bundle, "--keras", models)
    with gzip.open(bundle / "dev.tsv.gz", "rt", encoding="utf-8") as pairs:
        lines = [pair.split("\t")[0] + "\n" for pair in islice(pairs, options.sentences or 1000)]
    sentences.write_text("".join(lines), "utf-8")
    return bundle, models, sentences


def _run(*arguments: object) -> None:
    """Prepare something with Dragoman; what it prints is not a result of the bench."""
    env = {**os.environ, **_backend("jax")}
    subprocess.run(python(*arguments), cwd=ROOT, env=env, stdout=sys.stderr, check=True)
