"""What results look like on standard output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from ..checking import Look
    from ..checking.source import Side
    from ..report import HarderPart, Report, Score


SHOWN, RARE_SHOWN = 90, 30
"""Characters of a text, and rare characters, that are shown."""


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
        console.print(Text(corpus.in_words("against")))
    if report.invented is not None:
        console.print(Text(str(report.invented)))
    console.print(Text(leak_line(report)))
    for leak in report.leaks.examples if report.leaks else ():
        console.print(
            Text(f"    {leak.origin}: the {leak.side} {leak.text!r} is {leak.training_origin} of the training data")
        )
    if report.calibration is not None:
        console.print(Text(str(report.calibration)))
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


def draw_look(look: Look, console: Console) -> None:
    """Draw what each source holds and loses, examples of both, and the findings."""
    for source in look.sources:
        console.print(Text.assemble((source.name, "bold"), f"  {source.how}" if source.how else ""))
        about = "about " if source.is_estimated else ""
        facts = {
            "pairs": f"{about}{source.n_pairs:,} to learn from, of {source.n_read:,} in {source.n_rows:,} rows",
            "source": _side(source.src),
            "target": _side(source.trg),
            "shared": f"{source.n_shared:,} pairs share a sentence with another: a random split would leak",
        }
        draw_facts({f"  {name}": value for name, value in facts.items()}, console)
        for src, trg in source.examples:
            console.print(Text(f"    {_short(src)} | {_short(trg)}", style="dim"))
        for reason, dropped in source.dropped.items():
            console.print(Text.assemble("  dropped: ", (f"{reason}, {dropped.n:,}", "bold")))
            for example in dropped.examples:
                console.print(Text(f"    {_short(example, 2 * SHOWN)}", style="dim"))
    console.print()
    facts = {"languages": f"{look.src or 'not known'}, {look.trg or 'not known'}"}
    draw_facts(facts | {"pairs": f"{look.n_pairs:,} of {look.n_read:,}"}, console)
    for finding in look.findings:
        mark, style = ("!!", "bold red") if finding.stops else ("! ", "yellow") if finding.is_warning else ("  ", "")
        console.print(
            Text.assemble((f"{mark} {finding.text}", style), f" ({finding.remedy})" if finding.remedy else "")
        )


def _side(side: Side) -> str:
    rare = f", rare: {side.rare[:RARE_SHOWN]}" if side.rare else ""
    return (
        f"{side.n_words:,} words; {side.mean:.0f} characters on average, "
        f"95 % up to {side.p95}, at most {side.longest}; "
        f"{side.n_characters:,} different{rare}"
    )


def _short(text: str, at_most: int = SHOWN) -> str:
    return text if len(text) <= at_most else f"{text[: at_most - 1]}…"


def draw_facts(facts: dict[str, str], console: Console) -> None:
    """Draw names and values, one a line; a line is never cut, so that a program can read it too."""
    width = max(len(name) for name in facts) + 2
    for name, value in facts.items():
        console.print(Text.assemble((f"{name:<{width}}", "bold"), value))
