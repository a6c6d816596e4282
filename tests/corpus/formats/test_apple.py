from __future__ import annotations

import json
import plistlib
from typing import Any

import pytest

from dragoman.corpus.formats import apple, keyed
from dragoman.corpus.formats.apple import read_strings, read_stringsdict, read_xcstrings
from dragoman.corpus.units import NOT_TO_TRANSLATE, NOT_TRANSLATED, OBSOLETE, UNFINISHED, LeftOut, Segment, Unit
from dragoman.errors import CorpusError
from tests.corpus.formats.conftest import Write

SOURCE = r"""/* A
   comment; "no" = "text"; */
"go" = "Go \"now\".\nRun.";
// "old" = "Old";
run="Run \U00e9 \ud83d\ude00 \101";
"Stop." = "Stop.";
"Same";
'single' = 'Quotes';
"""
TARGET = """"Stop." = "Alto.";
"go" = "Ve \\"ya\\".\\nCorre.";
"run" = "Corre.";
"Same" = "Igual";
"""


def texts(found: list[Unit | LeftOut]) -> list[Any]:
    return [tuple(segment.text for segment in one.segments) if isinstance(one, Unit) else one.reason for one in found]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_strings_are_joined_by_key(encoding: str, write: Write) -> None:
    source = write("en.lproj/a.strings", SOURCE.encode(encoding))
    found = list(read_strings(source, write("pt-BR.lproj/a.strings", TARGET.encode(encoding))))
    assert texts(found) == [
        ('Go "now".\nRun.', 'Ve "ya".\nCorre.'),
        ("Run é 😀 A", "Corre."),
        ("Stop.", "Alto."),
        ("Same", "Igual"),
        NOT_TRANSLATED,
    ]
    assert found[2] == Unit("a.strings", 3, (Segment("en", "Stop."), Segment("pt-BR", "Alto.")), counts="string")
    assert str(found[-1]) == "a.strings, string 5: single"


def test_strings_in_a_property_list(write: Write) -> None:
    source = write("Base.lproj/a.strings", plistlib.dumps({"a": "Go.", "b": 1, "c": ["Run."]}))
    (unit,) = read_strings(source, write("es.lproj/a.strings", '"a" = "Ve.";'))
    assert isinstance(unit, Unit)
    assert unit.segments == (Segment("", "Go."), Segment("es", "Ve."))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'"a" = "b";\n"c" = "d"\n"e" = "f";\n', 'a.strings:2: this is no well-formed file of strings: expected "key"'),
        (b'"a" = "b";\n"c" = "d', "a.strings:2: this is no well-formed file of strings: this cannot be read: '\"d'"),
        (b'"a" = "b";\n\n"c" =', "a.strings:3: this is no well-formed file of strings: the file ends where"),
        (b'"a" = ;\n;', "a.strings:1: this is no well-formed file of strings"),
        (b'/* no end "a" = "b";', "a.strings:1: this is no well-formed file of strings: this cannot be read"),
        (b'"a" = "b";\n"c" = "\xe9";\n', "a.strings:2: the text is not UTF-8 ("),
        ('"a" = "b";'.encode("utf-16")[:-1], "a.strings:1: the text is not UTF-16"),
        (b"bplist00\xd1\x01\x02", "a.strings: this is a compiled property list (convert it: plutil"),
        (b"<plist><array/></plist>", "a.strings: the property list holds no strings by their keys"),
        (b"<plist/>", "a.strings: the property list holds no strings by their keys"),
        (b"\0\0\0\0\x01\x02", "a.strings:1: this is no well-formed file of strings"),
    ],
)
def test_damaged_strings(content: bytes, said: str, write: Write) -> None:
    source = write("a.strings", content)
    with pytest.raises(CorpusError) as caught:
        list(read_strings(source, source))
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_plural_forms_are_joined_by_variable(write: Write) -> None:
    def entry(**forms: str) -> dict[str, Any]:
        rule = {"NSStringFormatSpecTypeKey": "NSStringPluralRuleType", "NSStringFormatValueTypeKey": "d"}
        return {"NSStringLocalizedFormatKey": "%#@files@", "files": {**rule, **forms}}

    source = plistlib.dumps({"n": entry(one="%d file", other="%d files"), "m": entry(other="%d days")})
    target = plistlib.dumps({"n": entry(one="%d plik", few="%d pliki", other="%d pliku"), "o": entry(other="x")})
    found = list(read_stringsdict(write("en.lproj/a.stringsdict", source), write("pl.lproj/a.stringsdict", target)))
    assert sorted(texts(found), key=str) == [
        ("%d file", "%d plik"),
        ("%d files", "%d pliki", "%d pliku"),
        NOT_TRANSLATED,
    ]


def unit(text: str, state: str = "translated") -> dict[str, Any]:
    return {"stringUnit": {"state": state, "value": text}}


def test_a_catalogue(write: Write) -> None:
    plural = {"variations": {"plural": {"one": unit("%d file"), "other": unit("%d files")}}}
    forms_es = {"one": unit("%d archivo"), "many": unit("x", "new"), "other": unit("%d archivos")}
    odd = {"es": {"variations": {"device": {"mac": unit("x")}}}, "fr": [], "de": {"stringUnit": 1}}
    strings = {
        "Go.": {"comment": "a sign", "localizations": {"es": unit("Ve."), "pt-BR": unit("V\u00e1.")}},
        "key": {"localizations": {"en": unit("Run.", "new"), "es": unit("Corre.")}},
        "files": {"localizations": {"en": plural, "es": {"variations": {"plural": forms_es}}}},
        "Sit.": {"localizations": {"es": unit("Sienta.", "needs_review")}},
        "Stop.": {},
        "Wiki": {"shouldTranslate": False, "localizations": {"es": unit("Wiki")}},
        "Old": {"extractionState": "stale", "localizations": {"es": unit("Viejo")}},
        "Odd": {"localizations": odd},
        "Hi\ud83d": {"localizations": {"es": unit("\ud83d\ude00\ud83d")}},
    }
    content = json.dumps({"sourceLanguage": "en", "strings": strings, "version": "1.0"})
    found = list(read_xcstrings(write("a.xcstrings", content)))
    assert texts(found) == [
        ("Go.", "Ve.", "V\u00e1."),
        ("Run.", "Corre."),
        ("%d file", "%d archivo"),
        ("%d files", "%d archivos"),
        UNFINISHED,
        NOT_TRANSLATED,
        NOT_TO_TRANSLATE,
        OBSOLETE,
        NOT_TRANSLATED,
        ("Hi", "😀"),
    ]
    segments = Segment("en", "Go."), Segment("es", "Ve."), Segment("pt-BR", "V\u00e1.")
    assert found[0] == Unit("a.xcstrings", 1, segments, note="a sign", counts="string")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"strings": {\n"a": }}', "a.xcstrings:2: this is no well-formed JSON: Expecting value"),
        ('{"strings": {"a"', "a.xcstrings:1: this is no well-formed JSON"),
        ("[" * 1_000_000, "a.xcstrings: this is no string catalogue: it nests too deep"),
        (f'{{"a": {"1" * 5_000}}}', "a.xcstrings: this is no string catalogue: Exceeds the limit"),
        ("[]", 'a.xcstrings: this is no string catalogue: it has no object "strings"'),
        ('{"strings": []}', 'a.xcstrings: this is no string catalogue: it has no object "strings"'),
        ("", "a.xcstrings:1: this is no well-formed JSON"),
        (b'{"strings": {\n"a": "\xff"}}', "a.xcstrings:2: the text is not UTF-8"),
    ],
    ids=["value", "cut", "deep", "number", "list", "strings", "empty", "bytes"],
)
def test_damaged_catalogues(content: str | bytes, said: str, write: Write) -> None:
    with pytest.raises(CorpusError) as caught:
        list(read_xcstrings(write("a.xcstrings", content)))
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_large_files_are_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write("a.strings", 10 * '"a" = "b";\n')
    monkeypatch.setattr(apple, "MAX_BYTES", 50)
    with pytest.raises(CorpusError, match=r"a.strings: more than 50 bytes, too much for a file of strings"):
        list(read_strings(source, source))
    monkeypatch.setattr(apple, "MAX_BYTES", 500)
    monkeypatch.setattr(keyed, "MAX_CHARACTERS", 10)
    with pytest.raises(CorpusError, match=r"a.strings: more than 10 characters of strings"):
        list(read_strings(source, source))
