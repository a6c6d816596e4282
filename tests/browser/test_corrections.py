"""A correction is kept under its own sentence, and nothing of it is lost, whatever comes in between."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open, Shoot
from tests.browser.test_reach import violations
from tests.server.fake_memory import FakeMemory

RED, SPANISH, CORRECTED = "The red car.", "El coche rojo.", "El auto rojo."
OTHER = "My aunt lives here."
ACTS = ("#correct", "#copy", "#others button >> nth=0")
"""What is done with the translation that is shown."""


class Held:
    """Answers of the server to ``path`` that are kept back until they are let go."""

    def __init__(self, page: Page, path: str) -> None:
        self._routes: list[Route] = []
        self._page, self._path = page, path
        page.route(path, lambda route: self._routes.append(route))

    def wait(self) -> None:
        """Wait until something is kept back."""
        while not self._routes:
            self._page.wait_for_timeout(20)

    def let_go(self) -> None:
        """Answer all that waits, and keep nothing back from now on."""
        self.wait()
        self._page.unroute(self._path)
        for route in self._routes:
            route.continue_()


def kept(memory: FakeMemory) -> list[tuple[str, str]]:
    return [(entry.source, entry.target) for entry in memory.entries()]


@pytest.fixture
def page(open_page: Open) -> Page:
    """The page with a translation of `RED`."""
    page = open_page()
    page.fill("#text", RED)
    expect(page.locator("#translation")).to_have_text(SPANISH)
    return page


@pytest.fixture
def correcting(page: Page) -> Page:
    """The page with a correction of `RED` that is not saved."""
    page.click("#correct")
    page.fill("#corrected-0", CORRECTED)
    return page


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.fill("#text", OTHER),
        lambda page: page.select_option("#trg", "ar"),
        lambda page: page.click("#swap"),
    ],
    ids=["another text", "another language", "the other direction"],
)
def test_nothing_is_done_with_a_translation_of_something_else(page: Page, change: Callable[[Page], object]) -> None:
    for act in ACTS:
        expect(page.locator(act)).to_be_enabled()
    held = Held(page, "**/v1/translate")
    change(page)
    for act in ACTS:
        expect(page.locator(act)).to_be_disabled()
    expect(page.locator("#answer")).to_have_class("pane stale")
    held.let_go()
    expect(page.locator("#answer")).to_have_class("pane")
    for act in ACTS:
        expect(page.locator(act)).to_be_enabled()


def test_an_answer_that_does_not_come_leaves_the_one_before_to_be_read_only(page: Page) -> None:
    page.route("**/v1/translate", lambda route: route.fulfill(status=500, json={"error": "the server made a mistake"}))
    page.fill("#text", OTHER)
    expect(page.locator("#told")).to_have_text("The server made a mistake.")
    expect(page.locator("#translation")).to_have_text(SPANISH)
    for act in ACTS:
        expect(page.locator(act)).to_be_disabled()


def test_what_is_corrected_is_fixed_and_shown_in_the_form(correcting: Page, memory: FakeMemory, shoot: Shoot) -> None:
    expect(correcting.locator("#correction label")).to_have_text(f"Translation of: {RED}")
    held = Held(correcting, "**/v1/translate")
    correcting.fill("#text", OTHER)
    expect(correcting.locator("#correction")).to_be_hidden()
    item = correcting.locator("#unsaved li")
    expect(item).to_contain_text(f"Not saved: your correction of “{RED}”")
    assert violations(correcting) == []
    shoot(correcting, "unsaved")
    item.get_by_role("button", name="Go on").click()
    expect(correcting.locator("#correction label")).to_have_text(f"Translation of: {RED}")
    expect(correcting.locator("#corrected-0")).to_have_value(CORRECTED)
    correcting.keyboard.press("Control+Enter")
    expect(correcting.locator("#told")).to_have_text(f"Saved. From now on “{RED}” is translated as you wrote.")
    assert kept(memory) == [(RED, CORRECTED)]
    expect(item).to_have_count(0)
    held.let_go()
    expect(correcting.locator("#translation")).to_have_text(OTHER.upper())


@pytest.mark.parametrize(
    "leave",
    [
        lambda page: page.keyboard.press("Escape"),
        lambda page: page.click("#clear"),
        lambda page: page.click("#swap"),
        lambda page: page.reload(),
        lambda page: page.click("#others button >> nth=1"),
    ],
    ids=["Escape", "Clear", "swap", "reload", "another translation taken"],
)
def test_a_correction_that_is_not_saved_is_kept(
    correcting: Page, memory: FakeMemory, leave: Callable[[Page], object]
) -> None:
    leave(correcting)
    expect(correcting.locator("#unsaved li")).to_have_count(1)
    correcting.click("#unsaved >> text=Go on")
    expect(correcting.locator("#corrected-0")).to_have_value(CORRECTED)
    expect(correcting.locator("#unsaved li")).to_have_count(0)
    correcting.keyboard.press("Control+Enter")
    expect(correcting.locator("#told")).to_contain_text("Saved.")
    assert kept(memory) == [(RED, CORRECTED)]


def test_correcting_again_goes_on_where_it_was_until_it_is_dropped(correcting: Page) -> None:
    correcting.keyboard.press("Escape")
    correcting.click("#correct")
    expect(correcting.locator("#corrected-0")).to_have_value(CORRECTED)
    correcting.click("#correction-cancel")
    expect(correcting.locator("#unsaved li")).to_have_count(0)
    correcting.click("#correct")
    expect(correcting.locator("#corrected-0")).to_have_value(SPANISH)
    correcting.fill("#corrected-0", CORRECTED)
    correcting.keyboard.press("Escape")
    correcting.click("#unsaved >> text=Drop it")
    correcting.reload()
    expect(correcting.locator("#translation")).to_have_text(SPANISH)
    expect(correcting.locator("#unsaved li")).to_have_count(0)


def test_sentences_that_come_late_open_no_form_over_another_text(page: Page) -> None:
    held = Held(page, "**/v1/translate/stream")
    page.click("#correct")
    held.wait()
    page.fill("#text", OTHER)
    held.let_go()
    expect(page.locator("#translation")).to_have_text(OTHER.upper())
    expect(page.locator("#correction")).to_be_hidden()


def test_a_correction_is_saved_while_another_text_is_typed(correcting: Page, memory: FakeMemory) -> None:
    held = Held(correcting, "**/v1/corrections")
    correcting.keyboard.press("Control+Enter")
    correcting.keyboard.press("Control+Enter")
    held.wait()
    correcting.fill("#text", OTHER)
    expect(correcting.locator("#unsaved li")).to_have_count(1)
    held.let_go()
    expect(correcting.locator("#unsaved li")).to_have_count(0)
    expect(correcting.locator("#translation")).to_have_text(OTHER.upper())
    assert kept(memory) == [(RED, CORRECTED)]
    assert correcting.evaluate("document.activeElement.id") == "text"


def test_what_is_written_while_a_correction_is_saved_is_not_lost(correcting: Page, memory: FakeMemory) -> None:
    held = Held(correcting, "**/v1/corrections")
    correcting.keyboard.press("Control+Enter")
    held.wait()
    correcting.fill("#corrected-0", "El carro rojo.")
    held.let_go()
    expect(correcting.locator("#told")).to_contain_text("What you have changed since then is not saved yet.")
    expect(correcting.locator("#corrected-0")).to_have_value("El carro rojo.")
    correcting.keyboard.press("Control+Enter")
    expect(correcting.locator("#translation")).to_have_text("El carro rojo.")
    assert kept(memory) == [(RED, CORRECTED), (RED, "El carro rojo.")]


def test_a_correction_that_cannot_be_saved_stays_in_the_form(correcting: Page, memory: FakeMemory) -> None:
    correcting.route("**/v1/corrections", lambda route: route.abort())
    correcting.keyboard.press("Control+Enter")
    expect(correcting.locator("#told")).to_contain_text("Not saved.")
    expect(correcting.locator("#corrected-0")).to_have_value(CORRECTED)
    correcting.unroute("**/v1/corrections")
    expect(correcting.locator("#banner")).to_have_text("The server is back.")
    correcting.locator("#corrected-0").press("Control+Enter")
    expect(correcting.locator("#translation")).to_have_text(CORRECTED)
    assert kept(memory) == [(RED, CORRECTED)]


def test_the_direction_is_turned_before_the_answer_has_come(page: Page) -> None:
    held = Held(page, "**/v1/translate")
    page.fill("#text", OTHER)
    page.click("#swap")
    expect(page.locator("#text")).to_have_value(OTHER)
    held.let_go()
    expect(page.locator("#translation")).to_have_text(OTHER.upper())
