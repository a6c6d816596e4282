"""The measures of a server: each gives lines of the table."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from bench.serving.load import Load, Outcome
from bench.serving.server import Process, serving
from dragoman.server.batching import PATIENCE

CLIENTS = 32
"""Of the measures that say nothing else."""

CROWD = 1_024
"""Clients that together ask for more than can be done."""


class Line(NamedTuple):
    """What was measured, and the target; ``met`` is None where there is none."""

    what: str
    measured: str
    target: str = ""
    met: bool | None = None


def rates(load: Load, bundle: Path, seconds: float) -> Iterator[Line]:
    """Requests a second, what one costs, and how long one takes where there is little to do."""
    with serving(bundle) as server:
        load.run(server.url, 8, 2)
        cpu, engine = server.cpu_seconds(), server.engine_seconds()
        full = load.run(server.url, CLIENTS, seconds)
        cpu, engine = server.cpu_seconds() - cpu, server.engine_seconds() - engine
        yield Line(
            f"requests a second, {CLIENTS} clients",
            f"{full.rate:.0f} (median {full.p50:.0f} ms, 99 % within {full.p99:.0f} ms, {_lost(full)})",
            "200",
            full.rate >= 200,
        )
        outside = 1000 * (cpu - engine) / full.requests
        whole = f"{1000 * cpu / full.requests:.2f} ms with the engine"
        yield Line(
            "processor time a request, outside the engine", f"{outside:.2f} ms ({whole})", "1.5 ms", outside <= 1.5
        )
        taken = load.paced(server.url, round(10 * seconds))
        p50, p99 = taken[len(taken) // 2], taken[int(0.99 * len(taken))]
        yield Line(
            "10 requests a second: median / 99 %", f"{p50:.1f} / {p99:.1f} ms", "20 / 80 ms", p50 <= 20 and p99 <= 80
        )


def overload(load: Load, bundle: Path, seconds: float) -> Iterator[Line]:
    """Twice as many requests as can be answered, for ``seconds``, and the time after."""
    with serving(bundle) as server:
        capacity = load.run(server.url, 8 * CLIENTS, min(10.0, seconds)).rate
        before = load.paced(server.url, 30)
        with ThreadPoolExecutor(1) as thread:
            # So that all of them together ask twice as often as can be answered, though an answer takes its time.
            pause_ms = max(1.0, 1000 * (CROWD / (2 * capacity) - PATIENCE))
            running = thread.submit(load.run, server.url, CROWD, seconds, pause_ms=pause_ms)
            sizes = list(_sampled(server, lambda: running.done(), seconds / 40))
            crowded = running.result()
        time.sleep(1)
        after = load.paced(server.url, 30)
    asked = crowded.requests / crowded.seconds
    yield Line(
        f"{crowded.seconds:.0f} s at {asked / capacity:.1f} times the {capacity:.0f} a second that it can do",
        f"{crowded.answered:,} answered, {crowded.refused:,} refused, {_lost(crowded)}; the longest after "
        f"{crowded.longest:.0f} ms",
        "each within 1 s",
        crowded.longest <= 1000 and not crowded.failed and crowded.answered + crowded.refused == crowded.requests,
    )
    quarter = len(sizes) // 4
    early, late = max(sizes[quarter : 2 * quarter]), max(sizes[3 * quarter :])
    yield Line(
        "private memory in its second and in its last quarter",
        f"{early / 2**20:.1f} and {late / 2**20:.1f} MiB",
        "flat (5 %)",
        late <= 1.05 * early,
    )
    middles = before[len(before) // 2], after[len(after) // 2]
    yield Line(
        "median at 10 a second before, and 1 s after the end",
        f"{middles[0]:.1f} and {middles[1]:.1f} ms",
        "as before",
        middles[1] <= 1.5 * middles[0] + 1,
    )


def growth(load: Load, bundle: Path, seconds: float) -> Iterator[Line]:
    """Private memory after 20,000 requests beside that after 1,000."""
    counts, sizes, n = [], [], 0
    with serving(bundle) as server:
        for enough, pace in ((1_000, 2.0), (20_000, seconds)):
            while n < enough:
                n += load.run(server.url, CLIENTS, pace).requests
            time.sleep(1)
            counts.append(n)
            sizes.append(server.private_bytes())
    grown = sizes[1] / sizes[0] - 1
    told = f"{sizes[0] / 2**20:.1f} and {sizes[1] / 2**20:.1f} MiB: {grown:+.1%}"
    what = f"private memory after {counts[0]:,} and {counts[1]:,} requests"
    yield Line(what, told, "within 5 %", grown <= 0.05)


Peer = Callable[[], AbstractContextManager[str]]


def beside(load: Load, bundle: Path, seconds: float, peer: Peer) -> Iterator[Line]:
    """Requests a second of ours and of another server, which ``peer`` starts: in turn, so that none runs beside."""
    for clients in (1, CLIENTS):
        with serving(bundle) as server:
            load.run(server.url, clients, 2)
            ours = load.run(server.url, clients, seconds)
        with peer() as url:
            load.run(url, clients, 2)
            theirs = load.run(url, clients, seconds)
        ratio = ours.rate / theirs.rate
        yield Line(
            f"beside LibreTranslate, {clients} clients",
            f"{ours.rate:.0f} and {theirs.rate:.0f} a second: {ratio:.1f} times ({_lost(ours)}; {_lost(theirs)})",
            "5 times",
            ratio >= 5,
        )


def _sampled(server: Process, is_over: Callable[[], bool], pause: float) -> Iterator[int]:
    while not is_over():
        yield server.private_bytes()
        time.sleep(pause)


def _lost(outcome: Outcome) -> str:
    other = outcome.requests - outcome.answered - outcome.refused
    return f"{outcome.failed} without an answer, {other} with another status"
