"""What is to be said of pairs before a training: each thing once, with what can be done about it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..corpus.formats.columns import HEADER
from ..corpus.languages import UNDETERMINED
from ..corpus.pairs import Pair
from ..errors import MissingPackageError
from ..recipe.expectation import expect
from ..recipe.rules import Task, model_rules
from .damage import DAMAGE
from .languages import look_at_languages
from .source import SourceLook

MINUTES = (5, 15, 30, 60)
"""The minutes of which it is said what to expect."""
TEST_SHARE = 0.02
CHRF_SPREAD = 29.0
"""The standard deviation of chrF from sentence to sentence, as in the test part of Tatoeba."""
MANY = 0.05
"""A greater share of damaged pairs is a fault of the whole file."""
FEW = 0.002
"""A smaller share is no warning: most corpora have as many."""
EQUAL = 0.5
"""The share of pairs with equal sides from which on they are no translations."""
NEAR = 0.05
"""The share of near duplicates that is worth a word."""


@dataclass(frozen=True)
class Finding:
    """What was found, in a line, and what can be done about it; whether it ``stops`` a strict training, and whether it
    is a warning or only good to know.
    """

    kind: str
    text: str
    remedy: str = ""
    stops: bool = False
    is_warning: bool = True

    def __str__(self) -> str:
        return f"{self.text} ({self.remedy})" if self.remedy else self.text


def findings(
    sources: Sequence[SourceLook],
    sample: Sequence[Pair],
    named: tuple[str, str],
    passed_over: Mapping[str, float],
    limits: Sequence[int | None],
) -> tuple[tuple[str | None, str | None], list[Finding]]:
    """Return the languages that the sides of ``sample`` look like, and what is to be said of the ``sources``."""
    seen, found = _languages(sample, named)
    n_equal = sum(pair.src == pair.trg for pair in sample)
    if n_equal > EQUAL * len(sample):
        text = f"in {n_equal / len(sample):.0%} of the pairs both sides are the same text"
        found.append(Finding("equal sides", text, "is it the file of translations?", stops=True))
    found += _damage(sources)
    for reason, share in passed_over.items():
        text = f"{reason} on the two sides of {share:.0%} of the pairs that have any: these are not dropped"
        found.append(Finding(reason, text, "look at some of them: is it meant so?"))
    for source in sources:
        if HEADER in source.dropped:
            found.append(Finding("header", f"{source.name}: the first row is a header, not a pair", is_warning=False))
    for source, limit in zip(sources, limits, strict=True):
        if limit is not None and source.is_sorted:
            text = f"{source.name} is sorted by length, and --limit takes its shortest pairs"
            found.append(Finding("sorted", text, "shuffle its lines first, or leave --limit out"))
    n_read, n_near = sum(source.n_read for source in sources), sum(source.n_near for source in sources)
    if n_near > NEAR * n_read:
        text = f"{n_near:,} pairs repeat another one but for case, spaces and marks"
        found.append(Finding("near duplicates", text, "they count as often as they stand there", is_warning=False))
    return seen, found + _expectations(sources, named, seen)


def _languages(sample: Sequence[Pair], named: tuple[str, str]) -> tuple[tuple[str | None, str | None], list[Finding]]:
    some = sample[:: max(1, len(sample) // 500)]
    try:
        seen, warnings = look_at_languages((p.src for p in some), (p.trg for p in some), *named)
    except MissingPackageError as error:
        return (None, None), [Finding("languages", f"the languages are not looked at: {error}")]
    found = [Finding("languages", warning, stops=True) for warning in warnings]
    if UNDETERMINED in named:
        looks = f"they look like {seen[0]} and {seen[1]}" if all(seen) else "and they do not show"
        remedy = f"--src {seen[0]} --trg {seen[1]}" if all(seen) else "name them: --src and --trg"
        found.append(Finding("no languages", f"the languages are not named; {looks}", remedy))
    return seen, found


def _damage(sources: Sequence[SourceLook]) -> list[Finding]:
    found = []
    for reason in DAMAGE:
        n = sum(source.dropped[reason].n for source in sources if reason in source.dropped)
        if not n:
            continue
        n_read = sum(source.n_read for source in sources)
        about = "about " if any(source.is_estimated for source in sources) else ""
        worst = max(sources, key=lambda source: source.dropped[reason].n if reason in source.dropped else 0)
        text = f"{reason}: {about}{n:,} of {n_read:,} pairs" + (f", most in {worst.name}" if len(sources) > 1 else "")
        is_much = n > MANY * n_read
        remedy = "look at the file: is it what it should be?" if is_much else "they are left out"
        found.append(Finding(reason, text, remedy, stops=is_much, is_warning=n > FEW * n_read))
    if n_mended := sum(source.mended for source in sources):
        found.append(Finding("mended", f"{n_mended:,} pairs with a broken encoding are mended", is_warning=False))
    return found


def _expectations(
    sources: Sequence[SourceLook], named: tuple[str, str], seen: tuple[str | None, str | None]
) -> list[Finding]:
    n_pairs = sum(source.n_pairs for source in sources)
    n_test = max(1, round(TEST_SHARE * n_pairs))
    within = 1.96 * CHRF_SPREAD / math.sqrt(n_test)
    text = f"a test part of {n_test:,} pairs: chrF will be known to about ± {within:.1f}"
    found = [Finding("test pairs", text, "more pairs make it surer" if within > 3 else "", is_warning=False)]
    codes = [code if code != UNDETERMINED else other for code, other in zip(named, seen, strict=True)]
    length = sum(source.trg.mean * source.n_pairs for source in sources) / max(1, n_pairs)
    width, chrf = [], []
    for minutes in MINUTES:
        width.append(str(model_rules(Task(n_pairs, 60.0 * minutes), {})["width"]))
        expected = expect(n_pairs, 60.0 * minutes, f"{codes[0]}-{codes[1]}", length)
        chrf.append(f"{expected.chrf:.0f} ± {expected.spread:.0f}" if expected else "not known")
    widths = _listed(width) if len(set(width)) > 1 else width[0]
    text = f"in {_listed(map(str, MINUTES))} minutes: models of width {widths}"
    if any(value != "not known" for value in chrf):
        text += f"; chrF of the dev part {_listed(chrf)}"
    return [*found, Finding("minutes", text, is_warning=False)]


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
