"""The memory itself: corrections kept, changed, looked up, and brought in by the million."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple, Self

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein
from sqlalchemy import Connection, Row, Select, func, insert, literal, select, update

from ..corpus.pairs import Item
from ..errors import NotFoundError, UsageError
from ..hashing import text_hashes
from .candidates import Candidates
from .corrections import (
    STATES,
    Correction,
    Entry,
    Near,
    Version,
    is_storable,
    moment,
    source_form,
    standard_language,
    target_of,
)
from .database import Database
from .schema import entry, version

BATCH = 5_000
"""Corrections that `Memory.load` writes at once, and entries that it or an export holds in memory."""

LOOK_UP = 10_000
"""Texts in one query; databases limit the values of a statement."""

WAIT = 5.0
"""Seconds that a lock is waited for."""

MAX_NUMBER = 2**63 - 1
"""The largest number that an entry can have, in either database."""

_NOT_APPROVED = entry.c.state != literal("approved", literal_execute=True)
"""As the index of these entries says it: databases do not look into parameters."""

_COLUMNS = [column for column in entry.c if column.name != "source_hash"]


class Mark(NamedTuple):
    """How many entries and former versions there are, and the numbers of the last of each."""

    n_entries: int
    last_entry: int
    n_versions: int
    last_version: int


class Memory:
    """Corrections in a file or a database: ``PATH``, ``sqlite:///PATH`` or ``postgresql://user@host/name``.

    It is made where there is none, unless it ``must_exist``, and brought to the newest schema. Threads may share it,
    any number of processes may use one database. Whatever the database cannot do, also after ``wait`` seconds of
    waiting for a lock, is a `MemoryUnavailableError`; the next call tries again.

    >>> with Memory("memory.sqlite") as memory:  # doctest: +SKIP
    ...     memory.add(Correction("en", "es", "Go.", "Ve."))
    ...     memory.known("en", "es")(["Go."])
    {'Go.': 'Ve.'}
    """

    def __init__(self, place: str | os.PathLike[str], *, must_exist: bool = False, wait: float = WAIT) -> None:
        self.database = Database(place, must_exist=must_exist, wait=wait)
        self._candidates = Candidates(self.database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self.database.close()

    def check(self) -> None:
        """Raise `MemoryUnavailableError` where the database is not there or cannot be written just now."""
        with self.database.writing() as connection:
            # Nothing is to be changed, but the right to change it is asked for.
            connection.execute(update(entry).where(entry.c.id < 0).values(state=entry.c.state))
            self.database.write_a_page(connection)

    def add(self, correction: Correction) -> Entry:
        """Keep ``correction``; on return it is on the disk. An approved one holds from then on."""
        with self.database.writing() as connection:
            values = _row(correction, _now_or_later(connection, correction.source))
            number = connection.execute(insert(entry).values(values)).inserted_primary_key
            assert number is not None
            return _entry(connection, number[0])

    def entry(self, number: int) -> Entry:
        """Return the entry of that number; where there is none it is a `NotFoundError`."""
        with self.database.reading() as connection:
            return _entry(connection, number)

    def entries(
        self, src: str | None = None, trg: str | None = None, state: str | None = None, after: int = 0, limit: int = 100
    ) -> list[Entry]:
        """Return up to ``limit`` entries with numbers above ``after``, ascending, of these languages and this state."""
        if state not in (None, *STATES):
            raise UsageError(f"the state must be one of {', '.join(STATES)}, not {state!r}")
        after, limit = (max(-MAX_NUMBER, min(number, MAX_NUMBER)) for number in (after, limit))
        query = _of_languages(select(*_COLUMNS), src, trg).where(entry.c.id > after).order_by(entry.c.id).limit(limit)
        if state:
            query = query.where(entry.c.state == state)
        with self.database.reading() as connection:
            return [_as_entry(row) for row in connection.execute(query)]

    def every(self, src: str, trg: str) -> Iterator[Entry]:
        """Yield all approved entries of a direction, ascending; memory holds `BATCH` of them."""
        after = 0
        while found := self.entries(src, trg, "approved", after, BATCH):
            yield from found
            after = found[-1].id

    def mark(self) -> Mark:
        """Return what tells this state of the memory from every later one."""
        counted = [
            select(value).select_from(table).scalar_subquery()
            for table in (entry, version)
            for value in (func.count(), func.max(table.c.id))
        ]
        with self.database.reading() as connection:
            return Mark(*(number or 0 for number in connection.execute(select(*counted)).one()))

    def changed(self, then: Mark, now: Mark) -> list[int] | None:
        """Return the hashes (see `hash_of`) of the sources of which an entry was added or changed between two marks.

        None where that cannot be told: an entry that another transaction has added may appear below one that was there.
        """
        added = select(entry.c.source_hash).where(entry.c.id > then.last_entry, entry.c.id <= now.last_entry)
        edited = select(entry.c.source_hash, version.c.id).join(version, version.c.entry_id == entry.c.id)
        edited = edited.where(version.c.id > then.last_version, version.c.id <= now.last_version)
        with self.database.reading() as connection:
            new, old = connection.execute(added).all(), connection.execute(edited).all()
        if (len(new), len(old)) != (now.n_entries - then.n_entries, now.n_versions - then.n_versions):
            return None
        return list({row.source_hash for row in (*new, *old)})

    @staticmethod
    def hash_of(source: str) -> int:
        """Return the number by which the entries of a source, in its form, are found."""
        return _hashes([source])[0]

    def holding(self, src: str, trg: str, hashes: Iterable[int]) -> Iterator[Entry]:
        """Yield the approved entries of a direction whose sources have these hashes, the newest last."""
        for chunk in chunks(hashes, LOOK_UP):
            query = _approved(select(*_COLUMNS), src, trg).where(entry.c.source_hash.in_(chunk))
            with self.database.reading() as connection:
                yield from [_as_entry(row) for row in connection.execute(query)]

    def n_pending(self, src: str, trg: str) -> int:
        """Return the number of entries that wait to be approved."""
        query = _of_languages(select(func.count()).select_from(entry), src, trg)
        with self.database.reading() as connection:
            n: int = connection.execute(query.where(entry.c.state == "pending", _NOT_APPROVED)).scalar_one()
            return n

    def counts(self, src: str | None = None, trg: str | None = None) -> dict[str, int]:
        """Return the number of entries in each state."""
        query = _of_languages(select(entry.c.state, func.count()), src, trg).group_by(entry.c.state)
        with self.database.reading() as connection:
            return dict.fromkeys(STATES, 0) | dict(map(tuple, connection.execute(query)))

    def directions(self) -> dict[tuple[str, str], int]:
        """Return source and target languages with the number of their approved entries."""
        query = select(entry.c.src, entry.c.trg, func.count()).where(entry.c.state == "approved")
        with self.database.reading() as connection:
            found = connection.execute(query.group_by(entry.c.src, entry.c.trg).order_by(entry.c.src, entry.c.trg))
            return {(src, trg): n for src, trg, n in found}

    def edit(self, number: int, target: str) -> Entry:
        """Give an entry another target. What it said before stays in `past`; an edited one counts as the newest."""
        return self._change(number, target=target_of(target))

    def approve(self, number: int) -> Entry:
        """Let an entry hold from now on, as the newest."""
        return self._change(number, state="approved")

    def withdraw(self, number: int) -> Entry:
        """Let an entry hold no longer."""
        return self._change(number, state="withdrawn")

    def past(self, number: int) -> list[Version]:
        """Return what an entry said before it was changed, oldest first."""
        columns = (version.c.target, version.c.state, version.c.changed)
        with self.database.reading() as connection:
            rows = connection.execute(
                select(*columns).where(version.c.entry_id == _entry(connection, number).id).order_by(version.c.id)
            )
            return [Version(target, state, moment(changed)) for target, state, changed in rows]

    def known(self, src: str, trg: str) -> Callable[[Sequence[str]], Mapping[str, str]]:
        """Return a function from texts to the targets of those that stand here, approved, in the same words.

        Of several entries of one source the last one added, edited or approved holds. The form in which texts are
        compared is that of `corrections.source_form`. One call is one query, up to `LOOK_UP` texts.
        """
        src, trg = standard_language(src), standard_language(trg)

        def look_up(texts: Sequence[str]) -> Mapping[str, str]:
            forms = {text: form for text in texts if is_storable(form := source_form(text))}
            targets: dict[str, str] = {}
            with self.database.reading() as connection:
                for chunk in chunks(dict.fromkeys(forms.values()), LOOK_UP):
                    targets |= _targets(connection, src, trg, chunk)
            return {text: targets[form] for text, form in forms.items() if form in targets}

        return look_up

    def near(self, src: str, trg: str, text: str, n: int = 5, least: float = 0.6) -> list[Near]:
        """Return the ``n`` approved entries with the likest sources, best first, of likeness ``least`` or more.

        Of several entries of one source only the newest counts. Candidates come through an index of trigrams (see
        `candidates`), so that now and then a slightly liker one is missed.
        """
        form = source_form(text)
        if not is_storable(form) or n < 1:
            return []
        with self.database.reading() as connection:
            numbers = self._candidates.of(connection, form)
            wanted = entry.c.id.in_(numbers) | (entry.c.source_hash == _hashes([form])[0])
            query = _approved(select(*_COLUMNS), standard_language(src), standard_language(trg)).where(wanted)
            newest = {row.source: row for row in connection.execute(query)}
        ranked = process.extract(
            form, newest.keys(), scorer=Levenshtein.normalized_similarity, processor=None, limit=n, score_cutoff=least
        )
        return [Near(_as_entry(newest[source]), likeness) for source, likeness, _ in ranked]

    def load(self, corrections: Iterable[Correction]) -> int:
        """Keep many corrections, in constant memory, and return how many were new.

        One that stands here already, with the same languages, texts and state, is passed over: a load that was cut off
        is simply done again. Each `BATCH` is durable for itself, and others may write between two.
        """
        return sum(self._load(batch) for batch in chunks(corrections, BATCH))

    def _load(self, batch: list[Correction]) -> int:
        now = time.time_ns() // 1000
        rows = {_identity(row): row for row in (_row(correction, now) for correction in batch)}
        with self.database.writing() as connection:
            hashes = list({row["source_hash"] for row in rows.values()})
            there = connection.execute(select(*_COLUMNS).where(entry.c.source_hash.in_(hashes)))
            for found in map(_as_entry, there):
                rows.pop(_identity(found._asdict()), None)
            if rows:
                connection.execute(insert(entry), list(rows.values()))
        return len(rows)

    def _change(self, number: int, **values: str) -> Entry:
        with self.database.writing() as connection:
            old = _entry(connection, number, for_update=True)
            if any(getattr(old, name) != value for name, value in values.items()):
                changed = connection.execute(select(entry.c.changed).where(entry.c.id == number)).scalar_one()
                connection.execute(
                    insert(version).values(entry_id=number, target=old.target, state=old.state, changed=changed)
                )
                now = _now_or_later(connection, old.source)
                connection.execute(update(entry).where(entry.c.id == number).values(changed=now, **values))
            return _entry(connection, number)


def _of_languages(query: Select[Any], src: str | None, trg: str | None) -> Select[Any]:
    for column, code in ((entry.c.src, src), (entry.c.trg, trg)):
        if code is not None:
            query = query.where(column == standard_language(code))
    return query


def _approved(query: Select[Any], src: str, trg: str) -> Select[Any]:
    """``query`` for the approved entries of a direction, the newest last."""
    return _of_languages(query, src, trg).where(entry.c.state == "approved").order_by(entry.c.changed, entry.c.id)


def _targets(connection: Connection, src: str, trg: str, sources: list[str]) -> dict[str, str]:
    query = _approved(select(entry.c.source, entry.c.target), src, trg)
    rows = connection.execute(query.where(entry.c.source_hash.in_(_hashes(sources))))
    return dict(map(tuple, rows))


def _entry(connection: Connection, number: int, *, for_update: bool = False) -> Entry:
    query = select(*_COLUMNS).where(entry.c.id == max(0, min(number, MAX_NUMBER)))
    row = connection.execute(query.with_for_update() if for_update else query).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no entry {number} in the memory (dragoman memory list shows them)")
    return _as_entry(row)


def _as_entry(row: Row[*tuple[Any, ...]]) -> Entry:
    fields: dict[str, Any] = dict(row._mapping)
    return Entry(**fields | {name: moment(fields[name]) for name in ("created", "changed")})


def _row(correction: Correction, now: int) -> dict[str, Any]:
    return {
        **{name: getattr(correction, name) for name in correction.__dataclass_fields__},
        "created": now,
        "changed": now,
        "source_hash": _hashes([correction.source])[0],
    }


def _identity(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("src", "trg", "source", "target", "state"))


def _now_or_later(connection: Connection, source: str) -> int:
    """Now, but later than all changes of entries of this source: a clock that was put back must not make them old."""
    last = connection.execute(
        select(func.max(entry.c.changed)).where(entry.c.source_hash == _hashes([source])[0])
    ).scalar()
    return max(time.time_ns() // 1000, (last or 0) + 1)


def _hashes(sources: Sequence[str]) -> list[int]:
    hashes: list[int] = text_hashes(sources).view(np.int64).tolist()
    return hashes


def chunks(items: Iterable[Item], n: int) -> Iterator[list[Item]]:
    """Yield ``items`` in lists of ``n``, the last perhaps shorter."""
    remaining = iter(items)
    while chunk := list(islice(remaining, n)):
        yield chunk
