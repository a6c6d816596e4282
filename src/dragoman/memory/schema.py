"""The tables, as the newest migration leaves them. Moments are microseconds since 1970."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, Table, Text

REVISION = "0001"
"""The newest migration's; a test says so."""

metadata = MetaData()

# SQLite numbers rows by itself only in a column INTEGER.
_NUMBER = BigInteger().with_variant(Integer, "sqlite")

entry = Table(
    "entry",
    metadata,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    Column("src", Text, nullable=False),
    Column("trg", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    # Texts are too long for an index of PostgreSQL.
    Column("source_hash", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
Index("entry_source_hash", entry.c.source_hash)
_RARE = entry.c.state != "approved"
Index("entry_not_approved", entry.c.state, entry.c.id, postgresql_where=_RARE, sqlite_where=_RARE)

version = Table(
    "version",
    metadata,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    Column("entry_id", BigInteger, ForeignKey("entry.id"), nullable=False, index=True),
    Column("target", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("changed", BigInteger, nullable=False),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("created", BigInteger, nullable=False),
    Column("revoked", BigInteger),
)
_VALID = api_key.c.revoked.is_(None)
Index("api_key_valid_name", api_key.c.name, unique=True, postgresql_where=_VALID, sqlite_where=_VALID)
