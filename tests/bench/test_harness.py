"""The harness with sides whose answer is known."""

from __future__ import annotations

import subprocess

import pytest

from bench.harness import ROOT, Run, Side, SideFailed, python, run_in_turn, run_side

FAST = 'import json; print("loading"); print(json.dumps({"figures": {"epoch_s": 2}, "about": {"backend": "none"}}))'


def side(name: str, code: str, *, speaks: bool = True, **env: str) -> Side:
    return Side(name, python("-c", code), env, speaks)


def test_a_side_tells_its_figures_and_the_harness_adds_time_and_memory() -> None:
    run = run_side(side("fast", FAST))
    assert run.figures["epoch_s"] == 2.0
    assert run.about == {"backend": "none"}
    assert run.figures["process_s"] > 0


def test_the_peak_memory_is_that_of_each_process_alone() -> None:
    # In a small process of its own: a child's peak counts from its parent's, and this one may hold Keras.
    code = """
from bench.harness import Side, python, run_side
for code in ("x = bytearray(300 * 2**20)", "pass"):
    print(run_side(Side("fake", python("-c", code), speaks=False)).figures["peak_mib"])
"""
    done = subprocess.run(python("-c", code), cwd=ROOT, capture_output=True, text=True, check=True)
    large, small = map(float, done.stdout.split())
    assert large > 300 > small > 1


def test_sides_run_in_turn() -> None:
    heard: list[tuple[int, str]] = []

    def told(number: int, side: Side, run: Run) -> None:
        heard.append((number, side.name))

    runs = run_in_turn([side("a", FAST), side("b", FAST)], 2, told)
    assert heard == [(1, "a"), (1, "b"), (2, "a"), (2, "b")]
    assert {name: len(its) for name, its in runs.items()} == {"a": 2, "b": 2}


def test_the_environment_of_a_side_reaches_it() -> None:
    code = 'import json, os; print(json.dumps({"figures": {}, "about": {"backend": os.environ["KERAS_BACKEND"]}}))'
    assert run_side(side("jax", code, KERAS_BACKEND="torch")).about == {"backend": "torch"}


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("raise SystemExit('no such file')", "fake ended with 1:\nno such file"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "fake ended with -9"),
        ("print('done')", "fake should end with a line of JSON, not 'done'"),
        ("pass", "fake should end with a line of JSON, not 'nothing'"),
        ("print('[]')", r"not '\[\]'"),
    ],
)
def test_a_side_that_fails_is_an_error_with_its_last_words(code: str, message: str) -> None:
    with pytest.raises(SideFailed, match=message):
        run_side(side("fake", code))
