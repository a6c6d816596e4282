"""JoeyNMT trains on the parts of a folder as well as it can, and translates the test part.

    python -m bench.peers.joeynmt.quality --parts FOLDER --out test.json --minutes 10
    python -m bench.peers.joeynmt.quality --parts FOLDER --out test.json --minutes 120 --small-data

The minutes are those of the clock from the start of this command to the end of the training: subwords, imports and
validations are in them, the translation of the test part is not. With --small-data the training ends before, when the
dev score has stopped rising. The best weights by the dev score translate, by beam 4.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import NamedTuple

from ...harness import STARTED, say
from ...parts import SUBWORDS, train_subwords
from . import PYTHON
from .config import FOR_EVER, SMALL_DATA, Places, Recipe, training_text
from .folder import pieces, prepare, rows_of
from .log import LogError, Patience, dev_scores, last_loss, n_parameters, progress_of
from .running import JoeyNMT

BEAM = 4
N_DEV = {"dev": 500}
"""Pairs of the dev part that a validation translates: of more it would take too much of the minutes."""


class Plan(NamedTuple):
    """How many subwords, what training, and after how many validations without a better score it ends."""

    n_subwords: int
    recipe: Recipe
    patience: int | None


def plan_of(minutes: float, *, small_data: bool, seed: int) -> Plan:
    """Return the plan for a training of at most so many ``minutes``.

    Two cores make about a hundred updates a minute. The warm-up takes a quarter of them, but 100 at least and at most
    the 500 that are enough for a training of any length.
    """
    if small_data:
        return Plan(2000, replace(SMALL_DATA, seed=seed), 20)
    warm_up = min(max(round(25 * minutes), 100), Recipe.warm_up)
    return Plan(4000, Recipe(warm_up=warm_up, validate_every=100, seed=seed), None)


def parser() -> argparse.ArgumentParser:
    """Return the options of the command."""
    options = argparse.ArgumentParser(
        prog="python -m bench.peers.joeynmt.quality",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("--parts", type=Path, required=True, help="a folder with train.tsv, dev.tsv and test.tsv")
    options.add_argument("--out", type=Path, required=True, help="the translations of the test part, as JSON")
    options.add_argument("--minutes", type=float, required=True, help="minutes of the whole training, at most")
    options.add_argument("--small-data", action="store_true", help="for some thousand pairs; ends when it stops rising")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--python", type=Path, default=PYTHON, help="the Python of JoeyNMT's environment")
    options.add_argument("--threads", type=int, default=2)
    return options


def trained(joeynmt: JoeyNMT, places: Places, options: argparse.Namespace, plan: Plan, deadline: float) -> list[str]:
    """Make the subwords, train until ``deadline`` or the end of the patience, and return the log."""
    subwords = places.folder / f"trained-{SUBWORDS}"
    texts = (text for pair in rows_of(options.parts / "train.tsv") for text in pair)
    train_subwords(texts, subwords, plan.n_subwords)
    prepare(options.parts, subwords, places, N_DEV)
    config = places.folder / "train.yaml"
    config.write_text(training_text(places, plan.recipe, FOR_EVER), "utf-8")
    enough = Patience(plan.patience) if plan.patience else lambda line: False
    return joeynmt.run("train", config, "--skip-test", enough=enough, deadline=deadline)


def figures_of(log: list[str], report: str, seconds: float) -> dict[str, float]:
    """Return the figures of a training that took ``seconds`` in all; a very short one has no updates and no loss.

    ``report`` is what JoeyNMT wrote of the validations.
    """
    progress = [found for line in log if (found := progress_of(line))]
    scores = dev_scores(report)
    figures = {"training_s": seconds, "validations": float(len(scores)), "dev_chrf": max(scores, default=0.0)}
    return figures | ({"updates": progress[-1].step, "loss": last_loss(progress)} if progress else {})


def measured(
    options: argparse.Namespace, plan: Plan, places: Places, began: float
) -> tuple[dict[str, float], dict[str, str]]:
    """Train and translate in a folder; return figures, and what was trained."""
    joeynmt = JoeyNMT(options.python, options.threads, places.folder)
    log = trained(joeynmt, places, options, plan, began + 60 * options.minutes)
    report = places.validations.read_text("utf-8") if places.validations.exists() else ""
    figures = figures_of(log, report, monotonic() - began)
    hyps, _ = joeynmt.translate(places, plan.recipe, BEAM)
    options.out.write_text(json.dumps(hyps, ensure_ascii=False) + "\n", "utf-8")
    return figures, {
        "subwords": str(len(pieces(places.subwords))),
        "parameters": str(n_parameters(log)),
        "recipe": repr(plan.recipe),
    }


def main() -> None:
    """Train, translate, and print the figures."""
    began = float(os.environ.get(STARTED, monotonic()))
    options = parser().parse_args()
    plan = plan_of(options.minutes, small_data=options.small_data, seed=options.seed)
    with TemporaryDirectory(prefix="joeynmt-") as folder:
        try:
            say(*measured(options, plan, Places(Path(folder)), began))
        except LogError as error:
            sys.exit(f"JoeyNMT: {error}")


if __name__ == "__main__":
    main()
