"""What a learning tells whoever watches it, beside the events of a training."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..events import Event
from .gate import Verdict


class Gathered(NamedTuple):
    """What will be learned: new corrections, and how many are put off because there are too many; those learned
    earlier, the pairs made of what the new ones change, and pairs of each part that share a sentence with a correction
    and are scored no more.
    """

    n_new: int
    n_put_off: int
    n_earlier: int
    n_contexts: int
    n_unscored: dict[str, int]


LearningEvent = Event | Gathered | Verdict
Listener = Callable[[LearningEvent], None]
