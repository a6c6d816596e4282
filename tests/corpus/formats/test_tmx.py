"""TMX as Trados, memoQ, OmegaT, Weblate and OPUS write it, in small files of our own."""

from __future__ import annotations

import gzip
from functools import partial
from pathlib import Path

import pytest

from dragoman.corpus.formats.tmx import read_tmx, write_units
from dragoman.corpus.lines import Source, open_gzip
from dragoman.corpus.units import Segment, Unit
from tests.corpus.formats.conftest import Write

TRADOS = """<?xml version="1.0" encoding="utf-8"?>
<tmx version="1.4">
  <header creationtool="SDL Language Platform" creationtoolversion="8.1" o-tmf="SDL TM8 Format" datatype="xml"
   segtype="sentence" adminlang="en-US" srclang="en-US" creationdate="20200101T000000Z" creationid="ANA">
    <prop type="x-Recognizers">RecognizeAll</prop>
  </header>
  <body>
    <tu creationdate="20200101T000000Z" creationid="PC\\ana" changeid="PC\\ana" usagecount="0">
      <prop type="x-ConfirmationLevel">ApprovedTranslation</prop>
      <tuv xml:lang="en-US">
        <seg>Press <bpt i="1" type="bold" x="1" />Save<ept i="1" /> to keep <ph x="2" type="0" />.</seg>
      </tuv>
      <tuv xml:lang="de-DE">
        <seg>Zum Sichern <bpt i="1" type="bold" x="1" />Speichern<ept i="1" /> von <ph x="2" type="0" />.</seg>
      </tuv>
    </tu>
  </body>
</tmx>"""

MEMOQ = """<?xml version="1.0" encoding="utf-8"?>
<tmx version="1.4">
  <header creationtool="MemoQ" creationtoolversion="9.0" segtype="sentence" adminlang="en-us" creationid="Ana"
   srclang="en" o-tmf="MemoQTM" datatype="unknown"><prop type="defclient">-</prop></header>
  <body>
    <tu changedate="20200101T000000Z" creationid="Ana">
      <prop type="client">-</prop><note>a sign</note>
      <tuv xml:lang="hu"><prop type="x">y</prop><seg>Kedves <ph type='fmt'>{}</ph>N\u00e9v</seg></tuv>
      <tuv xml:lang="en"><seg>Dear <ph>&lt;mq:rxt-req displaytext="Name" val="{Name}" /&gt;</ph></seg></tuv>
    </tu>
  </body>
</tmx>"""

OMEGAT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx11.dtd">
<tmx version="1.1">
  <header creationtool="OmegaT" o-tmf="OmegaT TMX" adminlang="EN-US" datatype="plaintext" creationtoolversion="4.3"
   segtype="sentence" srclang="EN-GB"/>
  <body>
<!-- Default translations -->
    <tu>
      <tuv lang="EN-GB"><seg>Go &lt;b0&gt;now<!-- here -->&lt;/b0&gt;.</seg></tuv>
      <tuv lang="CA" changeid="ana" creationid="ben"><seg>V\u00e9s &lt;b0&gt;ara&lt;/b0&gt;.</seg></tuv>
    </tu>
<!-- Alternative translations -->
  </body>
</tmx>"""

OPUS = """<?xml version="1.0" encoding="UTF-8" ?>
<tmx version="1.4">
<header creationdate="Sun Feb  1 00:00:00 2015" srclang="en" adminlang="en" o-tmf="unknown" segtype="sentence"
 creationtool="Uplug" creationtoolversion="unknown" datatype="PlainText" />
  <body>
    <tu>
      <tuv xml:lang="en"><seg>Go.</seg></tuv>
      <tuv xml:lang="sw"><seg>Nenda.</seg></tuv>
    </tu>
  </body>
</tmx>"""

WEBLATE = """<?xml version='1.0' encoding='utf-8'?>
<!DOCTYPE tmx
  SYSTEM 'tmx14.dtd'>
<tmx version="1.4"><header creationtool="Translate Toolkit" creationtoolversion="3" segtype="sentence" o-tmf="UTF-8"
 adminlang="en" srclang="en" datatype="PO"/><body><tu><note origin="pot">a button</note><tuv xml:lang="en"><seg>%d
files</seg></tuv><tuv xml:lang="pt_BR"><seg>%d&nbsp;arquivos</seg></tuv></tu></body></tmx>"""


@pytest.mark.parametrize(
    ("content", "unit"),
    [
        (
            TRADOS,
            Unit(
                "a.tmx",
                1,
                (Segment("en-US", "Press Save to keep ."), Segment("de-DE", "Zum Sichern Speichern von .")),
                "PC\\ana",
            ),
        ),
        (
            MEMOQ,
            Unit(
                "a.tmx",
                1,
                (Segment("en", "Dear {Name}", ("{Name}",)), Segment("hu", "Kedves N\u00e9v")),
                "Ana",
                "a sign",
            ),
        ),
        (
            OMEGAT,
            Unit("a.tmx", 1, (Segment("en-GB", "Go <b0>now</b0>."), Segment("ca", "V\u00e9s <b0>ara</b0>.")), "ben"),
        ),
        (OPUS, Unit("a.tmx", 1, (Segment("en", "Go."), Segment("sw", "Nenda.")))),
        (
            WEBLATE,
            Unit(
                "a.tmx",
                1,
                (Segment("en", "%d\nfiles"), Segment("pt-BR", "%d\N{NO-BREAK SPACE}arquivos")),
                "",
                "a button",
            ),
        ),
    ],
    ids=["Trados", "memoQ", "OmegaT", "OPUS", "Weblate"],
)
def test_as_other_programs_write_it(content: str, unit: Unit, write: Write) -> None:
    assert list(read_tmx(write("a.tmx", content))) == [unit]
    namespace = content.replace("<tmx ", '<tmx xmlns="http://www.lisa.org/tmx14" ')
    assert list(read_tmx(write("a.tmx", namespace))) == [unit]
    if "encoding" in content:
        utf_16 = content.replace("utf-8", "UTF-16").replace("UTF-8", "UTF-16", 1)
        assert list(read_tmx(write("a.tmx", utf_16.encode("utf-16")))) == [unit]


def test_the_source_comes_first(write: Write) -> None:
    def languages(header: str, more: str = "") -> list[str]:
        variants = "".join(f'<tuv xml:lang="{code}"><seg>Go.</seg></tuv>' for code in ("es", "en", "fr"))
        source = write("a.tmx", f"<tmx>{header}<body><tu{more}>{variants}</tu></body></tmx>")
        (unit,) = read_tmx(source)
        assert isinstance(unit, Unit)
        return [segment.language for segment in unit.segments]

    assert languages("") == ["es", "en", "fr"]
    assert languages('<header srclang="EN"/>') == ["en", "es", "fr"]
    assert languages('<header srclang="*all*"/>') == ["es", "en", "fr"]
    assert languages('<header srclang="EN"/>', ' srclang="fra"') == ["fr", "es", "en"]


def test_units_are_written_and_read(tmp_path: Path) -> None:
    units = [
        Unit("", 1, (Segment("en", 'a < b & "c"\n]]>'), Segment("es", " a ")), 'Ana "<&', "a sign"),
        Unit("", 2, (Segment("en", ""), Segment("es", "\u00bfS\u00ed?"))),
    ]
    path = tmp_path / "a.tmx.gz"
    assert write_units(units, "en", path) == 2
    assert gzip.decompress(path.read_bytes()).startswith(b"<?xml")
    found = list(read_tmx(Source("", partial(open_gzip, path))))
    assert found == units
