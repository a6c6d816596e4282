"""The events of a training, or of learning, as lines of JSON on standard output, for the program that started it.

Each line is an object whose ``event`` is the event's name in small letters, ``gate`` for a verdict; the other fields
are the event's own. The last line says how it ended: ``done``, ``stopped`` or ``failed``. A process that was killed
leaves no last line.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ..errors import Interrupted
from .explaining import explain

if TYPE_CHECKING:
    from ..training.events import Event
    from ..training.learning.events import LearningEvent

SECONDS = 1.0
"""Between two lines of progress, at least."""


class JsonLines:
    """Prints each event that it is called with; a context, whose end is told too."""

    def __init__(self) -> None:
        self._told_progress = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.tell("done")
        elif isinstance(error, Interrupted | KeyboardInterrupt):
            self.tell("stopped")
        else:
            self.tell("failed", error=explain(error)[0].removeprefix("error: "))

    def __call__(self, event: Event | LearningEvent) -> None:
        """Print one event."""
        name = type(event).__name__.lower()
        if name == "progress":
            if monotonic() - self._told_progress < SECONDS:
                return
            self._told_progress = monotonic()
        fields = {n: v._asdict() if hasattr(v, "_asdict") else v for n, v in event._asdict().items()}
        self.tell("gate" if name == "verdict" else name, **fields)

    def tell(self, event: str, **fields: Any) -> None:
        """Print a line of ``fields``."""
        print(json.dumps({"event": event, **fields}, default=_plain), flush=True)


def _plain(value: Any) -> dict[str, Any]:
    """Configurations and reports say themselves what they are in JSON; the rest are plain values."""
    return value.to_json() if hasattr(value, "to_json") else asdict(value)
