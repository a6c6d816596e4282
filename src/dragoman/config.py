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
NORMS = ("rms", "layer")
POSITIONS = ("rotary", "sinusoidal")
SUBWORDS = ("unigram", "bpe")
MIN_VOCABULARY, MAX_VOCABULARY = 280, 64_000
MAX_BEAM = 256
"""The width of a beam at most, and the hypotheses that can be asked for."""
PRECISIONS = ("int8", "float32")
"""Of a model that translates; `TRAINING_PRECISIONS` are those of one that is trained."""
SCHEDULES = ("constant", "linear", "cosine", "inverse-sqrt")
STOPPING = ("loss", "chrf")
TRAINING_PRECISIONS = ("float32", "bfloat16")
DEFAULT_EPOCHS = 100
MAX_EPOCHS, MAX_STEPS, MAX_MINUTES = 10**6, 10**9, 366 * 24 * 60
MAX_TRG_LENGTH = 100_000
"""Target tokens of a sentence."""


def _require(condition: bool, rule: str, value: object) -> None:
    if not condition:
        raise UsageError(f"{rule}, not {value!r}")


def _require_dropout(dropout: float) -> None:
    _require(0.0 <= dropout < 1.0, "dropout must be at least 0 and below 1", dropout)


class _Config:
    """What the dataclasses below share: their numbers are numbers, and they go through JSON both ways."""

    def __post_init__(self) -> None:
        """Refuse what is no finite number where one is asked for."""
        for field in fields(self):  # type: ignore[arg-type]
            kinds, value, name = str(field.type).split(" | "), getattr(self, field.name), field.name.replace("_", " ")
            if value is None and "None" in kinds:
                continue
            if "float" in kinds:
                is_number = isinstance(value, int | float) and not isinstance(value, bool)
                _require(is_number and float("-inf") < value < float("inf"), f"{name} must be a number", value)
            elif "int" in kinds:
                is_whole = isinstance(value, int) and not isinstance(value, bool)
                _require(is_whole, f"{name} must be a whole number", value)

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


class ModelConfig(_Config):
    """What is built: one of the classes below, told apart by their ``name``."""

    name: str

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the configuration that ``to_json`` described; a name that no model has is a `UsageError`."""
        if cls is not ModelConfig:
            return super().from_json(values)
        kinds: dict[str, type[ModelConfig]] = {kind.name: kind for kind in (CharLSTMConfig, TransformerConfig)}
        name = values.get("name")
        _require(name in kinds, f"the model must be one of {', '.join(kinds)}", name)
        return kinds[str(name)].from_json(values)  # type: ignore[return-value]


@dataclass(frozen=True)
class CharLSTMConfig(ModelConfig):
    """The article's model and its sizes. The defaults are the article's.

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
        super().__post_init__()
        _require(self.name == "char-lstm", "the model must be 'char-lstm'", self.name)
        _require(self.cell in CELLS, f"the cell must be one of {', '.join(CELLS)}", self.cell)
        _require(1 <= self.units <= 8192, "units must be between 1 and 8192", self.units)
        _require(1 <= self.layers <= 16, "layers must be between 1 and 16", self.layers)
        _require_dropout(self.dropout)

    def __str__(self) -> str:
        return f"a character {self.cell.upper()} of {self.units} units, dropout {self.dropout:g}"


@dataclass(frozen=True)
class TransformerConfig(ModelConfig):
    """A subword Transformer: sizes, the parts that it is made of, and its vocabulary.

    ``width`` is that of every layer, ``feed_forward`` the inner width of the feed-forward network, which has a third
    matrix with ``gated``. ``norm`` is ``"rms"`` or ``"layer"``, ``positions`` ``"rotary"`` or ``"sinusoidal"``.
    ``vocabulary_size=None`` chooses it from the corpus; ``joint`` makes one vocabulary for both sides, whose embeddings
    they share; ``subwords`` is SentencePiece's model type.
    """

    name: str = "transformer"
    width: int = 256
    heads: int = 4
    feed_forward: int = 1024
    encoder_layers: int = 3
    decoder_layers: int = 2
    norm: str = "rms"
    gated: bool = False
    positions: str = "rotary"
    query_key_norm: bool = False
    dropout: float = 0.1
    vocabulary_size: int | None = None
    joint: bool = True
    subwords: str = "unigram"

    def __post_init__(self) -> None:
        super().__post_init__()
        _require(self.name == "transformer", "the model must be 'transformer'", self.name)
        _require(8 <= self.width <= 8192, "the width must be between 8 and 8192", self.width)
        _require(
            1 <= self.heads <= self.width // 2 and self.width % (2 * self.heads) == 0,
            f"the width ({self.width}) must be a multiple of twice the heads",
            self.heads,
        )
        _require(1 <= self.feed_forward <= 65536, "feed-forward must be between 1 and 65536", self.feed_forward)
        for side, layers in (("encoder", self.encoder_layers), ("decoder", self.decoder_layers)):
            _require(1 <= layers <= 64, f"{side} layers must be between 1 and 64", layers)
        _require(self.norm in NORMS, f"the norm must be one of {', '.join(NORMS)}", self.norm)
        _require(self.positions in POSITIONS, f"positions must be one of {', '.join(POSITIONS)}", self.positions)
        _require_dropout(self.dropout)
        _require(
            self.vocabulary_size is None or MIN_VOCABULARY <= self.vocabulary_size <= MAX_VOCABULARY,
            f"the vocabulary size must be between {MIN_VOCABULARY} (256 bytes and what is reserved stand in it) and "
            f"{MAX_VOCABULARY}",
            self.vocabulary_size,
        )
        _require(self.subwords in SUBWORDS, f"subwords must be one of {', '.join(SUBWORDS)}", self.subwords)

    def __str__(self) -> str:
        layers = f"{self.encoder_layers} + {self.decoder_layers} layers"
        return f"a transformer of width {self.width}, {layers}, dropout {self.dropout:g}"


SIZES: dict[str, dict[str, int]] = {
    "tiny": {"width": 128, "heads": 4, "feed_forward": 512, "encoder_layers": 3, "decoder_layers": 1},
    "small": {"width": 256, "heads": 4, "feed_forward": 1024, "encoder_layers": 3, "decoder_layers": 2},
    "base": {"width": 512, "heads": 8, "feed_forward": 2048, "encoder_layers": 6, "decoder_layers": 3},
}
"""What ``--size`` sets."""


@dataclass(frozen=True)
class TrainConfig(_Config):
    """How a model is fitted. The defaults are the article's, with an end when the dev loss stops falling; for a
    Transformer see `dragoman.recipe`.

    Training ends at the first of the limits that are given: ``epochs``, ``steps`` (batches), ``minutes`` from the start
    of the program to the finished bundle; where none is given, after ``DEFAULT_EPOCHS``. A batch has ``batch_size``
    pairs, or ``batch_tokens`` target tokens where pairs are packed into rows; the gradients of ``accumulation`` batches
    make one update.

    ``learning_rate=None`` is the optimizer's own default. It is reached after the share ``warmup`` of all steps, and
    then follows the ``schedule``: ``"linear"`` and ``"cosine"`` fall to zero at the last step. ``weight_decay=None`` is
    the optimizer's own, ``clip`` the largest norm that all gradients together may have. ``averaging`` is the momentum
    of an exponential average of the weights, which is then validated and kept. ``label_smoothing`` is the share of
    probability that the target gives to all tokens alike; ``sampled_softmax`` the number of tokens of a larger target
    vocabulary that a step's softmax goes over. ``subword_sampling`` trains on other segmentations each time.
    ``precision`` is that of the products.

    ``patience`` counts validations (one an epoch, or one every 2,000 steps of a longer one) without a better dev score:
    ``early_stopping`` says whether that is the ``"loss"`` or ``"chrf"``. ``dev`` and ``test`` are the shares of the
    pairs that the split aims at.
    """

    epochs: int | None = None
    steps: int | None = None
    minutes: float | None = None
    batch_size: int = 64
    batch_tokens: int = 4096
    accumulation: int = 1
    optimizer: str = "rmsprop"
    learning_rate: float | None = None
    warmup: float = 0.0
    schedule: str = "constant"
    weight_decay: float | None = None
    clip: float | None = None
    averaging: float | None = None
    label_smoothing: float = 0.0
    sampled_softmax: int | None = None
    subword_sampling: bool = False
    aligned_embeddings: bool = False
    further_pairs: bool = False
    precision: str = "float32"
    early_stopping: str = "loss"
    patience: int = 5
    seed: int = 0
    dev: float = 0.02
    test: float = 0.02

    def __post_init__(self) -> None:
        super().__post_init__()
        limits = (("epochs", self.epochs, MAX_EPOCHS), ("steps", self.steps, MAX_STEPS))
        for name, limit, most in limits:
            _require(limit is None or 1 <= limit <= most, f"{name} must be between 1 and {most}", limit)
        _require(
            self.minutes is None or 0.0 < self.minutes <= MAX_MINUTES,
            f"minutes must be above 0 and at most {MAX_MINUTES} (a year)",
            self.minutes,
        )
        _require(1 <= self.batch_size <= 65536, "the batch size must be between 1 and 65536", self.batch_size)
        _require(64 <= self.batch_tokens <= 2**22, "the batch tokens must be between 64 and 4194304", self.batch_tokens)
        _require(1 <= self.accumulation <= 4096, "accumulation must be between 1 and 4096", self.accumulation)
        _require(0.0 <= self.warmup < 1.0, "warmup must be at least 0 and below 1 (a share of all steps)", self.warmup)
        decay = self.weight_decay
        _require(decay is None or 0.0 <= decay < 1.0, "weight decay must be at least 0 and below 1", decay)
        _require(self.clip is None or 0.0 < self.clip <= 1e6, "clip must be above 0 and at most 1000000", self.clip)
        averaging = self.averaging is None or 0.0 < self.averaging < 1.0
        _require(averaging, "averaging must be between 0 and 1", self.averaging)
        smoothing = self.label_smoothing
        _require(0.0 <= smoothing < 1.0, "label smoothing must be at least 0 and below 1", smoothing)
        _require(
            self.sampled_softmax is None or 16 <= self.sampled_softmax <= MAX_VOCABULARY,
            f"the columns of a sampled softmax must be between 16 and {MAX_VOCABULARY}",
            self.sampled_softmax,
        )
        precisions = ", ".join(TRAINING_PRECISIONS)
        _require(self.precision in TRAINING_PRECISIONS, f"the precision must be one of {precisions}", self.precision)
        stopping = ", ".join(STOPPING)
        _require(self.early_stopping in STOPPING, f"early stopping must be one of {stopping}", self.early_stopping)
        _require(self.patience >= 1, "patience must be at least 1", self.patience)
        _require(
            self.learning_rate is None or 0.0 < self.learning_rate <= 1000.0,
            "the learning rate must be above 0 and at most 1000",
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
    """How a translation is searched for: by beam search, greedily with ``beam=1``, or by sampling with a
    ``temperature``.

    ``beam=None`` is the engine's own: the width that its model is best used with. ``n_best`` hypotheses are returned
    for each sentence. ``max_length`` counts target tokens, the end token included; ``None`` is the engine's own limit.
    ``top_k=0`` samples from the whole vocabulary. Hypotheses are ranked by their summed log-probability over their
    length to the power of ``length_penalty``; ``repetition_penalty`` above 1 makes tokens less likely that stand in the
    hypothesis already, and no n-gram of ``no_repeat_ngram`` tokens comes twice (0: as often as it likes).
    ``token_scores`` and ``attention`` ask for those of each token.
    """

    beam: int | None = None
    n_best: int = 1
    temperature: float | None = None
    top_k: int = 0
    seed: int = 0
    max_length: int | None = None
    length_penalty: float = 1.0
    repetition_penalty: float = 1.0
    no_repeat_ngram: int = 0
    token_scores: bool = False
    attention: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        is_beam = self.beam is None or 1 <= self.beam <= MAX_BEAM
        _require(is_beam, f"beam must be between 1 and {MAX_BEAM}", self.beam)
        _require(1 <= self.n_best <= MAX_BEAM, f"n-best must be between 1 and {MAX_BEAM}", self.n_best)
        _require(
            self.temperature is None or 0.001 <= self.temperature <= 1000.0,
            "the temperature must be between 0.001 and 1000",
            self.temperature,
        )
        _require(0 <= self.top_k <= MAX_VOCABULARY, f"top-k must be between 0 and {MAX_VOCABULARY}", self.top_k)
        _require(self.seed >= 0, "the seed must be 0 or more", self.seed)
        _require(
            self.max_length is None or 1 <= self.max_length <= MAX_TRG_LENGTH,
            f"max length must be between 1 and {MAX_TRG_LENGTH}",
            self.max_length,
        )
        _require(0.0 <= self.length_penalty <= 10.0, "the length penalty must be from 0 to 10", self.length_penalty)
        _require(
            1.0 <= self.repetition_penalty <= 10.0,
            "the repetition penalty must be from 1 (none) to 10",
            self.repetition_penalty,
        )
        _require(0 <= self.no_repeat_ngram <= 1000, "no-repeat-ngram must be between 0 and 1000", self.no_repeat_ngram)
        if self.temperature is None:
            enough = self.beam is None or self.n_best <= self.beam
            _require(enough, f"n-best can be at most the beam ({self.beam})", self.n_best)
            _require(self.top_k == 0, "top-k needs a temperature: it must be 0", self.top_k)
        else:
            _require(self.beam in (None, 1), "sampling with a temperature has no beam: beam must be 1", self.beam)

    def beam_or(self, default: int) -> int:
        """Return the width of the beam where an engine's own is ``default``: never narrower than ``n_best``; 1 for
        sampling.
        """
        if self.temperature is not None:
            return 1
        return max(default, self.n_best) if self.beam is None else self.beam
