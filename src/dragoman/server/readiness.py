"""Whether everything is as it should be: what ``/readyz`` tells."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.concurrency import run_in_threadpool

from .desk import Desk
from .watching import OK, Watch


class Readiness:
    """The state of the bundles, as `Watch` has seen them, and of the memory, which is tried when somebody asks."""

    def __init__(self, desk: Desk, watch: Watch) -> None:
        self._desk, self._watch = desk, watch
        self._trial: asyncio.Task[None] | None = None

    async def state(self) -> dict[str, Any]:
        """Return ``ready``, and in words how each bundle and the memory are; translation goes on in any case."""
        await self._try_memory()
        service = self._desk.service
        bundles = {"-".join(direction): words for direction, words in self._watch.state().items()}
        return {
            "ready": not service.memory_error and all(words == OK for words in bundles.values()),
            "bundles": bundles,
            "memory": service.memory_error or (OK if service.has_memory else "none"),
            "waiting": self._desk.n_waiting,
        }

    async def _try_memory(self) -> None:
        """Try it once for all who ask meanwhile: a locked database may take seconds, and threads are few."""
        if self._trial is None or self._trial.done():
            self._trial = asyncio.create_task(run_in_threadpool(self._desk.service.check_memory))
        await asyncio.shield(self._trial)
