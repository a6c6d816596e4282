"""What a training tells whoever watches it, beside the events of a fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from ..config import ModelConfig, TrainConfig
from ..corpus.cleaning import CleaningReport
from ..corpus.store import CorpusFacts
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
    the dev part that it cannot read, how many training pairs are too long for it, and for how many there is no time;
    the corpora that it is made of, with how often the pairs of each are seen in a pass, and the names of those that the
    training is for.
    """

    cleaning: CleaningReport
    n_bad_rows: int
    n_pairs: dict[str, int]
    n_parameters: int
    vocabulary_sizes: tuple[int, int]
    unknown: tuple[str, ...]
    n_left_out: int
    n_passed_over: int = 0
    corpora: tuple[CorpusFacts, ...] = ()
    weights: Mapping[str, float] = MappingProxyType({})
    aim: tuple[str, ...] = ()


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
