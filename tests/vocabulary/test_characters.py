from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.errors import BundleError
from dragoman.vocabulary import BOS, EOS, PAD, UNK
from dragoman.vocabulary.characters import CharVocabulary, character_vocabularies

NO_MARKS = st.text(st.characters(exclude_characters="\t\n", exclude_categories=["Cs"]))


def test_reserved_ids_are_fixed() -> None:
    assert (PAD, BOS, EOS, UNK) == (0, 1, 2, 3)


def test_columns_are_the_articles_sorted_characters() -> None:
    src, trg = character_vocabularies(["Go.", "Run!"], ["Ve.", "¡Corre!"])
    assert src.column_characters == tuple(sorted(set("Go.Run!")))
    assert trg.column_characters == tuple(sorted(set("\tVe.\n¡Corre!")))
    assert [trg.column_characters[c] for c in trg.columns[[BOS, EOS]]] == ["\t", "\n"]
    assert src.columns[[PAD, BOS, EOS, UNK]].tolist() == [-1, -1, -1, -1]
    assert trg.columns[[PAD, UNK]].tolist() == [-1, -1]


def test_columns_stay_sorted_beside_characters_below_the_marks() -> None:
    vocabulary = CharVocabulary.from_texts(["\x01a"], marks=True)
    assert vocabulary.column_characters == ("\x01", "\t", "\n", "a")
    assert vocabulary.column_ids.tolist() == [4, BOS, EOS, 5]


def test_an_unknown_character_is_unk_and_named_once() -> None:
    vocabulary = CharVocabulary.from_texts(["abc"], marks=False)
    assert vocabulary.encode("aßbßz") == [4, UNK, 5, UNK, UNK]
    assert vocabulary.unknown("aßbßz") == ("ß", "z")
    assert vocabulary.decode([BOS, 4, UNK, 5, EOS, PAD]) == "ab"


@given(st.lists(NO_MARKS, min_size=1).filter(any), st.text(), st.booleans())
def test_any_text_encodes_and_known_text_comes_back(texts: list[str], other: str, marks: bool) -> None:
    vocabulary = CharVocabulary.from_texts(texts, marks=marks)
    for text in texts:
        assert vocabulary.decode(vocabulary.encode(text)) == text
    ids = vocabulary.encode(other)
    assert len(ids) == len(other)
    assert all(0 <= i < vocabulary.size for i in ids)


@given(st.lists(NO_MARKS, min_size=1).filter(any), st.booleans())
def test_json_round_trip(texts: list[str], marks: bool) -> None:
    vocabulary = CharVocabulary.from_texts(texts, marks=marks)
    again = CharVocabulary.from_json(json.loads(json.dumps(vocabulary.to_json())))
    assert again.column_characters == vocabulary.column_characters
    assert again.size == vocabulary.size


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"type": "characters", "marks": True, "characters": "ba"},
        {"type": "characters", "marks": True, "characters": "aa"},
        {"type": "characters", "marks": True, "characters": ""},
        {"type": "characters", "marks": True, "characters": "\ta"},
        {"type": "characters", "marks": 1, "characters": "ab"},
        {"type": "characters", "marks": True, "characters": ["a", "b"]},
        {"type": "words", "marks": True, "characters": "ab"},
    ],
)
def test_a_vocabulary_that_cannot_be_one_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(BundleError):
        CharVocabulary.from_json(values)
