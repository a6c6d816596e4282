from __future__ import annotations

import builtins
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.detection import ENOUGH, Detector, _identifier, likely_language
from dragoman.errors import MissingPackageError


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(["en", "es", "ja", "zh", "gsw"])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("house", "en"),
        ("HOUSE", "en"),
        ("casa", "es"),
        ("Where is the station?", "en"),
        ("¿Dónde está la estación?", "es"),
        ("ねこ", "ja"),
        ("駅はどこですか。", "ja"),
        ("车站在哪里?", "zh"),
        ("1. casa", "es"),
        ("\ud800 the house", "en"),
    ],
)
def test_the_language_of_a_text_comes_first(text: str, language: str, detector: Detector) -> None:
    found = detector.detect(text)
    assert found[0][0] == language
    assert found[0][1] > 0.5


@pytest.mark.parametrize("text", ["", " ", "1234", "!?", "😀"])
def test_what_has_no_letters_is_in_no_language(text: str, detector: Detector) -> None:
    assert detector.detect(text) == [("en", 0.0), ("es", 0.0), ("ja", 0.0), ("zh", 0.0), ("gsw", 0.0)]


@settings(max_examples=100)
@given(text=st.text(max_size=40))
def test_all_languages_are_told_with_shares_best_first(text: str, detector: Detector) -> None:
    found = detector.detect(text)
    assert sorted(code for code, _ in found) == ["en", "es", "gsw", "ja", "zh"]
    shares = [share for _, share in found]
    assert shares == sorted(shares, reverse=True)
    assert all(0.0 <= share <= 1.0 for share in shares)
    assert sum(shares) == pytest.approx(1.0) or sum(shares) == 0.0


def test_languages_that_the_library_does_not_know_are_last(detector: Detector) -> None:
    assert detector.detect("house")[-1] == ("gsw", 0.0)
    assert Detector(["gsw"]).detect("house") == [("gsw", 0.0)]
    assert Detector([]).detect("house") == []


def test_a_region_is_its_language() -> None:
    assert Detector(["pt-BR", "en"]).detect("Onde fica a estação?")[0][0] == "pt-BR"


def test_detectors_do_not_disturb_each_other(detector: Detector) -> None:
    Detector(["de", "fr"])
    assert detector.detect("house")[0][0] == "en"


def test_the_end_of_a_long_text_is_not_looked_at(detector: Detector) -> None:
    text = "the house " * (ENOUGH // 10)
    assert detector.detect(text + "casa perro " * 10_000) == detector.detect(text)


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import_ = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("py3langid"):
            raise ModuleNotFoundError(name)
        return import_(name, *rest)

    _identifier.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingPackageError, match=r"needs py3langid: .* -m pip install 'dragoman\[serve\]'"):
        Detector(["en"])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The children are playing in the garden.", "en"),
        ("Die Kinder spielen im Garten.", "de"),
        ("子供たちは庭で遊んでいる。", "ja"),
        ("1 2 3", None),
        ("", None),
    ],
)
def test_one_of_all_languages_is_guessed(text: str, language: str | None) -> None:
    assert likely_language(text) == language
