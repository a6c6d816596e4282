"""What servers answer, believed only as far as it goes: whom to ask, from which byte on, how much, how slowly.

This is the only file of the room that opens a socket. A server may answer anything: each way in which it can fail is
a `RefusedError`, whose text says why in a few words; `catalogue` makes errors of them that name a remedy.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from http import HTTPStatus
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin, urlsplit

from ... import __version__

if TYPE_CHECKING:
    import requests

MAX_JSON_BYTES = 4 * 1024**2
MAX_REDIRECTS = 3
CONNECT_SECONDS, READ_SECONDS = 10, 30
CHUNK_BYTES = 64 * 1024

SLOW_SECONDS, SLOW_BYTES = 60, 16 * 1024
"""A server that sends less than so many bytes in so many seconds is waited for no longer."""


class RefusedError(Exception):
    """What a server sends is not what was asked for, or nothing comes; the text says why."""


class BrokenOffError(RefusedError):
    """The connection ended before the answer did; asking for the rest may help."""


class OutOfRangeError(RefusedError):
    """The server has no bytes from there on."""


def origin(url: str) -> str:
    """Return the scheme and host of ``url``, with all that may stand beside the host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower()


class Web:
    """The servers that may be asked, each by its `origin`; no answer leads to another one."""

    def __init__(self, origins: Iterable[str]) -> None:
        self._origins = frozenset(origins)

    def allows(self, url: str) -> bool:
        """Tell whether ``url`` is on one of the servers."""
        return origin(url) in self._origins

    def open(self, url: str, *, start: int | None = None, validator: str = "") -> Answer:
        """Return the answer of a server, its head read and its body not.

        With ``start`` the bytes from there on are asked for, if the file is still the one that had this ``validator``;
        a server may give all of it all the same.
        """
        # Imported late: most commands download nothing.
        import requests

        headers = {"User-Agent": f"dragoman/{__version__}", "Accept-Encoding": "identity"}
        if start is not None:
            headers["Range"] = f"bytes={start}-"
            if validator:
                headers["If-Range"] = validator
        for _ in range(MAX_REDIRECTS + 1):
            if not self.allows(url):
                raise RefusedError(f"it leads to {origin(url) or 'no address'}, which is not asked")
            try:
                response = requests.get(
                    url, headers=headers, stream=True, allow_redirects=False, timeout=(CONNECT_SECONDS, READ_SECONDS)
                )
            except (requests.RequestException, OSError, ValueError) as error:
                raise RefusedError(_unreachable(error)) from error
            if not response.is_redirect:
                return Answer(response)
            response.close()
            url = urljoin(url, response.headers["Location"])
        raise RefusedError(f"the server sends us on more than {MAX_REDIRECTS} times")

    def json(self, url: str) -> Any:
        """Return the JSON at ``url``."""
        with self.open(url) as answer:
            body = b""
            while chunk := answer.read(CHUNK_BYTES):
                body += chunk
                if len(body) > MAX_JSON_BYTES:
                    raise RefusedError(f"the answer has more than {MAX_JSON_BYTES} bytes")
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise RefusedError("the answer is not JSON") from None


def _unreachable(error: Exception) -> str:
    import requests

    if isinstance(error, requests.exceptions.SSLError):
        return "the server's certificate is not trusted"
    if isinstance(error, requests.Timeout):
        return "the server does not answer in time"
    if isinstance(error, ValueError):
        return "it leads to no address"
    return "the server cannot be reached"


class Answer:
    """An answer whose body is read from ``start`` on.

    ``n_bytes_in_all`` is the length of the whole file, None where the server does not say; ``validator`` tells this
    state of the file from others (a strong ETag, else the time of its last change, else nothing).
    """

    def __init__(self, response: requests.Response) -> None:
        self._response = response
        status, headers = response.status_code, response.headers
        try:
            if status == 416:
                raise OutOfRangeError("the server has no bytes from there on")
            if status not in (200, 206):
                raise RefusedError(f"the server answers {status}{_phrase(status)}")
            if headers.get("Content-Encoding", "identity") != "identity":
                raise RefusedError("the server packs its answer once more")
            self.is_partial = status == 206
            length = _number(headers.get("Content-Length"))
            self.start, self.n_bytes_in_all = (
                _range(headers.get("Content-Range", "")) if self.is_partial else (0, length)
            )
        except RefusedError:
            response.close()
            raise
        etag = headers.get("ETag", "")
        self.validator = etag if etag.startswith('"') else headers.get("Last-Modified", "")
        self.content_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        self._left = length
        self._since, self._came = monotonic(), 0

    def read(self, n_bytes: int) -> bytes:
        """Return up to ``n_bytes`` that have come, none at the end."""
        import urllib3

        try:
            chunk = self._response.raw.read1(n_bytes, decode_content=False)
        except urllib3.exceptions.TimeoutError:
            raise BrokenOffError("the server sends nothing more") from None
        except (urllib3.exceptions.HTTPError, OSError):
            raise BrokenOffError("the connection broke off") from None
        if self._left is not None:
            self._left -= len(chunk)
            if not chunk and self._left > 0:
                raise BrokenOffError("the connection broke off")
        self._require_speed(len(chunk))
        return bytes(chunk)

    def _require_speed(self, n_bytes: int) -> None:
        self._came += n_bytes
        if (now := monotonic()) - self._since > SLOW_SECONDS:
            if self._came < SLOW_BYTES:
                raise RefusedError(f"the server sends less than {SLOW_BYTES} bytes in {SLOW_SECONDS} seconds")
            self._since, self._came = now, 0

    def close(self) -> None:
        """Read no more of it."""
        self._response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _phrase(status: int) -> str:
    # Our own words: a server may call its answer anything.
    return f" {HTTPStatus(status).phrase}" if status in set(HTTPStatus) else ""


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 20 else None


def _range(text: str) -> tuple[int, int | None]:
    """Read ``bytes 5-9/10``."""
    place, _, whole = text.removeprefix("bytes ").partition("/")
    start = _number(place.partition("-")[0])
    if start is None:
        raise RefusedError("the server does not say which part it sends")
    return start, _number(whole)
