"""``dragoman keys``: who may ask the server, and for what."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from .options import JsonOption, MemoryOption, help_if_alone, open_memory

app = typer.Typer(
    help="API keys of the server, kept in the memory's database as hashes.",
    callback=help_if_alone,
    invoke_without_command=True,
    rich_markup_mode=None,
)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Whose key it is.", show_default=False)]


@app.command()
def add(
    name: NameArgument,
    role: Annotated[
        str,
        typer.Option("--role", help="translate; correct, which also keeps corrections; or admin, which may do all."),
    ] = "translate",
    memory: MemoryOption = None,
) -> None:
    """Make a key and print it, this once: nobody can read it again."""
    from ..memory import Keys

    with open_memory(memory) as opened:
        print(Keys(opened).add(name, role))


@app.command("list")
def list_keys(memory: MemoryOption = None, as_json: JsonOption = False) -> None:
    """Print names, roles, and since when each key is there or revoked."""
    from ..memory import Keys

    with open_memory(memory, must_exist=True) as opened:
        keys = Keys(opened).list()
    for key in keys:
        revoked = key.revoked.isoformat(timespec="seconds") if key.revoked else None
        created = key.created.isoformat(timespec="seconds")
        if as_json:
            print(json.dumps({**key._asdict(), "created": created, "revoked": revoked}, ensure_ascii=False))
        else:
            print(key.name, key.role, created, f"revoked {revoked}" if revoked else "good", sep="\t")


@app.command()
def revoke(name: NameArgument, memory: MemoryOption = None) -> None:
    """Let a key be good for nothing, at once, in every server on that database."""
    from ..memory import Keys

    with open_memory(memory, must_exist=True) as opened:
        Keys(opened).revoke(name)
    print(f"{name}: revoked")
