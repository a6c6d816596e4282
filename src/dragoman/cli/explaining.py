"""What ended a command, in one line, and the exit code that goes with it."""

from __future__ import annotations

from typer.exceptions import TyperException

from ..errors import DragomanError, Interrupted

INTERNAL_ERROR = 70
"""The exit code of an error that Dragoman did not foresee (EX_SOFTWARE of sysexits.h)."""


def explain(error: BaseException) -> tuple[str, int]:
    """Return one line and an exit code for whatever ended a command."""
    if isinstance(error, Interrupted):  # as the user wished
        return _one_line(str(error)), error.exit_code
    if isinstance(error, DragomanError):
        return _one_line(f"error: {error}"), error.exit_code
    if isinstance(error, TyperException):
        return _one_line(f"error: {_usage(error)}"), error.exit_code
    if isinstance(error, MemoryError):
        words = "train with --limit, a smaller --size or --batch-tokens (of --model char-lstm: --units or --batch-size)"
        return f"error: out of memory; {words}", INTERNAL_ERROR
    if isinstance(error, OSError):
        return _one_line(f"error: {error}"), 1
    kind = type(error).__name__
    return _one_line(f"internal error: {kind}: {error} (run again with --debug, and please report it)"), INTERNAL_ERROR


def _usage(error: TyperException) -> str:
    """What Typer refused, with the value, which it leaves out, and the help that knows better."""
    # Pydantic converts the values for Typer; its errors hold them.
    details = getattr(error.__cause__, "errors", None)
    value = f": {details()[0]['input']!r}" if details else ""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "dragoman"
    return f"{error.format_message().rstrip('.')}{value} (see {command} --help)"


def _one_line(text: str) -> str:
    return " ".join(text.split())
