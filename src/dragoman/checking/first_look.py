"""The look at the pairs before a training: are they in the languages that are named, and are they whole?"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from ..corpus import PairReader
from ..corpus.cleaning import CleaningReport
from ..corpus.languages import UNDETERMINED
from ..corpus.pairs import evenly
from ..errors import CorpusError, MissingPackageError
from .damage import DAMAGE
from .findings import MANY
from .languages import look_at_languages

logger = logging.getLogger("dragoman.checking")

LOOKED_AT, N_TEXTS = 10_000, 500
"""First pairs of a source, and how many of them are looked at, evenly: files are often sorted by length."""


def languages_seen(readers: Sequence[PairReader], named: tuple[str, str], *, strict: bool) -> tuple[str, str]:
    """Return the languages of the sides of ``readers``: those ``named``, or what the texts look like where nobody names
    them.

    Texts in other languages are a warning, and where it is ``strict`` a `CorpusError`. What can be read only once, or
    has a name, is not looked at.
    """
    found = named
    for reader in readers:
        if reader.is_named or reader.is_read_once:
            continue
        some = evenly(reader.first(LOOKED_AT), N_TEXTS)
        try:
            seen, warnings = look_at_languages([p.src for p in some], [p.trg for p in some], *_turned(reader, found))
        except MissingPackageError as error:
            logger.warning(f"the languages are not looked at: {error}")
            return found
        for warning in warnings:
            _say(f"{reader.name}: {warning}", strict=strict)
        if UNDETERMINED in found and seen[0] and seen[1]:
            first, second = _turned(reader, (seen[0], seen[1]))
            logger.warning(
                f"{reader.name}: not all languages are given; the texts look like {first} and {second} "
                f"(--src {first} --trg {second})"
            )
            found = (_or_else(found[0], first), _or_else(found[1], second))
    return found


def check_damage(cleaning: CleaningReport, *, strict: bool) -> None:
    """Warn where so many pairs were damaged that something is wrong with the whole; a `CorpusError` if ``strict``."""
    damaged = {reason: n for reason in DAMAGE if (n := cleaning.dropped.get(reason, 0))}
    n = sum(damaged.values())
    if n > MANY * cleaning.n_read:
        worst = max(damaged, key=lambda reason: damaged[reason])
        shown = cleaning.examples.get(worst, [])
        first = f", such as {shown[0]}" if shown else ""
        _say(
            f"{n:,} of {cleaning.n_read:,} pairs look damaged, most of them by {worst}{first} "
            "(look at them: dragoman corpus check; --keep-all trains on them)",
            strict=strict,
        )


def _or_else(code: str, other: str) -> str:
    return other if code == UNDETERMINED else code


def _say(warning: str, *, strict: bool) -> None:
    if strict:
        raise CorpusError(warning)
    logger.warning(warning)


def _turned(reader: PairReader, languages: tuple[str, str]) -> tuple[str, str]:
    """The languages of the columns for the sides of the pairs, or the other way round."""
    return (languages[1], languages[0]) if reader.reverse else languages
