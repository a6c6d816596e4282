"""Pairs in other languages than those named, and pairs that are damaged, are told before a training."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from dragoman.checking.first_look import check_damage, languages_seen
from dragoman.corpus import PairReader, open_pairs
from dragoman.corpus.cleaning import CleaningReport
from dragoman.corpus.pairs import Origin, Pair
from dragoman.errors import CorpusError
from tests.fakes import reader_of


@pytest.fixture
def reader(phrasebook: list[Pair]) -> PairReader:
    return reader_of(phrasebook[::40], "mine.tsv")


def test_languages_that_are_named_rightly_are_taken(reader: PairReader, caplog: pytest.LogCaptureFixture) -> None:
    assert languages_seen([reader], ("en", "es"), strict=True) == ("en", "es")
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("named", "words"),
    [
        (("es", "en"), r"the source texts look like en, not es .*: are the sides swapped\? \(--src en --trg es\)"),
        (
            ("de", "fr"),
            r"look like en, not de and the target texts look like es, not fr \(are --src and --trg right\?\)",
        ),
    ],
)
def test_other_languages_are_a_warning_or_an_error(
    reader: PairReader, caplog: pytest.LogCaptureFixture, named: tuple[str, str], words: str
) -> None:
    assert languages_seen([reader], named, strict=False) == named
    (warning,) = caplog.messages
    assert warning.startswith("mine.tsv: ")
    with pytest.raises(CorpusError, match=words):
        languages_seen([reader], named, strict=True)


def test_languages_that_nobody_names_are_found_and_said(reader: PairReader, caplog: pytest.LogCaptureFixture) -> None:
    assert languages_seen([reader], ("und", "und"), strict=False) == ("en", "es")
    assert caplog.messages == [
        "mine.tsv: not all languages are given; the texts look like en and es (--src en --trg es)"
    ]


def test_of_pairs_that_are_turned_around_the_columns_are_meant(phrasebook: list[Pair]) -> None:
    turned = reader_of(phrasebook[::40])
    turned.reverse = True
    assert languages_seen([turned], ("en", "es"), strict=True) == ("en", "es")
    assert languages_seen([turned], ("und", "und"), strict=True) == ("en", "es")


def test_named_corpora_are_believed() -> None:
    assert languages_seen([open_pairs("phrasebook")], ("de", "fr"), strict=True) == ("de", "fr")


def test_much_damage_is_said_with_an_example(caplog: pytest.LogCaptureFixture) -> None:
    report = CleaningReport(n_read=1000)
    report.drop("cut off", 40)
    with caplog.at_level(logging.WARNING):
        check_damage(report, strict=True)
    assert caplog.messages == []
    report.drop("other numbers", 61, [Pair("7 dogs", "8 perros", Origin("a.tsv", 9))])
    words = r"101 of 1,000 pairs look damaged, most of them by other numbers, such as a\.tsv:9: 7 dogs \| 8 perros \("
    with pytest.raises(CorpusError, match=words):
        check_damage(report, strict=True)
    check_damage(report, strict=False)
    assert len(caplog.messages) == 1


def test_a_look_says_nothing_of_rows_that_will_be_read_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rows = [f"I have {n} dogs in my house.\tTengo {n} perros en mi casa.\n" for n in range(200)]
    (tmp_path / "a.tsv").write_text("".join([*rows, "one column\n"]))
    reader = open_pairs(tmp_path / "a.tsv", src="en", trg="es")
    assert languages_seen([reader], ("en", "es"), strict=True) == ("en", "es")
    assert (caplog.messages, reader.n_rows, reader.bad_rows) == ([], 0, [])
    assert len(list(reader)) == 200
    assert len(caplog.messages) == 1
