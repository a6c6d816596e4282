"""The choices of a run as frozen dataclasses: what model, how it is trained, how it is searched.

They travel as JSON inside a bundle. A value outside its rule, or two values that cannot go together, are
refused when the object is made. This file imports only `errors`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from .errors import UsageError

CELLS = ("lstm", "gru")
SCHEDULES = ("constant", "linear")
DEFAULT_EPOCHS = 100


def _require(condition: bool, rule: str, value: object) -> None:
    if not condition:
        raise UsageError(f"{rule}, not {value!r}")


class _Config:
    """JSON both ways, for the dataclasses below."""

    def to_json(self) -> dict[str, Any]:
        """Return the fields as a dict that ``json.dumps`` accepts."""
        return asdict(self)  # type: ignore[call-overload,no-any-return]

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the object that ``to_json`` described; a field that this version does not know is a `UsageError`."""
        known = {field.name: str(field.type) for field in fields(cls)}  # type: ignore[arg-type]
        unknown = sorted(set(values) - set(known))
        if unknown:
            raise UsageError(f"{cls.__name__} has no field {unknown[0]!r}; it has {', '.join(known)}")
        for name, value in values.items():
            kinds = known[name].replace("float", "float | int").replace("None", "NoneType").split(" | ")
            if type(value).__name__ not in kinds:
                raise UsageError(f"{cls.__name__}.{name} must be {known[name]}, not {value!r}")
        return cls(**values)


@dataclass(frozen=True)
class ModelConfig(_Config):
    """What is built: the architecture by ``name`` and its sizes. The defaults are the article's.

    ``masking=False`` gives the article unchanged: the encoder's state then runs on through the padding, and
    padding counts in the loss.
    """

    name: str = "char-lstm"
    cell: str = "lstm"
    units: int = 256
    layers: int = 1
    dropout: float = 0.0
    masking: bool = True

    def __post_init__(self) -> None:
        _require(self.name == "char-lstm", "the model must be 'char-lstm'", self.name)
        _require(self.cell in CELLS, f"the cell must be one of {', '.join(CELLS)}", self.cell)
        _require(1 <= self.units <= 8192, "units must be between 1 and 8192", self.units)
        _require(1 <= self.layers <= 16, "layers must be between 1 and 16", self.layers)
        _require(0.0 <= self.dropout < 1.0, "dropout must be at least 0 and below 1", self.dropout)


@dataclass(frozen=True)
class TrainConfig(_Config):
    """How a model is fitted. The defaults are the article's, with an end when the dev loss stops falling.

    Training ends at the first of the limits that are given: ``epochs``, ``steps`` (batches), ``minutes`` from the start
    of the program to the finished bundle; where none is given, after ``DEFAULT_EPOCHS``. ``learning_rate=None`` is the
    optimizer's own default; with the schedule ``"linear"`` it falls from there to zero over all steps. ``patience``
    counts validations (one an epoch, or one every 2,000 steps of a longer one) without a better dev loss. ``dev`` and
    ``test`` are the shares of the pairs that the split aims at.
    """

    epochs: int | None = None
    steps: int | None = None
    minutes: float | None = None
    batch_size: int = 64
    optimizer: str = "rmsprop"
    learning_rate: float | None = None
    schedule: str = "constant"
    patience: int = 5
    seed: int = 0
    dev: float = 0.02
    test: float = 0.02

    def __post_init__(self) -> None:
        _require(self.epochs is None or self.epochs >= 1, "epochs must be at least 1", self.epochs)
        _require(self.steps is None or self.steps >= 1, "steps must be at least 1", self.steps)
        _require(
            self.minutes is None or 0.0 < self.minutes < float("inf"), "minutes must be a positive number", self.minutes
        )
        _require(1 <= self.batch_size <= 65536, "the batch size must be between 1 and 65536", self.batch_size)
        _require(self.patience >= 1, "patience must be at least 1", self.patience)
        _require(
            self.learning_rate is None or 0.0 < self.learning_rate < float("inf"),
            "the learning rate must be a positive number",
            self.learning_rate,
        )
        _require(self.schedule in SCHEDULES, f"the schedule must be one of {', '.join(SCHEDULES)}", self.schedule)
        _require(0 <= self.seed < 2**32, "the seed must be between 0 and 4294967295", self.seed)
        _require(0.0 < self.dev < 0.5, "the dev share must be between 0 and 0.5", self.dev)
        _require(0.0 < self.test < 0.5, "the test share must be between 0 and 0.5", self.test)

    def n_steps(self, steps_per_epoch: int) -> int | None:
        """Return the steps after which training ends, or None where only ``minutes`` say so."""
        epochs = self.epochs
        if epochs is None and self.steps is None and self.minutes is None:
            epochs = DEFAULT_EPOCHS
        limits = [self.steps, None if epochs is None else epochs * steps_per_epoch]
        return min((limit for limit in limits if limit is not None), default=None)


@dataclass(frozen=True)
class SearchConfig(_Config):
    """How a translation is searched for: greedy by default, beam search with ``beam`` > 1, sampling with a
    ``temperature``.

    ``n_best`` hypotheses are returned for each sentence. ``max_length`` counts target tokens, the end token
    included; ``None`` is the limit that the engine was made with. ``top_k=0`` samples from the whole
    vocabulary.
    """

    beam: int = 1
    n_best: int = 1
    temperature: float | None = None
    top_k: int = 0
    seed: int = 0
    max_length: int | None = None

    def __post_init__(self) -> None:
        _require(1 <= self.beam <= 256, "beam must be between 1 and 256", self.beam)
        _require(1 <= self.n_best <= 256, "n-best must be between 1 and 256", self.n_best)
        _require(
            self.temperature is None or 0.0 < self.temperature < float("inf"),
            "the temperature must be a positive number",
            self.temperature,
        )
        _require(self.top_k >= 0, "top-k must be 0 or more", self.top_k)
        _require(self.seed >= 0, "the seed must be 0 or more", self.seed)
        _require(self.max_length is None or self.max_length >= 1, "max length must be at least 1", self.max_length)
        if self.temperature is None:
            _require(self.n_best <= self.beam, f"n-best can be at most the beam ({self.beam})", self.n_best)
            _require(self.top_k == 0, "top-k needs a temperature: it must be 0", self.top_k)
        else:
            _require(self.beam == 1, "sampling with a temperature has no beam: beam must be 1", self.beam)
