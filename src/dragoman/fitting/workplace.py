"""The folder beside a bundle in which its training works until the bundle is written.

    request.json     what the training was asked for
    lock             held by the process that trains
    corpus/, ids/    the prepared pairs
    plan.json        how many steps it will take, as planned before the first; a checkpoint knows of later plans
    checkpoints/     where it stands

A training that was cut off leaves the folder, and the same request goes on in it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock, Timeout

from ..errors import BundleError, DragomanError, UsageError


class Workplace:
    """The folder ``.OUT.training``, as a context: locked inside it, and removed at its end unless work has begun.

    ``request`` is a JSON value; a folder that was left by another one is a `UsageError`, or with ``overwrite`` cleared.
    Two processes in one folder are a `BundleError` for the second. A killed process leaves no lock.
    """

    def __init__(self, out: Path, request: Mapping[str, Any], *, overwrite: bool = False) -> None:
        self.folder = out.parent / f".{out.name}.training"
        self.corpus, self.ids, self.checkpoints = (self.folder / name for name in ("corpus", "ids", "checkpoints"))
        self._plan = self.folder / "plan.json"
        self._request = self.folder / "request.json"
        self._asked = json.loads(json.dumps(request))
        self._overwrite = overwrite
        self._lock = FileLock(self.folder / "lock")

    @property
    def is_begun(self) -> bool:
        """Whether a training has been planned here, and so can go on."""
        return self._plan.exists()

    def __enter__(self) -> Self:
        self._missing = [folder for folder in self.folder.parents if not folder.exists()]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise BundleError(
                f"{self.folder}: another process is training this bundle; wait for it, or choose another --out"
            ) from None
        except OSError as error:
            raise BundleError(f"{self.folder}: the folder for the training cannot be made: {error.strerror}") from error
        try:
            self._settle()
        except BaseException:
            self._lock.release()
            raise
        return self

    def _settle(self) -> None:
        if self.is_begun:
            try:
                then, _ = _read(self._request), self.read_plan()
            except BundleError as error:
                self.begin_anew(error)
            else:
                if then != self._asked:
                    self._replace(then)
        if not self.is_begun:
            self._clear()
        # Ids are made anew from the pairs: quickly, and for the vocabulary of whoever asks.
        shutil.rmtree(self.ids, ignore_errors=True)

    def _replace(self, then: Mapping[str, Any]) -> None:
        if not self._overwrite:
            raise UsageError(
                f"{self.folder} holds an unfinished training with {_difference(then, self._asked)}; "
                "ask for the same again to go on, choose another --out, or pass --overwrite to begin anew"
            )
        self._clear()

    def begin_anew(self, reason: DragomanError) -> None:
        """Clear the folder of a training that cannot go on, for a ``reason``; raise that without ``overwrite``."""
        if not self._overwrite:
            remedy = "put it back as it was to go on, or pass --overwrite to begin anew"
            raise type(reason)(f"{reason} ({remedy})") from reason
        self._clear()

    def _clear(self) -> None:
        self._plan.unlink(missing_ok=True)
        shutil.rmtree(self.checkpoints, ignore_errors=True)
        self.checkpoints.mkdir()
        _write(self._request, self._asked)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.is_begun:
            self.remove()
            for folder in self._missing:
                with suppress(OSError):  # not empty: somebody has written there
                    folder.rmdir()
        self._lock.release()

    def read_plan(self) -> dict[str, Any]:
        """Return the plan of a training that has begun."""
        plan: dict[str, Any] = _read(self._plan)
        return plan

    def write_plan(self, plan: Mapping[str, Any]) -> None:
        """Fix the plan: the training has begun."""
        _write(self._plan, plan)

    def remove(self) -> None:
        """Remove the folder: nothing here is needed any more."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _difference(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """The first value that differs, in words."""
    for name in sorted({*then, *now}):
        old, new = then.get(name), now.get(name)
        if isinstance(old, dict) and isinstance(new, dict) and old != new:
            return _difference(old, new)
        if old != new:
            told = ["by default" if value is None else value for value in (old, new)]
            return f"{name} {told[0]}, not {told[1]}"
    return "other options"


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BundleError(f"{file}: cannot be read: {error}") from error


def _write(file: Path, value: object) -> None:
    beside = file.with_name(f".{file.name}.partial")
    try:
        beside.write_text(json.dumps(value, indent=1) + "\n", "utf-8")
        beside.replace(file)
    except OSError as error:
        raise BundleError(f"{file}: cannot be written: {error.strerror}; make room, and start again") from error
