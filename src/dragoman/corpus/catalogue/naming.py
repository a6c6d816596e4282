"""Names of corpora of OPUS: ``opus:GlobalVoices``, ``opus:Tatoeba@v2023-04-12``."""

from __future__ import annotations

import re

from ...errors import UsageError

PREFIX = "opus:"

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""Of a collection or a version; both become names of folders."""


def parts(name: str) -> tuple[str, str]:
    """Return the collection and the version that a name names; without a version it is empty."""
    corpus, at, version = name.removeprefix(PREFIX).partition("@")
    if not NAME.fullmatch(corpus) or (at and not NAME.fullmatch(version)):
        raise UsageError(f"a corpus of OPUS is named as opus:GlobalVoices or opus:Tatoeba@v2023-04-12, not {name!r}")
    return corpus, version
