"""Unfinished and worthless bundles, which are served when their owner says so."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dragoman import bundle as bundles
from dragoman.server.holding import reason_to_hold
from dragoman.server.watching import Watch
from dragoman.service import Service, load
from tests.server.workshop import OpenServer, without_scores

STOPPED = "its training was stopped before its end"


def report(value: float, nearest: float | None, p_value: float = 0.001) -> dict[str, Any]:
    compared = {"name": "chrF2", "value_a": value, "value_b": nearest, "p_value": p_value}
    return {"against_baseline": None if nearest is None else compared}


@pytest.mark.parametrize(
    ("finished", "scores", "reason"),
    [
        (True, {}, None),
        (True, {"test": report(44, 36)}, None),
        (True, {"test": report(34, 36, 0.2)}, None),  # it may be as good
        (True, {"test": report(5.1, None)}, None),  # nothing is known of the nearest
        (
            True,
            {"test": report(5.1, 21)},
            "worse than copying the nearest training sentence: chrF 5.1 against 21.0",
        ),
        (True, {"test": report(44, 36), "test es-en": report(5, 21)}, "(test es-en)"),
        (True, {"test": [1], "dev": {"against_baseline": 2}, "x": {"against_baseline": {"value_a": "?"}}}, None),
        (False, {"test": report(44, 36)}, STOPPED),
    ],
)
def test_what_is_held_back(bundle_path: Path, finished: bool, scores: dict[str, Any], reason: str | None) -> None:
    told = reason_to_hold(replace(bundles.read(bundle_path), finished=finished, scores=scores))
    assert told == reason if reason is None else reason in str(told)


@pytest.fixture
def models(bundle_path: Path, tmp_path: Path) -> Path:
    """A folder with a model whose training was stopped."""
    bundles.write(replace(bundles.read(bundle_path), finished=False), tmp_path / "models" / "stopped")
    return tmp_path / "models"


def test_a_model_that_is_held_back_is_listed_and_served_when_its_owner_says_so(
    open_server: OpenServer, models: Path
) -> None:
    client = open_server()
    (card,) = client.get("/v1/models").json()["models"]
    assert (card["model"], card["served"], card["held_back"], card["finished"]) == ("stopped", False, STOPPED, False)
    assert card["directions"] == [{"src": "en", "trg": "es", "src_name": "English", "trg_name": "Spanish"}]
    assert client.get("/languages").json() == []
    assert client.get("/readyz").status_code == 200
    for what in ("learn", "promote", "rollback"):
        refused = client.post(f"/v1/models/stopped/{what}", json={})
        assert (refused.status_code, "stopped is not served: its training was stopped" in refused.text) == (409, True)

    served = client.post("/v1/models/stopped/serve").json()
    assert (served["model"], served["served"], served["held_back"], served["finished"]) == (
        "stopped",
        True,
        None,
        False,
    )
    assert [one["code"] for one in client.get("/languages").json()] == ["en", "es"]
    again = client.post("/v1/models/stopped/serve")
    assert (again.status_code, "no model stopped here that is held back" in again.json()["error"]) == (404, True)

    later = Service([])
    Watch(later, models).look()
    assert list(later.models) == ["stopped"], "the next server knows the wish"


def test_another_of_its_direction_is_in_the_way(open_server: OpenServer, bundle_path: Path, models: Path) -> None:
    client = open_server(served=load([bundle_path]))
    refused = client.post("/v1/models/stopped/serve")
    assert (refused.status_code, "both translate en-es" in refused.json()["error"]) == (409, True)
    assert not (models / ".served").exists()
    assert {card["model"]: card["served"] for card in client.get("/v1/models").json()["models"]} == {
        "small": True, "stopped": False,
    }  # fmt: skip


def test_a_training_that_has_gone_on_to_its_end_is_served_and_one_that_is_gone_is_no_more(
    bundle_path: Path, models: Path
) -> None:
    service = Service([])
    watch = Watch(service, models)
    watch.look()
    assert [held.reason for held in watch.held.values()] == [STOPPED]
    shutil.rmtree(models / "stopped")
    watch.look()
    assert watch.held == {}
    without_scores(bundle_path, models / "stopped")
    watch.look()
    assert (list(service.models), watch.held) == (["stopped"], {})


def test_what_is_named_at_the_start_is_served_as_it_is(models: Path) -> None:
    service = Service(load([models / "stopped"]))
    watch = Watch(service, models)
    watch.look()
    assert (list(service.models), watch.held) == (["stopped"], {})
