"""The numbers of the recipe. docs/recipe.md says how they were found, what was tried beside them, and which of them are
still guesses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

Choice = TypeVar("Choice")

HEAD_WIDTH = 32
INNER_WIDTHS = 4
"""Width of the feed-forward network inside, in widths of the model."""
WIDTHS = ((0, 128), (1200, 160), (2500, 192), (8000, 256))
"""The width of a model whose steps have so many seconds, or more."""
WIDEST = ((0, 128), (20_000, 192), (80_000, 256), (1_000_000, 512))
"""The width at most where there are so many training pairs, or more."""
PATIENT_SECONDS = 8000.0
"""What stands for seconds where a training ends when it gets no better."""
PAIRS_A_SECOND = {128: 900.0, 160: 680.0, 192: 500.0, 256: 280.0, 512: 70.0}
"""Training pairs of 10 target tokens that a model of a width is fitted to in a second."""


TOKENS_A_PAIR = 10
BYTES_A_TOKEN = 4.3
"""Of target text in a subword, about: measured on English-Spanish with a vocabulary of 8,000."""
LEAST_PASSES = 2.0
"""How often a pair should be seen: where the time does not suffice, the pairs that suit best are chosen."""


class Regularisation(NamedTuple):
    """What holds a model back from learning its pairs by heart."""

    dropout: float
    label_smoothing: float


REGULARISED_EPOCHS = (
    (0.0, Regularisation(0.0, 0.1)),
    (5.0, Regularisation(0.1, 0.1)),
    (20.0, Regularisation(0.2, 0.1)),
    (60.0, Regularisation(0.3, 0.2)),
)
"""The regularisation of a model that sees each pair so many times, or more."""


class Task(NamedTuple):
    """What there is to train on, in one direction or ``both``, and the ``seconds`` for the steps, on the machine of
    docs/recipe.md (None: until it gets no better).
    """

    n_pairs: int
    seconds: float | None
    both: bool = False


def model_rules(task: Task, by_hand: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields of a `TransformerConfig` for ``task``, made to go with those that are chosen ``by_hand``."""
    width = by_hand.get("width", min(_at(WIDTHS, _seconds(task)), _at(WIDEST, task.n_pairs)))
    return {
        "width": width,
        "heads": _heads(width),
        "feed_forward": INNER_WIDTHS * width,
        "query_key_norm": True,
        "joint": task.both,
        "dropout": _regularisation(task, width).dropout,
    }


def _heads(width: int) -> int:
    """Return as many heads as divide ``width`` into even parts of `HEAD_WIDTH` or more; 1 where none do."""
    return next((n for n in range(width // HEAD_WIDTH, 1, -1) if width % (2 * n) == 0), 1)


def training_rules(task: Task, width: int) -> dict[str, Any]:
    """Return fields of a `TrainConfig` for ``task`` and a model of this ``width``."""
    return {
        "batch_tokens": 1024,
        "optimizer": "muon",
        "learning_rate": 0.008,
        "warmup": 0.05,
        "schedule": "linear",
        "weight_decay": 0.01,
        "clip": 1.0,
        "label_smoothing": _regularisation(task, width).label_smoothing,
        "sampled_softmax": 2048,
        "aligned_embeddings": True,
        "further_pairs": True,
        "early_stopping": "chrf",
        "patience": 10,
    }


def room(task: Task, width: int) -> float | None:
    """Return the bytes of target text that a model of this ``width`` sees `LEAST_PASSES` times in the seconds of
    ``task``; None where these are not limited.
    """
    if task.seconds is None:
        return None
    return task.seconds * _pairs_a_second(width) * TOKENS_A_PAIR * BYTES_A_TOKEN / LEAST_PASSES / (1 + task.both)


def _pairs_a_second(width: int) -> float:
    return PAIRS_A_SECOND[min(PAIRS_A_SECOND, key=lambda known: abs(known - width))]


def _regularisation(task: Task, width: int) -> Regularisation:
    """Return what the epochs that a model of this ``width`` has time for call for."""
    return _at(REGULARISED_EPOCHS, _seconds(task) * _pairs_a_second(width) / max(1, task.n_pairs))


def _seconds(task: Task) -> float:
    return PATIENT_SECONDS if task.seconds is None else task.seconds


def _at(steps: tuple[tuple[float, Choice], ...], value: float) -> Choice:
    """Return what stands beside the last step that ``value`` reaches."""
    return next(result for least, result in reversed(steps) if value >= least)
