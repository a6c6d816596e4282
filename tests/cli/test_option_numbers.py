"""Numbers of options that are no numbers, or cannot be: refused at once, with the code of a wrong call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from dragoman.cli import app
from tests.cli.running import Run

REQUIRED = {
    "demo": "--out no/such/folder",
    "train": "missing.tsv --out new",
    "translate": "missing Hi.",
    "serve": "missing --no-memory",
    "learn": "missing --memory missing.sqlite",
    "evaluate": "missing missing.tsv",
    "corpus check": "missing.tsv",
    "corpus clean": "missing.tsv --out new.tsv",
    "corpus split": "missing.tsv --out new",
    "memory list": "--memory missing.sqlite",
}
"""What each command needs besides; nothing of it is there, so that work that began would be another error."""


def numeric_options(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """The commands with their options that take a number."""
    for name, below in getattr(command, "commands", {}).items():
        yield from numeric_options(below, (*path, name))
    for parameter in command.params:
        if parameter.param_type_name == "option" and parameter.bare_type() in ("int", "float"):
            yield " ".join(path), max(parameter.opts, key=len)


OPTIONS = list(numeric_options(typer.main.get_command(app)))


def test_every_command_with_numbers_is_known_here() -> None:
    assert {command for command, _ in OPTIONS} == REQUIRED.keys()
    assert ("train", "--minutes") in OPTIONS


@pytest.mark.parametrize(("command", "option"), OPTIONS, ids=[" ".join(each) for each in OPTIONS])
def test_what_is_no_number_from_zero_is_refused_before_any_work(
    command: str, option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dragoman: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    for value in ("-1", "nan", "1e400"):
        result = dragoman(*command.split(), *REQUIRED[command].split(), f"{option}={value}")
        assert result.returncode == 2, (value, result.stderr)
        assert "such bundle" not in result.stderr, value
        assert list(tmp_path.iterdir()) == [], value


HUGE = [
    "train missing.tsv --out new --minutes 1e300",
    "train missing.tsv --out new --steps 99999999999999999999999",
    "train missing.tsv --out new --width 99999999999999999999999",
    "train missing.tsv --out new --learning-rate 1e300",
    "train missing.tsv --out new --clip 1e300",
    "train missing.tsv --out new --checkpoint-seconds 1e300",
    "translate missing Hi. --temperature 1e-310",
    "translate missing Hi. --max-length 99999999999999999999999",
    "translate missing Hi. --no-repeat-ngram 99999999999999999999999",
    "learn missing --memory missing.sqlite --steps 99999999999999999999999",
    "serve missing --no-memory --port 65536",
    "serve missing --no-memory --key-rate 99999999999999999999999",
    "memory list --memory missing.sqlite --limit 99999999999999999999999",
    "memory list --memory missing.sqlite --after 99999999999999999999999",
    "memory show --memory missing.sqlite 99999999999999999999999",
    "memory approve --memory missing.sqlite 1 99999999999999999999999",
]


@pytest.mark.parametrize("command", HUGE)
def test_what_nothing_can_count_is_refused_before_any_work(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dragoman: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    result = dragoman(*command.split())
    assert result.returncode == 2, result.stderr
    assert "such bundle" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_exponent_is_a_number(dragoman: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = dragoman("corpus", "clean", "missing.tsv", "--out", "new.tsv", "--max-ratio", "1e1")
    assert "missing.tsv: there is no such file" in result.stderr
