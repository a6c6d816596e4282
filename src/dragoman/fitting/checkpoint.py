"""The state of a training on disk, so that a killed process loses a minute and not a night.

A checkpoint is one safetensors file, ``step-000000127.safetensors``: the variables of the model and of its optimizer,
the best weights so far, and in its metadata the `Standing`. It is written beside and renamed, so a file of that name is
whole; the newest is used, and the one before it is kept until the next.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy

from ..engine import Weights
from ..errors import BundleError, UsageError
from ..models import keras
from .events import Validated
from .loop import Standing, Sums

SECONDS = 60.0
"""Time between two checkpoints, unless told otherwise."""
N_KEPT = 2

_BEST = "best."


class Checkpoints:
    """The `loop.Keeper` that keeps checkpoints in ``folder``, one every ``seconds``."""

    def __init__(self, folder: Path, seconds: float = SECONDS) -> None:
        if not 0 <= seconds < float("inf"):
            raise UsageError(f"the seconds between two checkpoints must be a number from 0, not {seconds}")
        self.folder, self.seconds = folder, seconds
        self.kept_at = monotonic()

    def files(self) -> list[Path]:
        """Return the checkpoints, oldest first."""
        return sorted(self.folder.glob("step-*.safetensors"))

    @property
    def step(self) -> int:
        """The step of the newest checkpoint; 0 where there is none."""
        files = self.files()
        return int(files[-1].stem.removeprefix("step-")) if files else 0

    def restore(self, model: Any) -> tuple[Standing, Weights | None]:
        """Give ``model`` the variables of the newest checkpoint; return where it stood, and the best weights by then.

        Before any step there is the checkpoint of step 0, which `keep` writes; where there is none at all, or none that
        can be read, somebody removed or harmed it: a `BundleError`.
        """
        files = self.files()
        if not files:
            raise BundleError(
                f"{self.folder}: the checkpoint of this training has been removed; "
                f"delete {self.folder.parent} to train anew"
            )
        named, metadata = _read(files[-1])
        variables = _variables(model)
        shapes = {name: array.shape for name, array in named.items() if not name.startswith(_BEST)}
        if shapes != {name: tuple(variable.shape) for name, variable in variables.items()}:
            raise BundleError(
                f"{files[-1]}: the checkpoint is of another model; delete {self.folder.parent} to train anew"
            )
        for name, variable in variables.items():
            variable.assign(named[name])
        best = {name.removeprefix(_BEST): array for name, array in named.items() if name.startswith(_BEST)}
        return _standing(json.loads(metadata["standing"])), best or None

    def keep(self, model: Any, standing: Standing, best: Weights | None, *, now: bool = False) -> None:
        """Write a checkpoint if the last one is ``seconds`` old, or ``now``.

        Where it cannot be written (a full disk), the one before stays, and a `BundleError` says so.
        """
        if not now and monotonic() - self.kept_at < self.seconds:
            return
        named = {name: keras.ops.convert_to_numpy(variable.value) for name, variable in _variables(model).items()}
        named |= {_BEST + name: array for name, array in (best or {}).items()}
        path = self.folder / f"step-{standing.step:09d}.safetensors"
        beside = path.with_name(f".{path.name}.partial")
        try:
            with beside.open("wb") as file:
                file.write(safetensors.numpy.save(named, {"standing": json.dumps(asdict(standing))}))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            for old in self.files()[:-N_KEPT]:
                old.unlink()
        except OSError as error:
            kept = self.files()
            raise BundleError(
                f"{path}: the checkpoint cannot be written: {error.strerror or error} "
                f"({kept[-1].name if kept else 'none'} is whole: mend that, and start the same command again)"
            ) from error
        finally:
            beside.unlink(missing_ok=True)
        self.kept_at = monotonic()


class Forgetful:
    """The `loop.Keeper` that keeps nothing."""

    def restore(self, model: Any) -> tuple[Standing, None]:
        """Return the start."""
        return Standing(), None

    def keep(self, model: Any, standing: Standing, best: Weights | None, *, now: bool = False) -> None:
        """Do nothing."""


def _variables(model: Any) -> dict[str, Any]:
    """Everything that a step changes, by number: weights, random states, the optimizer's state."""
    model.optimizer.build(model.trainable_variables)
    groups = (model.trainable_variables, model.non_trainable_variables, model.optimizer.variables)
    # Not by path: Keras numbers the names of some variables through the life of the process.
    found = [variable for group in groups for variable in group]
    return {f"variable.{number}": variable for number, variable in enumerate(found)}


def _read(file: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    try:
        with safetensors.safe_open(file, "numpy") as opened:
            return {name: opened.get_tensor(name) for name in opened.keys()}, opened.metadata() or {}  # noqa: SIM118
    except (safetensors.SafetensorError, OSError) as error:
        raise BundleError(
            f"{file}: the checkpoint is damaged ({error}); delete this file, and the one before it is used"
        ) from error


def _standing(values: dict[str, Any]) -> Standing:
    return Standing(
        step=values["step"],
        sums=Sums(**values["sums"]),
        seconds=values["seconds"],
        history=[Validated(*validated) for validated in values["history"]],
        n_steps=values.get("n_steps"),  # older checkpoints have none
    )
