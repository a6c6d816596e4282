"""A translator and a test set to a Report: scores, what a translation memory would score, and what leaked.

Draws nothing: the command line and the plots draw the Report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import fsum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from .confidence import USEFUL, calibration_error
from .corpus.pairs import Origin, Pair, evenly
from .corpus.splitting import normalise
from .errors import CorpusError, UsageError
from .harder import definition, harder_pairs
from .invention import TrainingWords, Words, dictionary, has_words, invented_words
from .metrics import (
    MAIN_SCORES,
    SCORES,
    check_n_bootstrap,
    corpus_scores,
    paired_significance,
    scores_by_length,
    sentence_chrf,
)
from .neighbours import Neighbour, Neighbours
from .report import (
    Calibration,
    Compared,
    Comparison,
    CorpusScores,
    Example,
    HarderPart,
    Leak,
    Leaks,
    Report,
    Rival,
    Score,
)
from .verdict import Trained, verdict

if TYPE_CHECKING:
    from .bundle import Bundle
    from .config import SearchConfig

N_EXAMPLES = 5
N_LEAK_EXAMPLES = 10
N_TRIALS = 1000
"""Of the comparison with the baseline, which a training waits for: p is known to a hundredth or better."""
MAX_REMEMBERED = 120_000
"""Training pairs that the translation memory holds at most, spread evenly over all: it lies in memory."""


class HasText(Protocol):
    """What is read of a translation."""

    @property
    def text(self) -> str:
        """The translation."""
        ...

    @property
    def confidence(self) -> float | None:
        """The probability that it is of use, or None if nobody knows."""
        ...


class Evaluated(Protocol):
    """What is asked of a translator; `dragoman.translator.Translator` is one."""

    @property
    def src(self) -> str:
        """The code of the source language."""
        ...

    @property
    def trg(self) -> str:
        """The code of the target language."""
        ...

    @property
    def fingerprint(self) -> str:
        """What tells this translator from every other."""
        ...

    def translate(self, texts: Sequence[str], options: SearchConfig | None = None) -> Sequence[HasText]:
        """Return one translation for each text, in order."""
        ...

    def training_pairs(self) -> Sequence[Pair] | None:
        """Return the pairs it was trained on, or None if it does not know them."""
        ...


def evaluate(
    translator: Evaluated,
    pairs: Sequence[Pair],
    *,
    whole: Sequence[Pair] | None = None,
    beside: Sequence[Pair] = (),
    options: SearchConfig | None = None,
    test_name: str = "",
    n_bootstrap: int = 1000,
    against: Evaluated | None = None,
    batch_size: int = 512,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Return what ``translator`` scores on ``pairs``, what a translation memory would score, and what leaked.

    The memory holds the translator's training pairs, of very many only `MAX_REMEMBERED`. ``pairs`` may be a sample of
    a ``whole`` test set: the harder part, which is scored apart, is chosen from all of it. Where the pairs are of
    several corpora each is scored by itself too, and so are those ``beside``, which count nowhere else. ``against`` is
    a second translator into the same language: the Report then holds its scores and leaks too, and how the two differ.
    ``progress`` is called with the number of sentences translated so far and the number of all, both translators
    together. A `CorpusError` if there are no pairs, a `UsageError` if an argument cannot work.
    """
    _check(translator, pairs, test_name, against, batch_size)
    check_n_bootstrap(n_bootstrap)
    systems = [translator] if against is None else [translator, against]
    srcs, refs = [pair.src for pair in pairs], [pair.trg for pair in pairs]
    training = translator.training_pairs()
    memory = _Memory(training) if training else None
    harder = harder_pairs(whole or pairs, translator.src, memory.nearest) if memory else ()
    asked = [*srcs, *(pair.src for pair in (*harder, *beside))]
    said = _translate(systems, asked, options, batch_size, progress)
    measure = partial(_measure, said=said, memory=memory, trg=translator.trg, n_bootstrap=n_bootstrap)
    scores, baseline, compared = measure(pairs, SCORES)
    part = None
    if memory and harder:
        what = definition(translator.src, memory.n_pairs, memory.n_training)
        part = HarderPart(len(harder), what, *measure(harder, MAIN_SCORES))
    hyps = [said[0][src].text for src in srcs]
    measure_corpus = partial(_measure, said=said, memory=None, trg=translator.trg, n_bootstrap=n_bootstrap)
    corpora = []
    for name, own in _by_corpus([*pairs, *beside]).items():
        of_corpus = measure_corpus(own, MAIN_SCORES)
        corpora.append(CorpusScores(name, len(own), of_corpus.scores, of_corpus.against))
    known = _words(translator.trg, training)
    return Report(
        test_name=test_name,
        test_hash=pairs_hash(pairs),
        n_pairs=len(pairs),
        fingerprint=translator.fingerprint,
        scores=scores,
        baseline=baseline,
        leaks=_leaks(pairs, training),
        examples=_examples(pairs, hyps),
        against=_rival(against, pairs, compared) if against and compared else None,
        by_length=scores_by_length(srcs, hyps, refs, src=translator.src, trg=translator.trg),
        n_remembered=memory.n_pairs if memory else None,
        harder=part,
        against_baseline=_against_copies(hyps, pairs, memory, translator.trg) if memory else None,
        corpora=tuple(corpora),
        invented=invented_words(srcs, hyps, refs, known, n_bootstrap=n_bootstrap) if known else None,
        calibration=_calibration(pairs, said[0], translator.trg),
    )


def _calibration(pairs: Sequence[Pair], said: Mapping[str, HasText], trg: str) -> Calibration | None:
    known = [
        (said[pair.src].text, pair.trg, confidence)
        for pair in pairs
        if (confidence := said[pair.src].confidence) is not None
    ]
    if not known:
        return None
    hyps, refs, confidences = zip(*known, strict=True)
    useful = [chrf > USEFUL for chrf in sentence_chrf(hyps, refs, trg=trg)]
    n = len(known)
    return Calibration(n, fsum(confidences) / n, sum(useful) / n, calibration_error(confidences, useful))


def _words(trg: str, training: Sequence[Pair] | None) -> Words | None:
    found = dictionary(trg)
    if found is None and training and has_words(trg):
        return TrainingWords(pair.trg for pair in training)
    return found


def _by_corpus(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    """Return ``pairs`` by corpus; nothing where there is only one."""
    found: dict[str, list[Pair]] = {}
    for pair in pairs:
        found.setdefault(pair.origin.corpus, []).append(pair)
    return found if len(found) > 1 else {}


def judged(report: Report, bundle: Bundle) -> Report:
    """Return ``report`` with its verdict on the translator of ``bundle``."""
    n_pairs = bundle.provenance.n_pairs
    epochs = bundle.history[-1].get("epoch") if bundle.history else None
    return replace(report, verdict=verdict(report, Trained(n_pairs.get("train"), n_pairs.get("dev"), epochs)))


def pairs_hash(pairs: Sequence[Pair]) -> str:
    """Return the SHA-256 of the pairs' text in hexadecimal: it tells apart two test sets of one name."""
    digest = hashlib.sha256()
    for pair in pairs:
        digest.update(f"{pair.src}\t{pair.trg}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _check(
    translator: Evaluated, pairs: Sequence[Pair], test_name: str, against: Evaluated | None, batch_size: int
) -> None:
    if not pairs:
        raise CorpusError(f"{test_name or 'the test set'} has no pairs to evaluate on")
    if not (isinstance(batch_size, int) and batch_size >= 1):
        raise UsageError(f"the batch size must be at least 1, not {batch_size}")
    if against is not None and against.trg != translator.trg:
        raise UsageError(f"translators can be compared in one language, not in {translator.trg!r} and {against.trg!r}")


def _translate(
    systems: Sequence[Evaluated],
    srcs: Sequence[str],
    options: SearchConfig | None,
    batch_size: int,
    progress: Callable[[int, int], None] | None,
) -> list[dict[str, HasText]]:
    """Return what each system makes of ``srcs``, by source; those that come twice are translated once."""
    srcs = list(dict.fromkeys(srcs))
    n_all = len(systems) * len(srcs)
    n_done = 0
    said: list[dict[str, HasText]] = []
    for system in systems:
        said.append({})
        for start in range(0, len(srcs), batch_size):
            batch = srcs[start : start + batch_size]
            said[-1].update(zip(batch, system.translate(batch, options), strict=True))
            n_done += len(batch)
            if progress is not None:
                progress(n_done, n_all)
    return said


class _Memory:
    """A translation memory of ``training`` pairs, of very many only some: finds the nearest to a source, each once."""

    def __init__(self, training: Sequence[Pair]) -> None:
        remembered = evenly(training, MAX_REMEMBERED)
        self.n_pairs, self.n_training = len(remembered), len(training)
        self._neighbours = Neighbours(remembered)
        self._found: dict[str, Neighbour] = {}

    def nearest(self, src: str) -> Neighbour:
        if src not in self._found:
            self._found[src] = self._neighbours.nearest(src)[0]
        return self._found[src]


class _Measured(NamedTuple):
    """What a translator, the memory and a second translator score on some pairs."""

    scores: tuple[Score, ...]
    baseline: tuple[Score, ...] | None
    against: Compared | None


def _measure(
    pairs: Sequence[Pair],
    names: Collection[str],
    *,
    said: Sequence[Mapping[str, HasText]],
    memory: _Memory | None,
    trg: str,
    n_bootstrap: int,
) -> _Measured:
    refs = [pair.trg for pair in pairs]

    def score(hyps: Sequence[str]) -> tuple[Score, ...]:
        return corpus_scores(hyps, refs, trg=trg, names=names, n_bootstrap=n_bootstrap)

    hyps, *others = [[by_src[pair.src].text for pair in pairs] for by_src in said]
    against = [Compared(score(other), paired_significance(hyps, other, refs, trg=trg, names=names)) for other in others]
    return _Measured(
        scores=score(hyps),
        baseline=score([memory.nearest(pair.src).pair.trg for pair in pairs]) if memory else None,
        against=against[0] if against else None,
    )


def _against_copies(hyps: Sequence[str], pairs: Sequence[Pair], memory: _Memory, trg: str) -> Comparison:
    copies, refs = [memory.nearest(pair.src).pair.trg for pair in pairs], [pair.trg for pair in pairs]
    return paired_significance(hyps, copies, refs, trg=trg, names=("chrF2",), n_trials=N_TRIALS)[0]


def _rival(against: Evaluated, pairs: Sequence[Pair], compared: Compared) -> Rival:
    leaks = _leaks(pairs, against.training_pairs())
    return Rival(compared.scores, compared.comparisons, fingerprint=against.fingerprint, leaks=leaks)


def _leaks(pairs: Sequence[Pair], training: Sequence[Pair] | None) -> Leaks | None:
    if training is None:
        return None
    keys = [(normalise(pair.src), normalise(pair.trg)) for pair in pairs]
    known = _occurrences(keys, training)
    examples: list[Leak] = []
    for pair, (src, trg) in zip(pairs, keys, strict=True):
        if src in known.srcs:
            examples.append(Leak("source", pair.src, str(pair.origin), str(known.srcs[src])))
        if trg in known.trgs:
            examples.append(Leak("target", pair.trg, str(pair.origin), str(known.trgs[trg])))
    return Leaks(
        source=sum(src in known.srcs for src, _ in keys),
        target=sum(trg in known.trgs for _, trg in keys),
        either=sum(src in known.srcs or trg in known.trgs for src, trg in keys),
        both=sum(key in known.pairs for key in keys),
        examples=tuple(examples[:N_LEAK_EXAMPLES]),
    )


class _Occurrences(NamedTuple):
    """Where normalised sentences first stand in the training data, and which stand there as one pair."""

    srcs: dict[str, Origin]
    trgs: dict[str, Origin]
    pairs: set[tuple[str, str]]


def _occurrences(keys: Sequence[tuple[str, str]], training: Sequence[Pair]) -> _Occurrences:
    # Only what the test set asks for is kept: the training data may be a thousand times larger.
    srcs, trgs = {src for src, _ in keys}, {trg for _, trg in keys}
    known = _Occurrences({}, {}, set())
    for pair in training:
        src, trg = normalise(pair.src), normalise(pair.trg)
        if src in srcs:
            known.srcs.setdefault(src, pair.origin)
        if trg in trgs:
            known.trgs.setdefault(trg, pair.origin)
        if src in srcs and trg in trgs:
            known.pairs.add((src, trg))
    return known


def _examples(pairs: Sequence[Pair], hyps: Sequence[str]) -> tuple[Example, ...]:
    """Return a few examples, spread evenly over the test set."""
    n_examples = min(N_EXAMPLES, len(pairs))
    places = [i * len(pairs) // n_examples for i in range(n_examples)]
    return tuple(Example(pairs[i].src, pairs[i].trg, hyps[i]) for i in places)
