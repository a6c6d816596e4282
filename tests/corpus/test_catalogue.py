import io
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from dragoman import __version__
from dragoman.corpus import catalogue
from dragoman.corpus.catalogue import downloading, fetch
from dragoman.errors import DownloadError, UsageError


def corpus() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("spa.txt", "Go.\tVe.\n" * 5000)
    return packed.getvalue()


CORPUS = corpus()


class Server(ThreadingHTTPServer):
    """A server on loopback that answers as its test wants and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = 200
        self.body = CORPUS
        self.length: int | None = len(CORPUS)
        self.asked: list[tuple[str, str | None]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/anki/"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["User-Agent"]))
        self.send_response(self.server.status)
        if self.server.length is not None:
            self.send_header("Content-Length", str(self.server.length))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server
        server.shutdown()


def test_a_corpus_is_downloaded_once(server: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        path = fetch("tatoeba:spa-eng", base_url=server.url, cache_dir=tmp_path / "cache")
        assert path == tmp_path / "cache" / "spa-eng.zip"
        assert path.read_bytes() == CORPUS
    assert {file.name for file in path.parent.iterdir()} == {"spa-eng.zip", "spa-eng.zip.sha256"}
    assert server.asked == [("/anki/spa-eng.zip", f"dragoman/{__version__}")]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("length", [len(CORPUS), None])
def test_progress_counts_bytes(server: Server, tmp_path: Path, length: int | None) -> None:
    server.length = length
    seen: list[tuple[int, int | None]] = []
    fetch(
        "tatoeba:spa-eng",
        base_url=server.url,
        cache_dir=tmp_path,
        progress=lambda n_bytes, n_total: seen.append((n_bytes, n_total)),
    )
    assert seen[-1] == (len(CORPUS), length)
    assert [n for n, _ in seen] == sorted(n for n, _ in seen)


def refused(server: Server, cache_dir: Path) -> str:
    with pytest.raises(DownloadError) as caught:
        fetch("tatoeba:spa-eng", base_url=server.url, cache_dir=cache_dir)
    message = str(caught.value)
    assert message.startswith(f"{server.url}spa-eng.zip cannot be downloaded: ")
    assert message.endswith("(download it yourself and pass its path: dragoman train spa-eng.zip --out BUNDLE)")
    assert "\n" not in message
    assert list(cache_dir.iterdir()) == [], "nothing that looks whole is left"
    return message


def test_a_file_that_the_server_does_not_have(server: Server, tmp_path: Path) -> None:
    server.status, server.body, server.length = 404, b"gone", 4
    assert "the server answers 404 Not Found" in refused(server, tmp_path)


@pytest.mark.parametrize("length", [len(CORPUS), None])
def test_a_file_over_the_limit(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int | None
) -> None:
    server.length = length
    monkeypatch.setattr(downloading, "MAX_DOWNLOAD_BYTES", len(CORPUS) - 1)
    assert f"more than {len(CORPUS) - 1} bytes" in refused(server, tmp_path)


def test_a_file_declared_over_the_limit_is_not_taken(server: Server, tmp_path: Path) -> None:
    server.length = 501 * 1024**2
    assert "more than 524288000 bytes" in refused(server, tmp_path)


def test_a_connection_that_breaks_off(server: Server, tmp_path: Path) -> None:
    server.body = CORPUS[: len(CORPUS) // 2]
    assert "the connection broke off" in refused(server, tmp_path)
    server.length = None
    assert "not a whole zip file" in refused(server, tmp_path)


def test_a_page_instead_of_a_corpus(server: Server, tmp_path: Path) -> None:
    server.body = b"<html>Please log in to this hotel's network.</html>"
    server.length = len(server.body)
    assert "not a whole zip file" in refused(server, tmp_path)


def test_no_server(tmp_path: Path) -> None:
    with Server() as server:
        pass
    assert "the server cannot be reached" in refused(server, tmp_path)


def test_a_cache_that_cannot_be_made(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DownloadError, match="download it yourself"):
        fetch("tatoeba:spa-eng", base_url=server.url, cache_dir=tmp_path / "file" / "cache")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("tatoeba:spn-eng", "tatoeba:spa-eng"),
        ("tatoeba:eng-spa", "tatoeba:spa-eng"),
        ("tatoeba:Spanish", "tatoeba:spa-eng"),
        ("tatoeba:xyzzy", "for example tatoeba:spa-eng"),
        ("tatoeba:../../etc/passwd", "for example"),
    ],
)
def test_an_unknown_name_is_answered_with_close_ones(name: str, hint: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=hint):
        fetch(name, cache_dir=tmp_path)


def test_names() -> None:
    names = catalogue.names()
    assert {"tatoeba:spa-eng", "tatoeba:jpn-eng", "tatoeba:cmn-eng"} <= set(names)
    assert names == sorted(set(names))
    assert catalogue.languages()["nob"] == "Norwegian Bokmål"
    assert all(len(code) == 3 and code.isalpha() and code.islower() for code in catalogue.languages())
