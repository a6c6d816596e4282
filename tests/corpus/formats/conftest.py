"""Files of translations from text that a test writes."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from dragoman.corpus.lines import Source, open_plain

Write = Callable[..., Source]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of this name and content, and return it as a source."""

    def written(name: str, content: str | bytes) -> Source:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Source(path.name, lambda: open_plain(path), path=path)

    return written


class Endless(io.BytesIO):
    """A file that begins with ``head`` and gives ``body`` for ever."""

    def __init__(self, head: bytes, body: bytes) -> None:
        super().__init__()
        self.head, self.body = head, body

    def read(self, n: int | None = -1) -> bytes:
        assert n is not None
        assert n > 0, "all of it would be too much"
        head, self.head = self.head, b""
        return head or self.body * (n // len(self.body))


def endless(name: str, head: bytes, body: bytes) -> Source:
    """Return a source that begins with ``head`` and gives ``body`` for ever."""
    return Source(name, lambda: cast(io.BufferedReader, Endless(head, body)))
