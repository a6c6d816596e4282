"""What a training tells whoever watches it, beside the events of a fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..config import ModelConfig, TrainConfig
from ..corpus.cleaning import CleaningReport
from ..fitting.events import Planned, Progress, Resumed, Validated
from ..recipe.expectation import Expectation
from ..report import Report


class Downloading(NamedTuple):
    """A named corpus is on its way: bytes so far, and in all if the server says."""

    n_bytes: int
    n_bytes_in_all: int | None


class Preparing(NamedTuple):
    """The corpus is being read: pairs so far, bytes of text so far, and in all if that is known."""

    n_pairs: int
    n_bytes: int
    n_bytes_in_all: int | None


class Chosen(NamedTuple):
    """What will be trained, and how: by hand, and by the recipe; and the dev chrF that is expected of it, if that is
    known.
    """

    model: ModelConfig
    training: TrainConfig
    expected: Expectation | None = None


class Prepared(NamedTuple):
    """The corpus is ready: what was read and dropped, how it was split, the size of what will be fitted, characters of
    the dev part that it cannot read, and how many training pairs are too long for it.
    """

    cleaning: CleaningReport
    n_bad_rows: int
    n_pairs: dict[str, int]
    n_parameters: int
    vocabulary_sizes: tuple[int, int]
    unknown: tuple[str, ...]
    n_left_out: int


class Samples(NamedTuple):
    """Dev sentences as the model translates them now: (source, reference, translation)."""

    step: int
    rows: tuple[tuple[str, str, str], ...]


class Scoring(NamedTuple):
    """The fit has ended and ``part`` is being translated and scored."""

    part: str
    n_pairs: int


class Scored(NamedTuple):
    """What the model scores on ``part``."""

    part: str
    report: Report


Event = (
    Downloading | Preparing | Chosen | Prepared | Planned | Resumed | Progress | Validated | Samples | Scoring | Scored
)
Listener = Callable[[Event], None]
