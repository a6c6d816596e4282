"""Where a request comes from, as far as its head says: this server's own address, an origin that the owner has named,
or anywhere else. And the table of what each may ask for without a key.

A browser lets the page of any site send requests to this server. It says whose page it is in `Origin`, and a page
that has given itself this server's address (DNS rebinding) still names its own host in `Host`.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable, Mapping
from enum import Enum
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, NamedTuple

from starlette.datastructures import Headers

from ..errors import UsageError

PROXIES = ("forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip")
"""Headers by which a proxy is known, beside all that begin with `x-forwarded-`."""

OWN_SITES = ("same-origin", "none")
"""What `Sec-Fetch-Site` says where no other site has a part in a request."""

_AUTHORITY = r"(\[[0-9a-f:.]+\]|[^\s:/?#@\[\]]+)(?::([0-9]{1,5}))?"
_HOST = re.compile(_AUTHORITY)
_ORIGIN = re.compile(rf"([a-z][a-z0-9+.-]*)://{_AUTHORITY}")
_PORTS = {"http": 80, "https": 443}


class Site(Enum):
    """Where a request comes from."""

    OWN = "this server's own address"
    NAMED = "an origin that the owner has named"
    OTHER = "another origin or host, or a proxy that nobody has named"


class Use(Enum):
    """Who may use a route without a key."""

    ANYBODY = "anybody"
    NAMED = "named origins, and the server's own address"
    OWN = "pages and programs at this server's own address"


class Route(NamedTuple):
    """A route as the application names it."""

    method: str
    path: str


ROUTES: Mapping[Route, Use] = {
    Route("GET", "/"): Use.ANYBODY,
    Route("GET", "/page/{name}"): Use.ANYBODY,
    Route("GET", "/languages"): Use.ANYBODY,
    Route("POST", "/detect"): Use.ANYBODY,
    Route("POST", "/translate"): Use.ANYBODY,
    Route("POST", "/translate_file"): Use.ANYBODY,
    Route("GET", "/download_file/{name}"): Use.ANYBODY,
    Route("GET", "/frontend/settings"): Use.ANYBODY,
    Route("GET", "/health"): Use.ANYBODY,
    Route("GET", "/spec"): Use.ANYBODY,
    Route("GET", "/openapi.json"): Use.ANYBODY,
    Route("GET", "/healthz"): Use.ANYBODY,
    Route("GET", "/readyz"): Use.ANYBODY,
    Route("POST", "/v1/translate"): Use.ANYBODY,
    Route("POST", "/v1/translate/stream"): Use.ANYBODY,
    Route("POST", "/suggest"): Use.NAMED,
    Route("POST", "/v1/corrections"): Use.NAMED,
}
"""The routes that others may use too, as docs/server.md lists them. One that is not here is for this server's own
address, or needs a key.
"""


def use_of(scope: Mapping[str, Any]) -> Use:
    """Return who may use the route that ``scope`` asks for."""
    method, path = scope["method"], scope["path"].rstrip("/") or "/"
    of_any_name = Route(method, path.rpartition("/")[0] + "/{name}")
    return ROUTES.get(Route(method, path)) or ROUTES.get(of_any_name, Use.OWN)


class Address(NamedTuple):
    """A host by its name or address, and a port."""

    name: str
    port: int | None


class Origin(NamedTuple):
    """An origin as browsers write it, in parts that can be compared."""

    scheme: str
    address: Address


class Origins:
    """Tells where requests come from. ``is_local`` says that the server listens on this machine only; ``named`` are
    origins that the owner trusts to suggest: ``https://translate.example``.

    Own addresses are those of the loopback, and where the server listens beyond it, every numerical one and the name of
    this machine: a page of another site can give itself none of them. What is no origin is a `UsageError`.
    """

    def __init__(self, named: Iterable[str] = (), *, is_local: bool) -> None:
        self._named = frozenset(map(_checked, named))
        self._is_local = is_local
        host = socket.gethostname().lower()
        self._own_names = frozenset({host, f"{host}.local"})

    def site(self, scope: Mapping[str, Any]) -> Site:
        """Return where a request comes from."""
        headers, scheme = Headers(raw=scope["headers"]), scope.get("scheme", "http")
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        host = address(hosts[0], scheme) if len(hosts) == 1 else None
        if host is None or len(origins) > 1:
            return Site.OTHER
        origin = read(origins[0]) if origins else None
        if origins and origin != Origin(scheme, host):
            return Site.NAMED if origin in self._named else Site.OTHER
        if headers.get("sec-fetch-site", "none") not in OWN_SITES:
            return Site.OTHER
        is_passed_on = _is_passed_on(scope, headers)
        if self._is_own(host) and not is_passed_on:
            return Site.OWN
        named = headers.get("x-forwarded-host", hosts[0]) if is_passed_on else hosts[0]
        return Site.NAMED if self._is_named(named) else Site.OTHER

    def allowed(self, scope: Mapping[str, Any]) -> str | None:
        """Return the origin whose pages may read the answer, ``*`` for all, or None."""
        if use_of(scope) is Use.ANYBODY:
            return "*"
        origin = Headers(raw=scope["headers"]).get("origin")
        return origin if origin and read(origin) in self._named else None

    def _is_named(self, host: str) -> bool:
        """Whether an origin at ``host`` was named."""
        return any(address(host, origin.scheme) == origin.address for origin in self._named)

    def _is_own(self, host: Address) -> bool:
        try:
            number: IPv4Address | IPv6Address | None = ip_address(host.name)
        except ValueError:
            number = None
        if isinstance(number, IPv6Address):
            number = number.ipv4_mapped or number
        if number is not None:
            return number.is_loopback or not self._is_local
        if host.name == "localhost" or host.name.endswith(".localhost"):
            return True
        return not self._is_local and host.name in self._own_names


def address(text: str, scheme: str) -> Address | None:
    """Return a host, perhaps with a port, in its one form; None where it is none."""
    found = _HOST.fullmatch(text.strip().lower())
    if found is None:
        return None
    name, port = found[1].removesuffix("."), found[2]
    try:
        name = str(ip_address(name.strip("[]")))
    except ValueError:
        if name.startswith("["):
            return None
    return Address(name, int(port) if port else _PORTS.get(scheme))


def read(text: str) -> Origin | None:
    """Return an origin in parts; None where it is none, as ``null``."""
    found = _ORIGIN.fullmatch(text.strip().lower())
    host = address(text.strip().lower().partition("://")[2], found[1]) if found else None
    return Origin(found[1], host) if found and host else None


def _checked(text: str) -> Origin:
    if (origin := read(text)) is None:
        raise UsageError(
            f"an origin is a scheme, a host and perhaps a port, https://translate.example:8443, not {text!r}"
        )
    return origin


def _is_passed_on(scope: Mapping[str, Any], headers: Headers) -> bool:
    """Whether a proxy passes a request on. nginx says so in no header unless it is told to, but speaks HTTP/1.0."""
    if scope.get("http_version") == "1.0":
        return True
    return any(name in PROXIES or name.startswith("x-forwarded-") for name in headers)
