"""Which corrections of a memory a bundle has learned, and which wait for it. Knows neither Keras nor the database: the
memory is handed in.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from . import bundle as bundles
from . import promotion
from .hashing import text_hashes

if TYPE_CHECKING:
    from .bundle import Bundle
    from .memory import Entry, Memory


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
        for entry in _newest(memory, src, trg):
            (found.earlier if _identity(entry) in learned else found.waiting).append(entry)
    return found


def waiting(bundle: Bundle, memory: Memory) -> int:
    """Return how many approved corrections of its directions ``bundle`` has not learned."""
    return len(corrections(bundle, memory).waiting)


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
    while True:
        if bundles.fingerprint(path) != bundle.fingerprint:
            bundle = bundles.read(path)
        tried = _tried(path)
        n = sum(_identity(entry) not in tried for entry in corrections(bundle, memory).waiting)
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


def _newest(memory: Memory, src: str, trg: str) -> list[Entry]:
    newest: dict[str, Entry] = {}
    for entry in memory.every(src, trg):
        other = newest.get(entry.source)
        if other is None or (other.changed, other.id) < (entry.changed, entry.id):
            newest[entry.source] = entry
    return sorted(newest.values(), key=lambda entry: entry.id)
