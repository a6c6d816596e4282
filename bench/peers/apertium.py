"""Apertium: dictionaries and rules, no training. Debian's packages ``apertium`` and ``apertium-eng-spa``."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

MODES = {("en", "es"): "eng-spa", ("es", "en"): "spa-eng"}


def translate(texts: Sequence[str], src: str, trg: str) -> list[str]:
    """Return what Apertium makes of each of ``texts``, one line each, unknown words without marks.

    A pair of languages that it is not asked for is a `KeyError`.
    """
    # An empty line between them keeps texts apart: rules reach across the end of a line.
    given = "".join(f"{' '.join(text.split())}\n\n" for text in texts)
    try:
        done = subprocess.run(
            ["apertium", "-u", MODES[src, trg]], input=given, capture_output=True, text=True, check=True
        )
    except FileNotFoundError:
        raise SystemExit("apertium is not installed: apt-get install apertium apertium-eng-spa") from None
    found = done.stdout.split("\n\n")[: len(texts)]
    assert len(found) == len(texts), f"{len(texts)} texts, {len(found)} translations"
    return [" ".join(text.split()) for text in found]
