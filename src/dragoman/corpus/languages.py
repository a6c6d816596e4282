"""The languages of a corpus, as the user names them or as its name tells. The tables are those of a library."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from ..errors import UsageError
from . import tatoeba
from .units import UNDETERMINED as UNDETERMINED

PHRASEBOOK_LANGUAGES = ("en", "es")


def _codes() -> Any:
    # Loaded late: what translates needs no codes.
    import langcodes

    return langcodes


def language(code: str) -> str:
    """Return ``code`` in its shortest standard form; a code that does not exist is a `UsageError`.

    ``spa`` is ``es`` and ``cmn`` is ``zh``.
    """
    if not _codes().tag_is_valid(code):
        raise UsageError(f"a language is given by its ISO 639 code, such as en, es or gsw, not {code!r}")
    return str(_codes().standardize_tag(code, macro=True))


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
    if not _codes().tag_is_valid(code):
        return None
    distances = {one: _codes().tag_distance(code, one) for one in known if _codes().tag_is_valid(one)}
    meant = [one for one, distance in distances.items() if distance <= 1 or _language(one) == _language(code)]
    return min(meant, key=lambda one: distances[one], default=None)


def _language(code: str) -> str | None:
    found = _codes().get(code).prefer_macrolanguage().language
    return None if found is None else str(found)


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


def is_swapped(languages: tuple[str, str], asked: tuple[str | None, str | None]) -> bool:
    """Tell whether ``languages`` are those that are ``asked`` for, the other way round."""
    first, second = (code.split("-")[0] for code in languages)
    return first != second and [code and code.split("-")[0] for code in asked] == [second, first]


def check_sides(src: str, trg: str) -> None:
    """Raise a `UsageError` where both sides of a training are said to be in one language."""
    if src == trg != UNDETERMINED:
        raise UsageError(f"source and target must be in two languages, not both in {src}; name both: --src and --trg")


def told_apart(first: str, second: str) -> tuple[str, str] | None:
    """Return the languages of two files whose names differ in the language only, "" for one that names none; else None.

    ``train.en`` and ``train.es``, ``en/app.strings`` and ``es/app.strings``, ``values/strings.xml`` and
    ``values-es/strings.xml``, ``train.src`` and ``train.trg``.
    """
    names = [[piece for piece in _PIECES.split(name) if piece] for name in (first, second)]
    if first == second:
        return None
    if len(names[0]) == len(names[1]):
        others = {(one, other) for one, other in zip(*names, strict=True) if one != other}
        if len(others) == 1:
            return _as_languages(*others.pop())
    n_before = _n_same(*names)
    n_after = _n_same(*(name[n_before:][::-1] for name in names))
    return _as_languages(*("".join(name[n_before : len(name) - n_after]).strip("-_.") for name in names))


_PIECES = re.compile(r"([^\w-]|_)|-(?!r?[A-Z]{2})")
_SIDES = {**dict.fromkeys(("src", "source"), 0), **dict.fromkeys(("trg", "tgt", "target"), 1)}
_NO_LANGUAGE = ("", "Base")
_CODE = re.compile("[A-Za-z]{2,3}([-_]([A-Za-z]{2,4}|[0-9]{3})|-r[A-Z]{2})*")


def _n_same(one: list[str], other: list[str]) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _as_languages(one: str, other: str) -> tuple[str, str] | None:
    if (_SIDES.get(one), _SIDES.get(other)) == (0, 1):
        return "", ""
    codes = [name.replace("-r", "-") for name in (one, other)]
    is_good = [_CODE.fullmatch(name) is not None and _codes().tag_is_valid(name) for name in codes]
    if not all(good or name in _NO_LANGUAGE for good, name in zip(is_good, codes, strict=True)) or not any(is_good):
        return None
    languages = [language(name) if good else "" for good, name in zip(is_good, codes, strict=True)]
    return (languages[0], languages[1]) if languages[0] != languages[1] else None


def _from_names(src: PurePath, trg: PurePath) -> tuple[str, str]:
    suffixes = [[s.lstrip(".") for s in path.suffixes if s != ".gz"] for path in (src, trg)]
    codes = [found[-1] if found and _codes().tag_is_valid(found[-1]) else UNDETERMINED for found in suffixes]
    return codes[0], codes[1]


def _from_name(name: str) -> tuple[str, str]:
    if name == "phrasebook":
        return PHRASEBOOK_LANGUAGES
    stem = PurePath(name.removeprefix("tatoeba:")).name.split(".")[0]
    code = re.sub(r"-eng$", "", stem)
    return ("en", code) if code in tatoeba.languages() else (UNDETERMINED, UNDETERMINED)
