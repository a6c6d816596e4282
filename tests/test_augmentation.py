"""Further training pairs: words, sentences without final marks, invented names."""

from __future__ import annotations

from dragoman.augmentation import further_pairs
from dragoman.corpus.pairs import Origin, Pair

NAMES = ("Alice", "Robert", "Carmen", "Dimitri", "Evelyn", "Francisco", "Gloria", "Hannah", "Ignacio", "Julia")
ACTS = {"sleeps": "duerme", "sings": "canta", "swims": "nada", "reads": "lee", "laughs": "ríe"}


def _corpus() -> list[Pair]:
    sentences = [(f"{name} {act} well.", f"¡{name} {trg} bien!") for name in NAMES for act, trg in ACTS.items()] * 4
    return [Pair(src, trg, Origin("pairs.tsv", line)) for line, (src, trg) in enumerate(sentences, start=1)]


def _words(text: str) -> list[str]:
    return text.strip(".!¡").split()


def test_words_come_with_their_translations() -> None:
    found = {(pair.src, pair.trg) for pair in further_pairs(_corpus(), 0)}
    assert set(ACTS.items()) <= found


def test_some_sentences_come_without_marks_on_both_sides() -> None:
    bare = [pair for pair in further_pairs(_corpus(), 0) if len(pair.src.split()) > 1 and not pair.src.endswith(".")]
    assert 5 <= len(bare) <= 40  # a tenth of 200
    for pair in bare:
        name, act, _ = pair.src.split()
        assert pair.trg == f"{name} {ACTS[act]} bien"


def test_names_become_others_the_same_on_both_sides() -> None:
    renamed = [pair for pair in further_pairs(_corpus(), 0) if pair.src.endswith(".")]
    assert 70 <= len(renamed) <= 130  # half of 200
    names = {_words(pair.src)[0] for pair in renamed}
    assert len(names - set(NAMES)) > 50
    for pair in renamed:
        name, act, well = _words(pair.src)
        assert (name[0].isupper(), well) == (True, "well")
        assert _words(pair.trg) == [name, ACTS[act], "bien"]


def test_the_same_seed_makes_the_same() -> None:
    assert further_pairs(_corpus(), 3) == further_pairs(_corpus(), 3)
    assert further_pairs(_corpus(), 3) != further_pairs(_corpus(), 4)


def test_text_of_marks_alone_is_left_alone() -> None:
    marks = [Pair("...", "!!!", Origin("pairs.tsv", line)) for line in range(1, 200)]
    assert further_pairs(marks, 0) == []
    assert further_pairs([], 0) == []
