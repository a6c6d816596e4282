"""Bundles on the disk, looked at now and then: one that was replaced is served from then on, without a pause, and one
that is gone or damaged leaves what is in memory in service. What comes new into the folder of models is served too, or
held back (`holding`). A memory of corrections that has failed is tried again.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from threading import Lock

from starlette.concurrency import run_in_threadpool

from .. import bundle as bundles
from ..errors import ConflictError, DragomanError, NotFoundError, UsageError
from ..service import Direction, Served, Service, load
from . import logs
from .holding import Held, Wishes, reason_to_hold

log = logging.getLogger(__name__)

SECONDS = 2.0
"""Between two looks."""

OK = "ok"


class Watch:
    """Keeps what ``service`` serves equal to what stands in its bundles and in the folder ``models``, if there is one.

    Engines of new bundles have ``precision``; those of others keep theirs.
    """

    def __init__(self, service: Service, models: Path | None = None, precision: str | None = None) -> None:
        self._service = service
        self._models, self._precision = models, precision
        self._state: dict[Direction, str] = {}
        self._seen: dict[Path, frozenset[tuple[str, int, int]]] = {}
        self._held: dict[str, Held] = {}
        self._wishes = Wishes(models / ".served") if models else None
        self._lock = Lock()

    @property
    def held(self) -> dict[str, Held]:
        """The bundles that are not served until somebody says so, by their names."""
        return dict(self._held)

    def serve(self, name: str) -> None:
        """Serve a bundle that was held back. Where its direction is served already it is a `ConflictError`."""
        with self._lock:
            held = self._held.get(name)
            if held is None or self._wishes is None:
                raise NotFoundError(f"there is no model {name[:40]} here that is held back; /v1/models has all")
            try:
                self._service.add(load([held.path], self._precision))
            except UsageError as error:
                raise ConflictError(str(error)) from None
            self._wishes.add(name)
            del self._held[name]
            log.warning("%s is served from now on, as was wished", held.path)

    def state(self) -> dict[Direction, str]:
        """Return ``"ok"`` for each direction, or what is wrong with its bundle."""
        return {direction: self._state.get(direction, OK) for direction in self._service.directions}

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(SECONDS)
            await run_in_threadpool(self.look)

    def look(self) -> None:
        """Look once at each bundle, load those that have changed or are new, and try a memory that has failed."""
        try:
            self._look()
        except Exception as error:  # a bundle of a kind that nobody foresaw must not end the watch
            logs.unforeseen(error, "watch")

    def _look(self) -> None:
        if self._service.memory_error:
            self._service.check_memory()
        with self._lock:
            for served in self._service.models.values():
                path = served[0].path
                if path is not None:
                    self._set(served, self._renewed(served, path))
            new = self._new()
            self._held = {name: held for name, held in self._held.items() if held.path in new}
            for path in new:
                self._add(path)

    def _renewed(self, served: list[Served], path: Path) -> str:
        """Serve what stands in ``path``, if it is another bundle than ``served``; return what is wrong with it."""
        try:
            if bundles.fingerprint(path, whole=True) == served[0].translator.fingerprint:
                return OK
            renewed = {
                one.direction: one for one in load([path], getattr(served[0].translator.engine, "precision", None))
            }
        except (DragomanError, OSError) as error:
            return f"{error} (the bundle that was loaded before is served on)"
        if missing := [one.direction for one in served if one.direction not in renewed]:
            return f"{path}: the bundle no longer translates {'-'.join(missing[0])} (the one before is served on)"
        for one in served:
            self._service.replace(renewed[one.direction])
        log.warning(
            "%s was replaced, and is now served by %s", path, renewed[served[0].direction].translator.fingerprint
        )
        return OK

    def _set(self, served: list[Served], words: str) -> None:
        if words not in (OK, self._state.get(served[0].direction)):
            log.warning("%s: %s", served[0].model, words)
        self._state.update({one.direction: words for one in served})

    def _new(self) -> list[Path]:
        """The bundles in the folder of models that are not served, in the order of their names."""
        served = {one.path.resolve() for group in self._service.models.values() for one in group if one.path}
        found = [card.parent for card in sorted(self._models.glob(f"*/{bundles.CARD}"))] if self._models else []
        return [path for path in found if not path.name.startswith(".") and path.resolve() not in served]

    def _add(self, path: Path) -> None:
        """Serve a new bundle. One that cannot be served is tried again when its files have changed: it may be on its
        way here.
        """
        try:
            files = [(file.name, file.stat()) for file in path.iterdir()]
            listing = frozenset((name, status.st_size, status.st_mtime_ns) for name, status in files)
            if self._seen.get(path) == listing:
                return
            self._seen[path] = listing
            self._held.pop(path.name, None)
            bundle = bundles.read(path)
            reason = reason_to_hold(bundle)
            if reason and path.name not in self._service.models and self._wishes and not self._wishes.has(path.name):
                self._held[path.name] = Held(bundle, path, reason)
                log.warning("%s is held back: %s", path, reason)
                return
            self._service.add(load([path], self._precision))
        except (DragomanError, OSError) as error:
            log.warning("%s is not served: %s", path, error)
        else:
            log.warning("%s is served from now on", path)
