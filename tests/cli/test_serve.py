"""``dragoman serve``: who is let listen where, and the whole of it in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from libretranslatepy import LibreTranslateAPI

from dragoman import bundle as bundles
from dragoman.cli import main
from dragoman.memory import Correction, Keys, Memory


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--host", "0.0.0.0"], "there are no keys, so nobody could ask"),
        (["--keys"], "there are no keys, so nobody could ask"),
        (["--host", "0.0.0.0", "--no-memory"], "keys stand in the memory"),
        (["--log-level", "loud"], "the log level must be one of info, warning, error, not 'loud'"),
        (["--allow-origin", "*"], "an origin is a scheme, a host and perhaps a port"),
        (["--no-keys", "--host", "192.0.2.1"], "cannot listen on 192.0.2.1:0"),
    ],
)
def test_what_cannot_be_served_is_said(
    bundle_path: Path, tmp_path: Path, options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = [] if "--no-memory" in options else ["--memory", str(tmp_path / "memory.sqlite")]
    with pytest.raises(SystemExit) as ended:
        main(["serve", str(bundle_path), "--port", "0", *memory, *options])
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


@pytest.mark.slow
def test_it_serves_with_its_memory_and_ends_with_a_signal(bundle_path: Path, tmp_path: Path) -> None:
    place = tmp_path / "memory.sqlite"
    with Memory(place) as memory:
        memory.add(Correction("en", "es", "Go.", "Vete ya."))
        secret = Keys(memory).add("test", "translate")
    command = [sys.executable, "-m", "dragoman", "serve", str(bundle_path), "--port", "0", "--memory", str(place)]
    with subprocess.Popen([*command, "--keys"], stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            url = next(line.split()[-1] for line in process.stderr if "listening" in line)
            client = LibreTranslateAPI(url, api_key=secret)
            assert client.translate("Go.", "en", "es", timeout=20) == "Vete ya."
            assert client.translate("I see.", "en", "es", timeout=20)
            process.send_signal(signal.SIGTERM)
            log = process.stderr.read()
            process.wait(20)
        finally:
            process.kill()
    assert '"route": "/translate"' in log
    assert "Vete" not in log
    assert secret not in log


@pytest.mark.slow
def test_without_a_bundle_it_serves_what_stands_in_its_folder(bundle_path: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    command = [sys.executable, "-m", "dragoman", "serve", "--port", "0", "--no-memory", "--models", str(models)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            url = next(line.split()[-1] for line in process.stderr if "listening" in line)
            client = LibreTranslateAPI(url)
            assert client.languages(timeout=20) == []
            models.mkdir()
            bundles.write(replace(bundles.read(bundle_path), scores={}), models / "small")  # which would hold it back
            until = time.monotonic() + 60
            while not client.languages(timeout=20):
                assert time.monotonic() < until
                time.sleep(0.2)  # nobody reads the log, and a full pipe would stop the server
            assert client.translate("I see.", "en", "es", timeout=20)
        finally:
            process.kill()


@pytest.mark.slow
def test_the_server_loads_no_training_framework() -> None:
    code = (
        "import sys, dragoman.server.app, dragoman.server.running; print(*{'jax', 'keras', 'torch'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
