"""What further sources are worth: trainings of one's own pairs alone, of others alone, and of both; and pairs that are
chosen against pairs taken by chance, where the time does not suffice for all.

    python -m bench.sources curve --own pairs.tsv --others spa.txt --test held-out.tsv --sizes 500 2000 --steps 600
    python -m bench.sources choosing --own few.tsv --others pairs.tsv spa.txt --test held-out.tsv --steps 1000

Every training is by the recipe for ten minutes, but ends after ``--steps``, so that nothing that runs beside it matters
much; it is in a process of its own. The first of ``--own`` are as many as ``--sizes`` says. The test pairs that share a
sentence with any source are left out first.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from dragoman import Translator, evaluate, open_pairs
from dragoman.corpus import write_pairs
from dragoman.corpus.pairs import Pair, evenly
from dragoman.corpus.splitting import normalise
from dragoman.corpus.store import StoredPairs
from dragoman.hashing import permute
from dragoman.training import mixing, train

N_SCORED = 1000
MINUTES = 10.0
Runs = list[tuple[str, list[str], str, list[str]]]


def by_chance(pairs: StoredPairs, wanted: StoredPairs, n_bytes: float) -> StoredPairs:
    """Return pairs up to ``n_bytes`` of target text, whatever they are like."""
    order = permute(np.arange(len(pairs)), len(pairs), 1)
    return pairs.at(np.sort(order[np.cumsum(pairs.n_bytes("trg")[order]) <= n_bytes]))


def trained(sources: Sequence[str], out: Path, options: argparse.Namespace, aim: Sequence[str] = ()) -> None:
    """Train in this process, and leave a bundle."""
    if options.chance:
        mixing.best = by_chance  # type: ignore[attr-defined]
    train(sources, out, src=options.src, trg=options.trg, aim=aim, choices={"minutes": MINUTES, "steps": options.steps})


def scored(bundle: Path, pairs: Sequence[Pair]) -> dict[str, float]:
    """Return BLEU and chrF of a bundle on ``pairs``."""
    report = evaluate(Translator.load(bundle), pairs, n_bootstrap=100)
    return {score.name: round(score.value, 1) for score in report.scores if score.name in ("BLEU", "chrF2")}


def unseen(test: str, sources: Sequence[str]) -> list[Pair]:
    """Return test pairs of which no source holds a sentence, `N_SCORED` at most."""
    known = {normalise(text) for source in sources for pair in open_pairs(source) for text in pair[:2]}
    left = [pair for pair in open_pairs(test) if not known & {normalise(pair.src), normalise(pair.trg)}]
    return list(evenly(left, N_SCORED))


def main() -> None:
    """Train and score what was asked for, and print a line for each training."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("curve", "choosing", "one"))
    parser.add_argument("--own", required=True)
    parser.add_argument("--others", nargs="*", default=[])
    parser.add_argument("--test", required=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 2000, 10000, 40000])
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--src", default="en")
    parser.add_argument("--trg", default="es")
    parser.add_argument("--chance", action="store_true")
    parser.add_argument("--out", type=Path, help="of `one`, which the other two call")
    options = parser.parse_args()
    if options.what == "one":
        aim = [Path(options.own).name] if options.own in options.others else []
        trained(options.others, options.out, options, aim if len(options.others) > 1 else ())
        return
    tests = unseen(options.test, [options.own, *options.others])
    with TemporaryDirectory() as folder:
        for name, sources, own, more in _runs(options, Path(folder)):
            out = Path(folder) / "bundle"
            asked = ["one", "--own", own, "--others", *sources, "--test", options.test, "--out", str(out), *more]
            asked += ["--steps", str(options.steps), "--src", options.src, "--trg", options.trg]
            subprocess.run([sys.executable, "-m", "bench.sources", *asked], check=True, stderr=subprocess.DEVNULL)
            print(json.dumps({"trained on": name, "n": len(tests), **scored(out, tests)}), flush=True)
            subprocess.run(["rm", "-r", str(out)], check=True)


def _runs(options: argparse.Namespace, folder: Path) -> Runs:
    """What to train on: a name for it, the sources, the one that it is for, and further options."""
    if options.what == "choosing":
        sources = [options.own, *options.others]
        return [("chosen", sources, options.own, []), ("by chance", sources, options.own, ["--chance"])]
    runs: Runs = [("others", list(options.others), options.own, [])]
    for size in options.sizes:
        own = folder / f"own{size}.tsv"
        write_pairs(islice(open_pairs(options.own), size), own)
        runs += [
            (f"{size} alone", [str(own)], str(own), []),
            (f"{size} and others", [str(own), *options.others], str(own), []),
        ]
    return runs


if __name__ == "__main__":
    main()
