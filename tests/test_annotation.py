from __future__ import annotations

from math import log

import numpy as np
import pytest

from dragoman.annotation import annotated
from dragoman.translation import Sentence, Translation

RED = Sentence(
    "The red car.",
    "El coche rojo.",
    -0.1,
    ("▁The", "▁red", "▁car", "."),
    ("▁El", "▁co", "che", "▁rojo", "."),
    (log(0.9), log(0.5), log(0.8), log(1.0), log(1.0)),
    np.array([[0.7, 0.1, 0.1, 0.1], [0.1, 0.1, 0.8, 0], [0.1, 0, 0.8, 0.1], [0, 1, 0, 0], [0, 0, 0, 1]], np.float32),
)
KNOWN = Sentence("Go!", "¡Vete!", 0.0, origin="memory")


def translation(*sentences: Sentence) -> Translation:
    src, text = (" ".join(getattr(sentence, side) for sentence in sentences) for side in ("src", "text"))
    return Translation(src, text, 0.0, (), (), sentences)


def test_the_words_make_both_texts() -> None:
    found = annotated(translation(RED, KNOWN))
    assert "".join(word.before + word.text for word in found.src) == "The red car. Go!"
    assert "".join(word.before + word.text for word in found.trg) == "El coche rojo. ¡Vete!"


def test_a_word_tells_how_sure_it_is_and_where_it_comes_from() -> None:
    found = annotated(translation(RED))
    told = [(word.text, word.confidence, word.src) for word in found.trg]
    assert told == [("El", 0.9, 0), ("coche", 0.4, 2), ("rojo", 1.0, 1), (".", 1.0, 3)]


def test_a_word_looks_as_its_tokens_do_in_the_mean() -> None:
    (sentence,) = annotated(translation(RED)).sentences
    assert (sentence.src, sentence.trg) == ((0, 4), (0, 4))
    assert sentence.attention is not None
    assert sentence.attention[1] == pytest.approx([0.1, 0.05, 0.8, 0.05])


def test_of_what_a_memory_knows_nothing_is_told() -> None:
    found = annotated(translation(RED, KNOWN))
    assert [(word.text, word.confidence, word.src) for word in found.trg[4:]] == [
        ("¡", None, None), ("Vete", None, None), ("!", None, None)
    ]  # fmt: skip
    assert (found.sentences[1].src, found.sentences[1].trg, found.sentences[1].attention) == ((4, 6), (4, 7), None)


def test_a_text_without_sentences_has_words_all_the_same() -> None:
    found = annotated(Translation(" ", " ", 0.0, (), ()))
    assert found == ([], [], [])
