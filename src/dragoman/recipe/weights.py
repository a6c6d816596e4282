"""How often the pairs of each corpus are seen, where several are trained on together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

EVENNESS = 0.5
"""Of the weights by size: 0 takes every pair as often as any other, 1 takes as much of every corpus as of any other
(the temperature of multilingual training, 1 / (1 - `EVENNESS`): Arivazhagan et al., *Massively Multilingual Neural
Machine Translation in the Wild*, 2019).
"""
SHARE_OF_AIM = 0.5
"""The share of the text that what a training is for has at least, where repeating it so often is not too often."""
MOST_OFTEN = 16.0
"""How often a pair is seen in one pass, at most."""
MOST_SEEN = 24.0
"""How often a pair is seen in the whole training, if `SHARE_OF_AIM` says so: more would be learned by heart."""


def room_for_others(size: float, room: float) -> float:
    """Return how much text of others goes with ``size`` of what a training is for, where there is ``room`` for so much
    in one pass.
    """
    return max((1 - SHARE_OF_AIM) * room, room - MOST_OFTEN * size)


class Corpus(NamedTuple):
    """A corpus by its ``size``, in any unit of text, and whether the training is for text like it."""

    name: str
    size: float
    is_aim: bool


def choose_weights(
    corpora: Sequence[Corpus], by_hand: Mapping[str, float], n_passes: float | None = None
) -> dict[str, float]:
    """Return how often the pairs of each corpus are seen in one pass, by name; ``by_hand`` as they are. The training
    has time for ``n_passes`` over all of them (None: not known).
    """
    if len(corpora) == 1:
        return {corpora[0].name: by_hand.get(corpora[0].name, 1.0)}
    largest = max(corpus.size for corpus in corpora)
    weights = {c.name: (largest / max(c.size, 1)) ** EVENNESS if c.is_aim else 1.0 for c in corpora}
    aim = sum(c.size * weights[c.name] for c in corpora if c.is_aim)
    others = sum(c.size * weights[c.name] for c in corpora if not c.is_aim)
    if aim and others and n_passes is not None:
        more = max(1.0, SHARE_OF_AIM / (1 - SHARE_OF_AIM) * others / aim)
        most = MOST_SEEN / max(n_passes, 1e-9)
        weights |= {c.name: max(weights[c.name], min(more * weights[c.name], most)) for c in corpora if c.is_aim}
    return {name: by_hand.get(name, min(weight, MOST_OFTEN)) for name, weight in weights.items()}
