from __future__ import annotations

import pytest
from lxml.etree import fromstring

from dragoman.corpus.formats.inline_codes import resolve


@pytest.mark.parametrize(
    ("segment", "text"),
    [
        # What stands alone parts words, and sentences.
        ("Line<ph x='1'/>break", "Line break"),
        ("Save.<ph>&lt;br/&gt;</ph>Close.", "Save. Close."),
        ("One<it pos='end'>&lt;/b&gt;</it>two<ut>{\\cf6</ut>three", "One two three"),
        ("One<ph/><ph/>two", "One two"),
        ("¿Sí?<ph/>¡No!", "¿Sí? ¡No!"),
        # Where words do not grow together it leaves nothing.
        ("Save <ph/> now", "Save now"),
        ("Save <ph/> <ph/> now", "Save now"),
        ("Save<ph/> now<ph/>", "Save now"),
        ("Save<ph/>.", "Save."),
        ("(<ph/>Save<ph/>)", "(Save)"),
        ("保存<ph/>文件。<ph>&lt;br/&gt;</ph>關閉", "保存文件。關閉"),
        ("<ph/>", ""),
        # What is formatted is not parted from its word; blocks are.
        ("H<bpt i='1'>&lt;sub&gt;</bpt>2<ept i='1'>&lt;/sub&gt;</ept>O", "H2O"),
        ("Press <bpt i='1'>{\\b </bpt>Save<ept i='1'>}</ept> now", "Press Save now"),
        ("<bpt i='1'>&lt;p&gt;</bpt>One.<ept i='1'>&lt;/p&gt;</ept>Two.", "One. Two."),
        ("<bpt i='1'>**</bpt>Save<ept i='1'>](http://a.example)</ept>", "Save"),
        ("<hi type='b'>Bo<hi>l</hi>d</hi> word", "Bold word"),
        ("Save<ph>&lt;fn&gt;<sub>A footnote</sub>&lt;/fn&gt;</ph>.", "Save."),
        # Characters.
        ("10<ph>&amp;nbsp;</ph>km<ph>&amp;mdash;</ph>far", "10\xa0km\N{EM DASH}far"),
        ("One<ph>\n</ph>two", "One\ntwo"),
        ("One<ph>&amp;tA;</ph>two", "One two"),
        ("One<ph>&lt;mq:ch val=&quot;\t&quot; /&gt;</ph>two", "One\ttwo"),
        # As memoQ writes it.
        ("<bpt i='1' type='bold'>{}</bpt>Bold<ept i='1'>{}</ept><ph type='fmt'>{}</ph>word", "Bold word"),
        ("One<ph>&lt;mq:rxt displaytext=&quot;x&quot; val=&quot;&amp;lt;br/&amp;gt;&quot; /&gt;</ph>two", "One two"),
        ("a &lt; b", "a < b"),
    ],
)
def test_markup_is_left_out(segment: str, text: str) -> None:
    assert resolve(fromstring(f"<seg>{segment}</seg>")) == (text, ())


@pytest.mark.parametrize(
    "code",
    [
        *("%d", "%s", "%1$s", "%(name)s", "%-5.2f", "%lu", "%@", "%1", "%L2", "%n", "%NAME%"),
        *("{1}", "{}", "{name}", "{{name}}", "${name}", "%{name}", "{0:N2}", "$NAME", "$(name)"),
        *("Ctrl+S", "http://a.example", "5"),
    ],
)
def test_what_a_reader_sees_is_text(code: str) -> None:
    assert resolve(fromstring(f"<seg>Take <ph>{code}</ph>now</seg>")) == (f"Take {code}now", (code,))


def test_a_placeholder_among_markup() -> None:
    segment = "<seg>Take<ph>&lt;b&gt;%d&lt;/b&gt;</ph>dogs, <bpt i='1'>{1}</bpt>or<ept i='1'>{2}</ept></seg>"
    assert resolve(fromstring(segment)) == ("Take%d dogs, {1}or{2}", ("%d", "{1}", "{2}"))


def test_a_placeholder_that_memoq_has_tagged() -> None:
    tag = "&lt;mq:rxt-req displaytext=&quot;Name&quot; val=&quot;{Name}&quot; /&gt;"
    assert resolve(fromstring(f"<seg>Dear <ph>{tag}</ph>,</seg>")) == ("Dear {Name},", ("{Name}",))


def test_a_namespace_does_not_count() -> None:
    assert resolve(fromstring("<seg xmlns='urn:x'>Line<ph/>break</seg>")).text == "Line break"
