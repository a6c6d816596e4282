"""What an evaluation says, as values: scores with their intervals, leaks, a second translator, and the Report of all.

Nothing is computed here; `metrics` scores and `evaluation` fills the Report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Score:
    """The score of a test set, 0 to 100, with its 95 % interval. TER may pass 100, and there less is better.

    ``low`` and ``high`` are percentiles of bootstrap resamples; ``signature`` says how the score was made.
    """

    name: str
    value: float
    low: float
    high: float
    signature: str

    def __str__(self) -> str:
        return f"{self.name} {self.value:.1f} [{self.low:.1f}, {self.high:.1f}]"


@dataclass(frozen=True)
class Comparison:
    """Two systems on one test set: ``difference`` is ``value_a - value_b``.

    ``p_value`` is the chance of so large a difference, either way, if the two were equally good.
    """

    name: str
    value_a: float
    value_b: float
    difference: float
    p_value: float
    signature: str


@dataclass(frozen=True)
class Leak:
    """A test sentence that stands in the training data too, and both places as ``file:line``.

    ``side`` is "source" or "target".
    """

    side: str
    text: str
    origin: str
    training_origin: str


@dataclass(frozen=True)
class Leaks:
    """Of how many test pairs the training data holds the source, the target, either, or both as one pair.

    Sentences are compared as `dragoman.corpus.splitting` compares them; ``examples`` names the first ten.
    """

    source: int
    target: int
    either: int
    both: int
    examples: tuple[Leak, ...]


@dataclass(frozen=True)
class Example:
    """A test sentence, its reference and what the translator made of it."""

    src: str
    ref: str
    hyp: str


@dataclass(frozen=True)
class Compared:
    """What a second translator scores on the same pairs.

    In ``comparisons`` a is the translator of the report and b the second.
    """

    scores: tuple[Score, ...]
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True)
class Rival(Compared):
    """A second translator on the same test set."""

    fingerprint: str
    leaks: Leaks | None


@dataclass(frozen=True)
class HarderPart:
    """BLEU and chrF2 on the pairs that ``definition`` describes: long, and unlike the training sentences.

    ``baseline`` and ``against`` are as in the Report.
    """

    n_pairs: int
    definition: str
    scores: tuple[Score, ...]
    baseline: tuple[Score, ...] | None
    against: Compared | None

    def __str__(self) -> str:
        return f"harder part: {self.n_pairs:,} {self.definition}"


@dataclass(frozen=True)
class Invented:
    """The share of a translation's words, in per cent, that neither ``by`` nor the source has; less is better.

    ``references`` is the same share of the references' words. ``by`` is a dictionary, or the words of training.
    """

    score: Score
    references: Score
    by: str

    def __str__(self) -> str:
        low, high = self.score.low, self.score.high
        own = f"the references' own {self.references.value:.1f} %"
        return f"{self.score.name} {self.score.value:.1f} % ({low:.1f} to {high:.1f}), by {self.by}; {own}"


@dataclass(frozen=True)
class CorpusScores:
    """BLEU and chrF2 on the test pairs of one of several corpora; ``against`` is as in the Report."""

    name: str
    n_pairs: int
    scores: tuple[Score, ...]
    against: Compared | None

    def in_words(self, other: str) -> str:
        """Return the scores in a line; ``other`` is the word before those of a second translator."""
        scores = []
        for score in self.scores:
            second = [
                f", {other} {s.value:.1f}"
                for s in (self.against.scores if self.against else ())
                if s.name == score.name
            ]
            scores.append("".join([str(score), *second]))
        return f"{self.name}, {self.n_pairs:,} pairs: {'; '.join(scores)}"


@dataclass(frozen=True)
class LengthClass:
    """The test pairs whose source has ``shortest`` to ``longest`` units, and what they score.

    ``longest`` is None in the last class, which has no upper end.
    """

    shortest: int
    longest: int | None
    n_pairs: int
    scores: tuple[Score, ...]

    def __str__(self) -> str:
        return f"{self.shortest}+" if self.longest is None else f"{self.shortest}\N{EN DASH}{self.longest}"


@dataclass(frozen=True)
class ScoresByLength:
    """Scores by the length of the source, in ``unit``: "words" or "characters"; the shortest class first.

    The bounds do not depend on the test set. A class without pairs is left out.
    """

    unit: str
    classes: tuple[LengthClass, ...]

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """Return what `Report.to_json` wrote as ``by_length``; a `ValueError` for anything else."""
        try:
            return cls(str(value["unit"]), tuple(_length_class(**entry) for entry in value["classes"]))
        except (ArithmeticError, AttributeError, LookupError, TypeError) as error:
            raise ValueError(f"no scores by length: {type(error).__name__}: {error}") from error


def _length_class(*, shortest: int, longest: int | None, n_pairs: int, scores: Sequence[Any]) -> LengthClass:
    return LengthClass(
        int(shortest),
        None if longest is None else int(longest),
        int(n_pairs),
        tuple(
            Score(str(s["name"]), float(s["value"]), float(s["low"]), float(s["high"]), str(s["signature"]))
            for s in scores
        ),
    )


@dataclass(frozen=True)
class Calibration:
    """Confidence beside what came of it, on the ``n_pairs`` of which it is known: its mean, the share that is of use,
    and the expected calibration ``error``, all 0 to 1.
    """

    n_pairs: int
    confidence: float
    useful: float
    error: float

    def __str__(self) -> str:
        return (
            f"confidence: {100 * self.confidence:.0f} % of {self.n_pairs:,} translations were expected to be of use "
            f"(chrF over 50), {100 * self.useful:.0f} % are; expected calibration error {self.error:.3f}"
        )


@dataclass(frozen=True)
class Report:
    """What a translator scores on a test set.

    ``baseline`` scores the translations of the nearest training sentences in place of the translator's, found
    among ``n_remembered`` training pairs. These and ``leaks`` are None where the training data is unknown.
    ``test_hash`` is the pairs' SHA-256. ``harder`` is None too where there are too few such pairs. In
    ``against_baseline``, of chrF2, a is the translator. ``corpora`` are the scores of each corpus, where the pairs are
    of several: also of those that the other scores leave out. ``invented`` is None in languages that put no spaces
    between words, and where there are neither a dictionary nor training pairs. ``calibration`` is None where
    the translator does not say how sure it is. ``verdict`` is what all this means, in sentences.
    """

    test_name: str
    test_hash: str
    n_pairs: int
    fingerprint: str
    scores: tuple[Score, ...]
    baseline: tuple[Score, ...] | None
    leaks: Leaks | None
    examples: tuple[Example, ...]
    against: Rival | None
    by_length: ScoresByLength
    n_remembered: int | None = None
    harder: HarderPart | None = None
    against_baseline: Comparison | None = None
    corpora: tuple[CorpusScores, ...] = ()
    invented: Invented | None = None
    calibration: Calibration | None = None
    verdict: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the report as a dict that ``json.dumps`` accepts."""
        return asdict(self)
