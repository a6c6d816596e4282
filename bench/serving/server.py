"""A server in a process of its own: what it takes of memory and of the processor, in all and in Python alone.

    python -m bench.serving.server BUNDLE

serves BUNDLE on a free port as ``dragoman serve --no-memory`` does, and answers each line on its standard input with
the seconds of processor time that its Python threads have taken: all but those of the engine, which are none of Python.
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

    def __init__(self, url: str, process: subprocess.Popen[str]) -> None:
        self.url = url
        self._process = process

    def cpu_seconds(self) -> float:
        """Return the seconds of processor time of the whole process."""
        return _seconds(Path(f"/proc/{self._process.pid}"))

    def python_seconds(self) -> float:
        """Return those of its Python threads; only of a server of ours."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def private_bytes(self) -> int:
        """Return the memory that the process shares with none."""
        told = Path(f"/proc/{self._process.pid}/smaps_rollup").read_text()
        return 1024 * sum(map(int, re.findall(r"^Private_\w+:\s+(\d+) kB", told, re.MULTILINE)))


@contextmanager
def serving(bundle: Path) -> Iterator[Process]:
    """Run a server of the bundle."""
    command = python("-m", "bench.serving.server", bundle.absolute())
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            yield Process(process.stdout.readline().strip(), process)
        finally:
            process.send_signal(signal.SIGTERM)


def _seconds(folder: Path) -> float:
    """Return the processor time of a process or a thread, by its folder in ``/proc``."""
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _tell() -> None:
    """Answer each line of standard input."""
    gone = 0.0
    last: dict[int, float] = {}
    for _ in sys.stdin:
        now = {
            thread.native_id: _seconds(Path(f"/proc/self/task/{thread.native_id}"))
            for thread in threading.enumerate()
            if thread.native_id is not None
        }
        gone += sum(seconds for number, seconds in last.items() if number not in now)
        last = now
        print(gone + sum(now.values()), flush=True)


def main(bundle: Path) -> None:
    """Serve until told to end."""
    from dragoman.server.access import Access
    from dragoman.server.app import application
    from dragoman.server.running import Server, log_to_standard_error
    from dragoman.service import Service, load

    log_to_standard_error("error")
    service = Service(load([bundle]))
    service.detect("a")
    server = Server(application(service, Access(None, is_local=True)), "127.0.0.1", 0)
    print(server.listen(), flush=True)
    threading.Thread(target=_tell, daemon=True).start()
    server.serve_until_stopped()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
