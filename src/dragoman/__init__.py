"""Dragoman trains, corrects and serves your own translator, from sentence pairs, on a plain CPU.

The public names below load what they need on first use, so that ``import dragoman`` is quick and light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .config import CharLSTMConfig as CharLSTMConfig
    from .config import SearchConfig as SearchConfig
    from .config import TrainConfig as TrainConfig
    from .config import TransformerConfig as TransformerConfig
    from .corpus import open_pairs as open_pairs
    from .evaluation import evaluate as evaluate
    from .training import train as train
    from .translator import Translator as Translator

_HOMES = {
    "CharLSTMConfig": "config",
    "SearchConfig": "config",
    "TrainConfig": "config",
    "TransformerConfig": "config",
    "Translator": "translator",
    "evaluate": "evaluation",
    "open_pairs": "corpus",
    "train": "training",
}

__all__ = [*_HOMES, "__version__"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'dragoman' has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
