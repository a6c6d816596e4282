"""Arguments and options that several commands share, in one wording."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import UsageError

if TYPE_CHECKING:
    from ..corpus import PairReader
    from ..memory import Memory

BEGAN = monotonic()
"""When this program started, nearly."""

PairsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="PAIRS...",
        help="Sentence pairs, of one source or many: files of translations (TSV, CSV, XLSX, ODS, TMX, XLIFF, PO, Qt's "
        "TS, JSON Lines, Parquet; also .gz), folders, zip files and tarballs of such, two aligned plain files such as "
        "train.en train.es, - for standard input, a corpus such as tatoeba:spa-eng, or phrasebook.",
        show_default=False,
    ),
]
ColumnsOption = Annotated[
    str | None,
    typer.Option(
        "--columns",
        metavar="SOURCE,TARGET",
        help="Columns of tables, by their headings or numbers; by default they are found, and it is said how.",
        show_default=False,
    ),
]
BundleArgument = Annotated[Path, typer.Argument(metavar="BUNDLE", help="The folder of a trained translator.")]
ReverseOption = Annotated[bool, typer.Option("--reverse", help="Swap source and target.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
EventsOption = Annotated[bool, typer.Option("--json", help="Print what happens for programs, a line of JSON each.")]
BeamOption = Annotated[
    int | None,
    typer.Option("--beam", help="Width of the beam search; 1 is greedy. By default what suits the model."),
]
SrcOption = Annotated[
    str | None, typer.Option("--src", help="Language of the source, where the bundle has several directions.")
]
TrgOption = Annotated[
    str | None, typer.Option("--trg", help="Language of the translation, where the bundle has several directions.")
]
PrecisionOption = Annotated[
    str | None, typer.Option("--precision", help="int8 or float32; by default what suits the model.")
]
PlainSrcOption = Annotated[str, typer.Option("--src", help="Language of the source.", show_default=False)]
PlainTrgOption = Annotated[str, typer.Option("--trg", help="Language of the translation.", show_default=False)]
MemoryOption = Annotated[
    str | None,
    typer.Option(
        "--memory",
        metavar="PATH|URL",
        help="The memory: a file, or postgresql://user@host/name; by default one of the user's own.",
        show_default=False,
    ),
]


def help_if_alone(context: typer.Context) -> None:
    """Show the help of a group of commands that was called without one, and end as after a wrong call."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(UsageError.exit_code)


def split_columns(columns: str | None) -> tuple[str, ...]:
    """Return the columns that the user named."""
    return tuple(name.strip() for name in columns.split(",")) if columns else ()


def open_readers(pairs: list[str], columns: str | None = None, **choices: Any) -> list[PairReader]:
    """Return the readers of all that the user named as PAIRS, showing a download if it comes to one."""
    from ..corpus import open_sources
    from .download_bar import DownloadBar

    with DownloadBar() as bar:
        return open_sources(pairs, progress=bar, columns=split_columns(columns), **choices)


def open_memory(place: str | None, *, must_exist: bool = False) -> Memory:
    """Return the memory at ``place``, or the user's own.

    It is made if there is none, unless it ``must_exist``: a mistyped name then is an error. One's own is always made.
    """
    import platformdirs

    from ..memory import Memory

    if place is None:
        return Memory(platformdirs.user_data_path("dragoman") / "memory.sqlite")
    return Memory(place, must_exist=must_exist)
