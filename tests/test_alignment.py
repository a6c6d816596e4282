"""Words that translate each other are found in sentence pairs alone."""

from __future__ import annotations

import itertools

from dragoman.alignment import word_pairs
from dragoman.corpus.pairs import Origin, Pair

SUBJECTS = {"dog": "perro", "cat": "gato", "boy": "niño", "king": "rey", "horse": "caballo"}
VERBS = {"sees": "ve", "wants": "quiere", "hears": "oye", "paints": "pinta"}
OBJECTS = {"house": "casa", "table": "mesa", "moon": "luna", "apple": "manzana", "river": "ría"}


def _pairs(*sentences: tuple[str, str]) -> list[Pair]:
    return [Pair(src, trg, Origin("test", line)) for line, (src, trg) in enumerate(sentences, start=1)]


def _language() -> list[Pair]:
    """Sentences of which every word has one translation; the object stands last in one language and first in the
    other.
    """
    return _pairs(
        *(
            (f"The {subject} {verb} the {thing}.", f"La {OBJECTS[thing]} {VERBS[verb]} el {SUBJECTS[subject]}.")
            for subject, verb, thing in itertools.product(SUBJECTS, VERBS, OBJECTS)
        )
    )


def test_every_word_finds_its_translation_in_another_order() -> None:
    found = {pair.src: pair.trg for pair in word_pairs(_language())}
    for src, trg in (SUBJECTS | VERBS | OBJECTS).items():
        assert found[src] == trg


def test_the_other_direction_finds_the_same() -> None:
    found = {pair.src: pair.trg for pair in word_pairs([pair.reversed() for pair in _language()])}
    for trg, src in (SUBJECTS | VERBS | OBJECTS).items():
        assert found[src] == trg


def test_the_first_word_is_written_as_elsewhere() -> None:
    pairs = [
        *_language(),
        *_pairs(*((f"Horse {verb} moon.", f"Caballo {VERBS[verb]} luna.") for verb in VERBS)),
    ]
    found = {pair.src: pair.trg for pair in word_pairs(pairs)}
    assert found["horse"] == "caballo"
    assert "Horse" not in found


def test_a_word_that_was_seen_once_has_no_translation() -> None:
    once = _pairs(("The walrus juggles quietly.", "El violín duerme tranquilo."))
    assert "walrus" not in {pair.src for pair in word_pairs([*_language(), *once])}


def test_numbers_and_signs_are_no_words() -> None:
    pairs = _pairs(*((f"{n} -- {n}!", f"{n} -- {n}!") for n in range(50)))
    assert word_pairs(pairs) == []


def test_nothing_comes_of_nothing() -> None:
    assert word_pairs([]) == []
    assert word_pairs(_pairs(("...", "...")) * 3) == []


def test_very_long_sentences_are_passed_over() -> None:
    long = _pairs(("word " * 5000, "palabra " * 5000))
    assert {pair.src: pair.trg for pair in word_pairs([*_language(), *long])}["dog"] == "perro"
