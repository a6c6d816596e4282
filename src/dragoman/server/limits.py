"""What one request, and all that are under way, may ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import TooLargeError, UnprocessableError


@dataclass(frozen=True)
class Limits:
    """The limits of the server; bytes, characters, counts and seconds.

    ``n_waiting`` requests may wait for the engine of one direction, ``n_under_way`` may be anywhere in the server;
    ``n_documents`` are translated at the same time, and as many more may wait for each of them.
    """

    head_bytes: int = 32 * 2**10
    body_bytes: int = 2 * 2**20
    file_bytes: int = 10 * 2**20
    corpus_bytes: int = 512 * 2**20
    characters: int = 10_000
    n_texts: int = 256
    n_alternatives: int = 10
    n_waiting: int = 512
    n_under_way: int = 2_000
    n_connections: int = 4_000
    n_documents: int = 4
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    corpus_seconds: float = 600.0
    stop_seconds: float = 30.0

    def check(self, texts: Sequence[str]) -> None:
        """Refuse more texts than one request may have, and a text that is too long."""
        if len(texts) > self.n_texts:
            raise UnprocessableError(f"a request may have {self.n_texts:,} texts, not {len(texts):,}; send it in parts")
        longest = max(map(len, texts), default=0)
        if longest > self.characters:
            raise TooLargeError(f"a text may have {self.characters:,} characters, not {longest:,}; send it in parts")
