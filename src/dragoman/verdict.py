"""What a report means, in plain sentences: for who does not read intervals and p-values.

Says whether the translator is better than no translator, how much its test set can tell, and what would help most.
"""

from __future__ import annotations

from typing import NamedTuple

from .report import Report

FEW_PAIRS, VERY_FEW_PAIRS = 30, 10
"""Scored pairs below which scores say little, and next to nothing."""
WIDE = 5.0
"""Points of chrF, from the middle of the 95 % interval to its end, beyond which a score says little."""
CHANCE = 0.05
"""The p-value from which a difference may be chance."""
FEW_EPOCHS = 2.0
"""Passes below which more time gains more than more pairs: in docs/recipe.md, at 0.7 passes twice the time gained 8
points of chrF; at 5 passes 1 point, and twice the pairs 4 to 6.
"""
ENOUGH_PAIRS = 5000
"""Training pairs of which a sound training makes something better than copying."""


class Trained(NamedTuple):
    """How a translator came about: its training pairs, the dev pairs that its weights were chosen on, and the passes
    over the training pairs; each None where it is not known.
    """

    n_pairs: int | None = None
    n_dev: int | None = None
    epochs: float | None = None


def verdict(report: Report, trained: Trained) -> tuple[str, ...]:
    """Return up to four sentences on what ``report`` means for a translator that was ``trained`` so."""
    return tuple(
        sentence
        for sentence in (_worth(report), _certainty(report), _choice(trained), _remedy(report, trained))
        if sentence
    )


def _worth(report: Report) -> str:
    compared = report.against_baseline
    if compared is None:
        return ""
    than = "copying the translation of the nearest training sentence"
    figures = f"{_name(compared.name)} {compared.value_a:.1f} against {compared.value_b:.1f}"
    if compared.p_value >= CHANCE:
        return f"Not shown to be better than {than}: {figures}, a difference that may be due to chance."
    return f"Better than {than}: {figures}." if compared.difference > 0 else f"Worse than {than}: {figures}."


def _certainty(report: Report) -> str:
    score = next(score for score in report.scores if score.name == "chrF2")
    n, half = report.n_pairs, (score.high - score.low) / 2
    pairs = f"{n:,} scored pair{'' if n == 1 else 's'}"
    if n < VERY_FEW_PAIRS:
        return f"{pairs}: the scores say next to nothing; score more (--test 0.1 holds out a tenth of the corpus)."
    if n < FEW_PAIRS or half > WIDE:
        return (
            f"{pairs} say little: chrF is somewhere between {score.low:.0f} and {score.high:.0f}; score more "
            "(--test 0.1 holds out a tenth of the corpus)."
        )
    return f"On {pairs}, chrF is known to ± {half:.1f}; smaller differences between translators may be due to chance."


def _choice(trained: Trained) -> str:
    n = trained.n_dev
    if n is None or n >= FEW_PAIRS:
        return ""
    return (
        f"The best weights were chosen on {n} dev pair{'' if n == 1 else 's'}, almost at random (--dev 0.1 gives more)."
    )


def _remedy(report: Report, trained: Trained) -> str:
    n, epochs, compared = trained.n_pairs, trained.epochs, report.against_baseline
    if n is None or epochs is None:
        return ""
    made = f"the training made {epochs:.2g} passes over its {n:,} pairs"
    if epochs < FEW_EPOCHS:
        return f"More minutes would help most: {made}."
    is_better = compared is None or (compared.difference > 0 and compared.p_value < CHANCE)
    if n >= ENOUGH_PAIRS and not is_better:
        return f"Another start would help most (--seed 1, a lower --learning-rate): {made}, which is usually enough."
    return f"More pairs would help most: {made}, so more minutes would gain less."


def _name(score: str) -> str:
    return score.removesuffix("2")
