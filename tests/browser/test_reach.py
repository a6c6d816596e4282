"""Everybody can use the page: by keyboard, with a screen reader, on a phone, from right to left; nothing jumps."""

from __future__ import annotations

from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Shoot
from tests.browser.contract import Contract

RED = "The red car."
VIEWS = ("translate", "models", "new", "history")


def focused(page: Page) -> str:
    name: str = page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")
    return name


def test_keyboard_only(open_page: Open) -> None:
    page = open_page()
    assert focused(page) == "text"
    page.keyboard.type(RED)
    expect(page.locator("#translation")).to_have_text("El coche rojo.")
    for expected in ("clear", "file", "El"):
        page.keyboard.press("Tab")
        assert focused(page) == expected
    expect(page.locator("#behind mark")).to_have_text("The")
    page.keyboard.press("ArrowRight")
    assert focused(page) == "coche"
    expect(page.locator("#pointed")).to_contain_text("coche — fairly sure")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "rojo"
    page.keyboard.press("Tab")
    assert focused(page) == "correct"
    page.keyboard.press("Enter")
    expect(page.locator("#corrected-0")).to_be_focused()
    page.keyboard.press("Escape")
    assert focused(page) == "correct"
    page.keyboard.press("Enter")
    expect(page.locator("#corrected-0")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("El auto rojo.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#translation")).to_have_text("El auto rojo.")


def test_the_views_are_reached_by_keyboard_and_say_where_one_is(open_page: Open) -> None:
    page = open_page()
    page.locator(".brand").focus()
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "To the content"
    page.keyboard.press("Enter")
    assert focused(page) == "main"
    page.locator("nav a").nth(3).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#view-history")).to_be_visible()
    assert focused(page) == "title-history"
    assert page.title() == "History – Dragoman"
    expect(page.locator("nav [aria-current=page]")).to_have_text("History")


@pytest.mark.parametrize("view", VIEWS)
def test_a_narrow_screen_cuts_nothing(open_page: Open, shoot: Shoot, contract: Contract, view: str) -> None:
    page = open_page(view, width=320, height=640)
    if view == "translate":
        page.select_option("#src", "en")
        page.fill("#text", f"{RED} Donaudampfschifffahrtsgesellschaftskapitänsmütze")
        expect(page.locator("#translation .word").first).to_be_visible()
        expect(page.locator("#likes .pair")).to_have_count(2)
    shoot(page, f"narrow-{view}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    cut = page.evaluate(
        """() => [...document.querySelectorAll("button, .button, a, h1, h2, h3, select")]
            .filter((one) => one.offsetParent && !one.closest(".scrolls"))
            .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
            .map((one) => one.textContent)"""
    )
    assert cut == []


def test_right_to_left(open_page: Open, shoot: Shoot) -> None:
    page = open_page()
    page.select_option("#trg", "ar")
    page.fill("#text", "The house is large.")
    words = page.locator("#translation .word")
    expect(words).to_have_count(3)
    assert page.locator("#translation").get_attribute("dir") == "rtl"
    assert page.locator("#translation").get_attribute("lang") == "ar"
    first, second = (words.nth(number).bounding_box() for number in (0, 1))
    assert first is not None
    assert second is not None
    assert first["x"] > second["x"]
    words.first.focus()
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "كبير"
    expect(page.locator("#behind mark")).to_have_text("large")
    shoot(page, "right-to-left")
    page.select_option("#src", "auto")
    page.fill("#text", "البيت كبير")
    assert page.evaluate("getComputedStyle(document.getElementById('text')).direction") == "rtl"


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe-core finds: rules with the elements that break them."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing(open_page: Open, shoot: Shoot, contract: Contract, view: str, dark: bool) -> None:
    page = open_page(view, dark=dark)
    assert violations(page) == []
    if view == "translate":
        page.fill("#text", RED)
        expect(page.locator("#likes .pair")).to_have_count(2)
        page.locator("#looks summary").click()
        page.locator("#translation .word").nth(1).focus()
    elif view == "models":
        expect(page.locator("article.model")).to_have_count(2)
    elif view == "new":
        page.set_input_files("#pairs", {"name": "pairs.tsv", "mimeType": "text/plain", "buffer": b"Go.\tVe.\n"})
        expect(page.locator("#model")).to_be_visible()
    shoot(page, f"{view}-{'dark' if dark else 'light'}")
    assert violations(page) == []
    if view == "translate":
        page.fill("#text", f"{RED} Bye.")
        expect(page.locator("#translation")).to_have_text("El coche rojo. BYE.")
        page.click("#correct")
        expect(page.locator("#correction label")).to_have_count(2)
    elif view == "models":
        page.get_by_role("button", name="Learn from corrections").first.click()
        expect(page.locator(".job .sample")).to_have_count(3)
    elif view == "new":
        page.click("text=Start training")
        expect(page.locator(".job .sample")).to_have_count(3)
    assert violations(page) == []


def test_nothing_jumps_when_translations_come_in(open_page: Open) -> None:
    page = open_page()
    page.fill("#text", RED)
    expect(page.locator("#likes")).to_be_attached()
    page.evaluate(
        """() => {
            window.shifts = 0;
            new PerformanceObserver((list) => list.getEntries().forEach((e) => (window.shifts += e.value)))
                .observe({type: "layout-shift"});
        }"""
    )
    place = page.locator("#correct").bounding_box()
    for text in ("One sentence.", "Another sentence, which is longer than the one before it.", RED):
        page.fill("#text", text)
        expect(page.locator("#translation")).to_have_text("El coche rojo." if text == RED else text.upper())
        assert page.locator("#correct").bounding_box() == place
    page.click("#correct")
    expect(page.locator("#corrected-0")).to_be_visible()
    assert page.locator("#corrected-0").bounding_box()["y"] == page.locator("#text").bounding_box()["y"]  # type: ignore[index]
    page.keyboard.press("Escape")
    assert page.locator("#correct").bounding_box() == place
    assert page.evaluate("window.shifts") < 0.02


def test_the_page_is_light(open_page: Open) -> None:
    page = open_page()
    loaded = page.evaluate(
        """performance.getEntries().filter((entry) => entry.decodedBodySize)
            .map((entry) => [entry.name, entry.decodedBodySize, entry.transferSize])"""
    )
    assert len(loaded) > 15
    assert all(name.startswith(page.url.partition("/#")[0]) for name, _, _ in loaded)
    assert sum(size for _, size, _ in loaded) < 100_000
