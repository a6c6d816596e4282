r"""Android's ``strings.xml``, a file for each language: string, plurals and string-array, read as a stream.

The target file lies in memory, because its strings are found by their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from lxml import etree

from ..languages import code_or_name
from ..lines import Source
from ..units import LeftOut, Segment, Unit
from .inline_codes import resolve_markup
from .keyed import Keyed, joined, joined_halves
from .xml_stream import Kind, local_name, read_elements

ANDROID = Kind("Android's strings.xml", roots={"resources"}, units={"string", "plurals", "string-array"})

_LOCALE = "{http://schemas.android.com/tools}locale"
_FOLDER = re.compile(r"values-(?:b\+([A-Za-z0-9+]+)|([a-z]{2,3})(?:-r([A-Z]{2}))?)(?:-|$)")
_REFERENCE = re.compile(r"[@?](?:[\w.]+:)?(?:\w+/)[\w.]+")
# White space and quotes; what begins with a backslash.
_PIECE = re.compile(r'[ \t\n\r\f]+|"|\\(?:u([0-9a-fA-F]{4})|(.)|$)', re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t"}


def read_android(src: Source, trg: Source) -> Iterator[Unit | LeftOut]:
    """Yield the strings of ``src`` with those of ``trg`` that have the same name, plural forms one by one.

    What has ``translatable="false"``, or is not in both, is left out. The language is that of the folder
    (``values-es``) or of ``tools:locale``. Raises the errors of `read_elements`.
    """
    return joined(src.name, _strings(src), _strings(trg), trg.name)


def _strings(source: Source) -> Iterator[Keyed]:
    language = _language_of_folder(source)
    for number, element in enumerate(read_elements(source, ANDROID), start=1):
        name, root = element.get("name", ""), element.getroottree().getroot()
        code = language or code_or_name(root.get(_LOCALE, ""))
        is_fixed = element.get("translatable") == "false"
        kind = local_name(element)
        if kind == "string":
            yield Keyed(number, name, {"": _segment(element, code)}, is_fixed=is_fixed)
        elif kind == "plurals":
            forms = {item.get("quantity", "other"): _segment(item, code) for item in element.iterchildren("{*}item")}
            yield Keyed(number, name, forms, is_fixed=is_fixed)
        else:
            items = list(element.iterchildren("{*}item"))
            for index, item in enumerate(items):
                # Arrays of unequal length have nothing in common.
                key = f"{name}[{index} of {len(items)}]"
                yield Keyed(number, key, {"": _segment(item, code)}, is_fixed=is_fixed)


def _language_of_folder(source: Source) -> str:
    match = _FOLDER.match(PurePath(source.path or source.name).parent.name)
    if match is None:
        return ""
    tag, language, region = match.groups()
    return code_or_name(tag.replace("+", "-") if tag else "-".join(filter(None, (language, region))))


def _segment(element: etree._Element, language: str) -> Segment:
    text, codes = resolve_markup(element)
    text = unescaped(text)
    return Segment(language, "" if _REFERENCE.fullmatch(text) else text, tuple(map(unescaped, codes)))


def unescaped(text: str) -> str:
    r"""Return what ``text`` shows: ``\'`` and the like resolved, white space as one space where no quotes hold it."""
    is_quoted = False

    def shown(match: re.Match[str]) -> str:
        nonlocal is_quoted
        piece = match[0]
        if piece == '"':
            is_quoted = not is_quoted
            return ""
        if piece.isspace():
            return piece if is_quoted else " "
        if match[1]:
            return chr(int(match[1], 16))
        return _ESCAPES.get(match[2] or "", match[2] or "")

    return joined_halves(_PIECE.sub(shown, text)).strip()
