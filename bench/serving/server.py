"""A server in a process of its own: what it takes of memory and of the processor, in all and for its engine.

    python -m bench.serving.server BUNDLE

serves BUNDLE on a free port as ``dragoman serve --no-memory`` does, and prints its URL and the numbers of the threads
that are none of Python's: those of the engine.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.harness import ROOT, python

TICKS = os.sysconf("SC_CLK_TCK")


class Process:
    """A server that runs: its ``url``, and what it takes."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.url, *self._engine = process.stdout.readline().split()
        self._process = process

    def cpu_seconds(self) -> float:
        """Return the seconds of processor time of the whole process."""
        return _seconds(Path(f"/proc/{self._process.pid}"))

    def engine_seconds(self) -> float:
        """Return those of its engine; only of a server of ours."""
        return sum(_seconds(Path(f"/proc/{self._process.pid}/task/{thread}")) for thread in self._engine)

    def private_bytes(self) -> int:
        """Return the memory that the process shares with none."""
        told = Path(f"/proc/{self._process.pid}/smaps_rollup").read_text()
        return 1024 * sum(map(int, re.findall(r"^Private_\w+:\s+(\d+) kB", told, re.MULTILINE)))


@contextmanager
def serving(bundle: Path) -> Iterator[Process]:
    """Run a server of the bundle."""
    command = python("-m", "bench.serving.server", bundle.absolute())
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield Process(process)
        finally:
            process.send_signal(signal.SIGTERM)


def _seconds(folder: Path) -> float:
    """Return the processor time of a process or a thread, by its folder in ``/proc``."""
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def main(bundle: Path) -> None:
    """Serve until told to end."""
    from dragoman.server.access import Access
    from dragoman.server.app import application
    from dragoman.server.running import Server, logging_to_standard_error, settle
    from dragoman.service import Service, load

    with logging_to_standard_error("error"):
        service = Service(load([bundle]))
        service.detect("a")
        server = Server(application(service, Access(None, is_local=True)), "127.0.0.1", 0)
        settle()
        of_python = {str(thread.native_id) for thread in threading.enumerate()}
        engine = [task.name for task in Path("/proc/self/task").iterdir() if task.name not in of_python]
        print(server.listen(), *engine, flush=True)
        server.serve_until_stopped()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
