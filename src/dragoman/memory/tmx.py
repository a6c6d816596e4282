"""TMX 1.4, the exchange format of translation memories: read as a stream that trusts nothing, and written as one.

Of a file only one unit lies in memory. Entities are refused and external files never opened (defusedxml), and a unit
that is too large or nests too deep is refused before it is taken in. Knows nothing of memories.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO, NamedTuple
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from ..corpus.languages import language
from ..corpus.lines import open_gzip, open_plain
from ..errors import CorpusError, UsageError
from ..writing import written_beside
from .inline_codes import local_name, resolve

MAX_UNIT_BYTES = 4 * 2**20
"""From the end of one unit to the end of the next; also what may stand before the first."""

MAX_DEPTH = 64

HEAD_BYTES = 1024

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_PACKED = "a packed file"
_WANTED = "save the memory as TMX, and pass that file"


class Segment(NamedTuple):
    """A unit's text in one language, without markup (see `inline_codes.resolve`), and its codes that are text.

    The language is in standard form, or as the file has it where it is no code.
    """

    language: str
    text: str
    codes: tuple[str, ...] = ()


class Unit(NamedTuple):
    """One text in several languages; several segments may be of one. The number counts the units from 1."""

    number: int
    segments: tuple[Segment, ...]
    author: str = ""
    note: str = ""


def is_tmx(path: Path) -> bool:
    """Tell whether the name of ``path`` is that of a TMX file, plain or packed by gzip."""
    return path.name.lower().endswith((".tmx", ".tmx.gz"))


def read_units(path: Path) -> Iterator[Unit]:
    """Yield the units of ``path``.

    Namespaces do not count, nor does the version; the language is that of ``xml:lang`` or of the older ``lang``. Raises
    `CorpusError` for what is no TMX, saying what it is, and for XML that is damaged or unsafe.
    """
    file: _Guarded | None = None
    try:
        with (open_gzip if path.suffix.lower() == ".gz" else open_plain)(path) as stream:
            file = _Guarded(stream, path.name)
            for number, element in enumerate(_elements(file, path.name), start=1):
                yield _unit(number, element)
    except DefusedXmlException as error:
        raise CorpusError(
            f"{path.name}: entities and external files are refused in XML ({type(error).__name__}); {_WANTED}"
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        kind = _kind(file.head) if file else None
        reason = f"this is {kind}, not TMX" if kind else f"this is no well-formed XML: {error}"
        remedy = "unpack it, and pass what is in it" if kind == _PACKED else _WANTED
        raise CorpusError(f"{path.name}: {reason} ({remedy})") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise CorpusError(f"{path.name}: the file is damaged or cut off: {error} (copy it again)") from error
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read: {error.strerror or error}") from error


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


class _Guarded:
    """A file that refuses to give more than `MAX_UNIT_BYTES` without a unit's end; ``head`` is how it begins."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file, self._name, self._n_bytes = file, name, 0
        self.head = b""

    def unit_ended(self) -> None:
        self._n_bytes = 0

    def read(self, n: int = -1) -> bytes:
        data = self._file.read(n)
        self.head = self.head or data[:HEAD_BYTES]
        self._n_bytes += len(data)
        if self._n_bytes > MAX_UNIT_BYTES + 2**16:  # the parser reads ahead
            raise CorpusError(
                f"{self._name}: more than {MAX_UNIT_BYTES:,} bytes without the end of a unit (<tu>); is it a TMX file?"
            )
        return data


def _elements(file: _Guarded, name: str) -> Iterator[Element]:
    """Yield the element of each unit; it is emptied when the next one is asked for."""
    above: list[Element] = []
    for event, element in iterparse(file, events=("start", "end"), forbid_dtd=False):
        if event == "start":
            if not above and local_name(element) != "tmx":
                kind = _kind(file.head) or "XML of another kind"
                raise CorpusError(
                    f"{name}: this is {kind}, not TMX: it begins with <{local_name(element)}> ({_WANTED})"
                )
            above.append(element)
            if len(above) > MAX_DEPTH:
                raise CorpusError(f"{name}: elements nest {MAX_DEPTH} deep (is this a TMX file?)")
            continue
        above.pop()
        if local_name(element) == "tu":
            file.unit_ended()
            yield element
        if not any(local_name(parent) == "tu" for parent in above):
            # What has been read is let go, or a large file would fill the memory.
            element.clear()
            if above:
                above[-1].remove(element)


def _kind(head: bytes) -> str | None:
    """What a file that is no TMX seems to be, by how it begins."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        return "an empty file"
    if re.match(
        rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", start, re.IGNORECASE | re.DOTALL
    ):
        return "an HTML page"
    if start.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        return _PACKED
    if not start.startswith(b"<") and b"\0" not in start:
        return "text without markup"
    return None


def _unit(number: int, element: Element) -> Unit:
    segments, author, note = [], element.get("creationid", ""), ""
    for child in element:
        if local_name(child) == "note":
            note = note or child.text or ""
        if local_name(child) != "tuv":
            continue
        author = author or child.get("creationid", "")
        for segment in child:
            if local_name(segment) == "seg":
                code = child.get(_LANGUAGE) or child.get("lang") or ""
                segments.append(Segment(_standard(code), *resolve(segment)))
    return Unit(number, tuple(segments), author, note)


@lru_cache(maxsize=256)
def _standard(code: str) -> str:
    try:
        return language(code)
    except UsageError:
        return code


def _row(unit: Unit) -> str:
    author = f" creationid={quoteattr(unit.author)}" if unit.author else ""
    note = f"<note>{escape(unit.note)}</note>" if unit.note else ""
    variants = "".join(f'<tuv xml:lang="{code}"><seg>{escape(text)}</seg></tuv>' for code, text, _ in unit.segments)
    return f"<tu{author}>{note}{variants}</tu>\n"
