from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from dragoman.errors import NotFoundError, UsageError
from dragoman.memory import Correction, Memory
from dragoman.memory.corrections import MAX_CHARACTERS
from dragoman.memory.store import BATCH
from tests.memory.conftest import go


def answer(memory: Memory, text: str = "Go.") -> str | None:
    return memory.known("en", "es")([text]).get(text)


def test_a_correction_holds_at_once_in_every_memory_on_that_database(memory: Memory, place: str) -> None:
    with Memory(place) as other:
        assert answer(other) is None
        entry = memory.add(go("Ve.", author="Ana", context="a sign"))
        assert answer(other) == "Ve."
        assert other.entry(entry.id) == entry
    assert (entry.src, entry.trg, entry.source, entry.target) == ("en", "es", "Go.", "Ve.")
    assert (entry.author, entry.context, entry.state) == ("Ana", "a sign", "approved")
    assert entry.created == entry.changed
    assert abs(entry.created.timestamp() - time.time()) < 3600


def test_the_life_of_a_correction(memory: Memory) -> None:
    entry = memory.add(go("Ve.", state="pending"))
    assert answer(memory) is None
    assert memory.approve(entry.id).state == "approved"
    assert answer(memory) == "Ve."
    assert memory.edit(entry.id, " Vete. ").target == "Vete."
    assert answer(memory) == "Vete."
    assert memory.withdraw(entry.id).state == "withdrawn"
    assert answer(memory) is None
    past = memory.past(entry.id)
    assert [(v.target, v.state) for v in past] == [("Ve.", "pending"), ("Ve.", "approved"), ("Vete.", "approved")]
    assert past[0].changed == entry.changed < past[1].changed < past[2].changed
    assert memory.withdraw(entry.id).changed == memory.entry(entry.id).changed
    assert len(memory.past(entry.id)) == 3, "what changes nothing is no version"


def test_the_newest_word_holds(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = memory.add(go("Ve.")), memory.add(go("Anda."))
    assert answer(memory) == "Anda."
    memory.edit(first.id, "Vete.")
    assert answer(memory) == "Vete."
    monkeypatch.setattr(time, "time_ns", lambda: 0)  # a clock that was put back
    memory.edit(second.id, "Vaya.")
    assert answer(memory) == "Vaya."
    memory.withdraw(second.id)
    assert answer(memory) == "Vete."


@pytest.mark.parametrize(
    ("asked", "is_known"),
    [
        ("Jose\u0301 is here.", True),
        ("\tJosé is here.\r\n", True),
        ("José\u00a0is here.", True),
        ("José\u3000is\u2009he\u00adre\u200b.", True),
        ("josé is here.", False),
        ("José is here", False),
        ("José  is here.", False),
        ("José\nis here.", False),
        ("José is \ud800here.", False),
        ("", False),
        ("x" * (MAX_CHARACTERS + 1), False),
    ],
)
def test_in_which_form_texts_are_looked_up(memory: Memory, asked: str, is_known: bool) -> None:
    memory.add(go("José está aquí.", source=" José is here. "))
    assert (answer(memory, asked) == "José está aquí.") is is_known


def test_lines_and_no_break_spaces_of_a_target_stay(memory: Memory) -> None:
    memory.add(go(" «\u00a0Ve\u00a0»\r\nAhora\0. ", source="Go.\r\nNow."))
    assert answer(memory, "Go.\nNow. ") == "«\u00a0Ve\u00a0»\nAhora."


def test_languages_are_apart_and_codes_are_standard(memory: Memory) -> None:
    memory.add(Correction("eng", "spa", "Go.", "Ve."))
    memory.add(Correction("en", "fr", "Go.", "Va."))
    assert memory.known("en", "fr")(["Go."]) == {"Go.": "Va."}
    assert memory.known("eng", "spa")(["Go."]) == {"Go.": "Ve."}
    assert memory.known("es", "en")(["Go."]) == {}
    assert [e.trg for e in memory.entries(trg="fra")] == ["fr"]
    assert [near.entry.target for near in memory.near("en", "fr", "Go.")] == ["Va."]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"source": " "}, "source"),
        ({"target": "\0"}, "target"),
        ({"target": "x" * (MAX_CHARACTERS + 1)}, "10,001"),
        ({"source": "\udc00"}, "surrogate"),
        ({"author": "x" * 1001}, "author"),
        ({"state": "good"}, "'good'"),
        ({"src": "english"}, "'english'"),
        ({"src": "spa"}, "not both es"),
    ],
)
def test_what_is_no_correction_is_refused(fields: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Correction(**{"src": "en", "trg": "es", "source": "Go.", "target": "Ve."} | fields)


def test_an_entry_that_is_not_there(memory: Memory) -> None:
    for call in (memory.entry, memory.approve, memory.withdraw, memory.past, lambda n: memory.edit(n, "Ve.")):
        with pytest.raises(NotFoundError, match="no entry 7"):
            call(7)
        for number in (-1, 2**63, 10**30):
            with pytest.raises(NotFoundError, match=f"no entry {number}"):
                call(number)
    entry = memory.add(go("Ve."))
    assert memory.entries(after=10**30) == []
    assert memory.entries(after=-(10**30), limit=10**30) == [entry]
    with pytest.raises(UsageError, match="empty"):
        memory.edit(entry.id, " ")
    assert answer(memory) == "Ve."


def test_entries_come_a_page_at_a_time(memory: Memory) -> None:
    for n in range(5):
        memory.add(go(f"Ve {n}.", state="pending" if n % 2 else "approved"))
    first = memory.entries(limit=3)
    rest = memory.entries(after=first[-1].id, limit=3)
    assert [e.target for e in first + rest] == [f"Ve {n}." for n in range(5)]
    assert [e.target for e in memory.entries(state="pending")] == ["Ve 1.", "Ve 3."]
    assert memory.counts("en", "es") == {"pending": 2, "approved": 3, "withdrawn": 0}
    assert memory.counts("en", "fr") == {"pending": 0, "approved": 0, "withdrawn": 0}
    with pytest.raises(UsageError, match="'good'"):
        memory.entries(state="good")


def test_loading_is_done_again_without_doubles(memory: Memory) -> None:
    taken = []

    def corrections() -> Iterator[Correction]:
        for n in range(BATCH + 10):
            taken.append(n)
            yield go(f"Tengo {n} perros.", source=f"I have {n} dogs.")
            if n == BATCH + 5:
                raise ConnectionError

    with pytest.raises(ConnectionError):
        memory.load(corrections())
    assert memory.counts()["approved"] == BATCH, "each batch counts for itself"
    again = [go(f"Tengo {n} perros.", source=f"I have {n} dogs.") for n in (*range(BATCH + 10), 3)]
    assert memory.load(again) == 10
    assert answer(memory, "I have 5009 dogs.") == "Tengo 5009 perros."
    assert len(list(memory.every("en", "es"))) == BATCH + 10


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=80))
def test_any_text_is_kept_or_refused_in_words(memory: Memory, source: str, target: str) -> None:
    try:
        correction = go(target, source=source)
    except UsageError:
        return
    memory.add(correction)
    assert answer(memory, source) == correction.target
    near = memory.near("en", "es", source, n=1)
    assert (near[0].likeness, near[0].entry.target) == (1, correction.target)


def test_many_threads_share_a_memory(memory: Memory) -> None:
    def work(n: int) -> str | None:
        memory.add(go(f"Ve {n}.", source=f"Go {n}."))
        return answer(memory, f"Go {n}.")

    with ThreadPoolExecutor(12) as threads:
        assert list(threads.map(work, range(60))) == [f"Ve {n}." for n in range(60)]
    assert memory.counts()["approved"] == 60


def test_what_has_changed_between_two_marks(memory: Memory) -> None:
    empty = memory.mark()
    first = memory.add(Correction("en", "es", "Go.", "Ve."))
    memory.add(Correction("en", "es", "Run.", "Corre.", state="pending"))
    two = memory.mark()
    assert len({empty, two, memory.mark()}) == 2
    assert set(memory.changed(empty, two) or ()) == {memory.hash_of("Go."), memory.hash_of("Run.")}
    assert memory.changed(two, two) == []
    memory.edit(first.id, "Vete.")
    assert memory.changed(two, memory.mark()) == [memory.hash_of("Go.")]
    assert memory.changed(empty._replace(n_entries=1), two) is None
    assert [entry.target for entry in memory.holding("en", "es", [memory.hash_of(t) for t in ("Go.", "Run.")])] == [
        "Vete."
    ]


def test_what_is_to_be_approved_is_counted_by_its_index(memory: Memory) -> None:
    for state in ("approved", "pending", "pending", "withdrawn"):
        memory.add(Correction("en", "es", "Go.", "Ve.", state=state))
    memory.add(Correction("es", "en", "Ve.", "Go.", state="pending"))
    statements: list[str] = []
    event.listen(memory.database.engine, "before_cursor_execute", lambda c, cursor, sql, *rest: statements.append(sql))
    assert (memory.n_pending("en", "es"), memory.n_pending("en", "de")) == (2, 0)
    assert any("state != 'approved'" in sql for sql in statements)
