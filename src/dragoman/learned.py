"""Which corrections of a memory a bundle has learned, and which wait for it. Knows neither Keras nor the database: the
memory is handed in.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from . import bundle as bundles
from . import promotion
from .hashing import text_hashes

if TYPE_CHECKING:
    from .bundle import Bundle
    from .memory import Entry, Memory
    from .memory.store import Mark


ENOUGH = 20
"""New corrections that are learned at once."""
QUIET = 600.0
"""Seconds after which fewer are learned, if no further one comes."""
POLL = 20.0
"""Seconds between two looks at the memory."""


class Corrections(NamedTuple):
    """The approved corrections of a bundle's directions: ``waiting`` to be learned, and learned ``earlier``; of several
    for one source the newest.
    """

    waiting: list[Entry]
    earlier: list[Entry]


def corrections(bundle: Bundle, memory: Memory) -> Corrections:
    """Return what ``memory`` holds for ``bundle``, in the order of its numbers.

    An entry that was edited since is another correction, and waits; one that was withdrawn is none any more.
    """
    learned = set(bundle.learned.corrections)
    found = Corrections([], [])
    for src, trg in bundle.directions:
        for entry in _newest(memory.every(src, trg)):
            (found.earlier if _identity(entry) in learned else found.waiting).append(entry)
    return found


class Waiting:
    """Counts the corrections of ``memory`` that wait for a bundle; after the first count it reads what has changed.

    Threads may share it.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._counts: dict[Path | None, _Count] = {}
        self._lock = Lock()

    def count(self, bundle: Bundle, tried: Collection[str] = ()) -> int:
        """Return how many approved corrections of its directions ``bundle`` has not learned; those that were ``tried``,
        by their `identity`, do not count.
        """
        passed_over = frozenset(tried)
        with self._lock:
            last = self._counts.get(bundle.path)
            if last is None or (last.fingerprint, last.passed_over) != (bundle.fingerprint, passed_over):
                last = _Count(bundle.fingerprint, passed_over)
                self._counts[bundle.path] = last
            return last.renew(bundle, self._memory)


class _Count:
    """The hashes of sources with a correction that waits, in each direction, as of a mark of the memory."""

    def __init__(self, fingerprint: str, passed_over: frozenset[str]) -> None:
        self.fingerprint, self.passed_over = fingerprint, passed_over
        self._mark: Mark | None = None
        self._sources: dict[tuple[str, str], set[int]] = {}

    def renew(self, bundle: Bundle, memory: Memory) -> int:
        now = memory.mark()  # before all reading: what comes meanwhile is read once more
        if now != self._mark:
            changed = memory.changed(self._mark, now) if self._mark else None
            done = self.passed_over.union(bundle.learned.corrections)
            for src, trg in bundle.directions:
                there = memory.every(src, trg) if changed is None else memory.holding(src, trg, changed)
                before = set() if changed is None else self._sources[src, trg].difference(changed)
                found = {memory.hash_of(e.source) for e in _newest(there) if _identity(e) not in done}
                self._sources[src, trg] = before | found
            self._mark = now
        return sum(map(len, self._sources.values()))


def wait_for_more(
    path: Path,
    memory: Memory,
    *,
    sleep: Callable[[float], object] = time.sleep,
    now: Callable[[], float] = time.monotonic,
) -> int:
    """Return when there is something to learn into the bundle at ``path``: `ENOUGH` new corrections, or some, and then
    `QUIET` seconds without another one. The number of them is returned.

    Those that the last learning began with are no news, whatever the gate said.
    """
    bundle, last, since = bundles.read(path), 0, now()
    waiting = Waiting(memory)
    while True:
        if bundles.fingerprint(path) != bundle.fingerprint:
            bundle = bundles.read(path)
        n = waiting.count(bundle, _tried(path))
        if n != last:
            last, since = n, now()
        if n >= ENOUGH or (n and now() - since >= QUIET):
            return n
        sleep(POLL)


def _tried(path: Path) -> set[str]:
    report = promotion.state(path).report or {}
    return {correction.get("identity", "") for correction in report.get("corrections", ())}


def identity(src: str, trg: str, source: str, target: str) -> str:
    """Return 16 hexadecimal digits for a correction: what a bundle keeps of it."""
    texts = "\0".join((src, trg, source, target))
    return f"{int(text_hashes([texts])[0]):016x}"


def _identity(entry: Entry) -> str:
    return identity(entry.src, entry.trg, entry.source, entry.target)


def _newest(entries: Iterable[Entry]) -> list[Entry]:
    """Of several entries of one source the newest, in the order of their numbers."""
    newest: dict[str, Entry] = {}
    for entry in entries:
        other = newest.get(entry.source)
        if other is None or (other.changed, other.id) < (entry.changed, entry.id):
            newest[entry.source] = entry
    return sorted(newest.values(), key=lambda entry: entry.id)
