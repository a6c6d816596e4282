"""What is shown while a bundle learns: the view of a training with what learning adds."""

from __future__ import annotations

from ..training.events import Prepared
from ..training.learning.events import Gathered, LearningEvent
from ..training.learning.gate import Verdict
from .training_view import TrainingView


class LearningView(TrainingView):
    """Draws the events of `dragoman.training.learning` on standard error."""

    def __call__(self, event: LearningEvent) -> None:
        """Draw one event."""
        if isinstance(event, Gathered):
            self._gathered(event)
        elif isinstance(event, Verdict):
            self._judged(event)
        elif not isinstance(event, Prepared):  # what it says of a corpus is not so here
            super().__call__(event)

    def _gathered(self, event: Gathered) -> None:
        self._print(
            f"learning {event.n_new:,} corrections, with {event.n_contexts:,} further pairs made of them; "
            f"{event.n_earlier:,} were learned earlier"
        )
        if event.n_put_off:
            self._print(f"{event.n_put_off:,} older ones wait for the next time")
        for part, n in event.n_unscored.items():
            if n:
                self._print(f"{n:,} pairs of the {part} part hold a corrected sentence, and are scored no more")

    def _judged(self, verdict: Verdict) -> None:
        before, after = verdict.before, verdict.after
        self._print(f"corrections right: {before['new_right']} before, {after['new_right']} now, of {after['n_new']}")
        if after["n_earlier"]:
            was, now, n = before["earlier_right"], after["earlier_right"], after["n_earlier"]
            self._print(f"learned earlier and right: {was} before, {now} now, of {n}")
        for direction, values in after["scores"].items():
            then = before["scores"][direction]
            told = ", ".join(f"{name} {then[name]:.1f} before, {values[name]:.1f} now" for name in ("BLEU", "chrF2"))
            self._print(f"dev part, {direction}: {told}")
        self._print("passed" if verdict.passed else "not passed", "bold")
        for reason in verdict.reasons:
            self._print(f"    {reason}")
