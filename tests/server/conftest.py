"""A server over a translator whose answers are known: each word in capitals, the alternatives with a number behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dragoman import SearchConfig, Translator
from dragoman.server.access import Access
from dragoman.server.app import application
from dragoman.server.limits import Limits
from dragoman.service import Served, Service
from tests.fakes import FakeEngine, Ids, WordVocabulary, translator_of
from tests.server.fake_memory import FakeMemory
from tests.server.workshop import OpenServer, client_of

Serve = Callable[..., TestClient]


@pytest.fixture
def translator(monkeypatch: pytest.MonkeyPatch) -> Translator:
    vocabulary = WordVocabulary()

    def answer(src: Ids, options: SearchConfig) -> list[Ids]:
        words = [vocabulary.symbol(word.upper()) for word in vocabulary.tokens(src)]
        return [(*words, *([vocabulary.symbol(f"#{rank}")] if rank else [])) for rank in range(options.n_best)]

    return translator_of(FakeEngine(answer), monkeypatch, vocabulary)


@pytest.fixture
def serve(translator: Translator) -> Iterator[Serve]:
    """Return a client of a server from English to Spanish that runs on this machine, unless told otherwise."""
    with ExitStack() as stack:

        def started(
            memory: FakeMemory | None = None,
            access: Access | None = None,
            limits: Limits | None = None,
            host: str = "127.0.0.1",
        ) -> TestClient:
            service = Service([Served(translator)], memory)
            app = application(service, access or Access(None, is_local=True), limits)
            client = TestClient(app, base_url=f"http://{host}:8765", raise_server_exceptions=False)
            return stack.enter_context(client)

        yield started


@pytest.fixture
def open_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenServer]:
    """Return a client of a server that makes new models in ``tmp_path / "models"``; see `workshop.client_of`."""
    with ExitStack() as stack:
        yield lambda *how, **choices: stack.enter_context(client_of(tmp_path, monkeypatch, *how, **choices))
