r"""Apple's strings: ``.strings`` and ``.stringsdict``, a file for each language, and ``.xcstrings``, one for all.

They are small files that lie in memory; a large one is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any, Literal, NamedTuple

from lxml import etree

from ...errors import CorpusError
from ..languages import code_or_name
from ..lines import Source
from ..units import NOT_TO_TRANSLATE, NOT_TRANSLATED, OBSOLETE, UNFINISHED, LeftOut, Segment, Unit
from .keyed import OTHER, Keyed, by_form, joined, joined_halves
from .xml_stream import Kind, local_name, read_elements

MAX_BYTES = 64 * 2**20

PLIST = Kind("a property list of strings", roots={"plist"}, units={"plist"})

_TOKEN = re.compile(
    r"""
    (?P<space>(?:\s|\ufeff|//[^\n]*|/\*.*?\*/)+)
    | "(?P<quoted>(?:[^"\\]|\\.)*+)"
    | '(?P<single>(?:[^'\\]|\\.)*+)'
    | (?P<word>[\w.$/:-]+)
    | (?P<mark>[=;])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:[uU]([0-9a-fA-F]{4})|([0-7]{1,3})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "", "b": "", "f": "\f", "v": "\v"}
_FORMS = ("zero", "one", "two", "few", "many", OTHER)


def read_strings(src: Source, trg: Source) -> Iterator[Unit | LeftOut]:
    """Yield the strings of ``src`` with those of ``trg`` that have the same key.

    The files are UTF-8 or UTF-16, in the form ``"key" = "text";`` or property lists in XML; the language is that of the
    folder (``es.lproj``). Raises `CorpusError`, with file and line, for what is damaged.
    """
    return joined(src.name, _strings(src), _strings(trg), trg.name)


def read_stringsdict(src: Source, trg: Source) -> Iterator[Unit | LeftOut]:
    """Yield the plural forms of ``src`` with those of ``trg`` that have the same key and variable.

    The language is that of the folder. Raises `CorpusError`, with file and line, for what is damaged.
    """
    return joined(src.name, _plurals(src), _plurals(trg), trg.name)


def read_xcstrings(source: Source) -> Iterator[Unit | LeftOut]:
    """Yield the strings of a catalogue: the source, then its translations into all languages that are finished.

    What is obsolete, not to be translated or without translation is left out. Raises `CorpusError`, with file and line,
    for what is no such catalogue.
    """
    text = _text(source, "a string catalogue")
    try:
        catalogue = json.loads(text)
    except json.JSONDecodeError as error:
        raise CorpusError(
            f"{source.name}:{error.lineno}: this is no well-formed JSON: {error.msg} (save the catalogue anew)"
        ) from None
    except (RecursionError, ValueError) as error:
        reason = "it nests too deep" if isinstance(error, RecursionError) else str(error).partition(";")[0]
        raise CorpusError(f"{source.name}: this is no string catalogue: {reason} (save it anew)") from None
    strings = _mapping(catalogue).get("strings")
    if not isinstance(strings, dict):
        raise CorpusError(
            f'{source.name}: this is no string catalogue: it has no object "strings" (pass the .xcstrings of Xcode)'
        )
    src = str(catalogue.get("sourceLanguage") or "en")
    for number, (key, entry) in enumerate(strings.items(), start=1):
        yield from _of_entry(source.name, number, joined_halves(key), _mapping(entry), src)


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def _strings(source: Source) -> Iterator[Keyed]:
    language = _language_of_folder(source)
    text = _text(source, "a file of strings")
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        entries: Iterator[tuple[str, Any]] = iter(_property_list(source).items())
    else:
        entries = _entries(source.name, text)
    for number, (key, value) in enumerate(entries, start=1):
        if isinstance(value, str):
            yield Keyed(number, key, {"": Segment(language, value)})


def _entries(name: str, text: str) -> Iterator[tuple[str, str]]:
    """The keys and texts of ``"key" = "text";``; a key alone (``"text";``) is both."""
    tokens = _tokens(name, text)
    for key in tokens:
        mark = _expected(name, text, tokens, key, "'=' or ';'")
        value = key
        if mark.text == "=":
            value = _expected(name, text, tokens, mark, "a text in quotes")
            mark = _expected(name, text, tokens, value, "';'")
        if key.kind == "mark" or value.kind == "mark" or mark.kind != "mark" or mark.text != ";":
            raise _broken(name, text, key.at, 'expected "key" = "text";')
        yield _unescaped(key.text), _unescaped(value.text)


def _tokens(name: str, text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _broken(name, text, at, f"this cannot be read: {text[at : at + 20]!r}")
        if match.lastgroup != "space":
            assert match.lastgroup is not None
            yield _Token(match.lastgroup, match[match.lastgroup], at)
        at = match.end()


def _expected(name: str, text: str, tokens: Iterator[_Token], after: _Token, what: str) -> _Token:
    token = next(tokens, None)
    if token is None:
        raise _broken(name, text, after.at, f"the file ends where {what} is expected")
    return token


def _broken(name: str, text: str, at: int, reason: str) -> CorpusError:
    line = text.count("\n", 0, at) + 1
    return CorpusError(f"{name}:{line}: this is no well-formed file of strings: {reason} (mend that line)")


def _unescaped(text: str) -> str:
    def shown(match: re.Match[str]) -> str:
        hexadecimal, octal, plain = match.groups()
        if hexadecimal:
            return chr(int(hexadecimal, 16))
        return chr(int(octal, 8)) if octal else _ESCAPES.get(plain, plain)

    return joined_halves(_ESCAPE.sub(shown, text)) if "\\" in text else text


def _plurals(source: Source) -> Iterator[Keyed]:
    language = _language_of_folder(source)
    for number, (key, entry) in enumerate(_property_list(source).items(), start=1):
        for variable, forms in _mapping(entry).items():
            texts = {form: text for form in _FORMS if isinstance(text := _mapping(forms).get(form), str)}
            if texts:
                yield Keyed(
                    number, f"{key} {variable}", {form: Segment(language, text) for form, text in texts.items()}
                )


def _property_list(source: Source) -> dict[str, Any]:
    for element in read_elements(source, PLIST):
        value = _value(element[0]) if len(element) else None
        if isinstance(value, dict):
            return value
    raise CorpusError(f"{source.name}: the property list holds no strings by their keys (<dict>)")


def _value(element: etree._Element) -> Any:
    """A dictionary or a text; of other values, which are no text, nothing."""
    if local_name(element) == "string":
        return element.text or ""
    if local_name(element) != "dict":
        return None
    children = list(element)
    pairs = zip(children[::2], children[1::2], strict=False)
    return {key.text or "": _value(value) for key, value in pairs if local_name(key) == "key"}


def _of_entry(file: str, number: int, key: str, entry: Mapping[str, Any], src: str) -> Iterator[Unit | LeftOut]:
    place = f"{file}, string {number}"
    if entry.get("shouldTranslate") is False:
        yield LeftOut(NOT_TO_TRANSLATE, place, fault=False, detail=key)
        return
    if entry.get("extractionState") == "stale":
        yield LeftOut(OBSOLETE, place, fault=False, detail=key)
        return
    localizations = dict(_mapping(entry.get("localizations")))
    own = _forms(localizations.pop(src, None), src, every=True) or {"": Segment(code_or_name(src), key)}
    translated = {code: _forms(value, code) for code, value in localizations.items()}
    note = entry.get("comment")
    units = list(by_form(own, translated.values()))
    if not units:
        reason = (
            UNFINISHED if any(_forms(value, "", every=True) for value in localizations.values()) else NOT_TRANSLATED
        )
        yield LeftOut(reason, place, fault=False, detail=key)
    for segments in units:
        yield Unit(file, number, segments, note=note if isinstance(note, str) else "", counts="string")


def _forms(localization: Any, language: str, every: bool = False) -> dict[str, Segment]:
    """The texts of a localization by form, those that are finished or ``every`` one; none that is for one device."""
    localization = _mapping(localization)
    plural = _mapping(_mapping(localization.get("variations")).get("plural"))
    units = {"": localization, **plural}
    found = {}
    for form, holder in units.items():
        unit = _mapping(_mapping(holder).get("stringUnit"))
        if isinstance(text := unit.get("value"), str) and (every or unit.get("state") == "translated"):
            found[form] = Segment(code_or_name(language), joined_halves(text))
    return found


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _language_of_folder(source: Source) -> str:
    folder = PurePath(source.path or source.name).parent.name
    name = folder.removesuffix(".lproj")
    return "" if name in (folder, "Base") else code_or_name(name)


def _text(source: Source, what: str) -> str:
    try:
        with source.open() as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise CorpusError(f"{source.name}: cannot be read: {error.strerror or error}") from error
    if len(data) > MAX_BYTES:
        raise CorpusError(f"{source.name}: more than {MAX_BYTES:,} bytes, too much for {what} (split the file)")
    source.n_bytes = len(data)
    if source.tap is not None:
        source.tap(data)
    if data.startswith(b"bplist"):
        raise CorpusError(
            f"{source.name}: this is a compiled property list (convert it: plutil -convert xml1 {source.name})"
        )
    encoding = _encoding(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CorpusError(
            f"{source.name}:{line}: the text is not {encoding.partition('-sig')[0].upper()} (save it as UTF-8)"
        ) from None


def _encoding(data: bytes) -> Literal["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(data) > 1 and 0 in data[:2]:
        return "utf-16-be" if data[0] == 0 else "utf-16-le"
    return "utf-8-sig"
