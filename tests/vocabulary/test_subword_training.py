"""Learning subwords: the same from the same texts, from any texts, and from not too many of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.errors import UsageError
from dragoman.vocabulary.subword_training import frequent_characters, suitable_size, thinned
from dragoman.vocabulary.subwords import SubwordVocabulary

KINDS = pytest.mark.parametrize("kind", ["unigram", "bpe"])
N_RESERVED_AND_BYTES = 260


@KINDS
def test_the_same_texts_give_the_same_model(sentences: list[str], kind: str) -> None:
    first, second = (SubwordVocabulary.train(iter(sentences), size=500, kind=kind) for _ in range(2))
    assert first.model == second.model
    assert first.size == 500


@KINDS
@pytest.mark.parametrize(
    "texts",
    [[], [""], ["", " ", "\t"], ["a"], ["\0\u2581\u2585\U0010ffff\ud800"], ["Go.", "Ve."], ["漢" * 30_000]],
    ids=["nothing", "empty", "blank", "a letter", "no characters", "two words", "a run"],
)
def test_a_corpus_too_small_for_the_size_gives_a_smaller_vocabulary(texts: list[str], kind: str) -> None:
    vocabulary = SubwordVocabulary.train(texts, size=2_000, kind=kind)
    assert N_RESERVED_AND_BYTES < vocabulary.size < 300
    assert vocabulary.decode(vocabulary.encode("¡Corre! 漢")) == "¡Corre! 漢"


def test_learning_is_quiet(capfd: pytest.CaptureFixture[str]) -> None:
    SubwordVocabulary.train(["Go.", "\u2585", "Ve."])
    assert capfd.readouterr() == ("", "")


def test_a_symbol_has_an_id_and_its_name_in_a_text_has_not(sentences: list[str]) -> None:
    texts = [f"<forward> {text}" for text in sentences[:200]]
    vocabulary = SubwordVocabulary.train(texts, size=400, symbols=["<forward>", "<backward>"])
    ids = vocabulary.encode(texts[0])
    assert vocabulary.symbol("<forward>") not in ids
    assert vocabulary.symbol("<backward>") != vocabulary.symbol("<forward>")
    assert vocabulary.decode(ids) == texts[0]


@KINDS
def test_rare_characters_get_no_piece_and_frequent_ones_at_most_half_of_them(kind: str) -> None:
    script = [chr(0x4E00 + i) for i in range(500)]
    texts = ["".join(script[start : start + 5]) for start in range(0, 500, 5)] * 2 + ["一丁丂七丄"] * 20
    vocabulary = SubwordVocabulary.train(texts, size=400, kind=kind)
    pieces = vocabulary.tokens(range(N_RESERVED_AND_BYTES, vocabulary.size))
    assert 5 <= len({character for piece in pieces for character in piece} & set(script)) <= 70
    assert len(vocabulary.encode(script[400])) == 4  # the space before a text, and three bytes


def test_text_in_another_form_is_learned_in_that_of_encoding() -> None:
    composed, decomposed = "sí, está aquí", "si\u0301, esta\u0301 aqui\u0301"
    assert SubwordVocabulary.train([decomposed] * 50).model == SubwordVocabulary.train([composed] * 50).model


@pytest.mark.parametrize("size", [0, 279, 64_001])
def test_a_size_outside_the_rule_is_refused(size: int) -> None:
    with pytest.raises(UsageError, match=f"between 280 and 64000, not {size}"):
        SubwordVocabulary.train(["Go."], size=size)


@given(st.lists(st.text(min_size=1, max_size=9), min_size=1, max_size=200), st.integers(1, 200))
def test_what_is_learned_from_is_limited_and_evenly_spaced(texts: list[str], most: int) -> None:
    numbered = [f"{number}:{text}" for number, text in enumerate(texts)]
    sample, n_bytes = thinned(numbered, most)
    assert n_bytes == sum(len(text.encode()) for text in thinned(numbered, 10**6)[0])
    places = [int(text.split(":")[0]) for text in sample]
    assert len(sample) == 1 or sum(map(len, sample)) <= most
    assert places[0] == 0
    assert len({b - a for a, b in pairwise(places)}) <= 1


def test_both_of_two_sides_that_take_turns_are_learned_from() -> None:
    sample, _ = thinned(["src", "trg"] * 1_000, 600)
    assert 50 < len(sample) <= 200
    assert abs(sample.count("src") - sample.count("trg")) <= 1


def test_texts_are_passed_through_once() -> None:
    def once() -> Iterator[str]:
        yield from ["Go.", "Ve."]

    assert SubwordVocabulary.train(once()).size > N_RESERVED_AND_BYTES


def test_characters_are_ranked_and_rare_ones_left_out() -> None:
    texts = ["b" * 60_000 + "a" * 60_000, "cc", "x", " \t\u2581\n\U0010ffff" * 9]
    assert frequent_characters(texts, 9) == ["a", "b", "c"]
    assert frequent_characters(texts, 2) == ["a", "b"]
    assert frequent_characters([" "], 9) == []


def test_the_size_grows_with_the_text() -> None:
    assert suitable_size(0) == 500
    assert 3_000 < suitable_size(150_000) < 4_000
    assert suitable_size(3_000_000) == 8_000
    assert suitable_size(30_000_000) == pytest.approx(16_000, rel=0.01)
    assert suitable_size(10**15) == 32_000
