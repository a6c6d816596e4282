"""Texts of many requests gathered into batches for the engine, without making one of them wait for others.

An idle engine is given a text at once. While it works, what comes gathers, and goes to it together when it is free:
the batches grow with the load by themselves. All queues live in the event loop; only the work runs in threads.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import ceil, exp
from time import monotonic
from typing import Generic, NamedTuple, TypeVar

from ..errors import OverloadedError

Result = TypeVar("Result")

BATCH_CHARACTERS = 8_000
"""Characters of a batch at most, where it has more than one text: a fifth of a second, or so."""

SHARE = 1_000
"""Characters that a request may add to one batch: a long document does not keep the others waiting."""

PATIENCE = 0.4
"""Seconds that a request may have to wait before it is refused; with its own batch it then takes less than one."""

ALWAYS = 8
"""Requests that may wait however slow the engine is."""

WINDOW = 5.0
"""Seconds of work over which the pace is averaged."""


class _Job(Generic[Result]):
    """A request that waits: its texts, the results that are there, and the future of whoever asked."""

    __slots__ = ("found", "future", "kind", "n_found", "n_taken", "texts", "weight")

    def __init__(self, kind: Hashable, texts: Sequence[str], future: asyncio.Future[list[Result]]) -> None:
        self.kind, self.texts, self.future = kind, texts, future
        self.n_taken = self.n_found = 0
        self.found: dict[int, list[Result]] = {}
        self.weight = min(sum(map(len, texts)) + len(texts), SHARE)

    def take(self, most: int) -> _Part[Result]:
        """Take its next texts, of ``most`` characters together, or one."""
        first = self.n_taken
        while self.n_taken < len(self.texts):
            most -= len(self.texts[self.n_taken]) + 1
            if most < 0 and self.n_taken > first:
                break
            self.n_taken += 1
        return _Part(self, first, self.texts[first : self.n_taken])

    def keep(self, first: int, results: list[Result]) -> None:
        """Take the results of the texts from ``first`` on; with the last of them the caller has its answer."""
        self.found[first] = results
        self.n_found += len(results)
        if self.n_found == len(self.texts) and not self.future.done():
            self.future.set_result([result for _, results in sorted(self.found.items()) for result in results])


class _Part(NamedTuple, Generic[Result]):
    """Texts of a job that go into one batch; ``first`` is the place of the first of them."""

    job: _Job[Result]
    first: int
    texts: Sequence[str]


class Batcher(Generic[Result]):
    """What ``work(kind, texts)`` does, for many callers at once; a batch holds texts of one kind.

    ``n_threads`` batches are worked on at the same time. ``limit`` requests may wait, and no more than can be served
    within `PATIENCE` at the pace of late; beyond that is an `OverloadedError`.
    """

    def __init__(
        self,
        work: Callable[[Hashable, list[str]], list[Result]],
        *,
        n_threads: int = 1,
        limit: int = 512,
        name: str = "batches",
    ) -> None:
        self._work = work
        self._threads = ThreadPoolExecutor(n_threads, thread_name_prefix=name)
        self._n_threads = self._n_idle = n_threads
        self._limit = limit
        self._waiting: deque[_Job[Result]] = deque()
        self._weight = 0
        self._seconds, self._characters = 0.0, 0.0

    @property
    def n_waiting(self) -> int:
        """The requests that wait, wholly or with some of their texts."""
        return len(self._waiting)

    async def run(self, kind: Hashable, texts: Sequence[str]) -> list[Result]:
        """Return the result of each text, in order. A caller that is cancelled gives up its place."""
        if not texts:
            return []
        self._admit()
        loop = asyncio.get_running_loop()
        job: _Job[Result] = _Job(kind, texts, loop.create_future())
        self._waiting.append(job)
        self._weight += job.weight
        self._dispatch(loop)
        return await job.future

    def close(self) -> None:
        """Finish what is being worked on."""
        self._threads.shutdown()

    def _admit(self) -> None:
        if len(self._waiting) < ALWAYS:
            return
        wait = self._weight * self._seconds / self._characters / self._n_threads if self._characters else 0.0
        if len(self._waiting) >= self._limit or wait > PATIENCE:
            raise OverloadedError(
                f"{len(self._waiting)} requests are waiting, more than can be served soon; try again later",
                retry_after=max(1, ceil(wait)),
            )

    def _dispatch(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._n_idle and (parts := self._gather()):
            self._n_idle -= 1
            self._threads.submit(self._run, loop, parts)

    def _gather(self) -> list[_Part[Result]]:
        """Return the next batch: texts of the first job, and of all others of its kind while there is room."""
        parts: list[_Part[Result]] = []
        room = BATCH_CHARACTERS
        others, unfinished = [], []
        while self._waiting and room > 0:
            job = self._waiting.popleft()
            if job.future.done():  # given up, or failed with an earlier part
                self._weight -= job.weight
            elif parts and job.kind != parts[0].job.kind:
                others.append(job)
            else:
                part = job.take(min(room, SHARE))
                room -= sum(map(len, part.texts)) + len(part.texts)
                parts.append(part)
                if job.n_taken < len(job.texts):
                    unfinished.append(job)
                else:
                    self._weight -= job.weight
        self._waiting.extendleft(reversed(others))
        self._waiting.extend(unfinished)
        return parts

    def _run(self, loop: asyncio.AbstractEventLoop, parts: list[_Part[Result]]) -> None:
        """Work on a batch, in a thread."""
        began = monotonic()
        texts = [text for part in parts for text in part.texts]
        found: list[Result] | Exception
        try:
            found = self._work(parts[0].job.kind, texts)
        except Exception as error:  # which each caller is told
            found = error
        seconds = monotonic() - began
        loop.call_soon_threadsafe(self._finish, loop, parts, found, sum(map(len, texts)) + len(texts), seconds)

    def _finish(
        self,
        loop: asyncio.AbstractEventLoop,
        parts: list[_Part[Result]],
        found: list[Result] | Exception,
        n_characters: int,
        seconds: float,
    ) -> None:
        fading = exp(-seconds / WINDOW)
        self._seconds = fading * self._seconds + seconds
        self._characters = fading * self._characters + n_characters
        self._n_idle += 1
        self._dispatch(loop)  # before the answers are written, so that the engine does not wait for them
        if isinstance(found, Exception):
            self._fail(parts, found)
            return
        done = 0
        for part in parts:
            part.job.keep(part.first, found[done : done + len(part.texts)])
            done += len(part.texts)

    def _fail(self, parts: list[_Part[Result]], error: Exception) -> None:
        for part in parts:
            if not part.job.future.done():
                part.job.future.set_exception(error)
