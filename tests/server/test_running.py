"""The server on a socket: clients as they are, attacks, hang-ups, and an end that leaves nobody without an answer."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest
from libretranslatepy import LibreTranslateAPI

from dragoman import Translator
from dragoman.errors import UsageError
from dragoman.server.access import Access
from dragoman.server.app import application
from dragoman.server.limits import Limits
from dragoman.server.running import Server
from dragoman.service import Served, Service
from tests.fakes import FakeEngine, WordVocabulary
from tests.server.fake_memory import FakeMemory
from tests.server.live_server import LiveServer, answer_of

QUICK = Limits(head_seconds=0.3, body_seconds=0.5, body_bytes=20_000, head_bytes=4_000, n_connections=50)
GO = b'{"q": "Go.", "source": "en", "target": "es"}'


@pytest.fixture
def running(translator: Translator) -> Iterator[LiveServer]:
    started = LiveServer(Service([Served(translator)], FakeMemory()), QUICK)
    yield started
    started.stop()


def head(*lines: bytes, path: bytes = b"/translate") -> bytes:
    return b"\r\n".join([b"POST " + path + b" HTTP/1.1", b"Host: 127.0.0.1", *lines, b"", b""])


JSON_HEAD = b"Content-Type: application/json"


def test_libretranslatepy_works_unchanged(running: LiveServer) -> None:
    client = LibreTranslateAPI(running.url)
    assert client.translate("Go now.", "en", "es") == "GO NOW."
    assert {"code": "en", "name": "English", "targets": ["en", "es"]} in client.languages()
    assert client.detect("¿Dónde está la casa de mi hermano?")[0]["language"] == "es"


ATTACKS: list[tuple[str, bytes, bytes]] = [
    ("no HTTP", b"\x16\x03\x01\x02\x00hello\r\n\r\n", b"400 Invalid HTTP"),
    ("a path that is none", b"GET \xff\xfe HTTP/1.1\r\n\r\n", b"400 "),
    ("a header without an end", head(b"X: " + b"a" * 300_000)[:-4], b"431 "),
    ("many headers", head(*[b"X-%d: a" % i for i in range(2_000)]), b"431 "),
    ("a length that is none", head(JSON_HEAD, b"Content-Length: -5"), b"400 "),
    ("two lengths", head(JSON_HEAD, b"Content-Length: 5", b"Content-Length: 6") + b"[1,2,3]", b"400 "),
    ("a body of 1 GB", head(JSON_HEAD, b"Content-Length: 1000000000") + b"[", b"413 "),
    ("a body in chunks too many", head(JSON_HEAD, b"Transfer-Encoding: chunked") + b"2710\r\n" + b"a" * 10_000
        + b"\r\n2710\r\n" + b"a" * 10_000 + b"\r\n2710\r\n" + b"a" * 10_000 + b"\r\n0\r\n\r\n", b"413 "),
    ("chunks that are none", head(JSON_HEAD, b"Transfer-Encoding: chunked") + b"zz\r\n", b"400 "),
    ("a head that stops", b"POST /translate HTTP/1.1\r\nHost: 127.0.0.1\r\nX-", b"408 "),
    ("a connection that says nothing", b"", b"408 "),
    ("a body that stops", head(JSON_HEAD, b"Content-Length: 100") + b'{"q"', b"408 "),
    ("nested JSON", head(JSON_HEAD, b"Content-Length: 20000") + b"[" * 20_000, b"400 the body is not JSON"),
    ("nested objects", head(JSON_HEAD, b"Content-Length: 18000") + b'{"q":' * 3_600, b"400 the body is not JSON"),
    ("a huge number", head(JSON_HEAD, b"Content-Length: 15005") + b'{"q":' + b"9" * 14_999 + b"}", b"400 "),
    ("half a character", head(JSON_HEAD, b"Content-Length: 13") + b'{"q": "\xe9\xe9"}  ', b"400 the body is not JSON"),
    ("half a pair", head(JSON_HEAD, b"Content-Length: 15") + b'{"q": "\\ud800"}', b"400 the body is not JSON"),
    ("UTF-16", head(JSON_HEAD, b"Content-Length: 10") + "{'q'}".encode("utf-16-le"), b"400 the body is not JSON"),
    ("a path out of its folder", b"GET /download_file/../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"404 "),
    ("a path out of its folder, hidden", b"GET /download_file/%2e%2e HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"400 Invalid filename"),
    ("a file with backslashes", b"GET /download_file/..\\..\\etc HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"400 Invalid filename"),
    ("a path with a NUL", b"GET /download_file/a%00b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"404 "),
    ("another method", b"BREW /translate HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"400 "),
    ("DELETE", b"DELETE /translate HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"405 "),
    ("a form of many fields", head(b"Content-Type: application/x-www-form-urlencoded", b"Content-Length: 400")
        + b"a=1&" * 100, b"400 the form"),
    ("a form that is not UTF-8", head(b"Content-Type: application/x-www-form-urlencoded", b"Content-Length: 5")
        + b"q=%ff", b"400 the form is not UTF-8"),
    ("multipart without a boundary", head(b"Content-Type: multipart/form-data", b"Content-Length: 3") + b"abc",
        b"400 "),
    ("multipart that is none", head(b"Content-Type: multipart/form-data; boundary=x", b"Content-Length: 5")
        + b"abcde", b"400 "),
    ("no content type", head(b"Content-Length: 44") + GO, b"400 Invalid request: missing q"),
    ("a picture to /v1", head(b"Content-Type: image/png", b"Content-Length: 4", path=b"/v1/translate") + b"\x89PNG",
        b"422 the body must be JSON"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), [case[1:] for case in ATTACKS], ids=[case[0] for case in ATTACKS])
def test_what_is_no_request_is_refused_in_words(running: LiveServer, data: bytes, expected: bytes) -> None:
    status, _, body = running.send(data).partition(b" ")
    words = json.loads(body)["error"].encode() if body.startswith(b"{") else body
    assert status + b" " + words[: len(expected) - 4] == expected, body
    assert len(words) > 5
    assert running.post("/translate", GO) == (200, {"translatedText": "GO."})


def test_a_slow_client_does_not_keep_others_waiting(running: LiveServer) -> None:
    with closing(running.connect()) as slow:
        slow.sendall(b"POST /tra")
        assert running.post("/translate", GO)[0] == 200


def test_connections_beyond_the_limit_are_refused_and_the_rest_served(running: LiveServer) -> None:
    idle = [running.connect() for _ in range(60)]
    answers = [answer_of(connection)[:4] for connection in idle[55:]]
    assert answers == [b"503 "] * 5
    for connection in idle:
        connection.close()
    time.sleep(0.1)
    assert running.post("/translate", GO)[0] == 200


def held(translator: Translator) -> tuple[FakeEngine, threading.Event]:
    """Make the engine wait for an event."""
    engine, free = translator.engine, threading.Event()
    assert isinstance(engine, FakeEngine)
    answer = engine.answer

    def wait(*asked: Any) -> Any:
        assert free.wait(10)
        return answer(*asked)

    engine.answer = wait
    return engine, free


def until(happened: Callable[[], bool]) -> None:
    for _ in range(1000):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen")


def test_what_was_accepted_is_answered_before_the_end(translator: Translator) -> None:
    running = LiveServer(Service([Served(translator)], FakeMemory()))
    engine, free = held(translator)
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(running.post("/translate", GO))) for _ in range(8)]
    for thread in threads:
        thread.start()
    until(lambda: b"dragoman_requests_under_way 8.0" in _metrics(running))
    running.server.should_exit = True
    time.sleep(0.3)
    assert answers == []
    free.set()
    for thread in threads:
        thread.join(10)
    running.stop()
    assert answers == [(200, {"translatedText": "GO."})] * 8
    assert engine.asked


def _metrics(running: LiveServer) -> bytes:
    connection = http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=10)
    with closing(connection):
        connection.request("GET", "/metrics")
        # The request that asks is under way itself.
        return connection.getresponse().read().replace(b"under_way 9.0", b"under_way 8.0")


def test_who_hangs_up_is_not_translated_for(translator: Translator) -> None:
    running = LiveServer(Service([Served(translator)], FakeMemory()))
    engine, free = held(translator)
    vocabulary = translator.src_vocabulary
    assert isinstance(vocabulary, WordVocabulary)
    first = [running.connect() for _ in range(2)]  # as many as batches at once
    for i, connection in enumerate(first):
        body = b'{"q": "First%d.", "source": "en", "target": "es"}' % i
        connection.sendall(head(JSON_HEAD, b"Content-Length: %d" % len(body)) + body)
        until(lambda n=i: len(engine.asked) > n)  # type: ignore[misc]
    gone = running.connect()
    body = b'{"q": "Gone.", "source": "en", "target": "es"}'
    gone.sendall(head(JSON_HEAD, b"Content-Length: %d" % len(body)) + body)
    until(lambda: b'dragoman_queue_requests{direction="en-es"} 1.0' in _metrics(running))
    gone.close()
    time.sleep(0.2)
    free.set()
    assert [answer_of(connection)[:3] for connection in first] == [b"200"] * 2
    for connection in first:
        connection.close()
    assert running.post("/translate", GO)[0] == 200
    running.stop()
    asked = {vocabulary.decode(ids) for batch, _ in engine.asked for ids in batch}
    assert {"First0.", "First1.", "Go."} == asked


def test_an_address_that_is_taken(running: LiveServer, translator: Translator) -> None:
    gate = application(Service([Served(translator)]), Access(None, is_local=True))
    port = urlsplit(running.url).port
    assert port is not None
    with pytest.raises(UsageError, match=f"cannot listen on 127.0.0.1:{port}: Address already in use"):
        Server(gate, "127.0.0.1", port).listen()
