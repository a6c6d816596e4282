"""The private memory of processes: RssAnon and RssShmem.

The pages of mapped files are not in it, for the kernel takes them back when it needs them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def family(pid: int) -> Iterator[int]:
    """Yield ``pid`` and the processes below it."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            below = children.read_text().split()
        except OSError:  # it has ended meanwhile
            continue
        for child in below:
            yield from family(int(child))


def private_bytes(pid: int) -> int:
    """Return the memory that ``pid`` shares with no file, in bytes; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("RssAnon:", "RssShmem:")))
