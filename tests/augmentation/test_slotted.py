"""Pairs with slots for names, for words that translate each other, and beside a sentence."""

from __future__ import annotations

import random

from dragoman.augmentation.slotted import slotted
from dragoman.corpus.pairs import Origin, Pair
from dragoman.lexicon import Lexicon
from dragoman.slots.spans import Family
from dragoman.slots.symbols import ANY, SYMBOLS

PAIRS = [
    Pair("I saw Tom and Mary.", "Vi a Tom y a Mary.", Origin("pairs.tsv", 1)),
    Pair("No, no.", "No, no.", Origin("pairs.tsv", 2)),
    Pair("The cat sleeps!", "¡El gato duerme!", Origin("pairs.tsv", 3)),
]


def _made(n: int = 400) -> list[Pair]:
    lexicon = Lexicon.learned_from((pair.src, pair.trg) for pair in PAIRS)
    return list(slotted(PAIRS * n, {"cat": "gato", "and": "y"}, lexicon, random.Random(1)))


def test_both_sides_have_the_same_slots_each_once() -> None:
    for pair in _made():
        assert ANY.search(pair.src)
        assert sorted(ANY.findall(pair.src)) == sorted(ANY.findall(pair.trg))
        assert len(set(ANY.findall(pair.src))) == len(ANY.findall(pair.src))


def test_names_are_those_that_are_copied() -> None:
    names = {pair for pair in _made() if pair.src.startswith("I saw") and len(ANY.findall(pair.src)) == 2}
    shapes = {tuple(ANY.sub("_", text) for text in (pair.src, pair.trg)) for pair in names}
    assert ("I saw _ and _.", "Vi a _ y a _.") in shapes
    assert all(
        symbol in SYMBOLS[Family.NAME]
        for pair in names
        for symbol in ANY.findall(pair.src)
        if "and " + symbol in pair.src
    )


def test_words_that_translate_each_other_make_room() -> None:
    shapes = {tuple(ANY.sub("_", text) for text in (pair.src, pair.trg)) for pair in _made()}
    assert ("The _ sleeps!", "¡El _ duerme!") in shapes


def test_slots_stand_beside_sentences_and_before_their_ends() -> None:
    shapes = {ANY.sub("_", pair.src) for pair in _made(4000) if pair.origin.number == 3}
    assert {"_ The cat sleeps!", "The cat sleeps! (_)", "The cat sleeps (_)!", "The cat sleeps: _!"} <= shapes


def test_all_symbols_come_up() -> None:
    seen = {symbol for pair in _made(2000) for symbol in ANY.findall(pair.src)}
    assert seen == {symbol for family in SYMBOLS.values() for symbol in family}
