"""What standard error shows while a translator is trained: a progress bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from functools import singledispatchmethod
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar
from rich.text import Text

from ..fitting.events import EpochEnded, Progress
from ..training import Downloading, Event, Prepared, Preparing, Samples, Scoring
from .download_bar import DownloadBar

SECONDS_BETWEEN_LINES = 15.0


class TrainingView:
    """Draws the events of `dragoman.training`; a context, because the bar owns the terminal while it runs."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self.last_line = time.monotonic()
        self.download = DownloadBar(self.console)
        columns = (
            TextColumn("epoch {task.fields[epoch]}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[news]}"),
        )
        self.bar = Bar(*columns, console=self.console, transient=True, disable=not self.console.is_terminal)
        self.task = self.bar.add_task("", total=None, epoch="1", news="compiling", visible=False)

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
    def _prepared(self, event: Prepared) -> None:
        self.download.close()
        self._print(f"{event.cleaning}" + (f"; {event.n_bad_rows:,} bad rows" if event.n_bad_rows else ""))
        parts = ", ".join(f"{n:,} {part}" for part, n in event.n_pairs.items())
        self._print(f"split without leaks: {parts} pairs")
        if event.unknown:
            self._print(f"characters of the dev part that training never sees: {' '.join(event.unknown)}")
        self._print(
            f"{event.n_parameters:,} parameters, at most {event.n_steps:,} steps; "
            f"{event.padding:.0%} of the target tokens are padding"
        )
        self.bar.start()
        self.bar.update(self.task, visible=True)

    @_draw.register
    def _progress(self, event: Progress) -> None:
        epoch = f"{event.epoch}/{event.n_epochs}"
        news = f"loss {event.loss:.3f}  accuracy {event.accuracy:.1%}"
        if event.pairs_per_second:  # unknown while the first step compiles
            news += f"  {event.pairs_per_second:,.0f} pairs/s  {_duration(event.seconds_left)} left"
        if self.console.is_terminal:
            self.bar.update(self.task, completed=event.step, total=event.n_steps, epoch=epoch, news=news)
        elif time.monotonic() - self.last_line >= SECONDS_BETWEEN_LINES:
            self.last_line = time.monotonic()
            self._print(f"epoch {epoch}  step {event.step}/{event.n_steps}  {news}")

    @_draw.register
    def _epoch_ended(self, event: EpochEnded) -> None:
        self.last_line = time.monotonic()
        notes = ("  best" if event.best else "") + ("" if event.complete else "  stopped on its way")
        self._print(
            f"epoch {event.epoch}/{event.n_epochs}  loss {event.loss:.4f}  accuracy {event.accuracy:.2%}  "
            f"dev loss {event.dev_loss:.4f}  dev accuracy {event.dev_accuracy:.2%}  {event.seconds:.1f} s{notes}",
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


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
