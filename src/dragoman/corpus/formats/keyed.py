"""Strings that are found by a key, each language in a file of its own: joined to units. Knows no format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ...errors import CorpusError
from ..units import NOT_TO_TRANSLATE, NOT_TRANSLATED, LeftOut, Segment, Unit

MAX_CHARACTERS = 128 * 2**20
"""Of keys and texts of the target file, which lie in memory."""

OTHER = "other"
"""The form of a plural that every language has (Unicode CLDR)."""


class Keyed(NamedTuple):
    """A string of a file: its number there, its key, and its text by the form; one that has no plural has the form "".

    ``is_fixed`` says that it is not to be translated.
    """

    number: int
    key: str
    forms: Mapping[str, Segment]
    note: str = ""
    is_fixed: bool = False


def joined(file: str, sources: Iterable[Keyed], targets: Iterable[Keyed], trg_file: str) -> Iterator[Unit | LeftOut]:
    """Yield a unit for each string of ``sources``, which are of ``file``, that one of ``targets`` has the key of.

    A file with too much text in ``targets`` is a `CorpusError`.
    """
    by_key: dict[str, Mapping[str, Segment]] = {}
    n_characters = 0
    for target in targets:
        n_characters += len(target.key) + sum(len(segment.text) for segment in target.forms.values())
        if n_characters > MAX_CHARACTERS:
            raise CorpusError(f"{trg_file}: more than {MAX_CHARACTERS:,} characters of strings (split the file)")
        by_key[target.key] = target.forms
    for source in sources:
        place = f"{file}, string {source.number}"
        if source.is_fixed:
            yield LeftOut(NOT_TO_TRANSLATE, place, fault=False, detail=source.key)
            continue
        units = list(by_form(source.forms, [by_key.get(source.key, {})]))
        if not units:
            yield LeftOut(NOT_TRANSLATED, place, fault=False, detail=source.key)
        for segments in units:
            yield Unit(file, source.number, segments, note=source.note, counts="string")


def by_form(source: Mapping[str, Segment], targets: Iterable[Mapping[str, Segment]]) -> Iterator[tuple[Segment, ...]]:
    """Yield each form of ``source`` that has a text, with the texts of ``targets`` that translate it.

    A form that the source does not have (Polish "few") goes with its "other", or with its only one.
    """
    last = OTHER if OTHER in source else next(reversed(list(source)), "")
    translations: dict[str, list[Segment]] = {form: [] for form in source}
    for target in targets:
        for form, segment in target.items():
            if source and segment.text.strip():
                translations[form if form in source else last].append(segment)
    for form, segment in source.items():
        if translations[form] and segment.text.strip():
            yield segment, *translations[form]


def joined_halves(text: str) -> str:
    r"""Join the halves of characters that were written as two (``\ud83d\ude00``); what stays alone is left out."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
