"""Runs one bench, sides in turn, and prints what came of it.

python -m bench.compare training --data spa.txt --json training.json
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from dragoman.config import PRECISIONS

from .benches import BENCHES
from .harness import Run, Side, SideFailed, run_in_turn
from .machine import machine, versions
from .peers.joeynmt import PYTHON
from .peers.joeynmt.config import Recipe
from .report import draw, markdown
from .summary import Document, summarize, without_folders


def parser() -> argparse.ArgumentParser:
    """Return the options of the command."""
    options = argparse.ArgumentParser(
        prog="python -m bench.compare", description="Compare sides, several rounds in turn."
    )
    options.add_argument("bench", choices=BENCHES)
    options.add_argument("--data", type=Path, required=True, help="tab-separated pairs, such as spa.txt")
    options.add_argument("--pairs", type=int, default=10000, help="take the first so many")
    options.add_argument("--units", type=int, default=256)
    options.add_argument("--layers", type=int, default=1)
    options.add_argument("--rounds", type=int, default=3, help="rounds that count")
    options.add_argument("--epochs", type=int, default=3, help="training: epochs a run, the first of which compiles")
    options.add_argument(
        "--bundle", type=Path, help="translating: the bundle; decoding, start: one to use instead of training one"
    )
    options.add_argument("--bundle-epochs", type=int, default=10, help="decoding, start: epochs of the bundle trained")
    options.add_argument("--sentences", type=int, help="at most so many: decoding 1,000, translating 2,000 by default")
    options.add_argument("--decode", type=int, default=20, help="decoding: sentences for the peers, spread over all")
    options.add_argument(
        "--precisions",
        nargs="*",
        choices=PRECISIONS,
        default=PRECISIONS,
        help="translating: the first is the one to serve; none for a model that has only one",
    )
    options.add_argument("--minutes", type=float, default=3.0, help="transformer: minutes of training a side")
    options.add_argument("--score", type=int, default=0, help="transformer: test pairs decoded and scored afterwards")
    options.add_argument(
        "--batch-size", type=int, default=Recipe.batch_size, help="transformer: places for tokens in JoeyNMT's batch"
    )
    options.add_argument("--spm", type=Path, help="transformer: a SentencePiece model instead of training one")
    options.add_argument(
        "--joeynmt", type=Path, default=PYTHON, help="transformer: the Python of JoeyNMT's environment"
    )
    options.add_argument("--json", type=Path, help="write the results here")
    options.add_argument("--markdown", action="store_true", help="print Markdown instead of a drawn table")
    return options


def compare(options: argparse.Namespace) -> Document:
    """Run the bench that ``options`` name and return its document; progress goes to standard error."""
    here, its_versions = machine(), versions()  # before the run, not after it
    bench = BENCHES[options.bench](options)
    rounds = bench.warm_up + options.rounds

    def told(number: int, side: Side, run: Run) -> None:
        figures = ", ".join(f"{name} {value:.4g}" for name, value in run.figures.items())
        print(f"round {number}/{rounds}  {side.name}: {figures}", file=sys.stderr)

    runs = run_in_turn(bench.sides, rounds, told)
    return summarize(
        bench,
        runs,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        command=shlex.join(["python", "-m", "bench.compare", *without_folders(sys.argv[1:])]),
        machine=here,
        versions=its_versions,
    )


def main() -> None:
    """Compare; exit with 1 if a side failed or the sides did not do the same work."""
    options = parser().parse_args()
    options.data = options.data.resolve()  # sides run in the root of the repository
    options.bundle = options.bundle and options.bundle.resolve()
    options.spm = options.spm and options.spm.resolve()
    with TemporaryDirectory(prefix="dragoman-bench-") as work:
        options.work = Path(work)
        try:
            document = compare(options)
        except SideFailed as error:
            sys.exit(f"bench: {error}")
    if options.json:
        options.json.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if options.markdown:
        print(markdown(document))
    else:
        draw(document, Console(width=None if sys.stdout.isatty() else 140))
    sys.exit(bool(document["disagreements"]))


if __name__ == "__main__":
    main()
