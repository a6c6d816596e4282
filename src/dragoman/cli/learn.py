"""``dragoman learn``, ``promote`` and ``rollback``: corrections into a bundle, and the bundle into its place."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..config import TrainConfig
from ..errors import UsageError
from .events import JsonLines
from .options import BEGAN, BundleArgument, EventsOption, MemoryOption, open_memory

if TYPE_CHECKING:
    from ..training.learning import Outcome


def learn(
    bundle: BundleArgument,
    memory: MemoryOption = None,
    minutes: Annotated[
        float | None, typer.Option("--minutes", help="End in so many minutes, at most.", show_default=False)
    ] = None,
    steps: Annotated[
        int | None, typer.Option("--steps", help="Batches; what is usual if not given.", show_default=False)
    ] = None,
    promote: Annotated[bool, typer.Option("--promote", help="Put it in the bundle's place if it passes.")] = False,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch", help="Wait, and learn whenever there are 20 new corrections, or fewer and ten quiet minutes."
        ),
    ] = False,
    as_json: EventsOption = False,
) -> None:
    """Let a bundle learn the approved corrections of a memory, and look whether it is as good as before.

    The bundle stays as it is; what it would become is written beside it, for `dragoman promote`. Killed at any moment,
    the same command goes on where it was.
    """
    if minutes is not None and steps is not None:
        raise UsageError("--minutes and --steps both say when to end; give one of them")
    TrainConfig(minutes=minutes, steps=steps)  # refuses what cannot be before the memory is opened
    if watch:
        _watch(bundle, memory)
    with JsonLines() if as_json else nullcontext() as lines:
        outcome = _learn(bundle, memory, minutes, steps, lines)
        if promote and outcome.verdict.passed:
            promote_candidate(bundle)
    if not (as_json or promote):
        typer.echo(outcome.candidate)


def promote_candidate(
    bundle: BundleArgument,
    anyway: Annotated[bool, typer.Option("--anyway", help="Also one that did not pass.")] = False,
) -> None:
    """Put what learning has made in the bundle's place. A server that serves the bundle takes it up by itself."""
    from ..promotion import promote

    promote(bundle, anyway=anyway)
    typer.echo(f"{bundle} has learned; `dragoman rollback {bundle}` puts back what stood there", err=True)


def rollback(bundle: BundleArgument) -> None:
    """Put back the bundle that was replaced by the last promotion; once more, and the newer one is back."""
    from ..promotion import roll_back

    roll_back(bundle)
    typer.echo(f"{bundle} is again what it was before", err=True)


def _learn(
    bundle: Path, memory: str | None, minutes: float | None, steps: int | None, lines: JsonLines | None
) -> Outcome:
    from ..fitting.interrupt import StopOnInterrupt
    from ..training import learning
    from .learning_view import LearningView

    view = nullcontext(lines) if lines else LearningView()
    with open_memory(memory, must_exist=True) as opened, StopOnInterrupt() as interrupt, view as listener:
        return learning.learn(
            bundle,
            opened,
            minutes=minutes,
            steps=steps,
            listener=listener,
            stop=lambda: interrupt.stopped,
            began=BEGAN,
        )


def _watch(bundle: Path, memory: str | None) -> None:
    """Learn again and again, each time in a process of its own: what waits is small, and takes the processor last."""
    from ..learned import wait_for_more

    if hasattr(os, "nice"):  # not on Windows
        os.nice(19)
    command = [sys.executable, "-m", "dragoman", *(argument for argument in sys.argv[1:] if argument != "--watch")]
    with open_memory(memory) as opened:
        while True:
            n = wait_for_more(bundle, opened)
            typer.echo(f"dragoman: {n} new corrections", err=True)
            if (code := subprocess.run(command, check=False).returncode) != 0:  # noqa: S603 - our own arguments
                raise typer.Exit(code)
