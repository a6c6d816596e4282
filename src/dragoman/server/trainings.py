"""New translators: files of pairs that are sent, trainings of them, and the jobs that are under way."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import StreamingResponse

from ..corpus.languages import check_sides, language
from ..errors import ConflictError, StorageError, UnprocessableError
from ..jobs import Job, Jobs
from ..jobs.corpora import Corpora, Upload
from . import training_shapes as shapes
from .answers import answer
from .bodies import body_of
from .desk import Desk
from .files import plain_name

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")
"""Of a new model: it becomes a folder."""

MAX_FILES = 20
"""Of one corpus."""

SECONDS_BETWEEN_LOOKS = 0.5


class Trainings:
    """The routes over a `Desk`; new bundles and what belongs to them go into the folder ``models``."""

    def __init__(self, desk: Desk, jobs: Jobs, models: Path) -> None:
        self._desk, self._service, self._jobs, self._models = desk, desk.service, jobs, models
        self._corpora = Corpora(models / ".corpora")
        self._one_corpus = asyncio.Lock()
        self.router = APIRouter(prefix="/v1", tags=["Trainings"])
        add = self.router.add_api_route
        add("/corpora", self.add, methods=["POST"], **shapes.CORPORA)
        add("/trainings", self.train, methods=["POST"], **shapes.TRAIN)
        add("/jobs", self.jobs, methods=["GET"], **shapes.JOBS)
        add("/jobs/{job}", self.job, methods=["GET"], **shapes.JOB)
        add("/jobs/{job}/events", self.events, methods=["GET"], **shapes.EVENTS)
        add("/jobs/{job}/stop", self.stop, methods=["POST"], **shapes.JOB)
        add("/jobs/{job}/resume", self.resume, methods=["POST"], **shapes.JOB)

    async def add(self, request: Request) -> Response:
        """Keep files of pairs that are to be trained on together, and tell what a training would make of them."""
        await self._desk.access.administrator(request)
        if not request.headers.get("content-type", "").startswith("multipart/form-data"):
            raise UnprocessableError("send the file as a form: multipart/form-data with the field file")
        try:
            async with request.form(max_files=MAX_FILES, max_fields=MAX_FILES) as form:
                uploads = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
                if not uploads:
                    raise UnprocessableError("the form has no file; send one or more files of pairs")
                named = [Upload(plain_name(upload.filename or "pairs.tsv"), upload.file) for upload in uploads]
                async with self._one_corpus:  # one at a time: each takes a core
                    await run_in_threadpool(self._drop_old_corpora)
                    return answer(await run_in_threadpool(self._corpora.add, named), 201)
        except OSError as error:
            raise StorageError(f"the file cannot be taken in: {error.strerror or error}; make room for it") from error

    async def train(self, request: Request) -> Response:
        """Train a new translator of a corpus, in a process of its own; when it is done it is served."""
        await self._desk.access.administrator(request)
        asked = await body_of(request, shapes.ToTrain)
        command = await run_in_threadpool(self._command, asked)
        return answer((await run_in_threadpool(self._jobs.start, "train", asked.model, command)).to_json(), 202)

    async def jobs(self, request: Request) -> Response:
        """List the jobs that are remembered, newest first."""
        await self._desk.access.caller(request)
        return answer({"jobs": [job.to_json() for job in await run_in_threadpool(self._jobs.jobs)]})

    async def job(self, request: Request, job: str) -> Response:
        """Tell of one job."""
        await self._desk.access.caller(request)
        return await self._answer(self._jobs.job, job)

    async def stop(self, request: Request, job: str) -> Response:
        """Ask a job to end after its step; a training keeps what it has learned, and can go on."""
        await self._desk.access.administrator(request)
        return await self._answer(self._jobs.stop, job)

    async def resume(self, request: Request, job: str) -> Response:
        """Let a job go on that was stopped, killed or failed."""
        await self._desk.access.administrator(request)
        return await self._answer(self._jobs.resume, job)

    async def events(self, request: Request, job: str) -> Response:
        """Send what a job tells, from its beginning and then as it happens, as server-sent events.

        The last one, `ended`, comes when the job runs no longer, and holds it. Who names the last event that they have
        in `Last-Event-ID` gets those behind it.
        """
        await self._desk.access.caller(request)
        await run_in_threadpool(self._jobs.job, job)
        last = request.headers.get("last-event-id", "")
        place = int(last) if last.isascii() and last.isdigit() and len(last) < 16 else 0
        head = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        gate = request.scope["state"]["gate"]
        return StreamingResponse(self._told(job, place, gate), 200, head, "text/event-stream")

    async def _told(self, job: str, place: int, gate: Any) -> AsyncIterator[bytes]:
        while not gate.is_ending:
            now: Job = await run_in_threadpool(self._jobs.job, job)  # before its events: none comes after the end
            lines, place = await run_in_threadpool(self._jobs.events, job, place)
            if lines:
                yield "".join(f"data: {line}\n\n" for line in lines[:-1]).encode()
                yield f"id: {place}\ndata: {lines[-1]}\n\n".encode()
            if now.state != "running":
                yield b"data: " + json.dumps({"event": "ended", "job": now.to_json()}).encode() + b"\n\n"
                return
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    async def _answer(self, work: Any, job: str) -> Response:
        return answer((await run_in_threadpool(work, job)).to_json())

    def _command(self, asked: shapes.ToTrain) -> list[str]:
        """The arguments of ``dragoman train`` for what was asked for, if it can be."""
        if not NAME.fullmatch(asked.model):
            words = "a model is named with letters, digits and . _ -, 64 at most, the first no dot or hyphen"
            raise UnprocessableError(f"{words}; not {asked.model[:80]!r}")
        src, trg = language(asked.src), language(asked.trg)
        check_sides(src, trg)
        directions = [(src, trg), *([(trg, src)] if asked.both else [])]
        for direction in directions:
            if direction in self._service.directions:
                served = self._service.served(*direction).model
                raise ConflictError(
                    f"{'-'.join(direction)} is served by {served} already; let it learn, or serve the new one elsewhere"
                )
        out, unfinished = self._models / asked.model, self._models / f".{asked.model}.training"
        if unfinished.exists() and self._failed_at_once(asked.model):
            shutil.rmtree(unfinished, ignore_errors=True)
        if out.exists() or unfinished.exists() or asked.model in self._service.models:
            raise ConflictError(f"there is a model {asked.model}, or a training of it; let that go on, or rename this")
        files = self._corpora.files(asked.corpus)
        options = ["--src", src, "--trg", trg, "--minutes", str(asked.minutes), *(["--both"] if asked.both else [])]
        return [*map(str, files), "--out", str(out), *options]

    def _failed_at_once(self, model: str) -> bool:
        """Whether the last job of a model failed before it had begun, and so has left nothing to go on from."""
        last = next((job for job in self._jobs.jobs() if job.model == model), None)
        return last is not None and last.state == "failed" and not last.can_resume

    def _drop_old_corpora(self) -> None:
        unfinished = [job for job in self._jobs.jobs() if job.state != "done"]
        self._corpora.drop_old({part for job in unfinished for name in job.arguments for part in Path(name).parts})
