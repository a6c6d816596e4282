"""A training history, and the scores of a report, to a picture.

The only room that touches matplotlib, which it imports late. It draws on figures of its own and never through
``pyplot``, whose state belongs to whoever uses Dragoman as a library. The colours are those of Okabe and Ito (2008),
which colour-blind people tell apart; lines differ in their marks and bars in their hatching too.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .errors import BundleError, MissingPackageError
from .report import ScoresByLength

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from .bundle import Bundle

History: TypeAlias = Sequence[Mapping[str, float]]
Numbers: TypeAlias = NDArray[np.float64]

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#595959"
INCHES = (10.0, 6.0)
DPI = 100
"""1000 by 600 pixels: a picture that a laptop shows whole at 100 %."""

MAX_TITLE = 100
MAX_MARKS = 40
MAX_EPOCH_TICKS = 10


def training_picture(bundle: Bundle, name: str) -> bytes | None:
    """Return the training curve of ``bundle``, called ``name``, as a PNG file; None if it has no history.

    Raises `BundleError` for a history that is none, and `MissingPackageError` without matplotlib.
    """
    if not bundle.history:
        return None
    n_pairs = ", ".join(f"{n:,} {part}" for part, n in bundle.provenance.n_pairs.items())
    title = f"Training of {name}, {bundle.src} to {bundle.trg}, {bundle.trained.config.name}"
    try:
        return to_png(training_figure(bundle.history, title=title, data=f"{bundle.provenance.name}: {n_pairs} pairs"))
    except (ArithmeticError, AttributeError, TypeError, ValueError) as error:
        raise BundleError(f"{name}: the history in history.json is damaged ({error}); copy the bundle again") from error


def lengths_picture(bundle: Bundle, name: str) -> bytes | None:
    """Return what ``bundle``, called ``name``, scores by sentence length as a PNG file; None if it does not say.

    Drawn is the test part, or dev where test was not scored. Raises `BundleError` for scores that are none, and
    `MissingPackageError` without matplotlib.
    """
    try:
        report = bundle.scores.get("test") or bundle.scores.get("dev") or {}
        if "by_length" not in report:
            return None
        by_length = ScoresByLength.from_json(report["by_length"])
        title = f"Scores of {name}, {bundle.src} to {bundle.trg}, by sentence length"
        return to_png(
            lengths_figure(by_length, title=title, data=f"{report['test_name']}: {report['n_pairs']:,} pairs")
        )
    except (LookupError, TypeError, ValueError) as error:
        raise BundleError(f"{name}: the scores in bundle.json are damaged ({error}); copy the bundle again") from error


def training_figure(history: History, *, title: str, data: str) -> Figure:
    """Return the training curve: loss, and below it the dev scores (without any, the accuracy), against minutes.

    Entries of ``history`` need ``seconds``, their own duration; losses are ``loss`` and ``dev_loss`` in nats a token,
    accuracies shares, dev scores (``dev_chrf``, ``dev_bleu``, ``dev_score``) 0 to 100. Other fields, and what is not
    finite, are not drawn. ``title`` says whose training it is and ``data`` on what. Raises `MissingPackageError`
    without matplotlib.
    """
    seconds = _column(history, "seconds")
    minutes = np.cumsum(np.where(np.isfinite(seconds), seconds, 0.0)) / 60
    figure = _new_figure(title, data)
    losses, scores = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    _draw_line(losses, minutes, _column(history, "loss"), "training", BLUE, "o")
    _draw_line(losses, minutes, _column(history, "dev_loss"), "dev", ORANGE, "s")
    _mark_best((losses, scores), minutes, history)
    losses.set_ylabel("loss, nats a token")
    _draw_scores(scores, minutes, history)
    scores.set_xlabel("training time, minutes")
    for axes in (losses, scores):
        axes.grid(color="0.9")
        _add_legend(axes)
    _number_entries(losses, minutes, history)
    return figure


def _column(history: History, name: str) -> Numbers:
    return np.array([float(entry.get(name, np.nan)) for entry in history], dtype=np.float64)


def _draw_line(axes: Axes, minutes: Numbers, values: Numbers, label: str, color: str, marker: str) -> None:
    known = np.isfinite(values)
    if known.any():
        every = -(-int(known.sum()) // MAX_MARKS)
        axes.plot(minutes[known], values[known], color=color, marker=marker, markersize=4, markevery=every, label=label)


def _mark_best(panels: Sequence[Axes], minutes: Numbers, history: History) -> None:
    """Mark the entry with the lowest dev loss, whose weights were kept."""
    dev_loss = _column(history, "dev_loss")
    if not np.isfinite(dev_loss).any():
        return
    best = int(np.nanargmin(np.where(np.isfinite(dev_loss), dev_loss, np.nan)))
    kind, numbers = _numbering(history)
    label = f"best, kept: {kind} {numbers[best]:,},\ndev loss {dev_loss[best]:.4g}"
    for axes in panels:
        axes.axvline(minutes[best], color=GREY, linestyle=":", linewidth=1)
    panels[0].plot(
        minutes[best], dev_loss[best], "*", color="black", markersize=12, linestyle="none", label=label, zorder=3
    )


_DEV_SCORES = {
    "dev_chrf": ("dev chrF2", ORANGE, "s"),
    "dev_bleu": ("dev BLEU", GREEN, "^"),
    "dev_score": ("dev score", BLUE, "o"),
}


def _draw_scores(axes: Axes, minutes: Numbers, history: History) -> None:
    scores = [name for name in _DEV_SCORES if any(name in entry for entry in history)]
    for name in scores:
        _draw_line(axes, minutes, _column(history, name), *_DEV_SCORES[name])
    if scores:
        axes.set_ylabel("score, 0 to 100")
        return
    _draw_line(axes, minutes, 100 * _column(history, "accuracy"), "training", BLUE, "o")
    _draw_line(axes, minutes, 100 * _column(history, "dev_accuracy"), "dev", ORANGE, "s")
    axes.set_ylabel("tokens right, %")


def _numbering(history: History) -> tuple[str, list[int]]:
    """What the entries are counted in: epochs if each has its own, else steps, else their own number."""
    for kind in ("epoch", "step"):
        numbers = _column(history, kind)
        if np.isfinite(numbers).all() and len(np.unique(numbers)) == len(numbers):
            return kind, [int(number) for number in numbers]
    return "entry", list(range(1, len(history) + 1))


def _number_entries(axes: Axes, minutes: Numbers, history: History) -> None:
    """Write along the top which epoch or step ended when, so many as can be read."""
    kind, numbers = _numbering(history)
    apart = np.ptp(minutes) / MAX_EPOCH_TICKS if len(minutes) else 0.0
    ticks: list[int] = []
    for i in range(len(numbers)):
        if not ticks or minutes[i] - minutes[ticks[-1]] >= apart:
            ticks.append(i)
    top = axes.secondary_xaxis("top")
    top.set_xticks(minutes[ticks].tolist(), [f"{numbers[i]:,}" for i in ticks])
    top.set_xlabel(kind)


def lengths_figure(by_length: ScoresByLength, *, title: str, data: str) -> Figure:
    """Return the scores by the length of the source, with 95 % intervals and the number of sentences in each class.

    ``title`` says whose scores these are and ``data`` on what. Raises `MissingPackageError` without matplotlib.
    """
    figure = _new_figure(title, data)
    axes = figure.subplots()
    names = list(dict.fromkeys(score.name for entry in by_length.classes for score in entry.scores))
    width = 0.8 / max(1, len(names))
    for i, name in enumerate(names):
        places = np.arange(len(by_length.classes)) + (i - (len(names) - 1) / 2) * width
        _draw_bars(axes, by_length, name, places, width, *_BARS[i % len(_BARS)])
    labels = [f"{entry}\nn = {entry.n_pairs:,}" for entry in by_length.classes]
    axes.set_xticks(range(len(labels)), labels)
    axes.set_xlim(-0.6, max(1, len(labels)) - 0.4)
    axes.set_xlabel(f"length of the source sentence, {by_length.unit} (n: number of sentences)")
    axes.set_ylabel("score, 0 to 100, with 95 % interval")
    axes.set_ylim(0, 107)  # with room for the number above a bar of 100
    axes.set_yticks(range(0, 101, 20))
    axes.grid(axis="y", color="0.9")
    axes.set_axisbelow(True)
    _add_legend(axes)
    return figure


_BARS = ((BLUE, ""), (ORANGE, "//"), (GREEN, ".."))


def _draw_bars(
    axes: Axes, by_length: ScoresByLength, name: str, places: NDArray[np.floating], width: float, color: str, hatch: str
) -> None:
    """Draw the score ``name`` of each class as a bar at its place, with its interval."""
    found = [next((s for s in entry.scores if s.name == name), None) for entry in by_length.classes]
    value, low, high = np.array([(s.value, s.low, s.high) if s else (np.nan,) * 3 for s in found]).T
    axes.bar(places, value, width * 0.92, label=name, color=color, alpha=0.75, hatch=hatch, edgecolor="white")
    # Resamples need not lie on both sides of the value, and a bar's error cannot be negative.
    errors = np.maximum(0.0, (value - low, high - value))
    axes.errorbar(places, value, errors, linestyle="none", color="black", capsize=3, linewidth=1)
    for place, top, score in zip(places, np.fmax(value, high), value, strict=True):
        if np.isfinite(score):
            axes.text(place, top + 1, f"{score:.1f}", ha="center", fontsize=9)


def _new_figure(title: str, data: str) -> Figure:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingPackageError(
            f"pictures need matplotlib, and {error.name!r} is not installed", "dragoman[plots]"
        ) from error
    figure = Figure(INCHES, dpi=DPI, layout="constrained")
    heading = figure.suptitle(f"{_shortened(title)}\n{_shortened(data)}", x=0.01, ha="left")
    heading.set_parse_math(False)  # a dollar in the name of a file is a dollar
    return figure


def _shortened(text: str) -> str:
    """Return ``text`` as one line that fits above a picture, without its middle if it is too long."""
    line = " ".join(text.split())
    half = MAX_TITLE // 2
    return line if len(line) <= MAX_TITLE else f"{line[: half - 1]}\N{HORIZONTAL ELLIPSIS}{line[-half:]}"


def _add_legend(axes: Axes) -> None:
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)


def to_png(figure: Figure) -> bytes:
    """Return ``figure`` as the bytes of a PNG file."""
    file = io.BytesIO()
    with warnings.catch_warnings():
        # A name may have letters that the font lacks; it shows boxes for them.
        warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
        figure.savefig(file, format="png", dpi="figure")  # a PNG is always drawn by Agg
    return file.getvalue()
