"""What TensorBoard is shown of a training."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.fitting.checkpoint import Forgetful
from dragoman.fitting.events import Progress, Validated
from dragoman.fitting.tensorboard import TensorBoard
from tests.fitting.little import STEPS_PER_EPOCH, Little


@pytest.mark.backends
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_validation_is_written_by_its_step_and_everything_passed_on(little: Little, tmp_path: Path) -> None:
    pytest.importorskip("tensorflow", reason="Keras writes for TensorBoard through TensorFlow")
    events: list[Progress | Validated] = []
    fitting = little.fitting()
    fitting.listener = TensorBoard(fitting.model, tmp_path, events.append)
    history, _ = fitting.run(2 * STEPS_PER_EPOCH, Forgetful())
    assert [event for event in events if isinstance(event, Validated)] == history
    written = sorted(tmp_path.rglob("events.out.tfevents.*"))
    assert written
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util import tensor_util

    shown: dict[str, dict[int, float]] = {}
    for folder in {file.parent for file in written}:
        found = EventAccumulator(str(folder)).Reload()
        for tag in found.Tags()["tensors"]:
            values = {event.step: float(tensor_util.make_ndarray(event.tensor_proto)) for event in found.Tensors(tag)}
            shown[f"{folder.name}/{tag}"] = values
    assert shown["train/epoch_loss"] == pytest.approx({e.step: e.loss for e in history}, abs=1e-5)
    assert shown["validation/epoch_chrf"] == pytest.approx({e.step: e.dev_chrf for e in history}, abs=1e-5)
