"""Requests a second, latency, refusals and memory of a running server, asked by ``wrk`` (Debian's package).

    python -m bench.serving BUNDLE [--seconds 10]

It serves BUNDLE on a free port and asks for one sentence a request: 32 clients, 256 clients, then 10 requests a second.
The sentences are the sources of the bundle's test pairs.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from dragoman import bundle

SCRIPT = """
local bodies = {}
for line in io.lines("%s") do bodies[#bodies + 1] = line end
local i = %d
request = function()
  i = i %% #bodies + 1
  return wrk.format("POST", "/translate", {["Content-Type"] = "application/json"}, bodies[i])
end
"""


@contextmanager
def serving(path: Path) -> Iterator[tuple[str, int]]:
    """Run a server of the bundle; yield its address and the number of its process."""
    command = [
        sys.executable,
        "-m",
        "dragoman",
        "serve",
        str(path),
        "--port",
        "0",
        "--no-memory",
        "--log-level",
        "error",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            yield next(line.split()[-1] for line in process.stderr if "listening" in line), process.pid
        finally:
            process.send_signal(signal.SIGTERM)


def loaded(url: str, script: Path, clients: int, seconds: int) -> str:
    """Return what wrk says."""
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}", "--latency", "-s", str(script), url]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def paced(url: str, bodies: list[bytes], seconds: int) -> tuple[float, float]:
    """Return the median and the 99th percentile of the milliseconds of a request, at 10 a second."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    taken = []
    began = time.perf_counter()
    for number in range(10 * seconds):
        time.sleep(max(0.0, began + number / 10 - time.perf_counter()))
        asked = time.perf_counter()
        connection.request("POST", "/translate", bodies[number % len(bodies)], {"Content-Type": "application/json"})
        connection.getresponse().read()
        taken.append(1000 * (time.perf_counter() - asked))
    taken.sort()
    return taken[len(taken) // 2], taken[int(len(taken) * 0.99)]


def cpu_seconds(pid: int) -> float:
    """Return the seconds of processor time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def private_bytes(pid: int) -> int:
    """Return the private memory of a process."""
    found = re.findall(r"^Private_\w+:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return 1024 * sum(map(int, found))


def main(path: Path, seconds: int) -> None:
    """Ask, and print what came out."""
    pairs = bundle.read(path).pairs("test")
    assert pairs, "the bundle must hold its test pairs"
    card = bundle.read(path)
    bodies = [json.dumps({"q": pair.src, "source": card.src, "target": card.trg}).encode() for pair in pairs]
    with tempfile.TemporaryDirectory() as folder, serving(path) as (url, pid):
        lines = Path(folder) / "bodies"
        lines.write_bytes(b"\n".join(bodies))
        script = Path(folder) / "ask.lua"
        script.write_text(SCRIPT % (lines, 0))
        loaded(url, script, 8, 2)
        for clients in (32, 256):
            before = cpu_seconds(pid)
            print(f"{clients} clients\n{loaded(url, script, clients, seconds)}")
            print(f"processor seconds of the server: {cpu_seconds(pid) - before:.2f}")
            print(f"private memory: {private_bytes(pid) / 2**20:.0f} MiB\n")
        print("10 requests a second: median {:.1f} ms, 99th percentile {:.1f} ms".format(*paced(url, bodies, seconds)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--seconds", type=int, default=10)
    arguments = parser.parse_args()
    main(arguments.bundle, arguments.seconds)
