"""Killing with a training whose bundle is known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.harness import python
from bench.kill import HISTORY, WEIGHTS, TrainingFailed, differences, killed_again_and_again, run_for

TRAIN = """
import pathlib, sys
out = pathlib.Path(sys.argv[1])
out.mkdir()
(out / "weights.safetensors").write_bytes(b"weights")
(out / "history.json").write_text('[{"loss": 1.5, "seconds": 0.1}]')
"""
AT_ONCE, NEVER = 0.0, 600.0


def train(out: Path) -> Sequence[str]:
    return python("-c", TRAIN, out)


def write_bundle(folder: Path, *, weights: bytes = b"weights", loss: float = 1.5, seconds: float = 9.9) -> Path:
    folder.mkdir()
    (folder / WEIGHTS).write_bytes(weights)
    (folder / HISTORY).write_text(json.dumps([{"loss": loss, "seconds": seconds}]))
    return folder


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    return write_bundle(tmp_path / "whole")


def test_a_training_is_killed_until_it_ends(tmp_path: Path, whole: Path) -> None:
    survivors = list(killed_again_and_again(train, tmp_path, whole, iter([AT_ONCE, AT_ONCE])))
    assert [(survivor.moments, survivor.differences) for survivor in survivors] == [((AT_ONCE, AT_ONCE), ())]


def test_a_training_that_ends_before_its_moment_is_followed_by_another(tmp_path: Path, whole: Path) -> None:
    survivors = list(killed_again_and_again(train, tmp_path, whole, iter([AT_ONCE, NEVER, AT_ONCE])))
    assert [len(survivor.moments) for survivor in survivors] == [1, 1]


def test_only_what_a_clock_fills_may_differ(tmp_path: Path, whole: Path) -> None:
    assert differences(write_bundle(tmp_path / "slow", seconds=99.0), whole) == []
    assert differences(write_bundle(tmp_path / "w", weights=b"other"), whole) == [WEIGHTS]
    assert differences(write_bundle(tmp_path / "h", loss=1.4), whole) == [HISTORY]


def test_a_training_that_fails_by_itself_is_an_error() -> None:
    with pytest.raises(TrainingFailed, match="ended with 1:\nno such file"):
        run_for(python("-c", "raise SystemExit('no such file')"), None)
