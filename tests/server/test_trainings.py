"""New translators from files that are sent: what a page asks, from the file to the translation."""

from __future__ import annotations

import json
import shutil
import threading
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.core.result import Ok
from starlette.testclient import TestClient

from dragoman.jobs import Jobs
from dragoman.server.access import Access
from dragoman.server.app import application
from dragoman.server.gate import Gate
from dragoman.server.limits import Limits
from dragoman.server.running import Server
from dragoman.service import Service, load
from tests.server.test_access import FakeKeys
from tests.server.workshop import PROGRAM, OpenServer, client_of, ended, sent, until, without_scores

PAIRS = "".join(f"I have {n} dogs.\tTengo {n} perros.\n" for n in range(40)).encode()
TRAINING = {"model": "dogs-2", "src": "en", "trg": "es", "minutes": 2}


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


def events(text: str) -> list[Any]:
    return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]


def test_from_a_file_to_a_translation(open_server: OpenServer, bundle_path: Path, tmp_path: Path) -> None:
    client = open_server(str(without_scores(bundle_path, tmp_path / "trained")))
    assert client.get("/v1/models").json() == {"models": []}
    assert client.get("/languages").json() == []
    assert client.get("/frontend/settings").status_code == client.get("/readyz").status_code == 200
    asked = {"text": "Go.", "src": "en", "trg": "es"}
    assert client.post("/v1/translate", json=asked).json() == {"error": "no translator is served yet; train one first"}
    started = client.post("/v1/trainings", json={**TRAINING, "corpus": sent(client)})
    assert started.status_code == 202
    job = started.json()["job"]
    assert started.json() | {"started": ""} == {
        "job": job, "kind": "train", "model": "dogs-2", "state": "running", "stopping": False, "error": None,
        "can_resume": False, "started": "", "step": 0, "n_steps": 0, "seconds_left": None, "dev_chrf": None,
        "dev_bleu": None, "samples": [], "history": [],
    }  # fmt: skip
    done = ended(client, job)
    assert (done["state"], done["step"], done["dev_chrf"]) == ("done", 20, 50.0)
    assert done["samples"] == [{"src": "Go.", "ref": "Ve.", "hyp": "Va."}]
    served = until(client, "/v1/models", lambda told: bool(told["models"]))["models"]
    assert [(one["model"], one["job"]["state"]) for one in served] == [("dogs-2", "done")]
    assert client.post("/v1/translate", json=asked).json()["translations"][0]["origin"] == "model"
    assert client.post("/v1/translate", json={**asked, "src": "auto"}).json()["src"] == "en"
    assert 'dragoman_queue_requests{direction="en-es"} 0.0' in client.get("/metrics").text
    assert client.get("/v1/jobs").json() == {"jobs": [done]}


def test_a_job_is_watched_stopped_and_gone_on_with(open_server: OpenServer) -> None:
    client = open_server("waits")
    job = client.post("/v1/trainings", json={**TRAINING, "corpus": sent(client)}).json()["job"]
    second = client.post("/v1/trainings", json={**TRAINING, "model": "other", "corpus": sent(client)})
    assert (second.status_code, "is running" in second.json()["error"]) == (409, True)
    until(client, f"/v1/jobs/{job}", lambda told: told["step"] == 10)
    assert client.post(f"/v1/jobs/{job}/stop").json()["state"] in ("running", "stopped")
    assert ended(client, job)["state"] == "stopped"
    resumed = client.post(f"/v1/jobs/{job}/resume")
    assert (resumed.status_code, resumed.json()["job"]) == (200, job)
    with client.stream("GET", f"/v1/jobs/{job}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        told = events(stream.read().decode())
    assert [one["event"] for one in told if one["event"] not in ("planned", "progress", "samples", "validated")] == [
        "started", "stopping", "stopped", "started", "done", "ended",
    ]  # fmt: skip
    assert told[-1]["job"] == client.get(f"/v1/jobs/{job}").json()


def test_a_stream_that_broke_off_goes_on_behind_what_was_seen(open_server: OpenServer) -> None:
    client = open_server()
    job = client.post("/v1/trainings", json={**TRAINING, "corpus": sent(client)}).json()["job"]
    ended(client, job)
    whole = client.get(f"/v1/jobs/{job}/events").text
    last = next(line.removeprefix("id: ") for line in reversed(whole.splitlines()) if line.startswith("id: "))
    rest = client.get(f"/v1/jobs/{job}/events", headers={"Last-Event-ID": last})
    assert [one["event"] for one in events(rest.text)] == ["ended"]
    assert client.get(f"/v1/jobs/{job}/events", headers={"Last-Event-ID": "none"}).text == whole


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"model": "../x"}, 422, "a model is named with letters, digits"),
        ({"model": ".hidden"}, 422, "the first no dot"),
        ({"model": "-o"}, 422, "the first no dot or hyphen"),
        ({"model": "a/b"}, 422, "a model is named with"),
        ({"model": "x" * 65}, 422, "64 at most"),
        ({"model": "x\n"}, 422, "a model is named with"),
        ({"model": "taken"}, 409, "there is a model taken"),
        ({"model": "begun"}, 409, "there is a model begun, or a training of it"),
        ({"src": "Klingonese"}, 400, "a language is given by its ISO 639 code"),
        ({"src": "es", "trg": "spa"}, 400, "source and target must be in two languages, not both in es"),
        ({"minutes": -1}, 422, "minutes"),
        ({"minutes": 1e300}, 422, "minutes"),
        ({"minutes": 0}, 422, "minutes: input should be greater than 0"),
        ({"minutes": 1e9}, 422, "minutes: input should be less than"),
        ({"corpus": "../../etc"}, 404, "there is no corpus ../../etc"),
        ({"further": 1}, 422, "further: extra inputs"),
    ],
)
def test_what_cannot_be_trained_is_said(
    open_server: OpenServer, models: Path, change: dict[str, Any], status: int, words: str
) -> None:
    client = open_server()
    (models / "taken").mkdir(parents=True)
    (models / ".begun.training").mkdir()
    response = client.post("/v1/trainings", json={**TRAINING, "corpus": sent(client), **change})
    assert (response.status_code, words in response.json()["error"]) == (status, True), response.text
    assert client.get("/v1/jobs").json() == {"jobs": []}


def test_a_training_that_failed_before_it_began_is_in_nobodys_way(open_server: OpenServer, models: Path) -> None:
    client = open_server("refuses")
    asked = {**TRAINING, "corpus": sent(client)}
    for _ in range(2):
        started = client.post("/v1/trainings", json=asked)
        assert started.status_code == 202, started.text
        failed = ended(client, started.json()["job"])
        assert (failed["state"], failed["can_resume"]) == ("failed", False)
        (models / ".dogs-2.training").mkdir()
    (models / "dogs-2").mkdir()
    assert client.post("/v1/trainings", json=asked).status_code == 409, "but a model is"


@pytest.mark.parametrize(("how", "state"), [("fails", "failed"), ("waits", "stopped")])
def test_a_training_that_had_begun_goes_on_under_its_name(
    open_server: OpenServer, models: Path, how: str, state: str
) -> None:
    client = open_server(how)
    asked = {**TRAINING, "corpus": sent(client)}
    job = client.post("/v1/trainings", json=asked).json()["job"]
    until(client, f"/v1/jobs/{job}", lambda told: told["step"] == 10)
    if how == "waits":
        client.post(f"/v1/jobs/{job}/stop")
    told = ended(client, job)
    assert (told["state"], told["can_resume"]) == (state, True)
    (models / ".dogs-2.training").mkdir()
    assert client.post("/v1/trainings", json=asked).status_code == 409
    assert (models / ".dogs-2.training").exists()


@pytest.mark.parametrize(("languages", "both"), [(("en", "spa"), False), (("es", "en"), True)])
def test_a_direction_that_is_served_is_not_trained_again(
    open_server: OpenServer, bundle_path: Path, languages: tuple[str, str], both: bool
) -> None:
    client = open_server(served=load([bundle_path]))
    asked = {**TRAINING, "corpus": sent(client), "src": languages[0], "trg": languages[1], "both": both}
    response = client.post("/v1/trainings", json=asked)
    assert (response.status_code, response.json()["error"].split(";")[0]) == (409, "en-es is served by small already")


def test_only_an_administrator_starts_and_stops(open_server: OpenServer) -> None:
    client = open_server(access=Access(FakeKeys(), is_local=False))
    head = {"Authorization": "Bearer correct"}
    for path, body in (
        ("/v1/corpora", None),
        ("/v1/trainings", {**TRAINING, "corpus": "0"}),
        ("/v1/models/dogs/learn", {}),
        ("/v1/models/dogs/promote", None),
        ("/v1/models/dogs/serve", None),
        ("/v1/models/dogs/rollback", None),
        ("/v1/jobs/0/stop", None),
        ("/v1/jobs/0/resume", None),
    ):
        response = client.post(path, json=body, headers=head)
        assert (response.status_code, "the role admin" in response.json()["error"]) == (403, True), path
    assert client.get("/v1/jobs", headers=head).json() == {"jobs": []}
    assert client.get("/v1/jobs").status_code == 401


def test_a_name_of_a_file_is_no_path(open_server: OpenServer, models: Path) -> None:
    client = open_server()
    for name in ("../../../evil.tsv", "..\\..\\evil.tsv", "/etc/evil.tsv", "..", ".", "x" * 300 + ".tsv", "é" * 300):
        number = sent(client, name, PAIRS)
        (file,) = (models / ".corpora" / number).rglob("*.*" if "." in name.strip(".") else "*/*")
        assert file.read_bytes() == PAIRS
    assert [path.name for path in models.iterdir()] == [".corpora"]


def test_a_file_that_is_too_large_and_what_is_no_file(open_server: OpenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    client = open_server(limits=Limits(corpus_bytes=10_000))
    response = client.post("/v1/corpora", files={"file": ("a.tsv", b"x" * 20_000)})
    assert (response.status_code, "a body may have 10,000 bytes here" in response.json()["error"]) == (413, True)
    for refused, words in (
        (client.post("/v1/corpora", json={}), "send the file as a form"),
        (client.post("/v1/corpora", files={"a": (None, "text")}), "the form has no file"),
    ):
        assert (refused.status_code, words in refused.json()["error"]) == (422, True), refused.text
    assert client.post("/v1/corpora", files=[("file", (f"{n}.tsv", b"x")) for n in range(21)]).status_code == 400


def test_a_server_without_a_folder_has_no_such_routes() -> None:
    with TestClient(application(Service([]), Access(None, is_local=True)), "http://127.0.0.1") as client:
        assert client.get("/v1/jobs").status_code == client.get("/v1/models").status_code == 404


def test_what_comes_into_the_folder_is_served_and_what_cannot_be_is_not(
    open_server: OpenServer, bundle_path: Path, tmp_path: Path, models: Path, caplog: pytest.LogCaptureFixture
) -> None:
    models.mkdir()
    good = without_scores(bundle_path, tmp_path / "good")
    for name in ("a", "b", ".hidden"):
        shutil.copytree(good, models / name)
    (models / "broken").mkdir()
    (models / "broken" / "bundle.json").write_text("{}")
    client = open_server()
    assert [one["model"] for one in client.get("/v1/models").json()["models"]] == ["a"]
    assert client.get("/readyz").json()["bundles"] == {"en-es": "ok"}
    time.sleep(0.3)
    refused = [record.getMessage() for record in caplog.records if "is not served" in record.getMessage()]
    assert [message.split(": ")[0] for message in refused] == [
        f"{models / 'b'} is not served",
        f"{models / 'broken'} is not served",
    ], "each is said once"


@pytest.mark.slow
def test_no_request_by_the_description_is_a_mistake_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = schemathesis.openapi.from_asgi("/openapi.json", client_of(tmp_path, monkeypatch).app)
    operations = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    ours = [one for one in operations if {"Models", "Trainings"} & set(one.definition.raw["tags"])]
    assert len(ours) == 13
    for operation in ours:

        @settings(max_examples=5, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def ask(case: Case[Any]) -> None:
            response = case.call()
            assert response.status_code != 500, case.as_curl_command()

        ask()


def test_the_server_ends_although_somebody_watches_a_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = client_of(tmp_path, monkeypatch).app
    assert isinstance(gate, Gate)
    jobs = Jobs(tmp_path / "models" / ".jobs", PROGRAM)
    job = jobs.start("train", "dogs", ["waits", str(tmp_path / "memo")])
    server = Server(gate, "127.0.0.1", 0)
    url = urlsplit(server.listen())
    thread = threading.Thread(target=server.serve_until_stopped)
    thread.start()
    try:
        with closing(HTTPConnection(url.netloc, timeout=30)) as connection:
            connection.request("GET", f"/v1/jobs/{job.id}/events")
            assert b"started" in connection.getresponse().read1()
            server.should_exit = True
            thread.join(20)
        assert not thread.is_alive()
        assert jobs.job(job.id).state == "running", "it does not end with the server"
    finally:
        server.should_exit = True
        jobs.stop(job.id)
        while jobs.job(job.id).state == "running":
            time.sleep(0.02)
