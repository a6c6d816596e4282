"""What the routes work with: the service behind its queues, in the event loop's words.

Translations go through a `Batcher` for each direction; documents and the database through threads. Whoever hangs up
gives up their place.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from time import perf_counter
from typing import TypeVar

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from ..attention import aligned
from ..config import SearchConfig
from ..detection import Judged
from ..documents import Aligned, Translate, passages
from ..documents.html import translate_html
from ..errors import OverloadedError, TooLargeError
from ..service import Direction, Service
from ..translation import Translation
from .access import Access
from .batching import Batcher
from .files import Files
from .limits import Limits
from .metrics import Metrics

Result = TypeVar("Result")

N_ENGINE_THREADS = 2
"""Batches of a direction that are worked on at once: while Python prepares one, the engine searches for another."""


class Desk:
    """The service with its queues, who may use it, and the files that wait to be fetched."""

    def __init__(self, service: Service, access: Access, limits: Limits, metrics: Metrics) -> None:
        self.service, self.access, self.limits, self.metrics = service, access, limits, metrics
        self.files = Files()
        self._batchers: dict[Direction, Batcher[Translation]] = {}
        self._threads = ThreadPoolExecutor(limits.n_documents, thread_name_prefix="documents")
        self._n_documents = 0

    async def translate(
        self, src: str, trg: str, texts: Sequence[str], options: SearchConfig | None = None
    ) -> list[Translation]:
        """Return the translation of each text, in order; too many in the queue is an `OverloadedError`."""
        self.service.served(src, trg)
        if (src, trg) not in self._batchers:
            self._batchers[src, trg] = self._batcher((src, trg))
        return await self._batchers[src, trg].run(options, texts)

    async def source_of(self, texts: Sequence[str], trg: str, *, is_html: bool = False) -> Judged:
        """Return what `Service.source_of` makes of ``texts``, or of what in pages of HTML is text."""
        if not is_html:
            return self.service.source_of(texts, trg)  # it takes a fraction of a millisecond

        def in_pages() -> Judged:
            return self.service.source_of(passages(lambda keep: [translate_html(html, keep) for html in texts]), trg)

        return await run_in_threadpool(in_pages)

    async def document(self, src: str, trg: str, work: Callable[[Translate], Result]) -> Result:
        """Return what ``work(translate)`` does in a thread; its texts go through the queue like all others."""
        self.service.served(src, trg)
        if self._n_documents >= 2 * self.limits.n_documents:
            raise OverloadedError(f"{self._n_documents} documents are being translated, as many as may be; try later")
        loop = asyncio.get_running_loop()
        asked: list[Future[list[Translation]]] = []

        def translate(texts: Sequence[str]) -> list[Aligned]:
            self._check_passages(texts)
            asked.append(asyncio.run_coroutine_threadsafe(self._patiently(src, trg, texts), loop))
            return [aligned(translation) for translation in asked[-1].result()]

        self._n_documents += 1
        try:
            return await loop.run_in_executor(self._threads, work, translate)
        finally:
            self._n_documents -= 1
            for future in asked:  # a client that has gone leaves its document to nobody
                future.cancel()

    def _check_passages(self, texts: Sequence[str]) -> None:
        longest, most = max(map(len, texts), default=0), self.limits.characters
        if longest > most:
            raise TooLargeError(f"a paragraph of a document may have {most:,} characters, not {longest:,}; part it")

    async def _patiently(self, src: str, trg: str, texts: Sequence[str]) -> list[Translation]:
        """Translate a part of a document that was accepted: where there is no room now, wait for it."""
        options = SearchConfig(attention=True)
        while True:
            try:
                return await self.translate(src, trg, texts, options)
            except OverloadedError:
                await asyncio.sleep(0.1)

    @property
    def n_waiting(self) -> int:
        """The requests that wait for an engine."""
        return sum(batcher.n_waiting for batcher in self._batchers.values())

    def close(self) -> None:
        """Finish what is under way."""
        self._threads.shutdown()
        for batcher in self._batchers.values():
            batcher.close()
        self.files.close()

    def _batcher(self, direction: Direction) -> Batcher[Translation]:
        def work(options: Hashable, texts: list[str]) -> list[Translation]:
            began = perf_counter()
            assert options is None or isinstance(options, SearchConfig)
            done = self.service.translate(*direction, texts, options)
            translator = self.service.served(*direction).translator
            n_src = translator.src_vocabulary.encode_many(texts)[1].sum()
            n_trg = translator.trg_vocabulary.encode_many([translation.text for translation in done])[1].sum()
            self.metrics.batch(direction, done, int(n_src), int(n_trg), perf_counter() - began)
            return done

        name = "-".join(direction)
        batcher = Batcher(work, n_threads=N_ENGINE_THREADS, limit=self.limits.n_waiting, name=f"engine {name}")
        self.metrics.watch_queue(direction, lambda: batcher.n_waiting)
        return batcher


@asynccontextmanager
async def while_connected(request: Request) -> AsyncIterator[None]:
    """Cancel the work in this block when the client hangs up; the body must have been read."""
    here = asyncio.current_task()
    assert here is not None
    passage = request.scope["state"]["passage"]

    def give_up(watch: asyncio.Task[None]) -> None:
        if not watch.cancelled():
            passage.gone = True
            here.cancel()

    watch = asyncio.ensure_future(_until_gone(request))
    watch.add_done_callback(give_up)
    try:
        yield
    finally:
        watch.remove_done_callback(give_up)
        watch.cancel()


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
