"""The command line: each command parses, makes one call, and draws what comes back.

Results go to standard output, progress and warnings to standard error. Every error is one line and an exit
code; ``--debug``, anywhere on the line, shows the traceback. Heavy rooms are imported inside the commands, so
that ``dragoman --help`` is quick.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence

import click
import typer

from ..errors import DragomanError
from . import corpus, demo, evaluate, export, inspect, train, translate

INTERNAL_ERROR = 70
"""The exit code of an error that Dragoman did not foresee (EX_SOFTWARE of sysexits.h)."""

app = typer.Typer(
    help="Train, correct and serve your own translator, from sentence pairs, on a plain CPU.",
    epilog="Every command takes --debug, which shows the traceback of an error.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("train")(train.train)
app.command("translate")(translate.translate)
app.command("evaluate")(evaluate.evaluate)
app.command("inspect")(inspect.inspect)
app.command("export")(export.export)
app.add_typer(corpus.app, name="corpus")


def _print_version(wanted: bool) -> None:
    if wanted:
        from .. import __version__

        typer.echo(f"dragoman {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(False, "--version", callback=_print_version, is_eager=True, help="Print the version."),
) -> None:
    pass


class _OneLine(logging.Formatter):
    """``dragoman: warning: ...`` for what the rooms log."""

    def format(self, record: logging.LogRecord) -> str:
        return f"dragoman: {record.levelname.lower()}: {record.getMessage()}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 for success, else the code of the error's class."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in arguments
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLine())
    logging.getLogger("dragoman").addHandler(handler)
    try:
        code = app([a for a in arguments if a != "--debug"], prog_name="dragoman", standalone_mode=False)
    except BrokenPipeError:
        # The reader of the output has gone (`| head`): not an error, but there is nobody to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except (Exception, KeyboardInterrupt) as error:
        if debug:
            raise
        message, code = _explain(error)
        print(f"dragoman: {message}", file=sys.stderr)
    finally:
        logging.getLogger("dragoman").removeHandler(handler)
    sys.exit(code or 0)


def _explain(error: BaseException) -> tuple[str, int]:
    """One line and an exit code for whatever ended the command."""
    if isinstance(error, DragomanError):
        return _one_line(f"error: {error}"), error.exit_code
    if isinstance(error, click.ClickException):
        return _one_line(f"error: {error.format_message()} (see dragoman --help)"), error.exit_code
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return "interrupted", 130
    if isinstance(error, MemoryError):
        return "error: out of memory; try --limit, or a smaller --batch-size or --units", INTERNAL_ERROR
    if isinstance(error, OSError):
        return _one_line(f"error: {error}"), 1
    kind = type(error).__name__
    return _one_line(f"internal error: {kind}: {error} (run again with --debug, and please report it)"), INTERNAL_ERROR


def _one_line(text: str) -> str:
    return " ".join(text.split())
