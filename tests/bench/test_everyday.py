"""The lines of everyday texts: written as the README says, and judged as it says."""

from __future__ import annotations

import shutil

import pytest

from bench.everyday import cases, faults, oddly
from bench.everyday.cases import Case, File
from bench.peers import apertium

FILES = cases.files()


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.kind}.{file.src}-{file.trg}")
def test_each_line_is_a_case_of_its_own(file: File) -> None:
    assert file.kind in cases.JUDGES
    assert len({case.name for case in file.cases}) == len(file.cases)
    assert len({case.src for case in file.cases}) == len(file.cases)
    for case in file.cases:
        assert all(key and all(key.split("~")) for key in case.must.split("|")) == (file.kind != "negation"), case


@pytest.mark.parametrize("file", [file for file in FILES if file.kind == "survive"], ids=lambda file: file.trg)
def test_what_must_survive_stands_in_the_source(file: File) -> None:
    for case in file.cases:
        assert cases.strings(case, case.src, file.src).is_right, case


def test_there_are_as_many_as_were_asked_for() -> None:
    sizes = {(file.kind, file.src, file.trg): len(file.cases) for file in FILES}
    assert min(n for (kind, *_), n in sizes.items() if kind == "survive") >= 50
    assert min(n for (kind, *_), n in sizes.items() if kind == "phrases") >= 200
    assert sizes["negation", "en", "es"] == 100


@pytest.mark.parametrize(
    ("kind", "must", "hyp", "judged"),
    [
        ("survive", "Priya|1.5~1,5|kg", "Priya pesa 1,5 kg", (3, 3)),
        ("survive", "Priya|1.5~1,5", "Pria pesa 1,5 kg", (1, 2)),
        ("survive", "5", "El 15 de mayo", (0, 1)),
        ("survive", "7/11", "el 17/11 o el 7/112", (0, 1)),
        ("survive", "7/11", "(7/11)", (1, 1)),
        ("marks", "- |leche|!Un", "- Compra leche", (3, 3)),
        ("marks", "- |leche|!Un", "Un- leche", (2, 3)),
        ("phrases", "buenos días~buen día", "¡Buenos días!", (1, 1)),
        ("phrases", "buenos días~buen día", "Muy buenos días", (0, 1)),
        ("phrases", "ありがとう", "ありがとう。", (1, 1)),
        ("negation", "", "No lo sé", (1, 1)),
        ("negation", "", "Nosotros tenemos dinero", (0, 1)),
        ("negation", "", "No tengo ningún libro", (1, 1)),
    ],
)
def test_how_a_translation_is_judged(kind: str, must: str, hyp: str, judged: tuple[int, int]) -> None:
    assert File(kind, "en", "es", []).judge(Case("1", "", must), hyp) == judged


@pytest.mark.parametrize(
    ("writing", "written"),
    [
        ("CAPITALS", '"I DON\'T KNOW," SHE SAID - FINE!'),
        ("small letters", '"i don\'t know," she said - fine!'),
        ("Title Case", '"I Don\'t Know," She Said - Fine!'),
        ("no final mark", '"I don\'t know," she said - fine'),
        ("final mark twice", '"I don\'t know," she said - fine!!'),
        ("typographic", "“I don’t know,” she said – fine!"),
        ("no apostrophes", '"I dont know," she said - fine!'),
        ("no accents", '"I don\'t know," she said - fine!'),
    ],
)
def test_how_sentences_are_written(writing: str, written: str) -> None:
    assert oddly.WRITINGS[writing]('"I don\'t know," she said - fine!') == written


def test_only_sentences_that_a_writing_changes_count() -> None:
    srcs, refs = ["Go.", "I can't.", "OK"], ["Ve.", "No puedo.", "Vale"]
    hyps = ["Ve.", "No puedo.", "OK"]
    found = {cost.writing: cost for cost in oddly.costs(srcs, refs, hyps, lambda texts: ["NO PUEDO."] * len(texts))}
    assert found["no apostrophes"] == ("no apostrophes", 1, 100.0, 100.0)
    assert found["CAPITALS"].n == 2
    assert found["small letters"].n == 3
    assert found["CAPITALS"].written < found["CAPITALS"].plain == 100.0
    assert "no accents" not in found


def test_lengths_repeats_and_omissions() -> None:
    srcs = ["one two", "a " * 12]
    refs = ["uno dos", "uno dos tres cuatro cinco seis siete ocho nueve diez once doce"]
    rows = faults.by_length(srcs, refs, ["uno dos", "uno dos tres"], ("en", "es"))
    assert [(row.units, row.n, row.n_omissions, row.n_repeats) for row in rows] == [
        *(("1 to 10", 1, 0, 0), ("11 to 20", 1, 1, 0), ("all", 2, 1, 0))
    ]
    assert rows[-1].ratio == 5 / 14
    looping = faults.by_length(["a b c"], ["uno dos tres"], ["la casa " * 8], ("en", "es"))
    assert [row.n_repeats for row in looping] == [1, 1]


@pytest.mark.skipif(shutil.which("apertium") is None, reason="apertium is not installed")
def test_apertium_gives_a_line_for_each_text() -> None:
    assert apertium.translate(["The cat.", "", "a\nb", "Hello"], "en", "es")[0] == "El gato."
    assert len(apertium.translate(["The cat.", "", "a\nb", "Hello"], "en", "es")) == 4
