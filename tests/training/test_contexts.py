"""What a correction says beyond its sentence, on a small corpus whose words are known."""

from __future__ import annotations

from dragoman.corpus.pairs import Origin, Pair
from dragoman.training.learning.contexts import in_context

ORIGIN = Origin("by hand", 1)
NOUNS = {"house": "la casa", "table": "la mesa", "chair": "la silla", "car": "el coche", "book": "el libro"}
CORPUS = [
    Pair(f"{start} the {noun} {end}.", f"{beginn} {trg} {ende}.", ORIGIN)
    for noun, trg in NOUNS.items()
    for start, beginn in (
        ("I see", "Veo"),
        ("Tom has", "Tom tiene"),
        ("We want", "Queremos"),
        ("Tom sells", "Tom vende"),
    )
    for end, ende in (("today", "hoy"), ("here", "aquí"), ("again", "otra vez"), ("now", "ahora"))
]


def made(src: str, trg: str, said: str) -> set[tuple[str, str]]:
    return {(pair.src, pair.trg) for pair in in_context([Pair(src, trg, ORIGIN)], [said], CORPUS)}


def test_a_word_that_was_replaced_is_replaced_elsewhere() -> None:
    found = made("I see the car.", "Veo el carro.", "Veo el coche.")
    assert ("Tom sells the car today.", "Tom vende el carro hoy.") in found
    assert all("carro" in trg and "car" in src for src, trg in found)


def test_an_unheard_word_takes_the_place_of_others_with_the_same_word_before_it() -> None:
    found = made("I see the spreadsheet.", "Veo la hoja de cálculo.", "Veo la casa.")
    assert ("spreadsheet", "hoja de cálculo") in found
    assert ("Tom sells the spreadsheet now.", "Tom vende la hoja de cálculo ahora.") in found
    assert not any("el hoja" in trg for _, trg in found)


def test_a_name_takes_the_place_of_names() -> None:
    found = made("I see Aoife.", "Veo Aoife.", "Veo Ana.")
    assert ("Aoife sells the table here.", "Aoife vende la mesa aquí.") in found
    assert not any("the Aoife" in src for src, _ in found)


def test_a_sentence_of_known_words_says_no_more() -> None:
    assert made("I see the house.", "Veo la casa.", "Veo la casa.") == set()
    assert made("彼は元気です。", "他很好。", "他好。") == set()
