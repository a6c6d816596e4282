"""JoeyNMT trains on the parts of a folder, and its figures are printed.

    python -m bench.peers.joeynmt --parts FOLDER --spm subwords.model --updates 200
    python -m bench.peers.joeynmt --parts FOLDER --spm subwords.model --minutes 20 --decode 2000

FOLDER holds train.tsv, dev.tsv and test.tsv, as ``python -m bench.parts`` writes them. JoeyNMT runs in an environment
of its own, which ``bench/peers/joeynmt/environment`` makes; everything else here runs in ours.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sacrebleu import corpus_bleu, corpus_chrf

from ...harness import say
from . import PYTHON
from .config import FOR_EVER, Places, Recipe, training_text
from .folder import pieces, prepare
from .log import LogError, generation_seconds, last_loss, n_parameters, progress_of, steady_rate
from .running import JoeyNMT

BEAMS = {"greedy": 1, "beam4": 4}
WARM_UP = 20
"""Updates that the rate does not count."""


def train(joeynmt: JoeyNMT, places: Places, recipe: Recipe, updates: int, minutes: float | None) -> list[str]:
    """Train and return the log."""
    config = places.folder / "train.yaml"
    config.write_text(training_text(places, recipe, updates), "utf-8")
    enough = after_progress(minutes) if minutes is not None else lambda line: False
    return joeynmt.run("train", config, "--skip-test", enough=enough)


def after_progress(minutes: float) -> Callable[[str], bool]:
    """Return what says of a line of the log that it comes so long after the first line of progress."""
    ends: float | None = None

    def enough(line: str) -> bool:
        nonlocal ends
        if ends is None and progress_of(line):
            ends = time.monotonic() + 60 * minutes
        return ends is not None and time.monotonic() >= ends

    return enough


def training_figures(log: Sequence[str], seconds: float) -> dict[str, float]:
    """Return the figures of a training that took ``seconds`` in all."""
    progress = [found for line in log if (found := progress_of(line))]
    rate = steady_rate(progress, WARM_UP)
    return {
        "target_tokens_per_s": rate.tokens_per_s,
        "tokens_per_batch": rate.tokens_per_batch,
        "steady_s": rate.seconds,
        "training_s": seconds,
        "updates": progress[-1].step,
        "loss": last_loss(progress),
    }


def decode(joeynmt: JoeyNMT, places: Places, recipe: Recipe) -> dict[str, float]:
    """Decode the test part greedily and by beam search; return the scores and the sentences a second of each."""
    refs = places.side("test", "trg").read_text("utf-8").split("\n")[:-1]
    figures: dict[str, float] = {}
    for name, beam in BEAMS.items():
        hyps, log = joeynmt.translate(places, recipe, beam)
        figures[f"{name}_bleu"] = corpus_bleu(hyps, [refs]).score
        figures[f"{name}_chrf"] = corpus_chrf(hyps, [refs]).score
        figures[f"{name}_sentences_per_s"] = len(refs) / generation_seconds(log)
    return figures


def parser() -> argparse.ArgumentParser:
    """Return the options of the command."""
    recipe = Recipe()
    options = argparse.ArgumentParser(
        prog="python -m bench.peers.joeynmt", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--parts", type=Path, required=True, help="a folder with train.tsv, dev.tsv and test.tsv")
    options.add_argument("--spm", type=Path, required=True, help="the SentencePiece model of both sides")
    options.add_argument("--python", type=Path, default=PYTHON, help="the Python of JoeyNMT's environment")
    options.add_argument("--updates", type=int, default=FOR_EVER, help="train for so many updates")
    options.add_argument("--minutes", type=float, help="train for so many minutes")
    options.add_argument("--decode", type=int, default=0, help="then decode and score so many test pairs")
    options.add_argument("--batch-size", type=int, default=recipe.batch_size, help="places for tokens, with padding")
    options.add_argument("--learning-rate", type=float, default=recipe.learning_rate)
    options.add_argument("--warm-up", type=int, default=recipe.warm_up, help="updates of the learning rate's warm-up")
    options.add_argument("--dropout", type=float, default=recipe.dropout)
    options.add_argument("--threads", type=int, default=2)
    return options


def main() -> None:
    """Train, decode, and print the figures."""
    options = parser().parse_args()
    if options.updates == FOR_EVER and options.minutes is None:
        sys.exit("--updates or --minutes must say how long to train")
    recipe = replace(
        Recipe(),
        batch_size=options.batch_size,
        learning_rate=options.learning_rate,
        warm_up=options.warm_up,
        dropout=options.dropout,
    )
    with TemporaryDirectory(prefix="joeynmt-") as folder:
        try:
            say(*measured(options, recipe, Places(Path(folder))))
        except LogError as error:
            sys.exit(f"JoeyNMT: {error}")


def measured(options: argparse.Namespace, recipe: Recipe, places: Places) -> tuple[dict[str, float], dict[str, str]]:
    """Train and decode in a folder; return figures, and what was trained."""
    joeynmt = JoeyNMT(options.python, options.threads, places.folder)
    prepare(options.parts, options.spm, places, {"test": max(options.decode, 1)})
    began = time.monotonic()
    log = train(joeynmt, places, recipe, options.updates, options.minutes)
    figures = training_figures(log, time.monotonic() - began)
    figures |= decode(joeynmt, places, recipe) if options.decode else {}
    return figures, {
        "subwords": str(len(pieces(options.spm))),
        "parameters": str(n_parameters(log)),
        "batch": f"at most {recipe.batch_size} places",
        "threads": str(options.threads),
    }


if __name__ == "__main__":
    main()
