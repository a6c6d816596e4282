"""What is measured: the directions of our bundles, and Apertium."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from dragoman import Translator

from ..peers import apertium

PEERS = {"apertium": (apertium.MODES, apertium.translate)}


class System(NamedTuple):
    """A translator of one direction, by its ``name``."""

    name: str
    src: str
    trg: str
    translate: Callable[[Sequence[str]], list[str]]


def bundle(path: Path) -> Iterator[System]:
    """Yield a system for each direction of the bundle in ``path``."""
    translator = Translator.load(path)
    assert translator.bundle is not None
    for one in (translator, *([translator.reversed()] if translator.bundle.both else [])):
        yield System(path.name, one.src, one.trg, _texts(one))


def peer(name: str) -> Iterator[System]:
    """Yield a system for each direction of a peer."""
    modes, translate = PEERS[name]
    for src, trg in modes:
        yield System(name, src, trg, lambda texts, src=src, trg=trg: translate(texts, src, trg))  # type: ignore[misc]


def _texts(translator: Translator) -> Callable[[Sequence[str]], list[str]]:
    return lambda texts: [translation.text for translation in translator.stream(texts)]
