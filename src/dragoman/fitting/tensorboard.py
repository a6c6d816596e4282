"""The history of a training for TensorBoard, through Keras's own callback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import MissingPackageError
from ..models import keras
from .events import Validated


class TensorBoard:
    """Writes each `Validated` to ``folder``; TensorBoard's step is the training's."""

    def __init__(self, model: Any, folder: Path) -> None:
        try:
            self._callback = keras.callbacks.TensorBoard(str(folder), write_graph=False)
        except ImportError as error:
            raise MissingPackageError(
                f"Keras writes for TensorBoard through TensorFlow, and {error.name!r} is not installed: "
                "pip install tensorflow-cpu"
            ) from error
        self._callback.set_model(model)
        self._callback.on_train_begin()

    def write(self, validated: Validated) -> None:
        """Write one validation."""
        names = ("loss", "accuracy")
        logs = {name: getattr(validated, name) for name in names}
        logs |= {f"val_{name}": getattr(validated, f"dev_{name}") for name in (*names, "bleu", "chrf")}
        self._callback.on_epoch_end(validated.step, logs)

    def close(self) -> None:
        """Let the last lines reach the disk."""
        self._callback.on_train_end()
