"""What a report means, sentence by sentence."""

from __future__ import annotations

import pytest

from dragoman.report import Comparison, Report, Score, ScoresByLength
from dragoman.verdict import Trained, verdict


def report(
    chrf: float = 60.0, half: float = 1.0, n_pairs: int = 2000, copying: float | None = 36.5, p_value: float = 0.001
) -> Report:
    compared = None if copying is None else Comparison("chrF2", chrf, copying, chrf - copying, p_value, "")
    scores = (Score("BLEU", 30.0, 29.0, 31.0, ""), Score("chrF2", chrf, chrf - half, chrf + half, ""))
    by_length = ScoresByLength("words", ())
    return Report("t", "", n_pairs, "", scores, None, None, (), None, by_length, against_baseline=compared)


THAN = "copying the translation of the nearest training sentence"
SOUND = Trained(n_pairs=100_000, n_dev=2000, epochs=5)

TABLE: list[tuple[Report, Trained, list[str]]] = [
    (
        report(63.4, 0.8),
        SOUND,
        [
            f"Better than {THAN}: chrF 63.4 against 36.5.",
            "On 2,000 scored pairs, chrF is known to ± 0.8; smaller differences between translators may be due to "
            "chance.",
            "More pairs would help most: the training made 5 passes over its 100,000 pairs, so more minutes would gain "
            "less.",
        ],
    ),
    (
        report(14.6, 4.0, n_pairs=6, copying=15.7, p_value=0.6),
        Trained(288, 3, 60.0),
        [
            f"Not shown to be better than {THAN}: chrF 14.6 against 15.7, a difference that may be due to chance.",
            "6 scored pairs: the scores say next to nothing; score more (--test 0.1 holds out a tenth of the corpus).",
            "The best weights were chosen on 3 dev pairs, almost at random (--dev 0.1 gives more).",
            "More pairs would help most: the training made 60 passes over its 288 pairs, so more minutes would gain "
            "less.",
        ],
    ),
    (
        report(19.1, 7.0, n_pairs=60),
        Trained(100_000, 60, 0.3),
        [
            f"Worse than {THAN}: chrF 19.1 against 36.5.",
            "60 scored pairs say little: chrF is somewhere between 12 and 26; score more (--test 0.1 holds out a tenth "
            "of the corpus).",
            "More minutes would help most: the training made 0.3 passes over its 100,000 pairs.",
        ],
    ),
    (
        report(30.0, copying=36.5),
        SOUND,
        [
            f"Worse than {THAN}: chrF 30.0 against 36.5.",
            "On 2,000 scored pairs, chrF is known to ± 1.0; smaller differences between translators may be due to "
            "chance.",
            "Another start would help most (--seed 1, a lower --learning-rate): the training made 5 passes over its "
            "100,000 pairs, which is usually enough.",
        ],
    ),
    (
        report(copying=None, n_pairs=1),
        Trained(n_dev=1),
        [
            "1 scored pair: the scores say next to nothing; score more (--test 0.1 holds out a tenth of the corpus).",
            "The best weights were chosen on 1 dev pair, almost at random (--dev 0.1 gives more).",
        ],
    ),
]


@pytest.mark.parametrize(("given", "trained", "sentences"), TABLE)
def test_verdict(given: Report, trained: Trained, sentences: list[str]) -> None:
    assert list(verdict(given, trained)) == sentences


@pytest.mark.parametrize(
    ("p_value", "copying", "first"), [(0.049, 59.0, "Better"), (0.05, 59.0, "Not shown"), (0.049, 61.0, "Worse")]
)
def test_what_may_be_chance_is_no_difference(p_value: float, copying: float, first: str) -> None:
    assert verdict(report(copying=copying, p_value=p_value), SOUND)[0].startswith(first)


@pytest.mark.parametrize(
    ("n_pairs", "half", "words"),
    [
        (9, 1, "next to nothing"),
        (10, 1, "say little"),
        (29, 1, "say little"),
        (30, 5, "is known to"),
        (30, 5.1, "say little"),
    ],
)
def test_few_pairs_and_wide_intervals_say_little(n_pairs: int, half: float, words: str) -> None:
    assert words in verdict(report(n_pairs=n_pairs, half=half), SOUND)[1]
