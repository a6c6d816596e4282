"""Memory that a step has freed stays with the process for the next one.

A compiled step takes some 24 MB and gives them back. The C library returns them to the system, and the next step pays
for fresh pages: a fifth of its time. Only glibc is asked to do otherwise; elsewhere nothing happens.
"""

from __future__ import annotations

import ctypes

# The numbers of malloc.h, and bytes: blocks up to a gigabyte come from the heap, and its free end is kept.
_OPTIONS = {"M_MMAP_THRESHOLD": (-3, 2**30), "M_TRIM_THRESHOLD": (-1, 2**30), "M_TOP_PAD": (-2, 2**26)}


def keep_freed_memory() -> None:
    """Ask the C library to keep up to a gigabyte of freed memory for this process."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    for option, n_bytes in _OPTIONS.values():
        mallopt(option, n_bytes)
