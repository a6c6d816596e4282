"""Which corrections wait for a bundle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dragoman import bundle as bundles
from dragoman import learned
from dragoman.bundle import Bundle, Learned
from dragoman.learned import Waiting, corrections, identity, wait_for_more
from dragoman.memory import Correction, Entry, Memory, store


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "memory.sqlite")


@pytest.fixture
def bundle(bundle_path: Path) -> Bundle:
    return bundles.read(bundle_path)


def waiting(bundle: Bundle, memory: Memory) -> int:
    """How many wait, as one counts who has never counted before."""
    return Waiting(memory).count(bundle)


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


@pytest.fixture
def n_rows(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Of each entry that is read from the database, its number."""
    read: list[int] = []
    as_entry = store._as_entry

    def counted(row: Any) -> Entry:
        read.append(row.id)
        return as_entry(row)

    monkeypatch.setattr(store, "_as_entry", counted)
    return read


def test_a_second_count_reads_only_what_has_changed(bundle: Bundle, memory: Memory, n_rows: list[int]) -> None:
    memory.load(Correction("en", "es", f"Sentence {number}.", "Frase.") for number in range(50))
    bundle, count = knowing(bundle, "en", "es", "Go.", "Ve."), Waiting(memory)
    assert count.count(bundle) == 50
    assert len(n_rows) == 50
    changes: list[tuple[Callable[[], object], int]] = [
        (lambda: None, 50),
        (lambda: memory.add(Correction("en", "es", "One more.", "Una más.")), 51),
        (lambda: memory.add(Correction("en", "es", "Sentence 7.", "La frase 7.")), 51),
        (lambda: memory.add(Correction("en", "es", "Go.", "Ve.")), 51),  # it has been learned
        (lambda: memory.add(Correction("es", "en", "Ve.", "Go.")), 51),
        (lambda: memory.edit(53, "Anda."), 52),
        (lambda: memory.edit(53, "Ve."), 51),
        (lambda: memory.withdraw(1), 50),
        (lambda: memory.add(Correction("en", "es", "Run.", "Corre.", state="pending")), 50),
        (lambda: memory.approve(55), 51),
        (lambda: [memory.edit(2, "Otra."), memory.withdraw(3)], 50),
    ]
    for change, expected in changes:
        change()
        n_rows.clear()
        assert count.count(bundle) == expected
        assert len(n_rows) <= 3
        assert len(corrections(bundle, memory).waiting) == expected


def test_what_appears_below_the_last_number_is_found(
    bundle: Bundle, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where another transaction was given a lower number and has ended later."""
    memory.load(Correction("en", "es", f"Sentence {number}.", "Frase.") for number in range(3))
    count, mark = Waiting(memory), memory.mark()
    early = mark._replace(n_entries=2)
    monkeypatch.setattr(memory, "mark", lambda: early)
    assert count.count(bundle) == 3
    monkeypatch.undo()
    assert memory.changed(early, mark) is None
    assert count.count(bundle) == 3


def test_another_version_of_a_bundle_is_counted_anew(bundle: Bundle, memory: Memory) -> None:
    memory.add(Correction("en", "es", "Go.", "Ve."))
    count = Waiting(memory)
    assert count.count(bundle) == 1
    assert count.count(replace(knowing(bundle, "en", "es", "Go.", "Ve."), fingerprint="other")) == 0
    assert count.count(bundle, {identity("en", "es", "Go.", "Ve.")}) == 0
    assert count.count(bundle) == 1
