"""The languages of a corpus, as the user names them or as its name tells. The tables are those of a library."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import PurePath

import langcodes

from ..errors import UsageError
from . import catalogue

UNDETERMINED = "und"
"""ISO 639's code for a language that nobody has named."""

PHRASEBOOK_LANGUAGES = ("en", "es")


def language(code: str) -> str:
    """Return ``code`` in its shortest standard form; a code that does not exist is a `UsageError`.

    ``spa`` is ``es`` and ``cmn`` is ``zh``.
    """
    if not langcodes.tag_is_valid(code):
        raise UsageError(f"a language is given by its ISO 639 code, such as en, es or gsw, not {code!r}")
    return langcodes.standardize_tag(code, macro=True)


@lru_cache(maxsize=1000)
def code_or_name(name: str) -> str:
    """Return the language that a file calls ``name`` in standard form, or ``name`` as it is where it is no code."""
    try:
        return language(name)
    except UsageError:
        return name


@lru_cache(maxsize=1000)
def nearest(code: str, known: tuple[str, ...]) -> str | None:
    """Return that of the codes ``known`` which is nearest to ``code``; None where none is of the same language.

    ``en-US`` is ``en``, ``es_ES`` and ``spa`` are ``es``; of several scripts or regions the nearest counts.
    """
    if not langcodes.tag_is_valid(code):
        return None
    distances = {one: langcodes.tag_distance(code, one) for one in known if langcodes.tag_is_valid(one)}
    meant = [one for one, distance in distances.items() if distance <= 1 or _language(one) == _language(code)]
    return min(meant, key=lambda one: distances[one], default=None)


def _language(code: str) -> str | None:
    return langcodes.get(code).prefer_macrolanguage().language


def languages_of(
    path: str | os.PathLike[str],
    trg_path: str | os.PathLike[str] | None = None,
    first: str | None = None,
    second: str | None = None,
) -> tuple[str, str]:
    """Return the language codes of the two sides of a corpus.

    ``first`` and ``second`` are the user's own words for them and come before all. Else two plain files tell
    by their suffixes (``train.en``, ``train.es``), and a corpus of the catalogue by its name, also as a file
    (``spa-eng.zip``, ``spa.txt``): English stands first there. What nobody tells is ``und``.
    """
    if trg_path is None:
        guessed = _from_name(os.fspath(path))
    else:
        guessed = _from_names(PurePath(path), PurePath(trg_path))
    return language(first or guessed[0]), language(second or guessed[1])


def check_sides(src: str, trg: str) -> None:
    """Raise a `UsageError` where both sides of a training are said to be in one language."""
    if src == trg != UNDETERMINED:
        raise UsageError(f"source and target must be in two languages, not both in {src}; name both: --src and --trg")


def _from_names(src: PurePath, trg: PurePath) -> tuple[str, str]:
    suffixes = [[s.lstrip(".") for s in path.suffixes if s != ".gz"] for path in (src, trg)]
    codes = [found[-1] if found and langcodes.tag_is_valid(found[-1]) else UNDETERMINED for found in suffixes]
    return codes[0], codes[1]


def _from_name(name: str) -> tuple[str, str]:
    if name == "phrasebook":
        return PHRASEBOOK_LANGUAGES
    stem = PurePath(name.removeprefix("tatoeba:")).name.split(".")[0]
    code = re.sub(r"-eng$", "", stem)
    return ("en", code) if code in catalogue.languages() else (UNDETERMINED, UNDETERMINED)
