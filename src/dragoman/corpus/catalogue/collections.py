"""What is known of the collections that have a name: licence, citation, and why some are not taken unasked.

The table stands in ``collections.tsv``, and says where it is from. What comes with a download (README of OPUS's zip
files) comes before the table, because it is of the version that was downloaded.
"""

from __future__ import annotations

import re
import zipfile
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

MAX_README_BYTES = 2 * 1024**2
NOT_STATED = "not stated"
OPUS = "J. Tiedemann (2012), Parallel Data, Tools and Interfaces in OPUS, LREC"


class Collection(NamedTuple):
    """A collection: its licence, what to cite, and why ``--with free`` leaves it out (empty: it does not)."""

    licence: str
    citation: str
    left_out: str = ""


class Terms(NamedTuple):
    """What a corpus may be used for, and what its makers ask to be cited."""

    licence: str
    citation: str

    def __str__(self) -> str:
        return f"its licence: {self.licence}; to be cited: {self.citation}"


UNKNOWN = Collection(NOT_STATED, OPUS, "nobody has looked at it yet")


@cache
def collections() -> dict[str, Collection]:
    """Return the table, by the name in OPUS, or ``tatoeba`` for that of manythings.org."""
    table = files(__package__).joinpath("collections.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {
        name: Collection(licence or NOT_STATED, _cited(name, citation), out) for name, licence, citation, out in rows
    }


def _cited(name: str, citation: str) -> str:
    # OPUS asks to be cited beside the makers of what it distributes.
    return citation if name == "tatoeba" else f"{citation}; {OPUS}"


def collection(name: str) -> Collection:
    """Return what is known of ``name``."""
    return collections().get(name, UNKNOWN)


def terms(name: str, path: Path | None = None) -> Terms:
    """Return the terms of the collection ``name``, by the README in the zip file at ``path`` if that has a licence."""
    known = collection(name)
    return Terms((path and _stated(path)) or known.licence, known.citation)


def _stated(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            readme = archive.getinfo("README")
            if readme.file_size > MAX_README_BYTES:
                return ""
            text = archive.read(readme).decode("utf-8", errors="replace")
    except (OSError, KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return ""
    found = re.search(r"^[ \t]*Licen[cs]e:[ \t]*(\S.*)$", text, re.MULTILINE)
    stated = " ".join(re.sub(r"<[^>]{0,200}>|[^\x20-\x7e\u00a0-\uffff]", " ", found[1]).split())[:200] if found else ""
    return "" if stated.lower() in ("", "empty", "unknown", "none") else stated
