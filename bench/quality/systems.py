"""How each system is trained for some minutes and translates the test part. Each is run as a person would run it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..harness import ROOT, Run, Side, SideFailed, python, run_side
from ..peers import apertium as rules
from .material import Material
from .outcomes import Task

OURS = "dragoman"
JOEYNMT_BEST = "joeynmt-best"
APERTIUM = "apertium"
JAX = {"KERAS_BACKEND": "jax"}


@dataclass(frozen=True)
class Given:
    """What a system gets: its task, the pairs as the user named them (``data``) and as parts (``material``), the file
    ``out`` for its translations, an empty folder for its ``work``, one to be made for our ``bundle``, and the Python of
    JoeyNMT's environment.
    """

    task: Task
    data: str
    material: Material
    out: Path
    work: Path
    bundle: Path
    joeynmt: Path


def dragoman(given: Given) -> Run:
    """``dragoman train`` with nothing but what to train on and how long; beam 4."""
    task, bundle = given.task, given.bundle
    which = ("--seed", task.seed, *(("--limit", task.limit) if task.limit else ()))
    turned = ("--reverse",) if task.reverse else ()
    command = ("train", given.data, "--minutes", f"{task.minutes:g}", "--out", bundle, *which, *turned)
    trained = run_side(Side(OURS, python("-m", "dragoman", *command), speaks=False))
    translate = ("--bundle", bundle, "--parts", given.material.folder, "--out", given.out)
    run_side(Side(OURS, python("-m", "bench.sides.test_part", *translate)))
    return Run({**trained.figures, "training_s": trained.figures["process_s"]}, trained.about)


def joeynmt(given: Given) -> Run:
    """JoeyNMT at our shape, for the minutes of the clock; the weights that were best in validation, beam 4."""
    return _joeynmt(given)


def joeynmt_best(given: Given) -> Run:
    """JoeyNMT with settings for small data, until its dev score stops rising."""
    return _joeynmt(given, "--small-data")


def keras_transformer(given: Given) -> Run:
    """The recipe of Keras's example, on JAX; greedy."""
    script = ROOT / "bench" / "peers" / "keras_transformer.py"
    return run_side(Side(given.task.system, python(script, *_arguments(given)), JAX))


def apertium(given: Given) -> Run:
    """Apertium, which nobody trains."""
    material = given.material
    if (material.src, material.trg) not in rules.MODES:
        raise SideFailed(f"Apertium is not asked for {material.src}-{material.trg}; leave it out of --peers")
    hyps = rules.translate([pair.src for pair in material.test], material.src, material.trg)
    given.out.write_text(json.dumps(hyps, ensure_ascii=False) + "\n", "utf-8")
    return Run({"training_s": 0.0}, {})


SYSTEMS: dict[str, Callable[[Given], Run]] = {
    OURS: dragoman,
    "joeynmt": joeynmt,
    JOEYNMT_BEST: joeynmt_best,
    "keras-transformer": keras_transformer,
    APERTIUM: apertium,
}


def run(given: Given) -> tuple[Run, list[str]]:
    """Run the system of the task; return its figures, ``training_s`` among them, and its translations."""
    done = SYSTEMS[given.task.system](given)
    hyps: list[str] = json.loads(given.out.read_text("utf-8"))
    return done, hyps


def _joeynmt(given: Given, *settings: object) -> Run:
    command = ("-m", "bench.peers.joeynmt.quality", *_arguments(given), *settings, "--python", given.joeynmt)
    return run_side(Side(given.task.system, python(*command)))


def _arguments(given: Given) -> tuple[object, ...]:
    task = given.task
    files = ("--parts", given.material.folder, "--out", given.out)
    return (*files, "--minutes", f"{task.minutes:g}", "--seed", task.seed)
