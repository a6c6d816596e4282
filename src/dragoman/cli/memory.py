"""``dragoman memory``: corrections in, out, and looked through."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .options import JsonOption, MemoryOption, PlainSrcOption, PlainTrgOption, help_if_alone, open_memory
from .texts import TextCommand

if TYPE_CHECKING:
    from ..memory import Entry, Version

app = typer.Typer(
    help="Corrections and translation memory: add, look through, approve, import, export.",
    callback=help_if_alone,
    invoke_without_command=True,
    rich_markup_mode=None,
)

MAX_ID = 2**63 - 1
IdArgument = Annotated[
    int, typer.Argument(metavar="ID", max=MAX_ID, help="The number of an entry.", show_default=False)
]
IdsArgument = Annotated[
    list[int], typer.Argument(metavar="ID...", max=MAX_ID, help="Numbers of entries.", show_default=False)
]
AuthorOption = Annotated[str, typer.Option("--author", help="Who says so.")]
PendingOption = Annotated[bool, typer.Option("--pending", help="It is no answer before it is approved.")]


@app.command(cls=TextCommand)
def add(
    source: Annotated[str, typer.Argument(help="A text.", show_default=False)],
    target: Annotated[str, typer.Argument(help="Its right translation.", show_default=False)],
    src: PlainSrcOption,
    trg: PlainTrgOption,
    author: AuthorOption = "",
    context: Annotated[str, typer.Option("--context", help="Where the text stands, or why it is so.")] = "",
    pending: PendingOption = False,
    memory: MemoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a correction; it holds at once, wherever this memory is used."""
    from ..memory import Correction

    state = "pending" if pending else "approved"
    correction = Correction(src, trg, source, target, author, context, state)
    with open_memory(memory) as opened:
        _show([opened.add(correction)], as_json)


@app.command("list")
def list_entries(
    src: Annotated[str | None, typer.Option("--src", help="Only those from this language.")] = None,
    trg: Annotated[str | None, typer.Option("--trg", help="Only those to this language.")] = None,
    state: Annotated[str | None, typer.Option("--state", help="Only those: pending, approved or withdrawn.")] = None,
    after: Annotated[int, typer.Option("--after", min=0, max=MAX_ID, help="Only those with greater numbers.")] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, max=MAX_ID, help="So many at most.")] = 100,
    memory: MemoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print entries: number, state, languages, source, target, author."""
    with open_memory(memory, must_exist=True) as opened:
        _show(opened.entries(src, trg, state, after, limit), as_json)


@app.command()
def show(number: IdArgument, memory: MemoryOption = None, as_json: JsonOption = False) -> None:
    """Print an entry, and what it said before it was changed."""
    with open_memory(memory, must_exist=True) as opened:
        entry, past = opened.entry(number), opened.past(number)
    if as_json:
        print(json.dumps(_as_json(entry) | {"past": [_as_json(version) for version in past]}, ensure_ascii=False))
        return
    for name, value in _as_json(entry).items():
        print(f"{name}: {value}")
    for version in past:
        print(f"since {version.changed:%Y-%m-%d %H:%M:%S}, {version.state}: {version.target}")


@app.command(cls=TextCommand)
def edit(
    number: IdArgument,
    target: Annotated[str, typer.Argument(help="The right translation.", show_default=False)],
    memory: MemoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give an entry another translation; what it said before is kept (show)."""
    with open_memory(memory, must_exist=True) as opened:
        _show([opened.edit(number, target)], as_json)


@app.command()
def approve(numbers: IdsArgument, memory: MemoryOption = None, as_json: JsonOption = False) -> None:
    """Let pending or withdrawn entries hold."""
    with open_memory(memory, must_exist=True) as opened:
        _show([opened.approve(number) for number in numbers], as_json)


@app.command()
def withdraw(numbers: IdsArgument, memory: MemoryOption = None, as_json: JsonOption = False) -> None:
    """Let entries hold no longer; they are kept."""
    with open_memory(memory, must_exist=True) as opened:
        _show([opened.withdraw(number) for number in numbers], as_json)


@app.command("import")
def import_file(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A file of translations: TMX, XLIFF, PO, TSV, CSV, XLSX and others, also packed; or a folder of such.",
            show_default=False,
        ),
    ],
    src: PlainSrcOption,
    trg: PlainTrgOption,
    author: AuthorOption = "",
    pending: PendingOption = False,
    memory: MemoryOption = None,
) -> None:
    """Keep the pairs of a file, but for those that are there already: an import that was cut off is just done again.

    Nothing is kept of a file that is damaged, or has nothing in these languages.
    """
    from ..memory.exchange import CorrectionReader
    from ..memory.importing import import_corrections

    reader = CorrectionReader(file, src, trg, author=author, state="pending" if pending else "approved")
    with open_memory(memory) as opened:
        done = import_corrections(opened, reader)
    n_left_out = sum(n for n, _ in done.left_out.values())
    print(
        f"{file}: {done.n_new:,} new entries, {done.n_there:,} there already, {n_left_out:,} left out, "
        f"of {done.n_read:,} {reader.rows}"
    )
    for reason, (n, first) in done.left_out.items():
        typer.echo(f"dragoman: warning: {n:,} left out, {reason}; the first is {first}", err=True)


@app.command()
def export(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="To write: .tmx, .tsv, or these with .gz.", show_default=False)
    ],
    src: PlainSrcOption,
    trg: PlainTrgOption,
    memory: MemoryOption = None,
) -> None:
    """Write the approved entries of a direction to a file."""
    from ..corpus.languages import language
    from ..errors import NotFoundError, UsageError
    from ..memory.exchange import write_corrections

    if file.exists():
        raise UsageError(f"{file}: the file exists already; move it away or choose another name")
    src, trg = language(src), language(trg)
    with open_memory(memory, must_exist=True) as opened:
        held = opened.directions()
        if (src, trg) not in held:
            others = ", ".join(f"{'-'.join(direction)} ({n:,})" for direction, n in held.items()) or "none at all"
            raise NotFoundError(f"the memory has no approved entries from {src} to {trg} to export; it has {others}")
        n, n_left_out = write_corrections(opened.every(src, trg), src, file)
    print(f"{file}: {n:,} entries")
    if n_left_out:
        message = f"{n_left_out:,} with line breaks or no-break spaces left out; a .tmx file can hold them"
        typer.echo(f"dragoman: warning: {message}", err=True)


def _show(entries: list[Entry], as_json: bool) -> None:
    for entry in entries:
        print(json.dumps(_as_json(entry), ensure_ascii=False) if as_json else _as_line(entry))


def _as_line(entry: Entry) -> str:
    fields = (entry.id, entry.state, f"{entry.src}-{entry.trg}", entry.source, entry.target, entry.author)
    return "\t".join(" ".join(str(field).split()) for field in fields)


def _as_json(value: Entry | Version) -> dict[str, Any]:
    fields = value._asdict()
    return {name: field.isoformat() if hasattr(field, "isoformat") else field for name, field in fields.items()}
