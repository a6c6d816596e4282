"""The fuzz bench sees what is wrong, and sees nothing where nothing is."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from bench import fuzz
from dragoman import Translator
from dragoman.corpus.pairs import Origin, Pair
from dragoman.translation import Alternative, Sentence, Translation
from tests.fakes import FakeEngine, translator_of


def translation(src: str, text: str) -> Translation:
    sentence = Sentence(src, text, 0.0, tuple(src.split()), tuple(text.split()))
    return Translation(src, text, 0.0, (Alternative(text, 0.0),), (), (sentence,))


@pytest.mark.parametrize(
    ("src", "text", "broken"),
    [
        ("Go home", "Vete a casa", []),
        ("Go home", "no no no", ["words repeated", "tokens repeated"]),
        ("no no no", "no no no", []),
        ("Go home", " ", ["blank"]),
        ("Go", " ".join("abcdefghijklm"), ["too long"]),
        ("Go", "a\nb", ["other lines"]),
        (" \n", "x", ["blank in, not the same out"]),
        (" \n", " \n", []),
    ],
)
def test_every_rule_that_is_broken_is_named(
    src: str, text: str, broken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    translator = translator_of(FakeEngine(lambda src, options: [src]), monkeypatch)
    assert fuzz.violations(translator, translation(src, text)) == broken


def test_texts_are_of_every_kind_and_the_same_for_a_seed() -> None:
    first = list(islice(fuzz.inputs(3, ["Go", "home."]), 400))
    assert first == list(islice(fuzz.inputs(3, ["Go", "home."]), 400))
    assert {kind for kind, _ in first} >= set(fuzz.KINDS) - {"5,000 characters"}
    long_lines = [
        make(fuzz.Random(seed), ["Go", "home."]) for seed in range(9) for make in [fuzz.KINDS["5,000 characters"][0]]
    ]
    assert min(map(len, long_lines)) >= fuzz.LONG


def test_an_exception_is_counted_against_its_text_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    translator = translator_of(FakeEngine(lambda src, options: [src]), monkeypatch)
    bad = translator.src_vocabulary.encode("bad")[0]

    def answer(src: tuple[int, ...], options: object) -> list[tuple[int, ...]]:
        assert bad not in src
        return [src]

    translator.engine = FakeEngine(answer)
    monkeypatch.setattr(fuzz, "KINDS", {"word": (fuzz._one_word, 1.0)})
    counts = fuzz.fuzz(translator, 50, 0, ["good", "bad"])
    n_bad = [text for _, text in islice(fuzz.inputs(0, ["good", "bad"]), 50)].count("bad")
    assert counts["word"] == {"inputs": 50, "AssertionError": n_bad}
    assert f"| word | 50 | {n_bad} |" in fuzz.table(counts)
    assert "AssertionError: 'bad'" in capsys.readouterr().err


def test_numbers_are_compared_as_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    translator = translator_of(FakeEngine(lambda src, options: [src]), monkeypatch)
    rows = [("I have 2.", "Tengo 2."), ("Go.", "Ve."), ("I have 3.", "Tengo tres.")]
    pairs = [Pair(src, trg, Origin("by hand", number)) for number, (src, trg) in enumerate(rows, start=1)]
    assert fuzz.numbers(translator, pairs) == ("numbers: the same in 2 of 2 translations (100.0%), and in 1 references")


def test_a_trained_translator_breaks_no_rule(bundle_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    translator = Translator.load(bundle_path)
    counts = fuzz.fuzz(translator, 150, 1, fuzz.words_of(translator))
    assert sum(counts.values(), Counter()) == {"inputs": 150}
    assert capsys.readouterr().err == ""
