"""LibreTranslate's routes: a table of cases each, with form, JSON, list, and each error in the original's words."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest

from dragoman.server.access import Access
from dragoman.server.languages import meant
from dragoman.server.limits import Limits
from tests.server.conftest import Serve
from tests.server.fake_memory import FakeMemory

EN_ES = {"source": "en", "target": "es"}
GO = {"q": "Go now.", **EN_ES}

TRANSLATED: list[tuple[str, dict[str, Any], Any]] = [
    ("form", {"data": GO}, {"translatedText": "GO NOW."}),
    ("json", {"json": GO}, {"translatedText": "GO NOW."}),
    ("query", {"params": GO}, {"translatedText": "GO NOW."}),
    ("multipart", {"data": GO, "files": {"x": b""}}, {"translatedText": "GO NOW."}),
    ("list", {"json": {**GO, "q": ["Go.", "Who?"]}}, {"translatedText": ["GO.", "WHO?"]}),
    ("list of one", {"json": {**GO, "q": ["Go."]}}, {"translatedText": ["GO."]}),
    ("text twice in a form is the first", {"data": {**GO, "q": ["Go.", "Who?"]}}, {"translatedText": "GO."}),
    ("form with the line ends of a browser", {"data": {**GO, "q": "a\r\nb"}}, {"translatedText": "A\nB"}),
    ("format text", {"data": {**GO, "format": "text"}}, {"translatedText": "GO NOW."}),
    ("codes in capitals", {"json": {"q": "Go.", "source": "EN", "target": "Es"}}, {"translatedText": "GO."}),
    ("emoji stay as they are", {"data": {**GO, "q": "😀"}}, {"translatedText": "😀"}),
    ("emoji of a list", {"json": {**GO, "q": ["👩‍🔬 ❤️", "👍🏽"]}}, {"translatedText": ["👩‍🔬 ❤️", "👍🏽"]}),
    ("no format", {"json": {**GO, "format": None, "alternatives": None}}, {"translatedText": "GO NOW."}),
    ("own language", {"json": {"q": "Go.", "source": "es", "target": "es"}}, {"translatedText": "Go."}),
    (
        "alternatives",
        {"json": {**GO, "q": "go", "alternatives": 2}},
        {"translatedText": "GO", "alternatives": ["GO #1", "GO #2"]},
    ),
    (
        "alternatives of a list",
        {"json": {**GO, "q": ["go", "who"], "alternatives": "1"}},
        {"translatedText": ["GO", "WHO"], "alternatives": [["GO #1"], ["WHO #1"]]},
    ),
    ("alternatives below none", {"json": {**GO, "alternatives": -3}}, {"translatedText": "GO NOW."}),
    (
        "auto without letters",
        {"json": {"q": "123 !", "source": "auto", "target": "es"}},
        {"translatedText": "123 !", "detectedLanguage": {"confidence": 0.0, "language": "en"}},
    ),
]

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("no body", {}, "Invalid request: missing q parameter"),
    ("empty q", {"data": {**GO, "q": ""}}, "Invalid request: missing q parameter"),
    ("empty list", {"json": {**GO, "q": []}}, "Invalid request: missing q parameter"),
    ("no source", {"data": {"q": "a", "target": "es"}}, "Invalid request: missing source parameter"),
    ("no target", {"json": {"q": "a", "source": "en"}}, "Invalid request: missing target parameter"),
    ("a number", {"json": {**GO, "q": 5}}, "Invalid request: q must be a text or a list of texts"),
    ("a list with a number", {"json": {**GO, "q": ["a", 5]}}, "Invalid request: q must be a text or a list of texts"),
    ("source a list", {"json": {**GO, "source": ["en"]}}, "Invalid request: source must be a language code"),
    ("unknown source", {"data": {**GO, "source": "xx"}}, "xx is not supported"),
    ("unknown target", {"data": {**GO, "target": "xx"}}, "xx is not supported"),
    (
        "a direction that is not served",
        {"json": {"q": "a", "source": "es", "target": "en"}},
        "English (en) is not available as a target language from Spanish (es)",
    ),
    ("format", {"data": {**GO, "format": "pdf"}}, "pdf format is not supported"),
    (
        "alternatives no number",
        {"data": {**GO, "alternatives": "some"}},
        "Invalid request: alternatives parameter is not a number",
    ),
    ("alternatives yes", {"json": {**GO, "alternatives": True}}, "alternatives parameter is not a number"),
    ("alternatives two and a half", {"json": {**GO, "alternatives": 2.5}}, "alternatives parameter is not a number"),
    ("alternatives empty", {"data": {**GO, "alternatives": ""}}, "alternatives parameter is not a number"),
    ("too many alternatives", {"json": {**GO, "alternatives": 11}}, "alternatives parameter must be <= 10"),
    ("too long", {"json": {**GO, "q": "a" * 101}}, "Invalid request: request (101) exceeds text limit (100)"),
    ("too many", {"json": {**GO, "q": ["a"] * 6}}, "Invalid request: request (6) exceeds text limit (5)"),
    ("JSON that is none", {"content": "{", "headers": {"content-type": "application/json"}}, "the body is not JSON"),
    ("JSON that is no object", {"json": [GO]}, "Invalid JSON format"),
    ("another content type", {"content": "q=a", "headers": {"content-type": "text/plain"}}, "missing q parameter"),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "expected"), [case[1:] for case in TRANSLATED], ids=[c[0] for c in TRANSLATED])
def test_translate(serve: Serve, request_: dict[str, Any], expected: Any) -> None:
    response = serve().post("/translate", **request_)
    assert (response.status_code, response.json()) == (200, expected)


@pytest.mark.parametrize(("request_", "words"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_translate_refuses(serve: Serve, request_: dict[str, Any], words: str) -> None:
    response = serve(limits=Limits(characters=100, n_texts=5)).post("/translate", **request_)
    assert response.status_code == 400
    assert list(response.json()) == ["error"]
    assert words in response.json()["error"]


def test_translate_tells_the_language_that_it_found(serve: Serve) -> None:
    english = "Where is the railway station of this town?"
    one = serve().post("/translate", data={"q": english, "source": "auto", "target": "es"}).json()
    two = serve().post("/translate", json={"q": [english, english], "source": "auto", "target": "es"}).json()
    assert one["translatedText"] == english.upper()
    assert one["detectedLanguage"]["language"] == "en"
    assert 50 <= one["detectedLanguage"]["confidence"] <= 100
    assert two["detectedLanguage"] == [one["detectedLanguage"]] * 2


def test_html_keeps_its_tags(serve: Serve) -> None:
    html = '<p class="x">Go <b>now</b>.</p><script>let a = 1</script>'
    response = serve().post("/translate", json={"q": [html], **EN_ES, "format": "html"})
    assert response.status_code == 200
    (text,) = response.json()["translatedText"]
    assert text.startswith('<p class="x">')
    assert text.endswith("</p><script>let a = 1</script>")
    assert "NOW" in text


@pytest.mark.parametrize(
    "body", [{"data": {"q": "¿Dónde está la casa de mi hermano?"}}, {"json": {"q": "¿Dónde está la casa?"}}]
)
def test_detect_tells_the_likeliest_language_first(serve: Serve, body: dict[str, Any]) -> None:
    found = serve().post("/detect", **body).json()
    assert found[0]["language"] == "es"
    assert all(0 <= one["confidence"] <= 100 and one["language"] in ("en", "es") for one in found)


def test_detect_without_a_text_and_by_get(serve: Serve) -> None:
    client = serve()
    response = client.post("/detect")
    assert (response.status_code, response.json()) == (400, {"error": "Invalid request: missing q parameter"})
    assert client.get("/detect").status_code == 405
    assert client.post("/detect", data={"q": "123"}).json() == [{"confidence": 0.0, "language": "en"}]


def test_languages_have_names_and_targets(serve: Serve) -> None:
    assert serve().get("/languages").json() == [
        {"code": "en", "name": "English", "targets": ["en", "es"]},
        {"code": "es", "name": "Spanish", "targets": ["es"]},
    ]


@pytest.mark.parametrize(
    ("code", "served", "expected"),
    [
        ("PT-br", ["en", "pt-BR"], "pt-BR"),
        ("pb", ["en", "pt-BR"], "pt-BR"),
        ("zh", ["zh-Hans"], "zh-Hans"),
        ("zh-Hans", ["zh"], "zh"),
        ("zt", ["zh", "zh-Hant"], "zh-Hant"),
        ("pt", ["pt-BR"], "pt-BR"),
        ("en-US", ["en", "es"], "en"),
        ("es-ES", ["en", "es"], "es"),
        ("es_MX", ["en", "es"], "es"),
        ("spa", ["en", "es"], "es"),
        ("eng", ["en", "es"], "en"),
        ("zh-TW", ["zh"], "zh"),
        ("zh-TW", ["zh-Hans", "zh-Hant"], "zh-Hant"),
        ("cmn", ["zh"], "zh"),
        ("nb", ["no", "da"], "no"),
        ("ca", ["es", "fr"], "ca"),
        ("de", ["gsw", "nl"], "de"),
        ("ZZ", ["en"], "zz"),
        ("en-", ["en"], "en-"),
        ("", ["en"], ""),
    ],
)
def test_a_language_is_known_by_the_codes_of_the_original(code: str, served: list[str], expected: str) -> None:
    assert meant(code, served) == expected


def test_settings_health_and_spec(serve: Serve) -> None:
    client = serve()
    settings = client.get("/frontend/settings").json()
    assert settings["language"] == {
        "source": {"code": "auto", "name": "Auto Detect"},
        "target": {"code": "es", "name": "Spanish"},
    }
    assert (settings["apiKeys"], settings["suggestions"], settings["filesTranslation"]) == (False, False, True)
    assert {".txt", ".html"} <= set(settings["supportedFilesFormat"])
    assert client.get("/health").json() == {"status": "ok"}
    assert "/translate" in client.get("/spec").json()["paths"]
    assert client.post("/spec").status_code == 405


SUGGESTION = {"q": "Go.", "s": "Vete.", **EN_ES}


@pytest.mark.parametrize("form", ["data", "json"])
def test_a_suggestion_from_this_machine_holds_at_once(serve: Serve, form: str) -> None:
    client = serve(FakeMemory())
    assert client.post("/suggest", **{form: SUGGESTION}).json() == {"success": True}  # type: ignore[arg-type]
    assert client.post("/translate", data={"q": "Go.", **EN_ES}).json() == {"translatedText": "Vete."}


def test_a_suggestion_from_elsewhere_changes_nothing_until_approved(serve: Serve) -> None:
    client = serve(FakeMemory(), Access(None, is_local=False))
    assert client.post("/suggest", data=SUGGESTION).json() == {"success": True}
    assert client.post("/translate", data={"q": "Go.", **EN_ES}).json() == {"translatedText": "GO."}


@pytest.mark.parametrize("missing", ["q", "s", "source", "target"])
def test_a_suggestion_with_a_field_missing(serve: Serve, missing: str) -> None:
    fields = {name: value for name, value in SUGGESTION.items() if name != missing}
    response = serve(FakeMemory()).post("/suggest", data=fields)
    assert (response.status_code, response.json()) == (400, {"error": f"Invalid request: missing {missing} parameter"})


def test_suggestions_without_a_memory(serve: Serve) -> None:
    response = serve().post("/suggest", data=SUGGESTION)
    assert (response.status_code, response.json()) == (403, {"error": "Suggestions are disabled on this server."})


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("letter.txt", b"Go.\nWho?", b"GO.\nWHO?"),
        ("page.HTML", b"<p>Go.</p>", b"<p>GO.</p>"),
        ("../../etc/passwd.txt", b"Go.", b"GO."),
    ],
)
def test_a_file_is_translated_and_fetched(serve: Serve, name: str, data: bytes, expected: bytes) -> None:
    client = serve()
    response = client.post("/translate_file", data=EN_ES, files={"file": (name, data)})
    assert response.status_code == 200, response.text
    url = response.json()["translatedFileUrl"]
    assert url.startswith("http://127.0.0.1:8765/download_file/")
    fetched = client.get(url)
    assert fetched.content == expected
    shown = fetched.headers["content-disposition"]
    assert "_es." in shown
    assert "/" not in shown


def test_a_file_whose_language_is_to_be_found(serve: Serve) -> None:
    data = b"Where is the railway station of this town?"
    response = serve().post("/translate_file", data={"source": "auto", "target": "es"}, files={"file": ("a.txt", data)})
    assert response.status_code == 200


FILE = {"file": ("a.txt", b"Go.")}


@pytest.mark.parametrize(
    ("fields", "files", "words"),
    [
        (EN_ES, None, "Invalid request: missing file parameter"),
        ({"target": "es"}, FILE, "Invalid request: missing source parameter"),
        ({"source": "en"}, FILE, "Invalid request: missing target parameter"),
        ({"source": "xx", "target": "es"}, FILE, "xx is not supported"),
        ({"source": "en", "target": "xx"}, FILE, "xx is not supported"),
        (EN_ES, {"file": ("a.exe", b"Go.")}, "Invalid request: file format not supported"),
        (EN_ES, {"file": ("a", b"Go.")}, "Invalid request: file format not supported"),
    ],
)
def test_translate_file_refuses(serve: Serve, fields: dict[str, str], files: Any, words: str) -> None:
    response = serve().post("/translate_file", data=fields, files=files)
    assert (response.status_code, response.json()) == (400, {"error": words})


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("none.txt", 404, "there is no such file, or no longer; translate it again"),
        ("%00", 404, "there is no such file, or no longer; translate it again"),
        ("..%2f..%2fetc%2fpasswd", 404, "Not Found"),
        ("%2e%2e%2fetc%2fpasswd", 404, "Not Found"),
        ("%2e%2e", 400, "Invalid filename"),
        ("a\\..\\b", 400, "Invalid filename"),
    ],
)
def test_no_other_file_can_be_fetched(serve: Serve, name: str, status: int, words: str) -> None:
    response = serve().get(f"/download_file/{name}")
    assert (response.status_code, response.json()) == (status, {"error": words})


def test_a_file_for_which_there_is_no_room_and_one_that_has_gone(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    client = serve()
    name = client.post("/translate_file", data=EN_ES, files=FILE).json()["translatedFileUrl"].rpartition("/")[2]
    folders = [folder for folder in Path(gettempdir()).glob("dragoman-*") if (folder / name[:32]).exists()]
    assert len(folders) == 1
    shutil.rmtree(folders[0])
    assert client.get(f"/download_file/{name}").status_code == 404
    url = client.post("/translate_file", data=EN_ES, files=FILE).json()["translatedFileUrl"]
    assert client.get(url).content == b"GO."

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    response = client.post("/translate_file", data=EN_ES, files=FILE)
    assert (response.status_code, "No space left" in response.json()["error"]) == (503, True)


@pytest.mark.parametrize("path", ["/", "/health", "/healthz", "/languages", "/frontend/settings", "/spec"])
def test_a_head_may_be_asked_for_alone(serve: Serve, path: str) -> None:
    assert serve().head(path).status_code == 200


def test_an_address_with_a_slash_behind_it_does_no_harm(serve: Serve) -> None:
    response = serve().post("http://127.0.0.1:8765//translate", data=GO)
    assert response.json() == {"translatedText": "GO NOW."}


def test_every_answer_has_the_headers_of_the_original(serve: Serve) -> None:
    response = serve().get("/health")
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-allow-methods"] == "GET, POST"
