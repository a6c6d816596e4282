from __future__ import annotations

import pytest

from dragoman.corpus.formats.qt import read_ts
from dragoman.corpus.units import NOT_TRANSLATED, OBSOLETE, UNFINISHED, LeftOut, Segment, Unit
from dragoman.errors import CorpusError
from tests.corpus.formats.conftest import Write

HEAD = '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE TS><TS version="2.1" language="de_DE" sourcelanguage="en">'


def test_messages(write: Write) -> None:
    content = f"""{HEAD}
<context>
    <name>Window</name>
    <message>
        <location filename="../window.cpp" line="7"/>
        <source>&amp;Open &quot;%1&quot;<byte value="x9"/>now</source>
        <oldsource>Open</oldsource>
        <comment>menu</comment>
        <translation>\u201e%1\u201c jetzt \u00f6ffnen</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation><numerusform>%n Datei</numerusform><numerusform>%n Dateien</numerusform></translation>
    </message>
    <message><source>Go</source><translation type="unfinished">Geh</translation></message>
    <message><source>Go</source><translation type="unfinished"></translation></message>
    <message><source>Go</source><translation type="vanished">Geh</translation></message>
    <message><source>Go</source><translation type="obsolete">Geh</translation></message>
    <message><source>Go</source></message>
    <message numerus="yes"><source>Go</source><translation><numerusform/><numerusform/></translation></message>
    <message>
        <source>Long</source>
        <translation variants="yes"><lengthvariant>Lang</lengthvariant><lengthvariant>L.</lengthvariant></translation>
    </message>
</context>
</TS>"""
    found = list(read_ts(write("a.ts", content)))
    assert found[:2] == [
        Unit(
            "a.ts",
            1,
            (Segment("en", '&Open "%1"\tnow'), Segment("de-DE", "\u201e%1\u201c jetzt \u00f6ffnen")),
            note="menu",
            counts="message",
        ),
        Unit(
            "a.ts",
            2,
            (Segment("en", "%n file(s)"), Segment("de-DE", "%n Datei"), Segment("de-DE", "%n Dateien")),
            counts="message",
        ),
    ]
    left = [one for one in found if isinstance(one, LeftOut)]
    assert [one.reason for one in left] == [
        UNFINISHED,
        NOT_TRANSLATED,
        OBSOLETE,
        OBSOLETE,
        NOT_TRANSLATED,
        NOT_TRANSLATED,
    ]
    assert not any(one.fault for one in left)
    assert str(left[0]) == "a.ts, message 3: unfinished"
    assert found[-1] == Unit("a.ts", 9, (Segment("en", "Long"), Segment("de-DE", "Lang")), counts="message")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'import { a } from "./a";\nexport const b = a;\n', "a.ts: this is text without markup, not Qt Linguist's TS"),
        (b"G@\x00\x10\x00\x00\xb0\x0d\x00\x01" * 100, "a.ts:1: this is no well-formed XML"),
        (b"export const a = <T,>(b: T) => <div>{b}</div>;\n", "a.ts: this is text without markup"),
    ],
    ids=["TypeScript", "MPEG", "TSX"],
)
def test_files_of_the_same_name(content: bytes, said: str, write: Write) -> None:
    with pytest.raises(CorpusError) as caught:
        list(read_ts(write("a.ts", content)))
    assert str(caught.value).startswith(said)
