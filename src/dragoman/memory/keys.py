"""API keys at rest: names, roles, and hashes of the secrets."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from ..corpus.lines import clean
from ..errors import NotFoundError, UsageError
from .corrections import moment
from .schema import api_key
from .store import Memory

ROLES = ("translate", "correct", "admin")
"""What a key is for; each role may do what those before it may."""

MAX_NAME = 100
PREFIX = "dragoman_"
"""By it a secret is known for what it is, in a log or a commit."""


class Key(NamedTuple):
    """A key without its secret; ``revoked`` is when it ceased to be good, or None (UTC)."""

    id: int
    name: str
    role: str
    created: datetime
    revoked: datetime | None

    def may(self, role: str) -> bool:
        """Tell whether the key is good for what ``role`` is asked for."""
        return self.revoked is None and ROLES.index(self.role) >= ROLES.index(role)


class Keys:
    """The keys in the database of ``memory``.

    At rest is only the SHA-256 of a secret. A secret is 256 random bits, which nobody can guess or look up in a table,
    so neither salt nor a slow hash would add anything; and a fast one costs a request nothing.
    """

    def __init__(self, memory: Memory) -> None:
        self._database = memory.database

    def add(self, name: str, role: str) -> str:
        """Make a key and return its secret, which is shown this once. A name that is in use is a `UsageError`."""
        if role not in ROLES:
            raise UsageError(f"the role must be one of {', '.join(ROLES)}, not {role!r}")
        if not name or name != clean(name) or len(name) > MAX_NAME:
            raise UsageError(f"the name of a key is one line of 1 to {MAX_NAME} characters, not {name!r}")
        secret = PREFIX + secrets.token_urlsafe(32)
        values = {"name": name, "role": role, "hash": _hash(secret), "created": time.time_ns() // 1000}
        with self._database.writing() as connection:
            try:
                connection.execute(insert(api_key).values(values))
            except IntegrityError:
                raise UsageError(f"there is a key {name!r} already (revoke it, or choose another name)") from None
        return secret

    def list(self) -> Sequence[Key]:
        """Return all keys, also revoked ones, oldest first."""
        with self._database.reading() as connection:
            return [_key(row) for row in connection.execute(select(*_COLUMNS).order_by(api_key.c.id))]

    def revoke(self, name: str) -> None:
        """Let the key be good for nothing from now on, in every process; the name is free again."""
        good = (api_key.c.name == name) & api_key.c.revoked.is_(None)
        with self._database.writing() as connection:
            changed = connection.execute(update(api_key).where(good).values(revoked=time.time_ns() // 1000))
            if not changed.rowcount:
                raise NotFoundError(f"there is no key {name!r} to revoke (dragoman keys list shows them)")

    def check(self, secret: str) -> Key | None:
        """Return the key of ``secret``, or None if there is none or it was revoked."""
        query = select(*_COLUMNS).where(api_key.c.hash == _hash(secret), api_key.c.revoked.is_(None))
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return _key(row) if row else None


_COLUMNS = (api_key.c.id, api_key.c.name, api_key.c.role, api_key.c.created, api_key.c.revoked)


def _key(row: Row[*tuple[Any, ...]]) -> Key:
    number, name, role, created, revoked = row
    return Key(number, name, role, moment(created), None if revoked is None else moment(revoked))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
