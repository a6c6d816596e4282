"""Corpora with a name, downloaded once into the user's cache: the sentence pairs of manythings.org/anki.

They are drawn from Tatoeba and updated now and then, so no hash is fixed; what arrives is checked for its
size and for being a whole zip file. This is the only file of the room that opens a socket.
"""

from __future__ import annotations

import difflib
import io
import logging
import zipfile
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from .. import __version__
from ..errors import DownloadError, UsageError

BASE_URL = "https://www.manythings.org/anki/"
MAX_DOWNLOAD_BYTES = 200 * 1024**2
TIMEOUT_SECONDS = 30
CHUNK_BYTES = 64 * 1024

_PREFIX = "tatoeba:"

Progress = Callable[[int, int | None], None]
"""Called with the bytes received so far and the bytes in all, None where the server does not say."""


@cache
def languages() -> dict[str, str]:
    """Return the languages that have pairs with English: ISO 639-3 code to English name."""
    table = files(__package__).joinpath("tatoeba.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {code: name for code, name, *_ in rows}


def names() -> list[str]:
    """Return all corpus names, such as ``tatoeba:spa-eng``, sorted."""
    return sorted(f"{_PREFIX}{code}-eng" for code in languages())


def is_name(text: str) -> bool:
    """Tell whether `text` has the form of a corpus name, known or not."""
    return text.startswith(_PREFIX)


def fetch(
    name: str,
    *,
    base_url: str = BASE_URL,
    cache_dir: Path | None = None,
    progress: Progress | None = None,
) -> Path:
    """Return the path of the zip file of the corpus `name`, downloaded if it is not there yet.

    It lies in `cache_dir`, by default the user's cache. English is the first column of the file. Raises
    `UsageError` for an unknown name, and `DownloadError`, which says what to fetch by hand, where the file
    cannot be had.
    """
    if name not in names():
        raise UsageError(f"there is no corpus of the name {name} ({_hint(name)})")
    # Imported late: most commands download nothing.
    import pooch

    # Pooch would report every download and its hash on stderr.
    pooch.get_logger().setLevel(logging.WARNING)
    file_name = name.removeprefix(_PREFIX) + ".zip"
    url = base_url.rstrip("/") + "/" + file_name
    folder = Path(cache_dir) if cache_dir is not None else Path(pooch.os_cache("dragoman"))
    try:
        # Pooch writes beside and renames, and takes a file that is there already.
        path = pooch.retrieve(url, known_hash=None, fname=file_name, path=folder, downloader=_Download(progress))
    except (_RefusedError, OSError) as error:
        raise DownloadError(
            f"{url} cannot be downloaded: {' '.join(str(error).split())} "
            f"(download it yourself and pass its path: dragoman train {file_name} --out BUNDLE)"
        ) from error
    return Path(path)


def _hint(name: str) -> str:
    known: dict[str, str] = {}
    for code, language in languages().items():
        known |= dict.fromkeys((f"{code}-eng", f"eng-{code}", code, language.lower()), f"{_PREFIX}{code}-eng")
    close = difflib.get_close_matches(name.removeprefix(_PREFIX).lower(), known, n=2)
    meant = dict.fromkeys(known[text] for text in close)
    return f"did you mean {' or '.join(meant)}?" if meant else "for example tatoeba:spa-eng"


class _RefusedError(Exception):
    """What the server sends is not what was asked for; the text says why."""


class _Download:
    """A downloader for pooch: its own HTTP downloader, with a size limit, an own user agent and a check."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._response: Any = None

    def __call__(self, url: str, output_file: str, _pooch: object) -> None:
        import pooch

        get = pooch.HTTPDownloader(
            headers={"User-Agent": f"dragoman/{__version__}", "Accept-Encoding": "identity"},
            timeout=TIMEOUT_SECONDS,
            chunk_size=CHUNK_BYTES,
            hooks={"response": self._remember},
        )
        try:
            with Path(output_file).open("wb") as raw:
                get(url, _Guarded(raw, self._declared, self._progress), None)
        except OSError as error:
            raise _RefusedError(self._reason(error)) from error
        finally:
            if self._response is not None:
                self._response.close()
        if not zipfile.is_zipfile(output_file):
            raise _RefusedError("what arrived is not a whole zip file")

    def _remember(self, response: Any, *_: object, **__: object) -> None:
        # Called when the head has arrived and before the body is read.
        self._response = response
        _require_size(self._declared() or 0)

    def _reason(self, error: OSError) -> str:
        # Pooch downloads with requests: its errors are OSErrors without a number, those of the disk have one.
        if error.errno is not None:
            return str(error)
        if self._response is None:
            return "the server cannot be reached"
        if not self._response.ok:
            return f"the server answers {self._response.status_code} {self._response.reason}"
        return "the connection broke off"

    def _declared(self) -> int | None:
        length = self._response.headers.get("Content-Length", "")
        return int(length) if length.isdecimal() else None


def _require_size(n_bytes: int) -> None:
    if n_bytes > MAX_DOWNLOAD_BYTES:
        raise _RefusedError(f"it has more than {MAX_DOWNLOAD_BYTES} bytes")


class _Guarded:
    """A file for writing that takes no more than the limit, and tells of its progress."""

    def __init__(self, raw: io.BufferedWriter, declared: Callable[[], int | None], progress: Progress | None) -> None:
        self._raw = raw
        self._declared = declared
        self._progress = progress
        self._n_bytes = 0

    def write(self, chunk: bytes) -> None:
        self._n_bytes += len(chunk)
        _require_size(self._n_bytes)
        self._raw.write(chunk)
        if self._progress is not None:
            self._progress(self._n_bytes, self._declared())

    def flush(self) -> None:
        self._raw.flush()
