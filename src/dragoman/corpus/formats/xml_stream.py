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
from typing import Literal, NamedTuple

from lxml import etree

from ...errors import CorpusError
from ..lines import MAX_TEXT_BYTES, Source

MAX_UNIT_BYTES = 4 * 2**20
"""From the end of one unit to the end of the next; also what may stand before the first."""

CHUNK_BYTES = 64 * 1024

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
"""The attribute ``xml:lang``."""

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
    tag = element.tag
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
            reading.close()
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
        self._n_units = self._n_bytes = 0
        source.n_bytes = 0

    def elements(self, data: bytes) -> Iterator[etree._Element]:
        self._count(data)
        if not self._head:
            self._head = data
            self._check_root()
        self._parser.feed(data)
        for element in _events(self._parser):
            if local_name(element) in self._kind.units:
                self._n_units += 1
                self._n_bytes = 0
            yield element
            _let_go(element)

    def close(self) -> None:
        if not self._head:
            raise CorpusError(f"{self._source.name}: this is an empty file, not {self._kind.name}")
        self._parser.close()

    def place(self) -> str:
        return f", after unit {self._n_units}" if self._n_units else ""

    def damage(self, error: etree.XMLSyntaxError) -> CorpusError:
        kind = _kind(self._head)
        if kind == _PACKED:
            return self._another(kind, "", "unpack it, and pass what is in it")
        if kind:
            return self._another(kind)
        # When events were waiting, the parser says why only in its log.
        log = self._parser.feed_error_log
        said, line = (log[0].message, log[0].line) if len(log) else (error.msg, error.lineno)
        reason = re.sub(r", line \d+, column \d+$|, use XML_PARSE_HUGE option", "", str(said)).strip()
        return CorpusError(
            f"{self._source.name}:{line}{self.place()}: this is no well-formed XML: {reason} "
            f"({_REMEDIES.get(reason.split(' ')[0], 'mend that line, or save the file anew')})"
        )

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
            if damage or len(self._head) == CHUNK_BYTES:
                raise damage or self._another("a file without an element at its beginning")
            return  # so short that only its end is missing
        declared = root.getroottree().docinfo.internalDTD
        if declared is not None and (names := [one.name for one in declared.iterentities()]):  # type: ignore[attr-defined]
            raise CorpusError(
                f"{self._source.name}: entities and external files are refused in XML: it declares {names[0]!r} "
                "(write out what the entities stand for, or save the file anew)"
            )
        if local_name(root) not in self._kind.roots:
            raise self._another(_kind(self._head) or "XML of another kind", f": it begins with <{local_name(root)}>")

    def _another(self, kind: str, found: str = "", remedy: str | None = None) -> CorpusError:
        wanted = f"save it as {self._kind.name}, and pass that file"
        return CorpusError(f"{self._source.name}: this is {kind}, not {self._kind.name}{found} ({remedy or wanted})")


_REMEDIES = {"Premature": "the file is cut off: copy or export it again"}


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
