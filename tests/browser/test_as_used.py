"""From a file of pairs to a translator that has learned a correction, in the browser, with the server, the training and
the learning that a person would have behind it. It takes some minutes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from dragoman import Translator
from dragoman.corpus.phrasebook import pairs
from tests.browser.conftest import PATIENCE_MS, Shoot

MINUTE_MS = 60_000
MODEL = "phrases"
TEXT, CORRECTED = "He wants this car.", "Él quiere este carro."


class Started(NamedTuple):
    url: str
    models: Path


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    """`dragoman serve` without a model, over a folder for models and a memory of its own."""
    models = tmp_path / "models"
    options = ("--models", str(models), "--memory", str(tmp_path / "memory.db"), "--port", "0")
    as_for_users = {**os.environ, "JAX_DISABLE_MOST_OPTIMIZATIONS": "0"}
    # Nobody reads its log after the first line, and a full pipe would stop it.
    command = (sys.executable, "-m", "dragoman", "serve", *options, "--log-level", "error")
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=as_for_users) as process:
        assert process.stderr is not None
        line = next(line for line in process.stderr if "listening on" in line)
        yield Started(line.split()[-1], models)
        process.terminate()


@pytest.fixture
def page(chromium: Browser, started: Started) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1100, "height": 900}, reduced_motion="reduce")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{started.url}/#new")
    yield page
    page.context.close()


@pytest.mark.slow  # what it learns depends on how many steps its minutes give: it runs alone
def test_a_file_becomes_a_translator_that_learns(page: Page, started: Started, shoot: Shoot, tmp_path: Path) -> None:
    file = tmp_path / "phrases.tsv"
    file.write_text("".join(f"{pair.src}\t{pair.trg}\n" for pair in pairs()), encoding="utf-8")

    page.set_input_files("#pairs", file)
    expect(page.locator("#training")).to_contain_text("pairs to learn from", timeout=2 * MINUTE_MS)
    expect(page.locator("#trained-trg")).to_have_value("es")
    page.fill("#model", MODEL)
    page.fill("#minutes", "2")
    page.click("text=Start training")
    job = page.locator(".job")
    expect(job).to_contain_text("step ", timeout=2 * MINUTE_MS)
    job.get_by_role("button", name="Stop").click()
    expect(job.locator(".badge")).to_have_text("Stopped", timeout=MINUTE_MS)
    job.get_by_role("button", name="Resume").click()
    expect(job.locator(".sample")).to_have_count(3, timeout=2 * MINUTE_MS)
    shoot(page, "really-training")
    expect(job.locator(".badge")).to_have_text("Done", timeout=6 * MINUTE_MS)
    expect(page.locator("#training-told")).to_have_text(f"{MODEL} is ready: you can translate with it.")
    shoot(page, "really-trained")

    page.click("nav >> text=Translate")
    page.fill("#text", TEXT)
    expect(page.locator("#translation")).to_have_text(Translator.load(started.models / MODEL)(TEXT))
    page.click("#correct")
    page.fill("#corrected-0", CORRECTED)
    page.click("#correction button[type=submit]")
    expect(page.locator("#translation")).to_have_text(CORRECTED)
    page.reload()
    expect(page.locator("#translation")).to_have_text(CORRECTED)
    expect(page.locator("#origin")).to_be_visible()

    page.click("nav >> text=Models")
    card = page.locator("article.model")
    card.get_by_role("button", name="Learn from corrections").click()
    expect(card.locator(".verdict")).to_contain_text("passed its tests", timeout=6 * MINUTE_MS)
    shoot(page, "really-learned")
    card.get_by_role("button", name="Put the new version to use").click()
    expect(page.locator("#models-told")).to_have_text("The new version is in use.")
    expect(card).to_contain_text("1 correction learned")
    assert Translator.load(started.models / MODEL)(TEXT) == CORRECTED
    card.get_by_role("button", name="Go back").click()
    expect(page.locator("#models-told")).to_have_text("The version before is in use again.")
    assert Translator.load(started.models / MODEL)(TEXT) != CORRECTED
