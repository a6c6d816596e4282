"""The one table of what must survive a translation: kinds of spans, each with its pattern and with examples.

Knows nothing of languages but what `SPELLED` says.
"""

from __future__ import annotations

from . import addresses, figures, tokens
from .kind import Kind

KINDS: tuple[Kind, ...] = (*addresses.KINDS, *figures.KINDS, *tokens.KINDS, *figures.NUMBERS)
"""All kinds. Where two begin at the same place, the first wins: it is the more special one."""

SPELLED: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("ga", "gd", "gv", "zu", "xh", "ss", "nr", "nd", "rw", "rn", "sw", "tn", "st", "ve", "ts", "nso"),
        frozenset({"inner capitals"}),
    ),
    **dict.fromkeys(("squ", "lil", "str", "shs", "thp"), frozenset({"part number", "digits"})),
    **dict.fromkeys(("de", "gsw", "lb", "nds", "bar"), frozenset({"hour"})),
}
"""Kinds that are words in a language: Irish "nGaeilge", Zulu "isiZulu", Squamish "Sḵwx̱wú7mesh", German "am"."""
