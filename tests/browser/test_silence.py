"""What a page says of which a part does not come, or whose browser keeps nothing, and that it can be tried again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open, Shoot
from tests.browser.test_reach import violations

RED = "The red car."
DENIED = """
    for (const name of ["localStorage", "sessionStorage"])
        Object.defineProperty(window, name, {get() { throw new DOMException("denied", "SecurityError"); }});
"""
FULL = 'Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };'


def refuse(route: Route) -> None:
    route.fulfill(status=500, json={"error": "the server made a mistake, which it has noted"})


def finish(page: Page) -> None:
    """Let what appears after a while appear at once."""
    page.evaluate("document.getAnimations().forEach((one) => one.finish())")


@pytest.mark.parametrize("name", ["main.js", "words.js"])
def test_a_page_without_one_of_its_files_says_that_it_has_not_started(open_page: Open, shoot: Shoot, name: str) -> None:
    page = open_page(prepare=lambda page: page.route(f"**/page/{name}", lambda route: route.abort()), loads=False)
    expect(page.locator("#starting")).not_to_be_visible()
    finish(page)
    expect(page.locator("#starting")).to_contain_text("This page has not started")
    expect(page.locator("#starting")).to_be_visible()
    assert violations(page) == []
    shoot(page, "not-started")
    page.unroute(f"**/page/{name}")
    page.click("#starting >> text=Try again")
    expect(page.locator("#src option").first).to_be_attached()
    expect(page.locator("#starting")).to_have_count(0)


def test_a_view_whose_files_do_not_come_says_so(open_page: Open) -> None:
    page = open_page()
    page.fill("#text", RED)
    expect(page.locator("#translation")).to_have_text("El coche rojo.")
    page.route("**/page/models.js", lambda route: route.abort())
    page.click("nav >> text=Models")
    expect(page.locator("#view-models .trouble")).to_contain_text("This part of the page could not be loaded.")
    page.wait_for_timeout(200)
    expect(page.locator("#banner")).to_be_hidden()
    page.unroute("**/page/models.js")
    page.click("#view-models >> text=Try again")
    expect(page.locator("article.model")).to_have_count(2)
    expect(page.locator("#view-models .trouble")).to_have_count(0)


def test_a_view_that_is_asked_for_while_the_server_is_away_comes_when_it_is_back(open_page: Open) -> None:
    page = open_page()
    away = ("**/page/models.js", "**/healthz")
    for path in away:
        page.route(path, lambda route: route.abort())
    page.click("nav >> text=Models")
    expect(page.locator("#banner")).to_contain_text("The server does not answer.")
    for path in away:
        page.unroute(path)
    expect(page.locator("article.model")).to_have_count(2)
    expect(page.locator("#view-models .trouble")).to_have_count(0)


@pytest.mark.parametrize("path", ["**/languages", "**/frontend/settings"])
def test_languages_that_do_not_come_are_asked_for_again(open_page: Open, shoot: Shoot, path: str) -> None:
    page = open_page(prepare=lambda page: page.route(path, refuse), loads=False)
    trouble = page.locator("#translate-trouble .trouble")
    expect(trouble).to_contain_text(
        "The list of languages did not come. The server made a mistake, which it has noted."
    )
    expect(page.locator("#translator")).to_be_hidden()
    assert violations(page) == []
    shoot(page, "no-languages")
    page.click("nav >> text=Models")
    expect(page.locator("article.model")).to_have_count(2)
    page.click("nav >> text=Translate")
    trouble.get_by_role("button", name="Try again").click()
    expect(trouble).to_be_visible()
    page.unroute(path)
    trouble.get_by_role("button", name="Try again").click()
    page.fill("#text", RED)
    expect(page.locator("#translation")).to_have_text("El coche rojo.")
    expect(trouble).to_have_count(0)


def test_a_server_that_is_away_at_first_is_waited_for(open_page: Open) -> None:
    away = ("**/languages", "**/healthz")

    def leave(page: Page) -> None:
        for path in away:
            page.route(path, lambda route: route.abort())

    page = open_page(prepare=leave, loads=False)
    expect(page.locator("#banner")).to_contain_text("The server does not answer.")
    for path in away:
        page.unroute(path)
    expect(page.locator("#translator")).to_be_visible()
    page.fill("#text", RED)
    expect(page.locator("#translation")).to_have_text("El coche rojo.")


@pytest.mark.parametrize("script", [DENIED, FULL], ids=["denied", "full"])
def test_a_browser_that_keeps_nothing_translates_all_the_same(open_page: Open, shoot: Shoot, script: str) -> None:
    page = open_page(prepare=lambda page: page.add_init_script(script))
    page.fill("#text", RED)
    expect(page.locator("#spoken")).to_have_text("El coche rojo.")
    page.click("#correct")
    page.fill("#corrected-0", "El auto rojo.")
    page.keyboard.press("Escape")
    expect(page.locator("#unsaved li")).to_have_count(1)
    page.click("nav >> text=History")
    if script == DENIED:
        expect(page.locator("#history-kept")).to_contain_text("Your browser keeps nothing for this page")
        expect(page.locator("#past button")).to_have_count(1)
        shoot(page, "nothing-kept")
    else:
        expect(page.locator("#past")).to_have_text("Nothing yet.")
