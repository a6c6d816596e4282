"""What a model is fitted to, of several corpora: which of their pairs, and how often each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from ..corpus.store import CorpusFacts, StoredPairs
from ..errors import UsageError
from ..hashing import permute
from ..recipe.weights import Corpus, choose_weights, room_for_others
from ..selection import best

MOST_WEIGHT = 1000.0


@dataclass(frozen=True)
class Wishes:
    """What is asked of several corpora: the names of those that the training is for (``aim``; empty: the user's own),
    and how often the pairs of some are seen. Damaged pairs are left out, unless ``keep_all``; where they
    are many it is an error, if ``strict``.
    """

    aim: Sequence[str] = ()
    keep_all: bool = False
    strict: bool = False
    weights: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, weight in self.weights.items():
            if not 0 < weight <= MOST_WEIGHT:
                raise UsageError(
                    f"the weight of {name} must be a number above 0, at most {MOST_WEIGHT:g}, not {weight}"
                )


def aim_of(corpora: Sequence[CorpusFacts], names: Sequence[str]) -> list[int]:
    """Return the places of the corpora that a training is for: those named, or else the user's own, or else all."""
    for name in names:
        if not any(_is_meant(name, corpus) for corpus in corpora):
            known = ", ".join(corpus.name for corpus in corpora)
            raise UsageError(f"there is no corpus {name} to train for; the corpora are {known}")
    if names:
        return [place for place, corpus in enumerate(corpora) if any(_is_meant(name, corpus) for name in names)]
    own = [place for place, corpus in enumerate(corpora) if not corpus.is_named]
    return own or list(range(len(corpora)))


def _is_meant(name: str, corpus: CorpusFacts) -> bool:
    return corpus.name in (name, PurePath(name).name)


def within(train: StoredPairs, aim: Collection[int], n_bytes: float | None) -> StoredPairs:
    """Return ``train``, or where it has more than ``n_bytes`` of target text, what of the corpora that the training is
    not for is most like those that it is for.
    """
    is_aim = np.isin(train.corpora, list(aim))
    sizes = train.n_bytes("trg")
    if n_bytes is None or is_aim.all() or sizes.sum() <= n_bytes:
        return train
    others = np.flatnonzero(~is_aim)
    wanted = train.at(np.flatnonzero(is_aim))
    left = room_for_others(float(sizes[is_aim].sum()), n_bytes)
    chosen = best(train.at(others), wanted, left)
    return train.at(np.sort(np.concatenate([np.flatnonzero(is_aim), np.flatnonzero(np.isin(train.rows, chosen.rows))])))


def weights_of(
    train: StoredPairs,
    corpora: Sequence[CorpusFacts],
    aim: Collection[int],
    by_hand: Mapping[str, float],
    n_passes: float | None,
) -> dict[str, float]:
    """Return how often the pairs of each corpus are seen in a pass, by its name; a name in ``by_hand`` that none has is
    a `UsageError`.
    """
    for name in by_hand:
        if not any(_is_meant(name, corpus) for corpus in corpora):
            known = ", ".join(corpus.name for corpus in corpora)
            raise UsageError(f"there is no corpus {name} to give a weight to; the corpora are {known}")
    sizes = np.bincount(train.corpora, weights=train.n_bytes("trg"), minlength=len(corpora)).tolist()
    chosen = {corpus.name: w for corpus in corpora for name, w in by_hand.items() if _is_meant(name, corpus)}
    told = [
        Corpus(corpus.name, size, place in aim) for place, (corpus, size) in enumerate(zip(corpora, sizes, strict=True))
    ]
    return choose_weights(told, chosen, n_passes)


def repeated(train: StoredPairs, weights: Sequence[float], seed: int) -> StoredPairs:
    """Return ``train`` with each pair as often as its corpus has weight; a part of a pass takes pairs by chance."""
    if all(weight == 1 for weight in weights):
        return train
    corpora, places = train.corpora, []
    for number, weight in enumerate(weights):
        own: NDArray[np.int64] = np.flatnonzero(corpora == number)
        whole, n_more = int(weight), round((weight - int(weight)) * len(own))
        places += [own] * whole
        if n_more:
            places.append(own[permute(np.arange(n_more), len(own), seed, number)])
    return train.at(np.sort(np.concatenate(places), kind="stable"))
