"""Let a copy of a bundle learn the corrections of ``corrections.tsv``, and count with the memory switched off.

    python -m bench.learning --bundle B --work DIR             # all fifty at once
    python -m bench.learning --bundle B --work DIR --rounds 5  # ten a round, each promoted before the next

``unseen.tsv`` has sentences with the same words that no bundle is ever shown: a sentence and a regular expression for
what must stand in its translation. Both files were written before anything was trained. The bundle translates English
to Spanish.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple

from dragoman import Translator
from dragoman.memory import Correction, Memory
from dragoman.promotion import promote
from dragoman.training.learning import learn

from ..machine import machine

HERE = Path(__file__).parent


class Row(NamedTuple):
    """A line of either file: its group, a source, and its translation or what must stand in it."""

    group: str
    src: str
    wanted: str


def main() -> None:
    """Print a line of JSON for the bundle as it is, and one after each round."""
    parser = argparse.ArgumentParser(prog="python -m bench.learning", description=__doc__.splitlines()[0])
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="a folder for the copy; it is emptied")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--steps", type=int)
    options = parser.parse_args()
    shutil.rmtree(options.work, ignore_errors=True)
    model = Path(shutil.copytree(options.bundle, options.work / "model"))
    corrections, unseen = _rows("corrections.tsv"), _rows("unseen.tsv")
    print(json.dumps({"machine": machine(), "before": _counted(model, corrections, unseen)}, ensure_ascii=False))
    with Memory(options.work / "memory.sqlite") as memory:
        for number in range(options.rounds):
            # Every fifth: each round has some of every group.
            for row in corrections[number :: options.rounds]:
                memory.add(Correction("en", "es", row.src, row.wanted))
            print(json.dumps(_round(model, memory, options.steps, corrections, unseen), ensure_ascii=False), flush=True)


def _rows(name: str) -> list[Row]:
    return [Row(*line.split("\t")) for line in (HERE / name).read_text("utf-8").splitlines()]


def _round(
    model: Path, memory: Memory, steps: int | None, corrections: Sequence[Row], unseen: Sequence[Row]
) -> dict[str, Any]:
    """Learn what is new, and promote it, passed or not."""
    began, processor = perf_counter(), process_time()
    verdict = learn(model, memory, steps=steps).verdict
    taken = {"seconds": round(perf_counter() - began, 1), "processor_seconds": round(process_time() - processor, 1)}
    promote(model, anyway=True)
    return {**taken, **verdict._asdict(), **_counted(model, corrections, unseen)}


def _counted(model: Path, corrections: Sequence[Row], unseen: Sequence[Row]) -> dict[str, Any]:
    """Return how many come out right, in all and by group, and the sentences that do not."""
    translator = Translator.load(model)
    right = [(row, translator(row.src)) for row in corrections]
    held = [(row, translator(row.src)) for row in unseen]
    known = [row for row, said in right if said == row.wanted]
    changed = [row for row, said in held if re.search(row.wanted, said, re.IGNORECASE)]
    return {
        "corrections_right": len(known),
        "corrections_by_group": Counter(row.group for row in known),
        "unseen_right": len(changed),
        "unseen_by_group": Counter(row.group for row in changed),
        "wrong": [[row.src, said] for row, said in right if row not in known],
        "unseen_wrong": [[row.src, said] for row, said in held if row not in changed],
    }


if __name__ == "__main__":
    main()
