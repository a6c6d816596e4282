"""Each test of a memory runs on SQLite, and on PostgreSQL too where `scripts/with-postgres` has started one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy

from dragoman.memory import Correction, Memory

POSTGRES = os.environ.get("DRAGOMAN_POSTGRES")


def go(target: str, source: str = "Go.", **fields: str) -> Correction:
    """A correction from English to Spanish."""
    return Correction("en", "es", source, target, **fields)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of its own."""
    if request.param == "sqlite":
        yield str(tmp_path / "memory.sqlite")
        return
    if POSTGRES is None:
        pytest.skip("no PostgreSQL here; scripts/check --postgres starts one")
    name = f"test_{uuid4().hex}"
    server = sqlalchemy.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
    yield POSTGRES.rpartition("/")[0] + f"/{name}"
    with server.connect() as connection:
        connection.execute(sqlalchemy.text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def memory(place: str) -> Iterator[Memory]:
    """An empty memory."""
    with Memory(place) as opened:
        yield opened
