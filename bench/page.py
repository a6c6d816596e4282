"""How soon the page can be used, and how much it loads: from the address to the languages, on loopback.

    python -m bench.page URL [N]

URL is that of a running ``dragoman serve``. Each of N loads (20) has a browser profile of its own, so that nothing is
cached, but for the second figure, where the page was loaded before. Needs Debian's Chromium.
"""

from __future__ import annotations

import sys
from statistics import median

from playwright.sync_api import Browser, BrowserContext, sync_playwright

CHROMIUM = "/usr/bin/chromium"
READY = """() => new Promise((resolve) => {
    const isReady = () => document.querySelector("#src option");
    const look = () => (isReady() ? resolve(performance.now()) : requestAnimationFrame(look));
    look();
})"""
LOADED = """() => {
    const loaded = performance.getEntries().filter((entry) => "decodedBodySize" in entry);
    const sum = (name) => loaded.reduce((total, entry) => total + entry[name], 0);
    return [loaded.length, sum("decodedBodySize"), sum("transferSize")];
}"""


def load(context: BrowserContext, url: str) -> tuple[float, list[int]]:
    """Return the milliseconds until the page at ``url`` is ready, and its requests, bytes, and bytes on the wire."""
    page = context.new_page()
    page.goto(url, wait_until="commit")
    milliseconds: float = page.evaluate(READY)
    loaded: list[int] = page.evaluate(LOADED)
    page.close()
    return milliseconds, loaded


def loads(browser: Browser, url: str) -> tuple[float, float, list[int]]:
    """Return the milliseconds of a first load and of a second, and what the first loaded."""
    with browser.new_context() as context:
        first, loaded = load(context, url)
        return first, load(context, url)[0], loaded


def main(url: str, n: str = "20") -> None:
    """Print the medians and the worst."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        found = [loads(browser, url) for _ in range(int(n))]
    for name, times in (("first load", [f for f, _, _ in found]), ("second load", [s for _, s, _ in found])):
        print(f"{name}: ready after {median(times):.0f} ms (worst {max(times):.0f})")
    n_requests, plain, sent = found[-1][2]
    print(f"{n_requests} requests, {plain:,} bytes, {sent:,} on the wire")


if __name__ == "__main__":
    main(*sys.argv[1:])
