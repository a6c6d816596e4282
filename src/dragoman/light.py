"""A bundle made light, to be served or sent: without its training pairs, its weights in 8 or 16 bits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from . import bundle as bundles
from .bundle import Bundle
from .bundle.arrays import narrow, widen
from .translator import Translator
from .vocabulary import FORWARD


def write_light(bundle: Bundle, path: Path) -> Bundle:
    """Write a light copy of ``bundle`` as the folder ``path`` and return it.

    A Transformer's matrices keep what its engine makes of them in int8, all other weights 11 significant bits; its
    golden translations are its own. The scores are those of the whole bundle. A weight too large for 16 bits, or a
    folder that is there, is a `BundleError`.
    """
    bundles.check_target(path)
    trained = replace(bundle.trained, weights=widen(narrow(bundle.trained.weights)))
    translator = Translator(trained, src=bundle.src, trg=bundle.trg, mark=FORWARD if bundle.both else None)
    golden = {translation.src: translation.text for translation in translator.translate(list(bundle.golden))}
    return bundles.write(replace(bundle, trained=trained, golden=golden), path, light=True)
