"""What the end of a training will take: a rehearsal of translating, scoring and saving on a few pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from .config import SearchConfig
from .corpus import write_pairs
from .corpus.pairs import Pair, evenly
from .evaluation import MAX_REMEMBERED, evaluate
from .harder import MAX_HARDER, long_pairs
from .metrics import corpus_values
from .neighbours import Neighbours
from .translator import Translator

N_TRANSLATED = 64
FEW, MORE = 30, 120
FEW_LEARNED, MORE_LEARNED = 500, 4000


class Work(NamedTuple):
    """How many sentences the scoring of a part translates at most, and for how many it looks for the nearest."""

    n_translated: int
    n_compared: int


class _Said(NamedTuple):
    text: str
    confidence: float | None = 0.5


class _Standin:
    """Answers with references, each to another sentence's; ``training`` is what it claims to have learned."""

    def __init__(self, src: str, trg: str, pairs: Sequence[Pair], training: Sequence[Pair]) -> None:
        self.src, self.trg, self.fingerprint = src, trg, ""
        self._answers = {pair.src: _Said(other.trg) for pair, other in zip(pairs, reversed(pairs), strict=True)}
        self._training = training

    def translate(self, texts: Sequence[str], options: SearchConfig | None = None) -> list[_Said]:
        return [self._answers[text] for text in texts]

    def training_pairs(self) -> Sequence[Pair]:
        return self._training


def translation_seconds(translator: Translator, pairs: Sequence[Pair], options: SearchConfig) -> float:
    """Return the seconds that a trained ``translator`` will need for a sentence of ``pairs``, searched for as
    ``options`` say, from one that need not be trained yet: it runs for as many tokens as the references have.
    """
    sample = evenly(pairs, N_TRANSLATED)
    n_tokens = sum(len(translator.trg_vocabulary.encode(pair.trg)) + 1 for pair in sample) / len(sample)
    options = replace(options, max_length=max(1, round(n_tokens)))
    began = perf_counter()
    translator.translate([pair.src for pair in sample], options)
    return (perf_counter() - began) / len(sample)


def watching_seconds(refs: Sequence[str], trg: str) -> float:
    """Return the seconds that the scores of a validation take, translation left out."""
    corpus_values(refs[:FEW], refs[:FEW], trg=trg)  # loads what it needs
    began = perf_counter()
    corpus_values(list(reversed(refs)), refs, trg=trg)
    return perf_counter() - began


def work(scored: Sequence[Pair], whole: Sequence[Pair], src: str) -> Work:
    """Return the work of scoring a part, ``scored`` of whose ``whole`` are in its scores and all may be in the harder
    part.
    """
    srcs = {pair.src for pair in scored}
    n_more = sum(pair.src not in srcs for pair in long_pairs(whole, src))
    return Work(len(scored) + min(n_more, MAX_HARDER), len(scored) + n_more)


def scoring_seconds(
    src: str, trg: str, pairs: Sequence[Pair], works: Sequence[Work], training: Sequence[Pair]
) -> float:
    """Return the seconds that scoring the parts of ``works`` and saving ``training`` will take, translation left out.

    ``pairs`` are some of what will be scored.
    """
    base = _rehearse(src, trg, pairs, FEW, training, FEW_LEARNED)
    n_more, n_more_learned = min(MORE, len(pairs)), min(MORE_LEARNED, len(training))
    total = base * len(works)
    if n_more > FEW:
        per_pair = (_rehearse(src, trg, pairs, n_more, training, FEW_LEARNED) - base) / (n_more - FEW)
        total += max(per_pair, 0.0) * sum(each.n_translated - FEW for each in works)
    if n_more_learned > FEW_LEARNED:
        more = _rehearse(src, trg, pairs, FEW, training, n_more_learned)
        total += max((more - base) / (n_more_learned - FEW_LEARNED), 0.0) * len(training) * len(works)
    return total + _lookup_seconds(pairs, training) * sum(each.n_compared for each in works)


def _lookup_seconds(pairs: Sequence[Pair], training: Sequence[Pair]) -> float:
    """Return the seconds that finding the nearest training pair takes; not rehearsed, for they grow with the index."""
    neighbours = Neighbours(evenly(training, MAX_REMEMBERED))
    sample = evenly(pairs, N_TRANSLATED)
    began = perf_counter()
    for pair in sample:
        neighbours.nearest(pair.src)
    return (perf_counter() - began) / len(sample)


def _rehearse(src: str, trg: str, pairs: Sequence[Pair], n: int, training: Sequence[Pair], n_learned: int) -> float:
    sample, learned = list(evenly(pairs, n)), list(evenly(training, n_learned))
    with TemporaryDirectory() as folder:
        began = perf_counter()
        evaluate(_Standin(src, trg, sample, learned), sample)
        write_pairs(learned, Path(folder) / "learned.tsv.gz")
        return perf_counter() - began
