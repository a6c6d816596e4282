"""``dragoman evaluate``: a bundle and a test set to scores that can be trusted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from ..config import SearchConfig
from .options import (
    BeamOption,
    BundleArgument,
    JsonOption,
    PairsArgument,
    PrecisionOption,
    ReverseOption,
    SrcOption,
    TrgOption,
    open_reader,
)


def evaluate(
    bundle: BundleArgument,
    pairs: PairsArgument,
    reverse: ReverseOption = False,
    src: SrcOption = None,
    trg: TrgOption = None,
    beam: BeamOption = None,
    precision: PrecisionOption = None,
    against: Annotated[
        Path | None,
        typer.Option("--against", help="A second bundle; shows whether the difference is significant."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Score a translator on sentence pairs: BLEU, chrF, TER and exact match, with 95 % intervals.

    Beside them stands what a translation memory would score, that is the translation of the nearest training
    sentence; and test sentences that occur in the training data are counted and named. Long sentences that are unlike
    all training sentences are scored apart, as the harder part. Of each pair the first text
    is the source, and with --reverse the second, whatever --src says of the bundle.
    """
    options = SearchConfig(beam=beam)
    from ..evaluation import evaluate as run
    from ..evaluation import judged
    from ..translator import Translator
    from .drawing import draw_report, results_console

    translator = Translator.load(bundle, src=src, trg=trg, precision=precision)
    rival = Translator.load(against, src=src, trg=trg, precision=precision) if against else None
    reader = open_reader(pairs, reverse=reverse, min_pairs=1)
    report = run(translator, list(reader), options=options, test_name=reader.name, against=rival)
    assert translator.bundle is not None
    report = judged(report, translator.bundle)
    if as_json:
        typer.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=1))
    else:
        draw_report(report, results_console())
