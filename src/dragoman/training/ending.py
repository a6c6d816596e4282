"""The end of a training: the model is scored in each direction, and its bundle written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .. import bundle as bundles
from ..bundle import Bundle
from ..calibration import calibrated
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
    base: Bundle | None = None,
    with_data: bool,
    overwrite: bool,
) -> None:
    """Calibrate ``bundle`` on dev, and score it on dev and test, beside the ``base`` that it was trained further from;
    give it golden translations, and write it with the pairs that its model has ``learned``.
    """
    for number, direction in enumerate(directions(bundle.src, bundle.trg, both=bundle.both)):
        _score(bundle, direction, material, learned, base, listener, is_first=number == 0)
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
    base: Bundle | None,
    listener: Listener,
    *,
    is_first: bool,
) -> None:
    """Add the reports of one direction; those of the first have the names of their parts alone."""
    src, trg, mark = direction
    translator = Translator(bundle.trained, src=src, trg=trg, training=direction.pairs(learned), mark=mark)
    before = Translator(base.trained, src=src, trg=trg, bundle=base, mark=mark) if base else None
    confidence = calibrated(translator, direction.pairs(material.scored["dev"]))
    if confidence is not None:
        translator.confidence = bundle.confidence[f"{src}-{trg}"] = confidence
    for part, pairs in material.scored.items():
        told = part if is_first else f"{part} ({direction.src}-{direction.trg})"
        listener(Scoring(told, len(pairs)))
        n_all = material.n_all[part]
        whole = material.parts[part] if n_all == len(material.parts[part]) else pairs
        of_all = "" if len(pairs) == n_all else f" ({len(pairs):,} of {n_all:,} pairs)"
        name = f"{material.provenance.name}, {part} part{of_all}"
        report = evaluate(
            translator,
            direction.pairs(pairs),
            whole=direction.pairs(whole),
            beside=direction.pairs(material.beside[part]),
            test_name=name,
            against=before if part == "test" else None,
        )
        if part == "test":
            report = judged(report, bundle)
        listener(Scored(told, report))
        bundle.scores[part if is_first else f"{part} {direction.src}-{direction.trg}"] = report.to_json()
    if is_first:
        for translation in translator.translate([pair.src for pair in evenly(material.scored["dev"], N_GOLDEN)]):
            bundle.golden[translation.src] = translation.text
