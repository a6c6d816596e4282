"""Which of the directions of a bundle is meant, and the symbol by which its model knows it."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import UsageError
from ..vocabulary import BACKWARD, FORWARD
from . import Bundle


class Direction(NamedTuple):
    """The codes of both languages, and the symbol before each source; None where the model has one direction only."""

    src: str
    trg: str
    mark: str | None


def direction_of(bundle: Bundle, src: str | None, trg: str | None) -> Direction:
    """Return the first direction of ``bundle`` that is from ``src`` and to ``trg``, where these are given.

    The codes are in standard form, and mean the nearest language: ``en-US`` means ``en``. A direction that the bundle
    lacks is a `UsageError`.
    """
    directions = [Direction(bundle.src, bundle.trg, FORWARD if bundle.both else None)]
    if bundle.both:
        directions.append(Direction(bundle.trg, bundle.src, BACKWARD))
    for direction in directions:
        if _is_meant(src, direction.src) and _is_meant(trg, direction.trg):
            return direction
    known = " and ".join(f"{one.src}-{one.trg}" for one in directions)
    raise UsageError(
        f"{bundle.path}: the bundle translates {known}, not {src or 'any'}-{trg or 'any'}; "
        "choose a direction that it has"
    )


def standard(code: str | None) -> str | None:
    """Return a language code in standard form, None for None; one that does not exist is a `UsageError`."""
    if code is None:
        return None
    from ..corpus.languages import language  # loads tables that a translation does not need

    return language(code)


def _is_meant(code: str | None, known: str) -> bool:
    if code in (None, known):
        return True
    from ..corpus.languages import nearest

    return nearest(str(code), (known,)) is not None
