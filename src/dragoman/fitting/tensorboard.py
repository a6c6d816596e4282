"""The history of a training for TensorBoard, through Keras's own callback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import MissingPackageError
from ..models import keras
from .events import Progress, Validated
from .loop import Listener


class TensorBoard:
    """A `loop.Listener` that writes each `Validated` to ``folder``, by step, and tells ``listener`` everything."""

    def __init__(self, model: Any, folder: Path, listener: Listener) -> None:
        self._listener = listener
        try:
            self._callback = keras.callbacks.TensorBoard(str(folder), write_graph=False)
            self._callback.set_model(model)
        except ImportError as error:
            raise MissingPackageError(
                "Keras writes for TensorBoard through TensorFlow, which is not installed", "tensorflow-cpu"
            ) from error

    def __call__(self, event: Progress | Validated) -> None:
        """Pass ``event`` on, and write it if it is a validation."""
        self._listener(event)
        if isinstance(event, Validated):
            names = ("loss", "accuracy")
            logs = {name: getattr(event, name) for name in names}
            logs |= {f"val_{name}": getattr(event, f"dev_{name}") for name in (*names, "bleu", "chrf")}
            self._callback.on_epoch_end(event.step, logs)
