"""Whether texts are in the languages that are named for them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

import langcodes

from ..corpus.languages import UNDETERMINED
from ..detection import Detector, likely_language
from ..errors import MissingPackageError
from .foreign import NEAR

LOOKED_AT = 1_000
"""Characters of each side by which its language is told."""
ENOUGH = 200
"""Characters of a side from which on its language is sure."""
N_TEXTS = 500
"""Texts of a side that are looked at, at most."""


class Languages(NamedTuple):
    """The languages that the sides look like (None where it does not show), and what is wrong with those named."""

    seen: tuple[str | None, str | None]
    warnings: list[str]


def language_warnings(srcs: Iterable[str], trgs: Iterable[str], src: str, trg: str) -> list[str]:
    """Return what is to be said where sample texts of the two sides are surely in other languages than ``src`` and
    ``trg``: one line, with its remedy, or none. Nothing is said of a side that nobody has named ("und"), of little text
    or where languages cannot be told apart here.
    """
    try:
        return look_at_languages(srcs, trgs, src, trg).warnings
    except MissingPackageError:
        return []


def look_at_languages(srcs: Iterable[str], trgs: Iterable[str], src: str, trg: str) -> Languages:
    """Return what the sample texts of the two sides look like; a `MissingPackageError` without py3langid."""
    texts = _joined(srcs), _joined(trgs)
    if min(map(len, texts)) < ENOUGH:
        return Languages((None, None), [])
    seen = tuple(map(likely_language, texts))
    sides = zip(("source", "target"), (src, trg), seen, strict=True)
    wrong = [(side, code, found) for side, code, found in sides if found and _differ(code, found)]
    says = " and ".join(f"the {side} texts look like {found}, not {code}" for side, code, found in wrong)
    if not wrong:
        return Languages((seen[0], seen[1]), [])
    if all(found and _like(found, code) for found, code in zip(seen, (trg, src), strict=True)):
        return Languages((seen[0], seen[1]), [f"{says}: are the sides swapped? (--src {trg} --trg {src})"])
    return Languages((seen[0], seen[1]), [f"{says} (are --src and --trg right?)"])


def _joined(texts: Iterable[str]) -> str:
    """Some of ``texts``, the earliest, as one; no text is most of it."""
    found = ""
    for text in islice(texts, N_TEXTS):
        found += f" {text[:ENOUGH]}"
        if len(found) >= LOOKED_AT:
            break
    return found


def _like(seen: str, named: str) -> bool:
    return langcodes.tag_distance(seen, named) <= NEAR


def _differ(named: str, seen: str) -> bool:
    """Tell whether a text that looks like ``seen`` is surely not in the language ``named``."""
    if named == UNDETERMINED or _like(seen, named):
        return False
    # Of a language that the detector does not know, it sees another one in every text.
    return Detector([named]).knows(named)
