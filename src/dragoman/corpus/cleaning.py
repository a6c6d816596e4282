"""Pairs that would only teach mistakes are dropped, and it is said how many and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from ..errors import UsageError
from .pairs import Pair

DUPLICATE = "duplicate"
TOO_LONG = "too long"
LENGTH_RATIO = "length ratio"

# A short sentence may well become a long one ("Go." and "¡Ponte en camino!").
GRACE = 10


@dataclass(frozen=True)
class CleaningRules:
    """The limits of a usable pair.

    Attributes:
        max_length: characters a side.
        max_ratio: how many times as long as one side, with ``GRACE`` added, the other may be. A pair breaks
            it if it does so in characters and in UTF-8 bytes: Chinese has few characters a sentence, Tamil
            many bytes a character.
    """

    max_length: int = 500
    max_ratio: float = 3.0

    def __post_init__(self) -> None:
        if self.max_length < 1:
            raise UsageError(f"max_length must be at least 1, not {self.max_length}")
        if not self.max_ratio >= 1:
            raise UsageError(f"max_ratio must be at least 1, not {self.max_ratio}")

    def broken_by(self, pair: Pair) -> str | None:
        """Return the name of the limit that `pair` breaks, or None."""
        if max(len(pair.src), len(pair.trg)) > self.max_length:
            return TOO_LONG
        src, trg = _sizes(pair.src), _sizes(pair.trg)
        return LENGTH_RATIO if self._outgrows(src, trg) or self._outgrows(trg, src) else None

    def _outgrows(self, one: tuple[int, int], other: tuple[int, int]) -> bool:
        return all(a > self.max_ratio * (b + GRACE) for a, b in zip(one, other, strict=True))


@dataclass
class CleaningReport:
    """How many pairs were read and kept, and how many were dropped for each reason."""

    n_read: int = 0
    n_kept: int = 0
    dropped: dict[str, int] = field(default_factory=lambda: {DUPLICATE: 0, TOO_LONG: 0, LENGTH_RATIO: 0})

    def __str__(self) -> str:
        n_dropped = self.n_read - self.n_kept
        reasons = ", ".join(f"{reason} {n:,}" for reason, n in self.dropped.items() if n)
        return f"kept {self.n_kept:,} of {self.n_read:,} pairs, dropped {n_dropped:,}" + (
            f" ({reasons})" if reasons else ""
        )


def _sizes(text: str) -> tuple[int, int]:
    return len(text), len(text.encode())


class Cleaner:
    """Passes on the pairs that keep the rules, lazily and in order; `report` counts what it has seen."""

    def __init__(self, rules: CleaningRules | None = None) -> None:
        self.rules = rules or CleaningRules()
        self.report = CleaningReport()

    def __call__(self, pairs: Iterable[Pair]) -> Iterator[Pair]:
        """Yield the usable pairs of `pairs`, and of exact duplicates the first; counting begins anew."""
        self.report = report = CleaningReport()
        # Digests, not texts: the memory for a pair does not depend on its length.
        seen: set[bytes] = set()
        for pair in pairs:
            report.n_read += 1
            reason = self.rules.broken_by(pair)
            if reason is None:
                digest = blake2b(f"{pair.src}\0{pair.trg}".encode(), digest_size=16).digest()
                reason = DUPLICATE if digest in seen else None
                seen.add(digest)
            if reason is None:
                report.n_kept += 1
                yield pair
            else:
                report.dropped[reason] += 1
