"""What results look like on standard output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from ..corpus.statistics import Lengths, Statistics
    from ..report import HarderPart, Report, Score


def results_console() -> Console:
    """The console of standard output."""
    return Console(highlight=False, soft_wrap=True)


def draw_report(report: Report, console: Console) -> None:
    """Draw scores with their intervals beside the translation memory's, those of the harder part too, leaks, the
    comparison, the signatures, and the verdict.
    """
    _draw_scores(f"{report.test_name}: {report.n_pairs:,} pairs", report, report.n_remembered, console)
    if report.harder is not None:
        _draw_scores(str(report.harder), report.harder, report.n_remembered, console)
    for corpus in report.corpora:
        console.print(Text(str(corpus)))
    console.print(Text(leak_line(report)))
    for leak in report.leaks.examples if report.leaks else ():
        console.print(
            Text(f"    {leak.origin}: the {leak.side} {leak.text!r} is {leak.training_origin} of the training data")
        )
    for score in report.scores:
        console.print(Text(f"{score.name}: {score.signature}", style="dim"))
    for sentence in report.verdict:
        console.print(Text(sentence, style="bold"))


def _draw_scores(title: str, scored: Report | HarderPart, n_remembered: int | None, console: Console) -> None:
    table = Table(title=Text(title), title_justify="left")
    table.add_column("")
    table.add_column("this translator", justify="right")
    columns = [scored.scores]
    if scored.baseline is not None:
        table.add_column(f"nearest of {n_remembered:,} training sentences", justify="right")
        columns.append(scored.baseline)
    if scored.against is not None:
        table.add_column("against", justify="right")
        table.add_column("p", justify="right")
        columns.append(scored.against.scores)
    p_values = {c.name: f"{c.p_value:.4f}" for c in scored.against.comparisons} if scored.against else {}
    for row in zip(*columns, strict=True):
        cells = [row[0].name, *(_cell(score) for score in row)]
        table.add_row(*cells, *([p_values.get(row[0].name, "")] if scored.against else []))
    console.print(table)


def _cell(score: Score) -> str:
    return f"{score.value:.1f} [{score.low:.1f}, {score.high:.1f}]"


def leak_line(report: Report) -> str:
    """One line on how many test sentences the model has seen in training."""
    if report.leaks is None:
        return "leaks: unknown, the bundle was written without its training data"
    if not report.leaks.either:
        return "leaks: none; no sentence of either side stands in the training data"
    leaks = report.leaks
    return (
        f"LEAK: {leaks.either:,} of {report.n_pairs:,} pairs have a sentence that stands in the training data "
        f"({leaks.source:,} sources, {leaks.target:,} targets): these scores flatter the translator"
    )


def draw_statistics(statistics: Statistics, console: Console) -> None:
    """Draw what a corpus is like."""
    facts = {
        "pairs": f"{statistics.n_pairs:,} in {statistics.n_rows:,} rows, {statistics.n_bad:,} bad",
        "source length": _lengths(statistics.src_lengths),
        "target length": _lengths(statistics.trg_lengths),
        "symbols": f"{statistics.n_src_symbols:,} in the source, {statistics.n_trg_symbols:,} in the target",
        "exact duplicates": f"{statistics.n_duplicates:,}",
        "groups that share a sentence": f"{statistics.n_groups:,}, the largest of {statistics.largest_group:,} pairs",
        "a random split would leak": f"{statistics.random_split_leak:.1%} of the test pairs",
    }
    draw_facts(facts, console)


def draw_facts(facts: dict[str, str], console: Console) -> None:
    """Draw names and values, one a line; a line is never cut, so that a program can read it too."""
    width = max(len(name) for name in facts) + 2
    for name, value in facts.items():
        console.print(Text.assemble((f"{name:<{width}}", "bold"), value))


def _lengths(lengths: Lengths) -> str:
    return (
        f"mean {lengths.mean:.1f}, median {lengths.median}, 95 % up to {lengths.p95}, at most {lengths.max} characters"
    )
