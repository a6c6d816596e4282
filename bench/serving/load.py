"""Requests to a server of LibreTranslate's API: as many as go by ``wrk``, or at a steady pace."""

from __future__ import annotations

import http.client
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

SCRIPT = """
local bodies, place = {}, 0
local head = {["Content-Type"] = "application/json"}
local the_thread
answered, limited = 0, 0

function setup(thread) the_thread = thread end

function init(args)
  for line in io.lines(args[1]) do bodies[#bodies + 1] = line end
  local pause = tonumber(args[2])
  if pause > 0 then delay = function() return 2 * pause * math.random() end end
end

function request()
  place = place % #bodies + 1
  return wrk.format("POST", "/translate", head, bodies[place])
end

function response(status)
  if status == 200 then answered = answered + 1 elseif status == 429 or status == 503 then limited = limited + 1 end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests": %d, "answered": %d, "refused": %d, "failed": %d, "seconds": %f, ' ..
    '"p50": %f, "p99": %f, "longest": %f}\\n', summary.requests, the_thread:get("answered"), the_thread:get("limited"),
    errors.connect + errors.read + errors.write + errors.timeout, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
"""


class Outcome(NamedTuple):
    """What came of many requests: counts, seconds in all, and milliseconds of one.

    ``failed`` are those that got no answer at all.
    """

    requests: int
    answered: int
    refused: int
    failed: int
    seconds: float
    p50: float
    p99: float
    longest: float

    @property
    def rate(self) -> float:
        """Translations a second."""
        return self.answered / self.seconds


class Load:
    """Requests for these translations, one text each, over and over again."""

    def __init__(self, folder: Path, bodies: Sequence[bytes]) -> None:
        self._bodies = bodies
        self._lines, self._script = folder / "bodies", folder / "ask.lua"
        self._lines.write_bytes(b"\n".join(bodies) + b"\n")
        self._script.write_text(SCRIPT)

    def run(self, url: str, clients: int, seconds: float, *, pause_ms: float = 0.0) -> Outcome:
        """Let ``clients`` ask for ``seconds``; each waits ``pause_ms`` on average before it asks."""
        options = ["-t1", f"-c{clients}", f"-d{max(1, round(seconds))}", "--timeout", "10s", "-s", str(self._script)]
        command = ["wrk", *options, url, "--", str(self._lines), str(pause_ms)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        return Outcome(**json.loads(done.stdout.splitlines()[-1]))

    def paced(self, url: str, n: int, rate: float = 10.0) -> list[float]:
        """Ask ``n`` times, ``rate`` times a second, and return the milliseconds that each took, in ascending order."""
        connection = http.client.HTTPConnection(urlsplit(url).netloc)
        taken = []
        began = time.perf_counter()
        for number in range(n):
            time.sleep(max(0.0, began + number / rate - time.perf_counter()))
            asked = time.perf_counter()
            body = self._bodies[number % len(self._bodies)]
            connection.request("POST", "/translate", body, {"Content-Type": "application/json"})
            connection.getresponse().read()
            taken.append(1000 * (time.perf_counter() - asked))
        connection.close()
        return sorted(taken)


@contextmanager
def load_of(texts: Sequence[str], src: str, trg: str) -> Iterator[Load]:
    """Make requests for the translations of ``texts``."""
    bodies = [json.dumps({"q": text, "source": src, "target": trg}).encode() for text in texts]
    with tempfile.TemporaryDirectory() as folder:
        yield Load(Path(folder), bodies)
