"""Which language a text is taken to be in, on every road, and which is meant by a code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pytest
from starlette.testclient import TestClient

from dragoman import SearchConfig
from dragoman.server.access import Access
from dragoman.server.app import application
from dragoman.service import Served, Service
from tests.fakes import FakeEngine, Ids, WordVocabulary, translator_of
from tests.server.fake_memory import FakeMemory
from tests.server.test_api import events

Road = Callable[[TestClient, str, str], tuple[int, str, str]]
"""Sends a text into a language, and returns the status, the language that was found, and the translation."""

STATION = "¿Dónde está la estación de tren?"
ONE, BOTH = [("en", "es")], [("en", "es"), ("es", "en")]
SURE_AND_UNSURE = [
    # what is surely in the target's language stays as it is
    (BOTH, STATION, "es", "es"),
    (ONE, STATION, "es", "es"),
    (BOTH, "Gracias", "es", "es"),
    (BOTH, "Tom no está.", "es", "es"),
    (BOTH, "No lo sé.", "es", "es"),
    (BOTH, "Where is the station?", "en", "en"),
    (BOTH, "I love you.", "en", "en"),
    (ONE, "Where is the station?", "en", "en"),
    # what is surely in a language that is translated
    (BOTH, STATION, "en", "es"),
    (BOTH, "Where is the station?", "es", "en"),
    (ONE, "Good morning!", "es", "en"),
    # of what nothing is sure
    (ONE, "Hello", "es", "en"),
    (ONE, "No", "es", "en"),
    (ONE, "Hotel", "es", "en"),
    (ONE, "Taxi", "es", "en"),
    (ONE, "Hola", "es", "en"),
    (BOTH, "Hello", "en", "es"),
    (BOTH, "Barcelona", "es", "en"),
    (ONE, "Merci", "es", "en"),
    (ONE, "Müller", "es", "en"),
    (ONE, "Kraków", "es", "en"),
    (ONE, "Akira Tanaka", "es", "en"),
    ([("es", "fr"), ("en", "fr")], "Hola", "fr", "es"),
    ([("es", "fr"), ("en", "fr")], "Good", "fr", "en"),
    # where the library does not know a language that could be meant, nothing is sure
    ([("gsw", "de")], "Wo ist der Bahnhof?", "de", "gsw"),
    ([("gsw", "de")], "駅はどこですか。", "de", "gsw"),
]
NOT_SERVED = [
    (ONE, "Je ne sais pas.", "es", "French (fr)"),
    (BOTH, "Ich weiß es nicht.", "en", "German (de)"),
    (BOTH, "駅はどこですか。", "es", "Japanese (ja)"),
    (ONE, "안녕", "es", "Korean (ko)"),
    (ONE, "Onde está o meu livro?", "es", "Portuguese (pt)"),
    ([("en", "es"), ("fr", "en")], "Je ne sais pas.", "es", "French (fr)"),
]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Sequence[tuple[str, str]]], TestClient]]:
    """Return a client of a server of these directions; a translation is its source in capitals."""
    with ExitStack() as stack:

        def started(directions: Sequence[tuple[str, str]]) -> TestClient:
            served = []
            for src, trg in directions:
                vocabulary = WordVocabulary()

                def answer(ids: Ids, options: SearchConfig, vocabulary: WordVocabulary = vocabulary) -> list[Ids]:
                    return [tuple(vocabulary.symbol(word.upper()) for word in vocabulary.tokens(ids))] * options.n_best

                made = translator_of(FakeEngine(answer), monkeypatch, vocabulary, src=src, trg=trg)
                served.append(Served(made))
            app = application(Service(served, FakeMemory()), Access(None, is_local=True))
            return stack.enter_context(TestClient(app, base_url="http://127.0.0.1:8765"))

        yield started


def libre(client: TestClient, text: str, trg: str) -> tuple[int, str, str]:
    told = client.post("/translate", json={"q": text, "source": "auto", "target": trg})
    if told.status_code != 200:
        return told.status_code, told.json()["error"], ""
    return 200, told.json()["detectedLanguage"]["language"], told.json()["translatedText"]


def libre_html(client: TestClient, text: str, trg: str) -> tuple[int, str, str]:
    page = f'<div class="where is the station"><p title="this is the text">{text}</p></div>'
    asked = {"q": [page], "source": "auto", "target": trg, "format": "html"}
    told = client.post("/translate", json=asked)
    if told.status_code != 200:
        return told.status_code, told.json()["error"], ""
    (translated,) = told.json()["translatedText"]
    return 200, told.json()["detectedLanguage"][0]["language"], translated.partition('text">')[2].partition("</p>")[0]


def ours(client: TestClient, text: str, trg: str) -> tuple[int, str, str]:
    told = client.post("/v1/translate", json={"text": text, "trg": trg, "words": True})
    if told.status_code != 200:
        return told.status_code, told.json()["error"], ""
    (translation,) = told.json()["translations"]
    assert told.json()["detected"]["language"] == told.json()["src"]
    assert (translation["origin"] == "source") == (told.json()["src"] == trg)
    words = translation["words"]["trg"]
    assert "".join(word["before"] + word["text"] for word in words) == translation["text"]
    return 200, told.json()["src"], translation["text"]


def ours_html(client: TestClient, text: str, trg: str) -> tuple[int, str, str]:
    page = f'<p class="this is the class of the text">{text}</p>'
    told = client.post("/v1/translate", json={"text": page, "trg": trg, "format": "html"})
    if told.status_code != 200:
        return told.status_code, told.json()["error"], ""
    return 200, told.json()["src"], told.json()["translations"][0]["text"].partition(">")[2].removesuffix("</p>")


def stream(client: TestClient, text: str, trg: str) -> tuple[int, str, str]:
    told = client.post("/v1/translate/stream", json={"text": text, "trg": trg})
    if told.status_code != 200:
        return told.status_code, told.json()["error"], ""
    name, done = events(told.text)[-1]
    assert name == "done"
    return 200, done["detected"]["language"], done["text"]


def file(client: TestClient, text: str, trg: str) -> tuple[int, str, str]:
    fields = {"source": "auto", "target": trg}
    page = f"<html><head><style>body {{ width: the whole of it }}</style></head><p>{text}</p></html>"
    told = client.post("/translate_file", data=fields, files={"file": ("a.html", page.encode())})
    if told.status_code != 200:
        return told.status_code, told.json()["error"], ""
    fetched = client.get(told.json()["translatedFileUrl"]).text
    return 200, "", fetched.partition("<p>")[2].partition("</p>")[0]


ROADS: dict[Road, int] = {libre: 400, libre_html: 400, file: 400, ours: 422, ours_html: 422, stream: 422}
"""All of them, each with the status of a language that is not served."""


@pytest.mark.parametrize(("directions", "text", "trg", "language"), SURE_AND_UNSURE)
def test_the_language_that_a_text_is_taken_to_be_in(
    serve: Callable[..., TestClient], directions: Any, text: str, trg: str, language: str
) -> None:
    client = serve(directions)
    expected = text if language == trg else text.upper()
    for road in ROADS:
        status, found, translated = road(client, text, trg)
        assert (status, found or language, translated) == (200, language, expected), road


@pytest.mark.parametrize(("directions", "text", "trg", "language"), NOT_SERVED)
def test_a_language_that_is_not_served_is_said(
    serve: Callable[..., TestClient], directions: Any, text: str, trg: str, language: str
) -> None:
    client = serve(directions)
    for road, status in ROADS.items():
        told = road(client, text, trg)
        assert (told[0], language in told[1]) == (status, True), (road, told)


def test_where_nothing_leads_to_the_language_the_text_may_be_in_it_already(
    serve: Callable[..., TestClient],
) -> None:
    refused = libre(serve(ONE), "Hola", "en")
    assert refused == (400, "English (en) is not available as a target language from Spanish (es)", "")
    assert libre(serve(ONE), "a", "xx") == (400, "xx is not supported", "")
    assert ours(serve(ONE), "a", "xx")[0] == 422


def test_detect_puts_a_language_that_is_not_served_first(serve: Callable[..., TestClient]) -> None:
    found = serve(BOTH).post("/detect", json={"q": "Je ne sais pas."}).json()
    assert [one["language"] for one in found[:1]] == ["fr"]
    assert {one["language"] for one in found[1:]} == {"en", "es"}


@pytest.mark.parametrize(("src", "trg"), [("en-US", "es-ES"), ("eng", "spa"), ("EN", "es_MX")])
def test_a_code_means_the_nearest_that_is_served_and_the_answer_says_which(
    serve: Callable[..., TestClient], src: str, trg: str
) -> None:
    client = serve(ONE)
    told = client.post("/v1/translate", json={"text": "Go.", "src": src, "trg": trg}).json()
    assert (told["src"], told["trg"], told["translations"][0]["text"]) == ("en", "es", "GO.")
    assert "detected" in told
    assert told["detected"] is None
    answer = client.post("/translate", json={"q": "Go.", "source": src, "target": trg})
    assert (answer.json(), answer.headers["content-language"]) == ({"translatedText": "GO."}, "es")
    kept = client.post("/v1/corrections", json={"src": src, "trg": trg, "source": "Go.", "target": "Ve."}).json()
    assert (kept["src"], kept["trg"]) == ("en", "es")
    assert client.get("/v1/corrections", params={"src": src, "trg": trg}).json()["corrections"] == [kept]
    near = client.post("/v1/near", json={"text": "Go.", "src": src, "trg": trg}).json()["near"]
    assert [one["target"] for one in near] == ["Ve."]
