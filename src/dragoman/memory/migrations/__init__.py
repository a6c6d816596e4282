"""Alembic's migrations of a memory, oldest first in `versions`; they only go forward."""
