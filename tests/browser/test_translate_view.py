"""The view that translates, as it is used."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from dragoman.server.access import Access
from tests.browser.conftest import Open, Shoot
from tests.browser.contract import Contract
from tests.browser.test_reach import violations
from tests.server.fake_memory import FakeMemory
from tests.server.test_access import FakeKeys

RED = "The red car."


def translation(page: Page) -> str:
    return page.locator("#translation").inner_text()


def test_it_translates_what_is_typed(open_page: Open, shoot: Shoot) -> None:
    page = open_page()
    shoot(page, "empty")
    page.locator("#text").press_sequentially(RED, delay=20)
    expect(page.locator("#translation")).to_have_text("El coche rojo.")
    expect(page.locator("#others button")).to_have_count(3)
    expect(page.locator("#spoken")).to_have_text("El coche rojo.")
    page.locator("#text").fill("")
    expect(page.locator("#translation")).to_have_text("")
    expect(page.locator("#evidence")).to_be_hidden()


def test_a_late_answer_to_an_older_text_is_not_shown(open_page: Open) -> None:
    page = open_page()
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        if "older" in (route.request.post_data or ""):
            waiting.append(route)
        else:
            route.continue_()

    page.route("**/v1/translate", hold)
    page.fill("#text", "older")
    page.wait_for_timeout(500)
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "true")
    page.fill("#text", "newer")
    expect(page.locator("#translation")).to_have_text("NEWER")
    assert waiting, "the older text was never asked for"
    for route in waiting:
        assert route.request.failure, "the older request was not cancelled"
    assert translation(page) == "NEWER"


def test_languages_are_chosen_by_name_found_and_swapped(open_page: Open) -> None:
    page = open_page()
    assert page.locator("#src option").all_inner_texts() == ["Detect language", "English", "Spanish"]
    page.select_option("#src", "auto")
    page.select_option("#trg", "en")
    page.fill("#text", "¿Dónde está la casa de mi hermano?")
    expect(page.locator("#src option").first).to_have_text("Detected: Spanish")
    page.select_option("#src", "en")
    page.select_option("#trg", "ar")
    expect(page.locator("#swap")).to_be_disabled()
    page.select_option("#trg", "es")
    page.fill("#text", RED)
    expect(page.locator("#translation")).to_have_text("El coche rojo.")
    page.click("#swap")
    expect(page.locator("#text")).to_have_value("El coche rojo.")
    expect(page.locator("#translation")).to_have_text(RED)
    assert page.locator("#src").input_value() == "es"


def test_a_text_in_the_targets_language_turns_the_direction_round(open_page: Open) -> None:
    page = open_page()
    page.select_option("#src", "auto")
    page.select_option("#trg", "es")
    page.fill("#text", "¿Dónde está la estación de tren?")
    expect(page.locator("#src option").first).to_have_text("Detected: Spanish")
    assert page.locator("#trg").input_value() == "en"
    expect(page.locator("#translation")).to_have_text("¿DÓNDE ESTÁ LA ESTACIÓN DE TREN?")


def test_each_word_says_how_sure_it_is_and_where_it_comes_from(open_page: Open, shoot: Shoot) -> None:
    page = open_page()
    page.fill("#text", RED)
    words = page.locator("#translation [role=option]")
    expect(words).to_have_count(4)
    assert [word.get_attribute("aria-label") for word in words.all()] == [
        "El; sure, 97 %; from “The”",
        "coche; fairly sure, 60 %; from “car”",
        "rojo; unsure, 20 %; from “red”",
        ".; unsure, 20 %; from “.”",
    ]
    words.nth(1).hover()
    expect(page.locator("#behind mark")).to_have_text("car")
    expect(page.locator("#pointed")).to_have_text("coche — fairly sure, 60 %; from “car”")
    page.locator("#looks summary").click()
    row = page.locator(".heat tbody tr").nth(1)
    assert row.locator("th, td").all_inner_texts()[:4] == ["coche", "4", "4", "46"]
    shoot(page, "hover")
    page.locator("h1").first.hover(force=True)
    page.mouse.move(2, 2)
    expect(page.locator("#behind mark")).to_have_count(0)


def test_a_correction_holds_on_the_next_request_and_after_a_reload(open_page: Open, shoot: Shoot) -> None:
    page = open_page()
    page.fill("#text", RED)
    page.click("#correct")
    expect(page.locator("#corrected-0")).to_have_value("El coche rojo.")
    shoot(page, "correcting")
    page.fill("#corrected-0", "El auto rojo.")
    page.click("#correction button[type=submit]")
    expect(page.locator("#translation")).to_have_text("El auto rojo.")
    expect(page.locator("#origin")).to_be_visible()
    expect(page.locator("#told")).to_contain_text("From now on")
    shoot(page, "corrected")
    page.reload()
    expect(page.locator("#text")).to_have_value(RED)
    expect(page.locator("#translation")).to_have_text("El auto rojo.")
    expect(page.locator("#corrections .pair")).to_contain_text("El auto rojo.")


def test_a_sentence_of_a_longer_text_is_corrected_and_holds_elsewhere(
    open_page: Open, shoot: Shoot, memory: FakeMemory
) -> None:
    page = open_page()
    page.fill("#text", f"Good morning. {RED}\nBye.")
    page.click("#correct")
    fields = page.locator("#correction textarea")
    expect(fields).to_have_count(3)
    assert page.locator("#correction label").all_inner_texts() == ["Good morning.", RED, "Bye."]
    page.click("#correction button[type=submit]")
    expect(page.locator("#told")).to_contain_text("Nothing was changed")
    page.click("#correct")
    fields.nth(1).fill("El auto rojo.")
    shoot(page, "correcting-a-sentence")
    page.click("#correction button[type=submit]")
    expect(page.locator("#translation")).to_have_text("GOOD MORNING. El auto rojo.\nBYE.")
    assert [(entry.source, entry.target) for entry in memory.entries()] == [(RED, "El auto rojo.")]
    page.fill("#text", f"Yes. {RED}")
    expect(page.locator("#translation")).to_have_text("YES. El auto rojo.")


def test_another_translation_can_be_taken_as_the_correction(open_page: Open, memory: FakeMemory) -> None:
    page = open_page()
    page.fill("#text", RED)
    page.locator("#others button").nth(1).click()
    expect(page.locator("#corrected-0")).to_have_value("El coche rojo. (2)")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#translation")).to_have_text("El coche rojo. (2)")
    assert [entry.target for entry in memory.entries()] == ["El coche rojo. (2)"]


def changed(page: Page, path: str, change: Callable[[Any], object]) -> None:
    """Let ``change`` change what the server answers to ``path``."""

    def answer(route: Route) -> None:
        response = route.fetch()
        told = response.json()
        change(told)
        route.fulfill(response=response, json=told)

    page.route(path, answer)


def test_other_numbers_than_those_of_the_text_are_marked_at_their_sentence(open_page: Open, shoot: Shoot) -> None:
    def warn(told: Any) -> None:
        translation = told["translations"][0]
        sentences = translation["words"]["sentences"]
        for one in (translation, sentences[1] if len(sentences) > 1 else {}):
            one["warnings"] = ["numbers", "of another kind"]

    page = open_page()
    changed(page, "**/v1/translate", warn)
    page.fill("#text", "Good morning. It costs 20 euros.")
    expect(page.locator("#warning")).to_contain_text("The numbers differ from the text's: check them.")
    marked = page.locator("#translation .doubtful")
    expect(marked).to_have_count(1)
    expect(marked).to_have_attribute(
        "aria-label", re.compile(r"^EUROS\.?; .*; check the numbers of this sentence$|^\.; .*check the")
    )
    expect(page.locator("#translation")).to_have_text("GOOD MORNING. IT COSTS 20 EUROS.")
    assert violations(page) == []
    shoot(page, "other-numbers")
    page.unroute("**/v1/translate")
    page.fill("#text", RED)
    expect(page.locator("#translation")).to_have_text("El coche rojo.")
    expect(page.locator("#warning")).to_be_hidden()


def test_a_sentence_that_is_not_sure_says_what_to_do_with_it(open_page: Open, shoot: Shoot) -> None:
    confidences = [0.93, 0.62, 0.31]

    def judge(told: Any) -> None:
        translation = told["translations"][0]
        for sentence, confidence in zip(translation["words"]["sentences"], confidences, strict=True):
            sentence["confidence"] = confidence

    page = open_page()
    changed(page, "**/v1/translate", judge)
    page.fill("#text", "Good morning. Is it far? Halifax is here.")
    marked = page.locator("#translation [data-verdict]")
    expect(marked).to_have_count(2)
    assert [marked.nth(n).get_attribute("data-verdict") for n in range(2)] == ["check this", "don't use"]
    expect(marked.nth(0)).to_have_text("?")
    expect(marked.nth(0)).to_have_attribute("title", "sentence: check this, 62 % likely of use")
    expect(marked.nth(1)).to_have_attribute("aria-label", re.compile("sentence: don't use, 31 % likely of use$"))
    first = page.locator("#translation [data-number='0']")
    expect(first).to_have_attribute("aria-label", re.compile("sentence: sure, 93 % likely of use$"))
    first.hover()
    expect(page.locator("#pointed")).to_contain_text("sentence: sure, 93 %")
    expect(page.locator("#legend-sentences")).to_be_visible()
    expect(page.locator("#translation")).to_have_text("GOOD MORNING. IS IT FAR? HALIFAX IS HERE.")
    assert violations(page) == []
    shoot(page, "sure-sentences")
    page.unroute("**/v1/translate")
    page.fill("#text", RED)
    expect(page.locator("#translation")).to_have_text("El coche rojo.")
    expect(page.locator("#legend-sentences")).to_be_hidden()
    expect(page.locator("#translation [data-verdict]")).to_have_count(0)


def test_a_text_that_is_in_the_language_already_is_shown_as_it_is(open_page: Open) -> None:
    def leave(told: Any) -> None:
        told["src"] = "ar"
        told["translations"][0] |= {"origin": "source", "alternatives": []}

    page = open_page()
    page.select_option("#trg", "ar")
    changed(page, "**/v1/translate", leave)
    page.fill("#text", RED)
    expect(page.locator("#told")).to_have_text("This text is in Arabic already.")
    expect(page.locator("#correct")).to_be_hidden()
    expect(page.locator("#copy")).to_be_enabled()


def test_what_somebody_may_not_read_is_not_asked_for(open_page: Open, contract: Contract) -> None:
    page = open_page(
        prepare=lambda page: changed(
            page, "**/frontend/settings", lambda told: told.update(mayRead=False, apiKeys=False)
        )
    )
    expect(page.locator("nav >> text=Models")).to_be_hidden()
    expect(page.locator("nav >> text=New translator")).to_be_hidden()
    page.fill("#text", RED)
    expect(page.locator("#spoken")).to_have_text("El coche rojo.")
    assert contract.asked == []
    contract.refused["/models"] = (403, "only this machine may see the models; see --allow-origin")
    page.evaluate("location.hash = 'models'")
    expect(page.locator("#models")).to_contain_text("Only this machine may see the models; see --allow-origin.")
    expect(page.locator("#key-form")).to_be_hidden()


class TestSomebodyElse:
    @pytest.fixture
    def access(self) -> Access:
        return Access(None, is_local=False)

    def test_a_correction_of_somebody_without_the_role_is_a_suggestion(self, open_page: Open, shoot: Shoot) -> None:
        page = open_page()
        page.fill("#text", RED)
        page.click("#correct")
        page.fill("#corrected-0", "El auto rojo.")
        page.click("#correction button[type=submit]")
        expect(page.locator("#told")).to_contain_text("kept as a suggestion")
        expect(page.locator("#translation")).to_have_text("El coche rojo.")
        shoot(page, "suggested")


class TestWithKeys:
    @pytest.fixture
    def access(self) -> Access:
        return Access(FakeKeys(), is_local=False)

    def test_a_key_is_asked_for_and_forgotten_with_the_tab(self, open_page: Open, shoot: Shoot) -> None:
        page = open_page()
        page.fill("#text", RED)
        expect(page.locator("#told")).to_contain_text("This server asks for a key")
        shoot(page, "key")
        page.fill("#key", "wrong")
        page.keyboard.press("Enter")
        expect(page.locator("#key-told")).to_have_text("This key does not suffice.")
        expect(page.locator("#told")).to_contain_text("Invalid API key")
        page.fill("#key", "correct")
        page.keyboard.press("Enter")
        expect(page.locator("#translation")).to_have_text("El coche rojo.")
        expect(page.locator("#key-form")).to_be_hidden()
        page.reload()
        expect(page.locator("#translation")).to_have_text("El coche rojo.")
        assert open_page().evaluate("sessionStorage.getItem('dragoman-key')") is None


@pytest.mark.parametrize("by", ["choosing", "dropping"])
def test_a_file_comes_back_translated(open_page: Open, shoot: Shoot, tmp_path: Path, by: str) -> None:
    page = open_page()
    if by == "choosing":
        file = tmp_path / "letter.html"
        file.write_text("<p>The <b>red</b> car.</p>", encoding="utf-8")
        page.set_input_files("#file", file)
    else:
        page.evaluate(
            """() => {
                const files = new DataTransfer();
                files.items.add(new File(["<p>The <b>red</b> car.</p>"], "letter.html"));
                const drop = new DragEvent("drop", {dataTransfer: files, bubbles: true, cancelable: true});
                document.getElementById("text").dispatchEvent(drop);
            }"""
        )
    link = page.locator("#files a")
    expect(link).to_have_text("Save letter_es.html")
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "letter_es.html"
    assert "<p>El coche <b>rojo</b>.</p>" in Path(download.value.path()).read_text(encoding="utf-8")
    shoot(page, f"file-{by}")


def test_what_cannot_be_translated_is_said_in_words(open_page: Open, shoot: Shoot, tmp_path: Path) -> None:
    page = open_page()
    file = tmp_path / "picture.png"
    file.write_bytes(b"\x89PNG")
    page.set_input_files("#file", file)
    expect(page.locator("#files")).to_contain_text("picture.png cannot be translated: it must end in .txt, .html")
    page.fill("#text", "a " * 5_100)
    expect(page.locator("#told")).to_contain_text("10,000 characters")
    shoot(page, "too-long")


def test_the_history_stays_in_the_browser_and_can_be_cleared_and_switched_off(open_page: Open, shoot: Shoot) -> None:
    page = open_page()
    for text in (RED, "Who is there?"):
        page.fill("#text", text)
        expect(page.locator("#spoken")).to_contain_text("coche" if text == RED else "WHO")
    page.click("nav >> text=History")
    entries = page.locator("#past button")
    expect(entries).to_have_count(2)
    shoot(page, "history")
    entries.nth(1).click()
    expect(page.locator("#text")).to_have_value(RED)
    page.click("nav >> text=History")
    page.click("#forget")
    expect(page.locator("#past")).to_have_text("Nothing yet.")
    page.uncheck("#keeps")
    page.click("nav >> text=Translate")
    page.fill("#text", "Secret.")
    expect(page.locator("#spoken")).to_have_text("SECRET.")
    assert page.evaluate("localStorage.getItem('dragoman-history')") is None
