from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dragoman.invention import (
    DictionaryWords,
    TrainingWords,
    dictionary,
    has_words,
    invented,
    invented_words,
    words,
)

KNOWN = ("el", "gato", "de", "niño", "Madrid", "amour", "don't")


def spelled(*known: str) -> DictionaryWords:
    return DictionaryWords("es_ES", known.__contains__)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("El gato, de 3 años.", ["El", "gato", "de", "años"]),
        ("ex-presidente y x86_64, B2B, v2", ["ex", "presidente"]),
        ("I don’t say 'no'", ["don't", "say", "no"]),
        ("nin\N{COMBINING TILDE}o", ["niño"]),
        ("हिन्दी", ["हिन्दी"]),
        ("A 1 … 😍", []),
        ("", []),
    ],
)
def test_what_counts_as_a_word(text: str, found: list[str]) -> None:
    assert list(words(text)) == found


@pytest.mark.parametrize(
    ("hyp", "src", "found"),
    [
        ("El gato de Madrid", "", []),
        ("EL GATO DE MADRID, el Gato de madrid", "", []),
        ("El gatto de Raganta", "Raghunathan's cat", ["gatto", "Raganta"]),
        ("El gato de PRIYA", "Priya's cat", []),
        ("Priya’s", "PRIYA'S", []),
        ("l'amour, l'amor", "", ["l'amor"]),
        ("don't, do'nt", "", ["do'nt"]),
        ("gato gatto gatto", "", ["gatto", "gatto"]),
    ],
)
def test_a_word_that_neither_dictionary_nor_source_has_is_invented(hyp: str, src: str, found: list[str]) -> None:
    assert invented(hyp, src, spelled(*KNOWN)) == found


def test_a_noun_that_the_dictionary_has_with_a_capital_is_known_in_every_case() -> None:
    assert invented("haus HAUS Haus hAUS", "", spelled("Haus")) == []


def test_the_words_of_training_know_a_word_in_every_case_and_its_parts() -> None:
    known = TrainingWords(["El gato.", "L'amour DE Ana"])
    assert invented("GATO amour l'amour ana perro", "", known) == ["perro"]


def test_the_share_counts_words_not_sentences_and_the_references_too() -> None:
    found = invented_words(
        ["a", "b"], ["gato gatto gato", "perrro"], ["el gato", "el niñito de"], spelled(*KNOWN), n_bootstrap=40
    )
    assert (found.score.value, found.references.value) == (50.0, 20.0)
    assert found.score.low <= 50.0 <= found.score.high
    assert found.score.signature == "bs:40|seed:12345|by:hunspell-es_ES"
    assert str(found).startswith("invented words 50.0 % (33.3 to 100.0), by hunspell es_ES; the references' own 20.0 %")


def test_of_no_words_none_is_invented() -> None:
    assert invented_words(["a"], ["…"], ["1"], spelled(), n_bootstrap=40).score.value == 0.0


def test_a_dictionary_is_looked_up_once_a_word() -> None:
    asked: list[str] = []

    def spell(word: str) -> bool:
        asked.append(word)
        return True

    assert invented("gato gato gato", "", DictionaryWords("es", spell)) == []
    assert asked == ["gato"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two countries' dictionaries of Portuguese, one of German in Latin 1, and files that are none."""
    for name, words_of in {"pt_BR": "trem", "pt_PT": "comboio", "de_DE": "Straße", "hyph_pt": "x"}.items():
        code = "ISO8859-1" if name == "de_DE" else "UTF-8"
        (tmp_path / f"{name}.aff").write_text(f"SET {code}\n", encoding=code)
        (tmp_path / f"{name}.dic").write_text(f"1\n{words_of}\n", encoding=code)
    (tmp_path / "en_US.dic").touch()  # without its rules
    return tmp_path


@pytest.mark.parametrize(
    ("trg", "by"),
    [
        *(("pt", "hunspell pt_BR"), ("pt-PT", "hunspell pt_PT"), ("por", "hunspell pt_BR"), ("de", "hunspell de_DE")),
        *(("en", None), ("und", None), ("nonsense", None)),
    ],
)
def test_the_dictionary_of_the_nearest_country_is_taken(folder: Path, trg: str, by: str | None) -> None:
    found = dictionary(trg, [folder / "none", folder])
    assert (found and found.by) == by


def test_an_installed_dictionary_is_read_in_its_own_encoding(folder: Path) -> None:
    known = dictionary("de", [folder])
    assert known is not None
    assert invented("Die STRASSE, straße, 日本 Šipka", "die", known) == ["STRASSE", "日本", "Šipka"]


def test_languages_without_spaces_have_no_such_measure(folder: Path) -> None:
    (folder / "ja_JP.dic").touch()
    assert [has_words(code) for code in ("ja", "zh", "th", "es")] == [False, False, False, True]
    assert dictionary("ja", [folder]) is None


def test_without_the_library_there_is_no_dictionary(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hunspell", None)
    assert dictionary("de", [folder]) is None
