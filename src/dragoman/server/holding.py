"""New bundles that are served only when their owner says so: unfinished ones, and those that are worth less than what
they were made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ..bundle import Bundle
from ..verdict import CHANCE


class Held(NamedTuple):
    """A bundle that is held back, its folder, and why."""

    bundle: Bundle
    path: Path
    reason: str


def reason_to_hold(bundle: Bundle) -> str | None:
    """Return why ``bundle`` should not be served unasked, or None if it should.

    It is held back if its training was stopped, or if on held-out sentences it is worse than copying the translation of
    the nearest training sentence, by the same test as in its verdict.
    """
    if not bundle.finished:
        return "its training was stopped before its end"
    for part, value, nearest in _worse_than_copying(bundle.scores):
        return (
            f"it is worse than copying the nearest training sentence: chrF {value:.1f} against {nearest:.1f} ({part})"
        )
    return None


def _worse_than_copying(scores: dict[str, Any]) -> Iterator[tuple[str, float, float]]:
    """The parts on which a model is, with its score and that of the copies. The reports in a bundle are not checked
    when it is loaded, so they may hold anything: then they say nothing.
    """
    for part, report in scores.items():
        try:
            compared = report["against_baseline"]
            value, nearest = float(compared["value_a"]), float(compared["value_b"])
            if value < nearest and compared["p_value"] < CHANCE:
                yield part, value, nearest
        except (KeyError, TypeError, ValueError):
            continue


class Wishes:
    """The names of bundles that are served all the same, as empty files in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, name: str) -> bool:
        """Whether the bundle of that name is to be served."""
        return (self._folder / name).exists()

    def add(self, name: str) -> None:
        """Let it be served from now on, and after the next start too."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / name).touch()
