"""Ids in, hypotheses out, without Keras: the engines that translate, and the search that they share.

Arrays come from a bundle or from a model in training; nothing here knows of text, files or languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ..config import ModelConfig, SearchConfig
from ..lexicon import Lexicon
from ..vocabulary import Vocabulary


class Hypothesis(NamedTuple):
    """One translation of one sentence, as ids without BOS and EOS.

    ``score`` is the mean natural log-probability of its tokens, the end included; ``token_scores`` are those
    of each token; ``attention`` is (target tokens, source tokens), or None for a model that has none.
    """

    ids: tuple[int, ...]
    score: float
    token_scores: tuple[float, ...] | None = None
    attention: NDArray[np.float32] | None = None


class Engine(Protocol):
    """What translates ids; whoever calls it does not ask which model it serves."""

    def translate(self, src_ids: Sequence[Sequence[int]], options: SearchConfig) -> list[list[Hypothesis]]:
        """Return ``options.n_best`` hypotheses at most for each source, best first, in the order of the sources."""

    def score(self, src_ids: Sequence[Sequence[int]], trg_ids: Sequence[Sequence[int]]) -> list[Hypothesis]:
        """Return each given target (ids without BOS and EOS) with the scores that the model gives it."""

    def look_closely(self, src_ids: Sequence[Sequence[int]], hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
        """Return one hypothesis of each source with the scores of its tokens, and its attention if there is some."""


Weights = dict[str, NDArray[Any]]
"""The named arrays of a trained model, as a bundle stores them."""


@dataclass(frozen=True)
class TrainedModel:
    """What an engine is made from: weights, vocabularies, sizes.

    ``max_src_length`` and ``max_trg_length`` are the longest source and target of training in tokens, the target's with
    both marks: the lengths of the article's arrays. ``words`` are those of its training, of both sides; older models,
    and those of characters, have none.
    """

    config: ModelConfig
    weights: Weights
    src_vocabulary: Vocabulary
    trg_vocabulary: Vocabulary
    max_src_length: int
    max_trg_length: int
    words: tuple[Lexicon, Lexicon] | None = None
