"""A bench's document as tables: for the terminal, or as Markdown.

python -m bench.report FILE.json...      the Markdown of results that were written before
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from .summary import Document, FigureRow, TargetRow

UNITS = {"_per_s": "/s", "_s": " s", "_ms": " ms", "_mib": " MiB"}
"""The unit of a figure, by the end of its name; the first that fits."""


class Grid(NamedTuple):
    """A table of texts; the first ``n_words`` columns are words, the others numbers."""

    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    n_words: int


def figure_grid(rows: Sequence[FigureRow]) -> Grid:
    """Return the table of all figures."""
    header = ("side", "figure", "median", "min to max")
    cells = [
        (
            row["side"],
            _split(row["figure"])[0],
            _with_unit(row["spread"][0], row["figure"]),
            _range(row["spread"]),
        )
        for row in rows
    ]
    return Grid(header, cells, 2)


def target_grid(rows: Sequence[TargetRow]) -> Grid:
    """Return the table of what was promised and what was measured."""
    header = ("what", "ours", "peer", "measured", "min to max", "target", "stretch", "met")
    return Grid(header, [_target_cells(row) for row in rows], 1)


def _target_cells(row: TargetRow) -> tuple[str, ...]:
    figure, peer = row["figure"], row["peer"]

    def shown(value: float | None) -> str:
        if value is None:
            return ""
        return _with_unit(value, figure) if peer is None else f"{_number(value)} times"

    return (
        row["what"],
        _with_unit(row["ours"], figure),
        "" if peer is None else _with_unit(peer, figure),
        shown(row["measured"][0]),
        _range(row["measured"]),
        shown(row["target"]),
        shown(row["stretch"]),
        {True: "yes", False: "no", None: ""}[row["met"]],
    )


def _range(spread: Sequence[float]) -> str:
    _, least, greatest = spread
    return f"{_number(least)} to {_number(greatest)}"


def _split(figure: str) -> tuple[str, str]:
    """A figure's name as words, and its unit."""
    for ending, unit in UNITS.items():
        if figure.endswith(ending):
            return figure.removesuffix(ending).replace("_", " "), unit
    return figure.replace("_", " "), ""


def _with_unit(value: float, figure: str) -> str:
    return _number(value) + _split(figure)[1]


def _number(value: float) -> str:
    """Three significant digits, without an exponent."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def markdown(document: Document) -> str:
    """Return the document as a Markdown section."""
    parts = [f"### {document['bench']}", heading(document), f"    {document['command']}"]
    parts += [_markdown_grid(grid) for grid in _grids(document)]
    return "\n\n".join(parts + disagreement(document)) + "\n"


def _markdown_grid(grid: Grid) -> str:
    rules = ["---"] * grid.n_words + ["---:"] * (len(grid.header) - grid.n_words)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (grid.header, rules, *grid.rows))


def _grids(document: Document) -> list[Grid]:
    grids = [target_grid(document["targets"]), figure_grid(document["figures"])]
    return [grid for grid in grids if grid.rows]


def heading(document: Document) -> str:
    """Return the line that names machine, versions, rounds and date."""
    machine = document["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in document["versions"].items())
    rounds = min(sum(r["counted"] for r in side["rounds"]) for side in document["sides"].values())
    return (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB, load {machine['load_average']} "
        f"at the start; {versions}; rounds: {rounds}; {document['date']}"
    )


def disagreement(document: Document) -> list[str]:
    """Return the lines that say what the sides should have said alike."""
    return [f"The sides differ in: {name}. The figures do not compare." for name in document["disagreements"]]


def draw(document: Document, console: Console) -> None:
    """Draw the document on a terminal."""
    console.print(f"[bold]{document['bench']}[/]  {heading(document)}", highlight=False)
    for grid in _grids(document):
        table = Table()
        for number, name in enumerate(grid.header):
            table.add_column(name, justify="left" if number < grid.n_words else "right")
        for row in grid.rows:
            table.add_row(*row)
        console.print(table)
    for line in disagreement(document):
        console.print(line, style="bold red")


def main() -> None:
    """Print the Markdown of written documents."""
    options = argparse.ArgumentParser(prog="python -m bench.report", description="Written results as Markdown.")
    options.add_argument("files", nargs="+", type=Path)
    for file in options.parse_args().files:
        print(markdown(json.loads(file.read_text("utf-8"))))


if __name__ == "__main__":
    main()
