from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.corpus.formats.android import read_android, unescaped
from dragoman.corpus.units import NOT_TO_TRANSLATE, NOT_TRANSLATED, LeftOut, Segment, Unit
from tests.corpus.formats.conftest import Write

XLIFF = 'xmlns:xliff="urn:oasis:names:tc:xliff:document:1.2" xmlns:tools="http://schemas.android.com/tools"'


def resources(body: str, more: str = "") -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>\n<resources {XLIFF} {more}>{body}</resources>'


def both(write: Write, src: str, trg: str, folder: str = "values-es") -> list[Unit | LeftOut]:
    source = write("values/strings.xml", resources(src, 'tools:locale="en"'))
    return list(read_android(source, write(f"{folder}/strings.xml", resources(trg))))


def test_strings_are_joined_by_name(write: Write) -> None:
    src = """
        <string name="app" translatable="false">Wiki</string>
        <string name="b">Go.</string>
        <string name="a">Run.</string>
        <string name="c">Stop.</string>
        <string name="d">@string/b</string>
        <string name="e">Sit.</string>
        <string-array name="days"><item>Mon</item><item>Tue</item></string-array>
        <string-array name="odd"><item>One</item><item>Two</item></string-array>
        <plurals name="files"><item quantity="one">%d file</item><item quantity="other">%d files</item></plurals>"""
    trg = """
        <string name="a">Corre.</string>
        <string name="b">Ve.</string>
        <string name="d">@string/b</string>
        <string name="e"> </string>
        <string name="only here">Anda.</string>
        <string-array name="days"><item>Lun</item><item>Mar</item></string-array>
        <string-array name="odd"><item>Uno</item></string-array>
        <plurals name="files"><item quantity="one">%d archivo</item><item quantity="many">%d de archivos</item>
            <item quantity="other">%d archivos</item></plurals>"""
    found = both(write, src, trg)
    assert [tuple(segment.text for segment in unit.segments) for unit in found if isinstance(unit, Unit)] == [
        ("Go.", "Ve."),
        ("Run.", "Corre."),
        ("Mon", "Lun"),
        ("Tue", "Mar"),
        ("%d file", "%d archivo"),
        ("%d files", "%d de archivos", "%d archivos"),
    ]
    assert found[1] == Unit("strings.xml", 2, (Segment("en", "Go."), Segment("es", "Ve.")), counts="string")
    left = [one for one in found if isinstance(one, LeftOut)]
    assert [one.reason for one in left] == [NOT_TO_TRANSLATE, *5 * [NOT_TRANSLATED]]
    assert str(left[1]) == "strings.xml, string 4: c"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"Don\'t \"go\"", 'Don\'t "go"'),
        (r"One\ntwo\ttabs \@ \? \\ \u00e9 \ud83d\ude00 \ud83d", "One\ntwo\ttabs @ ? \\ é 😀"),
        ("  One\n    two  ", "One two"),
        ('"  One  two "', "One  two"),
        ('"Don\'t"', "Don't"),
        ("ends with \\", "ends with"),
    ],
)
def test_escapes(written: str, shown: str) -> None:
    assert unescaped(written) == shown


@pytest.mark.parametrize(
    ("written", "text", "codes"),
    [
        ("Press <b>Save</b> now", "Press Save now", ()),
        ("One<br/>two", "One two", ()),
        ('<![CDATA[Press <a href="x">Save</a>&nbsp;&amp; go<br>now]]>', "Press Save\N{NO-BREAK SPACE}& go now", ()),
        ("Press &lt;b&gt;Save&lt;/b&gt;", "Press Save", ()),
        ("Use &lt;name&gt; if a &lt; b", "Use <name> if a < b", ()),
        ('Hi <xliff:g id="name" example="Ana">%1$s</xliff:g>!', "Hi %1$s!", ("%1$s",)),
        (r'By <b><xliff:g id="x">Wiki\'s</xliff:g></b>', "By Wiki's", ("Wiki's",)),
        ("One<!-- two -->three", "Onethree", ()),
    ],
)
def test_markup(written: str, text: str, codes: tuple[str, ...], write: Write) -> None:
    (unit,) = both(write, f'<string name="a">{written}</string>', '<string name="a">x</string>')
    assert isinstance(unit, Unit)
    assert unit.segments[0] == Segment("en", text, codes)


@pytest.mark.parametrize(
    ("folder", "language"),
    [
        ("values-es", "es"),
        ("values-pt-rBR", "pt-BR"),
        ("values-b+sr+Latn", "sr-Latn"),
        ("values-in", "id"),
        ("values-es-rMX-v21", "es-MX"),
        ("values", ""),
        ("values-night", ""),
    ],
)
def test_the_folder_tells_the_language(folder: str, language: str, write: Write, tmp_path: Path) -> None:
    source = write("source/strings.xml", resources('<string name="a">Go.</string>'))
    target = write(f"{folder}/strings.xml", resources('<string name="a">x</string>'))
    (unit,) = read_android(source, target)
    assert isinstance(unit, Unit)
    assert [segment.language for segment in unit.segments] == ["", language]
