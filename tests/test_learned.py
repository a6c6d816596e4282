"""Which corrections wait for a bundle."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dragoman import bundle as bundles
from dragoman import learned
from dragoman.bundle import Bundle, Learned
from dragoman.learned import corrections, identity, wait_for_more, waiting
from dragoman.memory import Correction, Memory


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "memory.sqlite")


@pytest.fixture
def bundle(bundle_path: Path) -> Bundle:
    return bundles.read(bundle_path)


def knowing(bundle: Bundle, *texts: str) -> Bundle:
    """The bundle, having learned these."""
    return replace(bundle, learned=Learned((identity(*texts),)))


def test_approved_corrections_of_its_directions_wait(bundle: Bundle, memory: Memory) -> None:
    for state in ("approved", "pending", "withdrawn"):
        memory.add(Correction("en", "es", f"It is {state}.", "Es así.", state=state))
    memory.add(Correction("es", "en", "Así es.", "It is so."))
    memory.add(Correction("en", "de", "So.", "So."))
    assert [entry.source for entry in corrections(bundle, memory).waiting] == ["It is approved."]
    assert waiting(bundle, memory) == 1
    assert waiting(replace(bundle, both=True), memory) == 2


def test_of_one_source_the_newest_counts(bundle: Bundle, memory: Memory) -> None:
    first = memory.add(Correction("en", "es", "Go.", "Ve."))
    memory.add(Correction("en", "es", "Go.", "Vete."))
    assert [entry.target for entry in corrections(bundle, memory).waiting] == ["Vete."]
    memory.edit(first.id, "Anda.")
    assert [entry.target for entry in corrections(bundle, memory).waiting] == ["Anda."]


def test_what_was_learned_waits_no_more_until_it_is_edited(bundle: Bundle, memory: Memory) -> None:
    entry = memory.add(Correction("en", "es", "Go.", "Ve."))
    bundle = knowing(bundle, "en", "es", "Go.", "Ve.")
    assert corrections(bundle, memory) == ([], [entry])
    memory.edit(entry.id, "Vete.")
    assert (waiting(bundle, memory), corrections(bundle, memory).earlier) == (1, [])
    memory.withdraw(entry.id)
    assert corrections(bundle, memory) == ([], [])


def test_what_a_bundle_has_learned_stands_in_it(bundle: Bundle, tmp_path: Path) -> None:
    learned = Learned(("0123456789abcdef",), {"en-es": 61.5})
    assert bundles.write(replace(bundle, learned=learned), tmp_path / "out").learned == learned
    assert bundle.learned == Learned()


def test_a_watch_ends_with_enough_corrections_or_in_a_quiet_while(
    bundle_path: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = 0.0

    def sleep(seconds: float) -> None:
        nonlocal clock
        clock += seconds
        if clock in (100.0, 400.0):
            memory.add(Correction("en", "es", f"At {clock}.", "Sí."))

    def wait() -> int:
        return wait_for_more(bundle_path, memory, sleep=sleep, now=lambda: clock)

    assert wait() == 2
    assert 1000.0 <= clock < 1040.0
    for number in range(learned.ENOUGH):
        memory.add(Correction("en", "es", f"Number {number}.", "Sí."))
    then = clock
    assert wait() == 2 + learned.ENOUGH
    assert clock == then
