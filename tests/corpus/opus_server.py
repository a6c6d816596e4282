"""OPUS on loopback: its API and its storage, with what a test wants to go wrong."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

README = """ Corpus Name: GlobalVoices
     License: CC BY 3.0 <a href="https://creativecommons.org">as stated here</a>
   Copyright: empty
"""


def moses(corpus: str, src: str, trg: str, n_lines: int = 1000, *, stored: bool = False) -> bytes:
    """A zip as OPUS makes it: two texts, one behind the other, and what it says of them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README", README)
        archive.writestr("LICENSE", "the terms of the sources")
        for code in (src, trg):
            archive.writestr(f"{corpus}.{src}-{trg}.{code}", "".join(f"{code} line {n}\n" for n in range(n_lines)))
        archive.writestr(f"{corpus}.{src}-{trg}.xml", "<cesAlign/>")
    return packed.getvalue()


class OpusServer(ThreadingHTTPServer):
    """Answers as OPUS does. ``rows`` are those of its API, ``files`` what is at each path of its storage; ``asked`` has
    the path of each request with its Range.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.rows: list[Any] = []
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.etag: str | None = '"first"'
        self.gives_parts = True
        self.content_type = "application/zip"
        self.cut_after: list[int] = []
        """Of the next answers, so many bytes come before the connection ends."""
        self.lengthen = 0
        self.pause = 0.0
        self.answer: Callable[[BaseHTTPRequestHandler], bool] = lambda _: False
        """Tells whether it has answered a request itself."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/opusapi/"

    def offer(self, corpus: str, src: str, trg: str, body: bytes = b"", **other: Any) -> dict[str, Any]:
        """Add a corpus, and the row that tells of it."""
        version = other.get("version", "v1")
        path = f"/OPUS-{corpus}/{version}/moses/{src}-{trg}.txt.zip"
        self.files[path] = body
        row = {
            "alignment_pairs": 1000,
            "corpus": corpus,
            "documents": "",
            "id": len(self.rows),
            "latest": "True",
            "preprocessing": "moses",
            "size": -(-len(body) // 1024),
            "source": src,
            "source_tokens": 5000,
            "target": trg,
            "target_tokens": "",
            "url": f"http://127.0.0.1:{self.server_port}{path}",
            "version": version,
            **other,
        }
        self.rows.append(row)
        return row

    def paths(self, prefix: str = "/OPUS-") -> list[str]:
        return [path for path, _ in self.asked if path.startswith(prefix)]


class _Handler(BaseHTTPRequestHandler):
    server: OpusServer

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Range"]))
        if self.server.answer(self):
            return
        url = urlsplit(self.path)
        if url.path == "/opusapi/":
            self.send(200, json.dumps(self.api(dict(parse_qsl(url.query)))).encode(), {})
        elif url.path in self.server.files:
            self.storage(self.server.files[url.path])
        else:
            self.send(404, b"no such object", {})

    def api(self, query: dict[str, str]) -> dict[str, Sequence[Any]]:
        wants_languages = query.pop("languages", None)
        version = query.pop("version", "latest")
        two = {query.pop(key) for key in ("source", "target") if key in query}
        rows = [
            row
            for row in self.server.rows
            if not isinstance(row, dict)
            or (
                two <= {row["source"], row["target"]}
                and all(row[key] == value for key, value in query.items())
                and (row["latest"] == "True" if version == "latest" else row["version"] == version)
            )
        ]
        if not wants_languages:
            return {"corpora": rows}
        return {"languages": sorted({code for row in rows for code in (row["source"], row["target"])} - two)}

    def storage(self, body: bytes) -> None:
        headers = {"Content-Type": self.server.content_type}
        if self.server.etag is not None:
            headers["ETag"] = self.server.etag
        start = int((self.headers["Range"] or "bytes=0-").removeprefix("bytes=").rstrip("-"))
        is_same = self.headers["If-Range"] in (None, self.server.etag)
        if self.headers["Range"] is None or not self.server.gives_parts or not is_same:
            self.send(200, body, headers)
        elif start >= len(body):
            self.send(416, b"", {"Content-Range": f"bytes */{len(body)}"})
        else:
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            self.send(206, body[start:], headers)

    def send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + self.server.lengthen))
        self.end_headers()
        if headers and self.server.cut_after:
            body = body[: self.server.cut_after.pop(0)]
        try:
            if self.server.pause:
                for place in range(len(body)):
                    self.wfile.write(body[place : place + 1])
                    time.sleep(self.server.pause)
            else:
                self.wfile.write(body)
        except OSError:
            pass  # the other side has enough

    def log_message(self, *_: object) -> None:
        pass
