"""The layers of the Transformer, in `keras.ops`: they run on every backend, and compute what `engine.ctranslate` does.

Shapes: `B` rows, `T` and `S` tokens of a row,
`N` = B * T tokens of all, `H` width, `D` the width of a head. Tokens lie in
one dimension (N, H), because a product over two is slower; only attention looks at rows. A row may hold several
sentences one after the other: whoever calls says by a mask who sees whom, and by positions where a token stands in its
sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
from keras import ops

from .dropout import Dropout

Tensor = Any

EPSILON = {"rms": 1e-6, "layer": 1e-5}
"""Those of CTranslate2."""
ROTARY_BASE = 10_000.0
UNSEEN = -1e9
"""What is added to the score of a token that is not to be seen; finite, so that a row without any has no NaN."""


def norm(kind: str, name: str) -> keras.layers.Layer:
    """Return the normalisation of ``kind``: ``"rms"`` (Zhang and Sennrich, 2019) or ``"layer"`` (Ba et al., 2016)."""
    layer = {"rms": keras.layers.RMSNormalization, "layer": keras.layers.LayerNormalization}[kind]
    return layer(epsilon=EPSILON[kind], name=name)


def mask(queries: Tensor, keys: Tensor) -> Tensor:
    """Return what is added to scores (B, 1, T, S), 0 or `UNSEEN`, where a token sees those of its own sentence.

    ``queries`` (B, T) and ``keys`` (B, S) number the sentences of a row.
    """
    same = ops.equal(queries[:, None, :, None], keys[:, None, None, :])
    return ops.where(same, 0.0, UNSEEN)


def causal_mask(sentences: Tensor) -> Tensor:
    """Return the mask (B, 1, T, T) where a token sees those of its own sentence up to itself."""
    places = ops.arange(ops.shape(sentences)[1])
    same = ops.equal(sentences[:, None, :, None], sentences[:, None, None, :])
    return ops.where(ops.logical_and(same, places[:, None] >= places[None, :]), 0.0, UNSEEN)


def sinusoids(positions: Tensor, width: int) -> Tensor:
    """Return the position vectors (B, T, H) of Vaswani et al. (2017), sines before cosines, counted from 1."""
    half = width // 2
    rates = np.exp(np.arange(half) * -(np.log(10_000.0) / (half - 1))).astype(np.float32)
    angles = ops.cast(positions + 1, "float32")[..., None] * ops.convert_to_tensor(rates)
    return ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)


def rotation(positions: Tensor, head_width: int) -> tuple[Tensor, Tensor]:
    """Return the cosines and sines (B, T, 1, D / 2) of the rotary positions of Su et al. (2021)."""
    rates = (ROTARY_BASE ** (-np.arange(0, head_width, 2) / head_width)).astype(np.float32)
    angles = ops.cast(positions, "float32")[..., None, None] * ops.convert_to_tensor(rates)
    return ops.cos(angles), ops.sin(angles)


def rotated(heads: Tensor, by: tuple[Tensor, Tensor]) -> Tensor:
    """Return ``heads`` (B, T, heads, D), whose two halves are the coordinates that are turned."""
    cos, sin = (ops.cast(part, heads.dtype) for part in by)
    first, second = ops.split(heads, 2, axis=-1)
    return ops.concatenate([first * cos - second * sin, second * cos + first * sin], axis=-1)


class Attention(keras.layers.Layer):  # type: ignore[misc]
    """Multi-head attention with kernels of two dimensions, as Muon wants them.

    With ``query_key_norm`` queries and keys are normalised before they meet (Henry et al., 2020): in self-attention
    head by head, in cross-attention the queries over all heads at once, which is how CTranslate2 computes it.

    The keys of cross-attention begin with the kernel of its queries: until it has learned better, a target token looks
    at the source tokens that are most like it (after Trockman and Kolter, *Mimetic initialization*, 2023).
    """

    def __init__(
        self,
        width: int,
        heads: int,
        *,
        bias: bool,
        query_key_norm: bool,
        is_cross: bool,
        seeds: Iterator[int],
        name: str,
    ) -> None:
        super().__init__(name=name)
        self.width, self.heads, self.is_cross = width, heads, is_cross

        def dense(part: str, seed: int) -> keras.layers.Layer:
            kernel = keras.initializers.GlorotUniform(seed)
            return keras.layers.Dense(width, use_bias=bias, kernel_initializer=kernel, name=part)

        own = {part: next(seeds) for part in ("query", "key", "value", "output")}
        if is_cross:
            own["key"] = own["query"]
        self.query, self.key, self.value, self.output_projection = (dense(part, seed) for part, seed in own.items())
        self.query_norm = norm("rms", "query_norm") if query_key_norm else None
        self.key_norm = norm("rms", "key_norm") if query_key_norm else None

    def build(self, queries_shape: Any, memory_shape: Any) -> None:
        """Make the weights."""
        for dense in (self.query, self.key, self.value, self.output_projection):
            dense.build((None, self.width))
        head_width = self.width // self.heads
        if self.query_norm is not None and self.key_norm is not None:
            self.query_norm.build((None, self.width) if self.is_cross else (None, None, None, head_width))
            self.key_norm.build((None, None, None, head_width))

    def call(
        self,
        queries: Tensor,
        memory: Tensor,
        seen: Tensor,
        rotations: tuple[Tensor, Tensor] | None = None,
    ) -> Tensor:
        """Return (B * T, H) for ``queries`` (B * T, H) over ``memory`` (B * S, H); ``seen`` (B, 1, T, S) is added to
        the scores. ``rotations`` turn queries and keys, in self-attention.
        """
        n_rows, _, n_queries, n_keys = ops.shape(seen)
        query, key, value = self.query(queries), self.key(memory), self.value(memory)
        if self.query_norm is not None and self.is_cross:
            query = self.query_norm(query)
        query = self._split(query, n_rows, n_queries)
        key, value = self._split(key, n_rows, n_keys), self._split(value, n_rows, n_keys)
        if self.query_norm is not None and not self.is_cross:
            query = self.query_norm(query)
        if self.key_norm is not None:
            key = self.key_norm(key)
        if rotations is not None:
            query, key = rotated(query, rotations), rotated(key, rotations)
        query = query * (self.width // self.heads) ** -0.5
        scores = ops.einsum("bthd,bshd->bhts", query, key)
        weights = ops.softmax(ops.cast(scores, "float32") + seen)
        mixed = ops.einsum("bhts,bshd->bthd", ops.cast(weights, value.dtype), value)
        return self.output_projection(ops.reshape(mixed, (n_rows * n_queries, self.width)))

    def _split(self, projected: Tensor, n_rows: int, n_tokens: int) -> Tensor:
        """(B * T, H) to (B, T, heads, D)."""
        return ops.reshape(projected, (n_rows, n_tokens, self.heads, self.width // self.heads))


class FeedForward(keras.layers.Layer):  # type: ignore[misc]
    """Two products with a ReLU between them; ``gated``: with a Swish that a third product gates (Shazeer, 2020)."""

    def __init__(
        self, width: int, inner: int, *, bias: bool, gated: bool, dropout: float, seeds: Iterator[int], name: str
    ) -> None:
        super().__init__(name=name)
        self.width, self.inner_width = width, inner

        def dense(part: str, units: int) -> keras.layers.Layer:
            kernel = keras.initializers.GlorotUniform(next(seeds))
            return keras.layers.Dense(units, use_bias=bias, kernel_initializer=kernel, name=part)

        self.inner, self.outer = dense("inner", inner), dense("outer", width)
        self.gate = dense("gate", inner) if gated else None
        self.dropout = Dropout(dropout, seed=next(seeds))

    def build(self, shape: Any) -> None:
        """Make the weights."""
        self.inner.build((None, self.width))
        self.outer.build((None, self.inner_width))
        if self.gate is not None:
            self.gate.build((None, self.width))

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Return (N, H) for ``inputs`` (N, H)."""
        hidden = self.inner(inputs)
        hidden = ops.relu(hidden) if self.gate is None else ops.silu(hidden) * self.gate(inputs)
        return self.outer(self.dropout(hidden, training=training))
