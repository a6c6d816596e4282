"""PO, the catalogues of gettext: what `polib` parses, as units."""

from __future__ import annotations

import re
from collections.abc import Iterator

import langcodes
import polib

from ...errors import CorpusError
from ..encodings import wide_encoding
from ..languages import code_or_name
from ..lines import Source, read_whole
from ..units import NOT_TRANSLATED, OBSOLETE, LeftOut, Segment, Unit

MAX_BYTES = 64 * 2**20

FUZZY, HEADER = "fuzzy", "the header"

_CHARSET = re.compile(rb'"Content-Type:[^"\n]*charset=([\w.:-]+)', re.IGNORECASE)
_AT_LINE = re.compile(r"\(line (\d+)\)(?:: (.*))?")
# polib takes these for line ends, and a file has them inside of texts.
_NO_LINE_ENDS = dict.fromkeys(map(ord, "\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " ")


def read_po(source: Source) -> Iterator[Unit | LeftOut]:
    """Yield a unit for each translated message of ``source``, its number that of the line.

    A plural form gives two units: the singular with the first translation, the plural with the last. The language of
    the translation is that of the header, or else that of the file's name; the context and the comments for translators
    are the note. What is fuzzy, obsolete, or not translated is left out. The file is read whole, at most `MAX_BYTES`.
    """
    data = read_whole(source, MAX_BYTES)
    try:
        # A line end at least: polib opens a text that is the name of a file.
        entries = polib.pofile(_text(source.name, data).translate(_NO_LINE_ENDS) + "\n")
    except (OSError, ValueError, IndexError, UnicodeError) as error:
        found = _AT_LINE.search(str(error))
        place, reason = (f"{source.name}:{found[1]}", found[2]) if found else (source.name, str(error)[:80])
        raise CorpusError(f"{place}: this is no PO: {reason or 'syntax error'} (mend the line: msgfmt -c)") from error
    src = code_or_name(entries.metadata.get("X-Source-Language", ""))
    trg = code_or_name(entries.metadata.get("Language", "")) or _language_in(source.name)
    if not src and trg.split("-")[0] == "en":
        trg = ""  # what is translated is English by custom: such a header is that of a template
    if entries.metadata:
        yield LeftOut(HEADER, f"{source.name}:1", fault=False)
    for entry in entries:
        yield from _units(entry, source.name, src, trg)


def _units(entry: polib.POEntry, file: str, src: str, trg: str) -> Iterator[Unit | LeftOut]:
    plurals = [text for _, text in sorted(entry.msgstr_plural.items())]
    reason = (
        OBSOLETE
        if entry.obsolete
        else FUZZY
        if entry.fuzzy
        else ""
        if all(plurals or [entry.msgstr])
        else NOT_TRANSLATED
    )
    if reason:
        yield LeftOut(reason, f"{file}:{entry.linenum}", fault=False)
        return
    note = " ".join(text for text in (entry.msgctxt, entry.comment) if text)
    pairs = [(entry.msgid, plurals[0]), (entry.msgid_plural, plurals[-1])] if plurals else [(entry.msgid, entry.msgstr)]
    # A language with one form for all numbers has one translation; the plural is what it says.
    for text, translation in pairs[1:] if len(plurals) == 1 else pairs:
        segments = Segment(src, text), Segment(trg, translation)
        yield Unit(file, entry.linenum, segments, note=note, counts="line")


def _text(name: str, data: bytes) -> str:
    encoding = wide_encoding(data[:1024])
    if encoding is None:
        found = _CHARSET.search(data)
        encoding = found[1].decode() if found and found[1] != b"CHARSET" else "utf-8"
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except LookupError:
        raise CorpusError(f"{name}: the header names an encoding that is not known: {encoding[:40]}") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CorpusError(f"{name}:{line}: invalid {encoding} (is the charset in the header right?)") from None


def _language_in(name: str) -> str:
    """The language in the path of a file as gettext finds it, such as ``locale/es/LC_MESSAGES/app.po``; or nothing."""
    found = re.search(r"([^/]+)/LC_MESSAGES/", name)
    return code_or_name(found[1]) if found and langcodes.tag_is_valid(found[1]) else ""
