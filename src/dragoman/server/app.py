"""The application put together: routes, limits, errors, what it says of itself, its start and its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from .. import __version__
from ..errors import DragomanError
from ..jobs import Jobs
from ..service import Service
from . import examples
from .access import Access
from .answers import answer, refusal
from .api import Api
from .desk import Desk
from .gate import Gate
from .languages import name_of
from .libretranslate import LibreTranslate
from .limits import Limits
from .metrics import Metrics
from .models import Models
from .page import Page
from .readiness import Readiness
from .trainings import Trainings
from .watching import Watch

DESCRIPTION = (
    "Translations by models of your own, with corrections that count. The routes under /v1 are Dragoman's; the others "
    "are those of LibreTranslate, for its clients."
)


class Workshop(NamedTuple):
    """Where new translators are made: the folder ``models``, in which each bundle is served; what trainings are told of
    the place of the ``memory``; the ``precision`` of engines that are loaded.
    """

    models: Path
    memory: str | None = None
    precision: str | None = None


def application(
    service: Service, access: Access, limits: Limits | None = None, workshop: Workshop | None = None
) -> Gate:
    """Return the ASGI application that serves ``service`` to whom ``access`` lets; without a ``workshop`` nothing can
    be trained or learned.
    """
    limits, metrics = limits or Limits(), Metrics()
    desk = Desk(service, access, limits, metrics)
    watch = Watch(service, workshop.models if workshop else None, workshop.precision if workshop else None)
    watch.look()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(name_of, "en")  # so that no request waits for the tables
        watching = asyncio.create_task(watch.run())
        try:
            yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
            await run_in_threadpool(desk.close)

    app = FastAPI(
        title="Dragoman",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    for kind in (DragomanError, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, _refuse)
    gate = Gate(app, access, limits, metrics)
    metrics.watch(lambda: gate.n_under_way, lambda: not service.memory_error)
    app.include_router(LibreTranslate(desk).router)
    app.include_router(Api(desk).router)
    app.include_router(Page(service).router)
    if workshop is not None:
        jobs = Jobs(workshop.models / ".jobs")
        app.include_router(Models(desk, jobs, watch, workshop.memory).router)
        app.include_router(Trainings(desk, jobs, workshop.models).router)
    _add_own_state(app, desk, Readiness(desk, watch))
    return gate


async def _refuse(_: Request, error: Exception) -> Response:
    return refusal(error)


def _add_own_state(app: FastAPI, desk: Desk, readiness: Readiness) -> None:
    """Add what the server says of itself."""

    @app.get("/healthz", tags=["State"])
    async def healthz() -> Response:
        """Say that the server runs."""
        return answer({"status": "ok"})

    @app.get("/readyz", tags=["State"], responses={503: {"description": "Something is not as it should be"}})
    async def readyz(request: Request) -> Response:
        """Say whether bundles and memory are as they should be; translation goes on while they are not. What is wrong
        names places on this machine, and is told to who may read.
        """
        state = await readiness.state()
        status = 200 if state["ready"] else 503
        return answer(state if await desk.access.may_read(request) else {"ready": state["ready"]}, status)

    @app.get("/metrics", tags=["State"], responses={200: {"content": {"text/plain": {}}}, 401: _ERROR, 403: _ERROR})
    async def metrics(request: Request) -> Response:
        """Tell Prometheus; where keys are needed, it needs one with the role admin."""
        await (desk.access.administrator(request) if desk.access.needs_key else desk.access.caller(request))
        return Response(desk.metrics.text(), media_type=CONTENT_TYPE_LATEST)


_ERROR = {"description": "A key is needed", "content": {"application/json": {"schema": examples.ERROR}}}
