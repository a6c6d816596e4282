"""A place, file or URL, to connections: how each database is opened, made durable, and its errors told in our words."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from ..errors import MemoryUnavailableError, MissingPackageError, UsageError
from .schema import REVISION

POOL_SIZE = 8
"""Connections that are kept; threads beyond them wait."""

_MIGRATION_LOCK = 0x647261676F6D616E
"""PostgreSQL's advisory lock while the schema is made: "dragoman" in ASCII."""

_REASONS = {
    "locked": "another process holds the database locked (try again, or end that process)",
    "lock timeout": "another process holds the database locked (try again, or end that process)",
    "full": "the disk is full (make room)",
    "no space": "the disk is full (make room)",
    "disk i/o error": "the disk cannot be read or written (look at its room and its state)",
    "unable to open": "the file is gone, or may not be opened (put it back, or mend its rights)",
    "readonly": "the file may only be read (mend its rights, and those of its folder)",
    "not a database": "this file is no memory (name another one)",
    "malformed": "the database is damaged (restore it from a copy)",
}
"""Words of the drivers, and what they mean to a user."""


class Database:
    """An open database of the newest schema. Threads may share it; several processes may use one database.

    What is written is on the disk when `writing` ends: SQLite in WAL mode with ``synchronous=FULL``, PostgreSQL as its
    server is configured. Whoever waits longer than ``wait`` seconds for a lock or a connection, and whatever else the
    database refuses, gets a `MemoryUnavailableError`.
    """

    _migrating: ClassVar[Lock] = Lock()  # Alembic keeps its context in globals

    def __init__(self, place: str | os.PathLike[str], *, must_exist: bool, wait: float) -> None:
        url = _url(place)
        self.name = url.database or "" if url.drivername == "sqlite" else url.render_as_string(hide_password=True)
        with self._in_our_words():
            self.engine = _sqlite(url, must_exist, wait) if url.drivername == "sqlite" else _postgresql(url, wait)
            try:
                self._migrate(wait)
            except BaseException:
                self.engine.dispose()
                raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database."""
        with self._in_our_words(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose work is durable when the block ends, or undone when it raises."""
        with self._in_our_words(), self.engine.connect() as connection:
            connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    def write_a_page(self, connection: Connection) -> None:
        """Write something that changes nothing, so that a full disk is found. PostgreSQL ends where it cannot write."""
        if self.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA user_version=0")  # SQLite writes its page whatever stood there

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error, NoConnectionLeft) as error:
            raise MemoryUnavailableError(f"{self.name}: {_reason(error)}") from error
        except OSError as error:
            raise MemoryUnavailableError(f"{self.name}: {error.strerror or error}") from error

    def _migrate(self, wait: float) -> None:
        if self.engine.dialect.name == "sqlite":
            _turn_to_wal(self.engine, wait)
        with self.reading() as connection:
            if _revision(connection) == REVISION:
                return
        with self._migrating, self.writing() as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            self._upgrade(connection)

    def _upgrade(self, connection: Connection) -> None:
        from alembic import command
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise MemoryUnavailableError(
                f"{self.name}: made by a newer Dragoman, at revision {_revision(connection)} (install that version)"
            ) from error


def _url(place: str | os.PathLike[str]) -> URL:
    place = os.fspath(place)
    if "://" not in place:
        return URL.create("sqlite", database=place)
    try:
        url = make_url(place)
    except (ArgumentError, ValueError) as error:
        raise UsageError(f"a memory is a file, or postgresql://user@host/name; {place!r} is no URL") from error
    backend = url.drivername.split("+")[0]
    if backend in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database:
        return url
    raise UsageError(
        f"a memory is a file, sqlite:///FILE or postgresql://user@host/name, not {url.render_as_string(True)!r}"
    )


def _sqlite(url: URL, must_exist: bool, wait: float) -> Engine:
    path = Path(url.database or "").absolute()
    if must_exist and not path.exists():
        raise MemoryUnavailableError(f"{url.database}: there is no such memory (dragoman memory add makes one)")
    if path.is_dir():
        raise UsageError(f"{url.database}: this is a folder; a memory is a file (name one in it)")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)

    def connect() -> sqlite3.Connection:
        # mode=rw: a file that has gone is not made again, empty, behind the user's back.
        connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode=rw", uri=True, timeout=wait, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        return connection

    engine = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool, pool_size=POOL_SIZE, max_overflow=0, pool_timeout=wait
    )

    @event.listens_for(engine, "connect")
    def _remember_file(connection: Any, record: Any) -> None:
        record.info["file"] = _identity(path)

    @event.listens_for(engine, "checkout")
    def _check_file(connection: Any, record: Any, proxy: Any) -> None:
        # SQLite would go on writing into a file that was deleted or replaced, and all of it would be lost.
        if record.info["file"] != _identity(path):
            raise DisconnectionError

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        # A transaction that reads first and writes later could not wait for its lock.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _postgresql(url: URL, wait: float) -> Engine:
    # Compiling a query takes longer than any of ours.
    settings = f"-c lock_timeout={round(1000 * wait)} -c jit=off"
    try:
        return create_engine(
            url,
            connect_args={
                "connect_timeout": max(2, round(wait)),
                "tcp_user_timeout": round(1000 * wait),  # a machine that is gone does not say so
                "options": settings,
            },
            pool_size=POOL_SIZE,
            max_overflow=0,
            pool_timeout=wait,
            pool_pre_ping=True,
        )
    except ImportError as error:
        raise MissingPackageError("PostgreSQL needs the package psycopg", "dragoman[postgres]") from error


def _turn_to_wal(engine: Engine, wait: float) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            connection = engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA journal_mode=WAL")
            finally:
                connection.close()
            return
        except sqlite3.OperationalError as error:
            # SQLite does not wait for this lock by itself.
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _reason(error: Exception) -> str:
    words = " ".join(str(getattr(error, "orig", None) or error).split())
    if isinstance(error, NoConnectionLeft):
        return "all connections are in use (try again)"
    return next((reason for word, reason in _REASONS.items() if word in words.lower()), words)
