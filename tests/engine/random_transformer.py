"""Small Transformers with random weights, which end some of their sentences before the limit."""

from __future__ import annotations

from itertools import product
from typing import Any, cast

import numpy as np

from dragoman.config import TransformerConfig
from dragoman.engine import TrainedModel, Weights
from dragoman.engine.ctranslate_format import TRG_EMBEDDINGS, expected_shapes
from dragoman.vocabulary import EOS, Vocabulary

SRC_SIZE, TRG_SIZE = 90, 80

CHOICES: list[dict[str, Any]] = [
    {"norm": norm, "positions": positions, "gated": gated, "query_key_norm": query_key_norm, "joint": joint}
    for norm, positions, gated, query_key_norm, joint in product(
        ["rms", "layer"], ["rotary", "sinusoidal"], [False, True], [False, True], [False, True]
    )
]
"""Every combination of the parts that a Transformer is made of."""


class Sized:
    """As much of a vocabulary as an engine asks for."""

    def __init__(self, size: int) -> None:
        self.size = size


def small_config(**choices: Any) -> TransformerConfig:
    sizes = {"width": 32, "heads": 4, "feed_forward": 48, "encoder_layers": 2, "decoder_layers": 2}
    return TransformerConfig(**{**sizes, **choices})


def random_weights(config: TransformerConfig) -> Weights:
    """Return weights that leave no term of the model idle."""
    rng = np.random.default_rng(0)
    weights = {}
    for name, shape in expected_shapes(config, *sizes(config)).items():
        drawn = rng.standard_normal(shape)
        if name.endswith("gamma"):
            drawn = 1 + 0.3 * drawn
        elif name.endswith(("beta", "bias")):
            drawn *= 0.2
        else:
            drawn *= 1 / np.sqrt(shape[1])
        weights[name] = drawn.astype(np.float32)
    weights[TRG_EMBEDDINGS][EOS] *= 4
    return weights


def sizes(config: TransformerConfig) -> tuple[int, int]:
    return (TRG_SIZE if config.joint else SRC_SIZE), TRG_SIZE


def trained(config: TransformerConfig, weights: Weights | None = None) -> TrainedModel:
    src, trg = (cast(Vocabulary, Sized(size)) for size in sizes(config))
    return TrainedModel(config, random_weights(config) if weights is None else weights, src, trg, 50, 50)
