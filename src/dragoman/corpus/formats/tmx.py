"""TMX 1.1 to 1.4b, the exchange format of translation memories: read as a stream, and written as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from ...writing import written_beside
from ..languages import code_or_name
from ..lines import Source
from ..units import LeftOut, Segment, Unit
from .inline_codes import resolve
from .xml_stream import LANGUAGE, Kind, local_name, read_elements

TMX = Kind("TMX", roots={"tmx"}, units={"tu"}, others={"header"})


def is_tmx(path: Path) -> bool:
    """Tell whether the name of ``path`` is that of a TMX file, plain or packed by gzip."""
    return path.name.lower().endswith((".tmx", ".tmx.gz"))


def read_tmx(source: Source) -> Iterator[Unit | LeftOut]:
    """Yield the units of ``source``, the segments in their source language first.

    Namespaces do not count, nor does the version; the language is that of ``xml:lang`` or of the older ``lang``. Raises
    the errors of `read_elements`.
    """
    number, src = 0, ""
    for element in read_elements(source, TMX):
        if local_name(element) == "header":
            src = code_or_name(element.get("srclang", ""))
            continue
        number += 1
        yield _unit(source.name, number, element, src)


def write_units(units: Iterable[Unit], src: str, path: Path) -> int:
    """Write ``units``, whose source language is ``src``, as TMX 1.4 and return their number.

    The file is written beside and renamed, packed if the name ends in ``.gz``.
    """
    n = 0
    with written_beside(path) as file:
        file.write(_HEAD.format(src=quoteattr(src)).encode())
        for unit in units:
            file.write(_row(unit).encode())
            n += 1
        file.write(b"</body></tmx>\n")
    return n


_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<tmx version="1.4"><header creationtool="dragoman" creationtoolversion="1" segtype="sentence" o-tmf="dragoman" '
    'adminlang="en" datatype="plaintext" srclang={src}/><body>\n'
)


def _unit(file: str, number: int, element: etree._Element, src: str) -> Unit:
    segments: list[Segment] = []
    author, note = element.get("creationid", ""), ""
    for child in element:
        name = local_name(child)
        if name == "tuv":
            author = author or child.get("creationid", "")
            code = code_or_name(child.get(LANGUAGE) or child.get("lang") or "")
            segments.extend(Segment(code, *resolve(one)) for one in child if local_name(one) == "seg")
        elif name == "note":
            note = note or child.text or ""
    if "srclang" in element.attrib:
        src = code_or_name(element.get("srclang", ""))
    if src and segments and segments[0].language != src:
        segments.sort(key=lambda segment: segment.language != src)
    return Unit(file, number, tuple(segments), author, note)


def _row(unit: Unit) -> str:
    author = f" creationid={quoteattr(unit.author)}" if unit.author else ""
    note = f"<note>{escape(unit.note)}</note>" if unit.note else ""
    variants = "".join(f'<tuv xml:lang="{code}"><seg>{escape(text)}</seg></tuv>' for code, text, _ in unit.segments)
    return f"<tu{author}>{note}{variants}</tu>\n"
