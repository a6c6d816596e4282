"""What the server says of itself, and how it fares when a bundle or the memory is gone, and when there is too much."""

from __future__ import annotations

import json
import logging
import shutil
import threading
import time
from pathlib import Path

import pytest

from dragoman import Translator
from dragoman.bundle import CARD, WEIGHTS
from dragoman.errors import OverloadedError, UsageError
from dragoman.server import logs, watching
from dragoman.server.batching import Batcher
from dragoman.server.limits import Limits
from dragoman.server.watching import Watch
from dragoman.service import Served, Service, load
from tests.fakes import FakeEngine
from tests.server.conftest import Serve
from tests.server.fake_memory import FakeMemory

GO = {"q": "Go.", "source": "en", "target": "es"}


def test_ready_and_alive(serve: Serve) -> None:
    client = serve(FakeMemory())
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert ready.json() | {"waiting": 0} == {"ready": True, "bundles": {"en-es": "ok"}, "memory": "ok", "waiting": 0}
    assert client.get("/").json()["directions"] == ["en-es"]


def test_without_its_memory_the_server_translates_says_so_and_recovers(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = FakeMemory()
    client = serve(memory)
    correction = {"src": "en", "trg": "es", "source": "Go.", "target": "Vete."}
    client.post("/v1/corrections", json=correction)
    memory.fault = "the database is locked"
    assert client.post("/translate", data=GO).json() == {"translatedText": "GO."}
    n_asked = memory.n_asked
    assert client.post("/translate", data=GO).json() == {"translatedText": "GO."}
    assert memory.n_asked == n_asked  # a locked database is not waited for each time
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["memory"]) == (503, "the database is locked")
    assert "dragoman_memory_up 0.0" in client.get("/metrics").text
    refused = client.post("/v1/corrections", json=correction)
    assert (refused.status_code, refused.json()) == (503, {"error": "the database is locked"})
    assert refused.headers["retry-after"] == "1"
    memory.fault = ""
    assert client.get("/readyz").status_code == 200
    assert client.post("/translate", data=GO).json() == {"translatedText": "Vete."}


def test_a_memory_that_failed_is_found_again_by_the_watch(translator: Translator) -> None:
    memory = FakeMemory()
    served = Service([Served(translator)], memory)
    watch = Watch(served)
    memory.fault = "gone"
    served.translate("en", "es", ["Go."])
    watch.look()
    assert served.memory_error == "gone"
    memory.fault = ""
    watch.look()
    assert served.memory_error == ""


def test_the_watch_outlives_a_mistake_of_ours(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    n_looks = [0]

    def look(_: Watch) -> None:
        n_looks[0] += 1
        raise ValueError("squeamish")

    monkeypatch.setattr(watching, "SECONDS", 0.01)
    monkeypatch.setattr(Watch, "_look", look)
    client = serve()
    while n_looks[0] < 3:
        time.sleep(0.01)
    assert client.get("/healthz").status_code == 200


def test_metrics_count_requests_batches_tokens_and_hits(serve: Serve) -> None:
    client = serve(FakeMemory())
    client.post("/v1/corrections", json={"src": "en", "trg": "es", "source": "Go.", "target": "Vete ya."})
    client.post("/translate", json={**GO, "q": ["Go.", "Who is it?"]})
    client.post("/translate")
    told = client.get("/metrics").text
    for line in (
        'dragoman_requests_total{route="/translate",status="200"} 1.0',
        'dragoman_requests_total{route="/translate",status="400"} 1.0',
        'dragoman_request_seconds_count{route="/translate"} 2.0',
        'dragoman_batch_texts_sum{direction="en-es"} 2.0',
        'dragoman_tokens_total{direction="en-es",side="src"} 4.0',
        'dragoman_tokens_total{direction="en-es",side="trg"} 5.0',
        'dragoman_memory_hits_total{direction="en-es"} 1.0',
        'dragoman_queue_requests{direction="en-es"} 0.0',
        "dragoman_memory_up 1.0",
    ):
        assert line in told.splitlines()


def test_the_log_has_a_line_a_request_and_no_text(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    client = serve(FakeMemory())
    secret = "squeamish"
    with caplog.at_level(logging.DEBUG):
        client.post("/translate", json={**GO, "q": secret})
        client.post("/translate", params={**GO, "q": secret}, headers={"Authorization": f"Bearer {secret}"})
        client.post("/v1/translate", json={"text": secret, "src": "en", "trg": secret})
        client.post("/v1/corrections", json={"src": "en", "trg": "es", "source": secret, "target": secret})
        client.get(f"/download_file/{secret}")
        client.get(f"/{secret}")
    lines = [json.loads(logs.JsonLines().format(record)) for record in caplog.records if record.name == logs.log.name]
    assert [(line["route"], line["status"]) for line in lines] == [
        ("/translate", 200),
        ("/translate", 200),
        ("/v1/translate", 404),
        ("/v1/corrections", 201),
        ("/download_file/{name}", 404),
        ("other", 404),
    ]
    assert lines[0] | {"ms": 0, "time": ""} == {
        "time": "", "level": "info", "event": "request", "method": "POST", "route": "/translate", "status": 200,
        "ms": 0, "address": "testclient", "key": "", "n_texts": 1, "n_characters": 9,
    }  # fmt: skip
    ours = [record for record in caplog.records if record.name.startswith(("dragoman", "uvicorn", "asyncio"))]
    assert len(ours) >= len(lines)
    assert secret not in "".join(logs.JsonLines().format(record) for record in ours)


def test_a_mistake_of_ours_is_a_500_that_tells_nothing(
    serve: Serve, translator: Translator, caplog: pytest.LogCaptureFixture
) -> None:
    assert isinstance(translator.engine, FakeEngine)

    def fail(*_: object) -> list[tuple[int, ...]]:
        raise ValueError("squeamish")

    translator.engine.answer = fail
    response = serve().post("/translate", json=GO)
    assert response.status_code == 500
    assert "mistake" in response.json()["error"]
    noted = [logs.JsonLines().format(record) for record in caplog.records]
    assert any("ValueError" in line and "test_app.py" in line for line in noted)
    assert "squeamish" not in response.text + "".join(noted)


def test_pages_of_other_sites_may_ask(serve: Serve) -> None:
    client = serve()
    before = client.options(
        "/translate", headers={"Origin": "https://x.example", "Access-Control-Request-Method": "POST"}
    )
    assert before.status_code == 204
    assert before.headers["access-control-allow-origin"] == "*"
    assert "X-API-Key" in before.headers["access-control-allow-headers"]
    assert client.post("/translate", data=GO).headers["access-control-allow-origin"] == "*"


def test_too_much_at_once_is_refused_with_a_time_to_come_again(
    serve: Serve, translator: Translator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run(*_: object) -> None:
        raise OverloadedError("512 requests are waiting", 2.4)

    client = serve()
    monkeypatch.setattr(Batcher, "run", run)
    response = client.post("/translate", data=GO)
    assert (response.status_code, response.headers["retry-after"]) == (503, "3")
    assert response.json() == {"error": "512 requests are waiting"}


def test_requests_under_way_have_a_limit_and_the_state_is_told_all_the_same(
    serve: Serve, translator: Translator
) -> None:
    engine, free = translator.engine, threading.Event()
    assert isinstance(engine, FakeEngine)
    answer = engine.answer

    def wait(*asked: object) -> list[tuple[int, ...]]:
        assert free.wait(10)
        return answer(*asked)  # type: ignore[arg-type]

    engine.answer = wait
    client = serve(limits=Limits(n_under_way=1))
    answers: list[int] = []
    thread = threading.Thread(target=lambda: answers.append(client.post("/translate", data=GO).status_code))
    thread.start()
    while not engine.asked:
        pass
    refused = client.post("/translate", data=GO)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert client.get("/healthz").status_code == 200
    free.set()
    thread.join()
    assert answers == [200]


def test_a_bundle_that_is_replaced_is_served_without_a_pause(bundle_path: Path, tmp_path: Path) -> None:
    place = tmp_path / "bundle"
    shutil.copytree(bundle_path, place)
    served = Service(load([place]))
    watch = Watch(served)
    before = served.served("en", "es").translator
    watch.look()
    assert served.served("en", "es").translator is before

    card = place / CARD
    whole = card.read_bytes()
    card.unlink()
    watch.look()
    assert "not a bundle" in watch.state()["en", "es"]
    assert served.translate("en", "es", ["Go."])[0].text

    card.write_bytes(whole[:-20])
    watch.look()
    assert "readable" in watch.state()["en", "es"]

    card.write_bytes(whole)
    weights = place / WEIGHTS
    weights.write_bytes((all_weights := weights.read_bytes())[:-20])
    watch.look()
    assert "weights.safetensors has" in watch.state()["en", "es"]
    weights.write_bytes(all_weights)

    card.write_bytes(whole)
    before.bundle = None  # as one with another fingerprint
    watch.look()
    assert watch.state() == {("en", "es"): "ok"}
    now = served.served("en", "es").translator
    assert now is not before
    assert now.fingerprint == json.loads(whole)["fingerprint"]


def test_two_bundles_of_one_direction_are_refused(translator: Translator) -> None:
    with pytest.raises(UsageError, match="a and b both translate en-es; serve one of them"):
        Service([Served(translator, Path("a")), Served(translator, Path("b"))])
