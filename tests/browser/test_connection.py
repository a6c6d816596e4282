"""The server goes away and comes back; it is busy; it makes a mistake."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect

from dragoman.service import Service
from tests.browser.conftest import Open, Shoot
from tests.server.live_server import LiveServer


def test_the_server_goes_away_and_comes_back(
    open_page: Open, shoot: Shoot, serving: LiveServer, served: Service
) -> None:
    page = open_page()
    page.fill("#text", "The red car.")
    expect(page.locator("#translation")).to_have_text("El coche rojo.")
    port = urlsplit(serving.url).port
    assert port is not None
    serving.stop()
    page.fill("#text", "The red car. Who is there?")
    expect(page.locator("#banner")).to_contain_text("The server does not answer.")
    expect(page.locator("#text")).to_have_value("The red car. Who is there?")
    shoot(page, "server-gone")
    again = LiveServer(served, port=port)
    try:
        expect(page.locator("#banner")).to_have_text("The server is back.")
        expect(page.locator("#translation")).to_have_text("El coche rojo. WHO IS THERE?")
        expect(page.locator("#told")).to_have_text("")
        expect(page.locator("#banner")).to_be_hidden()
    finally:
        again.stop()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (503, "too much to do; try again later"),
        (500, "the server made a mistake, which it has noted; please report it"),
    ],
)
def test_what_goes_wrong_is_said_and_busy_servers_are_asked_again(
    open_page: Open, shoot: Shoot, status: int, words: str
) -> None:
    page = open_page()
    n_asked = 0

    def refuse(route: Route) -> None:
        nonlocal n_asked
        n_asked += 1
        if n_asked > 1:
            route.continue_()
            return
        head = {"Retry-After": "1"} if status == 503 else {}
        route.fulfill(status=status, json={"error": words}, headers=head)

    page.route("**/v1/translate", refuse)
    page.fill("#text", "The red car.")
    expect(page.locator("#told")).to_contain_text(words[1:])
    shoot(page, f"refused-{status}")
    if status == 503:
        expect(page.locator("#translation")).to_have_text("El coche rojo.")
        expect(page.locator("#told")).to_have_text("")
