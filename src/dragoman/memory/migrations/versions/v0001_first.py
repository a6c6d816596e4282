"""Entries with an index of trigrams over their sources, their past versions, API keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make everything."""
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    _make_entries(number)
    op.create_table(
        "version",
        sa.Column("id", number, primary_key=True, autoincrement=True),
        sa.Column("entry_id", sa.BigInteger, sa.ForeignKey("entry.id"), nullable=False, index=True),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "api_key",
        sa.Column("id", number, primary_key=True, autoincrement=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("revoked", sa.BigInteger),
    )
    valid = sa.text("revoked IS NULL")
    op.create_index("api_key_valid_name", "api_key", ["name"], unique=True, postgresql_where=valid, sqlite_where=valid)
    for statement in _TRIGRAMS[op.get_bind().dialect.name]:
        op.execute(statement)


def _make_entries(number: sa.types.TypeEngine[int]) -> None:
    op.create_table(
        "entry",
        sa.Column("id", number, primary_key=True, autoincrement=True),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("src", "trg", "source", "target", "author", "context", "state")
        ),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("created", "changed", "source_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index("entry_source_hash", "entry", ["source_hash"])
    rare = sa.text("state != 'approved'")
    op.create_index("entry_not_approved", "entry", ["state", "id"], postgresql_where=rare, sqlite_where=rare)


# A source never changes and an entry is never deleted, so the index needs neither a copy of the text nor its positions.
_TRIGRAMS = {
    "sqlite": (
        "CREATE VIRTUAL TABLE entry_trigrams USING "
        "fts5(source, content='', columnsize=0, detail=none, tokenize='trigram')",
        "CREATE TRIGGER entry_added AFTER INSERT ON entry BEGIN "
        "INSERT INTO entry_trigrams(rowid, source) VALUES (new.id, ' ' || new.source || ' '); END",
    ),
    "postgresql": (
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        # Stored, because a search looks at it for thousands of rows.
        "ALTER TABLE entry ADD COLUMN padded text GENERATED ALWAYS AS (lower(' ' || source || ' ')) STORED",
        "CREATE INDEX entry_trigrams ON entry USING gin (padded gin_trgm_ops)",
    ),
}
