"""The languages whose sentence pairs with English manythings.org/anki has, and their names, ``tatoeba:spa-eng``.

It knows names only; `catalogue` fetches what they stand for.
"""

from __future__ import annotations

import difflib
from functools import cache
from importlib.resources import files

from ..errors import UsageError

PREFIX = "tatoeba:"


@cache
def languages() -> dict[str, str]:
    """Return the languages that have pairs with English: ISO 639-3 code to English name."""
    table = files(__package__).joinpath("tatoeba.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {code: name for code, name, *_ in rows}


def names() -> list[str]:
    """Return all corpus names, such as ``tatoeba:spa-eng``, sorted."""
    return sorted(f"{PREFIX}{code}-eng" for code in languages())


def file_of(name: str) -> str:
    """Return the name of the zip file that a corpus is in; a name that does not exist is a `UsageError`."""
    if name not in names():
        raise UsageError(f"there is no corpus of the name {name} ({_hint(name)})")
    return name.removeprefix(PREFIX) + ".zip"


def _hint(name: str) -> str:
    known: dict[str, str] = {}
    for code, language in languages().items():
        known |= dict.fromkeys((f"{code}-eng", f"eng-{code}", code, language.lower()), f"{PREFIX}{code}-eng")
    close = difflib.get_close_matches(name.removeprefix(PREFIX).lower(), known, n=2)
    meant = dict.fromkeys(known[text] for text in close)
    return f"did you mean {' or '.join(meant)}?" if meant else "for example tatoeba:spa-eng"
