"""A server on a socket, in a thread of the test's process."""

from __future__ import annotations

import threading
import time

from dragoman.server.access import Access
from dragoman.server.app import application
from dragoman.server.limits import Limits
from dragoman.server.running import Server
from dragoman.service import Service


class Serving:
    """``service`` at ``url`` until `stop`; ``port`` 0 is any that is free."""

    def __init__(
        self, service: Service, limits: Limits | None = None, access: Access | None = None, port: int = 0
    ) -> None:
        gate = application(service, access or Access(None, is_local=True), limits)
        self.server = Server(gate, "127.0.0.1", port, limits)
        self.url = self.server.listen()
        self.thread = threading.Thread(target=self.server.serve_until_stopped)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        """End it, when it has answered what it has accepted."""
        self.server.should_exit = True
        self.thread.join(10)
        assert not self.thread.is_alive()
