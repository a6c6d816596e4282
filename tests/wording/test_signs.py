"""Signs that training has not seen: spelled as it knows them, or taken out and put back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.documents.words import words
from dragoman.wording.signs import spelled, with_signs, without_signs

KNOWN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,;:!?¡¿'\"- áéíóúñ")


def is_unseen(character: str) -> bool:
    return character not in KNOWN


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("He said “I don’t know”.", 'He said "I don\'t know".'),
        ("«Go!» …", '"Go!" ...'),
        ("Ｇｏ　１２！", "Go　12!"),
        ("1939–1945", "1939-1945"),
        ("It is −5.", "It is -5."),
        ("I saw Tom–my brother–in the park.", "I saw Tom, my brother, in the park."),
        ("He came — or so I heard — at noon.", "He came, or so I heard, at noon."),
        ("She stopped--then she ran.", "She stopped, then she ran."),
        ("“Go” – he said – “now”.", '"Go", he said, "now".'),
        ("— Go —", "— Go —"),
        ("git commit --amend -m", "git commit --amend -m"),
        ("well-known - or not", "well-known - or not"),
    ],
)
def test_a_sentence_is_spelled_as_training_spells_it(text: str, plain: str) -> None:
    assert spelled(text, is_unseen) == plain
    if "--" not in text:
        assert spelled(text, lambda character: False) == text, "what training knows stays"


TAKEN_OUT = [
    ("It costs 20 €.", "It costs 20."),
    ("It costs 20€, not £30.", "It costs 20, not 30."),
    ("I love dogs 🐶 and cats 🐱.", "I love dogs and cats."),
    ("Yes 🙂, I know.", "Yes, I know."),
    ("I ❤️ this song.", "I this song."),
    ("🎈Hello🎈 🎈 there", "Hello there"),
    ("🎈 🎈 Hello there 🎈", "Hello there"),
    ("He is 20 (twenty) years old.", "He is 20 twenty years old."),
    ("(🐶 He [left].)", "He left."),
    ("the mother/father of Tom", "the mother father of Tom"),
    ("私は♪猫です", "私は猫です"),
    ("हिन्दी", "हिन्दी"),
    ("@user, #tag", "user, tag"),
    ("_Hello_ there", "Hello there"),
]


@pytest.mark.parametrize(("text", "bare"), TAKEN_OUT)
def test_what_is_taken_out_leaves_a_sentence_and_comes_back(text: str, bare: str) -> None:
    found = without_signs(text, lambda character: is_unseen(character) and not character.isalpha())
    assert found.text == bare
    n = len(words(found.text))
    assert with_signs(text, found, found.text, range(n)) == text
    assert with_signs(text, found, found.text, None) == text


@pytest.mark.parametrize(
    ("text", "translation", "links", "expected"),
    [
        ("It costs 20 €.", "Cuesta 20.", None, "Cuesta 20 €."),
        ("Does it cost 20 €?", "¿Cuesta 20?", None, "¿Cuesta 20 €?"),
        ("£5 is a lot", "Es mucho 5", None, "Es mucho £5"),
        ("The red 🚗 car.", "El coche rojo.", [0, 2, 1, 3], "El coche rojo 🚗."),
        ("The (red car) here.", "El coche rojo aquí.", [0, 2, 1, 3, 4], "El (coche rojo) aquí."),
        ("I ❤️ you!", "¡Te amo!", [-1, 1, 0, 2], "¡Te amo ❤️!"),
        ("🤔 Who?", "¿Quién?", None, "🤔 ¿Quién?"),
        ("the mother/father", "la madre padre", [0, 1, 2], "la madre/padre"),
        ("1939–1945", "en 1939-1945", None, "en 1939–1945"),
    ],
)
def test_a_sign_stands_beside_the_translation_of_its_word(
    text: str, translation: str, links: list[int] | None, expected: str
) -> None:
    assert with_signs(text, without_signs(spelled(text, is_unseen), is_unseen), translation, links) == expected


TEXTS = st.text("ab 12€🐶()[]/–.!", max_size=20).map(str.strip)


@given(TEXTS, TEXTS)
def test_no_sign_is_lost_and_no_word_touched(text: str, translation: str) -> None:
    bare = without_signs(text, is_unseen)
    assert not any(is_unseen(character) for character in bare.text)
    found = with_signs(bare.text, bare, translation, None)
    signs = [character for character in text if is_unseen(character)]
    assert sorted(c for c in found if c != " ") == sorted([*signs, *(c for c in translation if c != " ")])
