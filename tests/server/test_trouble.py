"""Trouble under a running server: databases locked, full, gone and stopped, bundles removed, replaced and half there.

Clients ask for translations all the while. Each of them must be answered, ``/readyz`` must say what is wrong, and all
must be right again when the trouble is over, without anybody's help.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from dragoman import Translator
from dragoman import bundle as bundles
from dragoman.bundle import WEIGHTS
from dragoman.memory import Memory
from dragoman.server import watching
from dragoman.service import Served, Service, load
from tests.server.live_server import GO, Client, LiveServer

pytestmark = pytest.mark.slow

LOCKER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at bundles and memory more often than in earnest."""
    monkeypatch.setattr(watching, "SECONDS", 0.05)


@contextmanager
def remembering(translator: Translator, place: str) -> Iterator[LiveServer]:
    """A server whose memory knows ``Go.``."""
    with Memory(place, wait=0.3) as memory, LiveServer(Service([Served(translator)], memory)) as server:
        assert server.correct("Ve.")[0] == 201
        server.until_ready(True)
        yield server


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "memory.sqlite"


def test_a_database_that_another_process_has_locked(translator: Translator, file: Path) -> None:
    with remembering(translator, str(file)) as server, server.load() as statuses:
        command = [sys.executable, "-c", LOCKER, str(file)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as locker:
            assert locker.stdout is not None
            assert locker.stdout.readline() == "locked\n"
            server.until_ready(False, "another process holds the database locked")
            status, told = server.correct("Anda.")
            assert (status, "locked" in told["error"]) == (503, True)
        server.until_ready(True)
        assert server.correct("Anda.")[0] == 201
        assert server.post("/translate", GO)[1] == {"translatedText": "Anda."}
    assert set(statuses) == {200}


def test_a_database_that_is_gone_and_comes_back(translator: Translator, file: Path) -> None:
    with remembering(translator, str(file)) as server, server.load() as statuses:
        away = file.rename(file.with_name("away"))
        server.until_ready(False, "the file is gone")
        assert server.correct("Anda.")[0] == 503
        assert server.post("/translate", GO) == (200, {"translatedText": "GO."})
        away.rename(file)
        server.until_ready(True)
        assert server.post("/translate", GO) == (200, {"translatedText": "Ve."})
    assert set(statuses) == {200}


def test_a_database_that_is_damaged_and_restored(translator: Translator, file: Path) -> None:
    with remembering(translator, str(file)) as server, server.load() as statuses:
        copy = file.with_name("copy")
        with sqlite3.connect(file) as original, sqlite3.connect(copy) as other:
            original.backup(other)
        broken = file.with_name("broken")
        broken.write_bytes(b"what is this?" * 1000)
        forget_log(file)
        broken.replace(file)
        server.until_ready(False, "this file is no memory")
        forget_log(file)
        copy.replace(file)
        server.until_ready(True)
        assert server.post("/translate", GO) == (200, {"translatedText": "Ve."})
    assert set(statuses) == {200}


def forget_log(file: Path) -> None:
    """Remove what SQLite has not yet written into ``file``: it would heal it."""
    for suffix in ("-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)


NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"] if os.geteuid() else ["unshare", "--mount"]
SMALL_DISK = 'mount -t tmpfs -o size=1m tmpfs "$0" && exec "$@"'


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A folder for a disk of 1 MiB, which only a process started with `NAMESPACE` sees."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        subprocess.run([*NAMESPACE, "sh", "-c", SMALL_DISK, folder, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no small disk can be made here: {error}")
    return folder


def test_a_disk_that_is_full(bundle_path: Path, disk: Path) -> None:
    serve = [sys.executable, "-m", "dragoman", "serve", str(bundle_path), "--port", "0", "--log-level", "error"]
    command = [*NAMESPACE, "sh", "-c", SMALL_DISK, str(disk), *serve, "--memory", str(disk / "memory.sqlite")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            client = Client(next(line.split()[-1] for line in process.stderr if "listening" in line))
            with client.load() as statuses:
                assert client.correct("Ve.")[0] == 201
                client.until_ready(True)
                filler = Path(f"/proc/{process.pid}/root{disk}/filler")
                fill(filler)
                while (answer := client.correct("Anda. " * 200))[0] == 201:
                    fill(filler)
                assert (answer[0], "the disk is full" in answer[1]["error"]) == (503, True)
                client.until_ready(False, "the disk is full")
                assert client.post("/translate", GO)[0] == 200
                filler.unlink()
                client.until_ready(True)
                assert client.correct("Corre.")[0] == 201
                assert client.post("/translate", GO) == (200, {"translatedText": "Corre."})
            assert set(statuses) == {200}
            process.send_signal(signal.SIGTERM)
            process.wait(20)
        finally:
            process.kill()


def fill(filler: Path) -> None:
    """Write until there is no room, to the last byte."""
    with suppress(OSError), filler.open("ab", buffering=0) as opened:
        for size in (2**16, 2**12, 1):
            with suppress(OSError):
                while opened.write(bytes(size)):
                    pass


@pytest.mark.postgres
def test_a_postgresql_that_is_stopped_and_started(translator: Translator) -> None:
    place, control = os.environ.get("DRAGOMAN_POSTGRES"), os.environ.get("DRAGOMAN_POSTGRES_CONTROL")
    if place is None or control is None:
        pytest.skip("no PostgreSQL here; scripts/check --postgres starts one")
    with remembering(translator, place) as server, server.load() as statuses:
        for mode in ("fast", "immediate"):
            subprocess.run([*shlex.split(control), "-m", mode, "stop"], cwd="/", check=True)
            server.until_ready(False)
            assert server.correct("Anda.")[0] == 503
            assert server.post("/translate", GO) == (200, {"translatedText": "GO."})
            subprocess.run([*shlex.split(control), "-w", "start"], cwd="/", check=True, stdout=subprocess.DEVNULL)
            server.until_ready(True)
            assert server.post("/translate", GO) == (200, {"translatedText": "Ve."})
    assert set(statuses) == {200}


def test_a_bundle_that_is_removed_half_there_and_replaced(bundle_path: Path, tmp_path: Path) -> None:
    place = Path(shutil.copytree(bundle_path, tmp_path / "bundle"))
    first = bundles.read(place)
    other = bundles.write(replace(first, golden={"Go.": "Ve."}), tmp_path / "other")
    service = Service(load([place]))
    with LiveServer(service) as server, server.load() as statuses:
        away = place.rename(tmp_path / "away")
        server.until_ready(False, "there is no such bundle")
        away.rename(place)
        server.until_ready(True)

        shutil.rmtree(place)
        half = Path(shutil.copytree(tmp_path / "other", place))
        (half / WEIGHTS).write_bytes((tmp_path / "other" / WEIGHTS).read_bytes()[:1000])
        server.until_ready(False, "weights.safetensors has 1,000 bytes")
        assert service.served("en", "es").translator.fingerprint == first.fingerprint
        shutil.copy(tmp_path / "other" / WEIGHTS, half / WEIGHTS)
        server.until_ready(True)
        assert service.served("en", "es").translator.fingerprint == other.fingerprint

        for n in range(3):  # as a training does, while it is asked
            written = bundles.write(replace(first, golden={"Go.": f"{n}"}), place, overwrite=True)
            while service.served("en", "es").translator.fingerprint != written.fingerprint:
                pass
        server.until_ready(True)
    assert set(statuses) == {200}
    assert statuses[200] > 10
