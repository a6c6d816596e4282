r"""The inline codes of a segment of TMX or XLIFF, resolved to plain text.

A code holds a piece of the original format, or tells where it is kept: ``<bpt>`` and ``<ept>`` begin and end what is
formatted (in XLIFF ``<bx>`` and ``<ex>``, ``<sc>`` and ``<ec>`` too), ``<it>``, ``<ph>``, ``<ut>`` and ``<x>`` stand
alone. Markup is left out. What a reader would see is text: a placeholder (``%d``, ``{1}``), words, the characters of
entities. Codes of RTF and escapes (``\b``) count as markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import NamedTuple

from lxml.etree import Entity, _Element

from .xml_stream import local_name

PAIRED = frozenset(("bpt", "ept", "bx", "ex", "sc", "ec"))
ALONE = frozenset(("it", "ph", "ut", "x"))

_TAG = re.compile("(<[^<>]*>)")
_MEMOQ = re.compile('<mq:(?:ch|rxt|rxt-req)\\s[^<>]*\\bval="([^"<>]*)"[^<>]*>')
"""memoQ's tags for what a filter has found in a text, such as placeholders."""
_HTML = re.compile(
    r"(</?(?:a|annotation|b|big|blockquote|br|code|div|em|font|h[1-6]|i|img|li|ol|p|small|span|strike|strong|s|sub|sup"
    r"|tt|u|ul)(?:\s[^<>]*)?/?>)",
    re.IGNORECASE,
)
"""Tags that texts of programs hold; others may be words in angle brackets."""
_BLOCK = re.compile("</?(?:br|dd|div|dl|dt|h[1-6]|hr|li|ol|p|para|pre|table|td|th|tr|ul)[ />]", re.IGNORECASE)
_ENTITIES = re.compile(r"(?:&#?\w+;)+")
_PLACEHOLDER = re.compile(
    r"""
    %(?:\(\w+\))?(?:\d+\$)?[-+ #0]*[\d.*]*(?:hh?|ll?|[LqjztI])?[a-zA-Z@%]  # printf, Python
    | %L?\d+                                                              # Qt
    | %\w+%
    | [$%#]?\{[^\\<>]*\}                                                  # {0}, {{name}}, ${name}, %{name}
    | \$(?:\w+|\(\w+\))
    """,
    re.VERBOSE,
)
# Where a code between two characters stood for a space: after a word or a mark that ends one, before a word.
_END, _BEGINNING = re.compile(r'[\w.,:;!?…)\]}»”"%]'), re.compile(r'[\w¿¡(\[{«“"]')
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
"""Scripts without spaces between words: Thai, Lao, Burmese, Khmer, Chinese, Japanese."""


class Resolved(NamedTuple):
    """The text of a segment, and those of its codes that are part of it: the other side must have them too."""

    text: str
    codes: tuple[str, ...]


def resolve(segment: _Element, data: Mapping[str, str] | None = None) -> Resolved:
    """Return the text of ``segment`` without its markup.

    A code that stands alone, and a paired one that holds a block or a line break, becomes a space where words would
    grow together; other paired codes do not part a word (H<sub>2</sub>O). Of spaces on both sides of a code one is
    left. Text in ``<hi>``, ``<g>``, ``<pc>``, ``<mrk>`` and in unknown elements stays; that in ``<sub>`` (a footnote)
    is not of this sentence. ``data`` is what codes of XLIFF hold elsewhere: the original data of the unit by its id,
    and the `contents` of the other side.
    """
    if not len(segment):
        return Resolved(segment.text or "", ())
    text = _Text(data or {})
    _add(segment, text)
    return Resolved("".join(text.pieces), tuple(text.codes))


def resolve_markup(element: _Element) -> Resolved:
    """Return the text of ``element`` without its markup, be it elements or tags in the text (``&lt;b&gt;``).

    What ``<g>`` of XLIFF protects is text, and a code.
    """
    text = _Text({})
    _add_marked_up(element, text)
    return Resolved("".join(text.pieces), tuple(text.codes))


def contents(segment: _Element, data: Mapping[str, str]) -> dict[str, str]:
    """Return what the codes of ``segment`` that stand alone hold, for codes of the other side that only name them."""
    codes = (code for code in segment.iterdescendants() if local_name(code) in ALONE)
    return {_by_id(code): content for code in codes if (content := _content(code, data)[0])}


def character(hexadecimal: str) -> str:
    """Return the character of ``<cp hex="001F"/>`` and the like, which stand for those that XML cannot hold."""
    code = int(hexadecimal, 16) if re.fullmatch("[0-9a-fA-F]{1,6}", hexadecimal) else 0
    return chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else ""


class _Text:
    def __init__(self, data: Mapping[str, str]) -> None:
        self.data = data
        self.pieces: list[str] = []
        self.codes: list[str] = []
        self._after_markup = self._apart = False

    def add(self, piece: str) -> None:
        if self._after_markup and self.pieces and piece:
            last, first = self.pieces[-1][-1], piece[0]
            if last.isspace() and first == " ":
                piece = piece[1:]
            elif self._apart and _are_parted(last, first):
                self.pieces.append(" ")
        if piece:
            self.pieces.append(piece)
            self._after_markup = self._apart = False

    def add_markup(self, apart: bool) -> None:
        self._after_markup, self._apart = True, self._apart or apart


def _add(element: _Element, text: _Text) -> None:
    text.add(element.text or "")
    for child in element:
        name = local_name(child)
        if name in PAIRED or name in ALONE:
            _add_code(child, name in ALONE, text)
        elif name == "cp":
            text.add(character(child.get("hex", "")))
        elif child.tag is Entity:
            text.add(unescape(child.text or ""))  # of a DOCTYPE that is not read, such as &nbsp;
        elif name != "sub":
            _add(child, text)
        text.add(child.tail or "")


def _add_marked_up(element: _Element, text: _Text) -> None:
    _add_html(element.text or "", text)
    for child in element:
        name = local_name(child)
        if name == "g":
            protected = "".join(str(piece) for piece in child.itertext("{*}*"))
            text.add(protected)
            text.codes.append(protected)
        elif child.tag is Entity:
            text.add(unescape(child.text or ""))
        else:
            apart = _BLOCK.match(f"<{name}>") is not None
            text.add_markup(apart)
            _add_marked_up(child, text)
            text.add_markup(apart)
        _add_html(child.tail or "", text)


def _add_html(content: str, text: _Text) -> None:
    for piece in _HTML.split(content) if "<" in content else (content,):
        if _HTML.fullmatch(piece):
            text.add_markup(_BLOCK.match(piece) is not None)
        else:
            text.add(_ENTITIES.sub(lambda match: unescape(match[0]), piece))


def _add_code(code: _Element, alone: bool, text: _Text) -> None:
    content, is_original = _content(code, text.data)
    if content == "{}" and (not alone or code.get("type") == "fmt"):
        content = ""  # memoQ writes this for all that it keeps elsewhere
    text.add_markup(alone and not content)
    is_entities = _ENTITIES.fullmatch(content) is not None
    for piece in _TAG.split(content if "<" in content else unescape(content)):
        if hidden := _MEMOQ.fullmatch(piece):
            piece = unescape(hidden[1])
        if _TAG.fullmatch(piece):
            text.add_markup(alone or _BLOCK.match(piece) is not None)
        elif piece.isspace() or (is_entities and piece != content):
            text.add(piece)
        elif _is_visible(piece, alone and is_original) and not is_entities:
            text.add(piece)
            text.codes.append(piece.strip())
        elif piece:
            text.add_markup(alone)


def _content(code: _Element, data: Mapping[str, str]) -> tuple[str, bool]:
    """What ``code`` holds, and whether that is a piece of the original; else it is how a tool shows it to people."""
    if content := "".join([code.text or "", *(child.tail or "" for child in code)]):
        return content, True
    if not code.attrib:
        return "", False
    if content := data.get(code.get("dataRef", ""), ""):
        return content, True
    shown = data.get(_by_id(code)) or code.get("equiv-text") or code.get("disp") or code.get("equiv") or ""
    return shown, False


def _by_id(code: _Element) -> str:
    return f"code {code.get('id')}"


def _is_visible(piece: str, alone: bool) -> bool:
    if _PLACEHOLDER.fullmatch(piece.strip()):
        return True
    return alone and "\\" not in piece and any(character.isalnum() for character in piece)


def _are_parted(last: str, first: str) -> bool:
    if _UNSPACED.match(last) or _UNSPACED.match(first):
        return False
    return _END.match(last) is not None and _BEGINNING.match(first) is not None
