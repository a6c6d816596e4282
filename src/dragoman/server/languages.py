"""The names of languages, in English, from a library's tables."""

from __future__ import annotations

from functools import lru_cache

import langcodes


@lru_cache(maxsize=1000)
def name_of(code: str) -> str:
    """Return the English name of the language of that code, or the code where nobody has named it."""
    name = langcodes.get(code).display_name("en") if langcodes.tag_is_valid(code) else code
    return code if name.startswith("Unknown language") else name
