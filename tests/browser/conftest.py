"""The page in Debian's Chromium, over a server on a socket whose translators are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dragoman.server.access import Access
from dragoman.service import Service
from tests.browser.contract import Contract
from tests.browser.world import service
from tests.server.fake_memory import FakeMemory
from tests.server.live_server import LiveServer

CHROMIUM = "/usr/bin/chromium"
PATIENCE_MS = 10_000
"""For what the page shows; a busy machine is slow."""

Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        # Containers run tests as root, where Chromium has no sandbox; the only pages are our own.
        yield playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"], ignore_default_args=["--hide-scrollbars"]
        )


@pytest.fixture
def memory() -> FakeMemory:
    return FakeMemory()


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, memory: FakeMemory) -> Service:
    return service(monkeypatch, memory=memory)


@pytest.fixture
def access() -> Access:
    """Everybody on this machine may do everything."""
    return Access(None, is_local=True)


@pytest.fixture
def serving(served: Service, access: Access) -> Iterator[LiveServer]:
    running = LiveServer(served, access=access)
    yield running
    running.stop()


@pytest.fixture
def contract() -> Contract:
    return Contract()


@pytest.fixture
def open_page(chromium: Browser, serving: LiveServer, contract: Contract) -> Iterator[Open]:
    """Open a view of the page in a window of its own; what breaks in it, or is not allowed there, fails the test.

    ``prepare`` is called before anything is asked for; a page that is not to come up does not ``loads``.
    """
    wrong: list[str] = []
    pages: list[Page] = []

    def opened(
        view: str = "translate",
        *,
        width: int = 1100,
        height: int = 800,
        dark: bool = False,
        prepare: Callable[[Page], object] = lambda page: None,
        loads: bool = True,
    ) -> Page:
        page = chromium.new_page(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        pages.append(page)
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        contract.answer(page)
        prepare(page)
        page.goto(f"{serving.url}/#{view}")
        if loads:
            expect(page.locator("#src option").first).to_be_attached()
        return page

    yield opened
    for page in pages:
        page.context.close()
    assert not wrong


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Shoot:
    """Write a picture of a page to the folder of --screenshots, if there is one."""
    folder = request.config.getoption("--screenshots")

    def shot(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return shot
