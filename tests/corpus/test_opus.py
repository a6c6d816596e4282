"""Corpora of OPUS: found, fetched whole or in part, and everything that a server can do wrong."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from dragoman.cli import main
from dragoman.corpus import catalogue, open_pairs
from dragoman.corpus.catalogue import collections, downloading, finding, heads, opus_files, web
from dragoman.errors import DownloadError, UsageError
from tests.corpus.opus_server import OpusServer, moses

BODY = moses("GlobalVoices", "en", "sw")


@pytest.fixture
def opus() -> Iterator[OpusServer]:
    with OpusServer() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server
        server.shutdown()


@pytest.fixture
def fetch(opus: OpusServer, tmp_path: Path) -> Callable[..., Path]:
    """``fetch(name, src="en", trg="sw", ...)`` from the server into a cache of its own."""

    def fetched(name: str = "opus:GlobalVoices", src: str | None = "en", trg: str | None = "sw", **other: Any) -> Path:
        choices = {"base_url": opus.url, "cache_dir": tmp_path / "cache", **other}
        return catalogue.fetch(name, src=src, trg=trg, **choices)

    return fetched


def refused(fetch: Callable[..., Path], *arguments: Any, **other: Any) -> str:
    with pytest.raises(DownloadError) as caught:
        fetch(*arguments, **other)
    message = str(caught.value)
    assert "\n" not in message
    assert "yourself, and pass its path or put it at " in message
    return message


def left(tmp_path: Path) -> set[str]:
    """The names of the files in the cache."""
    return {path.name for path in (tmp_path / "cache").rglob("*") if path.is_file()}


def lines(path: Path, suffix: str) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        (member,) = (name for name in archive.namelist() if name.endswith(f".{suffix}"))
        return archive.read(member).decode().splitlines()


# What is fetched, and how often.


def test_a_corpus_is_downloaded_once(
    opus: OpusServer, fetch: Callable[..., Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    opus.offer("GlobalVoices", "en", "sw", BODY)
    path = fetch()
    assert "opus:GlobalVoices: its licence: CC BY 3.0 as stated here; to be cited: Global Voices" in caplog.text
    assert path == tmp_path / "cache" / "opus" / "GlobalVoices" / "v1" / "en-sw.txt.zip"
    assert path.read_bytes() == BODY
    digest = hashlib.sha256(BODY).hexdigest()
    assert path.with_name("en-sw.txt.zip.sha256").read_text() == f"{digest}  en-sw.txt.zip\n"
    assert left(tmp_path) == {"en-sw.txt.zip", "en-sw.txt.zip.sha256"}
    n_asked = len(opus.asked)
    caplog.clear()
    assert fetch(src="sw", trg="en") == fetch(src="eng", trg="swa") == path
    assert len(opus.asked) == n_asked, "a corpus that is there needs no server"
    assert caplog.text == ""


def test_a_version(opus: OpusServer, fetch: Callable[..., Path]) -> None:
    opus.offer("GlobalVoices", "en", "sw", BODY)
    older = moses("GlobalVoices", "en", "sw", 500)
    opus.offer("GlobalVoices", "en", "sw", older, version="v2015", latest="False")
    assert fetch("opus:GlobalVoices@v2015").read_bytes() == older
    with pytest.raises(UsageError, match=r"OPUS has no opus:GlobalVoices@v2 in en and sw"):
        fetch("opus:GlobalVoices@v2")


def test_progress_counts_bytes(opus: OpusServer, fetch: Callable[..., Path]) -> None:
    opus.offer("GlobalVoices", "en", "sw", BODY)
    seen: list[tuple[int, int | None]] = []
    fetch(progress=lambda n_bytes, n_total: seen.append((n_bytes, n_total)))
    assert seen[-1] == (len(BODY), len(BODY))


@pytest.mark.parametrize(
    ("src", "trg", "there", "others"),
    [
        ("en", "zh", "zh_CN", ["zh_TW"]),
        ("zh-TW", "en", "zh_TW", ["zh_CN", "zh"]),
        ("en", "cmn", "zh", ["zh_TW"]),
        ("pt-BR", "en", "pt_br", ["pt"]),
        ("zh", "en", "zh_CN", ["zh_TW"]),
        ("en", "sr", "sr_Cyrl", ["sh"]),
        ("sw", "en", "swa", ["swg"]),
    ],
)
def test_the_nearest_of_a_language_s_codes(
    opus: OpusServer, fetch: Callable[..., Path], src: str, trg: str, there: str, others: list[str]
) -> None:
    for code in (*others, there):
        opus.offer("GNOME", "en", code, moses("GNOME", "en", code, 50))
    assert fetch("opus:GNOME", src, trg).name == f"en-{there}.txt.zip"
    assert fetch("opus:GNOME", src, trg).name == f"en-{there}.txt.zip"
    assert len(opus.paths()) == 1


def test_codes_that_both_have_a_region(opus: OpusServer, fetch: Callable[..., Path]) -> None:
    opus.offer("Ubuntu", "en_GB", "zh_CN", moses("Ubuntu", "en_GB", "zh_CN", 50))
    assert fetch("opus:Ubuntu", "zh", "en").name == "en_GB-zh_CN.txt.zip"


def test_the_cache_is_for_the_very_same_languages(opus: OpusServer, fetch: Callable[..., Path]) -> None:
    for codes in (("en", "zh_CN"), ("en", "zh_TW"), ("fr", "zh_CN")):
        opus.offer("GNOME", *codes, moses("GNOME", *codes, 50))
    for _ in range(2):
        assert fetch("opus:GNOME", "en", "zh").name == "en-zh_CN.txt.zip"
        assert fetch("opus:GNOME", "fr", "zh").name == "fr-zh_CN.txt.zip"
        assert fetch("opus:GNOME", "en", "zh-TW").name == "en-zh_TW.txt.zip"
    assert len(opus.paths()) == 3


@pytest.mark.parametrize("name", ["opus:", "opus:../etc", "opus:a/b", "opus:QED@", "opus:QED@../v1", "opus:*"])
def test_a_name_that_is_none(fetch: Callable[..., Path], opus: OpusServer, name: str) -> None:
    assert catalogue.is_name(name)
    with pytest.raises(UsageError, match="is named as opus:GlobalVoices"):
        fetch(name)
    assert opus.asked == []


@pytest.mark.parametrize("missing", [{"src": None}, {"trg": None}])
def test_languages_are_needed(fetch: Callable[..., Path], missing: dict[str, None]) -> None:
    with pytest.raises(UsageError, match=r"needs its two languages \(--src and --trg"):
        fetch(**missing)


def test_an_unknown_name_is_answered_with_close_ones(opus: OpusServer, fetch: Callable[..., Path]) -> None:
    opus.offer("GlobalVoices", "en", "sw", BODY)
    with pytest.raises(UsageError, match=r"there is opus:GlobalVoices; see dragoman corpus find en sw"):
        fetch("opus:globalvoice")
    with pytest.raises(UsageError, match=r"no opus:Xyzzy in en and sw \(see dragoman corpus find en sw\)"):
        fetch("opus:Xyzzy")


# The cache.


def test_a_file_that_changed_in_the_cache_is_downloaded_again(
    opus: OpusServer, fetch: Callable[..., Path], caplog: pytest.LogCaptureFixture
) -> None:
    opus.offer("GlobalVoices", "en", "sw", BODY)
    path = fetch()
    path.write_bytes(BODY[:-1] + b"x")
    assert fetch().read_bytes() == BODY
    assert "not what was downloaded any more" in caplog.text


def test_a_file_put_there_by_hand_is_taken(opus: OpusServer, fetch: Callable[..., Path]) -> None:
    with OpusServer() as gone:
        pass
    message = refused(fetch, src="eng", trg="sw", base_url=gone.url)
    assert message.startswith(f"{gone.url} does not tell where opus:GlobalVoices lies: the server cannot be reached (")
    assert "download its Moses file for en and sw from https://opus.nlpl.eu yourself" in message
    place = Path(message.rpartition("put it at ")[2].rstrip(")"))
    place.parent.mkdir(parents=True)
    place.write_bytes(BODY)
    assert fetch(src="eng", trg="sw") == place
    assert opus.asked == []
    with pytest.raises(DownloadError, match="the server cannot be reached"):
        finding.find("en", "sw", base_url=gone.url)


# What is cut off.


@pytest.mark.parametrize("cuts", [[len(BODY) // 2], [10, 100, 1000]])
def test_a_download_that_is_cut_off_goes_on(opus: OpusServer, fetch: Callable[..., Path], cuts: list[int]) -> None:
    opus.offer("GlobalVoices", "en", "sw", BODY)
    opus.cut_after = list(cuts)
    assert fetch().read_bytes() == BODY
    assert len(opus.paths()) == len(cuts) + 1


def test_what_came_is_kept_for_the_next_call(opus: OpusServer, fetch: Callable[..., Path], tmp_path: Path) -> None:
    opus.offer("GlobalVoices", "en", "sw", BODY)
    opus.cut_after = [1000, 0]
    message = refused(fetch)
    assert "the connection broke off after 1000 bytes (the same command goes on from there)" in message
    assert left(tmp_path) == {"en-sw.txt.zip.partial", "en-sw.txt.zip.partial.json"}
    assert fetch().read_bytes() == BODY
    assert opus.asked[-1][1] == "bytes=1000-"
    assert left(tmp_path) == {"en-sw.txt.zip", "en-sw.txt.zip.sha256"}


def _another_file(opus: OpusServer) -> None:
    opus.etag = '"second"'


def _no_parts(opus: OpusServer) -> None:
    opus.gives_parts = False


@pytest.mark.parametrize("change", [_another_file, _no_parts])
def test_a_file_that_cannot_go_on_starts_again(
    opus: OpusServer, fetch: Callable[..., Path], change: Callable[[OpusServer], None]
) -> None:
    opus.offer("GlobalVoices", "en", "sw", moses("GlobalVoices", "en", "sw", 900))
    opus.cut_after = [1000, 0]
    refused(fetch)
    opus.files = dict.fromkeys(opus.files, BODY)
    change(opus)
    assert fetch().read_bytes() == BODY


def test_parts_that_are_longer_than_the_file_start_again(opus: OpusServer, fetch: Callable[..., Path]) -> None:
    opus.offer("GlobalVoices", "en", "sw", BODY)
    opus.cut_after = [len(BODY) - 100, 0]
    refused(fetch)
    short = moses("GlobalVoices", "en", "sw", 20)
    assert len(short) < len(BODY) - 100
    opus.files = dict.fromkeys(opus.files, short)
    assert fetch().read_bytes() == short


def test_a_server_that_cannot_tell_versions_apart_is_asked_for_all(
    opus: OpusServer, fetch: Callable[..., Path], tmp_path: Path
) -> None:
    opus.offer("GlobalVoices", "en", "sw", BODY)
    opus.etag, opus.cut_after = None, [1000]
    assert "the connection broke off (download it" in refused(fetch)
    assert left(tmp_path) == set()
    assert fetch().read_bytes() == BODY
    assert {ranges for path, ranges in opus.asked if path.startswith("/OPUS-")} == {None}


@pytest.mark.parametrize("note", ["", "[]", "{", '{"url": 1}', '{"validator": 7}'])
def test_a_note_that_is_none(opus: OpusServer, fetch: Callable[..., Path], tmp_path: Path, note: str) -> None:
    opus.offer("GlobalVoices", "en", "sw", BODY)
    opus.cut_after = [1000, 0]
    refused(fetch)
    next((tmp_path / "cache").rglob("*.json")).write_text(note)
    assert fetch().read_bytes() == BODY


def test_two_do_not_download_one_file(opus: OpusServer, fetch: Callable[..., Path], tmp_path: Path) -> None:
    import fcntl

    opus.offer("GlobalVoices", "en", "sw", BODY)
    opus.cut_after = [1000, 0]
    refused(fetch)
    with next((tmp_path / "cache").rglob("*.partial")).open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert "another process is downloading it; wait for it" in refused(fetch)
    assert fetch().read_bytes() == BODY


# The first pairs of a large corpus.


@pytest.fixture
def large(opus: OpusServer, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A corpus of which only the first pairs are taken."""
    body = moses("OpenSubtitles", "en", "sw", 20_000, stored=True)
    opus.offer("OpenSubtitles", "en", "sw", body, alignment_pairs=20_000)
    monkeypatch.setattr(opus_files, "WHOLE_BYTES", 1000)
    monkeypatch.setattr(opus_files, "PAIRS_AT_MOST", 500)
    monkeypatch.setattr(heads, "READ_BYTES", 4096)
    return body


@pytest.mark.parametrize(("limit", "n_lines"), [(None, 500), (100, 110), (18_000, 19_800)])
def test_the_first_pairs(
    opus: OpusServer,
    fetch: Callable[..., Path],
    caplog: pytest.LogCaptureFixture,
    large: bytes,
    limit: int | None,
    n_lines: int,
) -> None:
    seen: list[int] = []
    path = fetch("opus:OpenSubtitles", limit=limit, progress=lambda n, total: seen.append(n))
    assert path.name == f"en-sw.first-{n_lines}.txt.zip"
    for code in ("en", "sw"):
        assert lines(path, code) == [f"{code} line {n}" for n in range(n_lines)]
    with zipfile.ZipFile(path) as archive:
        assert archive.read("README").decode().startswith(" Corpus Name")
    assert f"opus:OpenSubtitles: its first {n_lines:,} of 20,000 pairs are taken" in caplog.text
    if n_lines < 1000:
        assert seen[-1] < len(large) / 10
    n_asked = len(opus.asked)
    assert fetch("opus:OpenSubtitles", limit=limit) == path
    assert fetch("opus:OpenSubtitles", limit=50) == path, "more than enough is enough"
    assert len(opus.asked) == n_asked


def test_all_pairs_where_so_many_are_wanted(fetch: Callable[..., Path], large: bytes) -> None:
    assert fetch("opus:OpenSubtitles", limit=20_000).read_bytes() == large


def test_the_same_first_pairs_give_the_same_file(fetch: Callable[..., Path], large: bytes) -> None:
    path = fetch("opus:OpenSubtitles")
    before = path.read_bytes()
    path.unlink()
    assert fetch("opus:OpenSubtitles").read_bytes() == before


def test_the_first_pairs_of_a_server_that_gives_no_parts(
    opus: OpusServer, fetch: Callable[..., Path], tmp_path: Path, large: bytes
) -> None:
    opus.gives_parts = False
    path = fetch("opus:OpenSubtitles")
    assert lines(path, "sw") == [f"sw line {n}" for n in range(500)]
    assert left(tmp_path) == {path.name, f"{path.name}.sha256"}


def test_the_first_pairs_go_on_where_they_were_cut_off(
    opus: OpusServer, fetch: Callable[..., Path], large: bytes
) -> None:
    opus.cut_after = [len(large), 100, 2000, 100, 1500]
    assert lines(fetch("opus:OpenSubtitles"), "en") == [f"en line {n}" for n in range(500)]
    assert not opus.cut_after


def test_a_file_that_changes_while_its_first_pairs_are_read(
    opus: OpusServer, fetch: Callable[..., Path], tmp_path: Path, large: bytes
) -> None:
    def change(_: object) -> bool:
        opus.etag = f'"{len(opus.asked)}"'
        return False

    opus.answer = change
    assert "the file changed while it was read" in refused(fetch, "opus:OpenSubtitles")
    assert left(tmp_path) == set()


def test_the_first_pairs_are_not_more_bytes_than_allowed(
    fetch: Callable[..., Path], large: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "MAX_DOWNLOAD_BYTES", 9000)
    assert "more than 9000 bytes" in refused(fetch, "opus:OpenSubtitles")
    assert left(tmp_path) == set()


# What is no Moses zip.


def zipped(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


BOMB = b"0" * 2**20
TRAPS = {
    "a page": (b"<html>Please log in to this hotel's network.</html>", "not a whole zip file"),
    "nothing": (b"", "not a whole zip file"),
    "one text": (zipped({"a.en": b"x\n"}), "has 0 texts in sw, not one"),
    "two texts": (zipped({"a.en": b"x\n", "b.en": b"x\n", "a.sw": b"y\n"}), "has 2 texts in en, not one"),
    "a bomb": (zipped({"a.en": BOMB, "a.sw": b"y\n"}), "unpacks to more than 1000000 bytes"),
}


@pytest.mark.parametrize(("body", "reason"), TRAPS.values(), ids=TRAPS)
@pytest.mark.parametrize("n_pairs", [10, 10**7], ids=["whole", "in part"])
def test_what_is_no_moses_zip(
    opus: OpusServer,
    fetch: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    n_pairs: int,
    body: bytes,
    reason: str,
) -> None:
    monkeypatch.setattr(heads, "MAX_TEXT_BYTES", 1_000_000)
    opus.offer("Bad", "en", "sw", body, alignment_pairs=n_pairs, size=10_000)
    assert reason in refused(fetch, "opus:Bad")
    assert left(tmp_path) == set()


def test_a_damaged_zip_is_refused_or_gives_the_right_pairs(tmp_path: Path) -> None:
    whole = moses("Bad", "en", "sw", 5)
    place = tmp_path / "head.zip"
    n_refused = 0
    for damaged in range(0, len(whole), 13):
        body = bytearray(whole)
        body[damaged] ^= 0x55
        (tmp_path / "damaged.zip").write_bytes(body)
        try:
            heads.cut((tmp_path / "damaged.zip").open("rb", buffering=0), place, ("en", "sw"), 10)
        except web.RefusedError:
            n_refused += 1
        else:
            assert lines(place, "en") == [f"en line {n}" for n in range(5)]
            assert lines(place, "sw") == [f"sw line {n}" for n in range(5)]
    assert n_refused > 20


def test_a_table_that_is_a_trap(opus: OpusServer, fetch: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "MAX_TABLE_BYTES", 5000)
    members = {f"file {n}": b"" for n in range(200)} | {"a.en": b"x\n", "a.sw": b"y\n"}
    opus.offer("Bad", "en", "sw", zipped(members))
    assert "the table of the zip file has more than 5000 bytes" in refused(fetch, "opus:Bad")


# What servers do.


def test_a_file_that_is_gone(opus: OpusServer, fetch: Callable[..., Path], tmp_path: Path) -> None:
    row = opus.offer("GlobalVoices", "en", "sw", BODY)
    opus.files.clear()
    message = refused(fetch)
    assert message.startswith(f"{row['url']} cannot be downloaded: the server answers 404 Not Found (download it")
    assert left(tmp_path) == set()


def answering(status: int, headers: dict[str, str], body: bytes = b"") -> Callable[[BaseHTTPRequestHandler], bool]:
    """What answers every request for a file so."""

    def answer(handler: BaseHTTPRequestHandler) -> bool:
        if not handler.path.startswith("/OPUS-"):
            return False
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)
        return True

    return answer


@pytest.mark.parametrize(
    ("status", "headers", "reason"),
    [
        (500, {}, "the server answers 500 Internal Server Error"),
        (503, {}, "the server answers 503 Service Unavailable"),
        (299, {}, "the server answers 299 ("),
        (200, {"Content-Type": "text/html; charset=utf-8"}, "the server sends text/html, not a zip file"),
        (200, {"Content-Encoding": "gzip"}, "the server packs its answer once more"),
        (206, {}, "the server does not say which part it sends"),
        (206, {"Content-Range": "bytes 0-3/9"}, "3 bytes came of 9"),
        (302, {"Location": "https://example.com/file.zip"}, "it leads to https://example.com, which is not asked"),
        (302, {"Location": "//[/"}, "it leads to no address"),
        (302, {"Location": "file:///etc/passwd"}, "it leads to file://, which is not asked"),
        (302, {"Location": "/OPUS-again"}, "the server sends us on more than 3 times"),
        (200, {"Content-Length": str(2**40)}, f"it has more than {500 * 1024**2} bytes"),
    ],
)
def test_answers_that_are_refused(
    opus: OpusServer, fetch: Callable[..., Path], tmp_path: Path, status: int, headers: dict[str, str], reason: str
) -> None:
    opus.offer("GlobalVoices", "en", "sw", BODY)
    opus.answer = answering(status, headers, b"abc")
    assert f"cannot be downloaded: {reason}" in refused(fetch)
    assert left(tmp_path) == set()


def test_a_file_that_moved_within_the_server(opus: OpusServer, fetch: Callable[..., Path]) -> None:
    row = opus.offer("GlobalVoices", "en", "sw")
    opus.files["/elsewhere/file.zip"] = BODY

    def answer(handler: BaseHTTPRequestHandler) -> bool:
        if not row["url"].endswith(handler.path):
            return False
        handler.send_response(301)
        handler.send_header("Location", "/elsewhere/file.zip")
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return True

    opus.answer = answer
    assert fetch().read_bytes() == BODY


def test_more_bytes_than_allowed_that_nobody_announced(
    opus: OpusServer, fetch: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "MAX_DOWNLOAD_BYTES", len(BODY) - 1)
    opus.offer("GlobalVoices", "en", "sw", BODY)
    opus.answer = answering(200, {}, BODY)
    assert f"it has more than {len(BODY) - 1} bytes" in refused(fetch)
    assert left(tmp_path) == set()


def test_a_server_that_is_too_slow(
    opus: OpusServer, fetch: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "SLOW_SECONDS", 0.1)
    opus.offer("GlobalVoices", "en", "sw", BODY)
    opus.answer = answering_slowly
    assert f"the server sends less than {web.SLOW_BYTES} bytes in 0.1 seconds" in refused(fetch)


def answering_slowly(handler: BaseHTTPRequestHandler) -> bool:
    server = handler.server
    assert isinstance(server, OpusServer)
    server.pause = 0.02 if handler.path.startswith("/OPUS-") else 0
    return False


def test_a_server_that_falls_silent(
    opus: OpusServer, fetch: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "READ_SECONDS", 0.1)
    opus.offer("GlobalVoices", "en", "sw", BODY)

    def answer(handler: BaseHTTPRequestHandler) -> bool:
        opus.pause = 0.4 if handler.path.startswith("/OPUS-") else 0
        return False

    opus.answer = answer
    assert "the server sends nothing more after" in refused(fetch)


# What the API says.


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html>down for maintenance</html>", "the answer is not JSON"),
        (b"[" * 100_000, "the answer is not JSON"),
        (b"9" * 10_000, "the answer is not JSON"),
        (b"\xff\xfe", "the answer is not JSON"),
        (b"[]", "the answer has no list of languages"),
        (b'{"corpora": 3, "languages": {}}', "the answer has no list of languages"),
        (json.dumps({"languages": ["en"] * 5000}).encode(), "the answer has more than 2000 languages"),
        (b" " * (5 * 1024**2), "the answer has more than 4194304 bytes"),
    ],
)
def test_an_api_that_answers_something_else(
    opus: OpusServer, fetch: Callable[..., Path], body: bytes, reason: str
) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> bool:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(body)
        return True

    opus.answer = answer
    assert f"does not tell where opus:GlobalVoices lies: {reason} (download its Moses file" in refused(fetch)
    with pytest.raises(DownloadError, match=reason):
        finding.find("en", "sw", base_url=opus.url)


LIES: list[tuple[str, Any, str]] = [
    ("alignment_pairs", -1, "alignment_pairs is '-1'"),
    ("alignment_pairs", 10**30, "alignment_pairs is '1000"),
    ("alignment_pairs", "many", "alignment_pairs is 'many'"),
    ("alignment_pairs", True, "alignment_pairs is 'True'"),
    ("size", 1.5, "size is '1.5'"),
    ("size", [1], r"size is '\[1\]'"),
    ("corpus", "../../home", "corpus is '../../home'"),
    ("corpus", None, "corpus is 'None'"),
    ("version", "v1/..", "version is 'v1/..'"),
    ("version", "\x1b[31m", r"version is '\\x1b\[31m'"),
    ("url", "https://example.com/a.zip", "its file lies at https://example.com, which is not asked"),
    ("url", "file:///etc/passwd.zip", "url is 'file:///etc/passwd.zip'"),
    ("url", 7, "url is '7'"),
]


@pytest.mark.parametrize(("key", "value", "reason"), LIES)
def test_rows_that_lie(opus: OpusServer, caplog: pytest.LogCaptureFixture, key: str, value: Any, reason: str) -> None:
    opus.offer("Liar", "en", "sw", BODY)[key] = value
    with pytest.raises(DownloadError, match=reason):
        finding.find("en", "sw", base_url=opus.url)
    opus.offer("GlobalVoices", "en", "sw", BODY)
    with caplog.at_level(logging.WARNING):
        assert [one.name for one in finding.find("en", "sw", base_url=opus.url)] == ["opus:GlobalVoices"]
    assert "of its corpora left out" in caplog.text


def test_numbers_that_opus_leaves_empty(opus: OpusServer) -> None:
    opus.offer("GlobalVoices", "en", "sw", BODY, alignment_pairs="", size=None)
    (found,) = finding.find("en", "sw", base_url=opus.url)
    assert (found.n_pairs, found.n_bytes) == (None, None)


# What there is, and what is taken unasked.


def test_what_is_found(opus: OpusServer) -> None:
    for corpus, n_pairs in (("GNOME", 400_000), ("wikimedia", 550_000), ("GlobalVoices", 30_000), ("Europarl", 90_000)):
        opus.offer(corpus, "en", "sw", alignment_pairs=n_pairs, size=12)
    for corpus in ("QED", "CCAligned", "Unheard"):
        opus.offer(corpus, "en", "sw", alignment_pairs=10)
    found = finding.find("en", "sw", base_url=opus.url)
    assert {one.name: one.left_out for one in found} == {
        "opus:GlobalVoices": "",
        "opus:Europarl": "",
        "opus:GNOME": "",
        "opus:CCAligned": collections.collection("CCAligned").left_out,
        "opus:QED": "for research only",
        "opus:Unheard": "nobody has looked at it yet",
        "opus:wikimedia": finding.ENOUGH,
    }
    assert [one.name for one in found][:3] == ["opus:GlobalVoices", "opus:Europarl", "opus:GNOME"]
    assert finding.free_corpora("en", "sw", base_url=opus.url) == ["opus:GlobalVoices", "opus:Europarl", "opus:GNOME"]
    assert (found[0].version, found[0].n_pairs, found[0].n_bytes) == ("v1", 30_000, 12 * 1024)


def test_a_corpus_that_alone_is_more_than_enough_is_taken(opus: OpusServer) -> None:
    opus.offer("Europarl", "da", "sv", alignment_pairs=1_900_000)
    opus.offer("DGT", "da", "sv", alignment_pairs=3_000_000)
    assert finding.free_corpora("da", "sv", base_url=opus.url) == ["opus:Europarl"]


def test_tatoeba_comes_with_its_authors_where_it_can(opus: OpusServer) -> None:
    opus.offer("Tatoeba", "en", "es", alignment_pairs=200_000)
    opus.offer("Tatoeba", "es", "fr", alignment_pairs=200_000)
    assert finding.free_corpora("es", "en", base_url=opus.url) == ["tatoeba:spa-eng"]
    assert finding.free_corpora("es", "fr", base_url=opus.url) == ["opus:Tatoeba"]
    assert finding.free_corpora("sw", "nl", base_url=opus.url) == []


def test_the_command(opus: OpusServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(finding, "API_URL", opus.url)
    monkeypatch.setenv("COLUMNS", "160")
    opus.offer("GlobalVoices", "en", "sw", alignment_pairs=32_307, size=3900)
    opus.offer("CCAligned", "en", "sw", alignment_pairs=2_044_991)

    def printed(*arguments: str) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["corpus", "find", *arguments])
        assert ended.value.code == 0
        return capsys.readouterr().out

    table = printed("eng", "sw")
    assert "opus:GlobalVoices" in table
    assert "32,307" in table
    assert "4.0 MB" in table
    assert "left out: mined from the web" in table
    told = json.loads(printed("en", "sw", "--json"))
    assert [(one["name"], bool(one["left_out"])) for one in told["corpora"]] == [
        ("opus:GlobalVoices", False),
        ("opus:CCAligned", True),
    ]
    assert printed("en", "gsw") == "neither OPUS nor Tatoeba has pairs in en and gsw\n"


# Terms.


def test_terms(opus: OpusServer, fetch: Callable[..., Path]) -> None:
    opus.offer("GlobalVoices", "en", "sw", BODY)
    assert catalogue.terms("opus:GlobalVoices", fetch()).licence == "CC BY 3.0 as stated here"
    assert catalogue.terms("opus:GlobalVoices").licence == "CC BY 3.0 (Global Voices)"
    assert "OPUS, LREC" in catalogue.terms("opus:GlobalVoices").citation
    assert catalogue.terms("opus:Unheard@v3").licence == "not stated"
    assert catalogue.terms("tatoeba:spa-eng").licence == "CC BY 2.0 FR"


@pytest.mark.parametrize(
    "readme", [b"License: empty", b"no such line", b"License:   ", b"\xff\xfeLicense: \x1b[31m", b"x" * 3 * 2**20]
)
def test_a_readme_that_states_none(tmp_path: Path, readme: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"README": readme}))
    assert catalogue.terms("opus:GlobalVoices", path).licence in ("CC BY 3.0 (Global Voices)", "[31m")


def test_the_table_of_collections() -> None:
    table = collections.collections()
    assert all(one.citation and one.licence for one in table.values())
    taken = [name for name, one in table.items() if not one.left_out]
    assert "not stated" not in {table[name].licence for name in taken}, "nothing is taken whose licence nobody states"
    assert not {"CCAligned", "CCMatrix", "WikiMatrix", "XLEnt", "ParaCrawl", "NLLB", "WMT-News"} & set(taken)
    assert list(table)[: len(taken)] == taken


# From the name to its pairs.


@pytest.mark.parametrize(("src", "trg"), [("en", "sw"), ("sw", "en"), ("eng", "swa")])
def test_a_corpus_by_its_name(
    opus: OpusServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, src: str, trg: str
) -> None:
    monkeypatch.setattr(opus_files, "API_URL", opus.url)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    opus.offer("GlobalVoices", "en", "sw", BODY)
    reader = open_pairs("opus:GlobalVoices", src=src, trg=trg)
    pairs = [(pair.src, pair.trg) for pair in reader]
    assert pairs == [(f"{src[:2]} line {n}", f"{trg[:2]} line {n}") for n in range(1000)]
    assert (reader.name, reader.is_named) == ("opus:GlobalVoices", True)
    assert reader.n_bad == 0
    assert reader.licence == "CC BY 3.0 as stated here"
    assert reader.citation.startswith("Global Voices")
