"""Outcomes as a Markdown table, and test sentences beside their translations."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import groupby

from dragoman.corpus.pairs import Pair
from dragoman.report import Score

from .material import HARDER, TEST
from .outcomes import Outcome

SHOWN = ("BLEU", "chrF2")
SETS = (TEST, HARDER)


def table(outcomes: Sequence[Outcome], command: str) -> str:
    """Return a Markdown section: where and how it was measured, and a row for each outcome, in minutes and system."""
    header = ["system", "seed", "minutes", "taken", *(f"{name}, {part}" for part in SETS for name in SHOWN)]
    rules = ["---", *["---:"] * (len(header) - 1)]
    rows = ["| " + " | ".join(cells) + " |" for cells in (header, rules, *map(_cells, outcomes))]
    return (
        "\n\n".join([*map(_where, _machines(outcomes)), f"    {command}", "\n".join(rows), _signature(outcomes)]) + "\n"
    )


def _machines(outcomes: Sequence[Outcome]) -> list[list[Outcome]]:
    """Outcomes in groups that were measured on one machine with the same versions."""

    def key(outcome: Outcome) -> str:
        return f"{outcome.machine['cpu']} {outcome.versions}"

    return [list(group) for _, group in groupby(sorted(outcomes, key=key), key)]


def _where(outcomes: Sequence[Outcome]) -> str:
    machine, versions = outcomes[0].machine, outcomes[0].versions
    loads = [outcome.machine["load_average"] for outcome in outcomes]
    dates = sorted(outcome.date for outcome in outcomes)
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB, load {min(loads)} to {max(loads)} "
        f"at the start of a run; {named}; {dates[0]} to {dates[-1]}"
    )


def _cells(outcome: Outcome) -> list[str]:
    task = outcome.task
    scores = [_shown(outcome.score(part, name)) for part in SETS for name in SHOWN]
    return [task.system, str(task.seed), f"{task.minutes:g}", f"{outcome.minutes_taken:.1f}", *scores]


def _shown(score: Score | None) -> str:
    return "" if score is None else f"{score.value:.1f} [{score.low:.1f}, {score.high:.1f}]"


def _signature(outcomes: Sequence[Outcome]) -> str:
    sizes = sorted({f"{name} {n:,} pairs" for outcome in outcomes for name, n in outcome.n_pairs.items()})
    scores = [outcomes[0].score(TEST, name) for name in SHOWN]
    return "; ".join([*sizes, *(f"{score.name} `{score.signature}`" for score in scores if score is not None)])


def examples(pairs: Sequence[Pair], translations: Sequence[tuple[Outcome, Sequence[str]]], n: int) -> str:
    """Return ``n`` of the test pairs, drawn with a fixed seed, each with its translation by every system.

    The texts stand as they are, in blocks that Markdown leaves alone.
    """
    places = sorted(random.Random(0).sample(range(len(pairs)), min(n, len(pairs))))  # noqa: S311
    names = [f"{outcome.task.system}, {outcome.task.minutes:g} min" for outcome, _ in translations]
    width = max(map(len, ["reference", *names]))
    blocks = [
        f"Test pair {place + 1}:\n\n"
        + "\n".join(
            f"    {name:<{width}}  {text}"
            for name, text in [
                ("source", pairs[place].src),
                ("reference", pairs[place].trg),
                *((name, hyps[place]) for name, (_, hyps) in zip(names, translations, strict=True)),
            ]
        )
        for place in places
    ]
    return f"{len(places)} of {len(pairs):,} test pairs, drawn at random\n\n" + "\n\n".join(blocks) + "\n"
