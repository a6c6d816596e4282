"""The command line in this process, and a folder to run it in."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from dragoman.cli import main


@pytest.fixture
def dragoman(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., CompletedProcess[str]]:
    """``dragoman(*arguments, stdin=b"")`` runs the command line and returns what a shell would see of it."""

    def run(*arguments: str, stdin: bytes = b"") -> CompletedProcess[str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(stdin)), encoding="utf-8"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert isinstance(ended.value.code, int)
        return CompletedProcess(arguments, ended.value.code, *capsys.readouterr())

    return run


@pytest.fixture
def world(tmp_path: Path, bundle_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: ``model``, a bundle, and ``pairs.tsv``, 60 good pairs."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(bundle_path, "model")
    rows = [f"I have {n} dogs.\tTengo {n} perros.\n" for n in range(2, 62)]
    Path("pairs.tsv").write_text("".join(rows), encoding="utf-8")
    return tmp_path
