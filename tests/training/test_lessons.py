"""Corrections as pairs of sentences, in the form in which a translator asks for them."""

from __future__ import annotations

import pytest

from dragoman import TrainConfig
from dragoman.bundle import Bundle, Provenance
from dragoman.training.learning.lessons import Lesson, sentence_pairs
from tests.fakes import word_model

BUNDLE = Bundle("en", "es", word_model(), TrainConfig(), Provenance("by hand"))


@pytest.mark.parametrize(
    ("source", "target", "pairs"),
    [
        ("Go. Who?", "Vete. ¿Quién?", [("Go.", "Vete."), ("Who?", "¿Quién?")]),
        ("Go. Who?", "Vete y quién.", [("Go. Who?", "Vete y quién.")]),
        ("I love dogs ❤.", "Amo a los ❤ perros.", [("I love dogs.", "Amo a los perros.")]),
        ("I love dogs ❤.", "Amo a los perros.", [("I love dogs ❤.", "Amo a los perros.")]),
        ("- Buy milk.", "- Compra leche.", [("Buy milk.", "Compra leche.")]),
        ("- Buy milk.", "Compra leche.", [("- Buy milk.", "Compra leche.")]),
    ],
)
def test_a_correction_is_learned_as_it_will_be_asked_for(
    source: str, target: str, pairs: list[tuple[str, str]]
) -> None:
    found = sentence_pairs([Lesson("en", "es", source, target, "", 1, "1")], BUNDLE)
    assert [(pair.src, pair.trg) for pair in found] == pairs
