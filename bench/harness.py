"""Sides, each run in a process of its own, several rounds in turn.

A side is a command. A side that speaks ends its standard output with one line of JSON, as `say` prints it. To its
figures come those of the whole process: ``process_s``, its wall time, ``cpu_s``, what it took of the processors, and
``peak_mib``, its peak resident memory.

This file imports nothing heavy: Linux carries the peak of a parent over to the child that it starts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
STARTED = "BENCH_STARTED"
"""The environment variable that tells a side when it was started, in seconds of the system's monotonic clock."""


@dataclass(frozen=True)
class Side:
    """A command with a name; ``env`` is added to the environment. One that does not speak prints no figures."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    speaks: bool = True


class Run(NamedTuple):
    """What one run of a side gave: figures by name, and what it says about itself."""

    figures: dict[str, float]
    about: dict[str, str]


class SideFailed(Exception):
    """A side ended with an error or did not speak; its last words are the message."""


def python(*arguments: object) -> tuple[str, ...]:
    """Return the command that runs this Python with ``arguments``."""
    return (sys.executable, *map(str, arguments))


def say(figures: Mapping[str, float], about: Mapping[str, str]) -> None:
    """Print the line that a side ends with."""
    print(json.dumps({"figures": dict(figures), "about": dict(about)}, ensure_ascii=False))


def run_in_turn(
    sides: Sequence[Side], rounds: int, told: Callable[[int, Side, Run], None] = lambda number, side, run: None
) -> dict[str, list[Run]]:
    """Return the runs of each side, by name: A B A B, so that a slow minute of the machine meets all of them.

    ``told`` hears of each run as it ends, with the number of its round from 1.
    """
    runs: dict[str, list[Run]] = {side.name: [] for side in sides}
    for number in range(1, rounds + 1):
        for side in sides:
            runs[side.name].append(run_side(side))
            told(number, side, runs[side.name][-1])
    return runs


def run_side(side: Side) -> Run:
    """Run ``side`` once, in the root of the repository; a failure is a `SideFailed`."""
    with TemporaryFile() as out, TemporaryFile() as err:
        began = time.monotonic()
        env = {**os.environ, **side.env, STARTED: str(began)}
        process = subprocess.Popen(side.command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=ROOT, env=env)
        _, status, usage = os.wait4(process.pid, 0)  # the usage of this child alone
        seconds = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SideFailed(f"{side.name} ended with {process.returncode}:\n" + "\n".join(_lines(err)[-20:]))
        spoken = _spoken(side, _lines(out)) if side.speaks else Run({}, {})
    figures = {"process_s": seconds, "cpu_s": usage.ru_utime + usage.ru_stime, "peak_mib": usage.ru_maxrss / 1024}
    return Run({**spoken.figures, **figures}, spoken.about)


def _lines(stream: IO[bytes]) -> list[str]:
    stream.seek(0)
    return stream.read().decode(errors="replace").splitlines()


def _spoken(side: Side, lines: Sequence[str]) -> Run:
    try:
        values = json.loads(lines[-1])
        return Run({name: float(value) for name, value in values["figures"].items()}, dict(values["about"]))
    except (IndexError, KeyError, TypeError, ValueError) as error:
        last = lines[-1] if lines else "nothing"
        raise SideFailed(f"{side.name} should end with a line of JSON, not {last!r}") from error
