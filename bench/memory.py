"""Private memory of preparing and of training, on corpora of different sizes made by varying the phrasebook.

    python -m bench.memory --pairs 100000 10000000 --folder /somewhere/with/10/GB

Private memory is that of a process and all its children, read 20 times a second. The folder must lie on a disk, not in
memory. Each size is prepared in one process; another prepares it once more, trains for some steps, and scores.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

from dragoman.config import CharLSTMConfig, TrainConfig
from dragoman.corpus import open_pairs
from dragoman.corpus.phrasebook import phrases
from dragoman.corpus.preparation import prepare

from .private_memory import family, private_bytes

SECONDS_BETWEEN_LOOKS = 0.05
MIB = 2**20
SPAWN = multiprocessing.get_context("spawn")

PHASES = ("prepare", "train", "score")
"""What a job is doing; it shares the place of the name with who looks at its memory."""


def write_corpus(path: Path, n_pairs: int) -> None:
    """Write ``n_pairs`` distinct pairs to ``path``, each of two phrases of the phrasebook."""
    known = phrases()
    with path.open("w", encoding="utf-8") as file:
        for number in range(n_pairs):
            shift, place = divmod(number, len(known))
            one, other = known[place], known[(place + shift) % len(known)]
            file.write(f"{one.src} {other.src}\t{one.trg} {other.trg}\n")


def prepare_corpus(_: Synchronized[int], path: Path, folder: Path) -> None:
    """Prepare ``path``: parse, clean, find duplicates, split, write."""
    print(prepare(open_pairs(path), folder / "store").facts.cleaning, flush=True)


def train_some_steps(phase: Synchronized[int], path: Path, folder: Path, n_steps: int) -> None:
    """Prepare ``path``, train on it for ``n_steps`` steps and measure the dev loss, then score."""
    # Keras takes memory as soon as it is imported, and preparing needs none of it.
    from dragoman.fitting.events import Planned
    from dragoman.training import train
    from dragoman.training.events import Event, Scoring

    def listen(event: Event) -> None:
        if isinstance(event, Planned | Scoring):
            phase.value = PHASES.index("train" if isinstance(event, Planned) else "score")

    train(
        path,
        folder / "bundle",
        model=CharLSTMConfig(units=128),
        training=TrainConfig(steps=n_steps),
        with_data=False,
        listener=listen,
    )


def measure(job: Callable[..., None], *arguments: object) -> dict[str, float]:
    """Run ``job`` in a process of its own.

    Return its seconds of the wall and of all processors, and its peak in MiB in each phase.
    """
    phase = SPAWN.Value("i", 0)
    process = SPAWN.Process(target=job, args=(phase, *arguments))
    began, used = time.perf_counter(), processor_seconds()
    process.start()
    peaks = dict.fromkeys(PHASES, 0)
    while process.is_alive():
        assert process.pid is not None
        name = PHASES[phase.value]
        peaks[name] = max(peaks[name], sum(map(private_bytes, family(process.pid))))
        process.join(SECONDS_BETWEEN_LOOKS)
    if process.exitcode:
        raise SystemExit(process.exitcode)
    return {
        "s": round(time.perf_counter() - began, 1),
        "processor s": round(processor_seconds() - used, 1),
        **{name: round(peak / MIB) for name, peak in peaks.items()},
    }


def processor_seconds() -> float:
    """Return the processor time of all processes below this one that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def main() -> None:
    """Measure each size, print a line for it, and then all as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pairs", type=int, nargs="+", default=[100_000, 10_000_000])
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--folder", type=Path, help="where the corpora go for the time being; by default the system's")
    options = parser.parse_args()
    results: list[dict[str, Any]] = []
    for n_pairs in options.pairs:
        with tempfile.TemporaryDirectory(dir=options.folder) as name:
            path = Path(name) / "pairs.tsv"
            write_corpus(path, n_pairs)
            prepared = measure(prepare_corpus, path, Path(name))
            trained = measure(train_some_steps, path, Path(name), options.steps)
        results.append(
            {
                "pairs": n_pairs,
                "prepare, s": prepared["s"],
                "prepare, processor s": prepared["processor s"],
                "prepare, peak MiB": prepared["prepare"],
                "prepare, bytes a pair": round(prepared["prepare"] * MIB / n_pairs, 1),
                "train, peak MiB": trained["train"],
                "score, peak MiB": trained["score"],
                "prepare, train and score, s": trained["s"],
            }
        )
        print(*(f"{what}: {value:,}" for what, value in results[-1].items()), sep="; ", flush=True)
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
