"""Dragoman's training of the Transformer on the parts of a folder, with given subwords: target tokens a second.

    python -m bench.sides.transformer_training --parts FOLDER --spm subwords.model --minutes 3

A token counts once, padding does not; the first steps, which compile and warm up, do not count either.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter

from dragoman import open_pairs
from dragoman.batches import Fitted
from dragoman.config import TransformerConfig
from dragoman.encoded import EncodedPairs
from dragoman.fitting.loop import Steps
from dragoman.fitting.objective import compile_model
from dragoman.models import keras, transformer
from dragoman.packing import PackedBatches
from dragoman.recipe import Task, choose
from dragoman.vocabulary.subwords import SubwordVocabulary

from ..harness import say

STEPS_A_CALL = 10


def _fitted(batches: PackedBatches, first: int, index: int) -> Fitted:
    return batches.fitted_at(first + index)


def main() -> None:
    """Train and print the figures."""
    _, defaults = choose(Task(100_000, None), {"batch_tokens": 4096})
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--parts", type=Path, required=True, help="a folder with train.tsv")
    options.add_argument("--spm", type=Path, required=True, help="the SentencePiece model of both sides")
    options.add_argument("--minutes", type=float, required=True)
    options.add_argument("--batch-tokens", type=int, default=defaults.batch_tokens)
    options.add_argument("--optimizer", default=defaults.optimizer)
    options.add_argument("--precision", default=defaults.precision)
    options.add_argument("--gated", action="store_true")
    options.add_argument("--query-key-norm", action="store_true")
    args = options.parse_args()
    subwords = SubwordVocabulary(args.spm.read_bytes())
    encoded = EncodedPairs.from_pairs(list(open_pairs(args.parts / "train.tsv")), subwords, subwords)
    batches = PackedBatches(encoded, args.batch_tokens)
    config = TransformerConfig(gated=args.gated, query_key_norm=args.query_key_norm)
    model = transformer.build(config, subwords, subwords, seed=0, precision=args.precision)
    training = replace(defaults, optimizer=args.optimizer, precision=args.precision)
    compile_model(model, training, n_steps=100_000)
    done = n_tokens = 0
    seconds = 0.0
    began = perf_counter()
    while perf_counter() - began < 60 * args.minutes:
        first, started = done, perf_counter()
        steps = Steps(partial(_fitted, batches, first), STEPS_A_CALL)
        logs = model.fit(steps.for_keras(), shuffle=False, verbose=0).history
        done += STEPS_A_CALL
        if first:
            n_tokens, seconds = n_tokens + int(logs["tokens"][-1]), seconds + perf_counter() - started
    figures = {
        "target_tokens_per_s": n_tokens / seconds,
        "tokens_per_batch": n_tokens / (done - STEPS_A_CALL),
        "steady_s": seconds,
        "training_s": perf_counter() - began,
        "updates": float(done),
        "padding": batches.padding,
        "loss": logs["token_losses"][-1] / logs["tokens"][-1],
    }
    about = {
        "backend": keras.backend.backend(),
        "optimizer": args.optimizer,
        "precision": args.precision,
        "parameters": str(model.count_params()),
        "subwords": str(subwords.size),
    }
    say(figures, about)


if __name__ == "__main__":
    main()
