"""Large pages of memory for a training, which make its steps about a sixth faster on Linux.

A step takes hundreds of megabytes and gives them back, and pays for each small page of them every time. The GNU C
library asks for pages of two megabytes where a variable of the environment says so before the process starts: so a
training starts itself again, once.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

COMMANDS = ("train", "demo", "learn")
VARIABLE, TUNABLE = "GLIBC_TUNABLES", "glibc.malloc.hugetlb"
SYSTEM = Path("/sys/kernel/mm/transparent_hugepage/enabled")


def start_again_with_them(arguments: Sequence[str]) -> None:
    """Replace this process by itself with large pages, if ``arguments`` are those of a training and the system gives
    such pages to whoever asks; else return. What the variable says of ``TUNABLE`` already stands.
    """
    tunables = os.environ.get(VARIABLE, "")
    is_training = bool(arguments) and arguments[0] in COMMANDS
    if not is_training or TUNABLE in tunables or not _are_on_request():
        return
    os.environ[VARIABLE] = ":".join(filter(None, (tunables, f"{TUNABLE}=1")))
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - no shell wanted


def _are_on_request() -> bool:
    try:
        return "[madvise]" in SYSTEM.read_text() and platform.libc_ver()[0] == "glibc"
    except OSError:
        return False
