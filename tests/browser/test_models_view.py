"""The models and a new one, as a person sees them; the server's answers are those of the contract."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, expect

from dragoman.service import Service
from tests.browser.conftest import Open, Shoot
from tests.browser.contract import Contract, model
from tests.browser.test_reach import violations

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
        "Trainedfor 2 min",
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
    expect(card).to_contain_text("12 corrections learned, 11 of them right · 2 suggestions to be approved")
    card.get_by_role("button", name="Go back to the version before").click()
    expect(page.locator("#models-told")).to_have_text("The version before is in use again.")
    card.get_by_role("button", name="Go forward to the newer version").click()
    expect(page.locator("#models-told")).to_have_text("The newer version is in use again.")
    expect(card.get_by_role("button", name="Go back to the version before")).to_be_visible()
    assert [path for path, body in contract.asked if body is not None] == [
        "/models/phrasebook/learn",
        "/models/phrasebook/promote",
        "/models/phrasebook/rollback",
        "/models/phrasebook/rollback",
    ]


@pytest.mark.parametrize(
    ("corrections", "words"),
    [
        ({"waiting": 0, "pending": 0, "learned": 0, "right": None}, "No corrections yet."),
        ({"waiting": 0, "pending": 0, "learned": 2, "right": 1}, "2 corrections learned, 1 of them right"),
        ({"waiting": 3, "pending": 0, "learned": 1, "right": None}, "1 correction learned · 3 corrections it has not"),
        (None, "The memory of corrections cannot be reached."),
    ],
)
def test_what_has_become_of_corrections_is_said_as_it_is(
    open_page: Open, contract: Contract, corrections: dict[str, int | None] | None, words: str
) -> None:
    contract.models = [model("mine", corrections=corrections)]
    card = open_page("models").locator("article.model")
    expect(card.locator(".learning")).to_contain_text(words)
    learn = card.get_by_role("button", name="Learn from corrections")
    if corrections and corrections["waiting"]:
        expect(learn).to_be_enabled()
    else:
        expect(learn).to_be_disabled()


def test_a_model_that_is_not_served_says_why_and_can_be_served_anyway(
    open_page: Open, shoot: Shoot, contract: Contract
) -> None:
    held_back = "its training was stopped"
    contract.models = [
        model("mine", served=False, held_back=held_back, card=model("mine")["card"] | {"trained_seconds": None})
    ]
    page = open_page("models")
    card = page.locator("article.model")
    expect(card).to_contain_text("It is not served: its training was stopped.")
    expect(card.get_by_text("Trained", exact=True)).to_have_count(0)
    expect(card.get_by_role("button")).to_have_text(["Serve it anyway"])
    assert violations(page) == []
    shoot(page, "held-back")
    contract.refused["/serve"] = (409, "en-es is served by phrasebook already")
    card.get_by_role("button").click()
    expect(page.locator("#models-told")).to_have_text("en-es is served by phrasebook already.")
    contract.refused.clear()
    with page.expect_request("**/languages"):
        card.get_by_role("button").click()
    expect(page.locator("#models-told")).to_have_text("mine is served: you can translate with it.")
    expect(card.get_by_role("button", name="Learn from corrections")).to_be_visible()


def test_a_learning_that_fails_at_once_has_not_begun(open_page: Open, contract: Contract) -> None:
    contract.failure = "the disk is full"
    page = open_page("models")
    page.get_by_role("button", name="Learn from corrections").first.click()
    expect(page.locator(".job .badge")).to_have_text("Failed")
    expect(page.locator("#models-told")).to_have_text("")


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
    expect(page.locator(".job").get_by_role("button", name="Resume")).to_be_visible()
    shoot(page, "failed-training")


def test_what_failed_before_it_began_is_not_said_to_go_on(open_page: Open, contract: Contract, shoot: Shoot) -> None:
    contract.until = 0
    page = open_page("new")
    page.set_input_files("#pairs", PAIRS)
    page.click("text=Start training")
    expect(page.locator("#training-told")).to_contain_text("The training has begun.")
    contract.failure = "the dev part of a split of 4000 pairs is empty"
    expect(page.locator(".job .badge")).to_have_text("Failed")
    expect(page.locator("#training-told")).to_have_text("")
    expect(page.locator(".job").get_by_role("button")).to_have_count(0)
    shoot(page, "failed-at-once")


def test_a_training_that_comes_to_nothing_is_not_said_to_be_ready(open_page: Open, contract: Contract) -> None:
    contract.until = 1_000
    contract.trained = {"served": False, "held_back": "it scores no better than copying the nearest sentence"}
    page = open_page("new")
    page.set_input_files("#pairs", PAIRS)
    page.click("text=Start training")
    expect(page.locator("#training-told")).to_have_text("pairs is trained, but it is not served; “Models” says why.")


def test_what_does_not_come_can_be_asked_for_again(open_page: Open, contract: Contract) -> None:
    contract.refused = {"/models": (500, "the server made a mistake"), "/jobs": (500, "the server made a mistake")}
    page = open_page("models")
    expect(page.locator("#models .trouble")).to_contain_text("The server made a mistake.")
    page.click("nav >> text=New translator")
    expect(page.locator("#jobs .trouble")).to_contain_text("The server made a mistake.")
    contract.jobs["j1"] = contract._begun("train", "mine")
    contract.refused.clear()
    page.click("#jobs >> text=Try again")
    expect(page.locator("#jobs .job")).to_have_count(1)
    page.click("nav >> text=Models")
    expect(page.locator("article.model")).to_have_count(2)


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
