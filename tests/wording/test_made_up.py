"""Words that a model has made up: found, believed or replaced."""

from __future__ import annotations

import numpy as np
import pytest

from dragoman.documents.words import words
from dragoman.lexicon import Lexicon, Seen
from dragoman.slots.symbols import ALL
from dragoman.wording.made_up import Inventions, Looks

SRC = Lexicon({form: Seen(n, 0) for form, n in {"the": 900, "whole": 5, "committee": 2, "resigned": 1}.items()})
FORMS = "todo el los comité dimitió dimitieron ministerio misterios laboratorios territorios criterios Madrid"
TRG = Lexicon({form: Seen(9, 0) for form in FORMS.split()})


@pytest.fixture
def inventions() -> Inventions:
    return Inventions(SRC, TRG)


def _looks(src: str, trg: str, looked_at: dict[str, str], probability: float) -> Looks:
    """Each word of ``trg`` looks at a word of ``src``: at that of ``looked_at``, or at the first."""
    srcs, trgs = ([text[begin:end] for begin, end in words(text)] for text in (src, trg))
    shares = np.zeros((len(trgs), len(srcs)), np.float32)
    for row, word in enumerate(trgs):
        shares[row, srcs.index(looked_at.get(word, srcs[0]))] = 1
    return Looks(shares, np.full(len(trgs), probability, np.float32))


@pytest.mark.parametrize(
    ("src", "trg", "found"),
    [
        ("the committee", "El comité", []),
        ("the committee", "el xomizú de Madrid", ["xomizú"]),
        ("the Xomizú", "el xomizú", []),  # it stands in the source
        ("the committee", "el xo", []),  # too short to tell
        ("the committee", f"el {ALL[0]} 42 comité.", []),
    ],
)
def test_suspicious_is_what_neither_side_has(inventions: Inventions, src: str, trg: str, found: list[str]) -> None:
    assert [trg[begin:end] for begin, end in inventions.suspicious(src, trg)] == found


@pytest.mark.parametrize(
    ("trg", "looked_at", "written", "unknown"),
    [
        ("El zzkqa dimitió.", {"zzkqa": "committee"}, "El committee dimitió.", ("committee",)),
        (
            "El zzkqa xxzqo.",
            {"zzkqa": "committee", "xxzqo": "resigned"},
            "El committee resigned.",
            ("committee", "resigned"),
        ),
        ("El zzkqa xxzqo.", {"zzkqa": "committee", "xxzqo": "committee"}, "El committee xxzqo.", ("committee",)),
        ("El comité dimitiereon.", {}, "El comité dimitieron.", ()),
        ("Ministerrio dimitió", {}, "Ministerio dimitió", ()),
    ],
)
def test_what_is_made_up_is_replaced(
    inventions: Inventions, trg: str, looked_at: dict[str, str], written: str, unknown: tuple[str, ...]
) -> None:
    src = "the whole committee resigned"
    assert inventions.mended(src, trg, _looks(src, trg, looked_at, 0.0)) == (written, unknown)


def test_a_rare_word_of_the_source_is_rather_meant_than_a_frequent_one(inventions: Inventions) -> None:
    src, trg = "the committee", "zzkqa"
    looks = Looks(np.array([[0.6, 0.4]], np.float32), np.zeros(1, np.float32))
    assert inventions.mended(src, trg, looks).text == "committee"


def test_a_word_that_the_model_is_sure_of_is_believed(inventions: Inventions) -> None:
    src, trg = "the ministries", "los ministerios"
    assert inventions.mended(src, trg, _looks(src, trg, {}, 0.9)).text == trg


def test_slots_and_marks_are_no_words_to_take_over(inventions: Inventions) -> None:
    src, trg = f"{ALL[0]} !", "zzkqa"
    assert inventions.mended(src, trg, _looks(src, trg, {}, 0.0)) == (trg, ())
