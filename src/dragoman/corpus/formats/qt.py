"""Qt Linguist's ``.ts``: the strings of a program, in one pair of languages. Read as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

from lxml import etree

from ..languages import code_or_name
from ..lines import Source
from ..units import NOT_TRANSLATED, OBSOLETE, UNFINISHED, LeftOut, Segment, Unit
from .inline_codes import character
from .xml_stream import Kind, child, read_elements

QT = Kind("Qt Linguist's TS", roots={"TS"}, units={"message"})

_OBSOLETE = frozenset(("obsolete", "vanished"))


def read_ts(source: Source) -> Iterator[Unit | LeftOut]:
    """Yield the messages of ``source``: the source, then its translation, or each of its plural forms.

    What is unfinished, obsolete or not translated is left out. Raises the errors of `read_elements`.
    """
    for number, message in enumerate(read_elements(source, QT), start=1):
        place = f"{source.name}, message {number}"
        text, translation = child(message, "source"), child(message, "translation")
        said = translation.get("type") if translation is not None else None
        forms = list(dict.fromkeys(_forms(translation))) if translation is not None else []
        if said in _OBSOLETE:
            yield LeftOut(OBSOLETE, place, fault=False)
        elif text is None or not forms:
            yield LeftOut(NOT_TRANSLATED, place, fault=False)
        elif said == "unfinished":
            yield LeftOut(UNFINISHED, place, fault=False, detail=said)
        else:
            root = message.getroottree().getroot()
            src, trg = (code_or_name(root.get(name, "")) for name in ("sourcelanguage", "language"))
            segments = Segment(src, _text(text)), *(Segment(trg, form) for form in forms)
            yield Unit(source.name, number, segments, note=_note(message), counts="message")


def _forms(translation: etree._Element) -> Iterator[str]:
    """The texts of a translation: one, or its plural forms; of variants by length the first, which is the longest."""
    parts = list(translation.iterchildren("{*}numerusform")) or [translation]
    for part in parts:
        variant = child(part, "lengthvariant")
        if (text := _text(part if variant is None else variant)).strip():
            yield text


def _text(element: etree._Element) -> str:
    """The text of ``element``, in which characters that XML cannot hold are elements (``<byte value="x1b"/>``)."""
    pieces = [element.text or ""]
    for one in element:
        if one.tag is etree.Entity:
            pieces.append(unescape(one.text or ""))  # of a DOCTYPE that is not read, such as &nbsp;
        else:
            pieces.append(character(one.get("value", "").removeprefix("x")))
        pieces.append(one.tail or "")
    return "".join(pieces)


def _note(message: etree._Element) -> str:
    comment = child(message, "comment")
    return comment.text or "" if comment is not None else ""
