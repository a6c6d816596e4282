from __future__ import annotations

import pytest

from dragoman.calibration import LONGEST, N_HARD, N_PLAIN, calibrated, harder_text, n_translated
from dragoman.confidence import MIN_SENTENCES, Evidence
from dragoman.corpus.pairs import Origin, Pair
from tests.fakes import FakeEngine, translator_of

PAIRS = [
    Pair(f"house{c} red{c} big{c}.", f"casa{c} roja{c} grande{c}.", Origin("t", i))
    for i, c in enumerate("abcdefghij" * 6)
]
LONG = max(len(pair.src.split()) for pair in PAIRS)


def test_harder_text_is_joined_from_the_pairs_and_has_words_from_elsewhere() -> None:
    made = list(harder_text(PAIRS, "en", "es", seed=3))
    assert len(made) == N_HARD
    assert made == list(harder_text(PAIRS, "en", "es", seed=3)) != list(harder_text(PAIRS, "en", "es", seed=4))
    words = {word.strip(",.") for pair in PAIRS for word in pair.src.split()}
    words |= {word[::-1] for word in words}  # which nobody has seen
    trg_words = {word.strip(",.") for pair in PAIRS for word in pair.trg.split()}
    for pair in made:
        assert {word.strip(",.") for word in pair.src.split()} <= words
        assert {word.strip(",.") for word in pair.trg.split()} <= trg_words
        assert len(pair.src.split()) == len(pair.trg.split()) <= LONGEST + LONG
        assert pair.src.count(".") == pair.trg.count(".") == 1
    lengths = [len(pair.src.split()) for pair in made]
    assert min(lengths) <= 6
    assert max(lengths) >= LONGEST - LONG
    whole = {pair.src for pair in PAIRS}
    parts = [part.strip(".") + "." for pair in made for part in pair.src.split(", ")]
    n_strange = sum(part not in whole for part in parts)
    assert 0.2 < n_strange / len(parts) < 0.8


def test_a_language_without_spaces_is_joined_by_its_own_comma() -> None:
    pairs = [Pair(f"それは本{i}です。", "That is a book.", Origin("t", i)) for i in range(60)]
    made = list(harder_text(pairs, "ja", "en", seed=0))
    assert any("、" in pair.src for pair in made)
    assert not any("," in pair.src for pair in made)


def test_right_translations_are_likely_of_use_and_wrong_ones_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {}
    for is_right in (True, False):
        engine = FakeEngine(lambda src, options: [()])
        translator = translator_of(engine, monkeypatch)
        book: dict[str, str] = {}
        for pair in PAIRS:
            book |= dict(zip(pair.src.split(), pair.trg.split(), strict=True))
            book |= dict(zip(pair.src.rstrip(".").split(), pair.trg.rstrip(".").split(), strict=True))
        vocabulary = translator.src_vocabulary

        def answer(src, options, right=is_right, vocabulary=vocabulary, book=book):  # type: ignore[no-untyped-def]
            words = [book.get(word.rstrip(","), "nada") if right else "xyz" for word in vocabulary.tokens(src)]
            return [tuple(vocabulary.encode(" ".join(words)))]

        engine.answer = answer
        confidence = calibrated(translator, PAIRS)
        assert confidence is not None
        assert translator.confidence is None
        found[is_right] = confidence(Evidence("housea reda biga.", "casaa rojaa grandea.", 3, -1.0))
    assert found[False] < 0.05 < 0.9 < found[True]


def test_a_few_pairs_tell_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = FakeEngine(lambda src, options: [src])
    translator = translator_of(engine, monkeypatch)
    assert calibrated(translator, PAIRS[: MIN_SENTENCES - 1]) is None
    assert engine.asked == []
    assert n_translated(PAIRS[: MIN_SENTENCES - 1], "en") == 0


def test_the_work_counts_sentences_by_their_length() -> None:
    assert n_translated(PAIRS, "en") == len(PAIRS) + N_HARD * (1 + 18 / 3)
    assert n_translated(PAIRS * 100, "en") == N_PLAIN + N_HARD * (1 + 18 / 3)
