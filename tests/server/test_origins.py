"""Where requests come from, and what is answered to whom: a walk over all routes of the application."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from dragoman.errors import UsageError
from dragoman.server.access import Access
from dragoman.server.gate import Gate
from dragoman.server.origins import ROUTES, Origins, Route, Site, Use
from tests.server.conftest import Serve
from tests.server.fake_memory import FakeMemory
from tests.server.test_access import FakeKeys
from tests.server.workshop import OpenServer

NAMED = "https://named.example"
OTHERS: dict[str, dict[str, str]] = {
    "another origin": {"Origin": "http://other.example"},
    "another origin with a port of its own": {"Origin": "http://127.0.0.1:3000"},
    "another scheme": {"Origin": "https://127.0.0.1:8765"},
    "no origin": {"Origin": "null"},
    "another host": {"Host": "other.example"},
    "a page that has taken the address": {"Host": "other.example:8765", "Origin": "http://other.example:8765"},
    "another site without an origin": {"Sec-Fetch-Site": "cross-site"},
    "another port without an origin": {"Sec-Fetch-Site": "same-site"},
    "a proxy": {"X-Forwarded-For": "10.0.0.1"},
    "a proxy that names itself": {"Via": "1.1 proxy"},
    "a proxy that says for whom": {"X-Forwarded-Host": "other.example"},
}
NAMED_ONES: dict[str, dict[str, str]] = {
    "a named origin": {"Origin": NAMED, "Sec-Fetch-Site": "cross-site"},
    "a named origin in capitals": {"Origin": "HTTPS://Named.Example:443"},
    "a named host": {"Host": "named.example"},
    "a proxy for a named origin": {"Host": "127.0.0.1:8765", "X-Forwarded-Host": "named.example", "Via": "1.1 x"},
}
OWN: dict[str, dict[str, str]] = {
    "a program": {},
    "the own page": {"Origin": "http://127.0.0.1:8765", "Sec-Fetch-Site": "same-origin"},
    "a browser's address bar": {"Sec-Fetch-Site": "none"},
    "by name": {"Host": "LocalHost.:8765", "Origin": "http://localhost:8765"},
    "by IPv6": {"Host": "[::1]:8765", "Origin": "http://[::1]:8765"},
}
ANYBODY, TO_NAMED = ({route for route, use in ROUTES.items() if use is wanted} for wanted in (Use.ANYBODY, Use.NAMED))


@pytest.fixture
def open_client(open_server: OpenServer) -> Callable[..., TestClient]:
    def opened(access: Access | None = None) -> TestClient:
        access = access or Access(None, is_local=True, origins=[NAMED])
        return open_server(memory=FakeMemory(), access=access)

    return opened


def behind_gate(client: TestClient) -> FastAPI:
    assert isinstance(client.app, Gate)
    assert isinstance(client.app._application, FastAPI)
    return client.app._application


def routes_of(client: TestClient) -> list[Route]:
    """All routes of the application, as it names them."""
    found: list[Route] = []
    waiting: list[Any] = list(behind_gate(client).routes)
    while waiting:
        route = waiting.pop()
        if hasattr(route, "original_router"):
            waiting += route.original_router.routes
        else:
            found += [Route(method, route.path) for method in route.methods if method != "HEAD"]
    assert len(found) > 30
    assert set(ROUTES) <= set(found)
    return found


def asked(client: TestClient, route: Route, head: dict[str, str]) -> Any:
    """What a request gets that names things which are not there, and has no body."""
    return client.request(route.method, re.sub(r"\{\w+\}", "1", route.path), headers=head)


def is_let_in(status: int) -> bool:
    return status not in (401, 403)


@pytest.mark.parametrize("head", OTHERS.values(), ids=OTHERS.keys())
def test_from_elsewhere_only_what_stands_in_the_table_is_answered(
    open_client: Callable[..., TestClient], head: dict[str, str]
) -> None:
    client = open_client()
    for route in routes_of(client):
        answer = asked(client, route, head)
        is_for_all = answer.headers.get("access-control-allow-origin") == "*"
        if route in ANYBODY:
            assert (is_let_in(answer.status_code), is_for_all) == (True, True), route
        elif route not in TO_NAMED:  # what becomes of suggestions is asked below, where they have bodies
            assert (answer.status_code, is_for_all) == (403, False), route


@pytest.mark.parametrize("head", NAMED_ONES.values(), ids=NAMED_ONES.keys())
def test_a_named_origin_may_suggest_too_and_not_read(
    serve: Serve, open_client: Callable[..., TestClient], head: dict[str, str]
) -> None:
    client = open_client()
    for route in routes_of(client):
        assert is_let_in(asked(client, route, head).status_code) == (route in ROUTES), route


@pytest.mark.parametrize("head", OWN.values(), ids=OWN.keys())
def test_this_machine_may_everything(open_client: Callable[..., TestClient], head: dict[str, str]) -> None:
    client = open_client()
    for route in routes_of(client):
        assert is_let_in(asked(client, route, head).status_code), route


SUGGEST = {"q": "Go.", "s": "Vete.", "source": "en", "target": "es"}
CORRECT = {"src": "en", "trg": "es", "source": "Go.", "target": "Vete."}


@pytest.mark.parametrize(("path", "body"), [("/suggest", SUGGEST), ("/v1/corrections", CORRECT)])
def test_suggestions_come_from_named_origins_only(serve: Serve, path: str, body: dict[str, str]) -> None:
    for heads, statuses in ((OTHERS, {403}), (NAMED_ONES, {200, 201})):
        for name, head in heads.items():
            memory = FakeMemory()
            client = serve(memory, Access(None, is_local=True, origins=[NAMED]))
            answer = client.post(path, json=body, headers=head)
            assert answer.status_code in statuses, (name, answer.text)
            assert [entry.state for entry in memory.entries()] == (["pending"] if heads is NAMED_ONES else []), name


@pytest.mark.slow
def test_with_keys_a_key_opens_what_its_role_may_from_anywhere_and_nothing_else_does(
    open_client: Callable[..., TestClient],
) -> None:
    client = open_client(Access(FakeKeys(), is_local=False, origins=[NAMED]))
    for head in ({}, *OTHERS.values(), *NAMED_ONES.values()):
        for route in routes_of(client):
            if route not in ROUTES:
                assert asked(client, route, head).status_code == 401, route
                wrong = asked(client, route, {**head, "Authorization": "Bearer x"})
                assert wrong.status_code == 403, route
                assert is_let_in(asked(client, route, {**head, "X-API-Key": "admin"}).status_code), route


def test_a_key_is_none_where_none_is_asked_for(open_client: Callable[..., TestClient]) -> None:
    head = {**OTHERS["another origin"], "Authorization": "Bearer admin"}
    assert open_client().get("/v1/models", headers=head).status_code == 403


def test_a_route_that_nobody_has_thought_of_is_refused(open_client: Callable[..., TestClient]) -> None:
    client = open_client()
    behind_gate(client).add_api_route("/v1/secrets", lambda: {"the": "secret"}, methods=["GET"])
    assert client.get("/v1/secrets").json() == {"the": "secret"}
    for path in ("/v1/secrets", "//v1//secrets", "/page/../v1/secrets", "/v1/secrets/"):
        answer = client.get(path, headers=OTHERS["another origin"])
        assert answer.status_code in (403, 404), path
        assert "secret" not in answer.text
    assert client.head("/v1/secrets", headers=OTHERS["another host"]).status_code == 403


@pytest.mark.parametrize(
    ("path", "method", "origin", "allowed"),
    [
        ("/translate", "POST", "https://other.example", "*"),
        ("/v1/nearest", "POST", "https://other.example", None),
        ("/suggest", "POST", "https://other.example", None),
        ("/suggest", "POST", NAMED, NAMED),
        ("/v1/models", "GET", NAMED, NAMED),  # with a key
        ("/v1/corrections", "GET", "null", None),
    ],
)
def test_a_browser_is_told_whose_pages_may_ask(
    open_client: Callable[..., TestClient], path: str, method: str, origin: str, allowed: str | None
) -> None:
    head = {"Origin": origin, "Access-Control-Request-Method": method}
    answer = open_client().options(path, headers=head)
    assert (answer.status_code, answer.headers.get("access-control-allow-origin")) == (204, allowed)
    assert ("Origin" in answer.headers.get("vary", "")) == (allowed != "*")


@pytest.mark.parametrize(
    ("is_local", "head", "site"),
    [
        (True, {"host": "127.0.0.1:8765"}, Site.OWN),
        (True, {"host": "127.8.9.1"}, Site.OWN),
        (True, {"host": "[::ffff:127.0.0.1]:1"}, Site.OWN),
        (True, {"host": "dragoman.localhost:8765"}, Site.OWN),
        (True, {"host": "localhost.evil.example"}, Site.OTHER),
        (True, {"host": "evil.example@127.0.0.1:8765"}, Site.OTHER),
        (True, {"host": "127.0.0.1:8765/"}, Site.OTHER),
        (True, {"host": "192.168.1.5:8765"}, Site.OTHER),
        (True, {"host": "0.0.0.0:8765"}, Site.OTHER),
        (True, {"host": "box:8765"}, Site.OTHER),
        (True, {"host": ""}, Site.OTHER),
        (True, {}, Site.OTHER),
        (True, {"host": "localhost", "origin": "http://localhost:80"}, Site.OWN),
        (True, {"host": "localhost:8765", "origin": "http://localhost"}, Site.OTHER),
        (True, {"host": "localhost:8765", "origin": ""}, Site.OTHER),
        (True, {"host": "localhost:8765", "origin": "http://localhost:8765/page"}, Site.OTHER),
        (True, {"host": "localhost", "forwarded": "for=10.0.0.1"}, Site.OTHER),
        (True, {"host": "localhost", "x-real-ip": "10.0.0.1"}, Site.OTHER),
        (False, {"host": "192.168.1.5:8765"}, Site.OWN),
        (False, {"host": "192.168.1.5:8765", "origin": "http://192.168.1.5:8765"}, Site.OWN),
        (False, {"host": "192.168.1.5:8765", "origin": "http://192.168.1.6:8765"}, Site.OTHER),
        (False, {"host": "[fe80::1]:8765", "origin": "http://[fe80:0::1]:8765"}, Site.OWN),
        (False, {"host": "box:8765", "origin": "http://box:8765"}, Site.OWN),
        (False, {"host": "Box.local.:8765"}, Site.OWN),
        (False, {"host": "box.evil.example:8765", "origin": "http://box.evil.example:8765"}, Site.OTHER),
        (False, {"host": "192.168.1.5:8765", "via": "1.1 proxy"}, Site.OTHER),
    ],
)
def test_where_a_request_comes_from(
    is_local: bool, head: dict[str, str], site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "Box")
    headers = [(name.encode(), value.encode()) for name, value in head.items()]
    assert Origins(is_local=is_local).site({"type": "http", "scheme": "http", "headers": headers}) is site


def test_two_hosts_or_an_old_protocol_are_not_believed() -> None:
    origins, host = Origins(is_local=True), (b"host", b"localhost")
    assert origins.site({"headers": [host]}) is Site.OWN
    assert origins.site({"headers": [host, (b"host", b"evil.example")]}) is Site.OTHER
    assert origins.site({"headers": [host], "http_version": "1.0"}) is Site.OTHER, "it may be nginx for others"


@pytest.mark.parametrize("text", ["*", "null", "named.example", "https://named.example/", "https://", "https://[::"])
def test_what_is_no_origin_cannot_be_named(text: str) -> None:
    with pytest.raises(UsageError, match="an origin is a scheme, a host and perhaps a port"):
        Origins([text], is_local=True)


def test_what_is_wrong_here_is_told_to_who_may_read(serve: Serve) -> None:
    client = serve(FakeMemory())
    assert set(client.get("/readyz").json()) == {"ready", "bundles", "memory", "waiting"}
    assert client.get("/readyz", headers=OTHERS["a proxy"]).json() == {"ready": True}


def test_the_table_of_the_documentation_is_that_of_the_code() -> None:
    text = (Path(__file__).parents[2] / "docs" / "server.md").read_text("utf-8")
    rows = re.findall(r"^\| `(GET|POST) ([^`]+)` \| ([^|]+?) \|", text, re.MULTILINE)
    assert {Route(method, path): use for method, path, use in rows} == {
        route: use.value for route, use in ROUTES.items()
    }
