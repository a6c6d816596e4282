"""The arrays of a bundle as its file keeps them: in 32 bits, or to be light in 8 or 16."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..engine import Weights
from ..engine.ctranslate_format import quantized
from ..errors import BundleError

MATRIX, SCALE = "/weight", "/weight_scale"
"""Ends of the names of a Transformer's matrices, and of the scales of their rows."""

Stored = Mapping[str, NDArray[Any]]


def narrow(weights: Weights) -> dict[str, NDArray[Any]]:
    """Return ``weights`` as a light bundle keeps them: matrices as the engine's int8 has them (`quantized`), with the
    scales of their rows, and the rest as float16.

    A number too large for 16 bits is a `BundleError`.
    """
    stored: dict[str, NDArray[Any]] = {}
    for name, array in weights.items():
        if name.endswith(MATRIX):
            stored[name], stored[name.removesuffix(MATRIX) + SCALE] = quantized(array)
        else:
            stored[name] = _half(name, array)
    return stored


def widen(stored: Stored) -> Weights:
    """Return arrays from a file, of a light bundle or of any other, as float32; a lone scale is a `BundleError`."""
    weights = {}
    for name, array in stored.items():
        if name.endswith(SCALE):
            if name.removesuffix(SCALE) + MATRIX not in stored:
                raise BundleError(f"the array {name!r} belongs to none; copy the bundle again")
            continue
        if array.dtype == np.int8:
            scale = stored.get(name.removesuffix(MATRIX) + SCALE)
            if array.ndim != 2 or scale is None or scale.dtype != np.float32 or scale.shape != array.shape[:1]:
                raise BundleError(
                    f"the array {name!r} in 8 bits needs a scale for each of its rows; copy the bundle again"
                )
            with np.errstate(
                divide="ignore", invalid="ignore"
            ):  # whoever runs weights refuses those that are not finite
                weights[name] = array / scale[:, None]
        else:
            weights[name] = array.astype(np.float32) if array.dtype == np.float16 else array
    return weights


def _half(name: str, array: NDArray[np.float32]) -> NDArray[np.float16]:
    with np.errstate(over="ignore"):
        rounded = array.astype(np.float16)
    if not np.isfinite(rounded).all():
        raise BundleError(f"the array {name!r} has weights beyond 65504, too large for 16 bits; keep the whole bundle")
    return rounded
