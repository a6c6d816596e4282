"""JoeyNMT trains on the parts of a folder, and its figures are printed.

    python -m bench.peers.joeynmt --parts FOLDER --spm subwords.model --updates 200
    python -m bench.peers.joeynmt --parts FOLDER --spm subwords.model --minutes 20 --decode 2000

FOLDER holds train.tsv, dev.tsv and test.tsv, as ``python -m bench.parts`` writes them. JoeyNMT runs in an environment
of its own, which ``bench/peers/joeynmt/environment`` makes; everything else here runs in ours.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sacrebleu import corpus_bleu, corpus_chrf
from sentencepiece import SentencePieceProcessor

from ...harness import say
from . import PYTHON
from .config import FOR_EVER, SPECIALS, Places, Recipe, decoding_text, training_text
from .log import LogError, generation_seconds, last_loss, n_parameters, progress_of, steady_rate

BEAMS = {"greedy": 1, "beam4": 4}
WARM_UP = 20
"""Updates that the rate does not count."""

# A shell that put the bench into the background lets it ignore Ctrl-C, by which a training here ends after its minutes.
HEEDING_CTRL_C = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("joeynmt", run_name="__main__", alter_sys=True)
"""


class JoeyNMT:
    """JoeyNMT in its environment, on some threads, in a folder."""

    def __init__(self, python: Path, threads: int, folder: Path) -> None:
        self.python = python
        self.env = {**os.environ, **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), str(threads))}
        self.env.pop("PYTHONPATH", None)
        self.folder = folder

    def run(self, *arguments: object, minutes: float | None = None) -> list[str]:
        """Run a command of JoeyNMT, show its log as it comes, and return it.

        With ``minutes``, interrupt it so long after its first line of progress.
        """
        command = (str(self.python), "-c", HEEDING_CTRL_C, *map(str, arguments))
        lines: list[str] = []
        with subprocess.Popen(
            command, cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr
            ends: float | None = None
            for line in process.stderr:
                print(line, end="", file=sys.stderr)
                lines.append(line.rstrip("\n"))
                now = time.monotonic()
                if ends is None and minutes is not None and progress_of(line):
                    ends = now + 60 * minutes
                elif ends is not None and now >= ends:
                    process.send_signal(signal.SIGINT)
                    ends = float("inf")
        if process.returncode:
            sys.exit(f"JoeyNMT ended with {process.returncode}:\n" + "\n".join(lines[-20:]))
        return lines


def prepare(parts: Path, subwords: Path, places: Places, n_test: int) -> None:
    """Write what JoeyNMT reads to its folder; of the test part ``n_test`` pairs, spread evenly over it."""
    shutil.copyfile(subwords, places.subwords)
    places.vocabulary.write_text("\n".join(pieces(subwords)) + "\n", "utf-8")
    for part in ("train", "dev", "test"):
        rows = list(rows_of(parts / f"{part}.tsv"))
        if part == "test":
            n_read = min(n_test, len(rows))  # a file may hold its short sentences first
            rows = [rows[place * len(rows) // n_read] for place in range(n_read)]
        for side, texts in zip(("src", "trg"), zip(*rows, strict=True), strict=True):
            places.side(part, side).write_text("\n".join(texts) + "\n", "utf-8")


def rows_of(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the two sides of each line of a tab-separated file; JoeyNMT ends a line at any separator of Unicode."""
    with file.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            src, trg = (" ".join(text.split()) for text in line.split("\t")[:2])
            yield src, trg


def pieces(subwords: Path) -> list[str]:
    """Return the subwords of a SentencePiece model for JoeyNMT's vocabulary, its special symbols first."""
    model = SentencePieceProcessor(model_file=str(subwords))
    ids = range(model.get_piece_size())
    return [*SPECIALS, *(model.id_to_piece(i) for i in ids if not (model.is_control(i) or model.is_unknown(i)))]


def train(joeynmt: JoeyNMT, places: Places, recipe: Recipe, updates: int, minutes: float | None) -> list[str]:
    """Train and return the log."""
    config = places.folder / "train.yaml"
    config.write_text(training_text(places, recipe, updates), "utf-8")
    return joeynmt.run("train", config, "--skip-test", minutes=minutes)


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
        config, hyps_file = places.folder / f"{name}.yaml", places.folder / name
        config.write_text(decoding_text(places, recipe, beam), "utf-8")
        log = joeynmt.run("test", config, "--output-path", hyps_file)
        hyps = hyps_file.with_name(f"{name}.test").read_text("utf-8").split("\n")[:-1]
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
    if not options.python.exists():
        sys.exit(f"{options.python}: no such Python; bench/peers/joeynmt/environment makes its environment")
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
    prepare(options.parts, options.spm, places, max(options.decode, 1))
    joeynmt = JoeyNMT(options.python, options.threads, places.folder)
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
