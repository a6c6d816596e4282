"""What learning leaves beside a bundle: promoted, rolled back, cut off at any moment, refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dragoman import bundle as bundles
from dragoman import writing
from dragoman.bundle import Learned, fingerprint
from dragoman.errors import BundleError, NotFoundError, UsageError
from dragoman.promotion import Places, promote, roll_back, state, write_report


@pytest.fixture
def model(bundle_path: Path, tmp_path: Path) -> Path:
    """A bundle with nothing beside it."""
    return Path(shutil.copytree(bundle_path, tmp_path / "model"))


def leave_candidate(model: Path, name: str = "a", **verdict: Any) -> str:
    """Leave a candidate that differs by what it has learned, and a report; return its fingerprint."""
    base, places = bundles.read(model), Places(model)
    candidate = bundles.write(replace(base, learned=Learned((name * 16,))), places.candidate, overwrite=True)
    report = {"passed": True, "reasons": [], "bundle": base.fingerprint, "candidate": candidate.fingerprint}
    write_report(model, report | verdict)
    return candidate.fingerprint


def test_a_candidate_takes_the_place_and_gives_it_back(model: Path) -> None:
    old, new = fingerprint(model), leave_candidate(model)
    assert state(model).candidate == Places(model).candidate
    promote(model)
    assert fingerprint(model) == new
    assert (state(model).candidate, state(model).previous) == (None, Places(model).previous)
    assert bundles.read(model).learned.corrections == ("a" * 16,)
    roll_back(model)
    assert fingerprint(model) == old
    roll_back(model)
    assert fingerprint(model) == new


def test_only_the_last_bundle_is_kept(model: Path) -> None:
    leave_candidate(model, "a")
    promote(model)
    before = fingerprint(model)
    leave_candidate(model, "b")
    promote(model)
    roll_back(model)
    assert fingerprint(model) == before
    assert sorted(path.name for path in Places(model).folder.iterdir()) == ["previous", "report.json"]


def test_a_link_stays_a_link(model: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(model)
    new = leave_candidate(link)
    promote(link)
    assert link.is_symlink()
    assert fingerprint(model) == new


def test_what_may_not_be_promoted(model: Path) -> None:
    old = fingerprint(model)
    with pytest.raises(NotFoundError, match="no candidate to promote; `dragoman learn"):
        promote(model)
    with pytest.raises(NotFoundError, match="no previous bundle"):
        roll_back(model)
    leave_candidate(model, passed=False, reasons=["dev chrF2 fell"])
    with pytest.raises(UsageError, match=r"did not pass: dev chrF2 fell; `dragoman promote .* --anyway` promotes it"):
        promote(model)
    leave_candidate(model, bundle="another")
    with pytest.raises(BundleError, match="is another than the candidate was learned into"):
        promote(model)
    leave_candidate(model)
    weights = Places(model).candidate / bundles.WEIGHTS
    weights.write_bytes(weights.read_bytes()[:-1] + b"!")
    with pytest.raises(BundleError, match=bundles.WEIGHTS):
        promote(model)
    assert fingerprint(model) == old
    new = leave_candidate(model, passed=False)
    promote(model, anyway=True)
    assert fingerprint(model) == new


def test_a_candidate_without_its_own_report_is_none(model: Path) -> None:
    leave_candidate(model, candidate="another")
    assert state(model).candidate is None
    Places(model).report.write_text("[")
    assert state(model) == (None, None, None)


class Killed(BaseException):
    """What ends a process anywhere."""


def killing(monkeypatch: pytest.MonkeyPatch, moment: int) -> Callable[[], int]:
    """Kill at a moment: before the first step of a promotion that changes a folder, after it, before the second ..."""
    n = 0

    def wrapped(step: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **options: Any) -> Any:
            nonlocal n
            n += 1
            if n == moment:
                raise Killed
            result = step(*arguments, **options)
            n += 1
            if n == moment:
                raise Killed
            return result

        return run

    monkeypatch.setattr(Path, "rename", wrapped(Path.rename))
    monkeypatch.setattr(writing, "_exchanged_at_once", wrapped(writing._exchanged_at_once))
    monkeypatch.setattr(shutil, "rmtree", wrapped(shutil.rmtree))
    return lambda: n


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_promotion_may_be_killed_at_any_moment(
    model: Path, can_exchange: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not can_exchange:
        monkeypatch.setattr(writing, "_exchanged_at_once", lambda one, other: False)
    leave_candidate(model, "a")
    promote(model)
    for moment in range(1, 40):
        old, new = fingerprint(model), leave_candidate(model, f"b{moment}")
        with monkeypatch.context() as patch:
            n_done = killing(patch, moment)
            try:
                promote(model)
            except Killed:
                if can_exchange:
                    assert fingerprint(model) in (old, new)
            n = n_done()
        found = state(model)
        assert fingerprint(model) in (old, new)
        if fingerprint(model) == old:
            assert found.candidate is not None
            promote(model)
        elif found.previous is None or fingerprint(found.previous) != old:
            pytest.fail("the bundle before is lost")
        assert fingerprint(model) == new
        if n < moment:
            return
    pytest.fail("a promotion has so many steps?")
