"""Languages as clients know them: their English names, from a library's tables, and the codes they are asked for by."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import langcodes

from ..corpus.languages import nearest

AUTO = "auto"
"""In the place of a code: the language is to be found."""

ALIASES = {"pb": "pt-br", "zh": "zh-hans", "zh-hans": "zh", "zt": "zh-hant"}
"""Codes that LibreTranslate also takes, or has taken, for another one."""


@lru_cache(maxsize=1000)
def name_of(code: str) -> str:
    """Return the English name of the language of that code, or the code where nobody has named it."""
    name = langcodes.get(code).display_name("en") if langcodes.tag_is_valid(code) else code
    return code if name.startswith("Unknown language") else name


def meant(code: str, served: Iterable[str]) -> str:
    """Return that of the codes ``served`` that a client means by ``code``: the same in any case, by another name, or
    the nearest of the same language. Where there is none it is ``code`` in small letters.
    """
    codes, lower = tuple(served), code.lower()
    known = {one.lower(): one for one in codes}
    same = known.get(lower) or known.get(ALIASES.get(lower, ""))
    return same or nearest(ALIASES.get(lower, code), codes) or lower
