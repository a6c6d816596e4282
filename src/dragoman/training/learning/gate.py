"""Whether a bundle that has learned may take the place of the one before it, with reasons in words. Fits nothing.

It passes where all of this holds:

- BLEU and chrF of the dev part, in each direction, have not fallen by more than chance (p < 0.05), and chrF by no more
  than `MOST_LOST`, since the bundle before and since the training;
- corrections learned earlier that came out right before still do;
- no golden translation breaks: each is much as it was, or still scores against its reference at least half of what it
  did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ...corpus.pairs import Pair
from ...metrics import MAIN_SCORES, corpus_values, paired_significance
from ...translator import Translator
from ..running import Direction
from .lessons import Lesson, Lessons

MOST_LOST = 0.5
"""Points of dev chrF."""
LEAST_P = 0.05
REWORDED = 40.0
"""chrF of a golden translation against what it was: less is another sentence."""
LEAST_KEPT = 0.5
"""The share of its chrF against its reference that another sentence must keep."""
N_SHOWN = 3
"""Sentences that a reason names."""


class Questions(NamedTuple):
    """What both bundles are asked: the ``dev`` pairs, the ``lessons`` with the memory switched off, and the sources of
    the ``golden`` translations, which are those of the bundle before.
    """

    dev: Sequence[Pair]
    lessons: Lessons
    golden: Mapping[str, str]


class Answers(NamedTuple):
    """What a bundle says: by direction (``"en-es"``) to the dev part, and to each new and each earlier lesson and each
    golden source.
    """

    dev: dict[str, list[str]]
    new: list[str]
    earlier: list[str]
    golden: list[str]


class Verdict(NamedTuple):
    """Whether the gate was ``passed``, the ``reasons`` if not, and figures of both bundles: ``scores`` by direction,
    and how many new and earlier corrections come out right, and of how many.
    """

    passed: bool
    reasons: list[str]
    before: dict[str, Any]
    after: dict[str, Any]


def ask(translators: Mapping[Direction, Translator], questions: Questions) -> Answers:
    """Return what the translators of one bundle, by their directions, say."""

    def said(lessons: Sequence[Lesson]) -> list[str]:
        texts: dict[tuple[str, str, str], str] = {}
        for direction, translator in translators.items():
            srcs = [each.source for each in lessons if (each.src, each.trg) == (direction.src, direction.trg)]
            texts |= {(*direction[:2], src): text for src, text in zip(srcs, _texts(translator, srcs), strict=True)}
        return [texts[each.src, each.trg, each.source] for each in lessons]

    return Answers(
        {
            f"{direction.src}-{direction.trg}": _texts(translator, [p.src for p in direction.pairs(questions.dev)])
            for direction, translator in translators.items()
        },
        said(questions.lessons.new),
        said(questions.lessons.earlier),
        _texts(next(iter(translators.values())), list(questions.golden)),
    )


def judge(
    before: Answers,
    after: Answers,
    questions: Questions,
    directions: Sequence[Direction],
    trained_chrf: Mapping[str, float],
) -> Verdict:
    """Return the verdict; ``trained_chrf`` is the dev chrF of each direction before anything was learned, where that is
    known.
    """
    scores: list[dict[str, dict[str, float]]] = [{}, {}]
    reasons: list[str] = []
    for direction in directions:
        name, refs = f"{direction.src}-{direction.trg}", [pair.trg for pair in direction.pairs(questions.dev)]
        for values, answers in zip(scores, (before, after), strict=True):
            values[name] = corpus_values(answers.dev[name], refs, trg=direction.trg)
        reasons += _fallen(name, after.dev[name], before.dev[name], refs, direction.trg)
        reasons += _drifted(name, scores[1][name]["chrF2"], trained_chrf.get(name))
    reasons += _forgotten(before.earlier, after.earlier, questions.lessons.earlier)
    reasons += _broken(after.golden, questions, directions[0])
    figures = [
        {"scores": values, **_counts(answers, questions.lessons)}
        for values, answers in zip(scores, (before, after), strict=True)
    ]
    return Verdict(not reasons, reasons, *figures)


def is_right(said: str, lesson: Lesson) -> bool:
    """Whether a translation is that of the lesson, but for white space."""
    return said.split() == lesson.target.split()


def _texts(translator: Translator, srcs: Sequence[str]) -> list[str]:
    return [translation.text for translation in translator.stream(srcs)]


def _counts(answers: Answers, lessons: Lessons) -> dict[str, int]:
    """How many lessons come out right, and how many there are."""
    return {
        "new_right": sum(map(is_right, answers.new, lessons.new)),
        "n_new": len(lessons.new),
        "earlier_right": sum(map(is_right, answers.earlier, lessons.earlier)),
        "n_earlier": len(lessons.earlier),
    }


def _fallen(name: str, after: Sequence[str], before: Sequence[str], refs: Sequence[str], trg: str) -> list[str]:
    reasons = []
    for found in paired_significance(after, before, refs, trg=trg, names=MAIN_SCORES):
        lost = f"dev {found.name} of {name} fell from {found.value_b:.1f} to {found.value_a:.1f}"
        if found.difference < 0 and found.p_value < LEAST_P:
            reasons.append(f"{lost}, which is no chance (p = {found.p_value:.3f})")
        elif found.name == "chrF2" and found.difference < -MOST_LOST:
            reasons.append(f"{lost}, by more than {MOST_LOST}")
    return reasons


def _drifted(name: str, chrf: float, trained: float | None) -> list[str]:
    if trained is None or chrf >= trained - MOST_LOST:
        return []
    return [f"dev chrF2 of {name} has fallen from {trained:.1f} to {chrf:.1f} since the training"]


def _forgotten(before: Sequence[str], after: Sequence[str], lessons: Sequence[Lesson]) -> list[str]:
    lost = [
        f"{lesson.source!r} gives {now!r}"
        for then, now, lesson in zip(before, after, lessons, strict=True)
        if is_right(then, lesson) and not is_right(now, lesson)
    ]
    return [_told(lost, "corrections learned earlier no longer hold")] if lost else []


def _broken(said: Sequence[str], questions: Questions, direction: Direction) -> list[str]:
    corrected = {lesson.source for lesson in (*questions.lessons.new, *questions.lessons.earlier)}
    refs = {pair.src: pair.trg for pair in direction.pairs(questions.dev)}
    broken = [
        f"{src!r} gave {then!r} and gives {now!r}"
        for (src, then), now in zip(questions.golden.items(), said, strict=True)
        if src not in corrected and not _holds(then, now, refs.get(src), direction.trg)
    ]
    return [_told(broken, "golden translations do not hold")] if broken else []


def _holds(then: str, now: str, ref: str | None, trg: str) -> bool:
    if now == then or _chrf(now, then, trg) >= REWORDED:
        return True
    return ref is not None and _chrf(now, ref, trg) >= LEAST_KEPT * _chrf(then, ref, trg)


def _chrf(hyp: str, ref: str, trg: str) -> float:
    return corpus_values([hyp], [ref], trg=trg)["chrF2"]


def _told(found: Sequence[str], what: str) -> str:
    more = "; ..." if len(found) > N_SHOWN else ""
    return f"{len(found)} {what}: {'; '.join(found[:N_SHOWN])}{more}"
