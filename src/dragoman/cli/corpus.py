"""``dragoman corpus``: look at sentence pairs, clean them, split them."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from ..errors import CorpusError, UsageError
from . import corpus_find
from .options import (
    ColumnsOption,
    JsonOption,
    PairsArgument,
    ReverseOption,
    help_if_alone,
    open_readers,
)

logger = logging.getLogger("dragoman.cli")

app = typer.Typer(
    help="Look at sentence pairs, clean them, split them.",
    callback=help_if_alone,
    invoke_without_command=True,
    rich_markup_mode=None,
)
app.command("find")(corpus_find.find)

FirstOption = Annotated[str | None, typer.Option("--src", help="Language of the first column, e.g. en.")]
SecondOption = Annotated[str | None, typer.Option("--trg", help="Language of the second column, e.g. es.")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Fixes the split.")]


def _refuse_existing(*files: Path) -> None:
    for file in files:
        if file.exists():
            raise UsageError(f"{file}: the file exists already; move it away or choose another name")


@app.command()
def check(
    pairs: PairsArgument,
    src: FirstOption = None,
    trg: SecondOption = None,
    columns: ColumnsOption = None,
    reverse: ReverseOption = False,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Take only the first N pairs.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="End with an error where a finding is grave.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Tell what each source holds, what a training would drop of it and why, and what to expect of it."""
    from ..checking import check as look_at
    from .drawing import draw_look, results_console

    choices = {"src": src, "trg": trg, "reverse": reverse, "limit": limit}
    readers = open_readers(pairs, columns, **choices)
    look = look_at(readers, *((trg, src) if reverse else (src, trg)))
    if as_json:
        typer.echo(json.dumps(asdict(look) | {"n_read": look.n_read, "n_pairs": look.n_pairs, "dropped": look.dropped}))
    else:
        draw_look(look, results_console())
    if strict and (stopping := [str(finding) for finding in look.findings if finding.stops]):
        raise CorpusError("; ".join(stopping))


@app.command()
def clean(
    pairs: PairsArgument,
    out: Annotated[Path, typer.Option("--out", help="The file to write, .tsv or .tsv.gz.", show_default=False)],
    max_length: Annotated[int | None, typer.Option("--max-length", min=1, help="Characters a side, at most.")] = None,
    max_ratio: Annotated[float | None, typer.Option("--max-ratio", help="Length ratio of the sides, at most.")] = None,
    src: FirstOption = None,
    trg: SecondOption = None,
    columns: ColumnsOption = None,
    reverse: ReverseOption = False,
) -> None:
    """Drop duplicates, damaged pairs and those beyond the limits of length and length ratio; say how many and why."""
    from ..checking.damage import Filter
    from ..corpus import write_pairs
    from ..corpus.cleaning import CleaningRules
    from ..corpus.preparation import prepare, work_folder

    _refuse_existing(out)
    if not out.parent.is_dir():
        raise UsageError(f"{out}: cannot be written: No such folder (make it, or choose another name)")
    limits = {"max_length": max_length, "max_ratio": max_ratio}
    rules = CleaningRules(**{name: value for name, value in limits.items() if value is not None})  # type: ignore[arg-type]
    readers = open_readers(pairs, columns, src=src, trg=trg, reverse=reverse)
    first, second = readers[0].languages
    learn = partial(Filter.learned_from, src=second if reverse else first, trg=first if reverse else second)
    with work_folder(out.with_name(f".{out.name}.corpus")) as work:
        store = prepare(readers, work, rules=rules, learn=learn, dev=0, test=0)
        write_pairs(store.part("train"), out)
        typer.echo(f"{out}: {store.facts.cleaning}")


@app.command()
def split(
    pairs: PairsArgument,
    out: Annotated[
        Path, typer.Option("--out", help="The folder for train.tsv, dev.tsv, test.tsv.", show_default=False)
    ],
    dev: Annotated[float, typer.Option("--dev", help="Share of the dev part.")] = 0.02,
    test: Annotated[float, typer.Option("--test", help="Share of the test part.")] = 0.02,
    seed: SeedOption = 0,
    src: FirstOption = None,
    trg: SecondOption = None,
    columns: ColumnsOption = None,
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
    readers = open_readers(pairs, columns, src=src, trg=trg, reverse=reverse)
    with work_folder(out / ".corpus") as work:
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{out}: the folder cannot be made: {error.strerror}") from error
        store = prepare(readers, work, seed=seed, dev=dev, test=test)
        for warning in store.facts.warnings:
            logger.warning(warning)
        typer.echo(str(store.facts.cleaning))
        for part, file in files.items():
            typer.echo(f"{file}: {write_pairs(store.part(part), file):,} pairs")
