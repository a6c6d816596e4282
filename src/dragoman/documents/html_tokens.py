"""HTML as a browser reads it, in tokens that together are the document, character by character.

The reading is turbohtml's tokenizer, which follows the standard of WHATWG and tells where in the source each token
begins: nothing is written anew that is not translated, and a fragment stays a fragment.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from itertools import islice
from typing import NamedTuple

import turbohtml
from turbohtml import TokenType

from ..errors import DocumentError

MAX_TOKENS = 250_000
"""Tags and texts of a document; each takes some 10 microseconds."""


def names(of_elements: str) -> frozenset[str]:
    """Return the names that stand in a string with white space between them."""
    return frozenset(of_elements.split())


VOID = names("area base br col embed frame hr img input link meta param source track wbr")
"""Elements without an end."""

_NEWLINE = re.compile("\r\n|\r|\n")

_CLOSED_BY = {
    "p": names(
        """address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1
        h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre search section summary table ul"""
    ),
    "li": names("li"),
    **dict.fromkeys(("dt", "dd"), names("dt dd")),
    **dict.fromkeys(("option", "optgroup"), names("option optgroup")),
    **dict.fromkeys(("td", "th"), names("td th tr tbody tfoot")),
    "tr": names("tr tbody tfoot"),
}
"""What ends an element whose end tag was left out."""


class Type(Enum):
    """What a `Token` is."""

    TEXT = auto()
    START = auto()
    END = auto()
    COMMENT = auto()
    """A comment, or anything else that is not seen."""


class Token(NamedTuple):
    """A piece of a document as it stands there (``raw``): ``text`` is what it says, ``name`` that of its tag, in small
    letters.
    """

    type: Type
    raw: str
    text: str = ""
    name: str = ""
    attributes: Sequence[tuple[str, str | None]] = ()
    is_self_closing: bool = False

    def attribute(self, name: str) -> str:
        """Return the value of an attribute, "" where it has none."""
        return next((value or "" for key, value in self.attributes if key == name), "")


def tokens(html: str) -> list[Token]:
    """Return the tokens of ``html``; their ``raw`` together are ``html``. A character reference is a text of its own.

    More than `MAX_TOKENS` are a `DocumentError`.
    """
    read = list(islice(turbohtml.tokenize(html, resolve_references=False, capture_source=True), MAX_TOKENS + 1))
    if len(read) > MAX_TOKENS:
        raise DocumentError(f"a document may have {MAX_TOKENS:,} tags and texts, and has more; split it")
    lines = [0, *(match.end() for match in _NEWLINE.finditer(html))]
    begins = [lines[token.line - 1] + token.col for token in read]
    first = [Token(Type.COMMENT, html[: begins[0] if begins else len(html)])]
    found = (
        token
        for one, begin, end in zip(read, begins, [*begins[1:], len(html)], strict=False)
        for token in _tokens(one, html[begin:end])
    )
    return [token for token in (*first, *found) if token.raw]


def _tokens(token: turbohtml.Token, raw: str) -> Iterator[Token]:
    if token.type in (TokenType.START_TAG, TokenType.END_TAG):
        # Markup that the end of the document breaks off is dropped by the tokenizer: more was there than the tag.
        length = len(token.source or raw)
        is_start = token.type is TokenType.START_TAG
        attributes = token.attrs or () if is_start else ()
        kind = Type.START if is_start else Type.END
        yield Token(kind, raw[:length], "", token.tag or "", attributes, is_start and token.self_closing)
        yield Token(Type.COMMENT, raw[length:])
    elif token.type is TokenType.CHARACTER_REFERENCE:
        length = len(token.source or raw)
        yield Token(Type.TEXT, raw[:length], token.data or "")
        yield Token(Type.COMMENT, raw[length:])
    elif token.type is TokenType.TEXT:
        # A tag that the end of the document breaks off is dropped by the tokenizer: more was there than is said.
        length = _length_of(token.data or "", raw)
        yield Token(Type.TEXT, raw[:length], raw[:length])
        yield Token(Type.COMMENT, raw[length:])
    else:
        yield Token(Type.COMMENT, raw)


def _length_of(said: str, raw: str) -> int:
    """How much of ``raw`` is ``said``, in which a line break is "\\n" always."""
    if raw == said:
        return len(raw)
    place = 0
    for line in said.split("\n"):
        if not raw.startswith(line, place):
            return 0
        place += len(line)
        if match := _NEWLINE.match(raw, place):
            place = match.end()
    return place


def end_of_element(found: Sequence[Token], begin: int, outside: Counter[str]) -> int:
    """Return the place behind the element that begins at ``begin``, where ``outside`` of it elements are open.

    An end tag that was left out is where a browser puts it.
    """
    start = found[begin]
    is_foreign = start.name in ("svg", "math")
    if start.name in VOID or (is_foreign and start.is_self_closing):
        return begin + 1
    inside = Counter([start.name])
    n_open = 1
    for place in range(begin + 1, len(found)):
        token = found[place]
        if token.type is Type.START:
            if n_open == 1 and token.name in _CLOSED_BY.get(start.name, ()):
                return place
            if token.name not in VOID and not (is_foreign and token.is_self_closing):
                inside[token.name] += 1
                n_open += 1
        elif token.type is Type.END and inside[token.name]:
            inside[token.name] -= 1
            n_open -= 1
            if not inside[start.name]:
                return place + 1
        elif token.type is Type.END and outside[token.name]:
            return place
    return len(found)
