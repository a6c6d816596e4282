"""From runs to the document that a bench writes: medians, spread, and ratios beside their targets. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple, TypedDict

from .harness import Run, Side


@dataclass(frozen=True)
class Target:
    """What is promised of ``ours``.

    With a ``peer``: to be at least ``target`` times better than it in ``figure``. Without: a ``figure`` of at most
    ``target``, or of at least as much if it is a rate. ``None`` promises nothing, and the row only shows.
    """

    what: str
    figure: str
    ours: str
    peer: str | None = None
    target: float | None = None
    stretch: float | None = None


@dataclass(frozen=True)
class Bench:
    """The sides of a bench, its targets, and what all sides must say alike about themselves.

    The first ``warm_up`` rounds are run and not counted.
    """

    name: str
    sides: tuple[Side, ...]
    targets: tuple[Target, ...]
    must_agree: tuple[str, ...] = ()
    warm_up: int = 0


class Spread(NamedTuple):
    """The median of some values, and the least and the greatest."""

    median: float
    least: float
    greatest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Return the spread of ``values``."""
        return cls(median(values), min(values), max(values))


class FigureRow(TypedDict):
    """One figure of one side over the rounds."""

    side: str
    figure: str
    spread: Spread


class TargetRow(TypedDict):
    """One target with what was measured: a ratio ("times") beside a peer, else the figure itself."""

    what: str
    figure: str
    ours: float
    peer: float | None
    measured: Spread
    target: float | None
    stretch: float | None
    met: bool | None


class Document(TypedDict):
    """What a bench writes as JSON."""

    bench: str
    date: str
    command: str
    machine: dict[str, Any]
    versions: dict[str, str]
    sides: dict[str, Any]
    figures: list[FigureRow]
    targets: list[TargetRow]
    disagreements: list[str]


def higher_is_better(figure: str) -> bool:
    """Whether more of ``figure`` is better: a rate is, time and memory are not."""
    return figure.endswith("_per_s")


def times_better(figure: str, ours: float, peer: float) -> float:
    """Return how many times better ``ours`` is than ``peer``."""
    return ours / peer if higher_is_better(figure) else peer / ours


def without_folders(words: Sequence[str]) -> list[str]:
    """Return the words of a command, paths as their last name: results tell of no one's folders."""
    return [word.rstrip("/").rpartition("/")[2] for word in words]


def summarize(
    bench: Bench,
    runs: Mapping[str, Sequence[Run]],
    *,
    date: str,
    command: str,
    machine: dict[str, Any],
    versions: dict[str, str],
) -> Document:
    """Return the document of ``runs``, the warm-up rounds first in them."""
    counted = {side: its_runs[bench.warm_up :] for side, its_runs in runs.items()}
    return Document(
        bench=bench.name,
        date=date,
        command=command,
        machine=machine,
        versions=versions,
        sides={side.name: _side(side, runs[side.name], bench.warm_up) for side in bench.sides},
        figures=[
            FigureRow(side=side, figure=figure, spread=Spread.of(values)) for side, figure, values in _values(counted)
        ],
        targets=[_target_row(target, counted) for target in bench.targets],
        disagreements=_disagreements(bench, counted),
    )


def _values(runs: Mapping[str, Sequence[Run]]) -> Iterator[tuple[str, str, list[float]]]:
    """Yield side, figure and its values over the rounds, in the order in which they came."""
    for side, its_runs in runs.items():
        for figure in its_runs[0].figures:
            yield side, figure, [run.figures[figure] for run in its_runs]


def _side(side: Side, runs: Sequence[Run], warm_up: int) -> dict[str, Any]:
    return {
        "command": without_folders(side.command),
        "env": dict(side.env),
        "about": runs[-1].about,
        "rounds": [{"counted": number >= warm_up, **run.figures} for number, run in enumerate(runs)],
    }


def _target_row(target: Target, runs: Mapping[str, Sequence[Run]]) -> TargetRow:
    ours = [run.figures[target.figure] for run in runs[target.ours]]
    peer = [run.figures[target.figure] for run in runs[target.peer]] if target.peer else None
    if peer is None:
        spread = Spread.of(ours)
    else:
        # The sides of one round ran one after the other: a ratio within a round suffers least from the machine's moods.
        spread = Spread.of([times_better(target.figure, a, b) for a, b in zip(ours, peer, strict=True)])
    return TargetRow(
        what=target.what,
        figure=target.figure,
        ours=median(ours),
        peer=median(peer) if peer else None,
        measured=spread,
        target=target.target,
        stretch=target.stretch,
        met=_met(spread.median, target),
    )


def _met(value: float, target: Target) -> bool | None:
    if target.target is None:
        return None
    at_least = target.peer or higher_is_better(target.figure)
    return value >= target.target if at_least else value <= target.target


def _disagreements(bench: Bench, runs: Mapping[str, Sequence[Run]]) -> list[str]:
    """What the sides should say alike and do not."""
    return [name for name in bench.must_agree if len({run.about.get(name) for its in runs.values() for run in its}) > 1]
