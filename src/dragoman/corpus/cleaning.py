"""Pairs that would only teach mistakes are dropped, and it is said how many and why.

`Cleaner` is for pairs that pass by; `dragoman.corpus.preparation` goes by the same rules with arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from ..errors import UsageError
from .pairs import Pair

DUPLICATE = "duplicate"
TOO_LONG = "too long"
LENGTH_RATIO = "length ratio"
HELD_OUT = "with a sentence that was held out before"
LIMITS = (TOO_LONG, LENGTH_RATIO)
"""The reasons for which `CleaningRules` drop a pair."""

N_EXAMPLES, SHOWN = 3, 80
"""Dropped pairs that are shown of each reason, and the characters of their sides."""

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
        if not (isinstance(self.max_length, int) and self.max_length >= 1):
            raise UsageError(f"max_length must be a whole number from 1, not {self.max_length}")
        if not 1 <= self.max_ratio < float("inf"):
            raise UsageError(f"max_ratio must be a number from 1, not {self.max_ratio}")

    def broken_by(self, src: str, trg: str) -> str | None:
        """Return the name of the limit that a pair of these sides breaks, or None."""
        short, long = sorted((src, trg), key=len)
        if len(long) > self.max_length:
            return TOO_LONG
        # Most pairs are usable by their characters alone, and their bytes need not be counted.
        if self._outgrows(len(long), len(short)) and self._outgrows(len(long.encode()), len(short.encode())):
            return LENGTH_RATIO
        return None

    def _outgrows(self, one: int, other: int) -> bool:
        return one > self.max_ratio * (other + GRACE)


@dataclass
class CleaningReport:
    """How many pairs were read and kept, how many were dropped for each reason, and the first three of these."""

    n_read: int = 0
    n_kept: int = 0
    dropped: dict[str, int] = field(default_factory=lambda: dict.fromkeys((DUPLICATE, *LIMITS), 0))
    examples: dict[str, list[str]] = field(default_factory=dict)

    def drop(self, reason: str, n: int = 1, first: Sequence[Pair] = ()) -> None:
        """Count ``n`` pairs that are dropped for a ``reason``, and keep some of the ``first`` of them as examples."""
        if n:
            self.dropped[reason] = self.dropped.get(reason, 0) + n
            shown = self.examples.setdefault(reason, [])
            for pair in first[: N_EXAMPLES - len(shown)]:
                shown.append(f"{pair.origin}: {pair.src[:SHOWN]} | {pair.trg[:SHOWN]}")

    def __str__(self) -> str:
        n_dropped = self.n_read - self.n_kept
        reasons = ", ".join(f"{reason} {n:,}" for reason, n in self.dropped.items() if n)
        return f"kept {self.n_kept:,} of {self.n_read:,} pairs, dropped {n_dropped:,}" + (
            f" ({reasons})" if reasons else ""
        )


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
            reason = self.rules.broken_by(pair.src, pair.trg)
            if reason is None:
                digest = blake2b(f"{pair.src}\0{pair.trg}".encode(), digest_size=16).digest()
                reason = DUPLICATE if digest in seen else None
                seen.add(digest)
            if reason is None:
                report.n_kept += 1
                yield pair
            else:
                report.drop(reason, 1, [pair])
