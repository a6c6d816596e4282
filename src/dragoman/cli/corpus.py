"""``dragoman corpus``: look at a file of sentence pairs, clean it, split it."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from ..errors import MissingPackageError, UsageError
from . import corpus_find
from .options import JsonOption, PairsArgument, ReverseOption, help_if_alone, one_or_two, open_reader

logger = logging.getLogger("dragoman.cli")

app = typer.Typer(
    help="Look at a file of sentence pairs, clean it, split it.",
    callback=help_if_alone,
    invoke_without_command=True,
    rich_markup_mode=None,
)
app.command("find")(corpus_find.find)

SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Fixes the split.")]


N_LOOKED_AT, N_SHOWN = 500, 5
"""Of the first pairs, those that tell the languages, and those that are printed."""


def _refuse_existing(*files: Path) -> None:
    for file in files:
        if file.exists():
            raise UsageError(f"{file}: the file exists already; move it away or choose another name")


@app.command()
def stats(pairs: PairsArgument, seed: SeedOption = 0, as_json: JsonOption = False) -> None:
    """Print pairs, lengths, symbols, duplicates, groups, and how much a random split would leak."""
    from ..corpus.statistics import corpus_statistics
    from .drawing import draw_statistics, results_console

    statistics = corpus_statistics(open_reader(pairs), seed=seed)
    if as_json:
        typer.echo(json.dumps(asdict(statistics), indent=1))
    else:
        draw_statistics(statistics, results_console())


@app.command()
def check(pairs: PairsArgument, as_json: JsonOption = False) -> None:
    """Tell what a training would read, drop and keep, and in which languages the sides seem to be."""
    from ..corpus.overview import overview
    from .drawing import draw_facts, results_console

    found = overview(open_reader(pairs), N_LOOKED_AT)
    src, trg = _languages(pairs, found.examples)
    found = replace(found, examples=found.examples[:N_SHOWN])
    if as_json:
        typer.echo(json.dumps({"src": src, "trg": trg, **asdict(found)}))
        return
    dropped = ", ".join(f"{reason} {n:,}" for reason, n in found.dropped.items() if n) or "none"
    facts = {
        "languages": f"{src or 'not known'}, {trg or 'not known'}",
        "pairs": f"{found.n_pairs:,} of {found.n_read:,}",
        "dropped": dropped,
        "bad rows": f"{found.bad_rows:,}" + (f" ({found.first_bad})" if found.first_bad else ""),
        "mean length": f"{found.src_length:.1f} and {found.trg_length:.1f} characters",
    }
    draw_facts(facts, results_console())
    for src_text, trg_text in found.examples:
        typer.echo(f"{src_text}\t{trg_text}")


def _languages(pairs: list[str], examples: Sequence[tuple[str, str]]) -> list[str | None]:
    """The languages of the two sides by their files' names, or else by the examples."""
    from ..corpus.languages import UNDETERMINED, languages_of
    from ..detection import likely_language

    named = [None if code == UNDETERMINED else code for code in languages_of(*one_or_two(pairs))]
    try:
        sides = zip(named, zip(*examples, strict=True), strict=True)
        return [code or likely_language(" ".join(texts)) for code, texts in sides]
    except MissingPackageError as error:
        logger.warning(f"the languages are not looked for: {error}")
        return named


@app.command()
def clean(
    pairs: PairsArgument,
    out: Annotated[Path, typer.Option("--out", help="The file to write, .tsv or .tsv.gz.", show_default=False)],
    max_length: Annotated[int | None, typer.Option("--max-length", min=1, help="Characters a side, at most.")] = None,
    max_ratio: Annotated[float | None, typer.Option("--max-ratio", help="Length ratio of the sides, at most.")] = None,
    reverse: ReverseOption = False,
) -> None:
    """Drop duplicates and pairs beyond the limits of length and length ratio; say how many and why."""
    from ..corpus import write_pairs
    from ..corpus.cleaning import Cleaner, CleaningRules

    _refuse_existing(out)
    limits = {"max_length": max_length, "max_ratio": max_ratio}
    cleaner = Cleaner(CleaningRules(**{name: value for name, value in limits.items() if value is not None}))  # type: ignore[arg-type]
    write_pairs(cleaner(open_reader(pairs, reverse=reverse)), out)
    typer.echo(f"{out}: {cleaner.report}")


@app.command()
def split(
    pairs: PairsArgument,
    out: Annotated[
        Path, typer.Option("--out", help="The folder for train.tsv, dev.tsv, test.tsv.", show_default=False)
    ],
    dev: Annotated[float, typer.Option("--dev", help="Share of the dev part.")] = 0.02,
    test: Annotated[float, typer.Option("--test", help="Share of the test part.")] = 0.02,
    seed: SeedOption = 0,
    reverse: ReverseOption = False,
) -> None:
    """Write three files that share no sentence of either side; adding pairs later moves none from test to train.

    Of a corpus so small that a part would come out too small, that part is filled up, with a warning: it may change
    when pairs are added.
    """
    from ..corpus import write_pairs
    from ..corpus.preparation import prepare, work_folder
    from ..corpus.splitting import PARTS, check_shares

    check_shares(dev, test)
    files = {part: out / f"{part}.tsv" for part in PARTS}
    _refuse_existing(*files.values())
    reader = open_reader(pairs, reverse=reverse)
    with work_folder(out / ".corpus") as work:
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{out}: the folder cannot be made: {error.strerror}") from error
        store = prepare(reader, work, seed=seed, dev=dev, test=test)
        for warning in store.facts.warnings:
            logger.warning(warning)
        typer.echo(str(store.facts.cleaning))
        for part, file in files.items():
            typer.echo(f"{file}: {write_pairs(store.part(part), file):,} pairs")
