"""What Prometheus may ask: requests, latencies, queues, batches, tokens, the memory. No label holds a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from ..service import Direction
from ..translation import Translation

SECONDS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.0, 2.0, 5.0, 15.0, 60.0)
TEXTS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """The counters of one server; two servers in one process do not share them."""

    def __init__(self) -> None:
        all_ = self._registry = CollectorRegistry()
        self._requests = Counter("dragoman_requests", "Requests answered.", ["route", "status"], registry=all_)
        self._seconds = Histogram(
            "dragoman_request_seconds",
            "From the head of a request to the end of its answer.",
            ["route"],
            buckets=SECONDS,
            registry=all_,
        )
        self._waiting = Gauge(
            "dragoman_queue_requests", "Requests that wait for the engine.", ["direction"], registry=all_
        )
        self._under_way = Gauge("dragoman_requests_under_way", "Requests not yet answered.", registry=all_)
        self._batches = Histogram(
            "dragoman_batch_texts", "Texts of a batch.", ["direction"], buckets=TEXTS, registry=all_
        )
        self._batch_seconds = Counter(
            "dragoman_batch_seconds", "Seconds of work on batches.", ["direction"], registry=all_
        )
        self._tokens = Counter("dragoman_tokens", "Tokens of texts translated.", ["direction", "side"], registry=all_)
        self._hits = Counter("dragoman_memory_hits", "Texts that the memory knew.", ["direction"], registry=all_)
        self._memory = Gauge("dragoman_memory_up", "1 where the memory can be reached.", registry=all_)

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def batch(self, direction: Direction, done: Sequence[Translation], n_src: int, n_trg: int, seconds: float) -> None:
        """Count a batch that was translated, and the tokens of both sides."""
        name = "-".join(direction)
        self._batches.labels(name).observe(len(done))
        self._batch_seconds.labels(name).inc(seconds)
        self._tokens.labels(name, "src").inc(n_src)
        self._tokens.labels(name, "trg").inc(n_trg)
        self._hits.labels(name).inc(sum(translation.origin == "memory" for translation in done))

    def watch(self, under_way: Callable[[], float], memory: Callable[[], float]) -> None:
        """Ask these functions whenever somebody looks."""
        self._under_way.set_function(under_way)
        self._memory.set_function(memory)

    def watch_queue(self, direction: Direction, waiting: Callable[[], float]) -> None:
        """Ask ``waiting`` how many requests wait for the engine of a direction."""
        self._waiting.labels("-".join(direction)).set_function(waiting)

    def text(self) -> bytes:
        """Return everything in Prometheus's text format."""
        return generate_latest(self._registry)
