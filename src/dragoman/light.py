"""A bundle made light, to be served or sent: without its training pairs, its weights in 16 bits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import bundle as bundles
from .bundle import Bundle
from .errors import BundleError
from .translator import Translator
from .vocabulary import FORWARD


def write_light(bundle: Bundle, path: Path) -> Bundle:
    """Write a light copy of ``bundle`` as the folder ``path`` and return it.

    Weights keep 11 significant bits; its golden translations are its own. The scores are those of the whole bundle. A
    weight too large for 16 bits, or a folder that is there, is a `BundleError`.
    """
    bundles.check_target(path)
    weights = {name: _rounded(name, array) for name, array in bundle.trained.weights.items()}
    trained = replace(bundle.trained, weights=weights)
    translator = Translator(trained, src=bundle.src, trg=bundle.trg, mark=FORWARD if bundle.both else None)
    golden = {translation.src: translation.text for translation in translator.translate(list(bundle.golden))}
    return bundles.write(replace(bundle, trained=trained, golden=golden), path, half=True)


def _rounded(name: str, array: NDArray[np.float32]) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        rounded = array.astype(np.float16)
    if not np.isfinite(rounded).all():
        raise BundleError(f"the array {name!r} has weights beyond 65504, too large for 16 bits; keep the whole bundle")
    return rounded.astype(np.float32)
