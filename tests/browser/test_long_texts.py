"""A text that is longer than its pane: it stays in sight, its marks fall on its words, both panes scroll together."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open, Shoot

N_LINES = 120
TEXT = "\n".join(f"Line {number} is here." for number in range(N_LINES))
WIDTHS = [360, 1280]


def box(place: Locator) -> dict[str, float]:
    found = place.bounding_box()
    assert found is not None
    return {"x": found["x"], "y": found["y"], "width": found["width"], "bottom": found["y"] + found["height"]}


def scrolled(page: Page, name: str) -> float:
    """How far ``name`` is scrolled, from 0 to 1."""
    share: float = page.locator(name).evaluate("(one) => one.scrollTop / (one.scrollHeight - one.clientHeight)")
    return share


def mark_of(page: Page, number: int) -> dict[str, float]:
    """Point at the number of line ``number`` in the translation, and return where its mark is in the text."""
    page.locator("#translation").get_by_text(str(number), exact=True).hover()
    mark = page.locator("#behind mark")
    expect(mark).to_have_text(str(number))
    return box(mark)


def line_of(page: Page, number: int) -> tuple[float, float]:
    """Return where line ``number`` of the text, none of which is folded, begins and ends on the screen."""
    top, height = page.locator("#text").evaluate(
        """(one) => {
            const style = getComputedStyle(one), height = parseFloat(style.lineHeight);
            return [one.getBoundingClientRect().top + parseFloat(style.paddingTop) - one.scrollTop, height];
        }"""
    )
    return top + number * height, top + (number + 1) * height


@pytest.fixture
def page(open_page: Open, request: pytest.FixtureRequest) -> Page:
    page = open_page(width=request.param)
    page.fill("#text", TEXT)
    expect(page.locator("#translation")).to_contain_text(f"LINE {N_LINES - 1} IS HERE.")
    return page


@pytest.mark.parametrize("page", WIDTHS, indirect=True)
def test_the_wheel_scrolls_both_panes_and_the_text_stays_in_sight(page: Page, shoot: Shoot) -> None:
    for name, other, pixels in (("#text", "#translation", -900), ("#translation", "#text", 400)):
        before = page.locator(name).evaluate("(one) => one.scrollTop")
        page.locator(name).hover()
        page.mouse.wheel(0, pixels)
        expect(page.locator(name)).to_have_js_property("scrollTop", before + pixels)
        page.wait_for_timeout(50)
        assert 0.05 < scrolled(page, name) < 0.95
        assert scrolled(page, other) == pytest.approx(scrolled(page, name), abs=0.01)
        assert box(page.locator("#text")) == box(page.locator(".typing"))
    shoot(page, f"long-text-{page.viewport_size['width']}")  # type: ignore[index]


@pytest.mark.parametrize("page", WIDTHS, indirect=True)
def test_a_mark_falls_on_its_line_wherever_the_text_is_scrolled_to(page: Page) -> None:
    for number in (2, N_LINES // 2, N_LINES - 3):
        mark, (top, bottom) = mark_of(page, number), line_of(page, number)
        assert top <= mark["y"]
        assert mark["bottom"] <= bottom
    pane = box(page.locator(".typing"))
    assert pane["y"] <= mark["y"]
    assert mark["bottom"] <= pane["bottom"]


@pytest.mark.parametrize("page", WIDTHS, indirect=True)
def test_the_text_and_what_lies_behind_it_are_folded_alike(page: Page) -> None:
    folded = "A much longer line, with a\ttab, trailing spaces     and some words more, is folded. " * 3
    for text in (TEXT, f"{folded}\n\n{'W' * 200}\n" * 9, f"{folded}\n"):
        page.fill("#text", text)
        expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")
        sizes = [
            page.locator(name).evaluate("(one) => [one.clientWidth, one.scrollHeight]") for name in ("#text", "#behind")
        ]
        assert sizes[0] == sizes[1]


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_what_is_typed_at_the_end_of_a_long_text_is_in_sight(page: Page) -> None:
    page.locator("#text").press("Control+Home")
    assert scrolled(page, "#text") < 0.01
    page.keyboard.press("Control+End")
    page.keyboard.type("\nmore\nand more")
    expect(page.locator("#translation")).to_contain_text("AND MORE")
    assert scrolled(page, "#text") > 0.99
    assert scrolled(page, "#translation") > 0.99
