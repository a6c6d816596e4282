from __future__ import annotations

import multiprocessing
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from dragoman import memory as package
from dragoman.errors import MemoryUnavailableError, UsageError
from dragoman.memory import Keys, Memory, schema
from tests.memory.conftest import go

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An SQLite memory with one entry."""
    path = tmp_path / "some folder" / "memory%20.sqlite"
    with Memory(path) as memory:
        memory.add(go("Ve."))
    return path


@pytest.fixture
def opened(file: Path) -> Iterator[Memory]:
    with Memory(file, wait=0.1) as memory:
        memory.check()
        yield memory


def test_the_schema_is_what_the_migrations_leave(memory: Memory) -> None:
    with memory.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_no_trigram_index})
        assert compare_metadata(context, schema.metadata) == []
        assert context.get_current_revision() == schema.REVISION
    migrations = ScriptDirectory(str(Path(package.__file__).with_name("migrations")))
    assert migrations.get_current_head() == schema.REVISION


def _is_no_trigram_index(item: object, name: str, kind: str, reflected: bool, compared_to: object) -> bool:
    """SQLAlchemy knows nothing of these: they are the databases' own."""
    return not name.startswith(("entry_trigrams", "padded"))


def _open_and_add(place: str, number: int) -> None:
    with Memory(place) as memory:
        memory.add(go(f"Ve {number}."))


@pytest.mark.slow
def test_processes_that_start_at_once_make_one_database(place: str) -> None:
    processes = [SPAWN.Process(target=_open_and_add, args=(place, number)) for number in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4
    with Memory(place) as memory:
        assert {entry.target for entry in memory.entries()} == {f"Ve {number}." for number in range(4)}


def test_sqlite_is_durable_and_private(file: Path, opened: Memory) -> None:
    with opened.database.writing() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_locked_database_is_reported_and_heals(file: Path, opened: Memory) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(MemoryUnavailableError, match="another process holds the database locked"):
        opened.add(go("Anda."))
    with pytest.raises(MemoryUnavailableError, match="locked"):
        opened.check()
    assert opened.known("en", "es")(["Go."]) == {"Go.": "Ve."}, "a writer keeps no reader out"
    other.execute("ROLLBACK")
    opened.add(go("Anda."))
    assert opened.known("en", "es")(["Go."]) == {"Go.": "Anda."}
    other.close()


def test_a_file_that_has_gone_is_reported_and_may_come_back(file: Path, opened: Memory) -> None:
    away = file.rename(file.with_suffix(".away"))
    for suffix in ("-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)
    for call in (opened.check, lambda: opened.known("en", "es")(["Go."]), lambda: opened.add(go("Anda."))):
        with pytest.raises(MemoryUnavailableError, match="the file is gone"):
            call()
    assert not file.exists(), "it is not made again, empty"
    away.rename(file)
    opened.add(go("Anda."))
    assert opened.known("en", "es")(["Go."]) == {"Go.": "Anda."}


def test_a_file_that_was_replaced_is_taken_as_it_is(file: Path, opened: Memory) -> None:
    with Memory(file.with_name("new")) as other:
        other.add(go("Vete."))
    file.with_name("new").replace(file)
    for suffix in ("-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)
    assert opened.known("en", "es")(["Go."]) == {"Go.": "Vete."}


def test_a_full_disk_is_reported_and_keeps_what_was_there(file: Path, opened: Memory) -> None:
    with opened.database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(MemoryUnavailableError, match="the disk is full"):
        opened.load(go("x" * 5000, source=f"{n}" * 5000) for n in range(10))
    assert opened.counts() == {"pending": 0, "approved": 1, "withdrawn": 0}
    with Memory(file) as later:
        later.add(go("Anda."))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"what is this?" * 1000, "no memory"), (b"SQLite format 3\0" + b"\1" * 8000, "memory.sqlite")],
)
def test_a_file_that_is_no_memory(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite"
    path.write_bytes(content)
    with pytest.raises(MemoryUnavailableError, match=said):
        Memory(path)
    assert path.read_bytes() == content


def test_a_newer_database_is_left_alone(place: str) -> None:
    with Memory(place) as memory, memory.database.writing() as connection:
        connection.execute(sqlalchemy.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MemoryUnavailableError, match="newer Dragoman, at revision 9999"):
        Memory(place)


@pytest.mark.parametrize(
    ("place", "error", "said"),
    [
        ("mysql://ana:secret@host/name", UsageError, "mysql://ana:"),
        ("sqlite://", UsageError, "sqlite:///FILE"),
        ("postgresql://ana:secret@127.0.0.1:1/name", MemoryUnavailableError, "onnection"),
        ("postgresql://host:port/name", UsageError, "no URL"),
        ("/dev/null/memory", MemoryUnavailableError, "/dev/null/memory: "),
        (".", UsageError, "this is a folder; a memory is a file"),
    ],
)
def test_places_that_cannot_work(place: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error) as raised:
        Memory(place, wait=1)
    assert said in str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_memory_that_must_exist(tmp_path: Path) -> None:
    with pytest.raises(MemoryUnavailableError, match="no such memory"):
        Memory(tmp_path / "memory", must_exist=True)
    assert list(tmp_path.iterdir()) == []


KILLED = """
import sys
from dragoman.memory import Correction, Memory
memory = Memory(sys.argv[1])
print("ready", flush=True)
for n in range(100000):
    entry = memory.add(Correction("en", "es", f"{n}: {'go ' * 300}", f"{n}: {'ve ' * 300}"))
    print(entry.id, n, flush=True)
"""


@pytest.mark.slow
def test_what_was_acknowledged_outlives_a_kill(place: str) -> None:
    acknowledged: dict[int, str] = {}
    for n_seen in (1, 7, 20):
        command = [sys.executable, "-c", KILLED, place]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            lines = [process.stdout.readline() for _ in range(n_seen)]
            process.kill()
            lines += process.stdout.read().splitlines(keepends=True)
        acknowledged |= dict(map(_numbers, (line for line in lines if line.endswith("\n"))))
        with Memory(place) as memory:
            entries = memory.entries(limit=100_000)
        there = {entry.id: entry.source.split(":")[0] for entry in entries}
        assert acknowledged.items() <= there.items()
        assert len(there) - len(acknowledged) <= 3, "at most one a run was written and not told of"
        assert all(e.source == f"{there[e.id]}: {'go ' * 300}".strip() for e in entries), "none is half-written"


def _numbers(line: str) -> tuple[int, str]:
    number, n = line.split()
    return int(number), n


def test_keys_need_the_database_too(file: Path, opened: Memory) -> None:
    file.unlink()
    with pytest.raises(MemoryUnavailableError):
        Keys(opened).check("secret")
