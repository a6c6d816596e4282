"""The gate, on answers that are given: what passes, and the words for what does not."""

from __future__ import annotations

import pytest

from dragoman.corpus.pairs import Origin, Pair
from dragoman.training.learning.gate import Answers, Questions, Verdict, judge
from dragoman.training.learning.lessons import Lesson, Lessons
from dragoman.training.running import directions

WAYS = directions("en", "es", both=False)
REFS = [f"Hay {n} casas blancas en la calle número {n}." for n in range(60)]
DEV = [Pair(f"There are {n} white houses.", ref, Origin("dev", n)) for n, ref in enumerate(REFS)]
BELL = Lesson("en", "es", "The bell.", "La campana.", "", 1, "1")
GO = Lesson("en", "es", "Go.", "Vete.", "", 2, "2")


def verdict(
    before: list[str] = REFS,
    after: list[str] = REFS,
    *,
    earlier: tuple[str, str] = ("Vete.", "Vete."),
    golden: tuple[str, str] = ("Ve a casa.", "Ve a casa."),
    trained: dict[str, float] | None = None,
    golden_source: str = "Go home.",
) -> Verdict:
    """What the gate says of two bundles, which agree but for what is given."""
    once, then = [
        Answers({"en-es": dev}, ["La campana."], [held], [gold])
        for dev, held, gold in zip((before, after), earlier, golden, strict=True)
    ]
    questions = Questions(DEV, Lessons([BELL], [GO]), {golden_source: golden[0]})
    return judge(once, then, questions, WAYS, trained or {})


def test_what_stays_as_it_was_passes() -> None:
    found = verdict()
    assert (found.passed, found.reasons) == (True, [])
    assert found.after == found.before
    assert (found.after["new_right"], found.after["n_new"]) == (1, 1)
    assert found.after["scores"]["en-es"]["chrF2"] == pytest.approx(100.0)


def test_a_dev_part_that_falls_does_not_pass() -> None:
    worse = ["Hay casas." if n % 2 else ref for n, ref in enumerate(REFS)]
    found = verdict(after=worse)
    assert not found.passed
    assert [reason.split(" of ")[0] for reason in found.reasons] == ["dev BLEU", "dev chrF2"]
    assert "fell from 100.0 to" in found.reasons[0]
    assert "no chance (p = 0.000)" in found.reasons[0]
    assert verdict(before=worse, after=REFS).passed


def test_more_than_half_a_point_is_too_much_even_by_chance() -> None:
    found = verdict(after=[*REFS[:-2], "Nada.", "Nada."])
    assert [reason for reason in found.reasons if "by more than 0.5" in reason or "no chance" in reason]
    assert not found.passed


def test_small_falls_may_not_add_up() -> None:
    assert verdict(trained={"en-es": 100.4}).passed
    found = verdict(trained={"en-es": 100.6})
    assert found.reasons == ["dev chrF2 of en-es has fallen from 100.6 to 100.0 since the training"]


def test_what_was_learned_earlier_must_hold_if_it_did() -> None:
    found = verdict(earlier=("Vete.", "Ve."))
    assert found.reasons == ["1 corrections learned earlier no longer hold: 'Go.' gives 'Ve.'"]
    assert (found.before["earlier_right"], found.after["earlier_right"]) == (1, 0)
    assert verdict(earlier=("Ve.", "Anda.")).passed


def test_a_golden_translation_may_be_reworded_but_not_break() -> None:
    assert verdict(golden=("Ve a casa.", "Vete a casa.")).passed
    found = verdict(golden=("Ve a casa.", "Sí."))
    assert found.reasons == ["1 golden translations do not hold: 'Go home.' gave 'Ve a casa.' and gives 'Sí.'"]
    assert verdict(golden=("Sí.", REFS[3]), golden_source=DEV[3].src).passed
    assert verdict(golden=("Ve a casa.", "Sí."), golden_source="Go.").passed
