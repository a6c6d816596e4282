from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman import SearchConfig, Translator
from dragoman.translator import BATCH


@pytest.fixture(scope="module")
def translator(bundle_path: Path) -> Translator:
    return Translator.load(bundle_path)


def test_a_text_in_a_text_out(translator: Translator) -> None:
    text = translator("Good morning!")
    assert text
    assert text == translator.translate(["Good morning!"])[0].text


def test_empty_texts_stay_empty_and_in_their_place(translator: Translator) -> None:
    texts = ["", "Good morning!", "   ", "\n"]
    found = translator.translate(texts)
    assert [t.src for t in found] == texts
    assert [bool(t.text) for t in found] == [False, True, False, False]
    assert translator.translate([]) == []


def test_unknown_characters_are_named_and_passed_over(translator: Translator) -> None:
    found = translator.translate(["Good 漢 morning ☃!"])[0]
    assert found.unknown == ("漢", "☃")
    assert found.text == translator.translate(["Good  morning !"])[0].text


def test_composed_and_decomposed_are_one(translator: Translator) -> None:
    assert translator("Jos\u00e9 is here.") == translator("Jose\u0301 is here.")


def test_n_best_is_ranked_and_holds_the_best_first(translator: Translator) -> None:
    found = translator.translate(["The water is cold."], SearchConfig(beam=5, n_best=5))[0]
    assert len(found.alternatives) == len({a.text for a in found.alternatives}) == 5
    assert [a.score for a in found.alternatives] == sorted((a.score for a in found.alternatives), reverse=True)
    assert (found.text, found.score) == found.alternatives[0]


def test_streaming_reads_only_a_batch_ahead(translator: Translator) -> None:
    taken: list[int] = []

    def source() -> Iterator[str]:
        for i in range(10 * BATCH):
            taken.append(i)
            yield "Hello."

    first = next(translator.stream(source()))
    assert first.text == translator("Hello.")
    assert len(taken) == BATCH


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=60), max_size=5))
def test_no_text_breaks_it_and_company_does_not_matter(translator: Translator, texts: list[str]) -> None:
    together = translator.translate(texts)
    assert [t.text for t in together] == [translator(text) for text in texts]
    assert all("\n" not in t.text for t in together)
