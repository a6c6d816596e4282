"""What came of a run: a line of a file, written as soon as it is known, so that a later bench goes on from there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from dragoman.report import Score

from ..harness import SideFailed


@dataclass(frozen=True)
class Task:
    """A system, to be trained for some ``minutes`` on pairs that ``data``, ``limit``, ``reverse`` and ``seed`` tell.

    ``data`` and ``test`` are names of files; ``test`` is None for the test part of the split.
    """

    system: str
    minutes: float
    seed: int
    data: str
    limit: int | None = None
    reverse: bool = False
    test: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of a task: the minutes that its training really took, and the scores of each test set by its name.

    ``figures`` and ``about`` are what the system says of itself, ``n_pairs`` the sizes of the test sets.
    """

    task: Task
    test_hash: str
    minutes_taken: float
    figures: dict[str, float]
    about: dict[str, str]
    n_pairs: dict[str, int]
    scores: dict[str, tuple[Score, ...]]
    machine: dict[str, Any]
    versions: dict[str, str]
    date: str

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Return the outcome that ``asdict`` made ``values`` of."""
        scores = {name: tuple(Score(**score) for score in of_set) for name, of_set in values["scores"].items()}
        return cls(**{**values, "task": Task(**values["task"]), "scores": scores})

    def score(self, test_set: str, name: str) -> Score | None:
        """Return the score of that name on a test set, or None if there is no such set."""
        return next((score for score in self.scores.get(test_set, ()) if score.name == name), None)


class Outcomes:
    """The outcomes in a folder, and the translations of each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "results.jsonl"
        (folder / "translations").mkdir(parents=True, exist_ok=True)
        self._known = [_read(self._file, *line) for line in _lines(self._file)]

    def of(self, task: Task, test_hash: str) -> Outcome | None:
        """Return what came of ``task`` on the test part of this hash, or None if it is still to be run."""
        return next((known for known in self._known if (known.task, known.test_hash) == (task, test_hash)), None)

    def add(self, outcome: Outcome, hyps: Sequence[str]) -> None:
        """Keep an outcome with the translations of the test part."""
        texts = json.dumps(list(hyps), ensure_ascii=False, indent=0) + "\n"
        self._translations(outcome).write_text(texts, "utf-8")
        with self._file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")
        self._known.append(outcome)

    def translations(self, outcome: Outcome) -> list[str]:
        """Return the translations of the test part."""
        hyps: list[str] = json.loads(self._translations(outcome).read_text("utf-8"))
        return hyps

    def _translations(self, outcome: Outcome) -> Path:
        task = outcome.task
        which = [task.system, f"{task.minutes:g}", f"seed{task.seed}", Path(task.data).stem]
        which += [f"limit{task.limit}"] if task.limit else []
        return self._folder / "translations" / ("-".join([*which, outcome.test_hash[:12]]) + ".json")


def _lines(file: Path) -> list[tuple[int, str]]:
    return list(enumerate(file.read_text("utf-8").splitlines(), start=1)) if file.exists() else []


def _read(file: Path, number: int, line: str) -> Outcome:
    try:
        return Outcome.from_json(json.loads(line))
    except (KeyError, TypeError, ValueError) as error:
        raise SideFailed(f"{file}:{number}: no outcome of this bench ({error}); remove the line") from error
