"""What every request passes first and last: limits of head, body and time, what other origins may ask for, metrics, a
line in the log. Plain ASGI around the whole application, because each layer costs every request.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from time import perf_counter
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from ..errors import DragomanError, OverloadedError, TimedOutError, TooLargeError
from . import logs
from .access import Access
from .answers import refusal
from .limits import Limits
from .metrics import Metrics
from .origins import Use, use_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CLIENT_GONE = 499
"""The status in the log of a request whose client did not wait for the answer."""

FILES, CORPORA = "/translate_file", "/v1/corpora"
"""Routes whose bodies may be as long as a file that is translated, or one that is trained on."""

ALWAYS_OPEN = ("/healthz", "/readyz", "/metrics", "/health")
"""Routes that answer however much there is to do."""

COMMON_HEADERS = [(b"access-control-expose-headers", b"Retry-After"), (b"x-content-type-options", b"nosniff")]
ALLOWED_METHODS = (b"access-control-allow-methods", b"GET, POST")
"""What each answer of LibreTranslate says; browsers look at it before a request only."""

PREFLIGHT_HEADERS = [
    *COMMON_HEADERS,
    (b"access-control-allow-headers", b"Authorization, Content-Type, X-API-Key"),
    (b"access-control-allow-methods", b"GET, POST, PATCH"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
]


class Gate:
    """Wraps ``application``. Only routes that `origins.ROUTES` opens to others are reached by whoever ``access`` does
    not let read. ``n_under_way`` is how many requests are inside, ``is_ending`` says that the server takes no more.
    """

    def __init__(self, application: Application, access: Access, limits: Limits, metrics: Metrics) -> None:
        self._application = application
        self._access = access
        self._limits = limits
        self._metrics = metrics
        self.n_under_way = 0
        self.is_ending = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
            return
        scope = _as_meant(scope)
        passage = _Passage(scope, receive, send, self._limits, self._access.origins.allowed(_asked_for(scope)))
        scope["state"]["gate"] = self
        self.n_under_way += 1
        try:
            await self._pass(passage)
        except asyncio.CancelledError:
            passage.status = CLIENT_GONE
            if not passage.gone:
                raise
        except ClientDisconnect:
            passage.status = CLIENT_GONE
        except Exception as error:
            logs.unforeseen(error, passage.route)
            if not passage.status:
                await refusal(error)(scope, receive, passage.send)
        finally:
            self.n_under_way -= 1
            self._note(passage)

    async def _pass(self, passage: _Passage) -> None:
        scope = passage.scope
        if scope["method"] == "OPTIONS":
            await passage.answer_preflight()
            return
        try:
            self._check(scope)
            if use_of(scope) is Use.OWN:
                await self._access.admit(Request(scope))
        except (HTTPException, DragomanError) as error:
            await refusal(error)(scope, passage.receive, passage.send)
            return
        await self._application(scope, passage.receive, passage.send)

    def _check(self, scope: Scope) -> None:
        """Refuse what can be refused by its head."""
        if sum(len(name) + len(value) for name, value in scope["headers"]) > self._limits.head_bytes:
            most = self._limits.head_bytes
            raise HTTPException(431, f"the head of a request may have {most:,} bytes; send fewer or shorter headers")
        if self.n_under_way > self._limits.n_under_way and scope["path"] not in ALWAYS_OPEN:
            raise OverloadedError(f"{self.n_under_way:,} requests are under way, as many as may be; try again later")
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if int(declared) > (most := _most_bytes(scope, self._limits)):
            raise TooLargeError(f"a body may have {most:,} bytes here, not {int(declared):,}; send it in parts")

    def _note(self, passage: _Passage) -> None:
        seconds = perf_counter() - passage.began
        self._metrics.request(passage.route, passage.status, seconds)
        if logs.log.isEnabledFor(logging.INFO):
            client = passage.scope.get("client")
            fields = {
                "method": passage.scope["method"],
                "route": passage.route,
                "status": passage.status,
                "ms": round(1000 * seconds, 1),
                "address": client[0] if client else "",
                **passage.scope["state"]["noted"],
            }
            logs.log.info("request", extra={"fields": fields})


class _Passage:
    """One request on its way: what came of it, and its channels with their limits."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, limits: Limits, origin: str | None) -> None:
        self.scope = scope
        self._origin_headers = _origin_headers(origin)
        self.status = 0
        self.gone = False
        self.began = perf_counter()
        self._receive, self._send = receive, send
        self._n_bytes, self._most_bytes = 0, _most_bytes(scope, limits)
        self._seconds = limits.corpus_seconds if scope["path"] == CORPORA else limits.body_seconds
        self._until = asyncio.get_running_loop().time() + self._seconds
        self._has_more = True
        scope.setdefault("state", {})["noted"] = {}
        scope["state"]["passage"] = self

    @property
    def route(self) -> str:
        """The path of the route, without what stands in its parameters."""
        found = self.scope.get("route")
        return str(getattr(found, "path", "other"))

    async def receive(self) -> Message:
        """Return the next part of the body; one that is too long or too slow is refused."""
        if not self._has_more:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise TimedOutError(f"the body must come within {self._seconds:.0f} seconds; send it again") from None
        self._n_bytes += len(message.get("body", b""))
        if self._n_bytes > self._most_bytes:
            raise TooLargeError(f"a body may have {self._most_bytes:,} bytes here; send it in parts")
        self._has_more = bool(message.get("more_body"))
        return message

    async def send(self, message: Message) -> None:
        """Send on, with what every answer has in its head."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [*message.get("headers", ()), *self._origin_headers, *COMMON_HEADERS, ALLOWED_METHODS]
            message = {**message, "headers": headers}
        await self._send(message)

    async def answer_preflight(self) -> None:
        """Tell a browser whether the page of another site may ask."""
        self.status = 204
        headers = [*self._origin_headers, *PREFLIGHT_HEADERS]
        await self._send({"type": "http.response.start", "status": 204, "headers": headers})
        await self._send({"type": "http.response.body", "body": b""})


def _asked_for(scope: Scope) -> Scope:
    """Return ``scope`` with the method of the request that a browser asks leave for, where it does."""
    if scope["method"] != "OPTIONS":
        return scope
    named = dict(scope["headers"]).get(b"access-control-request-method", b"")
    return {**scope, "method": named.decode("latin-1").upper()}


def _origin_headers(origin: str | None) -> list[tuple[bytes, bytes]]:
    """The headers that let a browser hand an answer to pages of ``origin``, or of none."""
    if origin == "*":
        return [(b"access-control-allow-origin", b"*")]
    allowed = [] if origin is None else [(b"access-control-allow-origin", origin.encode("latin-1"))]
    return [*allowed, (b"vary", b"Origin")]


def _most_bytes(scope: Scope, limits: Limits) -> int:
    most = {FILES: limits.file_bytes, CORPORA: limits.corpus_bytes}
    return most.get(scope["path"], limits.body_bytes)


def _as_meant(scope: Scope) -> Scope:
    """Return ``scope`` with a GET for a HEAD, whose body uvicorn leaves out by itself, and a slash for two of them,
    which clients make of an address that ends with one.
    """
    method, path = scope["method"], scope["path"]
    if method != "HEAD" and "//" not in path:
        return scope
    return {**scope, "method": "GET" if method == "HEAD" else method, "path": re.sub("//+", "/", path)}
