"""Bundles on the disk, looked at now and then: one that was replaced is served from then on, without a pause, and one
that is gone or damaged leaves what is in memory in service. A memory of corrections that has failed is tried again.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from .. import bundle as bundles
from ..errors import DragomanError
from ..service import Direction, Served, Service, warm
from ..translator import Translator
from . import logs

log = logging.getLogger(__name__)

SECONDS = 2.0
"""Between two looks."""

OK = "ok"


class Watch:
    """Keeps what ``service`` serves equal to what stands in its bundles."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._state = dict.fromkeys(service.directions, OK)

    def state(self) -> dict[Direction, str]:
        """Return ``"ok"`` for each direction, or what is wrong with its bundle."""
        return dict(self._state)

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(SECONDS)
            try:
                await run_in_threadpool(self.look)
            except Exception as error:  # a bundle of a kind that nobody foresaw must not end the watch
                logs.unforeseen(error, "watch")

    def look(self) -> None:
        """Look once at each bundle, load those that have changed, and try a memory that has failed."""
        if self._service.memory_error:
            self._service.check_memory()
        for direction in self._service.directions:
            served = self._service.served(*direction)
            if served.path is not None:
                self._set(direction, self._renewed(served, served.path))

    def _renewed(self, served: Served, path: Path) -> str:
        """Serve what stands in ``path``, if it is another bundle than ``served``; return what is wrong with it."""
        src, trg = served.direction
        try:
            if bundles.fingerprint(path) == served.translator.fingerprint:
                return OK
            precision = getattr(served.translator.engine, "precision", None)
            translator = warm(Translator.load(path, src=src, trg=trg, precision=precision))
        except (DragomanError, OSError) as error:
            return f"{error} (the bundle that was loaded before is served on)"
        self._service.replace(Served(translator, path))
        log.warning("%s was replaced; %s-%s is now served by %s", path, src, trg, translator.fingerprint)
        return OK

    def _set(self, direction: Direction, words: str) -> None:
        if words not in (OK, self._state[direction]):
            log.warning("%s-%s: %s", *direction, words)
        self._state[direction] = words
