"""Corrections that are acknowledged outlive ``kill -9``: none is lost, none half-written.

    python -m bench.memory_kill --runs 200
    scripts/with-postgres sh -c 'python -m bench.memory_kill --runs 200 --place $DRAGOMAN_POSTGRES'

In each run a process adds corrections to one memory, one after the other, and tells of each when it is acknowledged;
it is killed at a random moment. Then another process reads the memory.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import NamedTuple

from dragoman.memory import Correction, Memory

from .harness import ROOT, python

LENGTH = 300
"""Words of a text: more than a page of a database holds few of."""

LONGEST = 0.5
"""Seconds of a run, after the database is open."""


class Counts(NamedTuple):
    """Corrections that were acknowledged; lost of them; there but other than sent; there and nobody was told."""

    acknowledged: int
    lost: int
    broken: int
    untold: int


def correction(run: int, number: int) -> Correction:
    """The one that process ``run`` adds as its ``number``."""
    return Correction("en", "es", f"{run} {number}" + " go" * LENGTH, f"{run} {number}" + " ve" * LENGTH)


def add(place: str, run: int) -> None:
    """Add corrections for ever, and tell of each."""
    with Memory(place) as memory:
        print("ready", flush=True)
        number = 0
        while True:
            entry = memory.add(correction(run, number))
            print(entry.id, run, number, flush=True)
            number += 1


def killed(place: str, run: int, seconds: float) -> dict[int, tuple[int, int]]:
    """Let a process add for ``seconds``, kill it, and return what it told: entry to (run, number)."""
    command = python("-m", "bench.memory_kill", "--place", place, "--add", run)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise SystemExit(f"run {run} did not begin")
        time.sleep(seconds)
        process.kill()
        lines = process.stdout.read().splitlines(keepends=True)
    told = (tuple(map(int, line.split())) for line in lines if line.endswith("\n"))
    return {entry: (of_run, number) for entry, of_run, number in told}


def compared(place: str, told: dict[int, tuple[int, int]]) -> Counts:
    """Compare what stands in the memory with what was told."""
    with Memory(place) as memory:
        there = {entry.id: (entry.source, entry.target) for entry in memory.every("en", "es")}
    lost = [number for number in told if number not in there]
    broken = 0
    for number, texts in there.items():
        run, place_in_run = told.get(number) or map(int, texts[0].split()[:2])
        expected = correction(run, place_in_run)
        broken += texts != (expected.source, expected.target)
    return Counts(len(told), len(lost), broken, len(there) - len(told) + len(lost))


def main() -> None:
    """Kill and compare; exit with 1 if a correction is lost or broken."""
    options = argparse.ArgumentParser(prog="python -m bench.memory_kill", description=(__doc__ or "").splitlines()[0])
    options.add_argument("--runs", type=int, default=200)
    options.add_argument("--place", help="an empty database; by default a file that is removed afterwards")
    options.add_argument("--seed", type=int, default=0, help="of the moments")
    options.add_argument("--add", type=int, help=argparse.SUPPRESS)
    args = options.parse_args()
    if args.add is not None:
        add(args.place, args.add)
    random, told = Random(args.seed), dict[int, tuple[int, int]]()  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory(prefix="dragoman-kill-") as folder:
        place = args.place or str(Path(folder) / "memory.sqlite")
        for run in range(args.runs):
            told |= killed(place, run, random.uniform(0.0, LONGEST))
        counts = compared(place, told)
    print(f"{args.runs} kills: {counts}")
    sys.exit(bool(counts.lost or counts.broken))


if __name__ == "__main__":
    main()
