"""What a learning is fitted to: sentences of corrections among a replay of training pairs, written as a store."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...corpus.cleaning import CleaningReport, CleaningRules
from ...corpus.pairs import Pair
from ...corpus.store import CorpusFacts, Facts, PairWriter, Store, write_parts
from ...hashing import permute

SHARE_NEW, SHARE_CONTEXTS, SHARE_EARLIER = 0.2, 0.2, 0.05
"""The shares of the pairs that are new corrections, contexts of what they change, and earlier corrections; the rest is
replayed.
"""
MOST_OFTEN = 120
"""How often one sentence comes, at most."""


class Ingredients(NamedTuple):
    """Pairs of a learning: sentences of ``new`` and ``earlier`` corrections, ``contexts`` of what the new ones change,
    and pairs to ``replay``.
    """

    new: Sequence[Pair]
    contexts: Sequence[Pair]
    earlier: Sequence[Pair]
    replay: Sequence[Pair]


def write_mixture(
    ingredients: Ingredients, scored: Mapping[str, Sequence[Pair]], folder: Path, n_pairs: int, seed: int
) -> Store:
    """Write a store whose training part has about ``n_pairs`` of the ``ingredients``, many of them several times, and
    return it; ``scored`` are its dev and test part. The folder appears whole or not at all.
    """
    beside = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    columns = [*ingredients, scored["dev"], scored["test"]]
    with PairWriter(beside) as writer:
        for pairs in columns:
            writer.add(pairs)
        files, corpora = list(writer.files), list(writer.corpora)
    ends = np.cumsum([len(pairs) for pairs in columns]).tolist()
    new, contexts, earlier, replay, dev, test = (
        np.arange(end - len(pairs), end) for end, pairs in zip(ends, columns, strict=True)
    )
    lessons = np.concatenate(
        [
            _times(new, int(SHARE_NEW * n_pairs)),
            _some(contexts, int(SHARE_CONTEXTS * n_pairs), seed),
            _times(earlier, int(SHARE_EARLIER * n_pairs)),
        ]
    )
    train = np.concatenate([lessons, _some(replay, max(1, n_pairs - len(lessons)), seed)])
    rows = {"train": train, "dev": dev, "test": test}
    write_parts(beside, rows, _facts(seed, {part: len(numbers) for part, numbers in rows.items()}, files, corpora))
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)
    return Store(folder)


def _times(rows: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Repeat ``rows`` to about ``n``, none more than `MOST_OFTEN` times."""
    return np.tile(rows, min(MOST_OFTEN, max(1, n // max(1, len(rows)))))


def _some(rows: NDArray[np.int64], n: int, seed: int) -> NDArray[np.int64]:
    """Take ``n`` of ``rows`` at random, or all."""
    if len(rows) <= n:
        return rows
    return rows[permute(np.arange(n), len(rows), seed)]


def _facts(seed: int, n_pairs: dict[str, int], files: list[tuple[str, str]], corpora: list[str]) -> Facts:
    """What a store says of itself; nothing was read or dropped for this one."""
    n = sum(n_pairs.values())
    return Facts(
        name="corrections and replay",
        corpora=[CorpusFacts(name) for name in corpora],
        files=files,
        n_rows=n,
        n_bad=0,
        reverse=False,
        limit=None,
        rules=CleaningRules(),
        cleaning=CleaningReport(n_read=n, n_kept=n),
        seed=seed,
        dev=0.0,
        test=0.0,
        n_pairs=n_pairs,
    )
