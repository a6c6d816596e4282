"""What the texts of the two sides look like, character by character: a model of each, learned from them.

Told from it are texts that look like the other side, and such as look like neither.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..character_model import BITS, CharacterModel, Codes, Floats

TELLING = 3
"""Characters of the n-grams that tell the sides from each other."""
RARELY = 0.5
"""Is added to their counts."""


class Seen(NamedTuple):
    """How texts (n,) look: the mean log probability of their characters by the model of their side; how much likelier
    (nats, added up) their n-grams are on their side than on the other one; and the characters.
    """

    own: Floats
    difference: Floats
    lengths: Floats


class Sides:
    """The models of both sides, and how much likelier an n-gram of `TELLING` characters is on the first side."""

    def __init__(self, srcs: Codes, trgs: Codes) -> None:
        self._models = CharacterModel(srcs), CharacterModel(trgs)
        src, trg = (np.bincount(codes.hashes()[TELLING - 1], minlength=2**BITS) for codes in (srcs, trgs))
        ratios = np.log((np.maximum(src - 1, 0) + RARELY) / len(srcs.codes))
        ratios -= np.log((np.maximum(trg - 1, 0) + RARELY) / len(trgs.codes))
        self._ratios = np.where(src + trg > 2, ratios, 0).astype(np.float32)

    def look(self, codes: Codes, side: int) -> Seen:
        """Return how texts of a ``side`` (0 or 1) look."""
        lengths = codes.lengths.astype(np.float32)
        if not len(lengths):
            return Seen(lengths, lengths, lengths)
        differences = self._ratios[codes.hashes()[TELLING - 1]] * np.float32(1 - 2 * side)
        difference = np.add.reduceat(differences[1:], codes.starts)
        return Seen(self._models[side].means(codes), difference, lengths)
