"""``dragoman learn``, ``promote`` and ``rollback``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dragoman.bundle import fingerprint, read
from dragoman.memory import Correction, Memory
from tests.cli.running import Run


@pytest.fixture
def memory(world: Path) -> Memory:
    memory = Memory("memory.sqlite")
    memory.add(Correction("en", "es", "The bell is red.", "La campana es roja."))
    return memory


@pytest.mark.slow
def test_learned_promoted_and_rolled_back(dragoman: Run, memory: Memory) -> None:
    old = fingerprint(Path("model"))
    result = dragoman("learn", "model", "--memory", "memory.sqlite", "--steps", "2")
    assert result.returncode == 0, result.stderr
    candidate = Path(result.stdout.strip())
    assert candidate.parts[-2:] == (".model.learning", "candidate")
    assert "learning 1 corrections" in result.stderr
    assert "dev part, en-es: BLEU" in result.stderr
    new = fingerprint(candidate)
    assert dragoman("promote", "model", "--anyway").returncode == 0
    assert fingerprint(Path("model")) == new
    assert dragoman("rollback", "model").returncode == 0
    assert fingerprint(Path("model")) == old
    again = dragoman("promote", "model")
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr.startswith("dragoman: error: model: there is no candidate to promote")


@pytest.mark.slow
def test_each_event_is_a_line_of_json(dragoman: Run, memory: Memory) -> None:
    result = dragoman("learn", "model", "--memory", "memory.sqlite", "--steps", "2", "--json", "--promote")
    assert (result.returncode, result.stderr) in ((0, ""), (0, result.stderr))
    events = [json.loads(line) for line in result.stdout.splitlines()]
    names = [event["event"] for event in events]
    assert [names[0], names[-1]] == ["gathered", "done"]
    assert {"planned", "progress", "validated", "samples", "gate", "scored"} <= set(names)
    gate = next(event for event in events if event["event"] == "gate")
    assert gate["before"]["scores"]["en-es"].keys() == {"BLEU", "chrF2", "EXACT"}
    assert bool(read(Path("model")).learned.corrections) is gate["passed"]


def test_what_cannot_be_learned_is_said(dragoman: Run, memory: Memory) -> None:
    missing = dragoman("learn", "model", "--memory", "mistyped.sqlite")
    assert (missing.returncode, Path("mistyped.sqlite").exists()) == (7, False)
    Memory("empty.sqlite").close()
    nothing = dragoman("learn", "model", "--memory", "empty.sqlite")
    assert nothing.returncode == 2
    assert "the memory has no approved correction that the bundle has not learned" in nothing.stderr
    both = dragoman("learn", "model", "--memory", "memory.sqlite", "--steps", "2", "--minutes", "1")
    assert both.returncode == 2
    assert "give one of them" in both.stderr
