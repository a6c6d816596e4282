"""A translator and a test set to a Report: scores, what a translation memory would score, and what leaked.

Draws nothing: the command line and the plots draw the Report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from .corpus.pairs import Origin, Pair, evenly
from .corpus.splitting import normalise
from .errors import CorpusError, UsageError
from .metrics import check_n_bootstrap, corpus_scores, paired_significance, scores_by_length
from .neighbours import Neighbours
from .report import Example, Leak, Leaks, Report, Rival, Score

if TYPE_CHECKING:
    from .config import SearchConfig

N_EXAMPLES = 5
N_LEAK_EXAMPLES = 10
MAX_REMEMBERED = 100_000
"""Training pairs that the translation memory holds at most, spread evenly over all: it lies in memory."""


class HasText(Protocol):
    """What is read of a translation."""

    @property
    def text(self) -> str:
        """The translation."""
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
    options: SearchConfig | None = None,
    test_name: str = "",
    n_bootstrap: int = 1000,
    against: Evaluated | None = None,
    batch_size: int = 512,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Return what ``translator`` scores on ``pairs``, what a translation memory would score, and what leaked.

    The memory holds the translator's training pairs, of very many only `MAX_REMEMBERED`. ``against`` is a
    second translator into the same language: the Report then holds its scores and leaks too, and how the two
    differ. ``progress`` is called with the number of sentences translated so far and the number of all, both
    translators together. A `CorpusError` if there are no pairs, a `UsageError` if an argument cannot work.
    """
    _check(translator, pairs, test_name, against, batch_size)
    check_n_bootstrap(n_bootstrap)
    systems = [translator] if against is None else [translator, against]
    srcs, refs = [pair.src for pair in pairs], [pair.trg for pair in pairs]
    hyps, *rival_hyps = _translate(systems, srcs, options, batch_size, progress)

    def score(hyps: Sequence[str]) -> tuple[Score, ...]:
        return corpus_scores(hyps, refs, trg=translator.trg, n_bootstrap=n_bootstrap)

    training = translator.training_pairs()
    memory = evenly(training, MAX_REMEMBERED) if training else None
    rival = None
    if against is not None:
        rival = Rival(
            fingerprint=against.fingerprint,
            scores=score(rival_hyps[0]),
            leaks=_leaks(pairs, against.training_pairs()),
            comparisons=paired_significance(hyps, rival_hyps[0], refs, trg=translator.trg),
        )
    return Report(
        test_name=test_name,
        test_hash=pairs_hash(pairs),
        n_pairs=len(pairs),
        fingerprint=translator.fingerprint,
        scores=score(hyps),
        baseline=score(_remembered(pairs, memory)) if memory else None,
        leaks=_leaks(pairs, training),
        examples=_examples(pairs, hyps),
        against=rival,
        by_length=scores_by_length(srcs, hyps, refs, src=translator.src, trg=translator.trg),
        n_remembered=len(memory) if memory else None,
    )


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
    if batch_size < 1:
        raise UsageError(f"the batch size must be at least 1, not {batch_size}")
    if against is not None and against.trg != translator.trg:
        raise UsageError(f"translators can be compared in one language, not in {translator.trg!r} and {against.trg!r}")


def _translate(
    systems: Sequence[Evaluated],
    srcs: Sequence[str],
    options: SearchConfig | None,
    batch_size: int,
    progress: Callable[[int, int], None] | None,
) -> list[list[str]]:
    """Return the translations of ``srcs`` by each system."""
    n_all = len(systems) * len(srcs)
    n_done = 0
    translations: list[list[str]] = []
    for system in systems:
        hyps: list[str] = []
        for start in range(0, len(srcs), batch_size):
            batch = srcs[start : start + batch_size]
            hyps += [translation.text for translation in system.translate(batch, options)]
            n_done += len(batch)
            if progress is not None:
                progress(n_done, n_all)
        translations.append(hyps)
    return translations


def _remembered(pairs: Sequence[Pair], memory: Sequence[Pair]) -> list[str]:
    """Return what a translation memory says: the target of the pair in ``memory`` whose source is nearest."""
    neighbours = Neighbours(memory)
    return [neighbours.nearest(pair.src)[0].pair.trg for pair in pairs]


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
