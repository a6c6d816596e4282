"""HTML, whole pages and fragments. What is translated is the text between its tags; all else stays as it is, character
by character.

What stands between two tags of blocks, or line breaks, is one text. Attributes, comments, scripts, styles, forms' own
texts, formulas and drawings are not translated, nor what says ``translate="no"`` or has the class ``notranslate``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ..errors import DocumentError
from . import MAX_BYTES, Translate
from .html_tokens import VOID, Token, Type, end_of_element, names, tokens
from .inline import Item, Kind, Passage

BLOCKS = names(
    """address article aside audio base blockquote body br button canvas caption center col colgroup datalist dd details
    dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr
    html legend li link main menu meta nav object ol optgroup option p pre search section select summary table tbody td
    template tfoot th thead title tr ul video"""
)
"""Elements at whose tags a text ends."""

UNSEEN = names("iframe math noembed noframes noscript plaintext rp rt script style svg textarea xmp")
"""Elements that stay as they are, and whose text is no part of a sentence."""

QUOTED = names("code kbd samp tt var")
"""Elements that stay as they are, and whose text is."""

MAX_QUOTED = 80
"""Characters of a quoted text that the translator is shown; one that is longer is no part of a sentence."""

_LINE_BREAK = re.compile("(\r\n|\r|\n)")


def translate_bytes(content: bytes, translate: Translate) -> bytes:
    """Return the translation of ``content``, in the encoding that it says it has; without a word it is UTF-8."""
    encoding = _encoding(content)
    try:
        html = content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise DocumentError(f"the document cannot be read as {encoding} ({error}); convert it to UTF-8") from error
    mark = "\ufeff" if html.startswith("\ufeff") else ""
    return (mark + translate_html(html[len(mark) :], translate)).encode(encoding, "xmlcharrefreplace")


def _encoding(content: bytes) -> str:
    """What a byte order mark or the head of a page says; what seems to be is no ground to write a file on."""
    from turbohtml.detect import detect

    found = detect(content)
    says_so = found.bom or b"charset" in content[:1024].lower()
    return found.encoding.removesuffix("-SIG") if found.encoding and says_so else "UTF-8"


def translate_html(html: str, translate: Translate) -> str:
    """Return ``html``, a page or a fragment, with its text translated, all of it in one call of ``translate``.

    Its tags are those of ``html``, each as often, and well nested where they were. More than `MAX_BYTES` characters are
    a `DocumentError`.
    """
    if len(html) > MAX_BYTES:
        raise DocumentError(f"a document may have {MAX_BYTES:,} characters, not {len(html):,}; split it")
    parts = list(_parts(tokens(html)))
    wanted = [part for part in parts if isinstance(part, Passage) and part.wants_translation]
    found = iter(translate([part.text for part in wanted]) if wanted else ())
    return "".join(
        part.translated(next(found)) if isinstance(part, Passage) and part.wants_translation else str(part)
        for part in parts
    )


def _parts(found: Sequence[Token]) -> Iterator[str | Passage]:
    """Cut a document where its texts begin and end."""
    opened: Counter[str] = Counter()
    items: list[Item] = []
    place = 0
    while place < len(found):
        token = found[place]
        end = place + 1
        if token.type is Type.START and _is_kept(token):
            end = end_of_element(found, place, opened)
            kept = found[place:end]
            ends_text = token.name in BLOCKS and token.name != "br"
            cut: list[Item | str] = [_kept(kept)] if not ends_text else ["".join(one.raw for one in kept)]
        else:
            _count(token, opened)
            cut = list(_cut(token, is_preformatted=opened["pre"] > 0))
        for piece in cut:
            if isinstance(piece, Item):
                items.append(piece)
                continue
            yield Passage(items)
            yield piece
            items = []
        place = end
    yield Passage(items)


def _count(token: Token, opened: Counter[str]) -> None:
    if token.type is Type.START and token.name not in VOID:
        opened[token.name] += 1
    elif token.type is Type.END and opened[token.name]:
        opened[token.name] -= 1


def _cut(token: Token, *, is_preformatted: bool) -> Iterator[Item | str]:
    """Yield what ``token`` is in a text, or as it stands where it ends one."""
    if token.type is Type.TEXT and is_preformatted:
        for piece in _LINE_BREAK.split(token.raw) if token.raw == token.text else [token.raw]:
            if piece and _LINE_BREAK.match(piece):
                yield piece
            elif piece:
                yield Item(Kind.TEXT, piece, text=piece if token.raw == token.text else token.text)
    elif token.type is Type.TEXT:
        yield Item(Kind.TEXT, token.raw, text=token.text)
    elif token.type is Type.COMMENT:
        yield Item(Kind.MARK, token.raw)
    elif token.name in BLOCKS:
        yield token.raw
    elif token.name in VOID:
        yield Item(Kind.MARK, token.raw)
    else:
        yield Item(Kind.OPEN if token.type is Type.START else Kind.CLOSE, token.raw, token.name)


def _is_kept(token: Token) -> bool:
    classes = token.attribute("class").split()
    says_no = token.attribute("translate").strip().lower() == "no" or "notranslate" in classes
    return says_no or token.name in UNSEEN or token.name in QUOTED


def _kept(element: Sequence[Token]) -> Item:
    raw = "".join(token.raw for token in element)
    text = "".join(token.text for token in element)
    if element[0].name in UNSEEN or not text.strip() or len(text) > MAX_QUOTED:
        return Item(Kind.MARK, raw)
    return Item(Kind.KEPT, raw, text=text)
