"""What bundles make of the texts that people have: what survives, what is understood, what is made up.

    python -m bench.everyday MODEL [MODEL ...] [--peer apertium] [--failures]
    python -m bench.everyday MODEL --data test.tsv --limit 500

The first translates each file of this folder in whose languages a bundle translates. The second takes pairs (a file, or
two aligned ones): what capitals, missing marks and other quotes cost, scores by length, repeats, omissions, words that
are made up.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from dragoman import open_pairs
from dragoman.corpus.pairs import Pair
from dragoman.errors import DragomanError

from .cases import files
from .faults import by_length, made_up
from .oddly import costs
from .systems import PEERS, System, bundle, peer


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(
        prog="python -m bench.everyday", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("bundles", type=Path, nargs="*", metavar="MODEL")
    options.add_argument("--peer", choices=sorted(PEERS), action="append", default=[])
    options.add_argument("--failures", action="store_true", help="print the lines that are not right")
    options.add_argument("--data", nargs="+", help="pairs: a file, or two aligned ones")
    options.add_argument("--limit", type=int, help="take only the first N pairs")
    options.add_argument("--reverse", action="store_true", help="swap source and target of the pairs")
    options.add_argument("--plain", action="store_true", help="leave out what odd writing costs")
    given = options.parse_args()
    try:
        systems = [one for path in given.bundles for one in bundle(path)] + [
            one for name in given.peer for one in peer(name)
        ]
        if given.data:
            systems = [one for one in systems if (one.src, one.trg) == (systems[0].src, systems[0].trg)]
            pairs = list(open_pairs(*given.data, reverse=given.reverse, limit=given.limit, min_pairs=1))
            print(f"{' and '.join(given.data)}: {len(pairs):,} pairs")
            for system in systems:
                of_pairs(system, pairs, with_costs=not given.plain)
        else:
            for system in systems:
                everyday(system, show=given.failures)
    except DragomanError as error:
        sys.exit(f"bench: {error}")


def everyday(system: System, *, show: bool) -> None:
    """Print a line for each file in the system's languages; with ``show`` also the lines that are not right."""
    print(f"\n{system.name}, {system.src}-{system.trg}\n\n| | right | of | kept | of | |\n|{' --- |' * 6}")
    failures = []
    for file in files():
        if (file.src, file.trg) != (system.src, system.trg):
            continue
        hyps = system.translate([case.src for case in file.cases])
        judged = [file.judge(case, hyp) for case, hyp in zip(file.cases, hyps, strict=True)]
        n_right, n_kept, n = (sum(values) for values in zip(*((one.is_right, *one) for one in judged), strict=True))
        print(f"| {file.kind} | {n_right} | {len(judged)} | {n_kept} | {n} | {n_kept / n:.1%} |", flush=True)
        failures += [
            f"{case.name}\t{case.src}\t{hyp}\t{case.must}"
            for case, hyp, one in zip(file.cases, hyps, judged, strict=True)
            if not one.is_right
        ]
    if show:
        print("", *failures, sep="\n")


def of_pairs(system: System, pairs: Sequence[Pair], *, with_costs: bool) -> None:
    """Print scores by length, faults, invented words and, ``with_costs``, what odd writing costs."""
    srcs, refs = [pair.src for pair in pairs], [pair.trg for pair in pairs]
    hyps = system.translate(srcs)
    print(f"\n{system.name}, {system.src}-{system.trg}\n")
    print(f"| length | n | BLEU | chrF | words for one of the reference | repeats | omissions |\n|{' --- |' * 7}")
    for row in by_length(srcs, refs, hyps, (system.src, system.trg)):
        scores = f"{row.bleu:.1f} | {row.chrf:.1f} | {row.ratio:.2f}"
        print(f"| {row.units} | {row.n} | {scores} | {row.n_repeats} | {row.n_omissions} |")
    print(f"\n{made_up(srcs, refs, hyps, system.trg) or 'invented words: no dictionary is installed'}", flush=True)
    if with_costs:
        print(f"\n| writing | n | chrF as they are | as written | |\n|{' --- |' * 5}")
        for cost in costs(srcs, refs, hyps, system.translate):
            difference = cost.written - cost.plain
            print(
                f"| {cost.writing} | {cost.n} | {cost.plain:.1f} | {cost.written:.1f} | {difference:+.1f} |", flush=True
            )


if __name__ == "__main__":
    main()
