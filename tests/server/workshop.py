"""A server with a folder for new models, whose trainings are ``tests/jobs/fake_program.py``, and how they are waited
for.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from dragoman import bundle as bundles
from dragoman.jobs import Job, Jobs, corpora
from dragoman.server import app, trainings, watching
from dragoman.server.access import Access
from dragoman.server.app import Workshop, application
from dragoman.server.limits import Limits
from dragoman.service import Served, Service
from tests.server.fake_memory import FakeMemory

PROGRAM = (sys.executable, str(Path(__file__).parents[1] / "jobs" / "fake_program.py"))
PATIENCE = 60
OpenServer = Callable[..., TestClient]


def client_of(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: str = "quick",
    served: Sequence[Served] = (),
    memory: FakeMemory | None = None,
    access: Access | None = None,
    limits: Limits | None = None,
) -> TestClient:
    """Return a client of a server over ``folder``; its trainings go ``how`` the fake program is told."""
    memo = folder / "memo"
    memo.write_text("")

    class FakeJobs(Jobs):
        def __init__(self, folder: Path) -> None:
            super().__init__(folder, PROGRAM)

        def start(self, kind: str, model: str, arguments: Sequence[str]) -> Job:
            return super().start(kind, model, [how, str(memo), *arguments])

    monkeypatch.setattr(app, "Jobs", FakeJobs)
    monkeypatch.setattr(watching, "SECONDS", 0.05)
    monkeypatch.setattr(trainings, "SECONDS_BETWEEN_LOOKS", 0.02)
    monkeypatch.setattr(corpora, "_looked_through", lambda files: {"src": "en", "trg": None, "statistics": {}})
    workshop = Workshop(folder / "models", "the memory" if memory else None)
    made = application(Service(served, memory), access or Access(None, is_local=True), limits, workshop)
    return TestClient(made, base_url="http://127.0.0.1:8765", raise_server_exceptions=False)


def without_scores(bundle: Path, place: Path) -> Path:
    """Write ``bundle`` to ``place`` without its scores, which would hold it back."""
    bundles.write(replace(bundles.read(bundle), scores={}), place)
    return place


def sent(client: TestClient, name: str = "dogs.tsv", data: bytes = b"a\tb\n") -> str:
    """Send a file of pairs, and return the number of the corpus."""
    response = client.post("/v1/corpora", files={"file": (name, data)})
    assert response.status_code == 201, response.text
    return str(response.json()["corpus"])


def until(client: TestClient, path: str, wanted: Callable[[Any], bool]) -> Any:
    """Ask for ``path`` until the answer is as wanted."""
    limit = time.monotonic() + PATIENCE
    while not wanted(found := client.get(path).json()):
        assert time.monotonic() < limit, found
        time.sleep(0.02)
    return found


def ended(client: TestClient, job: str) -> Any:
    """Return a job when it runs no longer."""
    return until(client, f"/v1/jobs/{job}", lambda told: told["state"] != "running")
