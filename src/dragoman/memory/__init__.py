"""Corrections and translation memory, at rest in SQLite or PostgreSQL.

What is here counts at once, in every process on that database. The only room that touches SQLAlchemy and Alembic; it
knows nothing of models, engines and servers.
"""

from __future__ import annotations

from importlib.util import find_spec

from ..errors import MissingPackageError

for package in ("sqlalchemy", "alembic", "language_data"):
    if find_spec(package) is None:
        raise MissingPackageError(f"corrections and translation memory need the package {package}", "dragoman[memory]")

# Not before it is known that they can be imported.
from .corrections import STATES, Correction, Entry, Near, Version  # noqa: E402
from .keys import ROLES, Key, Keys  # noqa: E402
from .store import Memory  # noqa: E402

__all__ = ["ROLES", "STATES", "Correction", "Entry", "Key", "Keys", "Memory", "Near", "Version"]
