from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from dragoman import neighbours
from dragoman.corpus.pairs import Origin, Pair
from dragoman.errors import UsageError
from dragoman.neighbours import Neighbours


def pairs_of(*srcs: str) -> list[Pair]:
    return [Pair(src, f"trg {i}", Origin("train.tsv", i + 1)) for i, src in enumerate(srcs)]


def many(n: int) -> list[str]:
    """Return more sentences than one search compares, all different."""
    words = ["red", "blue", "house", "garden", "river", "stone", "winter", "summer", "bread", "water"]
    return [f"the {words[i % 10]} {words[i // 10 % 10]} of {words[i // 100 % 10]} number {i}" for i in range(n)]


def test_the_similarity_is_one_minus_the_edits_over_the_longer_length() -> None:
    index = Neighbours(pairs_of("I have a cat.", "Where is he?"))
    (nearest,) = index.nearest("I have a hat!")
    assert nearest.pair.src == "I have a cat."
    assert nearest.similarity == pytest.approx(1 - 2 / 13)


@pytest.mark.parametrize("text", ["Go.", "go.", "  GO. ", "Go.\n"])
def test_case_and_outer_white_space_do_not_count(text: str) -> None:
    assert Neighbours(pairs_of("Run.", "Go.", "Go!")).nearest(text)[0] == (
        1.0,
        pairs_of("Run.", "Go.", "Go!")[1],
    )


def test_composed_and_decomposed_letters_are_the_same() -> None:
    index = Neighbours(pairs_of("Él está aquí.", "El esta aqui."))
    assert index.nearest(unicodedata.normalize("NFD", "Él está aquí."))[0].similarity == 1


def test_among_equals_the_first_comes_first() -> None:
    index = Neighbours(pairs_of("Stop!", "Go.", "Go.", "Go."))
    assert [neighbour.pair.trg for neighbour in index.nearest("Go.", k=3)] == ["trg 1", "trg 2", "trg 3"]


def test_the_best_come_first_and_no_more_than_there_are() -> None:
    index = Neighbours(pairs_of("abcx", "abcd", "wxyz"))
    found = index.nearest("abcd", k=5)
    assert [neighbour.pair.src for neighbour in found] == ["abcd", "abcx", "wxyz"]
    assert [neighbour.similarity for neighbour in found] == [1.0, 0.75, 0.0]


@pytest.mark.parametrize("text", ["", " ", "x", "\0", "\N{GRINNING FACE}", "\ud800"])
@pytest.mark.parametrize("n_pairs", [1, neighbours.N_CANDIDATES + 5])
def test_any_text_has_a_neighbour(text: str, n_pairs: int) -> None:
    index = Neighbours(pairs_of(*many(n_pairs)))
    assert index.nearest(text)[0].similarity < 0.1


def test_an_empty_corpus_has_no_neighbours() -> None:
    assert Neighbours([]).nearest("Go.", k=3) == []


def test_short_sentences_and_other_scripts_are_found_among_many() -> None:
    wanted = ["I", "犬", "犬が好きです。", "我今天很高兴。", "Привет!", "\N{GRINNING FACE}\N{DOG FACE}"]
    index = Neighbours(pairs_of(*many(1000), *wanted))
    for text in wanted:
        (nearest,) = index.nearest(text)
        assert (nearest.similarity, nearest.pair.src) == (1.0, text)
    assert index.nearest("犬も好きです。")[0].pair.src == "犬が好きです。"


def test_of_many_equal_sentences_the_first_is_found() -> None:
    n_equal = neighbours.N_CANDIDATES * 2
    index = Neighbours(pairs_of(*many(50), *["Go on."] * n_equal))
    assert index.nearest("go on.")[0].pair.origin.number == 51


def test_more_neighbours_than_candidates_may_be_asked_for() -> None:
    n_pairs = neighbours.N_CANDIDATES * 2
    found = Neighbours(pairs_of(*many(n_pairs))).nearest("the red house of stone", k=n_pairs - 1)
    assert len({neighbour.pair for neighbour in found}) == n_pairs - 1


def test_the_index_is_the_same_whatever_the_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = pairs_of(*many(900))
    queries = ["the red river of winter number 12", "the", "number 899", "bread"]
    whole = [Neighbours(pairs).nearest(query, k=5) for query in queries]
    monkeypatch.setattr(neighbours, "_CHUNK", 70)
    assert [Neighbours(pairs).nearest(query, k=5) for query in queries] == whole


def test_long_sentences_that_hold_the_text_do_not_crowd_out_a_short_one() -> None:
    long = [f"{src}, and then the cat sat down" for src in many(neighbours.N_CANDIDATES + 100)]
    assert Neighbours(pairs_of(*long, "The bat sits.")).nearest("The cat sat")[0].pair.src == "The bat sits."


def test_the_nearest_of_many_is_nearly_always_found() -> None:
    srcs = many(1000)
    index = Neighbours(pairs_of(*srcs))
    queries = [src.replace("of", "with").replace("number", "no") for src in srcs[::20]]
    best = [max(Levenshtein.normalized_similarity(query, src) for src in srcs) for query in queries]
    found = [index.nearest(query)[0].similarity for query in queries]
    assert sum(a == b for a, b in zip(found, best, strict=True)) >= 48


def test_fewer_than_one_neighbour_is_refused() -> None:
    with pytest.raises(UsageError, match="at least 1, not 0"):
        Neighbours(pairs_of("Go.")).nearest("Go.", k=0)


@settings(max_examples=100)
@given(st.lists(st.text("abcdé 犬", max_size=8), min_size=1, max_size=20), st.text("abcdé 犬", max_size=8))
def test_a_small_corpus_is_searched_exhaustively(srcs: list[str], text: str) -> None:
    similarities = [Levenshtein.normalized_similarity(text.strip(), src.strip()) for src in srcs]
    (nearest,) = Neighbours(pairs_of(*srcs)).nearest(text)
    assert nearest.similarity == max(similarities)
    assert nearest.pair.origin.number == similarities.index(max(similarities)) + 1


@settings(max_examples=30)
@given(st.lists(st.text(max_size=10), min_size=1, max_size=30), st.data())
def test_what_was_put_in_is_found(srcs: list[str], data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(srcs))
    index = Neighbours(pairs_of(*many(neighbours.N_CANDIDATES), *srcs))
    assert index.nearest(text)[0].similarity == 1
