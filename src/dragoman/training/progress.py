"""The events of a training in lines of text: for the terminal, and for who calls `train` from Python."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import singledispatchmethod
from typing import Literal

from ..config import TrainConfig
from ..corpus.store import CorpusFacts
from ..fitting.events import Planned, Progress, Resumed, Validated
from .events import Chosen, Downloading, Event, Prepared, Preparing, Samples, Scored, Scoring

SECONDS_BETWEEN_LINES = 15.0
N_SAMPLED = 8
"""Times that sample translations are shown in a whole training, beside the first."""

Style = Literal["", "bold", "dim"]


class Lines:
    """A listener that gives the lines of each event to ``say``, with a style for where there are any."""

    def __init__(self, say: Callable[[str, Style], None]) -> None:
        self._say = say
        self._last_line: float | None = None
        self._padding = 0.0
        self._begin(1)

    def _begin(self, n_steps: int) -> None:
        """A fit of ``n_steps`` begins, or goes on."""
        self._n_steps, self._dev_chrf = n_steps, ""
        self._sampled_at, self._n_sampled = -1, -1

    def __call__(self, event: Event) -> None:
        """Say what there is to say of one event."""
        self._tell(event)

    @singledispatchmethod
    def _tell(self, event: Event) -> None:
        raise AssertionError(f"an event that has no words: {event}")

    def _print(self, text: str, style: Style = "") -> None:
        self._say(text, style)

    def _is_time(self) -> bool:
        """Whether nothing was said for a while, of what would fill the screen."""
        now = time.monotonic()
        if self._last_line is None:  # a training begins
            self._last_line = now
        if now - self._last_line < SECONDS_BETWEEN_LINES:
            return False
        self._last_line = now
        return True

    @_tell.register
    def _downloading(self, event: Downloading) -> None:
        if self._is_time():
            self._print(f"downloaded {event.n_bytes / 1e6:,.0f} MB")

    @_tell.register
    def _preparing(self, event: Preparing) -> None:
        if self._is_time():
            share = f", {event.n_bytes / event.n_bytes_in_all:.0%} of the text" if event.n_bytes_in_all else ""
            self._print(f"read {event.n_pairs:,} pairs{share}")

    @_tell.register
    def _chosen(self, event: Chosen) -> None:
        self._print(f"plan: {event.model}; {_training_in_words(event.training)}")
        if event.expected is not None:
            chrf, spread = event.expected
            self._print(f"expected: dev chrF of {chrf:.0f} ± {spread:.0f}, in 4 of 5 trainings like this one")

    @_tell.register
    def _prepared(self, event: Prepared) -> None:
        self._print(f"{event.cleaning}" + (f"; {event.n_bad_rows:,} bad rows" if event.n_bad_rows else ""))
        parts = ", ".join(f"{n:,} {part}" for part, n in event.n_pairs.items())
        self._print(f"split without leaks: {parts} pairs")
        if len(event.corpora) > 1:
            for corpus in event.corpora:
                aim = event.aim if len(event.aim) < len(event.corpora) else ()
                self._print(_corpus_in_words(corpus, event.weights.get(corpus.name, 1.0), aim))
        if event.n_passed_over:
            self._print(
                f"not enough time to see every pair twice: leaving out the {event.n_passed_over:,} that are least like "
                "what this training is for"
            )
        if event.unknown:
            self._print(f"characters of the dev part that training never sees: {' '.join(event.unknown)}")
        if event.n_left_out:
            self._print(f"{event.n_left_out:,} training pairs are too long for a row and left out")
        src_size, trg_size = event.vocabulary_sizes
        self._print(f"{event.n_parameters:,} parameters; vocabularies of {src_size:,} and {trg_size:,}")

    @_tell.register
    def _planned(self, event: Planned) -> None:
        self._padding = event.padding
        self._begin(event.n_steps)
        epochs = event.n_steps / event.n_steps_per_epoch
        self._print(
            f"at most {event.n_steps:,} steps, {epochs:,.4g} epochs; "
            f"{event.padding:.0%} of the target tokens are padding"
        )
        if event.seconds is not None:
            end = datetime.now().astimezone() + timedelta(seconds=event.seconds)
            self._print(f"done at {end:%H:%M:%S}, in {_duration(event.seconds)}, scores and all")

    @_tell.register
    def _resumed(self, event: Resumed) -> None:
        self._begin(event.n_steps)
        if event.step:
            self._print(f"going on after step {event.step:,} of {event.n_steps:,}", "bold")
        else:
            self._print("starting again: it was cut off before a step was kept", "bold")

    @_tell.register
    def _progress(self, event: Progress) -> None:
        if self._is_time():
            self._print(f"{self.epoch(event)}  step {event.step:,}/{event.n_steps:,}  {self.news(event)}")

    def epoch(self, event: Progress) -> str:
        """Return how far a fit has come."""
        return f"epoch {event.step / event.n_steps_per_epoch:.1f}/{event.n_steps / event.n_steps_per_epoch:.4g}"

    def news(self, event: Progress) -> str:
        """Return what else is known of a fit on its way."""
        news = [f"loss {event.loss:.3f}", *([f"dev chrF {self._dev_chrf}"] if self._dev_chrf else [])]
        if event.tokens_per_second:  # unknown while the first steps compile
            news += [f"{event.tokens_per_second:,.0f} tokens/s", f"{self._padding:.0%} padding"]
            news += [f"{memory} MB"] if (memory := _peak_memory()) else []
            news += [f"{_duration(event.seconds_left)} left"]
        return "  ".join(news)

    @_tell.register
    def _validated(self, event: Validated) -> None:
        self._last_line = time.monotonic()
        self._dev_chrf = f"{event.dev_chrf:.1f}"
        notes = ("  best" if event.best else "") + ("" if event.complete else "  stopped on its way")
        self._print(
            f"epoch {event.epoch:.4g}  step {event.step:,}  loss {event.loss:.4f}  accuracy {event.accuracy:.2%}  "
            f"dev loss {event.dev_loss:.4f}  accuracy {event.dev_accuracy:.2%}  BLEU {event.dev_bleu:.1f}  "
            f"chrF {event.dev_chrf:.1f}  {event.seconds:.1f} s{notes}",
            "bold" if event.best else "",
        )

    @_tell.register
    def _samples(self, event: Samples) -> None:
        n = N_SAMPLED * event.step // self._n_steps
        if event.step != self._sampled_at:  # the second direction comes behind the first
            if n == self._n_sampled:
                return
            self._sampled_at, self._n_sampled = event.step, n
        for src, ref, hyp in event.rows:
            self._print(f"    {src} -> {hyp}   (reference: {ref})", "dim")

    @_tell.register
    def _scoring(self, event: Scoring) -> None:
        self._print(f"translating the {event.n_pairs:,} pairs of the {event.part} part")

    @_tell.register
    def _scored(self, event: Scored) -> None:
        self._print(", ".join(map(str, event.report.scores)), "bold")
        if (harder := event.report.harder) is not None:
            self._print(f"{harder}: {', '.join(map(str, harder.scores))}", "bold")
        for corpus in event.report.corpora:
            self._print(corpus.in_words("before"))
        if event.report.invented is not None:
            self._print(str(event.report.invented))
        for sentence in event.report.verdict:
            self._print(sentence)
        self._last_line = None


def _corpus_in_words(corpus: CorpusFacts, weight: float, aim: tuple[str, ...]) -> str:
    parts = ", ".join(f"{n:,} {part}" for part, n in corpus.n_pairs.items())
    how = f" ({corpus.how})" if corpus.how else ""
    often = f"; each is seen {weight:.3g} times a pass" if weight != 1 else ""
    return f"  {corpus.name}{how}: {parts} pairs{often}{'; the training is for these' if corpus.name in aim else ''}"


def _training_in_words(training: TrainConfig) -> str:
    rate = "" if training.learning_rate is None else f" at {training.learning_rate:g}"
    return f"{training.optimizer}{rate}, {training.schedule}"


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _peak_memory() -> int | None:
    """Return the most memory that this process has had at once, in MB; None where the system does not say."""
    if sys.platform == "win32":
        return None
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 10**6


def _to_standard_error(text: str, style: Style) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


print_progress = Lines(_to_standard_error)
"""A listener that prints lines to standard error."""
