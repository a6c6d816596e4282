"""The command line: each command parses, makes one call, and draws what comes back.

Results go to standard output, progress and warnings to standard error. Every error is one line and an exit
code; ``--debug``, anywhere on the line, shows the traceback. Heavy rooms are imported inside the commands, so
that ``dragoman --help`` is quick.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typer

from ..errors import Interrupted
from . import corpus, demo, evaluate, export, inspect, keys, large_pages, learn, memory, plot, serve, train, translate
from .explaining import explain
from .options import help_if_alone
from .texts import TextCommand

app = typer.Typer(
    help="Train, correct and serve your own translator, from sentence pairs, on a plain CPU.",
    epilog="Every command takes --debug, which shows the traceback of an error.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("train")(train.train)
app.command("translate", cls=TextCommand)(translate.translate)
app.command("serve")(serve.serve)
app.command("learn")(learn.learn)
app.command("promote")(learn.promote_candidate)
app.command("rollback")(learn.rollback)
app.command("evaluate")(evaluate.evaluate)
app.command("inspect")(inspect.inspect)
app.command("plot")(plot.plot)
app.command("export")(export.export)
app.add_typer(corpus.app, name="corpus")
app.add_typer(memory.app, name="memory")
app.add_typer(keys.app, name="keys")


def _print_version(wanted: bool) -> None:
    if wanted:
        from .. import __version__

        typer.echo(f"dragoman {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", callback=_print_version, is_eager=True, help="Print the version."),
) -> None:
    help_if_alone(context)


@cache
def _command() -> Any:
    """The commands as they are parsed: to make them of their functions takes longer than most of them."""
    return typer.main.get_command(app)


class _OneLine(logging.Formatter):
    """``dragoman: warning: ...`` for what the rooms log."""

    def format(self, record: logging.LogRecord) -> str:
        return f"dragoman: {record.levelname.lower()}: {record.getMessage()}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 for success, else the code of the error's class."""
    if arguments is None:
        arguments = sys.argv[1:]
        large_pages.start_again_with_them(arguments)
    arguments, debug = _without_debug(arguments)
    _open_missing_streams()
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLine())
    logging.getLogger("dragoman").addHandler(handler)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A file name or a text of the command line need not be UTF-8; printing it must not fail.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = _command()(arguments, prog_name="dragoman", standalone_mode=False) or 0
        sys.stdout.flush()
        if code == Interrupted.exit_code:
            print("dragoman: interrupted", file=sys.stderr)
    except (BrokenPipeError, SystemExit):
        # The reader of the output has gone (`| head`), which is no error; Typer turns it into SystemExit.
        code = 0
    except Exception as error:
        if debug:
            traceback.print_exception(error)
        message, code = explain(error)
        print(f"dragoman: {message}", file=sys.stderr)
    finally:
        logging.getLogger("dragoman").removeHandler(handler)
    _drop_unwritable_output()
    sys.exit(code)


def _without_debug(arguments: Sequence[str]) -> tuple[list[str], bool]:
    """Take ``--debug`` out of the options; what follows ``--`` is text."""
    arguments = list(arguments)
    n_options = arguments.index("--") if "--" in arguments else len(arguments)
    options = [argument for argument in arguments[:n_options] if argument != "--debug"]
    return options + arguments[n_options:], len(options) < n_options


def _open_missing_streams() -> None:
    """A stream that the caller closed is None; reading it gives nothing then, and writing to it goes nowhere."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open to the end


def _drop_unwritable_output() -> None:
    """Throw away output that cannot be written: Python would try again at exit, and complain."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
