"""The models and a new one, as a person sees them; the server's answers are those of the contract."""

from __future__ import annotations

from playwright.sync_api import FilePayload, expect

from dragoman.service import Service
from tests.browser.conftest import Open, Shoot
from tests.browser.contract import Contract

PAIRS: FilePayload = {"name": "pairs.tsv", "mimeType": "text/plain", "buffer": b"Go.\tVe.\n"}


def test_a_model_has_a_card(open_page: Open) -> None:
    card = open_page("models").locator("article.model").first
    expect(card.locator("h2")).to_have_text("phrasebook")
    for words in (
        "English → Spanish",
        "12,418 (train 11,858, dev 290, test 270)",
        "duplicate: 31, too long: 4",
        "97.8 [96.4, 99.1]",
        "12 corrections it has not learned yet · 2 suggestions to be approved",
    ):
        expect(card).to_contain_text(words)
    expect(card.locator("svg")).to_have_attribute("aria-label", "chrF on dev sentences while it was trained from 50.0 "
                                                  "at step 90 to 91.1 at step 918")  # fmt: skip


def test_what_did_not_pass_says_why(open_page: Open) -> None:
    card = open_page("models").locator("article.model").nth(1)
    expect(card.locator(".verdict")).to_contain_text("did not pass its tests")
    expect(card.locator(".verdict li").first).to_have_text(
        "On dev sentences chrF fell by 0.9, more than the 0.5 that it may."
    )
    expect(card.get_by_role("button", name="Put the new version to use")).to_be_disabled()


def test_learn_promote_and_roll_back(open_page: Open, shoot: Shoot, contract: Contract) -> None:
    page = open_page("models")
    card = page.locator("article.model").first
    card.get_by_role("button", name="Learn from corrections").click()
    expect(page.locator("#models-told")).to_have_text("It has begun to learn.")
    expect(card.locator(".job")).to_contain_text("step 500 of 1,000")
    shoot(page, "learning")
    contract.until = 1_000
    expect(card.locator(".verdict")).to_contain_text("passed its tests")
    shoot(page, "learned")
    card.get_by_role("button", name="Put the new version to use").click()
    expect(page.locator("#models-told")).to_have_text("The new version is in use.")
    expect(card).to_contain_text("It has learned every correction.")
    card.get_by_role("button", name="Go back").click()
    expect(page.locator("#models-told")).to_have_text("The version before is in use again.")
    assert [path for path, body in contract.asked if body is not None] == [
        "/models/phrasebook/learn",
        "/models/phrasebook/promote",
        "/models/phrasebook/rollback",
    ]


def test_what_is_missing_to_learn_is_said(open_page: Open, shoot: Shoot, contract: Contract) -> None:
    words = "learning needs the package keras: pip install 'dragoman[train]' installs all that it needs"
    contract.refused["/learn"] = (503, words)
    page = open_page("models")
    page.get_by_role("button", name="Learn from corrections").first.click()
    expect(page.locator("#models-told")).to_contain_text("pip install 'dragoman[train]'")
    shoot(page, "cannot-learn")


def test_a_translator_is_trained_from_a_file(open_page: Open, shoot: Shoot, contract: Contract) -> None:
    page = open_page("new")
    shoot(page, "new-empty")
    page.set_input_files("#pairs", PAIRS)
    for words in ("20,118 pairs to learn from", "1,222 pairs will be dropped:", "duplicate: 1,102", "pairs.tsv:118"):
        expect(page.locator("#training")).to_contain_text(words)
    expect(page.locator("#trained-src")).to_have_value("en")
    page.fill("#model", "mine")
    page.fill("#minutes", "5")
    page.check("#both")
    page.click("text=Start training")
    job = page.locator(".job")
    expect(job).to_contain_text("step 500 of 1,000 · about 8 min left · chrF")
    expect(job.locator(".sample").nth(1)).to_contain_text("No lo sé.")
    job.get_by_role("button", name="Stop").click()
    expect(job.locator(".badge")).to_have_text("Stopped")
    shoot(page, "stopped")
    contract.until = 1_000
    job.get_by_role("button", name="Resume").click()
    expect(job.locator(".badge")).to_have_text("Done")
    expect(job.locator(".sample").nth(1).locator(".exact")).to_be_visible()
    expect(page.locator("#training-told")).to_have_text("mine is ready: you can translate with it.")
    shoot(page, "trained")
    assert ("/trainings", {"corpus": "c1", "model": "mine", "src": "en", "trg": "es", "minutes": 5, "both": True}) in (
        contract.asked
    )


def test_a_file_that_is_refused_and_a_training_that_fails(open_page: Open, shoot: Shoot, contract: Contract) -> None:
    page = open_page("new")
    contract.refused["/corpora"] = (422, "pairs.tsv:1: expected 2 or 3 columns, found 1 (is the separator a tab?)")
    page.set_input_files("#pairs", PAIRS)
    expect(page.locator("#training-told")).to_contain_text("is the separator a tab?")
    shoot(page, "refused-file")
    contract.refused.clear()
    contract.jobs["j1"] = contract._begun("train", "mine") | {"state": "failed", "error": "the disk is full"}
    page.reload()
    expect(page.locator(".job")).to_contain_text("The disk is full.")
    expect(page.locator(".job .badge")).to_have_text("Failed")
    shoot(page, "failed-training")


class TestNothingServed:
    def test_without_a_translator_the_page_says_how_to_make_one(
        self, open_page: Open, shoot: Shoot, served: Service, contract: Contract
    ) -> None:
        contract.models = []
        page = open_page("models")
        page.route("**/languages", lambda route: route.fulfill(json=[]))
        page.reload()
        expect(page.locator("#models")).to_contain_text("No model is served yet.")
        page.click("nav >> text=Translate")
        expect(page.locator("#no-translator")).to_be_visible()
        expect(page.locator("#translator")).to_be_hidden()
        shoot(page, "no-translator")
        page.click("#no-translator a")
        expect(page.locator("#training")).to_be_visible()
