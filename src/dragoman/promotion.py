"""The candidate that learning leaves beside a bundle: looked at, promoted, rolled back. Fits and scores nothing.

    .NAME.learning/
      candidate/     a bundle that has learned, until it is promoted
      report.json    what the gate says of it
      promoting/     it, on its way to its place
      previous/      the bundle that it replaced

All is done by renames. Whatever is cut off leaves a whole bundle at its place, or, where the system cannot exchange two
folders at once, is mended by the next call.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from . import bundle as bundles
from .errors import BundleError, NotFoundError, UsageError
from .writing import exchange, mend_exchange, written_beside


class Places:
    """Where learning keeps what belongs to the bundle in the folder ``bundle``."""

    def __init__(self, bundle: Path) -> None:
        self.bundle = bundle.resolve()  # a link stays, and what it names is replaced
        self.folder = self.bundle.parent / f".{self.bundle.name}.learning"
        self.candidate, self.promoting, self.previous = (
            self.folder / name for name in ("candidate", "promoting", "previous")
        )
        self.report = self.folder / "report.json"


class State(NamedTuple):
    """A ``candidate`` that can be promoted, the ``report`` of the last learning, whether its candidate is there or was
    promoted, and the ``previous`` bundle.
    """

    candidate: Path | None
    report: dict[str, Any] | None
    previous: Path | None


def state(bundle: Path) -> State:
    """Return what stands beside ``bundle``. A candidate without its report, which is written last, is none."""
    places = Places(bundle)
    mend_exchange(places.bundle, places.promoting)
    report, moving = _read_report(places), _fingerprint(places.promoting)
    learned = report.get("candidate") if report else None
    candidate = next(
        (path for path in (places.candidate, places.promoting) if learned == _fingerprint(path) != ""), None
    )
    if moving and moving != learned:
        return State(candidate, report, places.promoting)
    return State(candidate, report, places.previous if _fingerprint(places.previous) else None)


def written(bundle: Path) -> datetime:
    """Return when ``bundle`` was written (UTC). Promoting it and rolling back to it do not change that."""
    return datetime.fromtimestamp((bundle / bundles.CARD).stat().st_mtime, UTC)


def write_report(bundle: Path, report: dict[str, Any]) -> None:
    """Say what the gate found of the candidate; ``report`` has at least ``passed``, ``reasons`` and the fingerprints
    ``bundle`` and ``candidate``.
    """
    with written_beside(Places(bundle).report) as file:
        file.write(json.dumps(report, ensure_ascii=False, indent=1).encode() + b"\n")


def promote(bundle: Path, *, anyway: bool = False) -> None:
    """Put the candidate in the place of ``bundle``, which becomes the previous one.

    A server that watches it serves the new one from then on. Without a candidate it is a `NotFoundError`; one that did
    not pass the gate is a `UsageError` that says why, unless ``anyway``; one that was learned into another bundle than
    stands there now is a `BundleError`.
    """
    places = _mended(bundle)
    candidate, report, _ = state(bundle)
    if candidate is None or report is None:
        raise NotFoundError(f"{bundle}: there is no candidate to promote; `dragoman learn {bundle}` makes one")
    if bundles.fingerprint(places.bundle) != report.get("bundle"):
        raise BundleError(f"{bundle}: the bundle is another than the candidate was learned into; learn again")
    if not report.get("passed") and not anyway:
        reasons = "; ".join(map(str, report.get("reasons", ())))
        remedy = f"`dragoman promote {bundle} --anyway` promotes it all the same"
        raise UsageError(f"{bundle}: the candidate did not pass: {reasons}; {remedy}")
    bundles.read(candidate).verify()
    with _told(bundle):
        # Whoever renames it first promotes it: two exchanges would undo each other.
        candidate.rename(places.promoting)
        exchange(places.bundle, places.promoting)
        _mended(bundle)


def roll_back(bundle: Path) -> None:
    """Let ``bundle`` and the previous one change places, so that rolling back once more undoes it.

    A `NotFoundError` where there is no previous one, a `BundleError` where it is damaged.
    """
    places, previous = _mended(bundle), state(bundle).previous
    if previous is None:
        raise NotFoundError(f"{bundle}: there is no previous bundle to roll back to")
    bundles.read(previous).verify()
    with _told(bundle):
        exchange(places.bundle, previous)


@contextmanager
def _told(bundle: Path) -> Iterator[None]:
    """Say in words what the file system refuses."""
    try:
        yield
    except OSError as error:
        raise BundleError(
            f"{bundle}: the bundle could not be replaced: {error.strerror or error}; try again"
        ) from error


def _mended(bundle: Path) -> Places:
    """Finish or undo a promotion that was cut off."""
    places = Places(bundle)
    mend_exchange(places.bundle, places.promoting)
    if not (moving := _fingerprint(places.promoting)):
        return places
    if moving == (_read_report(places) or {}).get("candidate"):
        places.promoting.rename(places.candidate)
        return places
    gone = places.folder / "gone"
    shutil.rmtree(gone, ignore_errors=True)
    if places.previous.exists():
        places.previous.rename(gone)
    places.promoting.rename(places.previous)
    shutil.rmtree(gone, ignore_errors=True)
    return places


def _fingerprint(path: Path) -> str:
    """Return the fingerprint of the bundle in ``path``; an empty string where there is none."""
    try:
        return bundles.fingerprint(path)
    except (BundleError, KeyError):
        return ""


def _read_report(places: Places) -> dict[str, Any] | None:
    try:
        report = json.loads(places.report.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return report if isinstance(report, dict) else None
