"""Who asks, and what they may do: keys with roles, and how often each may ask.

Without keys it depends on where a request comes from (`origins`): programs on this machine may do everything, who uses
the server's own address from elsewhere may translate, suggest and read, and everybody else may translate. A web page of
another site that a browser on this machine has open counts as somebody else, and so does what a proxy passes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from enum import IntEnum
from math import inf
from time import monotonic
from typing import NamedTuple

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from ..errors import DragomanError, ForbiddenError, KeyMissingError, MemoryUnavailableError
from ..memory.keys import Key, Keys
from .origins import Origins, Site
from .rates import Rates

REMEMBERED_SECONDS = 5.0
"""For so long a key is believed without asking the database: a revoked one ends after that, or when the database can
be reached again.
"""

MAX_REMEMBERED = 10_000
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


class Role(IntEnum):
    """What a caller may do; each role includes those before it. To read is to see cards, training pairs, corrections
    and jobs.
    """

    TRANSLATE = 1
    SUGGEST = 2
    READ = 3
    CORRECT = 4
    ADMIN = 5


OF_KEYS = {"translate": Role.READ, "correct": Role.CORRECT, "admin": Role.ADMIN}
"""What a key is good for, by its role in the database."""

BEYOND = {Site.OWN: Role.READ, Site.NAMED: Role.SUGGEST, Site.OTHER: Role.TRANSLATE}
HERE = {**BEYOND, Site.OWN: Role.ADMIN}
"""What a caller without a key may do, where none is asked for: at a server that listens on this machine only, and at
another one.
"""

WORDS = {
    Role.SUGGEST: "suggestions come from this server's own address, or from an origin that its owner has named with "
    "--allow-origin",
    Role.READ: "this is shown at this server's own address only, not to another origin or host, or through a proxy; "
    "serve with --keys, and send a key",
    Role.CORRECT: "this needs a key with the role correct; ask who runs the server for one",
    Role.ADMIN: "this needs a key with the role admin; ask who runs the server for one",
}
"""What is said to a caller who has not the role."""


class Caller(NamedTuple):
    """Who asks: the name of the key, empty without one; what they may do; as whom and by what they are counted."""

    name: str
    role: Role
    counted_as: str
    rates: Rates | None

    def need(self, role: Role) -> None:
        """Refuse a caller without ``role``."""
        if self.role < role:
            raise ForbiddenError(WORDS[role])

    def take(self, n: int) -> None:
        """Count ``n`` texts that they ask for; too many are a `RateError`."""
        if self.rates is not None:
            self.rates.take(self.counted_as, n)


class Access:
    """Tells callers apart. ``keys`` are those that are asked for, or None; ``is_local`` says that the server listens on
    this machine only; ``origins`` are those that the owner has named. ``key_rates`` and ``address_rates`` count what
    callers with and without a key ask for.
    """

    def __init__(
        self,
        keys: Keys | None,
        *,
        is_local: bool,
        origins: Iterable[str] = (),
        key_rates: Rates | None = None,
        address_rates: Rates | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._keys = keys
        self._without_key = HERE if is_local else BEYOND
        self.origins = Origins(origins, is_local=is_local)
        self._key_rates, self._address_rates = key_rates, address_rates
        self._clock = clock
        self._remembered: dict[bytes, tuple[float, Key | None]] = {}

    @property
    def needs_key(self) -> bool:
        """Whether a request must bring a key."""
        return self._keys is not None

    async def admit(self, request: Request) -> None:
        """Refuse who may not read, as `caller` does or with a `ForbiddenError`; the caller is known from then on."""
        caller = await self.caller(request)
        caller.need(Role.READ)
        request.scope["state"]["caller"] = caller

    async def caller(self, request: Request, secret: str | None = None) -> Caller:
        """Return who asks, by the ``secret`` in the request's body or that in its head, and count the request.

        Without a key where one is needed it is a `KeyMissingError`, with one that is not known a `ForbiddenError`, and
        beyond the rate a `RateError`.
        """
        state = request.scope["state"]
        admitted: Caller | None = state.get("caller")
        if admitted is not None:
            return admitted
        address = request.client.host if request.client else ""
        if self._keys is None:
            caller = Caller("", self._without_key[self.origins.site(request.scope)], address, self._address_rates)
        else:
            caller = await self._by_key(self._keys, secret or key_in_head(request), address)
        caller.take(1)
        state["noted"]["key"] = caller.name
        return caller

    async def may_read(self, request: Request) -> bool:
        """Whether the caller may read; never an error."""
        try:
            return (await self.caller(request)).role >= Role.READ
        except DragomanError:
            return False

    def may(self, request: Request, role: Role) -> bool:
        """Whether a caller may hope for ``role``, by where the request comes from; where keys are asked for, the key
        will tell.
        """
        return self._keys is not None or self._without_key[self.origins.site(request.scope)] >= role

    async def administrator(self, request: Request) -> Caller:
        """Return who asks, as `caller` does; without the role admin it is a `ForbiddenError`."""
        caller = await self.caller(request)
        caller.need(Role.ADMIN)
        return caller

    async def _by_key(self, keys: Keys, secret: str | None, address: str) -> Caller:
        key = await self._key(keys, secret) if secret else None
        if key is not None:
            return Caller(key.name, OF_KEYS[key.role], f"key {key.name}", self._key_rates)
        if self._address_rates is not None:
            self._address_rates.take(address)  # keys are not to be guessed quickly
        if secret:
            raise ForbiddenError("Invalid API key")
        raise KeyMissingError(
            "a key is needed: send it as `Authorization: Bearer KEY`; ask who runs the server for one"
        )

    async def _key(self, keys: Keys, secret: str) -> Key | None:
        digest = hashlib.sha256(secret.encode("utf-8", "replace")).digest()
        until, key = self._remembered.get(digest, (-inf, None))
        if until <= self._clock():
            try:
                key = await run_in_threadpool(keys.check, secret)
            except MemoryUnavailableError:
                if key is None:  # one that was good is believed on, so that translation goes on
                    raise
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            self._remembered[digest] = self._clock() + REMEMBERED_SECONDS, key
        return key


def key_in_head(request: Request) -> str | None:
    """Return the key that the head of a request holds, if it does."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip()
    return request.headers.get("x-api-key")
