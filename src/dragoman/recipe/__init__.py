"""Model and training for a corpus and a budget, by the rules of docs/recipe.md: what who says nothing but minutes gets.

What is chosen by hand stays as it is, and the rest is chosen around it. `rules` has the numbers, `expectation` says
what comes of them. Knows of numbers only: neither of files of pairs nor of Keras.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from ..config import SIZES, CharLSTMConfig, ModelConfig, TrainConfig, TransformerConfig
from ..errors import UsageError
from .rules import Task, model_rules, training_rules

__all__ = ["MODELS", "Task", "choose"]

MODELS: dict[str, type[CharLSTMConfig] | type[TransformerConfig]] = {
    "transformer": TransformerConfig,
    "char-lstm": CharLSTMConfig,
}


def choose(task: Task, choices: Mapping[str, Any]) -> tuple[ModelConfig, TrainConfig]:
    """Return the model and the training for ``task``, with ``choices`` by hand.

    ``choices`` are fields of `TrainConfig` and of the model's configuration, its ``name`` ("transformer" if it is not
    given), and the ``size`` of a Transformer. What cannot be is a `UsageError`.
    """
    choices = dict(choices)
    name, size = choices.pop("name", "transformer"), choices.pop("size", None)
    if name not in MODELS:
        raise UsageError(f"the model must be one of {', '.join(MODELS)}, not {name!r}")
    training = {field: choices.pop(field) for field in _fields(TrainConfig) if field in choices}
    _refuse_foreign(name, choices)
    TrainConfig(**training)  # the rules count on numbers that can be
    if name == "char-lstm":
        if size is not None:
            raise UsageError("--size is an option of --model transformer; give --units and --layers")
        return CharLSTMConfig(**choices), TrainConfig(**training)
    if size is not None and size not in SIZES:
        raise UsageError(f"the size must be one of {', '.join(SIZES)}, not {size!r}")
    if "width" in choices:
        TransformerConfig(width=choices["width"], heads=1)
    shape = SIZES[size] if size is not None else {}
    model = TransformerConfig(**{**model_rules(task, {**shape, **choices}), **shape, **choices})
    return model, TrainConfig(**{**training_rules(task, model.width), **training})


def _fields(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _refuse_foreign(name: str, choices: Mapping[str, Any]) -> None:
    unknown = sorted(choices.keys() - set(_fields(MODELS[name])))
    if not unknown:
        return
    owner = next((other for other, kind in MODELS.items() if unknown[0] in _fields(kind)), None)
    if owner is None:
        raise UsageError(f"there is no choice {unknown[0]!r}")
    option = "--" + unknown[0].replace("_", "-")
    raise UsageError(f"{option} is an option of --model {owner}, not of {name}; leave it out")
