"""A line of JSON for each request, on standard error: who, what, when, how much, and never a text.

Paths are those of the routes, without their parameters; a key is known by its name. An unforeseen error is told by its
class and the lines of code, because a message may hold what somebody wrote.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime

log = logging.getLogger("dragoman.server")


class JsonLines(logging.Formatter):
    """One JSON object a line; what stands in ``extra={"fields": {...}}`` becomes its own fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields = getattr(record, "fields", {})
        return json.dumps(
            {"time": time, "level": record.levelname.lower(), "event": record.getMessage(), **fields},
            ensure_ascii=False,
        )


def unforeseen(error: BaseException, route: str) -> None:
    """Log an error that nobody foresaw, without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
    log.error("unforeseen error", extra={"fields": {"error": type(error).__name__, "route": route, "where": where}})
