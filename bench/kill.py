"""A training that is killed again and again ends with the same bundle, bit for bit.

    python -m bench.kill --times 20

The command is run once undisturbed. Then the same command (with another ``--out``) is killed with signal 9 at random
moments of the undisturbed run's duration and started again, until it ends by itself; then a new training begins, until
so many kills are spent. Each bundle that comes out must hold the undisturbed one's weights, byte for byte, and its
history, apart from the fields that a clock fills. Options of ``dragoman train`` may follow ``--``:

    python -m bench.kill --times 20 -- --size tiny --limit 3000 --epochs 6 --checkpoint-seconds 0.5
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory, TemporaryFile
from typing import NamedTuple

from .harness import ROOT, python

SMALL = ("--model", "char-lstm", "--limit", "3000", "--units", "48", "--epochs", "6", "--checkpoint-seconds", "0.5")
WEIGHTS, HISTORY = "weights.safetensors", "history.json"

Command = Callable[[Path], Sequence[str]]
"""The command that trains into a folder."""


class Survivor(NamedTuple):
    """A bundle that came out: the moments, in seconds, at which its training was killed, how long the run took that
    ended by itself (less than an undisturbed one, if it went on from a checkpoint), and what differs in it.
    """

    moments: tuple[float, ...]
    last_seconds: float
    differences: tuple[str, ...]


class TrainingFailed(Exception):
    """A training that nobody killed ended with an error."""


def run_for(command: Sequence[str], seconds: float | None) -> bool:
    """Run ``command``, kill it after ``seconds``, and return whether it ended before; an error of its own is raised."""
    # A file, not a pipe, takes its words: a worker that outlives the killed process would keep a pipe open.
    with TemporaryFile("w+", errors="replace") as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=said)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return False
        if process.returncode:
            said.seek(0)
            raise TrainingFailed(f"{' '.join(command)} ended with {process.returncode}:\n{said.read()[-2000:]}")
    return True


def killed_again_and_again(command: Command, folder: Path, whole: Path, moments: Iterator[float]) -> Iterator[Survivor]:
    """Yield the bundles of trainings into ``folder`` that are killed at ``moments``, until these are used up.

    The last training is left to end by itself. ``whole`` is the bundle to compare with.
    """
    left, number, used_up = iter(moments), 0, False
    while not used_up:
        out, killed = folder / f"killed-{number}", []
        began, moment = time.monotonic(), next(left, None)
        while not run_for(command(out), moment):
            assert moment is not None
            killed.append(moment)
            if _is_written(out):  # killed at the very end
                break
            began, moment = time.monotonic(), next(left, None)
        seconds = time.monotonic() - began
        used_up, number = moment is None, number + 1
        yield Survivor(tuple(killed), seconds, tuple(differences(out, whole)))


def _is_written(out: Path) -> bool:
    return (out / WEIGHTS).exists() and not out.with_name(f".{out.name}.training").exists()


def differences(bundle: Path, whole: Path) -> list[str]:
    """Return the files of ``bundle`` that do not hold what those of ``whole`` do."""
    differing = []
    if (bundle / WEIGHTS).read_bytes() != (whole / WEIGHTS).read_bytes():
        differing.append(WEIGHTS)
    if timeless(bundle / HISTORY) != timeless(whole / HISTORY):
        differing.append(HISTORY)
    return differing


def timeless(history: Path) -> list[dict[str, object]]:
    """Return the entries of a history without the fields that a clock fills: those with seconds in their name."""
    entries = json.loads(history.read_text("utf-8"))
    return [{name: value for name, value in entry.items() if "second" not in name} for entry in entries]


def spend(command: Command, folder: Path, times: int, random: Random) -> bool:
    """Train undisturbed, then killed ``times`` times; print what came of it and return whether nothing differed."""
    whole = folder / "undisturbed"
    began = time.monotonic()
    run_for(command(whole), None)
    seconds = time.monotonic() - began
    print(f"undisturbed: {seconds:.1f} s", flush=True)
    moments = (random.uniform(0.0, seconds) for _ in range(times))
    n_kills, n_bundles, equal = 0, 0, True
    for survivor in killed_again_and_again(command, folder, whole, moments):
        n_kills, n_bundles = n_kills + len(survivor.moments), n_bundles + 1
        equal = equal and not survivor.differences
        at = ", ".join(f"{moment:.1f}" for moment in survivor.moments) or "never"
        verdict = f"differs in {', '.join(survivor.differences)}" if survivor.differences else "the same, bit for bit"
        print(f"killed at {at} s, ended after {survivor.last_seconds:.1f} s: {verdict}", flush=True)
    print(f"{n_kills} kills, {n_bundles} bundles, {'all the same' if equal else 'NOT THE SAME'}")
    return equal


def main() -> None:
    """Kill and compare; exit with 1 if a bundle differs."""
    options = argparse.ArgumentParser(prog="python -m bench.kill", description="Kill a training again and again.")
    options.add_argument("--data", default="phrasebook", help="pairs to train on; by default the embedded ones")
    options.add_argument("--times", type=int, default=20, help="kills in all")
    options.add_argument("--seed", type=int, default=0, help="of the moments")
    options.add_argument("train_options", nargs="*", help=f"of dragoman train; by default {' '.join(SMALL)}")
    args = options.parse_args()
    data = str(Path(args.data).resolve()) if Path(args.data).exists() else args.data
    choices = args.train_options or SMALL

    def command(out: Path) -> Sequence[str]:
        return python("-m", "dragoman", "train", data, "--out", out, *choices)

    with TemporaryDirectory(prefix="dragoman-kill-") as folder:
        try:
            equal = spend(command, Path(folder), args.times, Random(args.seed))  # noqa: S311 - no secret
        except TrainingFailed as error:
            sys.exit(f"kill: {error}")
    sys.exit(not equal)


if __name__ == "__main__":
    main()
