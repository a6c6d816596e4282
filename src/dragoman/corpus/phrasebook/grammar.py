"""From a pattern and its words to a sentence in both languages, with the links between their words.

A pattern is two templates, English and Spanish. Outside braces stands literal text; inside braces stand words, by the
name of their class or, if the pattern fixes them, by their own name:

    {food}             any word of the class ``food``, the same word wherever the pattern says ``food``
    {the good book}    a noun phrase: determiner and adjective agree with the noun and take their places
    {thing.pl}         a form: ``pl`` of nouns; ``past`` and ``ing`` of verbs
    {eat:who}          agreement of a verb or an adjective with the slot after the colon (``:thing.pl`` in the plural)

What translates what is said by the templates: the same name on both sides is linked, and literal chunks are linked in
order. ``|`` cuts literal text into two chunks, and ``~`` marks a word that translates nothing. A Spanish verb is linked
to a subject that it alone expresses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from .lexicon import Lexicon, Word

Side = Literal["en", "es"]
Binding = Mapping[str, Word]

_PIECE = re.compile(r"\{[^}]+\}|\||[^\s{}|]+")
_MARKS_BEFORE, _MARKS_AFTER = ("¿", "¡"), (".", "?", "!", ",")
_ENGLISH_CONTRACTIONS = {"am": "'m", "is": "'s", "are": "'re"}
_PRONOUNS = ("I", "you", "he", "she", "we", "they")


class Token(NamedTuple):
    """A word of a sentence and the names of what it renders; words of the two sides that share a name are linked."""

    text: str
    names: tuple[str, ...] = ()


class Item(NamedTuple):
    """A word inside braces: its slot (or own name), the form asked for, and the slot with which it agrees."""

    name: str
    form: str
    agree: str
    agree_plural: bool


@dataclass(frozen=True)
class Template:
    """One side of a pattern: literal tokens and groups of items, in order."""

    side: Side
    parts: tuple[Token | tuple[Item, ...], ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """All items inside braces, in order."""
        return tuple(item for part in self.parts if not isinstance(part, Token) for item in part)


def parse(side: Side, text: str) -> Template:
    """Return the template that ``text`` describes."""
    parts: list[Token | tuple[Item, ...]] = []
    chunk, open_chunk = 0, False
    for piece in _PIECE.findall(_space_marks(text)):
        if piece.startswith("{"):
            parts.append(tuple(_item(word) for word in piece[1:-1].split()))
            open_chunk = False
        elif piece == "|":
            open_chunk = False
        elif piece in _MARKS_BEFORE + _MARKS_AFTER:
            parts.append(Token(piece))
        elif piece.startswith("~"):
            parts.append(Token(piece[1:]))
        else:
            chunk += not open_chunk
            open_chunk = True
            parts.append(Token(piece, (f"chunk {chunk}",)))
    return Template(side, tuple(parts))


def slots(template: Template, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the names of the slots that the template leaves open, in order, each once."""
    names = dict.fromkeys(name for item in template.items for name in (item.name, item.agree) if name)
    return tuple(name for name in names if name in lexicon.classes)


def render(template: Template, binding: Binding) -> list[Token]:
    """Return the tokens of the sentence, contracted, with a capital and with the marks attached."""
    tokens: list[Token] = []
    shown = {item.name for item in template.items}
    for part in template.parts:
        if isinstance(part, Token):
            tokens.append(part)
        else:
            tokens.extend(_group(template.side, part, binding, shown))
    contracted = _contract_english(tokens) if template.side == "en" else _contract_spanish(tokens)
    return _capitalize(_attach_marks(contracted))


def links(src: Sequence[Token], trg: Sequence[Token]) -> tuple[tuple[int, int], ...]:
    """Return the pairs (index in ``src``, index in ``trg``) of the words that translate each other."""
    pairs = ((i, j) for i in range(len(src)) for j in range(len(trg)))
    return tuple((i, j) for i, j in pairs if not set(src[i].names).isdisjoint(trg[j].names))


def _space_marks(text: str) -> str:
    return re.sub(r"([¿¡.?!,])(?![^{]*\})", r" \1 ", text)


def _item(text: str) -> Item:
    word, _, target = text.partition(":")
    name, _, form = word.partition(".")
    agree, _, plural = target.partition(".")
    return Item(name, form, agree, plural == "pl")


def _group(side: Side, items: Sequence[Item], binding: Binding, shown: set[str]) -> list[Token]:
    head = next((item for item in items if binding[item.name].kind == "noun"), None)
    if head is None:
        return [token for item in items for token in _alone(side, item, binding, shown)]
    noun = binding[head.name]
    plural = head.form == "pl"
    texts = [(item.name, _in_noun_phrase(side, binding[item.name], noun, plural)) for item in items]
    if side == "es":
        texts = _spanish_order(items, texts, binding)
        if noun.stressed_a and not plural:
            texts = _masculine_article(texts, head.name)
    return [Token(word, (f"{name} of {head.name}",)) for name, text in texts for word in text.split()]


def _in_noun_phrase(side: Side, word: Word, noun: Word, plural: bool) -> str:
    number = "p" if plural else "s"
    if word.kind == "noun":
        return (word.en if side == "en" else word.es)[number]
    if side == "en":
        return word.en[number] if word.kind == "determiner" else word.en[""]
    form = "short" if word.before and not plural and noun.gender == "m" else noun.gender + number
    return word.es.get(form, word.es.get(noun.gender + number, word.es.get("", "")))


def _spanish_order(items: Sequence[Item], texts: Sequence[tuple[str, str]], binding: Binding) -> list[tuple[str, str]]:
    after = [binding[item.name].kind == "adjective" and not binding[item.name].before for item in items]
    first = [text for text, is_after in zip(texts, after, strict=True) if not is_after]
    return first + [text for text, is_after in zip(texts, after, strict=True) if is_after]


def _masculine_article(texts: list[tuple[str, str]], head: str) -> list[tuple[str, str]]:
    """Put *el* straight before a feminine noun with a stressed first *a*: *el agua*."""
    place = next(i for i, (name, _) in enumerate(texts) if name == head)
    if place and texts[place - 1][1] == "la":
        texts[place - 1] = (texts[place - 1][0], "el")
    return texts


def _alone(side: Side, item: Item, binding: Binding, shown: set[str]) -> list[Token]:
    word = binding[item.name]
    target = binding[item.agree] if item.agree else None
    names: tuple[str, ...] = (item.name,)
    number = "p" if item.agree_plural else (target or word).number
    match word.kind:
        case "verb":
            text = _verb(side, word, item.form, (target.person + number) if target else "")
            if side == "es" and target and (target.dropped or item.agree not in shown):
                names += (item.agree,)
        case "adjective":
            text = word.en[""] if side == "en" else word.es[(target or word).gender + number]
        case "phrase":
            chunks = enumerate((word.en if side == "en" else word.es)[""].split("|"))
            return [Token(part, (f"{item.name} {i}",)) for i, chunk in chunks for part in chunk.split()]
        case "determiner":
            text = word.en[number] if side == "en" else word.es[(target or word).gender + number]
        case _:
            text = "" if side == "es" and word.dropped else (word.en if side == "en" else word.es)[""]
    return [Token(part, names) for part in text.split()]


def _verb(side: Side, word: Word, form: str, person: str) -> str:
    forms = word.en if side == "en" else word.es
    if "" in forms:
        return forms[""]
    if side == "es":
        return forms[form + person if person else form or "inf"]
    if form == "ing" or (not person and not form):
        return forms[form or "base"]
    return forms.get(form + person, forms[form or "base"])


def _contract_english(tokens: Sequence[Token]) -> list[Token]:
    out: list[Token] = []
    for place, token in enumerate(tokens):
        is_last = place + 1 == len(tokens) or tokens[place + 1].text in _MARKS_AFTER
        if out and out[-1].text in _PRONOUNS and token.text in _ENGLISH_CONTRACTIONS and not is_last:
            text = out[-1].text + _ENGLISH_CONTRACTIONS[token.text]
            out[-1] = Token(text, out[-1].names + token.names)
        elif out and out[-1].text == "a" and token.text[0] in "aeiou":
            out[-1:] = [Token("an", out[-1].names), token]
        else:
            out.append(token)
    return out


def _contract_spanish(tokens: Sequence[Token]) -> list[Token]:
    out: list[Token] = []
    for token in tokens:
        if out and token.text == "el" and out[-1].text in ("a", "de"):
            out[-1] = Token("al" if out[-1].text == "a" else "del", out[-1].names + token.names)
        else:
            out.append(token)
    return out


def _attach_marks(tokens: Sequence[Token]) -> list[Token]:
    out: list[Token] = []
    for token in tokens:
        if token.text in _MARKS_AFTER and out:
            out[-1] = Token(out[-1].text + token.text, out[-1].names)
        elif out and out[-1].text in _MARKS_BEFORE:
            out[-1] = Token(out[-1].text + token.text, token.names)
        else:
            out.append(token)
    return out


def _capitalize(tokens: Sequence[Token]) -> list[Token]:
    out, start = [], True
    for token in tokens:
        text = token.text
        if start:
            place = 1 if text[0] in "¿¡" else 0
            text = text[:place] + text[place : place + 1].upper() + text[place + 1 :]
        out.append(Token(text, token.names))
        start = text[-1] in ".?!"
    return out
