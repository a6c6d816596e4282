from __future__ import annotations

import pytest

from dragoman.corpus.pairs import Origin, Pair
from dragoman.forecast import Work, work
from dragoman.harder import MAX_HARDER

N_LONG = 3 * MAX_HARDER
WHOLE = [Pair(f"{i} is a number of eight words here", "x", Origin("t", i)) for i in range(N_LONG)]
SHORT = [Pair(f"{i}", "x", Origin("t", i)) for i in range(100)]


@pytest.mark.parametrize(
    ("scored", "whole", "expected"),
    [
        (SHORT[::2], SHORT, Work(50, 50)),
        (WHOLE, WHOLE, Work(N_LONG, N_LONG)),
        (WHOLE[:-7], [*WHOLE, *SHORT], Work(N_LONG, N_LONG)),
        (WHOLE[::3], WHOLE, Work(MAX_HARDER + MAX_HARDER, N_LONG)),
    ],
    ids=["no long sentences", "all are scored", "a few are not", "most are not"],
)
def test_the_work_counts_long_sentences_that_are_not_scored(
    scored: list[Pair], whole: list[Pair], expected: Work
) -> None:
    assert work(scored, whole, "en") == expected
