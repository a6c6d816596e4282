"""Phrases that translate each other are found in sentence pairs alone, and whole."""

from __future__ import annotations

import itertools

from dragoman.augmentation.bitext import Bitext
from dragoman.augmentation.phrases import phrase_pairs
from dragoman.augmentation.words import word_translations
from dragoman.corpus.pairs import Origin, Pair

SUBJECTS = {
    "dog": "perro",
    "cat": "gato",
    "boy": "niño",
    "king": "rey",
    "horse": "caballo",
    "girl": "niña",
    "wolf": "lobo",
    "bus driver": "chófer",
}
VERBS = {"sees": "ve", "wants": "quiere", "looks for": "busca", "paints": "pinta"}
NOUNS = {"house": "casa", "table": "mesa", "moon": "luna"}
OBJECTS = NOUNS | {
    f"{how} {noun}": f"{NOUNS[noun]} {trg}" for how, trg in (("red", "roja"), ("old", "vieja")) for noun in NOUNS
}
ADVERBS = {"now": "ahora", "here": "aquí", "often": "mucho"}


def _bitext(*sentences: tuple[str, str]) -> Bitext:
    return Bitext.of([Pair(src, trg, Origin("test", line)) for line, (src, trg) in enumerate(sentences, start=1)])


def _language() -> list[tuple[str, str]]:
    return [
        (
            f"The {subject} {verb} the {thing} {when}.",
            f"El {SUBJECTS[subject]} {VERBS[verb]} el {OBJECTS[thing]} {ADVERBS[when]}.",
        )
        for subject, verb, thing, when in itertools.product(SUBJECTS, VERBS, OBJECTS, ADVERBS)
    ]


def _found(*sentences: tuple[str, str]) -> dict[str, str]:
    return {phrase.src: phrase.trg for phrase in phrase_pairs(_bitext(*sentences))}


def test_phrases_come_with_their_translations() -> None:
    found = _found(*_language())
    assert found["red table"] == "mesa roja"
    assert found["old moon"] == "luna vieja"


def test_a_part_of_a_phrase_is_none() -> None:
    found = _found(*_language())
    assert {"bus", "driver"}.isdisjoint(found)


def test_scripts_without_spaces_are_cut_into_characters() -> None:
    words = {"dog": "狗", "school": "学校", "apple": "苹果", "river": "河", "train": "火车", "moon": "月亮"}
    verbs = {"sees": "看见", "wants": "要", "paints": "画"}
    found = _found(
        *((f"{one} {verb} {other}.", f"{words[one]}{verbs[verb]}{words[other]}。")
          for one, verb, other in itertools.product(words, verbs, words) if one != other)
    )  # fmt: skip
    assert {src: found.get(src) for src in words} == words


def test_what_marks_part_is_no_phrase() -> None:
    sentences = [
        (f"{one}, {other}!", f"{SUBJECTS[one]}, {SUBJECTS[other]}!")
        for one, other in itertools.permutations(SUBJECTS, 2)
    ]
    assert all("," not in src and src in SUBJECTS for src in _found(*sentences * 3))


def test_what_was_seen_twice_is_no_phrase() -> None:
    assert "walrus" not in _found(*_language(), *[("The walrus juggles.", "La morsa juega.")] * 2)


def test_words_fill_up_what_phrases_leave() -> None:
    bitext = _bitext(*_language())
    found = dict(word_translations(bitext, {"dog"}))
    assert found["cat"] == "gato"
    assert "dog" not in found


def test_nothing_comes_of_nothing() -> None:
    assert phrase_pairs(_bitext(("...", "..."))) == []
    assert phrase_pairs(_bitext(("word", "palabra"))) == []
