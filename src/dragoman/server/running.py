"""The application on a socket: uvicorn, with an end that leaves nobody without an answer."""

from __future__ import annotations

import gc
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from ..errors import UsageError
from . import logs
from .gate import Gate
from .limits import Limits
from .protocol import protocol


class Server(uvicorn.Server):
    """A server of ``gate`` at ``host`` and ``port``; 0 is any free port, which `listen` tells.

    On SIGTERM or SIGINT it takes no more connections, answers what it has accepted, and ends.
    """

    def __init__(self, gate: Gate, host: str, port: int, limits: Limits | None = None) -> None:
        limits = limits or Limits()
        self._host, self._port, self._gate = host, port, gate
        super().__init__(
            uvicorn.Config(
                gate,
                loop="uvloop",
                http=protocol(limits),
                ws="none",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=30,
                timeout_graceful_shutdown=int(limits.stop_seconds),
            )
        )
        self._socket: socket.socket | None = None

    def listen(self) -> str:
        """Take the address, and return it as a URL; one that is taken, or none of this machine, is a `UsageError`."""
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        self._socket = socket.socket(family)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((self._host, self._port))
            self._socket.listen(2048)  # who comes before the application is up waits
        except OSError as error:
            self._socket.close()
            where = f"{self._host}:{self._port}"
            raise UsageError(f"cannot listen on {where}: {error.strerror}; choose another --host or --port") from error
        port = self._socket.getsockname()[1]
        return f"http://[{self._host}]:{port}" if family == socket.AF_INET6 else f"http://{self._host}:{port}"

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End; streams that would go on for ever end at once."""
        self._gate.is_ending = True
        await super().shutdown(sockets)

    def serve_until_stopped(self) -> None:
        """Serve what `listen` has opened, until a signal or ``should_exit``."""
        assert self._socket is not None, "listen comes first"
        self.run([self._socket])


def settle() -> None:
    """Leave what has been loaded out of the garbage collector's rounds: one over all of it takes 70 ms, for which every
    request would wait.
    """
    gc.collect()
    gc.freeze()


@contextmanager
def logging_to_standard_error(level: str) -> Iterator[None]:
    """Write what the server and its libraries log as lines of JSON, until the block ends."""
    handler = logging.StreamHandler()
    handler.setFormatter(logs.JsonLines())
    loggers = [logging.getLogger(name) for name in ("dragoman", "uvicorn.error")]
    before = [(logger.handlers[:], logger.propagate, logger.level) for logger in loggers]
    for logger in loggers:
        logger.handlers[:], logger.propagate = [handler], False
        logger.setLevel(level.upper())
    try:
        yield
    finally:
        for logger, (handlers, propagate, old_level) in zip(loggers, before, strict=True):
            logger.handlers[:], logger.propagate = handlers, propagate
            logger.setLevel(old_level)
