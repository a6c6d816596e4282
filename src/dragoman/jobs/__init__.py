"""Trainings as child processes: started, watched, stopped, gone on with. Imports no Keras, and fits nothing itself.

A job is ``dragoman train`` or ``dragoman learn`` at the lowest priority, in a session of its own. It goes on when who
started it ends, and whoever opens the same folder finds it again:

    running          locked by the child for as long as it lives; says which job it is
    ID/request.json  what was asked for
    ID/events.jsonl  what the child told, a line each, beside when it was started and asked to stop
    ID/errors.txt    its standard error

One job runs at a time. One that was stopped or killed goes on with the same command.
"""

from __future__ import annotations

import importlib.util
import json
import secrets
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from ..errors import ConflictError, MissingPackageError, NotFoundError, StorageError
from .account import Account, Job
from .place import PROGRAM, Place

__all__ = ["Job", "Jobs"]

KEPT = 50
"""Jobs that are remembered; of those that do not run the oldest go first."""


class Jobs:
    """The jobs in ``folder``, which is made with the first. Threads may share it.

    ``program`` is what is started, with the arguments of a job. Where a folder cannot be written is a `StorageError`.
    """

    def __init__(self, folder: Path, program: Sequence[str] = PROGRAM) -> None:
        self._folder = folder
        self._program = tuple(program)
        self._place = Place(folder)
        self._accounts: dict[str, Account] = {}
        self._lock = RLock()

    def start(self, kind: str, model: str, arguments: Sequence[str]) -> Job:
        """Start ``program kind arguments --json`` for the model of that name, and return the job.

        While another job runs it is a `ConflictError`; without the packages of a training a `MissingPackageError`.
        """
        _need_training()
        job = secrets.token_hex(8)
        request = {"kind": kind, "model": model, "arguments": list(arguments), "started": _now()}
        with self._lock:
            self._place.need_free()
            folder = self._folder / job
            try:
                self._folder.mkdir(0o700, parents=True, exist_ok=True)  # the place of a memory may hold a password
                folder.mkdir()
                _write(folder / "request.json", request)
                self._run(job, request)
            except BaseException as error:
                self._forget(job)
                if isinstance(error, OSError):
                    raise _unwritable(folder, error) from error
                raise
            self._drop_old()
            return self.job(job)

    def resume(self, job: str) -> Job:
        """Start a job again that was stopped, killed or failed, with the same command; errors are those of `start`."""
        _need_training()
        with self._lock:
            account = self._account(job)
            state = account.job(self._place.running == job).state
            if state in ("running", "done"):
                raise ConflictError(f"the job {job} is {state}; only one that was stopped or has failed goes on")
            try:
                self._run(job, account.request)
            except OSError as error:
                raise _unwritable(self._folder / job, error) from error
            return self.job(job)

    def stop(self, job: str) -> Job:
        """Ask a job to end after its step and to keep what was learned; once more changes nothing."""
        with self._lock:
            account = self._account(job)
            now = account.job(self._place.running == job)
            if now.state != "running":
                raise ConflictError(f"the job {job} does not run: it is {now.state}")
            if not now.stopping:
                account.note("stopping")  # before the job can say that it has stopped
                self._place.interrupt(job)
            return self.job(job)

    def job(self, job: str) -> Job:
        """Return the job of that number as it is now; an unknown one is a `NotFoundError`."""
        with self._lock:
            is_running = self._place.running == job  # asked first: what it told before it ended is read after
            return self._account(job).job(is_running)

    def jobs(self) -> list[Job]:
        """Return all jobs, newest first."""
        with self._lock:
            running = self._place.running
            found = [self._account(path.name).job(path.name == running) for path in self._folders()]
        return sorted(found, key=lambda job: job.started, reverse=True)

    def events(self, job: str, place: int = 0) -> tuple[list[str], int]:
        """Return the events behind ``place``, each as its line of JSON, and the place behind them; 0 is the start."""
        return self._account(job).lines(place)

    def _run(self, job: str, request: dict[str, Any]) -> None:
        account = self._account(job)
        account.note("started")
        command = [*self._program, request["kind"], *request["arguments"], "--json"]
        try:
            self._place.start(job, command, account.events, account.errors)
        except BaseException:
            account.note("failed", error="the process could not be started")
            raise

    def _account(self, job: str) -> Account:
        if job not in self._accounts:
            if not (job.isalnum() and (self._folder / job / "request.json").is_file()):
                raise NotFoundError(f"there is no job {job[:40]}; /v1/jobs has all that are remembered")
            self._accounts[job] = Account(self._folder / job)
        return self._accounts[job]

    def _folders(self) -> list[Path]:
        return [path.parent for path in self._folder.glob("*/request.json")]

    def _drop_old(self) -> None:
        for old in self.jobs()[KEPT:]:
            if old.state != "running":
                self._forget(old.id)

    def _forget(self, job: str) -> None:
        self._accounts.pop(job, None)
        shutil.rmtree(self._folder / job, ignore_errors=True)


def _need_training() -> None:
    """Refuse where a training could not even begin; asked without loading anything."""
    missing = [name for name in ("keras", "filelock") if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingPackageError(
            f"training needs packages that are not installed ({', '.join(missing)})", "dragoman[train]"
        )


def _write(file: Path, request: dict[str, Any]) -> None:
    beside = file.with_suffix(".partial")
    beside.write_text(json.dumps(request), "utf-8")
    beside.replace(file)


def _unwritable(folder: Path, error: OSError) -> StorageError:
    return StorageError(f"{folder}: the job cannot be kept there: {error.strerror or error}; make room, and try again")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
