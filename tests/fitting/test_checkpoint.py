"""A training that was cut off goes on as if nothing had happened; what harms a checkpoint is said."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from dragoman.config import TrainConfig
from dragoman.corpus.pairs import Pair
from dragoman.engine import Weights
from dragoman.errors import BundleError, UsageError
from dragoman.fitting import loop
from dragoman.fitting.checkpoint import N_KEPT, Checkpoints, Forgetful
from dragoman.fitting.events import Validated
from dragoman.fitting.loop import Fitting, Standing
from tests.fitting.little import FAST, Little, assert_same

pytestmark = pytest.mark.slow

N_STEPS = 24


class Killed(Exception):
    """Stands for signal 9 where a test needs to know the moment."""


@pytest.fixture(scope="module")
def little(little_with_dropout: Little) -> Little:
    return little_with_dropout


@pytest.fixture(scope="module")
def whole(little: Little) -> tuple[list[Validated], Weights]:
    """What a training that nobody interrupted gives."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "INTERVAL", 3)
        return little.fitting().run(N_STEPS, Forgetful())


@pytest.fixture(autouse=True)
def short_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "INTERVAL", 3)


def begun(fitting: Fitting, folder: Path) -> Checkpoints:
    """Checkpoints after every interval, with the one of step 0."""
    checkpoints = Checkpoints(folder, seconds=0)
    if not checkpoints.files():
        checkpoints.keep(fitting.model, Standing(), None, now=True)
    return checkpoints


def killed_at(step: int, little: Little, config: TrainConfig = FAST) -> Fitting:
    """A fitting that is killed in the middle of ``step``."""
    fitting = little.fitting(config)
    asked = fitting.train.fitted_at

    class Dying:
        def __getattr__(self, name: str) -> Any:
            return getattr(little.train, name)

        def __len__(self) -> int:
            return len(little.train)

        def fitted_at(self, at: int) -> Any:
            if at == step:
                raise Killed
            return asked(at)

    fitting.train = Dying()
    return fitting


def clockless(history: list[Validated]) -> list[Validated]:
    return [validated._replace(seconds=0) for validated in history]


@pytest.mark.parametrize("steps", [[1], [5], [7], [8, 9, 17], [23]])
def test_resumed_is_uninterrupted_bit_for_bit(
    steps: list[int], little: Little, whole: tuple[list[Validated], Weights], tmp_path: Path
) -> None:
    for step in steps:
        fitting = killed_at(step, little)
        with pytest.raises(Killed):
            fitting.run(N_STEPS, begun(fitting, tmp_path))
    fitting = little.fitting()
    history, best = fitting.run(N_STEPS, begun(fitting, tmp_path))
    assert clockless(history) == clockless(whole[0])
    assert_same(best, whole[1])


def test_resumed_it_keeps_the_plan_that_was_made_on_the_way(little: Little, tmp_path: Path) -> None:
    config = TrainConfig(**{**FAST.to_json(), "schedule": "linear"})

    def fitting(at: int | None = None) -> Fitting:
        made = little.fitting(config) if at is None else killed_at(at, little, config)
        made.replan = lambda n, seconds, step, n_steps: 17 if step >= 6 else n_steps
        return made

    whole, weights = fitting().run(N_STEPS, Forgetful())
    assert whole[-1].step == 17
    dying = fitting(11)
    with pytest.raises(Killed):
        dying.run(N_STEPS, begun(dying, tmp_path))
    resumed = little.fitting(config)  # plans no more
    history, best = resumed.run(N_STEPS, begun(resumed, tmp_path))
    assert clockless(history) == clockless(whole)
    assert_same(best, weights)


def test_a_training_that_had_ended_is_not_trained_further(
    little: Little, whole: tuple[list[Validated], Weights], tmp_path: Path
) -> None:
    fitting = little.fitting()
    fitting.run(N_STEPS, begun(fitting, tmp_path))
    again = little.fitting()
    again.train = None  # type: ignore[assignment]  # nothing asks for a batch
    history, best = again.run(N_STEPS, begun(again, tmp_path))
    assert clockless(history) == clockless(whole[0])
    assert_same(best, whole[1])


def test_stopped_by_the_user_it_goes_on_from_that_step(little: Little, tmp_path: Path) -> None:
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) == 11

    fitting = little.fitting(stop=stop)
    cut, _ = fitting.run(N_STEPS, begun(fitting, tmp_path))
    assert (cut[-1].step, cut[-1].complete) == (11, False)
    fitting = little.fitting()
    history, best = fitting.run(N_STEPS, begun(fitting, tmp_path))
    assert all(validated.complete for validated in history)
    assert [validated.step for validated in history] == [7, 14, 21, 24]
    assert_same(best, little.fitting().run(N_STEPS, Forgetful())[1])


def test_only_the_last_checkpoints_are_kept(little: Little, tmp_path: Path) -> None:
    fitting = little.fitting()
    fitting.run(N_STEPS, begun(fitting, tmp_path))
    names = [file.name for file in tmp_path.iterdir()]
    assert sorted(names) == ["step-000000021.safetensors", "step-000000024.safetensors"]
    assert len(names) == N_KEPT


def test_checkpoints_keep_to_their_interval(little: Little, tmp_path: Path) -> None:
    fitting = little.fitting()
    checkpoints = Checkpoints(tmp_path, seconds=3600)
    checkpoints.keep(fitting.model, Standing(), None, now=True)
    fitting.run(9, checkpoints)
    assert [file.name for file in checkpoints.files()] == ["step-000000000.safetensors"]


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("inf")])
def test_seconds_that_are_none_are_refused(seconds: float, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="seconds between two checkpoints"):
        Checkpoints(tmp_path, seconds)


def test_a_full_disk_is_an_error_that_keeps_the_last_good_state(
    little: Little, whole: tuple[list[Validated], Weights], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitting = little.fitting()
    checkpoints = begun(fitting, tmp_path)
    real, calls = os.fsync, []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 4:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BundleError, match=r"No space left .*step-\d+\.safetensors is whole") as raised:
        fitting.run(N_STEPS, checkpoints)
    assert "\n" not in str(raised.value)
    assert all(file.name.startswith("step-") for file in tmp_path.iterdir())
    monkeypatch.undo()
    monkeypatch.setattr(loop, "INTERVAL", 3)
    fitting = little.fitting()
    history, best = fitting.run(N_STEPS, begun(fitting, tmp_path))
    assert clockless(history) == clockless(whole[0])
    assert_same(best, whole[1])


def test_killed_while_writing_the_checkpoint_before_is_used(little: Little, tmp_path: Path) -> None:
    fitting = little.fitting()
    fitting.run(9, begun(fitting, tmp_path))
    (tmp_path / ".step-000000012.safetensors.partial").write_bytes(b"half")
    standing, _ = begun(fitting, tmp_path).restore(fitting.model)
    assert standing.step == 9


def test_a_removed_checkpoint_is_an_error(little: Little, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=f"removed; delete {tmp_path} to train anew"):
        little.fitting().run(9, Checkpoints(tmp_path / "checkpoints"))


def test_a_damaged_checkpoint_is_an_error_and_the_one_before_can_be_used(little: Little, tmp_path: Path) -> None:
    fitting = little.fitting()
    fitting.run(9, begun(fitting, tmp_path))
    newest = begun(fitting, tmp_path).files()[-1]
    newest.write_bytes(newest.read_bytes()[:1000])
    with pytest.raises(BundleError, match=r"damaged .*delete this file"):
        little.fitting().run(N_STEPS, begun(fitting, tmp_path))
    newest.unlink()
    fitting = little.fitting()
    standing, _ = begun(fitting, tmp_path).restore(fitting.model)
    assert 0 < standing.step < 9


def test_a_checkpoint_of_another_model_is_refused(little: Little, phrasebook: list[Pair], tmp_path: Path) -> None:
    fitting = little.fitting()
    begun(fitting, tmp_path)
    other = Little(phrasebook[:120])  # without dropout there is no random state
    with pytest.raises(BundleError, match="another model"):
        other.fitting().run(9, Checkpoints(tmp_path))
