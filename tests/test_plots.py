"""Pictures: what stands on the axes, not how it looks."""

from __future__ import annotations

import struct
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pytest

from dragoman import bundle as bundles
from dragoman.errors import BundleError, MissingPackageError
from dragoman.plots import lengths_figure, lengths_picture, to_png, training_figure, training_picture
from dragoman.report import LengthClass, Score, ScoresByLength

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAN = float("nan")
HISTORY = [
    {"epoch": 1, "loss": 3.0, "accuracy": 0.2, "dev_loss": 2.9, "dev_accuracy": 0.25, "seconds": 90.0},
    {"epoch": 2, "loss": 2.0, "accuracy": 0.4, "dev_loss": 2.2, "dev_accuracy": 0.35, "seconds": 30.0},
    {"epoch": 3, "loss": 1.5, "accuracy": 0.5, "dev_loss": 2.3, "dev_accuracy": 0.30, "seconds": 30.0},
]


def drawn(history: Sequence[dict[str, float]]) -> tuple[Axes, Axes]:
    losses, scores = training_figure(history, title="Training of m", data="pairs.tsv").axes
    return losses, scores


def points(axes: Axes, label: str) -> tuple[list[float], list[float]]:
    """The x and y of the line that the legend calls ``label``."""
    (line,) = (line for line in axes.lines if str(line.get_label()).startswith(label))
    return np.asarray(line.get_xdata()).tolist(), np.asarray(line.get_ydata()).tolist()


def legend(axes: Axes) -> list[str]:
    shown = axes.get_legend()
    return [text.get_text() for text in shown.get_texts()] if shown else []


def top_ticks(axes: Axes) -> tuple[str, list[str]]:
    (top,) = axes.child_axes
    return top.get_xlabel(), [text.get_text() for text in top.get_xticklabels()]


def assert_png(data: bytes | None) -> None:
    """A PNG file that a laptop's screen holds."""
    assert data is not None
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    assert (width, height) == (1000, 600)
    assert 5_000 < len(data) < 300_000


def test_losses_stand_against_the_minutes_so_far() -> None:
    losses, accuracy = drawn(HISTORY)
    assert points(losses, "training") == ([1.5, 2.0, 2.5], [3.0, 2.0, 1.5])
    assert points(losses, "dev") == ([1.5, 2.0, 2.5], [2.9, 2.2, 2.3])
    assert points(losses, "best") == ([2.0], [2.2])
    assert legend(losses) == ["training", "dev", "best, kept: epoch 2,\ndev loss 2.2"]
    assert top_ticks(losses) == ("epoch", ["1", "2", "3"])
    assert (losses.get_ylabel(), accuracy.get_xlabel()) == ("loss, nats a token", "training time, minutes")
    assert points(accuracy, "dev")[1] == pytest.approx([25, 35, 30])
    assert accuracy.get_ylabel() == "tokens right, %"


def test_dev_scores_take_the_place_of_the_accuracy() -> None:
    chrf = [NAN, 30.0, 40.0]
    _, scores = drawn(
        [{**entry, "dev_chrf": score, "dev_seconds": 9.0} for entry, score in zip(HISTORY, chrf, strict=True)]
    )
    assert points(scores, "dev chrF2") == ([2.0, 2.5], [30.0, 40.0])
    assert legend(scores) == ["dev chrF2"]
    assert scores.get_ylabel() == "score, 0 to 100"


def test_entries_inside_an_epoch_are_counted_in_steps() -> None:
    losses, _ = drawn([{**entry, "epoch": 1, "step": 1000.0 * i} for i, entry in enumerate(HISTORY, start=1)])
    assert top_ticks(losses) == ("step", ["1,000", "2,000", "3,000"])
    assert "best, kept: step 2,000,\ndev loss 2.2" in legend(losses)


def test_many_epochs_stay_readable() -> None:
    losses, _ = drawn([{**HISTORY[0], "epoch": i, "seconds": 60.0} for i in range(1, 501)])
    _, labels = top_ticks(losses)
    assert 5 <= len(labels) <= 11
    assert points(losses, "training")[0] == pytest.approx(list(range(1, 501)))


@pytest.mark.parametrize(
    "history",
    [
        [],
        [{}],
        [{"epoch": 1}],
        HISTORY[:1],
        [{**HISTORY[0], "seconds": 0.0}] * 3,
        [{**HISTORY[0], "seconds": float("inf")}] * 3,
        [dict.fromkeys(HISTORY[0], NAN)] * 2,
        [{**entry, "loss": NAN, "dev_loss": float("inf"), "dev_bleu": NAN} for entry in HISTORY],
    ],
    ids=["none", "empty", "number only", "one", "no time", "endless", "nan", "diverged"],
)
def test_what_is_missing_is_not_drawn(history: list[dict[str, float]]) -> None:
    figure = training_figure(history, title="t", data="d")
    assert all(np.isfinite(np.asarray(line.get_ydata(), float)).all() for axes in figure.axes for line in axes.lines)
    assert_png(to_png(figure))


def test_the_best_is_a_number() -> None:
    losses, _ = drawn([{**HISTORY[0], "dev_loss": NAN}, {**HISTORY[1], "dev_loss": float("-inf")}, HISTORY[2]])
    assert points(losses, "best") == ([2.5], [2.3])


BY_LENGTH = ScoresByLength(
    "words",
    (
        LengthClass(1, 2, 1500, (Score("BLEU", 60.0, 55.0, 64.0, ""), Score("chrF2", 70.0, 68.0, 73.0, ""))),
        # An interval beside its value, as a skewed bootstrap may have it.
        LengthClass(7, 9, 40, (Score("BLEU", 20.0, 21.0, 30.0, ""), Score("chrF2", 40.0, 33.0, 45.0, ""))),
        LengthClass(30, None, 1, (Score("BLEU", NAN, NAN, NAN, ""), Score("chrF2", 0.0, 0.0, 0.0, ""))),
    ),
)


def lengths(by_length: ScoresByLength = BY_LENGTH) -> Figure:
    return lengths_figure(by_length, title="Scores of m", data="pairs.tsv")


def test_each_class_has_its_bars_its_interval_and_its_number() -> None:
    (axes,) = lengths().axes
    assert [text.get_text() for text in axes.get_xticklabels()] == [
        "1\N{EN DASH}2\nn = 1,500",
        "7\N{EN DASH}9\nn = 40",
        "30+\nn = 1",
    ]
    assert axes.get_xlabel().startswith("length of the source sentence, words")
    assert axes.get_ylabel() == "score, 0 to 100, with 95 % interval"
    assert legend(axes) == ["BLEU", "chrF2"]
    heights = [bar.get_height() for bar in axes.patches]  # type: ignore[attr-defined]
    assert heights == pytest.approx([60, 20, NAN, 70, 40, 0], nan_ok=True)
    intervals = [np.asarray(path.vertices)[:, 1].tolist() for c in axes.collections for path in c.get_paths()]
    assert intervals[:2] == [[55, 64], [20, 30]]
    assert [text.get_text() for text in axes.texts] == ["60.0", "20.0", "70.0", "40.0", "0.0"]
    assert_png(to_png(axes.figure))  # type: ignore[arg-type]


def test_no_class_is_no_crash() -> None:
    assert_png(to_png(lengths(ScoresByLength("words", ()))))


def test_characters_are_characters() -> None:
    (axes,) = lengths(replace(BY_LENGTH, unit="characters")).axes
    assert "sentence, characters" in axes.get_xlabel()


def test_any_name_can_be_a_title() -> None:
    figure = training_figure(HISTORY, title="Training of $x_{2$", data=f"日本\n{'long ' * 50}end.tsv: 9 pairs")
    heading = figure.get_suptitle().split("\n")
    assert heading[0] == "Training of $x_{2$"
    assert heading[1].startswith("日本 long")
    assert heading[1].endswith("end.tsv: 9 pairs")
    assert len(heading[1]) <= 100
    assert_png(to_png(figure))


def test_the_global_state_of_pyplot_is_left_alone() -> None:
    to_png(lengths())
    assert plt.get_fignums() == []


# Of a bundle.


def test_a_bundle_has_both_pictures(bundle_path: Path) -> None:
    bundle = bundles.read(bundle_path)
    assert_png(training_picture(bundle, "small"))
    assert_png(lengths_picture(bundle, "small"))
    assert (bundle_path / "training.png").read_bytes() == training_picture(bundle, "small")


def test_a_bundle_that_does_not_say_has_none(bundle_path: Path) -> None:
    bundle = replace(bundles.read(bundle_path), history=(), scores={"test": {"n_pairs": 3}})
    assert training_picture(bundle, "small") is None
    assert lengths_picture(bundle, "small") is None
    assert lengths_picture(replace(bundle, scores={}), "small") is None


@pytest.mark.parametrize("history", [(1,), ({"seconds": "soon"},), ({"seconds": None},), ({"seconds": 10**400},)])
def test_a_history_that_is_none_is_named(history: tuple[dict[str, float]], bundle_path: Path) -> None:
    with pytest.raises(BundleError, match=r"small: the history in history\.json is damaged"):
        training_picture(replace(bundles.read(bundle_path), history=history), "small")


@pytest.mark.parametrize(
    "report", [1, {"by_length": None}, {"by_length": {"unit": "words", "classes": [{}]}}, {"by_length": {}}]
)
def test_scores_that_are_none_are_named(report: object, bundle_path: Path) -> None:
    forged = replace(bundles.read(bundle_path), scores={"test": report})
    with pytest.raises(BundleError, match=r"small: the scores in bundle\.json are damaged"):
        lengths_picture(forged, "small")


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingPackageError, match=r"pip install 'dragoman\[plots\]'"):
        training_figure(HISTORY, title="t", data="d")
