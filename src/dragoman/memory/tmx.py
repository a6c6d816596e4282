"""TMX 1.4, the exchange format of translation memories: read as a stream that trusts nothing, and written as one.

Of a file only one unit lies in memory. Entities are refused and external files never opened (defusedxml), and a unit
that is too large or nests too deep is refused before it is taken in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from ..errors import CorpusError, UsageError
from ..writing import written_beside
from .corrections import Correction, Entry, standard_language

MAX_UNIT_BYTES = 4 * 2**20
"""From the end of one unit to the end of the next; also what may stand before the first."""

MAX_DEPTH = 64

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


class _Guarded:
    """A file that refuses to give more than `MAX_UNIT_BYTES` without a unit's end."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file, self._name, self._n_bytes = file, name, 0

    def unit_ended(self) -> None:
        self._n_bytes = 0

    def read(self, n: int = -1) -> bytes:
        data = self._file.read(n)
        self._n_bytes += len(data)
        if self._n_bytes > MAX_UNIT_BYTES + 2**16:  # the parser reads ahead
            raise CorpusError(
                f"{self._name}: more than {MAX_UNIT_BYTES:,} bytes without the end of a unit (<tu>); is it a TMX file?"
            )
        return data


def read_tmx(path: Path, src: str, trg: str, **choices: str) -> Iterator[Correction | str]:
    """Yield a correction for each translation into ``trg`` of each unit of ``path`` that is in ``src``.

    ``en`` takes ``en-US`` too. For a unit that cannot be used, comes the message that says why; units without
    both languages are passed over. Inline tags are left out, their text (``<hi>``) stays. ``choices`` are fields of the
    corrections, where the unit itself does not tell. Raises `CorpusError` for what is no XML, or an unsafe kind of it.
    """
    try:
        with path.open("rb") as file:
            for number, unit in enumerate(_units(_Guarded(file, path.name), path.name), start=1):
                try:
                    yield from _corrections(unit, src, trg, choices)
                except UsageError as error:
                    yield f"{path.name}: unit {number}: {error}"
    except DefusedXmlException as error:
        raise CorpusError(
            f"{path.name}: entities and external files are refused in XML ({type(error).__name__})"
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise CorpusError(f"{path.name}: this is no well-formed XML: {error}") from error
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read: {error.strerror or error}") from error


def write_tmx(entries: Iterable[Entry], src: str, path: Path) -> int:
    """Write ``entries`` as TMX 1.4 and return their number. The file is written beside and renamed."""
    n = 0
    with written_beside(path) as file:
        file.write(_HEAD.format(src=quoteattr(src)).encode())
        for entry in entries:
            file.write(_unit(entry).encode())
            n += 1
        file.write(b"</body></tmx>\n")
    return n


_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<tmx version="1.4"><header creationtool="dragoman" creationtoolversion="1" segtype="sentence" o-tmf="dragoman" '
    'adminlang="en" datatype="plaintext" srclang={src}/><body>\n'
)


def _units(file: _Guarded, name: str) -> Iterator[Element]:
    above: list[Element] = []
    for event, element in iterparse(file, events=("start", "end"), forbid_dtd=False):
        if event == "start":
            above.append(element)
            if len(above) > MAX_DEPTH:
                raise CorpusError(f"{name}: elements nest {MAX_DEPTH} deep (is this a TMX file?)")
            continue
        above.pop()
        if element.tag == "tu":
            file.unit_ended()
            yield element
        if not any(parent.tag == "tu" for parent in above):
            # What has been read is let go, or a large file would fill the memory.
            element.clear()
            if above:
                above[-1].remove(element)


def _corrections(unit: Element, src: str, trg: str, choices: dict[str, str]) -> Iterator[Correction]:
    sides: dict[str, list[str]] = {src: [], trg: []}
    for variant in unit.iter("tuv"):
        segment = variant.find("seg")
        code = variant.get(_LANGUAGE) or variant.get("lang") or ""
        for wanted, texts in sides.items():
            if segment is not None and _is_of(code, wanted):
                texts.append(_text(segment))
    notes = {"author": unit.get("creationid", ""), "context": (unit.findtext("note") or "")}
    fields = choices | {name: text for name, text in notes.items() if text}
    for target in sides[trg] if sides[src] else ():
        yield Correction(src, trg, sides[src][0], target, **fields)


def _is_of(code: str, wanted: str) -> bool:
    try:
        standard = standard_language(code)
    except UsageError:
        return False
    return wanted in (standard, standard.split("-")[0])


def _text(segment: Element) -> str:
    parts = [segment.text or ""]
    for child in segment:
        parts += [_text(child) if child.tag == "hi" else "", child.tail or ""]
    return "".join(parts)


def _unit(entry: Entry) -> str:
    author = f" creationid={quoteattr(entry.author)}" if entry.author else ""
    note = f"<note>{escape(entry.context)}</note>" if entry.context else ""
    sides = ((entry.src, entry.source), (entry.trg, entry.target))
    variants = "".join(f'<tuv xml:lang="{code}"><seg>{escape(text)}</seg></tuv>' for code, text in sides)
    return f"<tu{author}>{note}{variants}</tu>\n"
