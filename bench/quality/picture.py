"""Outcomes as a picture: the minutes that a training took, on a logarithmic axis, against its scores.

Like `dragoman.plots` it imports matplotlib late, draws on a figure of its own, and uses the colours of Okabe and Ito.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from dragoman.plots import BLUE, GREEN, GREY, ORANGE, to_png

from .material import HARDER, TEST
from .outcomes import Outcome
from .report import SHOWN

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INCHES, DPI = (10.0, 8.0), 100
STYLES = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"), (GREY, "D"))
ROOM = 1.25
"""How much more, and less, than all minutes the axis shows: runs of as many minutes stand near each other."""
WHAT = {TEST: "test part", HARDER: "its harder part"}


def picture(outcomes: Sequence[Outcome], *, title: str) -> bytes:
    """Return a PNG file: a panel for each test set and score, a line for each system, 95 % intervals as bars."""
    return to_png(quality_figure(outcomes, title=title))


def quality_figure(outcomes: Sequence[Outcome], *, title: str) -> Figure:
    """Return the figure of `picture`."""
    from matplotlib.figure import Figure

    sets = [name for name in WHAT if any(name in outcome.scores for outcome in outcomes)]
    figure = Figure(INCHES, dpi=DPI, layout="constrained")
    figure.suptitle(title, x=0.01, ha="left").set_parse_math(False)
    panels = figure.subplots(len(sets), len(SHOWN), sharex=True, squeeze=False)
    for row, test_set in zip(panels, sets, strict=True):
        for axes, score in zip(row, SHOWN, strict=True):
            _draw(axes, outcomes, test_set, score)
    for axes in panels[-1]:
        _label_minutes(axes, outcomes)
    figure.legend(*panels[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False)
    return figure


def _draw(axes: Axes, outcomes: Sequence[Outcome], test_set: str, score: str) -> None:
    """Draw a line for each system."""
    systems = list(dict.fromkeys(outcome.task.system for outcome in outcomes))
    for number, system in enumerate(systems):
        color, marker = STYLES[number % len(STYLES)]
        of_system = [outcome for outcome in outcomes if outcome.task.system == system]
        _draw_line(axes, of_system, test_set, score, color=color, marker=marker, label=system)
    n_pairs = {outcome.n_pairs[test_set] for outcome in outcomes if test_set in outcome.n_pairs}
    axes.set_title(f"{WHAT[test_set]}, n = {' or '.join(f'{n:,}' for n in sorted(n_pairs))}", fontsize=10, loc="left")
    axes.set_xscale("log")
    axes.set_ylabel(f"{score}, with 95 % interval")
    axes.set_ylim(bottom=0)
    axes.grid(color="0.9")


def _draw_line(
    axes: Axes, outcomes: Sequence[Outcome], test_set: str, score: str, *, color: str, marker: str, label: str
) -> None:
    """Draw each outcome with its interval, and a line through the means of those of as many minutes; of what nobody
    trains, which has no place on a logarithmic axis, a level.
    """
    found = [
        (outcome.task.minutes, outcome.minutes_taken, of_set.value, of_set.low, of_set.high)
        for outcome in outcomes
        if (of_set := outcome.score(test_set, score)) is not None
    ]
    if not found:
        return
    minutes, taken, value, low, high = np.array(sorted(found)).T
    if not taken.any():
        axes.axhline(value.mean(), color=color, linestyle="dashed", linewidth=1, label=label)
        return
    # Resamples need not lie on both sides of the value, and a bar's error cannot be negative.
    errors = np.maximum(0.0, (value - low, high - value))
    axes.errorbar(
        taken, value, errors, color=color, marker=marker, linestyle="none", capsize=3, linewidth=1, label=label
    )
    of_minutes = [minutes == n for n in np.unique(minutes)]
    axes.plot([taken[rows].mean() for rows in of_minutes], [value[rows].mean() for rows in of_minutes], color=color)


def _label_minutes(axes: Axes, outcomes: Sequence[Outcome]) -> None:
    """Number 1, 2, 5, 10, ... minutes: the powers of ten alone tell little between 1 and 60."""
    from matplotlib.ticker import LogLocator, NullLocator, StrMethodFormatter

    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.xaxis.set_minor_locator(NullLocator())
    taken = [outcome.minutes_taken for outcome in outcomes if outcome.minutes_taken]
    axes.set_xlim(min(taken) / ROOM, max(taken) * ROOM)
    axes.set_xlabel("minutes that the training took")
