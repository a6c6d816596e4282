"""The page that people use, and what goes with it: files of the folder ``page/``, sent as they are.

A page may load, send and show only what comes from here: `POLICY` says so to the browser.
"""

from __future__ import annotations

import gzip
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from fastapi import APIRouter, Request, Response

from .. import __version__
from ..errors import NotFoundError
from ..service import Service
from .answers import answer

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'none'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""The files that are sent, by suffix."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",  # asked for again each time: an unchanged one costs a 304
    "Vary": "Accept, Accept-Encoding",
}


class File(NamedTuple):
    """A file of the page, as it is and compressed, and the tag that changes with it."""

    data: bytes
    compressed: bytes
    media_type: str
    tag: str


class Page:
    """The routes."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._files = _files()
        self.router = APIRouter(include_in_schema=False)
        self.router.add_api_route("/", self.front, methods=["GET"])
        self.router.add_api_route("/page/{name}", self.file, methods=["GET"])

    async def front(self, request: Request) -> Response:
        """Show the page to a browser; tell a program what is served."""
        if "text/html" in request.headers.get("accept", ""):
            return _sent(request, self._files["index.html"])
        directions = ["-".join(direction) for direction in self._service.directions]
        told = answer(
            {
                "dragoman": __version__,
                "directions": directions,
                "speaks": ["LibreTranslate", "/v1"],
                "description": "/openapi.json",
            }
        )
        told.headers["Vary"] = "Accept"
        return told

    async def file(self, request: Request, name: str) -> Response:
        """Send a file of the page."""
        if name not in self._files:
            raise NotFoundError(f"the page has no file {name[:40]!r}")
        return _sent(request, self._files[name])


def _files() -> dict[str, File]:
    """Return the files of the page by name."""
    found = {}
    for place in files(__package__).joinpath("page").iterdir():
        suffix = "." + place.name.rpartition(".")[2]
        if suffix in TYPES:
            data = place.read_bytes()
            tag = f'"{sha256(data).hexdigest()[:16]}"'
            found[place.name] = File(data, gzip.compress(data, mtime=0), TYPES[suffix], tag)
    return found


def _sent(request: Request, file: File) -> Response:
    headers = {**HEADERS, "ETag": file.tag}
    if file.tag in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.compressed, 200, {**headers, "Content-Encoding": "gzip"}, file.media_type)
    return Response(file.data, 200, headers, file.media_type)
