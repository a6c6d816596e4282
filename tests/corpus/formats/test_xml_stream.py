"""What a hostile or damaged file may try, in each format of XML: one line of error, nothing read from elsewhere."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from dragoman.corpus.formats.android import read_android
from dragoman.corpus.formats.apple import read_stringsdict
from dragoman.corpus.formats.qt import read_ts
from dragoman.corpus.formats.tmx import TMX, read_tmx
from dragoman.corpus.formats.xliff import read_xliff
from dragoman.corpus.formats.xml_stream import MAX_UNIT_BYTES, read_elements
from dragoman.corpus.lines import Source
from dragoman.corpus.units import LeftOut, Unit
from dragoman.errors import CorpusError
from tests.corpus.formats.conftest import Write, endless


class Format(NamedTuple):
    read: Callable[[Source], Iterator[Unit | LeftOut]]
    root: str
    unit: str
    """One unit, whose source is %s."""
    head: str
    end: str


FORMATS = {
    "tmx": Format(
        read_tmx,
        "tmx",
        '<tu><tuv xml:lang="en"><seg>%s</seg></tuv><tuv xml:lang="es"><seg>Ve.</seg></tuv></tu>',
        '<tmx version="1.4"><header srclang="en"/><body>',
        "</body></tmx>",
    ),
    "xliff": Format(
        read_xliff,
        "xliff",
        '<trans-unit id="1"><source>%s</source><target>Ve.</target></trans-unit>',
        '<xliff version="1.2"><file source-language="en" target-language="es"><body>',
        "</body></file></xliff>",
    ),
    "xliff 2": Format(
        read_xliff,
        "xliff",
        '<unit id="1"><segment><source>%s</source><target>Ve.</target></segment></unit>',
        '<xliff version="2.0" srcLang="en" trgLang="es"><file id="1">',
        "</file></xliff>",
    ),
    "ts": Format(
        read_ts,
        "TS",
        "<message><source>%s</source><translation>Ve.</translation></message>",
        '<TS version="2.1" language="es"><context><name>A</name>',
        "</context></TS>",
    ),
    "android": Format(
        lambda source: read_android(source, source),
        "resources",
        '<string name="a">%s</string>',
        "<resources>",
        "</resources>",
    ),
    "stringsdict": Format(
        lambda source: read_stringsdict(source, source),
        "plist",
        "<dict><key>a</key><dict><key>b</key><dict><key>other</key><string>%s</string></dict></dict></dict>",
        '<plist version="1.0">',
        "</plist>",
    ),
}


@pytest.fixture(params=FORMATS)
def form(request: pytest.FixtureRequest) -> Format:
    return FORMATS[request.param]


def texts(form: Format, source: Source) -> list[str]:
    return [unit.segments[0].text for unit in form.read(source) if isinstance(unit, Unit)]


def refused(form: Format, source: Source) -> str:
    with pytest.raises(CorpusError) as caught:
        list(form.read(source))
    message = str(caught.value)
    assert message.startswith(source.name), "the file is named"
    assert "\n" not in message
    return message


def whole(form: Format, text: str, doctype: str = "", n: int = 1) -> str:
    return f'<?xml version="1.0"?>{doctype}{form.head}{n * (form.unit % text)}{form.end}'


def test_what_is_whole_is_read(form: Format, write: Write) -> None:
    assert texts(form, write("a.xml", whole(form, "Go &amp; see &#233;."))) == ["Go & see é."]
    assert texts(form, write("a.xml", whole(form, "Go.", f'<!DOCTYPE {form.root} SYSTEM "a.dtd">'))) == ["Go."]
    assert texts(form, write("a.xml", b"\xef\xbb\xbf" + whole(form, "Gó.").encode())) == ["Gó."]
    utf_16 = whole(form, "Gó.").replace('"1.0"', '"1.0" encoding="UTF-16"', 1)
    assert texts(form, write("a.xml", utf_16.encode("utf-16"))) == ["Gó."]
    page = whole(form, "Gó.").replace('"1.0"', '"1.0" encoding="windows-1252"', 1)
    assert texts(form, write("a.xml", page.encode("cp1252"))) == ["Gó."]


LAUGHS = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "declared",
    [
        LAUGHS,
        f'<!ENTITY l9 "{"ha" * 10_000}">',
        '<!ENTITY l9 SYSTEM "file:///etc/passwd">',
        '<!ENTITY l9 SYSTEM "http://127.0.0.1:1/x">',
        '<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;',
        "<!ENTITY % p \"<!ENTITY l9 'ha'>\"> %p;",
        '<!ENTITY l9 "ha">',
    ],
    ids=["laughs", "quadratic", "file", "network", "parameter", "hidden", "harmless"],
)
def test_entities_are_refused(declared: str, form: Format, write: Write) -> None:
    doctype = f"<!DOCTYPE {form.root} [{declared}]>"
    assert "entities" in refused(form, write("a.xml", whole(form, "&l9;" * 1_000, doctype)))
    in_root = f'<?xml version="1.0"?>{doctype}<{form.root} a="&l9;">'
    assert "entities" in refused(form, write("a.xml", in_root))


def test_entities_in_another_encoding_are_refused(write: Write) -> None:
    seven = '<?xml version="1.0" encoding="UTF-7"?><!DOCTYPE tmx +AFsAPA-!ENTITY l0 +ACI-ha+ACIAPgBdAD4-<tmx>&l0;</tmx>'
    refused(FORMATS["tmx"], write("a.xml", seven))
    sixteen = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE tmx [<!ENTITY a "b">]><tmx>&a;</tmx>'
    assert "entities" in refused(FORMATS["tmx"], write("a.xml", sixteen.encode("utf-16-le")))


INCLUDE = '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="a.txt" parse="text"/>Ve.'


def test_nothing_is_read_from_elsewhere(form: Format, write: Write, tmp_path: Path) -> None:
    """A DTD that a file names is not opened, beside it or in the network; neither is what it includes."""
    (tmp_path / "a.dtd").write_text('<!ENTITY secret "SECRET">')
    (tmp_path / "a.txt").write_text("SECRET")
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.dtd"
        watching = threading.Thread(target=lambda: calls.append(_called(server)))
        watching.start()
        for place in (address, "a.dtd", (tmp_path / "a.dtd").as_uri()):
            before = f'<?xml-stylesheet href="{address}"?><!DOCTYPE {form.root} SYSTEM "{place}">'
            content = whole(form, "Go &secret;", before).replace("Ve.", INCLUDE)
            found = list(form.read(write("a.xml", content)))
            assert any(isinstance(unit, Unit) for unit in found)
            assert "SECRET" not in str(found)
        watching.join()
    assert calls == [False], "nobody has called"


def _called(server: socket.socket) -> bool:
    try:
        server.accept()
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize(
    ("damaged", "said"),
    [
        (lambda form: form.head + form.unit % "Go." + form.unit[:-4], "cut off"),
        (lambda form: form.head + "<a>" * 100_000, "Excessive depth"),
        (lambda form: form.head + form.unit % "<b>Go.</i>", "mismatch"),
        (lambda form: form.head + form.unit % "Go &nothing;.", "not defined"),
        (lambda form: f'<?xml version="1.0" encoding="klingon"?>{form.head}', "klingon"),
        (lambda form: form.head.encode() + (form.unit % "Ve.").encode().replace(b"Ve", b"\xe9"), "encoding"),
        (lambda form: f'<?xml version="1.0" encoding="UTF-16"?>{form.head}é', "a.xml:1"),
        (lambda form: "", "an empty file"),
        (lambda form: "Go.\tVe.\n", "text without markup"),
        (lambda form: "<html><body>Sign in</body></html>", "an HTML page"),
        (lambda form: b"PK\x03\x04\0\0", "a packed file"),
        (lambda form: b"\x1f\x8b\0\0", "a packed file"),
        (lambda form: "<rss/>", "it begins with <rss>"),
        (lambda form: " " * 200_000 + form.head, "without an element in its first 65,536 bytes"),
    ],
    ids=lambda value: "" if callable(value) else str(value).replace(" ", "-"),
)
def test_what_is_damaged_is_said_in_a_line(
    damaged: Callable[[Format], str | bytes], said: str, form: Format, write: Write
) -> None:
    assert said in refused(form, write("a.xml", damaged(form)))


def test_damage_is_said_with_line_and_unit(write: Write) -> None:
    form = FORMATS["tmx"]
    content = form.head + "\n" + 3 * (form.unit % "Go." + "\n") + "<tu></seg>"
    assert refused(form, write("a.tmx", content)).startswith(
        "a.tmx:5, after unit 3: this is no well-formed XML: Opening"
    )


@pytest.mark.parametrize("body", [b"ha ", b"<a>ha</a>", b"<!-- ha -->", b"&amp;", b"<?a?>"])
def test_what_has_no_end_is_refused(body: bytes, form: Format) -> None:
    before = form.head + form.unit.split("%s")[0]
    assert "without the end of a unit" in refused(form, endless("a.xml", before.encode(), body))


def test_an_attribute_without_end_is_refused(form: Format) -> None:
    assert "without the end of a unit" in refused(form, endless("a.xml", form.head.encode() + b'<a b="', b"ha"))
    assert "without the end of a unit" in refused(form, endless("a.xml", form.head.encode() + b"<", b"ha"))


def test_what_xml_cannot_hold_is_left_out(form: Format, write: Write) -> None:
    """Programs write control characters all the same, as they are and by number."""
    assert texts(form, write("a.xml", whole(form, "G\x01o&#x1f;&#31;&#x0B;.&#x41;"))) == ["Go.A"]


def test_a_number_of_a_character_may_fall_between_two_reads(write: Write) -> None:
    form = FORMATS["tmx"]
    for n in range(40):
        content = form.head + form.unit % "Go." + " " * (65_536 - len(form.head) - len(form.unit % "Go.") - n)
        content += form.unit % "A&#x1f;B&#233;&#x1f;" + form.end
        assert texts(form, write("a.tmx", content)) == ["Go.", "ABé"]


def test_prefixes_that_nobody_declares_do_no_harm(form: Format, write: Write) -> None:
    content = whole(form, "Go.").replace(form.end, f'<x:y z:a="b"/>{form.end}')
    assert texts(form, write("a.xml", content)) == ["Go."]


@pytest.mark.slow
def test_memory_holds_a_unit(write: Write) -> None:
    """More bytes than one unit may have, in many: of those before, none is kept."""
    form = FORMATS["tmx"]
    n = 2 * MAX_UNIT_BYTES // len(form.unit)
    elements = read_elements(write("a.tmx", form.head + n * (form.unit % "Go.") + form.end), TMX)
    assert next(elements).get("srclang") == "en"
    next(elements)
    for element in elements:
        assert sum(1 for _ in element.itersiblings(preceding=True)) <= 1
        assert len(element.getroottree().getroot()) == 1
