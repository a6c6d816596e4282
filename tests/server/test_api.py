"""Dragoman's own routes: what is told of a translation, sentence by sentence, and corrections by role."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dragoman import Translator
from dragoman.server.access import Access
from dragoman.server.limits import Limits
from tests.fakes import FakeEngine
from tests.server.conftest import Serve
from tests.server.fake_memory import FakeMemory

EN_ES = {"src": "en", "trg": "es"}
CORRECTION = {**EN_ES, "source": "Go.", "target": "Vete.", "context": "to a dog"}


def events(text: str) -> list[tuple[str, Any]]:
    """The events of a stream: names, and data."""
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_a_translation_with_score_alternatives_and_origin(serve: Serve) -> None:
    response = serve().post("/v1/translate", json={"text": "go now", **EN_ES, "alternatives": 2})
    assert response.status_code == 200
    told = response.json()["translations"][0]
    assert (told["text"], told["score"], told["origin"]) == ("GO NOW", -1.0, "model")
    assert told["alternatives"] == [{"text": "GO NOW #1", "score": -2.0}, {"text": "GO NOW #2", "score": -3.0}]
    assert "sentences" not in told


def test_tokens_with_attention_and_scores(serve: Serve) -> None:
    body = {"text": ["Go now.", "Who?"], **EN_ES, "tokens": True}
    first = serve().post("/v1/translate", json=body).json()["translations"][0]["sentences"][0]
    assert (first["src_tokens"], first["trg_tokens"]) == (["Go", "now."], ["GO", "NOW."])
    assert len(first["token_scores"]) == 2
    assert [sum(row) for row in first["attention"]] == pytest.approx([1.0, 1.0])


def test_the_words_of_both_sides(serve: Serve) -> None:
    body = {"text": " Go  now", **EN_ES, "words": True}
    told = serve().post("/v1/translate", json=body).json()["translations"][0]
    assert "sentences" not in told
    words = told["words"]
    assert words["src"] == [{"before": " ", "text": "Go"}, {"before": "  ", "text": "now"}]
    assert [(one["before"], one["text"]) for one in words["trg"]] == [(" ", "GO"), (" ", "NOW")]
    assert [one["confidence"] for one in words["trg"]] == [0.3679, 0.3679]
    attention = [[0.5, 0.5], [0.5, 0.5]]
    assert words["sentences"] == [
        {"src": [0, 2], "trg": [0, 2], "attention": attention, "warnings": [], "confidence": None}
    ]


def test_other_numbers_than_those_of_the_text_are_told(serve: Serve, translator: Translator) -> None:
    seven = tuple(translator.trg_vocabulary.encode("SEVEN DOGS"))
    translator.engine = FakeEngine(lambda src, options: [seven])
    body = {"text": "7 dogs", **EN_ES, "tokens": True, "words": True}
    told = serve().post("/v1/translate", json=body).json()["translations"][0]
    assert told["warnings"] == ["numbers"]
    assert told["sentences"][0]["warnings"] == told["words"]["sentences"][0]["warnings"] == ["numbers"]
    sentence, _ = events(serve().post("/v1/translate/stream", json={"text": "7 dogs", **EN_ES}).text)
    assert sentence[1]["warnings"] == ["numbers"]


def test_how_sure_each_sentence_is(serve: Serve, translator: Translator) -> None:
    translator.confidence = lambda evidence: 0.9 if evidence.src == "Go now." else 0.25
    body = {"text": "Go now. Who is it?", **EN_ES, "tokens": True, "words": True}
    client = serve()
    told = client.post("/v1/translate", json=body).json()["translations"][0]
    assert told["confidence"] == 0.25
    assert [one["confidence"] for one in told["sentences"]] == [0.9, 0.25]
    assert [one["confidence"] for one in told["words"]["sentences"]] == [0.9, 0.25]
    first, second, _ = events(client.post("/v1/translate/stream", json={"text": body["text"], **EN_ES}).text)
    assert (first[1]["confidence"], second[1]["confidence"]) == (0.9, 0.25)


def test_what_the_memory_knows_is_said_to_be_from_it(serve: Serve) -> None:
    client = serve(FakeMemory())
    assert client.post("/v1/corrections", json=CORRECTION).status_code == 201
    body = {"text": ["Go.", "Who?"], **EN_ES}
    told = client.post("/v1/translate", json=body).json()["translations"]
    assert [(one["text"], one["origin"]) for one in told] == [("Vete.", "memory"), ("WHO?", "model")]


def test_the_source_may_be_found(serve: Serve) -> None:
    body = {"text": "Where is the station?", "trg": "es"}
    assert serve().post("/v1/translate", json=body).json()["src"] == "en"


def test_a_stream_has_a_sentence_an_event_and_ends_with_the_whole(serve: Serve) -> None:
    text = "Go now.  Who is it?\n\nIt is me."
    response = serve().post("/v1/translate/stream", json={"text": text, **EN_ES})
    assert response.headers["content-type"].startswith("text/event-stream")
    *sentences, done = events(response.text)
    assert [(name, one["src"], one["text"]) for name, one in sentences] == [
        ("sentence", "Go now.", "GO NOW."),
        ("sentence", "Who is it?", "WHO IS IT?"),
        ("sentence", "It is me.", "IT IS ME."),
    ]
    assert done == ("done", {**EN_ES, "detected": None, "text": text.upper()})


def test_a_stream_of_a_text_that_the_memory_knows_is_one_event(serve: Serve) -> None:
    client = serve(FakeMemory())
    client.post("/v1/corrections", json={**CORRECTION, "source": "Go. Now.", "target": "Vete ya."})
    *sentences, done = events(client.post("/v1/translate/stream", json={"text": "Go. Now.", **EN_ES}).text)
    assert [one["text"] for _, one in sentences] == ["Vete ya."]
    assert done[1]["text"] == "Vete ya."


def test_a_stream_tells_of_a_mistake_of_ours(serve: Serve, translator: Translator) -> None:
    def fail(*_: object) -> list[tuple[int, ...]]:
        raise ValueError("squeamish")

    assert isinstance(translator.engine, FakeEngine)
    translator.engine.answer = fail
    ((name, told),) = events(serve().post("/v1/translate/stream", json={"text": "Go.", **EN_ES}).text)
    assert (name, "mistake" in told["error"], "squeamish" in told["error"]) == ("error", True, False)


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"text": "a", "src": "es", "trg": "en"}, 404, "served are en-es, not es-en"),
        ({"text": "a", "trg": "xx"}, 422, "nothing is translated to 'xx' here"),
        ({"text": "a"}, 422, "trg: field required"),
        ({"text": 5, **EN_ES}, 422, "text"),
        ({"text": "a", **EN_ES, "alternatives": 99}, 422, "alternatives"),
        ({"text": "a", **EN_ES, "alternatives": "2"}, 422, "alternatives"),
        ({"text": "a", **EN_ES, "words": 0}, 422, "words"),
        ({"text": "a", **EN_ES, "beam": 4}, 422, "beam: extra inputs are not permitted"),
        ({"text": "a" * 101, **EN_ES}, 413, "a text may have 100 characters, not 101"),
        ({"text": ["a"] * 6, **EN_ES}, 422, "a request may have 5 texts, not 6"),
        ([], 422, "body"),
    ],
)
def test_translate_refuses(serve: Serve, body: Any, status: int, words: str) -> None:
    response = serve(limits=Limits(characters=100, n_texts=5)).post("/v1/translate", json=body)
    assert response.status_code == status
    assert words in response.json()["error"]


def test_the_life_of_a_correction(serve: Serve) -> None:
    client = serve(FakeMemory())

    def translated() -> Any:
        return client.post("/translate", data={"q": "Go.", "source": "en", "target": "es"}).json()["translatedText"]

    added = client.post("/v1/corrections", json=CORRECTION).json()
    assert added["state"] == "approved"
    assert (added["source"], added["target"], added["context"]) == ("Go.", "Vete.", "to a dog")
    number = added["id"]
    assert translated() == "Vete."
    assert client.patch(f"/v1/corrections/{number}", json={"target": "Ve."}).json()["target"] == "Ve."
    assert translated() == "Ve."
    assert client.post(f"/v1/corrections/{number}/withdraw").json()["state"] == "withdrawn"
    assert translated() == "GO."
    assert client.post(f"/v1/corrections/{number}/approve").json()["state"] == "approved"
    assert translated() == "Ve."


def test_corrections_are_listed_page_by_page(serve: Serve) -> None:
    client = serve(FakeMemory())
    for i in range(5):
        client.post("/v1/corrections", json={**CORRECTION, "source": f"s{i}"})
    first = client.get("/v1/corrections", params={"limit": 2}).json()["corrections"]
    rest = client.get("/v1/corrections", params={"after": first[-1]["id"], "state": "approved"}).json()["corrections"]
    assert [one["source"] for one in first + rest] == [f"s{i}" for i in range(5)]


def test_near_matches_are_suggestions_only(serve: Serve) -> None:
    client = serve(FakeMemory())
    client.post("/v1/corrections", json={**CORRECTION, "source": "Where is it?", "target": "¿Dónde está?"})
    near = client.post("/v1/near", json={"text": "Where is he?", **EN_ES}).json()["near"]
    assert [(one["source"], one["likeness"]) for one in near] == [("Where is it?", 0.9)]
    body = {"text": "Where is he?", **EN_ES}
    assert client.post("/v1/translate", json=body).json()["translations"][0]["origin"] == "model"


def test_callers_from_elsewhere_may_suggest_and_change_nothing(serve: Serve) -> None:
    client = serve(FakeMemory(), Access(None, is_local=False))
    added = client.post("/v1/corrections", json=CORRECTION).json()
    assert added["state"] == "pending"
    number = added["id"]
    refused = [
        client.get("/v1/corrections"),
        client.patch(f"/v1/corrections/{number}", json={"target": "x"}),
        client.post(f"/v1/corrections/{number}/approve"),
        client.post(f"/v1/corrections/{number}/withdraw"),
    ]
    assert [response.status_code for response in refused] == [403] * 4
    assert "role correct" in refused[0].json()["error"]


@pytest.mark.parametrize(
    ("number", "status"), [("99", 404), ("0", 422), ("x", 422), (str(2**70), 422)], ids=["unknown", "0", "x", "huge"]
)
def test_a_correction_that_is_not_there(serve: Serve, number: str, status: int) -> None:
    response = serve(FakeMemory()).post(f"/v1/corrections/{number}/approve")
    assert response.status_code == status
    assert list(response.json()) == ["error"]


def test_corrections_need_a_memory_and_a_direction(serve: Serve) -> None:
    without = serve().post("/v1/corrections", json=CORRECTION)
    assert (without.status_code, "no memory" in without.json()["error"]) == (503, True)
    other = serve(FakeMemory()).post("/v1/corrections", json={**CORRECTION, "trg": "fr"})
    assert other.status_code == 404
