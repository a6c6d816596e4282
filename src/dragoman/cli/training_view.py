"""What standard error shows while a translator is trained: a progress bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar
from rich.text import Text

from ..fitting.events import Planned, Progress, Resumed
from ..training.events import Downloading, Event, Scoring
from ..training.progress import Lines
from .download_bar import DownloadBar


class TrainingView:
    """Draws the events of `dragoman.training`; a context, because the bar owns the terminal while it runs."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self.lines = Lines(self._print)
        self.download = DownloadBar(self.console)
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=16), TextColumn("{task.fields[news]}"))
        self.bar = Bar(*columns, console=self.console, transient=True, disable=not self.console.is_terminal)
        self.task = self.bar.add_task("compiling", total=None, news="", visible=False)

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
        if isinstance(event, Downloading):
            self.download(*event)
            return
        self.download.close()
        if isinstance(event, Progress) and self.console.is_terminal:
            self.bar.update(
                self.task,
                completed=event.step,
                total=event.n_steps,
                description=self.lines.epoch(event),
                news=self.lines.news(event),
            )
            return
        if isinstance(event, Scoring):
            self.bar.update(self.task, visible=False)
        self.lines(event)
        if isinstance(event, Planned | Resumed):
            self.bar.start()
            self.bar.update(self.task, visible=True)

    def _print(self, line: str, style: str = "") -> None:
        self.console.print(Text(line, style=style))
