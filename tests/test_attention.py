from __future__ import annotations

import numpy as np
import pytest

from dragoman.attention import aligned
from dragoman.documents.words import words
from dragoman.translation import Sentence, Translation


def sentence(src: str, text: str, src_tokens: str, trg_tokens: str, looks: list[int] | None) -> Sentence:
    """A sentence whose target tokens each look at one source token above all."""
    tokens = src_tokens.split(), trg_tokens.split()
    attention = None
    if looks is not None:
        attention = np.full((len(tokens[1]), len(tokens[0])), 0.1, np.float32)
        attention[range(len(looks)), looks] = 0.8
    return Sentence(src, text, 0.0, tuple(tokens[0]), tuple(tokens[1]), None, attention)


def translation(src: str, text: str, *sentences: Sentence) -> Translation:
    return Translation(src, text, 0.0, (), (), sentences)


def pairs(found: Translation) -> list[tuple[str, str]]:
    """The words of the translation with the words that they translate."""
    links = aligned(found).links
    assert links is not None
    src, trg = words(found.src), words(found.text)
    assert len(links) == len(trg)
    return [
        (found.text[slice(*place)], found.src[slice(*src[link])] if link >= 0 else "")
        for place, link in zip(trg, links, strict=True)
    ]


RED = sentence("The red car.", "El coche rojo.", "▁The ▁red ▁car .", "▁El ▁co che ▁rojo .", [0, 2, 2, 1, 3])


def test_a_word_translates_what_its_tokens_look_at() -> None:
    assert pairs(translation(RED.src, RED.text, RED)) == [("El", "The"), ("coche", "car"), ("rojo", "red"), (".", ".")]


def test_sentences_have_their_own_words() -> None:
    other = sentence("Go!", "¡Ve!", "▁Go !", "▁¡ Ve !", [1, 0, 1])
    found = translation("  The red car.\nGo!", "  El coche rojo.\n¡Ve!", RED, other)
    assert pairs(found)[4:] == [("¡", "!"), ("Ve", "Go"), ("!", "!")]


def test_no_sign_translates_a_word() -> None:
    found = sentence("Go .", "Ve , ya", "▁Go ▁.", "▁Ve ▁, ▁ya", [1, 0, 1])
    assert pairs(translation(found.src, found.text, found)) == [("Ve", "Go"), (",", "."), ("ya", "Go")]


def test_characters_spelled_in_bytes_and_unspaced_scripts() -> None:
    found = sentence(
        "猫 ok", "ok 猫だ", "<0xE7> <0x8C> <0xAB> ▁ok", "▁ok ▁ <0xE7> <0x8C> <0xAB> だ", [3, 3, 0, 1, 2, 0]
    )
    assert pairs(translation(found.src, found.text, found)) == [("ok", "ok"), ("猫", "猫"), ("だ", "猫")]


def test_a_sentence_without_attention_is_linked_by_place() -> None:
    known = sentence("one two", "uno dos", "", "", None)
    assert pairs(translation("one two", "uno dos", known)) == [("uno", "one"), ("dos", "two")]


@pytest.mark.parametrize("sentences", [(), (sentence("elsewhere", "x", "", "", None),)])
def test_where_the_sentences_are_not_told_nobody_knows(sentences: tuple[Sentence, ...]) -> None:
    assert aligned(translation("one", "uno", *sentences)).links is None


def test_texts_that_were_normalised_still_have_links() -> None:
    found = sentence("Jose\u0301 ran.", "Corrio\u0301 José.", "▁José ▁ran .", "▁Corrió ▁José .", [1, 0, 2])
    assert pairs(translation(found.src, found.text, found))[0] == ("Corrio\u0301", "ran")
