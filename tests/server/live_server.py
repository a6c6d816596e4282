"""A server on a socket, in a thread of the test, and clients that keep on asking it."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

from dragoman.server.access import Access
from dragoman.server.app import application
from dragoman.server.limits import Limits
from dragoman.server.running import Server
from dragoman.service import Service

GO = b'{"q": "Go.", "source": "en", "target": "es"}'


class Client:
    """Asks the server at ``url`` over connections of its own."""

    def __init__(self, url: str) -> None:
        self.url = url

    def connect(self) -> socket.socket:
        parts = urlsplit(self.url)
        return socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=10)

    def send(self, data: bytes) -> bytes:
        """Send ``data`` and return all that comes back until the server closes or has answered."""
        with closing(self.connect()) as connection:
            connection.sendall(data)
            return answer_of(connection)

    def ask(self, method: str, path: str, body: bytes | None = None, **head: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        with closing(connection):
            connection.request(method, path, body, head)
            response = connection.getresponse()
            return response.status, json.loads(response.read())

    def post(self, path: str, body: bytes, content_type: str = "application/json") -> tuple[int, Any]:
        return self.ask("POST", path, body, **{"Content-Type": content_type})

    def correct(self, target: str) -> tuple[int, Any]:
        """Send a correction of ``Go.``."""
        fields = {"src": "en", "trg": "es", "source": "Go.", "target": target}
        return self.post("/v1/corrections", json.dumps(fields).encode())

    def ready(self) -> tuple[int, Any]:
        return self.ask("GET", "/readyz")

    def until_ready(self, wanted: bool, words: str = "", seconds: float = 60.0) -> None:
        """Wait until the server says that it is ready, or that it is not, in these words."""
        deadline = time.monotonic() + seconds
        while (answer := self.ready())[1]["ready"] is not wanted or words not in str(answer[1]):
            assert time.monotonic() < deadline, answer
            time.sleep(0.02)
        assert answer[0] == (200 if wanted else 503)

    @contextmanager
    def load(self, n_threads: int = 3) -> Iterator[Counter[int]]:
        """Ask for translations all the time; yields how often each status came, which is whole after the block."""
        statuses: Counter[int] = Counter()
        end = threading.Event()

        def go_on() -> None:
            while not end.is_set():
                try:
                    status = self.post("/translate", GO)[0]
                except (OSError, http.client.HTTPException):
                    status = 0  # no answer
                statuses[status] += 1

        threads = [threading.Thread(target=go_on) for _ in range(n_threads)]
        for thread in threads:
            thread.start()
        try:
            yield statuses
        finally:
            end.set()
            for thread in threads:
                thread.join(20)


class LiveServer(Client):
    """A server of ``service`` in a thread; ``port`` 0 is any that is free."""

    def __init__(
        self, service: Service, limits: Limits | None = None, access: Access | None = None, port: int = 0
    ) -> None:
        limits = limits or Limits()
        gate = application(service, access or Access(None, is_local=True), limits)
        self.server = Server(gate, "127.0.0.1", port, limits)
        super().__init__(self.server.listen())
        self.thread = threading.Thread(target=self.server.serve_until_stopped)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def __enter__(self) -> LiveServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        assert not self.thread.is_alive()


def answer_of(connection: socket.socket) -> bytes:
    response = http.client.HTTPResponse(connection)
    response.begin()
    return f"{response.status} ".encode() + response.read()
