"""HTTP/1.1 as uvicorn speaks it with httptools, with what it leaves out: a head that does not end, in
bytes or in time, is refused.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from .limits import Limits

LIMITS = Limits()


class Protocol(HttpToolsProtocol):
    """A connection. A head must come within ``limits.head_seconds`` of its first byte, or of the connection."""

    limits = LIMITS
    _timer: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _reads_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        if len(self.connections) > self.limits.n_connections:
            self._refuse(503, "too many connections; try again later", b"retry-after: 1\r\n")
            return
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; a head that has not ended yet may not be longer than its limit."""
        if self._reads_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._reads_head and self._head_bytes > self.limits.head_bytes:
            self._refuse(431, f"the head of a request may have {self.limits.head_bytes:,} bytes; send fewer headers")

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        """A head has ended."""
        self._reads_head = False
        self._stop_timer()
        super().on_headers_complete()

    def _await_head(self) -> None:
        self._reads_head, self._head_bytes = True, 0
        self._stop_timer()
        seconds = self.limits.head_seconds
        words = f"the head of a request must come within {seconds:.0f} seconds; send it again"
        self._timer = self.loop.call_later(seconds, self._refuse, 408, words)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: int, words: str, head: bytes = b"") -> None:
        self._stop_timer()
        if self.transport.is_closing():
            return
        body = b'{"error":"' + words.encode() + b'"}'
        length = str(len(body)).encode()
        self.transport.write(
            STATUS_LINE[status] + head + b"content-type: application/json\r\nconnection: close\r\ncontent-length: "
            + length + b"\r\n\r\n" + body
        )  # fmt: skip
        self.transport.close()


def protocol(limits: Limits) -> type[Any]:
    """Return the protocol with these limits, as uvicorn wants it."""
    return type("LimitedProtocol", (Protocol,), {"limits": limits})
