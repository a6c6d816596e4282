from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.documents import MAX_BYTES, Aligned, Translate, translate_document
from dragoman.documents.html import translate_html
from dragoman.documents.html_tokens import MAX_TOKENS, tokens
from dragoman.errors import DocumentError
from tests.documents.readers import TRANSLATORS, Reader, backward, same, upper

# A snippet, and what becomes of it where each word is translated by its capitals.
GOLDEN = [
    # sentences and emphasis
    ("Hello", "HELLO"),
    ("", ""),
    (" \n ", " \n "),
    ("<p>Hello, <b>big</b> world.</p>", "<p>HELLO, <b>BIG</b> WORLD.</p>"),
    ("<p><strong>All of it.</strong></p>", "<p><strong>ALL OF IT.</strong></p>"),
    ("<b>N</b>ever", "<b>N</b>EVER"),
    ("<em>one <strong>two <u>three</u></strong></em> four", "<em>ONE <strong>TWO <u>THREE</u></strong></em> FOUR"),
    ("<b><i><u>deep</u></i></b>", "<b><i><u>DEEP</u></i></b>"),
    ("a <b>b</b> <b>c</b> d", "A <b>B</b> <b>C</b> D"),
    ("<B>Big</B> <bIg>odd</BIG>", "<B>BIG</B> <bIg>ODD</BIG>"),
    ("H<sub>2</sub>O and E=mc<sup>2</sup>", "H<sub>2</sub>O AND E=MC<sup>2</sup>"),
    ("<font color=red>red</font> text", "<font color=red>RED</font> TEXT"),
    ("<q>yes</q>, she said", "<q>YES</q>, SHE SAID"),
    ("(<i>see below</i>)", "(<i>SEE BELOW</i>)"),
    ("“<i>quoted</i>”", "“<i>QUOTED</i>”"),
    ("<small>fine print</small>", "<small>FINE PRINT</small>"),
    ("x<wbr>y long<wbr>word", "X<wbr>Y LONG<wbr>WORD"),
    # links and attributes
    ('Read <a href="/a?b=1&amp;c=2">this page</a> now.', 'READ <a href="/a?b=1&amp;c=2">THIS PAGE</a> NOW.'),
    ("<a href='it\"s' title=\"Don't\">link</a>", "<a href='it\"s' title=\"Don't\">LINK</a>"),
    ("<a href=x>one</a> | <a href=y>two</a>", "<a href=x>ONE</a> | <a href=y>TWO</a>"),
    ('<a title="a > b" data-x=\'{"k":"v"}\'>go</a>', '<a title="a > b" data-x=\'{"k":"v"}\'>GO</a>'),
    ("<a\n  href=x\n  class='y'\n>go</a>", "<a\n  href=x\n  class='y'\n>GO</a>"),
    ("<input disabled value=yes> label", "<input disabled value=yes> LABEL"),
    ('<img src="a.png" alt="a cat">', '<img src="a.png" alt="a cat">'),
    ('See <img src=a alt="x"> here', 'SEE <img src=a alt="x"> HERE'),
    ("icon<img src=a> text", "ICON<img src=a> TEXT"),
    ("<a id=top></a>Start", "<a id=top></a>START"),
    ("Stop<a id=end></a>", "STOP<a id=end></a>"),
    ("a <a id=mid></a>b", "A <a id=mid></a>B"),
    # lines, lists, tables
    ("one<br>two<br/>three<BR />four", "ONE<br>TWO<br/>THREE<BR />FOUR"),
    ("<b>one<br>two</b> three", "<b>ONE<br>TWO</b> THREE"),
    ("<ul><li>one<li>two <b>bold</b></ul>", "<ul><li>ONE<li>TWO <b>BOLD</b></ul>"),
    ("<ol>\n <li>one</li>\n <li>two</li>\n</ol>\n", "<ol>\n <li>ONE</li>\n <li>TWO</li>\n</ol>\n"),
    ("<dl><dt>term<dd>what it is</dl>", "<dl><dt>TERM<dd>WHAT IT IS</dl>"),
    (
        "<table><tr><th>name<th>age<tr><td>Tom<td>12</table>",
        "<table><tr><th>NAME<th>AGE<tr><td>TOM<td>12</table>",
    ),
    ("<td>1,234.50 €</td><td>—</td>", "<td>1,234.50 €</td><td>—</td>"),
    ("<h1>one</h1>two<hr>three", "<h1>ONE</h1>TWO<hr>THREE"),
    ("<div><p>one</p>two</div>", "<div><p>ONE</p>TWO</div>"),
    ("<a href=x><h2>head</h2><p>text</p></a>", "<a href=x><h2>HEAD</h2><p>TEXT</p></a>"),
    ("<select><option>one<option selected>two</select>", "<select><option>ONE<option selected>TWO</select>"),
    ("<label>name <input name=n></label>", "<label>NAME <input name=n></label>"),
    ("<button type=submit>send</button>", "<button type=submit>SEND</button>"),
    ("<details><summary>more</summary>text</details>", "<details><summary>MORE</summary>TEXT</details>"),
    (
        "<figure><img src=a><figcaption>a</figcaption></figure>",
        "<figure><img src=a><figcaption>A</figcaption></figure>",
    ),
    # character references
    ("a &amp; b", "A &amp; B"),
    ("1 &lt; 2 and 3 &gt; 2", "1 &lt; 2 AND 3 &gt; 2"),
    ("caf&eacute; &#233; &#xE9;", "CAFÉ É É"),
    ("a&nbsp;b", "A\u00a0B"),
    ("AT&T &nosuch; &copy", "AT&amp;T &amp;NOSUCH; ©"),
    ("fish & chips < more", "FISH &amp; CHIPS &lt; MORE"),
    ("&lt;b&gt; is a tag", "&lt;B&gt; IS A TAG"),
    ('she said "hi"', 'SHE SAID "HI"'),
    ("100&nbsp;%", "100&nbsp;%"),
    # what is not translated
    ("<script>var a = '<b>x</b>';</script>text", "<script>var a = '<b>x</b>';</script>TEXT"),
    ("<style>p > b { color: red }</style>text", "<style>p > b { color: red }</style>TEXT"),
    ("a <script>b</script> c", "A <script>b</script> C"),
    ("<script><!-- <script>x</script> --></script>a", "<script><!-- <script>x</script> --></script>A"),
    ("<textarea>my <b>text</textarea>a", "<textarea>my <b>text</textarea>A"),
    ("<noscript><img src=a>no</noscript>a", "<noscript><img src=a>no</noscript>A"),
    ("<iframe src=x>old</iframe>a", "<iframe src=x>old</iframe>A"),
    ("<p translate=no>keep <b>me</b></p><p>go</p>", "<p translate=no>keep <b>me</b></p><p>GO</p>"),
    ("<p TRANSLATE='No'>keep<p>go", "<p TRANSLATE='No'>keep<p>GO"),
    ("<ul><li translate=no>keep<li>go</ul>go", "<ul><li translate=no>keep<li>GO</ul>GO"),
    (
        "<div class='a notranslate'>keep <div>me</div> too</div>go",
        "<div class='a notranslate'>keep <div>me</div> too</div>GO",
    ),
    ("at <span translate=no>Acme Corp</span> today", "AT <span translate=no>Acme Corp</span> TODAY"),
    ("run <code>ls -l</code> now", "RUN <code>ls -l</code> NOW"),
    ("press <kbd>Ctrl</kbd>+<kbd>C</kbd> twice", "PRESS <kbd>Ctrl</kbd>+<kbd>C</kbd> TWICE"),
    ("<code>only code</code>", "<code>only code</code>"),
    ("<!-- a <b>comment</b> -->text<!---->", "<!-- a <b>comment</b> -->TEXT<!---->"),
    ("one <!-- c --> two", "ONE <!-- c --> TWO"),
    ("<!--[if IE]><p>x</p><![endif]-->a", "<!--[if IE]><p>x</p><![endif]-->A"),
    ("<?php echo 1 ?>a", "<?php echo 1 ?>A"),
    (
        "x <svg viewBox='0 0 1 1'><title>t</title><path d='M0'/></svg> y",
        "X <svg viewBox='0 0 1 1'><title>t</title><path d='M0'/></svg> Y",
    ),
    ("<svg/>a", "<svg/>A"),
    ("let <math><mi>x</mi><mo>&lt;</mo><mn>2</mn></math> be", "LET <math><mi>x</mi><mo>&lt;</mo><mn>2</mn></math> BE"),
    ("<ruby>word<rt>say</rt></ruby>", "<ruby>WORD<rt>say</rt></ruby>"),
    # white space
    ("  two \n  lines\tand   <b> more </b> ", "  TWO LINES AND <b>MORE</b> "),
    ("<pre>a  line\n\n  <b>bold</b>\n</pre>", "<pre>A LINE\n\n  <b>BOLD</b>\n</pre>"),
    ("<pre>one\r\ntwo\rthree</pre>", "<pre>ONE\r\nTWO\rTHREE</pre>"),
    ("<pre><code>x = 1\ny</code></pre>", "<pre><code>x = 1\ny</code></pre>"),
    ("<p>\r\n  text\r\n</p>", "<p>\r\n  TEXT\r\n</p>"),
    # whole documents, other elements
    (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset=utf-8><title>my page</title><link rel=x></head>'
        "<body class=a><p>text</p></body></html>\n",
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset=utf-8><title>MY PAGE</title><link rel=x></head>'
        "<body class=a><p>TEXT</p></body></html>\n",
    ),
    ("<html translate=no><p>keep</html>", "<html translate=no><p>keep</html>"),
    ("<title>a & c</title>", "<title>A &amp; C</title>"),
    ("<my-card size=2>big <x-y>card</x-y></my-card>", "<my-card size=2>BIG <x-y>CARD</x-y></my-card>"),
    ("<template><p>text</p></template>", "<template><p>TEXT</p></template>"),
    ("<o:p>word</o:p>", "<o:p>WORD</o:p>"),
    ("<b/>word", "<b/>WORD"),
    # broken
    ("<b>x <i>y</b> z</i> w", "<b>X <i>Y</b> Z</i> W"),
    ("</p>text</b>", "</p>TEXT</b>"),
    ("<p><b>open", "<p><b>OPEN"),
    ("<b>a</b><?", "<b>A</b><?"),
    ("a <p", "A <p"),
    ("a </", "A &lt;/"),
    ("<a href='x", "<a href='x"),
    ("text <!-- open <b>", "TEXT <!-- open <b>"),
    ("<>a</>b", "<>a</>b"),
    ("a<b<c>d", "A<b<c>D"),
    ("<p><p><p>a</p></div>b", "<p><p><p>A</p></div>B"),
    ("\0a \ud800 b", "\0A \ud800 B"),
]


@pytest.mark.parametrize(("snippet", "expected"), GOLDEN)
def test_text_is_translated_and_nothing_else(snippet: str, expected: str) -> None:
    assert translate_html(snippet, upper) == expected


SNIPPETS_OF_PAGES = Path(__file__).with_name("snippets.txt").read_text("utf-8").splitlines()
"""A snippet a line, as letters, shops, manuals, word processors and careless people write them."""
EVERY_SNIPPET = [*(snippet for snippet, _ in GOLDEN), *SNIPPETS_OF_PAGES]


def test_snippets_stay_as_they_are_where_nothing_is_translated() -> None:
    assert [translate_html(snippet, same) for snippet in EVERY_SNIPPET] == EVERY_SNIPPET


@pytest.mark.parametrize("translate", TRANSLATORS)
def test_tags_in_are_tags_out(translate: Translate) -> None:
    for snippet in EVERY_SNIPPET:
        keeps_its_form(snippet, translate)


def keeps_its_form(snippet: str, translate: Translate) -> None:
    """Assert that what is no text is there again, each as often, and well nested where it was."""
    before, after = Reader(snippet), Reader(translate_html(snippet, translate))
    assert after.tags == before.tags, snippet
    assert after.others == before.others, snippet
    assert after.is_well_nested >= before.is_well_nested, snippet


WORDS = st.sampled_from(
    ["Tom", "cat,", "it’s", "&amp;", "1,000", "&eacute;t&eacute;", "\n ", "東京", "हिन्दी", "—", "(ok)", "&lt;"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
ATTRIBUTES = st.sampled_from(["", " id=a", " class='b c'", ' title="1 > 0"', " hidden", " data-a='\"'", "\nlang=en "])
THINGS = st.sampled_from(
    [
        *(
            "<img src=a>",
            "<!-- c -->",
            "<wbr>",
            "<input value='<b>'>",
            "<script>if (a<b) c()</script>",
            "<br>",
            "<hr/>",
        ),
        *("<svg><path/></svg>", "<code>f(x)</code>", "<i translate=no>Acme <b>Inc</b></i>", "<style>a{}</style>"),
        "<textarea>x</textarea>",
    ]
)
INLINE, BLOCK = ["b", "i", "a", "span", "u", "x-y", "EM"], ["p", "div", "ul", "h1", "table", "section"]


def element(names: Sequence[str], inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, attributes, text: f"<{name}{attributes}>{text}</{name}>", st.sampled_from(names), ATTRIBUTES, inner
    )


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda glue, found: glue.join(found), st.sampled_from(["", " "]), st.lists(parts, max_size=5))


PHRASES = st.recursive(TEXTS | THINGS, lambda inner: element(INLINE, joined(inner)), max_leaves=12)
SNIPPETS = st.recursive(joined(PHRASES), lambda inner: joined(element(BLOCK, inner)), max_leaves=4)


@settings(max_examples=200)
@given(SNIPPETS, st.sampled_from(TRANSLATORS))
@pytest.mark.slow
def test_every_snippet_keeps_its_form(snippet: str, translate: Translate) -> None:
    assert translate_html(snippet, same) == snippet
    keeps_its_form(snippet, translate)


PIECES = st.sampled_from(
    ["<b>", "</b>", "<i x=1>", "</i>", "<p>", "</p>", "<br>", "a", " b ", "<", "&", "<!--", "-->", "<pre>", "\r\n"]
)


@settings(max_examples=200)
@given(st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join), st.sampled_from(TRANSLATORS))
def test_broken_html_breaks_nothing(snippet: str, translate: Translate) -> None:
    assert "".join(token.raw for token in tokens(snippet)) == snippet
    assert translate_html(snippet, same) == snippet
    found = translate_html(snippet, translate)
    raws = [[token.raw for token in tokens(html) if token.name] for html in (snippet, found)]
    assert sorted(raws[0]) == sorted(raws[1])


@pytest.mark.parametrize(
    ("snippet", "expected"),
    [
        ("the <b>red</b> <i>car</i> .", ". <i>CAR</i> <b>RED</b> THE"),
        ("the <a href=1>red <b>big</b> car</a> stops", "STOPS <a href=1>CAR <b>BIG</b> RED</a> THE"),
        ("press <img src=a> now", "<img src=a> NOW PRESS"),
        ("at <code>ls -l</code> once", "ONCE <code>ls -l</code> AT"),
        ("<b>one<br>two</b> three four", "<b>ONE<br>FOUR THREE TWO</b>"),
        ("b <i>a</i><?", "<i>A</i> B<?"),
    ],
)
def test_tags_go_where_their_words_go(snippet: str, expected: str) -> None:
    assert translate_html(snippet, backward) == expected


def test_tags_go_by_place_where_nobody_knows_the_words() -> None:
    found = translate_html("<b>Hello</b> my <i>friend</i>", lambda texts: [Aligned("Hola amigo mío") for _ in texts])
    assert found == "<b>Hola</b> amigo <i>mío</i>"


def test_a_paragraph_is_translated_as_one_text_without_its_tags_and_references() -> None:
    asked: list[str] = []

    def listen(texts: Sequence[str]) -> list[Aligned]:
        asked.extend(texts)
        return same(texts)

    translate_html("<h1>A&amp;B</h1><p>Read\n <a href=x>this\tpage</a>, <code>now()</code>!<br>1<p>caf&eacute;", listen)
    assert asked == ["A&B", "Read this page, now()!", "café"]


def test_what_a_browser_shows_as_text_is_text() -> None:
    assert translate_html("<title>a <b> c</title>", upper) == "<title>A &lt;B&gt; C</title>"


def test_what_is_translated_cannot_become_tags() -> None:
    found = translate_html("<p>Hello</p>", lambda texts: [Aligned("<script>x</script> & co") for _ in texts])
    assert found == "<p>&lt;script&gt;x&lt;/script&gt; &amp; co</p>"


@pytest.mark.parametrize(
    "bomb",
    [
        "<b>" * 100_000 + "x y",
        "<i>" * 60_000 + "x" + "</i>" * 60_000 + " y",
        "<b>x " * 30_000,
        "<p translate=no>" * 100_000,
    ],
)
@pytest.mark.slow
def test_a_hundred_thousand_nested_tags_come_back(bomb: str) -> None:
    found = translate_html(bomb, backward)
    assert [token.raw for token in tokens(found) if token.name] == [token.raw for token in tokens(bomb) if token.name]


@pytest.mark.parametrize("n_words", [5, 50_000])
@pytest.mark.parametrize("n_tags", [5, 1000])
@pytest.mark.slow
def test_long_texts_and_many_tags_keep_their_form(n_words: int, n_tags: int) -> None:
    snippet = "<b>x</b> <code>y</code> " * n_tags + "word " * n_words
    keeps_its_form(snippet, backward)
    assert translate_html(snippet, upper) == snippet.upper().replace("B>", "b>").replace("CODE>Y</CODE", "code>y</code")


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(DocumentError, match="may have 250,000 tags and texts, and has more; split it"):
        translate_html("<b>" * (MAX_TOKENS + 1), same)
    with pytest.raises(DocumentError, match="may have 10,000,000 characters, not 10,000,001; split it"):
        translate_html("x" * (MAX_BYTES + 1), same)
    with pytest.raises(DocumentError, match="may have 10,000,000 bytes, and has more; split it"):
        translate_document(b"x" * (MAX_BYTES + 1), "html", same)


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("cp1252", "<meta charset=windows-1252>"),
        ("shift_jis", "<meta charset=shift_jis>"),
    ],
)
def test_a_document_keeps_its_encoding(encoding: str, head: str) -> None:
    content = f"{head}<p>caf\u0065</p>".encode(encoding)
    found = translate_document(content, "html", lambda texts: [Aligned("東 é →") for _ in texts])
    text = found.decode(encoding)
    assert text.startswith(f"{head}<p>")
    assert text.replace("&#26481;", "東").replace("&#233;", "é").replace("&#8594;", "→") == f"{head}<p>東 é →</p>"
    assert translate_document(content, "html", same) == content


def test_what_is_not_in_its_encoding_is_refused() -> None:
    with pytest.raises(
        DocumentError, match=r"cannot be read as UTF-8 .*byte 0xe9 in position 26.*; convert it to UTF-8"
    ):
        translate_document(b"<meta charset=utf-8><p>caf\xe9</p>", "html", same)
