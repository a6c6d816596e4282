"""The spans of a text that must survive its translation, found in one pass with all patterns of `kinds`."""

from __future__ import annotations

import re
from functools import cache

from .kind import Kind
from .kinds import KINDS, SPELLED
from .letters import SYMBOLS
from .numerals import written
from .spans import Family, Span

# Whether a text can have a span at all: a character of a set is searched for, which is fast, and of full stops, hyphens
# and capitals it is asked what stands beside them. Most texts are ASCII, and need a smaller set.
_INSIDE = r"(?<=[a-z][A-Z])|(?<=\w[.])(?=\w)|(?<=[.])(?=[a-z])|(?<=\()(?=\))|(?<=-)(?=[\w-])"
_ASCII_SIGNS = r"0-9@#/\\`_%<>{}&$+"
_SIGNS = (
    rf"{_ASCII_SIGNS}\d£€¥₹₽₩₺₴₪฿₫₱¢°‰％٪⌘⌥⇧⌃©®™‼⁉ℹ↔-↙↩↪⌚-⏿■-⯿〰〽㊗㊙⤴⤵"
    rf"{SYMBOLS}\U0001f000-\U0001faff"
)
_ASCII = re.compile(rf"[{_ASCII_SIGNS}A-Z.(-](?:(?<=[{_ASCII_SIGNS}])|{_INSIDE})")
_ANY = re.compile(rf"[{_SIGNS}A-Z.(-](?:(?<=[{_SIGNS}])|{_INSIDE})")

# What is passed over at once, because none begins there: white space, and words of small letters or of scripts that no
# kind begins with.
_PLAIN = (
    r"[\s,;!?]++|[A-Za-zÀ-ɏ][a-zß-ɏ]*+(?=[\s,;!?’'…]|[.:)\]\"”»]++(?:\s|\Z)|\Z)"
    r"|(?:(?!\d)[\u0370-\u0dff\u0e00-\u0fff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3])++"
)
# What is passed over where none begins after all: the rest of a word, or a character.
_REST = r"[A-Za-z_]++|."
_BEGINS = {"a": "[A-Za-z_À-ɏ]", "1": r"\d", ".": r"[^\w\s]"}


def find(text: str, src: str, trg: str) -> list[Span]:
    """Return the spans of ``text`` that must survive, in order and apart from each other.

    ``src`` is the code of its language and ``trg`` that of the translation; numbers are written as they are where one
    of them is unknown.
    """
    if (_ASCII if text.isascii() else _ANY).search(text) is None:
        return []
    pattern, kinds = _pattern(SPELLED.get(src.partition("-")[0], frozenset()))
    spans = []
    for match in pattern.finditer(text):
        if match.lastindex is not None:
            kind, shown = kinds[match.lastindex - 1], match[match.lastindex]
            if kind.family is Family.NUMBER:
                shown = written(shown, kind.name, src, trg)
            spans.append(Span(*match.span(match.lastindex), kind.name, kind.family, shown))
    return spans


@cache
def _pattern(without: frozenset[str]) -> tuple[re.Pattern[str], list[Kind]]:
    """A pattern of which each match passes over plain text up to a span, or to where none begins, and the kinds that
    its groups are. Those are tried that begin as the text does there.
    """
    kinds, branches = [], []
    for sign, begin in _BEGINS.items():
        of_sign = [kind for kind in KINDS if sign in kind.begins and kind.name not in without]
        branches.append(f"(?={begin})(?:{'|'.join(f'({kind.pattern.pattern})' for kind in of_sign)})")
        kinds += of_sign
    return re.compile(rf"(?:{_PLAIN})*+(?:{'|'.join(branches)}|{_REST}|\Z)", re.DOTALL), kinds
