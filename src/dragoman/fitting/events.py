"""What a fit tells whoever watches it."""

from __future__ import annotations

from typing import NamedTuple


class Progress(NamedTuple):
    """Some steps further: means over the epoch so far, and the time left to the last epoch in seconds."""

    epoch: int
    n_epochs: int
    step: int
    n_steps: int
    loss: float
    accuracy: float
    pairs_per_second: float
    seconds_left: float


class EpochEnded(NamedTuple):
    """An epoch has ended: means over all its target tokens, in training and on the dev part.

    ``best`` says that no earlier dev loss was lower; ``complete`` is False when the user stopped the epoch on
    its way.
    """

    epoch: int
    n_epochs: int
    loss: float
    accuracy: float
    dev_loss: float
    dev_accuracy: float
    seconds: float
    best: bool
    complete: bool

    def to_json(self) -> dict[str, float]:
        """Return the entry of the bundle's history."""
        return {
            "epoch": self.epoch,
            "loss": self.loss,
            "accuracy": self.accuracy,
            "dev_loss": self.dev_loss,
            "dev_accuracy": self.dev_accuracy,
            "seconds": round(self.seconds, 3),
        }
