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
    ColumnsOption,
    JsonOption,
    PairsArgument,
    PrecisionOption,
    ReverseOption,
    SrcOption,
    TrgOption,
    open_readers,
)


def evaluate(
    bundle: BundleArgument,
    pairs: PairsArgument,
    columns: ColumnsOption = None,
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

    Beside them stands what a translation memory would score, that is the translation of the nearest training sentence;
    and test sentences that occur in the training data are counted and named. Long sentences that are unlike all
    training sentences are scored apart, as the harder part. Invented words, which neither the language nor the source
    has, are counted by a Hunspell dictionary where one is installed, else by the words of training. Several sources are
    scored together, and each by itself. Of each pair the first text is the source, and with --reverse the second,
    whatever --src says of the bundle.
    """
    options = SearchConfig(beam=beam)
    from ..checking.first_look import languages_seen
    from ..evaluation import evaluate as run
    from ..evaluation import judged
    from ..translator import Translator
    from .drawing import draw_report, results_console

    translator = Translator.load(bundle, src=src, trg=trg, precision=precision)
    rival = Translator.load(against, src=src, trg=trg, precision=precision) if against else None
    named = (translator.trg, translator.src) if reverse else (translator.src, translator.trg)
    readers = open_readers(pairs, src=named[0], trg=named[1], columns=columns, reverse=reverse, min_pairs=1)
    test_name = " and ".join(reader.name for reader in readers)
    languages_seen(readers, named, strict=False)
    asked = [pair if len(readers) == 1 else pair.of(reader.name) for reader in readers for pair in reader]
    report = run(translator, asked, options=options, test_name=test_name, against=rival)
    assert translator.bundle is not None
    report = judged(report, translator.bundle)
    if as_json:
        typer.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=1))
    else:
        draw_report(report, results_console())
