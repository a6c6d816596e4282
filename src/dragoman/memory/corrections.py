"""What a memory holds, as values, and the form in which texts stand there and are looked up."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from ..corpus.languages import language
from ..corpus.lines import clean
from ..errors import UsageError

STATES = ("pending", "approved", "withdrawn")
"""Only what is approved is ever an answer."""

MAX_CHARACTERS = 10_000
"""Of a source or a target."""

MAX_NOTE = 1_000
"""Characters of an author or a context."""

# What XML or PostgreSQL cannot hold: control characters, but not tab and line feed, and the two that are no characters.
_NOWHERE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")

standard_language = lru_cache(maxsize=256)(language)


@dataclass(frozen=True)
class Correction:
    """A source text, in the language ``src``, and its right translation, in ``trg``.

    The source is brought to the form of `source_form`, the target to NFC without white space at either end, the codes
    to their shortest standard form. Raises `UsageError` for an empty or an overlong text, for an unknown state or
    language, and for one language on both sides.
    """

    src: str
    trg: str
    source: str
    target: str
    author: str = ""
    context: str = ""
    state: str = "approved"

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise UsageError(f"the state must be one of {', '.join(STATES)}, not {self.state!r}")
        for side in ("src", "trg"):
            object.__setattr__(self, side, standard_language(getattr(self, side)))
        if self.src == self.trg:
            raise UsageError(
                f"the source and the target of a correction are in different languages, not both {self.src}"
            )
        object.__setattr__(self, "source", _checked("source", source_form(self.source)))
        object.__setattr__(self, "target", target_of(self.target))
        for note in ("author", "context"):
            object.__setattr__(self, note, _noted(note, getattr(self, note)))


class Entry(NamedTuple):
    """A correction at rest: with its number, and when it was ``created`` and last ``changed`` (UTC)."""

    id: int
    src: str
    trg: str
    source: str
    target: str
    author: str
    context: str
    state: str
    created: datetime
    changed: datetime


class Version(NamedTuple):
    """What an entry said until it was changed, and since when it had said so (UTC)."""

    target: str
    state: str
    changed: datetime


class Near(NamedTuple):
    """An entry and the likeness of its source to a text: 1 - edit distance / longer length; 1 is the same text."""

    entry: Entry
    likeness: float


def source_form(text: str) -> str:
    """Return ``text`` as it is stored and looked up: each line as `corpus.lines.clean` leaves it, and nothing around.

    So composed and decomposed letters are one, kinds of white space too, and what stands around the text does not
    count. Case, punctuation and the lines count.
    """
    text = _NOWHERE.sub("", text)
    return clean(text) if text.isprintable() else "\n".join(map(clean, text.splitlines())).strip()


def target_of(text: str) -> str:
    """Return ``text`` as a target is stored; an empty or overlong one is a `UsageError`."""
    text = _NOWHERE.sub("", _LINE_END.sub("\n", text))
    return _checked("target", unicodedata.normalize("NFC", text).strip())


def is_storable(text: str) -> bool:
    """Tell whether a source in its form could stand in a memory."""
    return 0 < len(text) <= MAX_CHARACTERS and not _has_surrogates(text)


def moment(microseconds: int) -> datetime:
    """Return microseconds since 1970 as a moment in UTC."""
    return datetime.fromtimestamp(microseconds / 1e6, UTC)


def _checked(side: str, text: str) -> str:
    if not text:
        raise UsageError(f"the {side} of a correction must hold text; this one is empty")
    if len(text) > MAX_CHARACTERS:
        raise UsageError(
            f"the {side} of a correction may have {MAX_CHARACTERS:,} characters, not {len(text):,}; "
            "correct its sentences"
        )
    return _without_surrogates(side, text)


def _noted(name: str, text: str) -> str:
    if len(text) > MAX_NOTE:
        raise UsageError(f"the {name} of a correction may have {MAX_NOTE:,} characters, not {len(text):,}; shorten it")
    return _without_surrogates(name, clean(text))


def _without_surrogates(name: str, text: str) -> str:
    if _has_surrogates(text):
        raise UsageError(f"the {name} of a correction holds half a surrogate pair, which is no character; send UTF-8")
    return text


def _has_surrogates(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)
