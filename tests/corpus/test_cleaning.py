import itertools

import pytest

from dragoman.corpus import Origin, Pair
from dragoman.corpus.cleaning import Cleaner, CleaningRules
from dragoman.errors import UsageError


def pair(src: str, trg: str, line: int = 1) -> Pair:
    return Pair(src, trg, Origin("x", line))


KEPT = [
    ("Go.", "¡Ponte en camino, por favor!"),
    ("Things are the same, but people have changed.", "物是人非。"),
    ("I do not know where he lives.", "அவர் எங்கே வசிக்கிறார் என்று எனக்குத் தெரியவில்லை."),
    ("x" * 500, "y" * 500),
    ("a", "b" * 33),
]
DROPPED = [
    (("x" * 501, "y" * 501), "too long"),
    (("y" * 400, "x" * 501), "too long"),
    (("a", "b" * 34), "length ratio"),
    (("Go.", "The committee will meet on Thursday at ten."), "length ratio"),
]


@pytest.mark.parametrize("sides", KEPT)
def test_a_usable_pair_is_kept(sides: tuple[str, str]) -> None:
    for kept in (pair(*sides), pair(*sides).reversed()):
        cleaner = Cleaner()
        assert list(cleaner([kept])) == [kept]
        assert cleaner.report.n_kept == 1


@pytest.mark.parametrize(("sides", "reason"), DROPPED)
def test_a_broken_pair_is_dropped_for_its_reason(sides: tuple[str, str], reason: str) -> None:
    for broken in (pair(*sides), pair(*sides).reversed()):
        cleaner = Cleaner()
        assert list(cleaner([broken])) == []
        assert {name for name, n in cleaner.report.dropped.items() if n} == {reason}


def test_of_exact_duplicates_the_first_is_kept() -> None:
    cleaner = Cleaner()
    pairs = [pair("Go.", "Ve.", 1), pair("Go.", "Vete.", 2), pair("Go.", "Ve.", 3), pair("Ve.", "Go.", 4)]
    assert [p.origin.number for p in cleaner(pairs)] == [1, 2, 4]
    assert cleaner.report.dropped == {"duplicate": 1, "too long": 0, "length ratio": 0}


def test_the_report_is_one_line() -> None:
    cleaner = Cleaner(CleaningRules(max_length=40))
    list(cleaner([pair("Go.", "Ve.")] * 1200 + [pair("x" * 41, "y" * 41), pair("Hi.", "Hola.")]))
    assert str(cleaner.report) == "kept 2 of 1,202 pairs, dropped 1,200 (duplicate 1,199, too long 1)"
    list(cleaner([pair("Go.", "Ve.")]))
    assert str(cleaner.report) == "kept 1 of 1 pairs, dropped 0"


def test_it_is_lazy() -> None:
    cleaner = Cleaner()
    endless = (pair(str(n), str(n)) for n in itertools.count())
    assert [p.src for p in itertools.islice(cleaner(endless), 3)] == ["0", "1", "2"]
    assert cleaner.report.n_read == 3


@pytest.mark.parametrize("ratio", [0.9, float("nan")])
def test_rules_that_would_drop_everything_are_refused(ratio: float) -> None:
    with pytest.raises(UsageError, match="max_ratio"):
        CleaningRules(max_ratio=ratio)
    with pytest.raises(UsageError, match="max_length"):
        CleaningRules(max_length=0)
