"""Without the extras, what needs them says so and how to get them, and all else works."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dragoman import detection
from dragoman.errors import MissingPackageError
from tests.cli.running import Run, output

EXTRAS = (
    "alembic",
    "defusedxml",
    "fastapi",
    "hunspell",
    "jax",
    "keras",
    "matplotlib",
    "psycopg",
    "py3langid",
    "sqlalchemy",
    "uvicorn",
)


@pytest.fixture
def blocked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes packages impossible to import, and what of Dragoman has imported them already forgotten."""

    def block(*packages: str) -> None:
        monkeypatch.setattr(detection, "_identifier", detection._identifier.__wrapped__)  # without what it remembers
        rooms = ("dragoman.memory", "dragoman.models", "dragoman.training", "dragoman.fitting", "dragoman.server")
        for name in list(sys.modules):
            if name.startswith(tuple(f"{package}." for package in packages)):
                monkeypatch.setitem(sys.modules, name, None)
            elif name in rooms or name.startswith(tuple(f"{room}." for room in rooms)):
                monkeypatch.delitem(sys.modules, name)
        for package in packages:
            monkeypatch.setitem(sys.modules, package, None)

    return block


WORKS = [
    "corpus check pairs.tsv",
    "corpus check pairs.tsv --json",
    "corpus clean pairs.tsv --out clean.tsv",
    "corpus split pairs.tsv --out parts",
    "translate model Hi.",
    "evaluate model pairs.tsv",
    "inspect model --check",
    "export model --light light",
]


@pytest.mark.parametrize("command", WORKS)
def test_what_needs_none_works(command: str, world: Path, dragoman: Run, blocked: Callable[..., None]) -> None:
    blocked(*EXTRAS)
    assert output(dragoman(*command.split()))


NEEDS = {
    "train pairs.tsv --out new": "train",
    "learn model --memory m.sqlite": "train",
    "memory list --memory m.sqlite": "memory",
    "keys list --memory m.sqlite": "memory",
    "translate model Hi. --memory m.sqlite": "memory",
    "serve model": "serve",
    "plot model": "plots",
    "export model --keras new": "train",
}


@pytest.mark.parametrize(("command", "extra"), NEEDS.items())
def test_what_needs_one_names_the_command_that_installs_it(
    command: str, extra: str, world: Path, dragoman: Run, blocked: Callable[..., None]
) -> None:
    blocked(*EXTRAS)
    result = dragoman(*command.split())
    assert result.returncode == MissingPackageError.exit_code
    assert result.stderr.endswith(f"{sys.executable} -m pip install 'dragoman[{extra}]'\n")


def test_a_corpus_is_checked_without_telling_its_languages(
    world: Path, dragoman: Run, blocked: Callable[..., None]
) -> None:
    blocked("py3langid")
    result = dragoman("corpus", "check", "pairs.tsv")
    lines = output(result).splitlines()
    assert "languages  not known, not known" in lines
    said = "!  the languages are not looked at: telling languages apart needs py3langid: "
    assert sum(line.startswith(said) for line in lines) == 1
