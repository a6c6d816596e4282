"""What JoeyNMT's log says. It counts target tokens as we do: without padding, with the one that ends a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

_PROGRESS = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) - INFO - joeynmt\.training - Epoch +\d+, Step: +(?P<step>\d+), "
    r"Batch Loss: +(?P<loss>[\d.]+|nan), .*Tokens per Sec: +(?P<rate>\d+),"
)
_PARAMETERS = re.compile(r"Total params: (\d+)")
_VALIDATION, _BETTER = "Evaluation result (greedy)", "Hooray! New best validation result"
_DEV_SCORE = re.compile(r"\tchrf: ([\d.]+)\t")
_GENERATION = re.compile(r"Generation took ([\d.]+)\[sec\]")


class LogError(Exception):
    """The log does not say what it should; the message says what is missing."""


class Progress(NamedTuple):
    """A line of progress: when it was written, updates so far, the loss of a batch, the rate since the last line."""

    at: datetime
    step: int
    loss: float
    tokens_per_s: float


class Rate(NamedTuple):
    """The steady part of a training."""

    tokens_per_s: float
    tokens_per_batch: float
    seconds: float


def progress_of(line: str) -> Progress | None:
    """Return the progress that ``line`` tells of, if it does."""
    found = _PROGRESS.match(line)
    if not found:
        return None
    at = datetime.strptime(found["at"], "%Y-%m-%d %H:%M:%S,%f")
    return Progress(at, int(found["step"]), float(found["loss"]), float(found["rate"]))


class Patience:
    """Says of the lines of a log when so many validations in a row have not bettered the dev score.

    The score itself stands in the log as a share with two digits, too few to compare: a better one is announced.
    """

    def __init__(self, patience: int) -> None:
        self._patience = patience
        self._n_since = 0

    def __call__(self, line: str) -> bool:
        """Tell whether the patience had ended by the time of ``line``, a line of progress."""
        if _VALIDATION in line:
            self._n_since += 1
        elif _BETTER in line:
            self._n_since = 0
        return self._n_since >= self._patience and progress_of(line) is not None


def dev_scores(report: str) -> list[float]:
    """Return the dev scores, chrF from 0 to 100, in the order in which the report of the validations has them."""
    return [100 * float(found) for found in _DEV_SCORE.findall(report)]


def steady_rate(lines: Sequence[Progress], warm_up: int) -> Rate:
    """Return the rate after the first ``warm_up`` updates; too few lines for one are a `LogError`.

    The log gives the rate of each stretch of updates, and the seconds between two lines are its duration. At the end of
    an epoch the rate counts from there only, which shifts the whole by less than the batch that it leaves out.
    """
    counted = [line for line in lines if line.step >= warm_up]
    if len(counted) < 2:
        raise LogError(f"a rate needs two lines of progress after {warm_up} updates, not {len(counted)}: train longer")
    stretches = [((after.at - before.at).total_seconds(), after.tokens_per_s) for before, after in pairwise(counted)]
    seconds = sum(duration for duration, _ in stretches)
    n_tokens = sum(duration * rate for duration, rate in stretches)
    return Rate(n_tokens / seconds, n_tokens / (counted[-1].step - counted[0].step), seconds)


def last_loss(lines: Sequence[Progress], n_lines: int = 10) -> float:
    """Return the mean loss of a token over the batches of the last lines."""
    losses = [line.loss for line in lines[-n_lines:]]
    return sum(losses) / len(losses)


def n_parameters(lines: Iterable[str]) -> int:
    """Return the number of the model's parameters."""
    return int(_one(_PARAMETERS, lines))


def generation_seconds(lines: Iterable[str]) -> float:
    """Return how long the decoding took, without the loading of the model."""
    return float(_one(_GENERATION, lines))


def _one(pattern: re.Pattern[str], lines: Iterable[str]) -> str:
    for line in lines:
        if found := pattern.search(line):
            return found[1]
    raise LogError(f"the log has no line with {pattern.pattern!r}")
