"""What standard error shows while a translator is trained: a progress bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import resource
import sys
import time
from datetime import datetime, timedelta
from functools import singledispatchmethod
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar
from rich.text import Text

from ..config import TrainConfig
from ..fitting.events import Planned, Progress, Resumed, Validated
from ..training.events import Chosen, Downloading, Event, Prepared, Preparing, Samples, Scored, Scoring
from .download_bar import DownloadBar

SECONDS_BETWEEN_LINES = 15.0


class TrainingView:
    """Draws the events of `dragoman.training`; a context, because the bar owns the terminal while it runs."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self.last_line = time.monotonic()
        self.download = DownloadBar(self.console)
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=16), TextColumn("{task.fields[news]}"))
        self.bar = Bar(*columns, console=self.console, transient=True, disable=not self.console.is_terminal)
        self.task = self.bar.add_task("compiling", total=None, news="", visible=False)
        self.padding, self.dev_chrf = 0.0, ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.download.close()
        if self.bar.live.is_started:
            self.bar.stop()

    def __call__(self, event: Event) -> None:
        """Draw one event."""
        self._draw(event)

    @singledispatchmethod
    def _draw(self, event: Event) -> None:
        raise AssertionError(f"an event that nobody draws: {event}")

    def _print(self, line: str, style: str = "") -> None:
        self.console.print(Text(line, style=style))

    @_draw.register
    def _downloading(self, event: Downloading) -> None:
        self.download(*event)

    @_draw.register
    def _preparing(self, event: Preparing) -> None:
        self.download.close()
        if time.monotonic() - self.last_line >= SECONDS_BETWEEN_LINES:
            self.last_line = time.monotonic()
            share = f", {event.n_bytes / event.n_bytes_in_all:.0%} of the text" if event.n_bytes_in_all else ""
            self._print(f"read {event.n_pairs:,} pairs{share}")

    @_draw.register
    def _chosen(self, event: Chosen) -> None:
        self._print(f"plan: {event.model}; {_training_in_words(event.training)}")
        if event.expected is not None:
            chrf, spread = event.expected
            self._print(f"expected: dev chrF of {chrf:.0f} ± {spread:.0f}, in 4 of 5 trainings like this one")

    @_draw.register
    def _prepared(self, event: Prepared) -> None:
        self.download.close()
        self._print(f"{event.cleaning}" + (f"; {event.n_bad_rows:,} bad rows" if event.n_bad_rows else ""))
        parts = ", ".join(f"{n:,} {part}" for part, n in event.n_pairs.items())
        self._print(f"split without leaks: {parts} pairs")
        if event.unknown:
            self._print(f"characters of the dev part that training never sees: {' '.join(event.unknown)}")
        if event.n_left_out:
            self._print(f"{event.n_left_out:,} training pairs are too long for a row and left out")
        src_size, trg_size = event.vocabulary_sizes
        self._print(f"{event.n_parameters:,} parameters; vocabularies of {src_size:,} and {trg_size:,}")

    @_draw.register
    def _planned(self, event: Planned) -> None:
        self.padding = event.padding
        epochs = event.n_steps / event.n_steps_per_epoch
        self._print(
            f"at most {event.n_steps:,} steps, {epochs:,.4g} epochs; "
            f"{event.padding:.0%} of the target tokens are padding"
        )
        if event.seconds is not None:
            end = datetime.now().astimezone() + timedelta(seconds=event.seconds)
            self._print(f"done at {end:%H:%M:%S}, in {_duration(event.seconds)}, scores and all")
        self._start_bar()

    @_draw.register
    def _resumed(self, event: Resumed) -> None:
        self._print(f"going on after step {event.step:,} of {event.n_steps:,}", "bold")
        self._start_bar()

    def _start_bar(self) -> None:
        self.bar.start()
        self.bar.update(self.task, visible=True)

    @_draw.register
    def _progress(self, event: Progress) -> None:
        epoch = f"epoch {event.step / event.n_steps_per_epoch:.1f}/{event.n_steps / event.n_steps_per_epoch:.4g}"
        news = [f"loss {event.loss:.3f}", *([f"dev chrF {self.dev_chrf}"] if self.dev_chrf else [])]
        if event.tokens_per_second:  # unknown while the first steps compile
            news += [f"{event.tokens_per_second:,.0f} tokens/s", f"{self.padding:.0%} padding"]
            news += [f"{_peak_memory()} MB", f"{_duration(event.seconds_left)} left"]
        if self.console.is_terminal:
            self.bar.update(
                self.task, completed=event.step, total=event.n_steps, description=epoch, news="  ".join(news)
            )
        elif time.monotonic() - self.last_line >= SECONDS_BETWEEN_LINES:
            self.last_line = time.monotonic()
            self._print(f"{epoch}  step {event.step:,}/{event.n_steps:,}  {'  '.join(news)}")

    @_draw.register
    def _validated(self, event: Validated) -> None:
        self.last_line = time.monotonic()
        self.dev_chrf = f"{event.dev_chrf:.1f}"
        notes = ("  best" if event.best else "") + ("" if event.complete else "  stopped on its way")
        self._print(
            f"epoch {event.epoch:.4g}  step {event.step:,}  loss {event.loss:.4f}  accuracy {event.accuracy:.2%}  "
            f"dev loss {event.dev_loss:.4f}  accuracy {event.dev_accuracy:.2%}  BLEU {event.dev_bleu:.1f}  "
            f"chrF {event.dev_chrf:.1f}  {event.seconds:.1f} s{notes}",
            "bold" if event.best else "",
        )

    @_draw.register
    def _samples(self, event: Samples) -> None:
        for src, ref, hyp in event.rows:
            self._print(f"    {src} -> {hyp}   (reference: {ref})", "dim")

    @_draw.register
    def _scoring(self, event: Scoring) -> None:
        self.bar.update(self.task, visible=False)
        self._print(f"translating the {event.n_pairs:,} pairs of the {event.part} part")

    @_draw.register
    def _scored(self, event: Scored) -> None:
        self._print(", ".join(map(str, event.report.scores)), "bold")
        if (harder := event.report.harder) is not None:
            self._print(f"{harder}: {', '.join(map(str, harder.scores))}", "bold")
        for sentence in event.report.verdict:
            self._print(sentence)


def _training_in_words(training: TrainConfig) -> str:
    rate = "" if training.learning_rate is None else f" at {training.learning_rate:g}"
    return f"{training.optimizer}{rate}, {training.schedule}"


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _peak_memory() -> int:
    """Return the most memory that this process has had at once, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 10**6
