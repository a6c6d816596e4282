"""JoeyNMT's commands, run in its environment and watched through its log."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Timer
from time import monotonic

from .config import Places, Recipe, decoding_text

# A shell that put the bench into the background lets it ignore Ctrl-C, by which a training here ends after its minutes.
HEEDING_CTRL_C = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("joeynmt", run_name="__main__", alter_sys=True)
"""


_BYTES = re.compile("(?:<0x[0-9A-F]{2}>)+")


class _Interrupt:
    """Interrupts a process once, however often it is called."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process, self._lock = process, Lock()

    def __call__(self) -> None:
        # Never released: a second signal would reach JoeyNMT while it writes its weights.
        if self._lock.acquire(blocking=False):
            self._process.send_signal(signal.SIGINT)


class JoeyNMT:
    """JoeyNMT in its environment, on some threads, in a folder."""

    def __init__(self, python: Path, threads: int, folder: Path) -> None:
        if not python.exists():
            sys.exit(f"{python}: no such Python; bench/peers/joeynmt/environment makes its environment")
        self.python = python
        self.env = {**os.environ, **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), str(threads))}
        self.env.pop("PYTHONPATH", None)
        self.folder = folder

    def run(
        self, *arguments: object, enough: Callable[[str], bool] = lambda line: False, deadline: float | None = None
    ) -> list[str]:
        """Run a command of JoeyNMT, show its log as it comes, and return it.

        It is interrupted once, when ``enough`` says so of a line or at ``deadline``, in seconds of the monotonic clock;
        a training then keeps its weights.
        """
        command = (str(self.python), "-c", HEEDING_CTRL_C, *map(str, arguments))
        lines: list[str] = []
        with subprocess.Popen(
            command, cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr
            interrupt = _Interrupt(process)
            timer = Timer(max(0.0, (deadline or 0.0) - monotonic()), interrupt)
            timer.daemon = True
            if deadline is not None:
                timer.start()
            for line in process.stderr:
                print(line, end="", file=sys.stderr)
                lines.append(line.rstrip("\n"))
                if enough(line):
                    interrupt()
            timer.cancel()
        if process.returncode:
            sys.exit(f"JoeyNMT ended with {process.returncode}:\n" + "\n".join(lines[-20:]))
        return lines

    def translate(self, places: Places, recipe: Recipe, beam: int) -> tuple[list[str], list[str]]:
        """Return the translations of the test part by a search of this ``beam``, and the log."""
        config, hyps = places.folder / f"beam{beam}.yaml", places.folder / f"beam{beam}"
        config.write_text(decoding_text(places, recipe, beam), "utf-8")
        log = self.run("test", config, "--output-path", hyps)
        lines = hyps.with_name(f"{hyps.name}.test").read_text("utf-8").split("\n")[:-1]
        return [without_bytes(line) for line in lines], log


def without_bytes(text: str) -> str:
    """Return ``text`` with its characters in the place of bytes such as ``<0xC2><0xBF>``.

    JoeyNMT gives SentencePiece a list of the vocabulary, whereby this forgets which of the pieces are bytes, and writes
    them out.
    """
    return _BYTES.sub(lambda found: bytes.fromhex(re.sub("<0x|>", "", found[0])).decode(errors="replace"), text)
