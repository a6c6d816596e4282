"""What ended a command, in one line whose remedy can be followed."""

from __future__ import annotations

import re

import typer

from dragoman.cli import app
from dragoman.cli.explaining import explain
from dragoman.errors import Interrupted
from dragoman.recipe import Task, choose


def test_what_helps_against_too_little_memory_are_options_that_work() -> None:
    message, code = explain(MemoryError())
    command = typer.main.get_command(app)
    known = {name for parameter in command.commands["train"].params for name in parameter.opts}  # type: ignore[attr-defined]
    named = set(re.findall(r"--[a-z-]+", message))
    assert code == 70
    assert {"--limit", "--size", "--units"} <= named <= known
    assert choose(Task(1000, None), {"size": "tiny"})[0] != choose(Task(1000, None), {"size": "base"})[0]
    assert choose(Task(1000, None), {"batch_tokens": 256})[1].batch_tokens == 256
    assert choose(Task(1000, None), {"name": "char-lstm", "units": 8, "batch_size": 8})[1].batch_size == 8


def test_who_stops_is_told_of_no_error() -> None:
    assert explain(Interrupted("stopped at step 3; the same command goes on")) == (
        "stopped at step 3; the same command goes on",
        130,
    )
