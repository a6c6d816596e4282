"""The guarded stream of XML that all formats made of it stand on: one unit at a time, and nothing read from elsewhere.

A file that declares entities is refused before any of its text is taken in. A DOCTYPE that names a file is let pass,
and the file never opened. What has no end of a unit for megabytes is refused before it fills the memory,
and the parser (libxml2) refuses what nests 256 deep.
Knows no format.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from lxml import etree

from ...errors import CorpusError
from ..lines import MAX_TEXT_BYTES, Source
from ..units import in_a_line

MAX_UNIT_BYTES = 4 * 2**20
"""From the end of one unit to the end of the next; also what may stand before the first."""

CHUNK_BYTES = 64 * 1024

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
"""The attribute ``xml:lang``."""

# Characters that XML cannot hold and that programs write all the same: as they are, and by their numbers.
_SPACED = bytes.maketrans(b"\x0b\x0c", b"  ")
_DROPPED = bytes(code for code in range(32) if code not in b"\t\n\v\f\r")
_NUMBERED = re.compile(rb"&#(?:[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));")
_CUT = re.compile(rb"&[^&;<>\s]{0,15}\Z")

# What the parser adds to the reason of an error.
_ASIDE = re.compile(r", line \d+, column \d+.*|, use XML_PARSE_HUGE option|\n.*", re.DOTALL)

_PACKED = "a packed file"


class Kind(NamedTuple):
    """What a format is to the stream: its ``name`` for people, the names of its ``roots`` and of its ``units``, and of
    ``others`` that its reader asks for. Names are those without a namespace.
    """

    name: str
    roots: Collection[str]
    units: Collection[str]
    others: Collection[str] = ()


def local_name(element: etree._Element) -> str:
    """Return the name of ``element`` without its namespace; that of what is no element is empty."""
    return _local(element.tag)


@lru_cache(maxsize=1000)
def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first child of ``element`` of this name, whatever its namespace."""
    return next(element.iterchildren(f"{{*}}{name}"), None)


def read_elements(source: Source, kind: Kind) -> Iterator[etree._Element]:
    """Yield the units of ``source`` and the other elements of ``kind``, each when it has ended.

    What stands before an element in the file is let go, but not its parents. Raises `CorpusError` in one line, with
    file, line and unit, for what is no such file, is damaged or unsafe.
    """
    reading = _Reading(source, kind)
    try:
        with source.open() as stream:
            while data := stream.read(CHUNK_BYTES):
                yield from reading.elements(data)
            yield from reading.close()
    except etree.XMLSyntaxError as error:
        raise reading.damage(error) from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise CorpusError(
            f"{source.name}{reading.place()}: the file is damaged or cut off: {error} (copy it again)"
        ) from error
    except OSError as error:
        raise CorpusError(f"{source.name}: cannot be read: {error.strerror or error}") from error


class _Reading:
    """One pass over a file: how far it has come, and what it has refused."""

    def __init__(self, source: Source, kind: Kind) -> None:
        self._source, self._kind = source, kind
        self._parser = _parser("end", [f"{{*}}{name}" for name in (*kind.units, *kind.others)])
        self._head = b""
        self._rest = b""
        self._has_ended = False
        self._n_units = self._n_bytes = 0
        source.n_bytes = 0

    def elements(self, data: bytes) -> Iterator[etree._Element]:
        self._count(data)
        if not self._head:
            self._head = data
            self._check_root()
        yield from self._parsed(self._mended(data))

    def close(self) -> Iterator[etree._Element]:
        if not self._head:
            raise self._another("an empty file")
        if self._rest:
            yield from self._parsed(self._rest)
        self._has_ended = True
        try:
            self._parser.close()
        except etree.XMLSyntaxError:
            if self._first_error() is not None:
                raise

    def _parsed(self, data: bytes) -> Iterator[etree._Element]:
        damage = None
        try:
            self._parser.feed(data)
        except etree.XMLSyntaxError as error:
            damage = error  # after what stands before it
        for element in _events(self._parser):
            if local_name(element) in self._kind.units:
                self._n_units += 1
                self._n_bytes = 0
            yield element
            _let_go(element)
        # Where events wait, the parser says what is wrong in its log only.
        if damage is not None or self._first_error() is not None:
            raise self.damage(damage) from None

    def _mended(self, data: bytes) -> bytes:
        """Leave out characters that XML cannot hold; the beginning of one at the end waits for the rest."""
        if b"\0" in self._head or b"2022" in self._head[:100]:
            return data  # UTF-16; ISO 2022, whose text begins with such characters
        data = (self._rest + data).translate(_SPACED, _DROPPED)
        if b"&" not in data:
            self._rest = b""
            return data
        cut = _CUT.search(data, max(0, len(data) - 16))
        data, self._rest = (data[: cut.start()], cut[0]) if cut else (data, b"")
        return _NUMBERED.sub(b"", data)

    def _first_error(self) -> etree._LogEntry | None:
        """The first error that the parser has logged; prefixes that nobody has declared do no harm."""
        errors = (entry for entry in self._parser.feed_error_log if entry.level >= etree.ErrorLevels.ERROR)
        return next((entry for entry in errors if entry.domain != etree.ErrorDomains.NAMESPACE), None)

    def place(self) -> str:
        return f", after unit {self._n_units}" if self._n_units else ""

    def damage(self, error: etree.XMLSyntaxError | None) -> CorpusError:
        kind = _kind(self._head)
        if kind == _PACKED:
            return self._another(kind, "", "unpack it, and pass what is in it")
        if kind:
            return self._another(kind)
        first = self._first_error()
        line = first.line if first is not None else error.lineno if error is not None else 0
        said = first.message if first is not None else str(error)
        reason = in_a_line(
            re.sub(r", line \d+, column \d+.*|, use XML_PARSE_HUGE option|\n.*", "", said, flags=re.DOTALL)
        )
        what, remedy = "this is no well-formed XML", "mend that line, or save the file anew"
        if self._has_ended:
            what, remedy = "the file is damaged or cut off", "copy or export it again"
        return CorpusError(f"{self._source.name}:{line}{self.place()}: {what}: {reason} ({remedy})")

    def _count(self, data: bytes) -> None:
        if self._source.tap is not None:
            self._source.tap(data)
        self._source.n_bytes += len(data)
        self._n_bytes += len(data)
        if self._source.n_bytes > MAX_TEXT_BYTES:
            raise CorpusError(f"{self._source.name}{self.place()}: more than {MAX_TEXT_BYTES} bytes (split the file)")
        if self._n_bytes > MAX_UNIT_BYTES + CHUNK_BYTES:  # a chunk holds ends of units that are not seen yet
            raise CorpusError(
                f"{self._source.name}{self.place()}: more than {MAX_UNIT_BYTES:,} bytes without the end of a unit "
                f"({_listed(self._kind.units)}); is it a file of {self._kind.name}?"
            )

    def _check_root(self) -> None:
        """Look at the first element before anything is believed: it must be of the kind, with no entity declared."""
        probe, damage = _parser("start", None), None
        try:
            probe.feed(self._head)
        except etree.XMLSyntaxError as error:
            damage = error
        root = next(_events(probe), None)
        if root is None:
            if damage is not None:
                raise self._entities("") if b"<!ENTITY" in self._head else damage
            if len(self._head) == CHUNK_BYTES:
                raise self._another(f"a file without an element in its first {CHUNK_BYTES:,} bytes")
            return  # so short that only its end is missing
        declared = root.getroottree().docinfo.internalDTD
        if declared is not None and (names := [one.name for one in declared.iterentities()]):  # type: ignore[attr-defined]
            raise self._entities(f": it declares {in_a_line(str(names[0]), 50)!r}")
        if local_name(root) not in self._kind.roots:
            raise self._another(
                _kind(self._head) or "XML of another kind", f": it begins with <{in_a_line(local_name(root), 50)}>"
            )

    def _entities(self, found: str) -> CorpusError:
        return CorpusError(
            f"{self._source.name}: entities and external files are refused in XML{found} "
            "(write out what the entities stand for, or save the file anew)"
        )

    def _another(self, kind: str, found: str = "", remedy: str | None = None) -> CorpusError:
        wanted = f"save it as {self._kind.name}, and pass that file"
        return CorpusError(f"{self._source.name}: this is {kind}, not {self._kind.name}{found} ({remedy or wanted})")


def _events(parser: etree.XMLPullParser) -> Iterator[etree._Element]:
    for _, element in parser.read_events():
        assert isinstance(element, etree._Element)
        yield element


def _parser(event: Literal["start", "end"], tags: list[str] | None) -> etree.XMLPullParser:
    return etree.XMLPullParser(
        events=(event,),
        tag=tags,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _let_go(element: etree._Element) -> None:
    """Drop what stands before ``element`` and its parents; it stays, because the parser may be at its end."""
    above: etree._Element | None = element
    while above is not None and (parent := above.getparent()) is not None:
        while above.getprevious() is not None:
            del parent[0]
        above = parent


def _kind(head: bytes) -> str | None:
    """What a file that is of another kind seems to be, by how it begins."""
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


def _listed(names: Collection[str]) -> str:
    return " or ".join(f"<{name}>" for name in names)
