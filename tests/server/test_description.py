"""The description of the API is true: schemathesis sends what it allows and what it forbids, and reads the answers."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from dragoman import Translator
from dragoman.service import Served, Service
from tests.server.fake_memory import FakeMemory
from tests.server.live_server import LiveServer

# That what it allows is accepted cannot be asked: no schema says which languages are served.
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
)


@pytest.mark.slow
def test_every_answer_is_one_that_the_description_names(translator: Translator, tmp_path: Path) -> None:
    with LiveServer(Service([Served(translator)], FakeMemory())) as server:
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/openapi.json", "--no-color"]
        options = ["--phases", "examples,coverage,fuzzing", "--mode", "all", "--max-examples", "2", "--seed", "1"]
        done = subprocess.run(
            [*command, *options, "--checks", ",".join(CHECKS), "--no-shrink"],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout
    n_operations, n_cases = re.search(r"Tested: (\d+)", done.stdout), re.search(r"(\d+) generated", done.stdout)
    assert n_operations is not None
    assert n_cases is not None
    assert int(n_operations[1]) > 15
    assert int(n_cases[1]) > 300
