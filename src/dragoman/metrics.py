"""What a translation is worth: BLEU, chrF, TER and exact match with intervals and signatures.

The scores are sacrebleu's (Post, 2018). Its statistics are resampled here, because sacrebleu itself takes the
seed from the environment. This file may not touch files, translators or the terminal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .errors import CorpusError, UsageError
from .report import Comparison, LengthClass, Score, ScoresByLength

Statistics: TypeAlias = NDArray[np.float64]

SCORES = ("BLEU", "chrF2", "TER", "EXACT")
MAIN_SCORES = SCORES[:2]


class _Writing(NamedTuple):
    """How a language's sentences are cut for BLEU, and whether TER cuts East Asian characters apart."""

    tokenizer: str
    asian: bool


_SPACED = _Writing("13a", asian=False)
# Characters where sacrebleu has no word tokenizer, or one (Japanese, Korean) that needs another package.
_WRITINGS = {
    code: writing
    for codes, writing in (
        ("zh zho chi cmn yue wuu hak nan gan hsn lzh", _Writing("zh", asian=True)),
        ("ja jpn", _Writing("char", asian=True)),
        ("ko kor th tha lo lao km khm my mya bur bo bod tib dz dzo", _Writing("char", asian=False)),
    )
    for code in codes.split()
}


def _writing(trg: str) -> _Writing:
    language = re.split(r"[-_]", trg.strip().lower())[0]
    return _WRITINGS.get(language, _SPACED)


class _Total(Protocol):
    """A score that is made of sums over sentences, so that a resample needs new sums only."""

    name: str

    def value(self, totals: Statistics) -> float:
        """Return the score of the sums (K,) over a test set."""
        ...

    def signature(self, **conditions: object) -> str:
        """Return how the score is made, as ``key:value`` with ``|`` between."""
        ...


class _Measure(_Total, Protocol):
    """A score of hypotheses beside their references."""

    def statistics(self, hyps: Sequence[str], refs: Sequence[str]) -> Statistics:
        """Return what each sentence adds, (N, K); whole numbers, so that sums are exact in any order."""
        ...


class _Sacrebleu:
    """A metric of sacrebleu."""

    def __init__(self, name: str, metric: Any) -> None:
        self.name = name
        self._metric = metric

    def statistics(self, hyps: Sequence[str], refs: Sequence[str]) -> Statistics:
        # sacrebleu resamples through these two methods of its metrics, and offers no public way to them.
        return np.array(self._metric._extract_corpus_statistics(hyps, [refs]), dtype=np.float64)

    def value(self, totals: Statistics) -> float:
        return float(self._metric._compute_score_from_stats(totals.tolist()).score)

    def signature(self, **conditions: object) -> str:
        signature = self._metric.get_signature()
        for key, value in conditions.items():
            signature.update(key, value)
        return str(signature)


class _Share:
    """A share in per cent: each sentence adds how many there are, and of how many. Of none it is 0."""

    def __init__(self, name: str, how: Mapping[str, object]) -> None:
        self.name = name
        self._how = how

    def value(self, totals: Statistics) -> float:
        return float(100 * totals[0] / max(1, totals[1]))

    def signature(self, **conditions: object) -> str:
        return "|".join(f"{key}:{value}" for key, value in {**conditions, **self._how}.items())


class _ExactMatch(_Share):
    """The share of hypotheses that are their reference, NFC, without white space at either end."""

    def __init__(self) -> None:
        super().__init__("EXACT", {"case": "mixed", "norm": "nfc+strip", "by": "dragoman"})

    def statistics(self, hyps: Sequence[str], refs: Sequence[str]) -> Statistics:
        def key(text: str) -> str:
            return unicodedata.normalize("NFC", text.strip())

        return np.array([(key(hyp) == key(ref), 1) for hyp, ref in zip(hyps, refs, strict=True)], dtype=np.float64)

    def signature(self, **conditions: object) -> str:
        return super().signature(nrefs=1, **conditions)


def _measures(trg: str, names: Collection[str] = SCORES) -> tuple[_Measure, ...]:
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF
    from sacrebleu.metrics.ter import TER

    tokenizer, asian = _writing(trg)
    measures: tuple[_Measure, ...] = (
        # force=True: the warning against tokenized text also fires on what a weak translator writes.
        _Sacrebleu("BLEU", BLEU(tokenize=tokenizer, force=True)),
        _Sacrebleu("chrF2", CHRF()),
        _Sacrebleu("TER", TER(normalized=asian, asian_support=asian)),
        _ExactMatch(),
    )
    return tuple(measure for measure in measures if measure.name in names)


def _check(n_pairs: int, *others: int) -> None:
    if not n_pairs:
        raise CorpusError("there is nothing to score: the test set has no pairs")
    assert all(n == n_pairs for n in others), "one hypothesis for each reference"


def check_n_bootstrap(n_bootstrap: int) -> None:
    """Raise a `UsageError` for a number of resamples that no 95 % interval can be read from."""
    if not (isinstance(n_bootstrap, int) and n_bootstrap >= 40):
        raise UsageError(f"a 95 % interval needs at least 40 resamples, not {n_bootstrap}")


def _bootstrap(measure: _Total, statistics: Statistics, n_bootstrap: int, seed: int) -> Iterator[float]:
    """Yield the score of each resample (Koehn, 2004); for the same seed they are sacrebleu's own."""
    rng = np.random.default_rng(seed)
    n_pairs = len(statistics)
    for _ in range(n_bootstrap):
        times = np.bincount(rng.choice(n_pairs, size=n_pairs), minlength=n_pairs)
        yield measure.value(times @ statistics)


def _score(measure: _Total, statistics: Statistics, n_bootstrap: int, seed: int) -> Score:
    resampled = sorted(_bootstrap(measure, statistics, n_bootstrap, seed))
    outside = n_bootstrap // 40
    return Score(
        measure.name,
        measure.value(statistics.sum(axis=0)),
        low=resampled[outside],
        high=resampled[-1 - outside],
        signature=measure.signature(bs=n_bootstrap, seed=seed),
    )


def corpus_scores(
    hyps: Sequence[str],
    refs: Sequence[str],
    *,
    trg: str,
    names: Collection[str] = SCORES,
    seed: int = 12345,
    n_bootstrap: int = 1000,
) -> tuple[Score, ...]:
    """Return BLEU, chrF2, TER and EXACT of ``hyps`` against ``refs``, in this order, or those of them in ``names``.

    ``trg`` is the code of the target language (ISO 639-1 or 639-3): BLEU's tokenizer and TER's normalisation
    depend on it, and the signatures say which were used. TER counts words between spaces in all languages but
    Chinese and Japanese. A `CorpusError` where there is nothing to score.
    """
    _check(len(refs), len(hyps))
    check_n_bootstrap(n_bootstrap)
    return tuple(_score(m, m.statistics(hyps, refs), n_bootstrap, seed) for m in _measures(trg, names))


def share(
    name: str, counts: Sequence[tuple[int, int]], *, seed: int = 12345, n_bootstrap: int = 1000, **how: object
) -> Score:
    """Return a share in per cent with its interval, where ``counts`` has for each sentence how many there are, and of
    how many; ``how`` they were counted goes into the signature. A `CorpusError` where there is nothing to count.
    """
    _check(len(counts))
    check_n_bootstrap(n_bootstrap)
    return _score(_Share(name, how), np.array(counts, dtype=np.float64), n_bootstrap, seed)


def length_unit(src: str) -> str:
    """Return "words", between spaces, or "characters" where BLEU does not cut the language ``src`` at spaces."""
    return "words" if _writing(src) == _SPACED else "characters"


def lengths(srcs: Sequence[str], src: str) -> list[int]:
    """Return the length of each of ``srcs``, in units of the language ``src``; spaces are no characters."""
    if length_unit(src) == "words":
        return [len(text.split()) for text in srcs]
    return [len("".join(text.split())) for text in srcs]


_SHORTEST = {"words": (1, 3, 5, 7, 10, 15, 20, 30), "characters": (1, 5, 10, 15, 20, 30, 40, 60)}
"""Where the length classes begin, by unit."""


def scores_by_length(
    srcs: Sequence[str],
    hyps: Sequence[str],
    refs: Sequence[str],
    *,
    src: str,
    trg: str,
    seed: int = 12345,
    n_bootstrap: int = 200,
) -> ScoresByLength:
    """Return BLEU and chrF2 of ``hyps`` against ``refs``, in classes of the length of ``srcs``.

    An empty source counts as one unit. 200 resamples place the ends of an interval within about
    a tenth of its width, near enough for a picture. A `CorpusError` where there is nothing to score.
    """
    _check(len(refs), len(srcs), len(hyps))
    check_n_bootstrap(n_bootstrap)
    unit = length_unit(src)
    bounds = _SHORTEST[unit]
    places = np.maximum(np.digitize(lengths(srcs, src), bounds), 1) - 1
    measured = [(measure, measure.statistics(hyps, refs)) for measure in _measures(trg, MAIN_SCORES)]
    return ScoresByLength(
        unit,
        tuple(
            LengthClass(
                shortest=bounds[place],
                longest=bounds[place + 1] - 1 if place + 1 < len(bounds) else None,
                n_pairs=int((places == place).sum()),
                scores=tuple(_score(m, statistics[places == place], n_bootstrap, seed) for m, statistics in measured),
            )
            for place in np.unique(places).tolist()
        ),
    )


def corpus_values(hyps: Sequence[str], refs: Sequence[str], *, trg: str) -> dict[str, float]:
    """Return the values of BLEU, chrF2 and EXACT by name, without intervals: quick, for watching a training."""
    _check(len(refs), len(hyps))
    return {m.name: m.value(m.statistics(hyps, refs).sum(axis=0)) for m in _measures(trg, ("BLEU", "chrF2", "EXACT"))}


def sentence_chrf(hyps: Sequence[str], refs: Sequence[str], *, trg: str) -> list[float]:
    """Return the chrF2 of each of ``hyps`` by itself, 0 to 100."""
    (chrf,) = _measures(trg, ("chrF2",))
    return [chrf.value(row) for row in chrf.statistics(hyps, refs)] if hyps else []


def _p_value(measure: _Measure, a: Statistics, b: Statistics, n_trials: int, seed: int) -> float:
    """Return p of a two-sided approximate randomisation: outputs swapped at random, and scored again.

    After Riezler and Maxwell (2005). A trial that ties with the real difference counts against it, so that no
    system differs from itself; sacrebleu counts it the other way. Phipson and Smyth (2010) add the ones.
    """
    if np.array_equal(a, b):
        return 1.0  # whatever is swapped, the difference is that of equal systems: none
    rng = np.random.default_rng(seed)
    total_a, total_b, gap = a.sum(axis=0), b.sum(axis=0), b - a
    real = abs(measure.value(total_a) - measure.value(total_b))
    n_reached = 0
    for _ in range(n_trials):
        swapped = rng.integers(2, size=len(gap), dtype=np.int8) @ gap
        n_reached += abs(measure.value(total_a + swapped) - measure.value(total_b - swapped)) >= real
    return (n_reached + 1) / (n_trials + 1)


def paired_significance(
    hyps_a: Sequence[str],
    hyps_b: Sequence[str],
    refs: Sequence[str],
    *,
    trg: str,
    names: Collection[str] = SCORES,
    seed: int = 12345,
    n_trials: int = 10_000,
) -> tuple[Comparison, ...]:
    """Return how BLEU, chrF2, TER and EXACT of two systems, or those in ``names``, differ, and whether by chance.

    The test is approximate randomisation; the smallest p that it can show is ``1 / (n_trials + 1)``. A
    `CorpusError` where there is nothing to score.
    """
    _check(len(refs), len(hyps_a), len(hyps_b))
    comparisons = []
    for measure in _measures(trg, names):
        a, b = measure.statistics(hyps_a, refs), measure.statistics(hyps_b, refs)
        value_a, value_b = measure.value(a.sum(axis=0)), measure.value(b.sum(axis=0))
        p_value = _p_value(measure, a, b, n_trials, seed)
        signature = measure.signature(ar=n_trials, ties="counted", seed=seed)
        comparisons.append(Comparison(measure.name, value_a, value_b, value_a - value_b, p_value, signature))
    return tuple(comparisons)
