"""From the start of the process to the end of the first training step, by the road of ``dragoman train``.

python -m bench.sides.first_step --data spa.txt
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import dragoman.cli  # noqa: F401 - what the command loads before it trains
from dragoman import train
from dragoman.fitting.events import Progress
from dragoman.training.events import Event

from ..harness import STARTED, say


class FirstStep(Exception):
    """The first training step has ended."""


def stop_at_first_step(event: Event) -> None:
    """Raise `FirstStep` when a fit tells of its first progress."""
    if isinstance(event, Progress):
        raise FirstStep


def seconds_to_first_step(data: str, n_pairs: int) -> float:
    """Return the seconds between the start of this process and the end of its first training step."""
    with TemporaryDirectory() as folder:
        try:
            train(data, Path(folder) / "model", limit=n_pairs, listener=stop_at_first_step)
        except FirstStep:
            return time.monotonic() - float(os.environ[STARTED])
    raise AssertionError("the training told of no progress")


def main() -> None:
    """Train for a step and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", required=True)
    options.add_argument("--pairs", type=int, default=10000)
    args = options.parse_args()
    say({"first_step_s": seconds_to_first_step(args.data, args.pairs)}, {"pairs": str(args.pairs)})


if __name__ == "__main__":
    main()
