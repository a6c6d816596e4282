"""The one place in which a job runs: a locked file, and the child that holds the lock.

The lock is an ``flock``, which belongs to the open file and not to a process: the child inherits it and keeps it while
it lives, and nobody else can. So a number of a process in the file is believed only while the file is locked.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any

from ..errors import ConflictError

PROGRAM = (sys.executable, "-m", "dragoman")
"""The command line, as a child process."""


class Place:
    """The place of the jobs in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "running"

    @property
    def running(self) -> str | None:
        """The number of the job that runs, if one does."""
        return self._held().get("job")

    def need_free(self) -> None:
        """Refuse with a `ConflictError` while a job runs."""
        if (running := self.running) is not None:
            raise ConflictError(f"the job {running} is running, and there is time for one only; stop it, or wait")

    def start(self, job: str, command: Sequence[str], output: Path, errors: Path) -> None:
        """Start ``command`` as ``job``; its standard output goes behind what stands in one file, its standard error
        into another.
        """
        with self._path.open("a+b") as lock, output.open("ab") as out, errors.open("wb") as err:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ConflictError("another job has just been started; wait for it, or stop it") from None
            _write(lock, {"job": job})
            child = subprocess.Popen(  # noqa: S603 - the command is ours, and no shell reads it
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                pass_fds=[lock.fileno()],
                start_new_session=True,
            )
            try:
                _write(lock, {"job": job, "process": child.pid})
            except OSError:
                child.kill()  # nobody could stop it later
                child.wait()
                raise
        _give_way(child.pid)
        # Only so that the system can forget it when it has ended.
        Thread(target=child.wait, name=f"job {job}", daemon=True).start()

    def interrupt(self, job: str) -> None:
        """Send what Ctrl-C sends, if ``job`` runs."""
        held = self._held()
        if held.get("job") == job and "process" in held:
            with suppress(ProcessLookupError):
                os.kill(held["process"], signal.SIGINT)

    def _held(self) -> dict[str, Any]:
        """What the file says while it is locked; nothing else."""
        try:
            with self._path.open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    said = json.loads(file.read() or b"{}")
                    return said if isinstance(said, dict) else {}
        except (OSError, ValueError):
            pass
        return {}


def _write(file: IO[bytes], said: dict[str, Any]) -> None:
    file.truncate(0)  # it is appended to, and so written from its start
    file.write(json.dumps(said).encode())
    file.flush()


def _give_way(process: int) -> None:
    """Let everything else come before ``process``. Its children and threads inherit that."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, 19)
        if hasattr(os, "SCHED_IDLE"):
            # Of the disk it takes what is left over too: Linux derives that from the scheduling class.
            os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))
