"""What standard error shows while a named corpus is downloaded."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn


class DownloadBar:
    """A `Progress` of `corpus.catalogue`; it appears with the first bytes, so not for a corpus that is there."""

    def __init__(self, console: Console | None = None) -> None:
        console = console or Console(stderr=True)
        self.bar = Progress(
            TextColumn("downloading"), BarColumn(bar_width=24), DownloadColumn(), TransferSpeedColumn(), console=console
        )
        self.task = self.bar.add_task("", total=None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __call__(self, n_bytes: int, n_bytes_in_all: int | None) -> None:
        """Show ``n_bytes`` of ``n_bytes_in_all``."""
        self.bar.start()
        self.bar.update(self.task, completed=n_bytes, total=n_bytes_in_all)

    def close(self) -> None:
        """Leave the terminal to others; nothing happens if no byte came."""
        if self.bar.live.is_started:
            self.bar.stop()
