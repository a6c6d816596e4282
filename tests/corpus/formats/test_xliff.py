"""XLIFF 1.2 and 2.x as their programs write them, in small files of our own."""

from __future__ import annotations

import pytest

from dragoman.corpus.formats.xliff import read_xliff
from dragoman.corpus.pairing import pairs_of
from dragoman.corpus.units import NOT_TO_TRANSLATE, NOT_TRANSLATED, UNFINISHED, LeftOut, Segment, Unit
from tests.corpus.formats.conftest import Write


def one(body: str) -> str:
    return (
        '<?xml version="1.0"?><xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:sdl="urn:sdl" '
        'xmlns:mq="MQXliff"><file original="a.html" source-language="en" target-language="es-ES" datatype="html">'
        f"<header><note>a file</note></header><body><group>{body}</group></body></file></xliff>"
    )


def two(body: str) -> str:
    return (
        '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="en-US" trgLang="es">'
        f'<file id="f1"><group id="g">{body}</group></file></xliff>'
    )


def texts(found: object) -> object:
    """The texts of a unit, the reason of what is left out."""
    if isinstance(found, Unit):
        return tuple(segment.text for segment in found.segments)
    assert isinstance(found, LeftOut)
    assert not found.fault
    return found.reason


def test_units_of_1(write: Write) -> None:
    body = (
        '<trans-unit id="1" approved="yes"><source>Go.</source><target state="final">Ve.</target><note>a sign</note>'
        '<alt-trans match-quality="80%"><source>Go!</source><target>\u00a1Ve!</target></alt-trans></trans-unit>'
        '<trans-unit id="2"><source xml:lang="fr">Va.</source><target xml:lang="es_MX">Ve.</target></trans-unit>'
    )
    assert list(read_xliff(write("a.xlf", one(body)))) == [
        Unit("a.xlf", 1, (Segment("en", "Go."), Segment("es-ES", "Ve.")), note="a sign"),
        Unit("a.xlf", 2, (Segment("fr", "Va."), Segment("es-MX", "Ve."))),
    ]


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ('<trans-unit id="1"><source>Go.</source></trans-unit>', NOT_TRANSLATED),
        ('<trans-unit id="1"><source>Go.</source><target/></trans-unit>', NOT_TRANSLATED),
        ('<trans-unit id="1"><source>Go.</source><target> <x id="1"/> </target></trans-unit>', NOT_TRANSLATED),
        ('<trans-unit id="1" translate="no"><source>Go.</source><target>Ve.</target></trans-unit>', NOT_TO_TRANSLATE),
        (
            '<group translate="no"><trans-unit id="1" translate="yes"><source>Go.</source><target>Ve.</target>'
            "</trans-unit></group>",
            ("Go.", "Ve."),
        ),
        *(
            (f'<trans-unit id="1"><source>Go.</source><target {state}>Ve.</target></trans-unit>', expected)
            for state, expected in (
                ('state="new"', UNFINISHED),
                ('state="needs-translation"', UNFINISHED),
                ('state="needs-review-translation"', UNFINISHED),
                ('state="translated" state-qualifier="leveraged-mt"', UNFINISHED),
                ('state="translated" state-qualifier="exact-match"', ("Go.", "Ve.")),
                ('state="signed-off"', ("Go.", "Ve.")),
                ('state="x-mine"', ("Go.", "Ve.")),
            )
        ),
        (
            '<trans-unit id="1" mq:status="NotStarted"><source>Go.</source><target>Ve.</target></trans-unit>',
            UNFINISHED,
        ),
        (
            '<trans-unit id="1" mq:status="ManuallyConfirmed"><source>Go.</source><target>Ve.</target></trans-unit>',
            ("Go.", "Ve."),
        ),
    ],
)
def test_states_of_1(unit: str, expected: object, write: Write) -> None:
    assert [texts(found) for found in read_xliff(write("a.xlf", one(unit)))] == [expected]


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ('Press <g id="1">Save</g>.', '<g id="1">Guardar</g>.', (("Press Save.", ()), ("Guardar.", ()))),
        ('One<x id="1" ctype="lb"/>two', 'Uno<x id="1"/>dos', (("One two", ()), ("Uno dos", ()))),
        # Angular
        (
            'Hi <x id="PH" equiv-text="{{ name }}"/>, <x id="B" ctype="x-b" equiv-text="&lt;b&gt;"/>go.',
            'Hola <x id="PH"/>, ve<x id="B"/>.',
            (("Hi {{ name }}, go.", ("{{ name }}",)), ("Hola {{ name }}, ve.", ("{{ name }}",))),
        ),
        # How a tool shows a code is no text, but for placeholders.
        ('A<x id="1" equiv-text="[image]"/>b', 'C<x id="1"/>d', (("A b", ()), ("C d", ()))),
        ('<bx id="1"/>Go<ex id="1"/>.', '<bx id="1"/>Ve<ex id="1"/>.', (("Go.", ()), ("Ve.", ()))),
        (
            'H<bpt id="1">&lt;sub&gt;</bpt>2<ept id="1">&lt;/sub&gt;</ept>O <ph id="2">%d</ph>',
            '<ph id="2">%d</ph> de H<bpt id="1"/>2<ept id="1"/>O',
            (("H2O %d", ("%d",)), ("%d de H2O", ("%d",))),
        ),
        (
            'Go <mrk mtype="term">now</mrk><ph id="1">&lt;fn&gt;<sub>A note</sub></ph>.',
            "Ve ya.",
            (("Go now.", ()), ("Ve ya.", ())),
        ),
    ],
)
def test_inline_codes_of_1(source: str, target: str, expected: object, write: Write) -> None:
    unit = f'<trans-unit id="1"><source>{source}</source><target>{target}</target></trans-unit>'
    (found,) = read_xliff(write("a.xlf", one(unit)))
    assert isinstance(found, Unit)
    assert tuple((segment.text, segment.codes) for segment in found.segments) == expected


def test_segments_of_trados(write: Write) -> None:
    def marks(*texts: str) -> str:
        return "".join(f'<mrk mtype="seg" mid="{n}">{text}</mrk> ' for n, text in enumerate(texts))

    unit = (
        f'<trans-unit id="1"><source>Go. Run. Stop. Sit.</source>'
        f'<seg-source><g id="1">{marks("Go.", "Run.", "Stop.", "Sit.")}</g></seg-source>'
        f'<target><g id="1">{marks("Ve.", "Corre.", "", "Sienta.")}</g></target>'
        '<sdl:seg-defs><sdl:seg id="0" conf="Translated"/><sdl:seg id="1" conf="Draft"/><sdl:seg id="2"/>'
        '<sdl:seg id="3"/></sdl:seg-defs></trans-unit>'
    )
    found = [texts(unit) for unit in read_xliff(write("a.sdlxliff", one(unit)))]
    assert found == [("Go.", "Ve."), UNFINISHED, NOT_TRANSLATED, UNFINISHED]
    no_defs = unit[: unit.index("<sdl:seg-defs")] + "</trans-unit>"
    found = [texts(unit) for unit in read_xliff(write("a.mqxliff", one(no_defs)))]
    assert found == [("Go.", "Ve."), ("Run.", "Corre."), NOT_TRANSLATED, ("Sit.", "Sienta.")]


def test_units_of_2(write: Write) -> None:
    body = (
        '<unit id="1"><notes><note>a sign</note></notes><segment state="final"><source>Go.</source><target>Ve.</target>'
        "</segment><ignorable><source> </source><target> </target></ignorable><segment><source>Run.</source>"
        '<target>Corre.</target></segment><segment state="initial"><source>Sit.</source><target>Sit.</target></segment>'
        "<segment><source>Stop.</source></segment></unit>"
        '<unit id="2" translate="no"><segment><source>Go.</source><target>Ve.</target></segment></unit>'
    )
    found = list(read_xliff(write("a.xlf", two(body))))
    assert found[0] == Unit("a.xlf", 1, (Segment("en-US", "Go."), Segment("es", "Ve.")), note="a sign")
    assert list(map(texts, found[1:])) == [("Run.", "Corre."), UNFINISHED, NOT_TRANSLATED, NOT_TO_TRANSLATE]


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (
            'Hi <ph id="1" dataRef="d1"/>, <pc id="2" dataRefStart="d2">go</pc><cp hex="0009"/>now',
            '<pc id="2">Ve</pc> ya, <ph id="1" dataRef="d1"/>',
            (("Hi %s, go\tnow", ("%s",)), ("Ve ya, %s", ("%s",))),
        ),
        (
            'Hi <ph id="0" equiv="INTERPOLATION" disp="{{ name }}"/>',
            'Hola <ph id="0"/>',
            (("Hi {{ name }}", ("{{ name }}",)), ("Hola {{ name }}", ("{{ name }}",))),
        ),
        (
            '<sc id="1" dataRef="d2"/>Go<ec startRef="1"/> <mrk id="m">now</mrk><sm id="n"/>.<em startRef="n"/>',
            "Ve.",
            (("Go now.", ()), ("Ve.", ())),
        ),
    ],
)
def test_inline_codes_of_2(source: str, target: str, expected: object, write: Write) -> None:
    data = '<originalData><data id="d1">%s</data><data id="d2">&lt;b&gt;</data></originalData>'
    unit = f'<unit id="1">{data}<segment><source>{source}</source><target>{target}</target></segment></unit>'
    (found,) = read_xliff(write("a.xlf", two(unit)))
    assert isinstance(found, Unit)
    assert tuple((segment.text, segment.codes) for segment in found.segments) == expected


def test_a_placeholder_that_one_side_lacks_is_no_pair(write: Write) -> None:
    body = '<trans-unit id="1"><source>Go <ph id="1">%s</ph></source><target>Ve</target></trans-unit>'
    (unit,) = read_xliff(write("a.xlf", one(body)))
    assert isinstance(unit, Unit)
    (left,) = pairs_of(unit, "en", "es")
    assert str(left) == "a.xlf, unit 1: %s"
