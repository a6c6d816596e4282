"""Files in one language each, two of which are the sides of one source: found among many by their names.

``books.en`` with ``books.es``, ``en/1.txt`` with ``es/1.txt``, ``values/strings.xml`` with ``values-es/strings.xml``.
Reads of a file its beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import NamedTuple

from ..errors import CorpusError, UsageError
from .formats import Format, format_begun, format_named
from .languages import told_apart
from .lines import Source, head_of
from .pairing import is_of, listed

Asked = tuple[str | None, str | None]

_FOLDERS = (
    ("values", re.compile(r"(?:^|/)(values(?:-[^/]+)?)/[^/]+$")),
    ("Base", re.compile(r"([^/]+)\.lproj/[^/]+$")),
)
"""The folders of one language of Android and of Apple, each with the one that is named for none."""


_TEXT = re.compile(r"(?:^|/)([\w-]+)/[^/]+\.txt$")


class Counterparts(NamedTuple):
    """Two files, the source first, and their languages, "" where a name does not tell; ``kind`` is their format, None
    of text with a sentence a line.
    """

    name: str
    kind: Format | None
    sources: tuple[Source, Source]
    languages: tuple[str, str]


def counterparts(files: Sequence[Source], asked: Asked) -> Iterator[Counterparts]:
    """Yield those of ``files`` that go together, two and two, in the languages that are ``asked`` for.

    Where more than two have one name and not both languages are asked for, that is a `UsageError`.
    """
    groups: dict[tuple[str, Format | None], dict[str, Source]] = {}
    # What lies beside files of translations is rather about them.
    is_text = not any(format_named(source.name) for source in files)
    for source in files:
        found = _by_folder(source) or _by_suffix(source, asked) or (_text_by_folder(source, asked) if is_text else None)
        if found:
            name, kind, code = found
            groups.setdefault((name, kind), {}).setdefault(code, source)
    for (name, kind), group in groups.items():
        if chosen := _chosen(name, list(group), asked):
            yield Counterparts(name, kind, (group[chosen[0]], group[chosen[1]]), chosen)


def _by_folder(source: Source) -> tuple[str, Format, str] | None:
    """The name of the strings in ``source`` for all languages, their format, and the language of the folder."""
    for none, folder in _FOLDERS:
        match = folder.search(source.name)
        if match is None:
            continue
        languages = ("", "") if match[1] == none else told_apart(none, match[1])
        kind = _one_side(source) if languages else None
        if languages and kind:
            return f"{source.name[: match.start(1)]}{none}{source.name[match.end(1) :]}", kind, languages[1]
    return None


def _one_side(source: Source) -> Format | None:
    kind = format_named(source.name)
    if kind is None and source.name.endswith(".xml"):
        try:
            kind = format_begun(head_of(source))
        except CorpusError:  # an empty file, of no format
            return None
    return kind if kind and kind.is_one_side else None


def _by_suffix(source: Source, asked: Asked) -> tuple[str, None, str] | None:
    stem, _, code = source.name.rpartition(".")
    # Many ends of names are codes of three letters too, such as xml.
    is_code = len(code) == 2 or code in (*asked, *re.split(r"\W", stem))
    if not is_code or format_named(source.name) is not None:
        return None
    languages = told_apart(f".{code}", ".und")
    return (stem, None, languages[0]) if languages else None


def _text_by_folder(source: Source, asked: Asked) -> tuple[str, None, str] | None:
    """As of ``ba/1.txt``, beside which there may be ``ru/1.txt``."""
    match = _TEXT.search(source.name)
    if match is None or not (len(match[1]) == 2 or match[1] in asked):
        return None
    languages = told_apart(match[1], "und")
    return (
        (f"{source.name[: match.start(1)]}{source.name[match.end(1) + 1 :]}", None, languages[0]) if languages else None
    )


def _chosen(name: str, codes: Sequence[str], asked: Asked) -> tuple[str, str] | None:
    """Those two of ``codes`` that are ``asked`` for; the file that is named for no language is in any."""
    if len(codes) < 2:
        return None
    if all(asked) or (any(asked) and "" in codes):
        src, trg = (_nearest(codes, one) for one in asked)
        return (src, trg) if src is not None and trg is not None and src != trg else None
    if len(codes) > 2:
        names = listed(sorted(codes))
        raise UsageError(f"{PurePath(name).name}: it has {names}; choose two of them by --src and --trg")
    first, second = sorted(codes, key=lambda code: code != "")
    return first, second


def _nearest(codes: Sequence[str], wanted: str | None) -> str | None:
    found = sorted((code for code in codes if wanted and is_of(code, wanted)), key=len)
    return found[0] if found else "" if "" in codes else None
