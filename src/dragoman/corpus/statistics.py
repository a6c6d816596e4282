"""What a corpus is like: sizes, lengths, symbols, repetitions, and what a careless split would leak."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..errors import CorpusError
from .pairs import Pair
from .reader import PairReader
from .splitting import group, normalise

RANDOM_SPLIT_SHARE = 0.02


@dataclass(frozen=True)
class Lengths:
    """Lengths of the sentences of one side, in characters."""

    mean: float
    median: int
    p95: int
    max: int


@dataclass(frozen=True)
class Statistics:
    """What `corpus_statistics` counts.

    Attributes:
        n_pairs: good pairs.
        n_rows: rows that are not blank, bad ones among them.
        n_bad: bad rows.
        src_lengths, trg_lengths: lengths of either side, in characters.
        n_src_symbols, n_trg_symbols: distinct characters of either side.
        n_duplicates: pairs that repeat an earlier pair exactly.
        n_groups: groups of pairs that hang together by a shared normalised sentence; a split keeps each
            whole.
        largest_group: pairs in the largest of them.
        random_split_leak: share of the test pairs whose normalised source or target stands in the training
            part too, if a random 2 % of the pairs were the test part.
    """

    n_pairs: int
    n_rows: int
    n_bad: int
    src_lengths: Lengths
    trg_lengths: Lengths
    n_src_symbols: int
    n_trg_symbols: int
    n_duplicates: int
    n_groups: int
    largest_group: int
    random_split_leak: float


def corpus_statistics(pairs: PairReader | Iterable[Pair], *, seed: int = 0) -> Statistics:
    """Return the statistics of `pairs`; `seed` chooses the random split whose leak is measured.

    Raises `CorpusError` if there is no pair, and what reading `pairs` raises.
    """
    kept = list(pairs)
    if not kept:
        raise CorpusError("there are no pairs to count (expected at least one)")
    src_texts, trg_texts = [pair.src for pair in kept], [pair.trg for pair in kept]
    srcs, trgs = [normalise(text) for text in src_texts], [normalise(text) for text in trg_texts]
    groups = Counter(group(srcs, trgs))
    return Statistics(
        n_pairs=len(kept),
        n_rows=pairs.n_rows if isinstance(pairs, PairReader) else len(kept),
        n_bad=pairs.n_bad if isinstance(pairs, PairReader) else 0,
        src_lengths=_lengths(src_texts),
        trg_lengths=_lengths(trg_texts),
        n_src_symbols=len(set().union(*src_texts)),
        n_trg_symbols=len(set().union(*trg_texts)),
        n_duplicates=len(kept) - len(set(zip(src_texts, trg_texts, strict=True))),
        n_groups=len(groups),
        largest_group=max(groups.values()),
        random_split_leak=_random_split_leak(srcs, trgs, seed),
    )


def _lengths(texts: Sequence[str]) -> Lengths:
    ordered = sorted(map(len, texts))
    n = len(ordered)
    # The nearest rank: the smallest length that at least so many sentences do not exceed.
    return Lengths(
        mean=sum(ordered) / n,
        median=ordered[(n - 1) // 2],
        p95=ordered[-(-95 * n // 100) - 1],
        max=ordered[-1],
    )


def _random_split_leak(srcs: Sequence[str], trgs: Sequence[str], seed: int) -> float:
    n_test = max(1, round(RANDOM_SPLIT_SHARE * len(srcs)))
    test = set(random.Random(seed).sample(range(len(srcs)), n_test))  # noqa: S311 - no secret hangs on it
    train_srcs = {text for index, text in enumerate(srcs) if index not in test}
    train_trgs = {text for index, text in enumerate(trgs) if index not in test}
    return sum(srcs[index] in train_srcs or trgs[index] in train_trgs for index in test) / n_test
