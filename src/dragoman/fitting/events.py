"""What a fit tells whoever watches it."""

from __future__ import annotations

from typing import NamedTuple


class Planned(NamedTuple):
    """The number of steps is fixed: the last one, those of an epoch, the share of padding among the tokens of a step,
    and the seconds that the whole is expected to take from now on (None where nobody asked for minutes).
    """

    n_steps: int
    n_steps_per_epoch: int
    padding: float
    seconds: float | None


class Resumed(NamedTuple):
    """A training that was cut off goes on after ``step`` of ``n_steps``."""

    step: int
    n_steps: int


class Progress(NamedTuple):
    """Some steps further: means since the last validation, target tokens a second, seconds left to the last step."""

    step: int
    n_steps: int
    n_steps_per_epoch: int
    loss: float
    accuracy: float
    tokens_per_second: float
    seconds_left: float


class Validated(NamedTuple):
    """The dev part was scored: means over all target tokens, in training since the validation before and on dev.

    ``dev_bleu`` and ``dev_chrf`` are those of greedy translations of at most 500 dev sentences. ``seconds`` is the time
    since the validation before. ``best`` says that no earlier one was better; ``complete`` is False when the user
    stopped the training on its way here.
    """

    epoch: float
    step: int
    loss: float
    accuracy: float
    dev_loss: float
    dev_accuracy: float
    dev_bleu: float
    dev_chrf: float
    seconds: float
    best: bool
    complete: bool

    def to_json(self) -> dict[str, float]:
        """Return the entry of the bundle's history: its numbers."""
        return {name: value for name, value in self._asdict().items() if name not in ("best", "complete")}
