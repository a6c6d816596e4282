"""Cards of what is served, the training pairs behind a translation, and bundles put in the place of others."""

from __future__ import annotations

import gc
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dragoman import bundle as bundles
from dragoman import promotion
from dragoman.memory import Correction, Entry
from dragoman.memory.store import Mark
from dragoman.neighbours import Neighbours
from dragoman.server import nearest
from dragoman.service import Service, load
from tests.server.fake_memory import FakeMemory
from tests.server.workshop import OpenServer, ended

GO = {"src": "en", "trg": "es", "text": "Good morning!"}


class CountedMemory(FakeMemory):
    """One that learning can read too."""

    def every(self, src: str, trg: str) -> Iterator[Entry]:
        yield from (entry for entry in self.entries(src, trg, "approved", limit=1000))

    def mark(self) -> Mark:
        self.check()
        return Mark(len(self._entries), len(self._entries), 0, 0)

    def changed(self, then: Mark, now: Mark) -> None:
        return None

    def n_pending(self, src: str, trg: str) -> int:
        return len(self.entries(src, trg, "pending"))


@pytest.fixture
def place(bundle_path: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(bundle_path, tmp_path / "small"))


def leave_candidate(place: Path, *, passed: bool = True) -> str:
    """Leave another bundle beside the one in ``place``, as learning does, and return its fingerprint."""
    now = bundles.read(place)
    beside = promotion.Places(place)
    beside.folder.mkdir()
    other = bundles.write(replace(now, golden={"Go.": "Ve."}), beside.candidate)
    report = {
        "passed": passed, "reasons": [] if passed else ["chrF2 fell"], "after": "damaged",
        "before": {"scores": {"en-es": {"chrF2": 61.5}}, "new_right": 1, "n_new": 4, "earlier_right": 2},
        "at": "2026-01-02", "corrections": [], "bundle": now.fingerprint, "candidate": other.fingerprint,
    }  # fmt: skip
    promotion.write_report(place, report)
    return other.fingerprint


def test_a_card_says_what_a_bundle_is_made_of_and_scores(open_server: OpenServer, place: Path) -> None:
    (told,) = open_server(served=load([place])).get("/v1/models").json()["models"]
    bundle = bundles.read(place)
    assert (told["model"], told["fingerprint"], told["finished"]) == ("small", bundle.fingerprint, True)
    assert told["directions"] == [{"src": "en", "trg": "es", "src_name": "English", "trg_name": "Spanish"}]
    assert told["card"] == {
        "n_pairs": 1200,
        "parts": bundle.provenance.n_pairs,
        "n_parameters": sum(array.size for array in bundle.trained.weights.values()),
        "vocabulary_sizes": [bundle.trained.src_vocabulary.size, bundle.trained.trg_vocabulary.size],
        "dropped": {"duplicate": 0, "too long": 0, "length ratio": 0},
        "corpus": "phrasebook",
        "trained_seconds": round(sum(entry["seconds"] for entry in bundle.history), 1),
        "architecture": "a character LSTM of 48 units, dropout 0",
        "corpora": [],
    }
    assert set(told["scores"]) == {"dev", "test"}
    assert set(told["scores"]["test"]) == {"BLEU", "chrF2", "exact", "invented"}
    assert set(told["scores"]["test"]["BLEU"]) == {"value", "low", "high"}
    assert told["verdict"] == bundle.scores["test"]["verdict"] != []
    assert [set(entry) for entry in told["history"]] == 4 * [{"step", "loss", "dev_loss", "dev_bleu", "dev_chrf"}]
    assert told["corrections"] == {"waiting": 0, "pending": 0, "learned": 0, "right": None}
    assert (told["candidate"], told["can_roll_back"], told["previous"], told["job"]) == (None, False, None, None)


def test_scores_that_are_none_do_not_hide_the_card(open_server: OpenServer, place: Path) -> None:
    served = load([place])
    assert served[0].translator.bundle is not None
    served[0].translator.bundle.scores["test"] = [1, 2]
    (told,) = open_server(served=served).get("/v1/models").json()["models"]
    assert (told["scores"], told["verdict"]) == ({}, [])


def test_corrections_wait_and_are_learned_by_a_job(open_server: OpenServer, place: Path) -> None:
    memory = CountedMemory()
    client = open_server(served=load([place]), memory=memory)
    nothing = client.post("/v1/models/small/learn", json={})
    assert (nothing.status_code, "has learned all" in nothing.json()["error"]) == (409, True)
    memory.add(Correction("en", "es", "Go.", "Vete."))
    memory.add(Correction("en", "es", "Run!", "¡Corre ya!", state="pending"))
    assert client.get("/v1/models").json()["models"][0]["corrections"] == {
        "waiting": 1, "pending": 1, "learned": 0, "right": None,
    }  # fmt: skip
    started = client.post("/v1/models/small/learn", json={"minutes": 1.5})
    assert (started.status_code, started.json()["kind"], started.json()["model"]) == (202, "learn", "small")
    job = ended(client, started.json()["job"])
    assert client.get("/v1/models").json()["models"][0]["job"] == job
    request = json.loads((place.parent / "models" / ".jobs" / job["job"] / "request.json").read_text())
    assert request["arguments"][2:] == [str(place), "--memory", "the memory", "--minutes", "1.5"]
    memory.fault = "the database is locked"
    assert client.get("/v1/models").json()["models"][0]["corrections"] is None


def test_without_a_memory_there_is_nothing_to_learn(open_server: OpenServer, place: Path) -> None:
    refused = open_server(served=load([place])).post("/v1/models/small/learn", json={})
    assert (refused.status_code, "no memory of corrections" in refused.json()["error"]) == (503, True)


def test_a_candidate_is_promoted_and_rolled_back_from(open_server: OpenServer, place: Path) -> None:
    before, other = bundles.fingerprint(place), leave_candidate(place)
    client = open_server(served=load([place]))
    (told,) = client.get("/v1/models").json()["models"]
    assert told["candidate"] == {
        "passed": True, "reasons": [], "at": "2026-01-02", "after": {},
        "before": {"dev chrF2, en-es": 61.5, "corrections right": 1, "earlier corrections right": 2},
    }  # fmt: skip
    promoted = client.post("/v1/models/small/promote")
    assert promoted.status_code == 200
    told = promoted.json()
    assert (told["fingerprint"], told["candidate"], told["can_roll_back"]) == (other, None, True)
    assert client.post("/v1/translate", json=GO).status_code == 200
    assert client.post("/v1/models/small/rollback").json()["fingerprint"] == before
    again = client.post("/v1/models/small/promote")
    assert (again.status_code, "no candidate to promote" in again.json()["error"]) == (404, True)


def test_a_card_tells_what_was_learned_what_came_out_right_and_which_version_is_newer(
    open_server: OpenServer, place: Path
) -> None:
    leave_candidate(place)
    report = json.loads((places := promotion.Places(place)).report.read_text())
    report["before"] |= {"new_right": 0, "n_new": 2, "earlier_right": 1, "n_earlier": 3}
    report["after"] = {"scores": {}, "new_right": 1, "n_new": 2, "earlier_right": 3, "n_earlier": 3}
    promotion.write_report(place, report)
    os.utime(place / bundles.CARD, (1_700_000_000, 1_700_000_000))
    client = open_server(served=load([place]))

    def learned(told: dict[str, Any]) -> tuple[int, int | None]:
        return told["corrections"]["learned"], told["corrections"]["right"]

    before = client.get("/v1/models").json()["models"][0]
    assert (learned(before), before["previous"]) == ((3, 1), None)
    after = client.post("/v1/models/small/promote").json()
    assert (learned(after), after["previous"]) == ((5, 4), {"newer": False, "at": "2023-11-14T22:13:20+00:00"})
    back = client.post("/v1/models/small/rollback").json()
    assert (learned(back), back["previous"]["newer"]) == ((3, 1), True)
    assert client.post("/v1/models/small/rollback").json()["previous"]["newer"] is False
    places.report.write_text('{"candidate": [], "bundle": 1, "after": 3}')
    assert learned(client.get("/v1/models").json()["models"][0]) == (0, None)


def test_a_history_without_times_tells_no_time(open_server: OpenServer, place: Path) -> None:
    served = load([place])
    bundle = served[0].translator.bundle
    assert bundle is not None
    del bundle.history[1]["seconds"]
    assert open_server(served=served).get("/v1/models").json()["models"][0]["card"]["trained_seconds"] is None


def test_a_candidate_that_did_not_pass_is_not_promoted(open_server: OpenServer, place: Path) -> None:
    leave_candidate(place, passed=False)
    client = open_server(served=load([place]))
    refused = client.post("/v1/models/small/promote")
    assert (refused.status_code, "did not pass: chrF2 fell" in refused.json()["error"]) == (400, True)


@pytest.mark.parametrize("what", ["learn", "promote", "rollback"])
def test_an_unknown_model_is_none(open_server: OpenServer, what: str) -> None:
    refused = open_server().post(f"/v1/models/other/{what}", json={})
    assert (refused.status_code, refused.json()) == (404, {"error": "there is no model other here; /v1/models has all"})


def test_the_nearest_training_pairs(open_server: OpenServer, place: Path) -> None:
    bundle = bundles.read(place)
    pair = (bundle.pairs("train") or [])[7]
    client = open_server(served=load([place]))
    pairs = client.post("/v1/nearest", json={**GO, "text": pair.src.upper(), "n": 3}).json()["pairs"]
    assert pairs[0] == {"src": pair.src, "trg": pair.trg, "likeness": 1.0, "origin": "phrasebook:8"}
    assert [one["likeness"] for one in pairs] == sorted((one["likeness"] for one in pairs), reverse=True)
    assert len(pairs) == 3
    assert client.post("/v1/nearest", json={**GO, "trg": "fr"}).status_code == 404
    assert client.post("/v1/nearest", json={**GO, "n": 0}).status_code == 422


def test_of_many_training_pairs_some_are_looked_at(
    open_server: OpenServer, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "MAX_PAIRS", 10)
    pairs = open_server(served=load([place])).post("/v1/nearest", json={**GO, "n": 50}).json()["pairs"]
    assert len(pairs) == 10


def test_a_bundle_without_pairs_says_so_each_time(open_server: OpenServer, bundle_path: Path, tmp_path: Path) -> None:
    bundles.write(bundles.read(bundle_path), tmp_path / "small")
    client = open_server(served=load([tmp_path / "small"]))
    for _ in range(2):
        refused = client.post("/v1/nearest", json=GO)
        assert (refused.status_code, "holds no training pairs" in refused.json()["error"]) == (404, True)


@pytest.mark.slow
def test_an_index_goes_with_its_translator(open_server: OpenServer, place: Path) -> None:
    def n_indexes() -> int:
        gc.collect()
        return sum(isinstance(thing, Neighbours) for thing in gc.get_objects())

    before = n_indexes()
    leave_candidate(place)
    client = open_server(served=load([place]))
    client.post("/v1/nearest", json=GO)
    client.post("/v1/nearest", json=GO)
    assert n_indexes() == before + 1
    client.post("/v1/models/small/promote")
    assert n_indexes() == before


def test_two_bundles_of_one_name_are_refused(bundle_path: Path, tmp_path: Path) -> None:
    other = replace(load([bundle_path])[0], path=tmp_path / bundle_path.name)
    other.translator.src = "fr"
    with pytest.raises(Exception, match="have the same name; give one of them another"):
        Service([*load([bundle_path]), other])
