"""The page as a browser gets it: what it may do, what it is made of, and that programs still get JSON."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from tests.server.conftest import Serve

FOLDER = files("dragoman.server").joinpath("page")
NAMES = sorted(place.name for place in FOLDER.iterdir())
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def text(name: str) -> str:
    return FOLDER.joinpath(name).read_text(encoding="utf-8")


def test_a_browser_gets_the_page_and_a_program_json(serve: Serve) -> None:
    client = serve()
    page = client.get("/", headers=BROWSER)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.text == text("index.html")
    assert "Accept" in page.headers["vary"]
    for accept in ("application/json", "*/*"):
        assert client.get("/", headers={"Accept": accept}).json()["directions"] == ["en-es"]


@pytest.mark.parametrize("name", NAMES)
def test_each_file_is_sent_as_it_is_under_a_strict_policy(serve: Serve, name: str) -> None:
    client = serve()
    for encoding in ("gzip", "identity"):
        sent = client.get(f"/page/{name}", headers={"Accept-Encoding": encoding})
        assert sent.content == FOLDER.joinpath(name).read_bytes()
        assert sent.headers.get("content-encoding", "identity") == encoding
    assert sent.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in sent.headers["content-security-policy"]
    again = client.get(f"/page/{name}", headers={"If-None-Match": sent.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fpage.py", "%2e%2e%2fapp.py", ""])
def test_nothing_else_is_sent(serve: Serve, name: str) -> None:
    assert serve().get(f"/page/{name}").status_code == 404


def test_the_page_is_whole_and_has_nothing_inline() -> None:
    page = text("index.html")
    scripts = {name for name in NAMES if name.endswith(".js")}
    at_once = {*re.findall(r'modulepreload" href="/page/([\w.]+)"', page), "main.js"}
    assert at_once < scripts
    for script in at_once:
        assert set(re.findall(r'from "\./([\w.]+)"', text(script))) < at_once, script
    assert set(re.findall(r'stylesheet" href="/page/([\w.]+)"', page)) == {n for n in NAMES if n.endswith(".css")}
    assert not re.search(r"<script(?! type=\"module\" src=)|<style|\sstyle=|\son\w+=|https?:", page)
    used = {name for script in scripts for name in re.findall(r'(?:from |import\()"\./([\w.]+)"', text(script))}
    assert used | {"main.js"} == scripts
    ids = set(re.findall(r'\bid="([\w-]+)"', page))
    made = set(re.findall(r'\bid: "([\w-]+)"', "".join(map(text, scripts)))) | {"training-told"}
    for script in scripts:
        assert set(re.findall(r'byId\("([\w-]+)"\)', text(script))) <= ids | made, script
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text(script)), script


def test_the_page_is_light() -> None:
    assert sum(len(FOLDER.joinpath(name).read_bytes()) for name in NAMES) < 100_000
