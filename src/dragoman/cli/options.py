"""Arguments and options that several commands share, in one wording."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import UsageError

PairsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="PAIRS [TRG_FILE]",
        help="Sentence pairs: a TSV file (also .gz, .zip), two aligned plain files, - for standard input, "
        "a corpus such as tatoeba:spa-eng, or phrasebook.",
        show_default=False,
    ),
]
BundleArgument = Annotated[Path, typer.Argument(metavar="BUNDLE", help="The folder of a trained translator.")]
ReverseOption = Annotated[bool, typer.Option("--reverse", help="Swap source and target.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
BeamOption = Annotated[int, typer.Option("--beam", help="Width of the beam search; 1 is greedy.")]


def one_or_two(pairs: list[str]) -> tuple[str, str | None]:
    """Return what the user named as PAIRS: one path, or the source and the target file."""
    if len(pairs) > 2:
        raise UsageError(f"PAIRS is one file, or two aligned ones, not {len(pairs)}: {' '.join(pairs)}")
    return pairs[0], pairs[1] if len(pairs) == 2 else None
