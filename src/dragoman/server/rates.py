"""How often a key or an address may ask: so many a minute on average, half of a minute's share at once."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from ..errors import RateError

MAX_KNOWN = 100_000
"""Keys and addresses that are remembered; beyond that those go that have used nothing lately."""


class Rates:
    """Counts what each asks for, in constant memory; who asks for too much is refused with a `RateError`.

    The generic cell rate algorithm: of each is known the time until which its share is used up.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = monotonic) -> None:
        self._per_minute = per_minute
        self._seconds = 60.0 / per_minute
        self._at_once = 30.0
        self._clock = clock
        self._used_until: dict[str, float] = {}

    def take(self, who: str, n: int = 1) -> None:
        """Take ``n`` of the share of ``who``; one that asks for more than there can be at once must have rested."""
        if not n:
            return
        now = self._clock()
        used_until = max(self._used_until.get(who, now), now)
        wait = used_until + min(n * self._seconds, self._at_once) - now - self._at_once
        if wait > 0:
            raise RateError(
                f"Slowdown: {self._per_minute:,} texts a minute may be asked for, more were; wait {wait:.0f} seconds",
                wait,
            )
        if len(self._used_until) >= MAX_KNOWN and who not in self._used_until:
            self._used_until = {one: until for one, until in self._used_until.items() if until > now}
            if len(self._used_until) >= MAX_KNOWN:
                raise RateError("more addresses are asking than can be counted; try again later", self._at_once)
        self._used_until[who] = used_until + n * self._seconds
