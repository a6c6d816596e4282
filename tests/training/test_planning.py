"""What is trained follows from choices, corpus and minutes, and stays what it was once it has begun."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from dragoman.config import CharLSTMConfig, TrainConfig, TransformerConfig
from dragoman.errors import UsageError
from dragoman.fitting.workplace import Workplace
from dragoman.training import planning
from dragoman.training.planning import Plan, speed

SPANISH = 115_000


def plan(model: Any = None, training: TrainConfig | None = None, *, both: bool = False, **choices: Any) -> Plan:
    return Plan(model, training, choices, monotonic(), both=both, base=None)


def settled(plan: Plan, tmp_path: Path, n_pairs: int = SPANISH) -> tuple[Any, TrainConfig]:
    with Workplace(tmp_path / "out", plan.request()) as place:
        return plan.settle(n_pairs, place)


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """That of docs/recipe.md."""
    monkeypatch.setattr(planning, "speed", lambda: planning.USUAL_SPEED)


def test_minutes_alone_are_enough(tmp_path: Path) -> None:
    small, training = settled(plan(minutes=3), tmp_path)
    large, _ = settled(plan(minutes=90), tmp_path)
    assert training.minutes == 3
    assert small.width < large.width


def test_a_slower_machine_has_a_smaller_model_for_the_same_minutes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, _ = settled(plan(minutes=60), tmp_path)
    monkeypatch.setattr(planning, "speed", lambda: planning.USUAL_SPEED / 10)
    there, _ = settled(plan(minutes=60), tmp_path)
    assert there.width < here.width


def test_without_a_limit_there_is_one(tmp_path: Path) -> None:
    assert settled(plan(), tmp_path)[1].minutes == planning.DEFAULT_MINUTES
    assert settled(plan(epochs=3), tmp_path)[1].minutes is None
    assert settled(plan(name="char-lstm"), tmp_path)[1] == TrainConfig()


def test_whole_configurations_stay_as_they_are(tmp_path: Path) -> None:
    model, training = TransformerConfig(width=64), TrainConfig(steps=2)
    assert settled(plan(model, training), tmp_path) == (model, training)
    assert settled(plan(CharLSTMConfig(units=3)), tmp_path) == (CharLSTMConfig(units=3), TrainConfig())
    chosen = settled(plan(model, minutes=5), tmp_path)
    assert chosen[0] == model
    assert chosen[1].optimizer == "muon"


def test_what_was_settled_stays_when_the_training_goes_on(tmp_path: Path) -> None:
    first = plan(minutes=60)
    with Workplace(tmp_path / "out", first.request()) as place:
        model, training = first.settle(SPANISH, place)
        place.write_plan({"n_steps": 7, "model": model.to_json(), "training": training.to_json()})
        assert plan(minutes=60).settle(200, place) == (model, training)


def test_what_cannot_be_is_refused_before_the_corpus_is_read() -> None:
    with pytest.raises(UsageError, match="the size must be one of"):
        plan(size="huge")


def test_speed_is_a_positive_number() -> None:
    assert speed() > 0


def test_there_is_room_for_what_is_seen_twice() -> None:
    ten, thirty = plan(minutes=10).room(SPANISH), plan(minutes=30).room(SPANISH)
    assert ten is not None
    assert thirty is not None
    assert 5_000_000 < ten < thirty
    assert plan(steps=100, batch_tokens=1000, minutes=10).room(SPANISH) == 100_000 * 4.3 / 2
    assert plan(steps=100, batch_tokens=1000, minutes=10).room(SPANISH) == 2 * (
        plan(steps=50, batch_tokens=1000, minutes=10).room(SPANISH) or 0
    )
    assert plan(epochs=3).room(SPANISH) is None
    assert plan(CharLSTMConfig(), minutes=3).room(SPANISH) is None
