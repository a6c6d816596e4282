"""``dragoman corpus``: look at a file of sentence pairs, clean it, split it."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ..errors import UsageError
from .options import JsonOption, PairsArgument, ReverseOption, help_if_alone, open_reader

logger = logging.getLogger("dragoman.cli")

app = typer.Typer(
    help="Look at a file of sentence pairs, clean it, split it.",
    callback=help_if_alone,
    invoke_without_command=True,
    rich_markup_mode=None,
)

SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Fixes the split.")]


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
    """Write three files that share no sentence of either side; adding pairs later moves none from test to train."""
    from ..corpus import write_pairs
    from ..corpus.preparation import prepare, work_folder
    from ..corpus.splitting import PARTS

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
