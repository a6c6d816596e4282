"""The command line run in a process of its own, and what the tests of it share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from subprocess import CompletedProcess, Popen
from typing import Any

Run = Callable[..., CompletedProcess[str]]

TINY = ["--model", "char-lstm", "--units", "4", "--dev", "0.2", "--test", "0.2"]


def output(result: CompletedProcess[str]) -> str:
    """What a successful command printed."""
    assert result.returncode == 0, result.stderr
    return result.stdout


# A shell that put the tests into the background lets them ignore Ctrl-C, and they would hand that on.
HEEDING_CTRL_C = """
import signal
from dragoman.cli import main

signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""


def start(*arguments: str, **streams: Any) -> Popen[bytes]:
    """Start the command line as a shell does, unbuffered on our side."""
    return Popen([sys.executable, "-c", HEEDING_CTRL_C, *arguments], bufsize=0, **streams)
