"""The Transformer that `engine.ctranslate_format` describes, in plain NumPy: one sentence at a time, in float64."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dragoman.config import TransformerConfig
from dragoman.engine import Weights
from dragoman.vocabulary import BOS, EOS

Floats = NDArray[np.float64]


class ReferenceTransformer:
    def __init__(self, config: TransformerConfig, weights: Weights) -> None:
        self.config = config
        self.weights = {name: array.astype(np.float64) for name, array in weights.items()}

    def log_probs(self, src_ids: Sequence[int], trg_ids: Sequence[int]) -> Floats:
        """Return the log-probability of each target token and of the end, (T + 1,)."""
        log_probs: Floats = self.distributions(src_ids, trg_ids)[np.arange(len(trg_ids) + 1), [*trg_ids, EOS]]
        return log_probs

    def distributions(self, src_ids: Sequence[int], trg_ids: Sequence[int]) -> Floats:
        """Return the log-probability of every id at the place of each target token and of the end, (T + 1, V)."""
        trg = "decoder/embeddings/weight"
        memory = self.encoded([*src_ids, EOS])
        x = self.embedded(trg, [BOS, *trg_ids])
        for number in range(self.config.decoder_layers):
            layer = f"decoder/layer_{number}"
            x = x + self.self_attention(x, f"{layer}/self_attention", causal=True)
            x = x + self.cross_attention(x, memory, f"{layer}/attention")
            x = x + self.feed_forward(x, f"{layer}/ffn")
        logits = self.norm(x, "decoder/layer_norm") @ self.weights[trg].T
        logits = logits - logits.max(axis=1, keepdims=True)
        log_probs: Floats = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return log_probs

    def encoded(self, ids: list[int]) -> Floats:
        x = self.embedded("decoder/embeddings/weight" if self.config.joint else "encoder/embeddings_0/weight", ids)
        for number in range(self.config.encoder_layers):
            layer = f"encoder/layer_{number}"
            x = x + self.self_attention(x, f"{layer}/self_attention", causal=False)
            x = x + self.feed_forward(x, f"{layer}/ffn")
        return self.norm(x, "encoder/layer_norm")

    def embedded(self, table: str, ids: list[int]) -> Floats:
        x: Floats = self.weights[table][ids] * np.sqrt(self.config.width)
        if self.config.positions == "sinusoidal":
            half = self.config.width // 2
            angles = np.arange(1, len(ids) + 1)[:, None] * 10000.0 ** (-np.arange(half) / (half - 1))
            x = x + np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
        return x

    def linear(self, x: Floats, name: str) -> Floats:
        projected: Floats = x @ self.weights[f"{name}/weight"].T + self.weights.get(f"{name}/bias", 0.0)
        return projected

    def norm(self, x: Floats, name: str) -> Floats:
        gamma, beta = self.weights[f"{name}/gamma"], self.weights.get(f"{name}/beta")
        normed: Floats
        if beta is None:
            normed = x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-6) * gamma
        else:
            normed = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5) * gamma + beta
        return normed

    def feed_forward(self, x: Floats, name: str) -> Floats:
        x = self.norm(x, f"{name}/layer_norm")
        inner = self.linear(x, f"{name}/linear_0")
        if self.config.gated:
            inner = inner / (1 + np.exp(-inner)) * self.linear(x, f"{name}/linear_0_noact")
        else:
            inner = np.maximum(inner, 0)
        return self.linear(inner, f"{name}/linear_1")

    def self_attention(self, x: Floats, name: str, causal: bool) -> Floats:
        projected = self.linear(self.norm(x, f"{name}/layer_norm"), f"{name}/linear_0")
        queries, keys, values = (self.heads(part) for part in np.split(projected, 3, axis=1))
        if self.config.query_key_norm:
            queries, keys = self.norm(queries, f"{name}/q_norm"), self.norm(keys, f"{name}/k_norm")
        if self.config.positions == "rotary":
            queries, keys = rotated(queries), rotated(keys)
        return self.linear(attended(queries, keys, values, causal), f"{name}/linear_1")

    def cross_attention(self, x: Floats, memory: Floats, name: str) -> Floats:
        projected = self.linear(self.norm(x, f"{name}/layer_norm"), f"{name}/linear_0")
        keys, values = (self.heads(part) for part in np.split(self.linear(memory, f"{name}/linear_1"), 2, axis=1))
        if self.config.query_key_norm:
            projected, keys = self.norm(projected, f"{name}/q_norm"), self.norm(keys, f"{name}/k_norm")
        return self.linear(attended(self.heads(projected), keys, values, causal=False), f"{name}/linear_2")

    def heads(self, x: Floats) -> Floats:
        """Return ``x`` (T, W) as (heads, T, D)."""
        return x.reshape(len(x), self.config.heads, -1).transpose(1, 0, 2)


def rotated(x: Floats) -> Floats:
    half = x.shape[-1] // 2
    angles = np.arange(x.shape[1])[:, None] * 10000.0 ** (-np.arange(half) / half)
    a, b = x[..., :half], x[..., half:]
    return np.concatenate([a * np.cos(angles) - b * np.sin(angles), b * np.cos(angles) + a * np.sin(angles)], axis=-1)


def attended(queries: Floats, keys: Floats, values: Floats, causal: bool) -> Floats:
    """Return the values (heads, S, D) that the queries (heads, T, D) attend to, side by side: (T, W)."""
    scores = queries @ keys.transpose(0, 2, 1) / np.sqrt(queries.shape[-1])
    if causal:
        scores = np.where(np.tri(scores.shape[1], dtype=bool), scores, -np.inf)
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    shares /= shares.sum(-1, keepdims=True)
    found: Floats = (shares @ values).transpose(1, 0, 2).reshape(queries.shape[1], -1)
    return found
