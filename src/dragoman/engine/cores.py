"""Batches on all cores, one thread each: NumPy lets go of the interpreter's lock while it computes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from threading import Lock
from typing import TypeVar

Result = TypeVar("Result")

MIN_BATCH = 16
"""Smaller batches are not worth a thread: a product of half the rows takes nearly as long."""


def on_all_cores(work: Callable[[Sequence[int]], list[Result]], lengths: Sequence[int], batch: int) -> list[Result]:
    """Return the results of ``work`` for the places 0 to ``len(lengths)`` - 1, in this order.

    ``work`` is given ``batch`` places at most, of like ``lengths``, and returns a result for each.
    """
    if not lengths:
        return []
    n_cores = os.cpu_count() or 1
    batch = min(batch, max(MIN_BATCH, -(-len(lengths) // n_cores)))
    # The longest first, so that no long batch is left for the end.
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    batches = [order[first : first + batch] for first in range(0, len(order), batch)]
    if len(batches) == 1:
        return _in_order(order, work(order))
    with _one_thread_a_product, ThreadPoolExecutor(n_cores) as threads:
        return _in_order(order, chain.from_iterable(threads.map(work, batches)))


def _in_order(places: Sequence[int], results: Iterable[Result]) -> list[Result]:
    by_place = dict(zip(places, results, strict=True))
    return [by_place[place] for place in range(len(places))]


class _OneThreadAProduct:
    """A context that keeps BLAS from sharing each small product among threads of its own, which wait for each other in
    a loop.

    The limit holds for the whole process: the first caller to come sets it, and the last to go lifts it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._n_callers = 0

    def __enter__(self) -> None:
        with self._lock:
            if self._n_callers == 0:
                # Imported late: one sentence needs none of it.
                from threadpoolctl import threadpool_limits

                # A limit can be lifted only by the thread that has set it, and that caller may go first.
                self._keeper = ThreadPoolExecutor(1)
                self._limit = self._keeper.submit(threadpool_limits, limits=1, user_api="blas").result()
            self._n_callers += 1

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._n_callers -= 1
            if self._n_callers == 0:
                self._keeper.submit(self._limit.__exit__, None, None, None).result()
                self._keeper.shutdown()


_one_thread_a_product = _OneThreadAProduct()
