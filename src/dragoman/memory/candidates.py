"""A few hundred sources that may be like a text, found through the database's index of trigrams.

To look at every source that shares a trigram takes seconds at a million entries. Only the rare trigrams of the text are
asked for, and as long as there are others none that overlap: one changed word spoils all of its own. Together they may
stand in some ten thousands of sources. A sample of the sources tells which are rare.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations
from random import Random
from threading import Lock

import numpy as np
from sqlalchemy import Connection, TextClause, func, select, text

from .database import Database
from .schema import entry

N_CANDIDATES = 400
SAMPLE = 10_000
"""Sources of which trigrams are counted: what stands in one of 10,000 is rare."""

GRAM = 3


class Candidates:
    """Finds candidates in ``database``. Threads may share it."""

    def __init__(self, database: Database) -> None:
        self._find, self._postings = _FINDERS[database.engine.dialect.name]
        self._lock = Lock()
        self._last = 0  # the highest number when the sample was taken
        self._share: dict[str, float] = {}

    def of(self, connection: Connection, source: str) -> list[int]:
        """Return the numbers of at most `N_CANDIDATES` entries, those that share most and the rarest trigrams first."""
        last = connection.execute(select(func.max(entry.c.id))).scalar() or 0
        with self._lock:
            if last > 2 * self._last:
                self._share, self._last = _shares(connection, last), last
        expected = {gram: last * self._share.get(gram, 1 / SAMPLE) for gram in trigrams(source)}
        chosen = _chosen(source, expected, self._postings)
        weights = {gram: _weight(n, last) for gram, n in chosen.items()}
        return self._find(connection, weights) if weights else []


def trigrams(source: str) -> dict[str, int]:
    """Return each trigram of ``source`` with its first place.

    They are lower case, of letters and digits, with a space where a word begins or ends: both indexes hold these.
    """
    padded = f" {source} ".lower()
    places: dict[str, int] = {}
    for place in range(len(padded) - GRAM + 1):
        gram = padded[place : place + GRAM]
        if gram.strip(" ").isalnum() and len(gram.strip(" ")) >= GRAM - 1:
            places.setdefault(gram, place)
    return places


def _shares(connection: Connection, last: int) -> dict[str, float]:
    """The share of sources that hold each trigram, from a sample of the entries up to number ``last``."""
    numbers = Random(0).sample(range(1, last + 1), SAMPLE) if last > SAMPLE else range(1, last + 1)  # noqa: S311 - no secret
    sources = connection.execute(select(entry.c.source).where(entry.c.id.in_(numbers))).scalars().all()
    counts = Counter(gram for source in sources for gram in trigrams(source))
    return {gram: n / len(sources) for gram, n in counts.items()}


def _chosen(source: str, expected: dict[str, float], postings: int) -> dict[str, float]:
    """The trigrams to ask for, the rarest first, each with the number of sources that it is ``expected`` in."""
    places = trigrams(source)
    rarest = sorted(places, key=lambda gram: expected[gram])
    chosen: dict[str, float] = {}
    left = float(postings)
    for apart in (GRAM, 1):
        for gram in rarest:
            if any(abs(places[gram] - places[other]) < apart for other in chosen):
                continue
            if chosen and expected[gram] > left:
                break
            chosen[gram] = expected[gram]
            left -= expected[gram]
    return chosen


def _weight(n: float, last: int) -> float:
    """What a trigram says that stands in ``n`` of ``last`` sources."""
    return 1 + math.log(max(last / max(n, 1), 1))


_SQLITE = text(
    "SELECT group_concat(number) FROM (SELECT rowid AS number FROM entry_trigrams "
    "WHERE entry_trigrams MATCH :gram ORDER BY rowid DESC LIMIT :postings)"
)


def _in_sqlite(connection: Connection, weights: dict[str, float]) -> list[int]:
    lists = []
    for gram in weights:
        # All numbers in one text: a row for each would take three times as long.
        found = connection.execute(_SQLITE, {"gram": f'"{gram}"', "postings": _FINDERS["sqlite"][1]}).scalar()
        lists.append(np.fromstring(found or "", np.int64, sep=","))
    numbers, places = np.unique(np.concatenate(lists), return_inverse=True)
    scores = np.bincount(places, np.repeat(list(weights.values()), [len(found) for found in lists]))
    best: list[int] = numbers[np.argsort(-scores, kind="stable")[:N_CANDIDATES]].tolist()
    return best


def _in_postgresql(connection: Connection, weights: dict[str, float]) -> list[int]:
    patterns = {f"gram{place}": f"%{gram}%" for place, gram in enumerate(weights)}
    found = connection.execute(_postgresql_query(list(weights.values())), patterns | {"n": N_CANDIDATES})
    return list(found.scalars())


def _postgresql_query(weights: list[float]) -> TextClause:
    """The query for sources that hold trigrams of all but one of up to four groups, best first.

    To tell groups takes bitmaps of the index only; to score takes a look at every row.
    """
    holds = [f"padded LIKE :gram{place}" for place in range(len(weights))]
    groups = [f"({' OR '.join(holds[first::4])})" for first in range(min(4, len(holds)))]
    n_needed = max(len(groups) - 1, min(2, len(groups)))
    found = " OR ".join(" AND ".join(needed) for needed in combinations(groups, n_needed))
    score = " + ".join(f"({hold})::int * {weight:.2f}" for hold, weight in zip(holds, weights, strict=True))
    return text(f"SELECT id FROM entry WHERE {found} ORDER BY {score} DESC LIMIT :n")  # noqa: S608 - of our own words


_FINDERS = {"sqlite": (_in_sqlite, 50_000), "postgresql": (_in_postgresql, 30_000)}
"""How each database is asked, and in how many sources the trigrams may stand that it is asked for, all together."""
