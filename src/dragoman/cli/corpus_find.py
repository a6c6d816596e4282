"""``dragoman corpus find``: which pairs there are for two languages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from .options import JsonOption

if TYPE_CHECKING:
    from ..corpus.catalogue.finding import Found


def find(
    src: Annotated[str, typer.Argument(metavar="SRC", help="One language, such as en.")],
    trg: Annotated[str, typer.Argument(metavar="TRG", help="The other one, such as sw.")],
    as_json: JsonOption = False,
) -> None:
    """List the corpora that there are in two languages: pairs, size, licence, and whether --with free takes them."""
    from ..corpus.catalogue.finding import find as find_corpora
    from ..corpus.languages import check_sides, language

    src, trg = language(src), language(trg)
    check_sides(src, trg)
    found = find_corpora(src, trg)
    if as_json:
        typer.echo(json.dumps({"src": src, "trg": trg, "corpora": [one._asdict() for one in found]}))
    elif found:
        _draw(found)
    else:
        typer.echo(f"neither OPUS nor Tatoeba has pairs in {src} and {trg}")


def _draw(found: list[Found]) -> None:
    from rich.filesize import decimal
    from rich.table import Table
    from rich.text import Text

    from .drawing import results_console

    table = Table("name", "pairs", "download", "licence", "--with free", box=None, pad_edge=False)
    table.columns[1].justify = table.columns[2].justify = "right"
    for one in found:
        pairs = f"{one.n_pairs:,}" if one.n_pairs is not None else "-"
        size = decimal(one.n_bytes) if one.n_bytes is not None else "-"
        use = f"left out: {one.left_out}" if one.left_out else "taken"
        table.add_row(*(Text(cell, overflow="fold") for cell in (one.name, pairs, size, one.licence, use)))
    results_console().print(table)
