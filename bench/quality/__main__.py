"""Trains each system for some minutes on the same pairs, and scores its translations of the same test part.

    python -m bench.quality spa.txt --minutes 5,10,20 --out quality --show 30

Writes to the folder --out: results.jsonl, a line a run, as soon as it is known; table.md; quality.png; with --show
also examples.md. What stands in results.jsonl is not run again.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from dragoman.errors import DragomanError
from dragoman.metrics import corpus_scores

from ..harness import SideFailed
from ..machine import machine, versions
from ..peers.joeynmt import PYTHON
from ..summary import without_folders
from .material import Material, prepare
from .outcomes import Outcome, Outcomes, Task
from .picture import picture
from .report import SHOWN, examples, table
from .systems import APERTIUM, JOEYNMT_BEST, OURS, SYSTEMS, Given, run

PEERS = tuple(system for system in SYSTEMS if system != OURS)


def parser() -> argparse.ArgumentParser:
    """Return the options of the command."""
    options = argparse.ArgumentParser(
        prog="python -m bench.quality", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("data", metavar="PAIRS", help="what dragoman train takes as PAIRS, such as spa.txt")
    options.add_argument("--minutes", type=_numbers, required=True, help="of a training, with commas: 5,10")
    options.add_argument("--seeds", type=_seeds, default=[0], help="with commas; a seed has a split of its own")
    options.add_argument("--limit", type=int, help="take only the first N pairs")
    options.add_argument("--reverse", action="store_true", help="swap source and target")
    options.add_argument(
        "--peers", type=_peers, default=["joeynmt", "keras-transformer"], help=f"with commas, of {', '.join(PEERS)}"
    )
    options.add_argument(
        "--cap", type=float, default=60.0, help=f"{JOEYNMT_BEST}, which ends by itself: its minutes at most"
    )
    options.add_argument("--test", type=Path, help="a file of test pairs, instead of the test part of the split")
    options.add_argument("--out", type=Path, default=Path("quality"), help="the folder for the results")
    options.add_argument("--keep", action="store_true", help="keep our bundles, in the folder --out")
    options.add_argument("--show", type=int, default=0, metavar="N", help="write N test sentences with translations")
    options.add_argument("--joeynmt", type=Path, default=PYTHON, help="the Python of JoeyNMT's environment")
    return options


def _numbers(text: str) -> list[float]:
    return [float(number) for number in text.split(",")]


def _seeds(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _peers(text: str) -> list[str]:
    names = [name for name in text.split(",") if name]
    if unknown := set(names) - set(PEERS):
        raise argparse.ArgumentTypeError(f"the peers are {', '.join(PEERS)}, not {', '.join(sorted(unknown))}")
    return names


def tasks(options: argparse.Namespace, seed: int) -> Iterator[Task]:
    """Yield what is to be run with one seed, the fewest minutes first, the systems in turn, and then what runs once."""

    def task(system: str, minutes: float) -> Task:
        test = options.test and options.test.name
        return Task(system, minutes, seed, Path(options.data).name, options.limit, options.reverse, test)

    once = {JOEYNMT_BEST: options.cap, APERTIUM: 0.0}
    for minutes in sorted(options.minutes):
        for system in (OURS, *(peer for peer in options.peers if peer not in once)):
            yield task(system, minutes)
    for system, minutes in once.items():
        if system in options.peers:
            yield task(system, minutes)


def measure(options: argparse.Namespace, task: Task, material: Material) -> tuple[Outcome, list[str]]:
    """Run a task; return what came of it, and the translations of the test part."""
    here, its_versions = machine(), versions()  # before the run, not after it
    with TemporaryDirectory(prefix="dragoman-bench-") as folder:
        work = Path(folder)
        kept = options.out.resolve() if options.keep else work
        bundle = kept / f"bundle-{task.minutes:g}-{task.seed}"
        given = Given(task, options.data, material, work / "translations.json", work, bundle, options.joeynmt)
        done, hyps = run(given)
    scores = {
        name: corpus_scores([hyps[i] for i in places], [material.test[i].trg for i in places], trg=material.trg)
        for name, places in material.sets.items()
    }
    return (
        Outcome(
            task=task,
            test_hash=material.test_hash,
            minutes_taken=done.figures["training_s"] / 60,
            figures=done.figures,
            about=done.about,
            n_pairs={name: len(places) for name, places in material.sets.items()},
            scores=scores,
            machine=here,
            versions=its_versions,
            date=datetime.now(UTC).isoformat(timespec="seconds"),
        ),
        hyps,
    )


def outcomes_of_seed(options: argparse.Namespace, seed: int, known: Outcomes, material: Material) -> list[Outcome]:
    """Return what came of each task of a seed; what is not known yet is run, and printed when it is."""
    found = []
    for task in tasks(options, seed):
        outcome = known.of(task, material.test_hash)
        if outcome is None:
            print(f"{task.system}, {task.minutes:g} minutes, seed {seed}: running", file=sys.stderr)
            outcome, hyps = measure(options, task, material)
            known.add(outcome, hyps)
        scores = "; ".join(
            f"{name}: " + ", ".join(str(score) for score in of_set if score.name in SHOWN)
            for name, of_set in outcome.scores.items()
        )
        print(f"{task.system}, {task.minutes:g} minutes, seed {seed}: {scores}", file=sys.stderr)
        found.append(outcome)
    return found


def bench(options: argparse.Namespace) -> str:
    """Run what is not known yet, write table, picture and examples, and return the table."""
    known = Outcomes(options.out)
    outcomes, shown = [], []
    for seed in options.seeds:
        with TemporaryDirectory(prefix="dragoman-bench-") as folder:
            which = {"seed": seed, "limit": options.limit, "reverse": options.reverse, "test": options.test}
            material = prepare(options.data, Path(folder), **which)
            of_seed = outcomes_of_seed(options, seed, known, material)
        translations = [(outcome, known.translations(outcome)) for outcome in of_seed]
        shown.append(f"# Seed {seed}\n\n{examples(material.test, translations, options.show)}")
        outcomes += of_seed
    written = table(outcomes, shlex.join(["python", "-m", "bench.quality", *without_folders(sys.argv[1:])]))
    (options.out / "table.md").write_text(written, "utf-8")
    (options.out / "quality.png").write_bytes(picture(outcomes, title=_title(options)))
    if options.show:
        (options.out / "examples.md").write_text("\n".join(shown), "utf-8")
    return written


def _title(options: argparse.Namespace) -> str:
    limit = f", the first {options.limit:,} pairs" if options.limit else ""
    return f"Minutes of training against quality: {Path(options.data).name}{limit}{', reversed' * options.reverse}"


def main() -> None:
    """Run the bench and print its table; exit with 1 if a system failed."""
    options = parser().parse_args()
    if Path(options.data).exists():
        options.data = str(Path(options.data).resolve())  # systems run in the root of the repository
    try:
        print(bench(options))
    except (SideFailed, DragomanError) as error:
        sys.exit(f"bench: {error}")


if __name__ == "__main__":
    main()
