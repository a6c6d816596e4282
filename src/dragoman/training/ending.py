"""The end of a training: the model is scored in each direction, and its bundle written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .. import bundle as bundles
from ..bundle import Bundle
from ..corpus.pairs import Pair, evenly
from ..errors import MissingPackageError
from ..evaluation import evaluate, judged
from ..plots import training_picture
from ..translator import Translator
from .events import Listener, Scored, Scoring
from .material import Material
from .running import Direction, directions

N_GOLDEN = 10


def write_scored(
    bundle: Bundle,
    material: Material,
    learned: Sequence[Pair],
    out: Path,
    listener: Listener,
    *,
    with_data: bool,
    overwrite: bool,
) -> None:
    """Score ``bundle`` on dev and test, give it golden translations, and write it with the pairs that its model has
    ``learned``.
    """
    for number, direction in enumerate(directions(bundle.src, bundle.trg, both=bundle.both)):
        _score(bundle, direction, material, learned, listener, is_first=number == 0)
    try:
        picture = training_picture(bundle, out.name)
    except MissingPackageError:
        picture = None  # matplotlib comes with an extra
    parts = {**material.parts, "train": learned} if with_data else None
    bundles.write(bundle, out, parts, picture=picture, overwrite=overwrite)


def _score(
    bundle: Bundle,
    direction: Direction,
    material: Material,
    learned: Sequence[Pair],
    listener: Listener,
    *,
    is_first: bool,
) -> None:
    """Add the reports of one direction; those of the first have the names of their parts alone."""
    translator = Translator(
        bundle.trained, src=direction.src, trg=direction.trg, training=direction.pairs(learned), mark=direction.mark
    )
    for part, pairs in material.scored.items():
        told = part if is_first else f"{part} ({direction.src}-{direction.trg})"
        listener(Scoring(told, len(pairs)))
        whole = material.parts[part]
        n_all = len(whole)
        of_all = "" if len(pairs) == n_all else f" ({len(pairs):,} of {n_all:,} pairs)"
        name = f"{material.provenance.name}, {part} part{of_all}"
        report = evaluate(translator, direction.pairs(pairs), whole=direction.pairs(whole), test_name=name)
        if part == "test":
            report = judged(report, bundle)
        listener(Scored(told, report))
        bundle.scores[part if is_first else f"{part} {direction.src}-{direction.trg}"] = report.to_json()
    if is_first:
        for translation in translator.translate([pair.src for pair in evenly(material.scored["dev"], N_GOLDEN)]):
            bundle.golden[translation.src] = translation.text
