"""A training starts itself again with large pages, once; nothing else does."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from dragoman.cli import large_pages


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, list[str], str]]:
    """What was started in the place of this process, on a system that gives large pages to whoever asks."""
    system = tmp_path / "enabled"
    system.write_text("always [madvise] never\n")
    calls: list[tuple[str, list[str], str]] = []
    monkeypatch.setattr(large_pages, "SYSTEM", system)
    monkeypatch.setattr("platform.libc_ver", lambda: ("glibc", "2.36"))
    monkeypatch.setattr(sys, "orig_argv", ["python", "-m", "dragoman", "train", "pairs.tsv"])
    monkeypatch.setattr(os, "execv", lambda path, argv: calls.append((path, argv, os.environ["GLIBC_TUNABLES"])))
    monkeypatch.setenv("GLIBC_TUNABLES", "")  # so that it is as before at the end
    return calls


def test_a_training_starts_again_once(started: list[tuple[str, list[str], str]]) -> None:
    for _ in range(2):  # the second time the variable is set
        large_pages.start_again_with_them(["train", "pairs.tsv"])
    again = [sys.executable, "-m", "dragoman", "train", "pairs.tsv"]
    assert started == [(sys.executable, again, "glibc.malloc.hugetlb=1")]


def test_other_tunables_stay(started: list[tuple[str, list[str], str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.malloc.arena_max=2")
    large_pages.start_again_with_them(["demo"])
    assert started[0][2] == "glibc.malloc.arena_max=2:glibc.malloc.hugetlb=1"


@pytest.mark.parametrize("arguments", [[], ["translate", "bundle", "train"], ["--help"]])
def test_other_commands_do_not(started: list[tuple[str, list[str], str]], arguments: list[str]) -> None:
    large_pages.start_again_with_them(arguments)
    assert not started


@pytest.mark.parametrize("enabled", ["[always] madvise never", "always madvise [never]", None])
def test_nor_where_it_would_change_nothing(started: list[tuple[str, list[str], str]], enabled: str | None) -> None:
    if enabled is None:
        large_pages.SYSTEM.unlink()
    else:
        large_pages.SYSTEM.write_text(enabled)
    large_pages.start_again_with_them(["train", "pairs.tsv"])
    assert not started
