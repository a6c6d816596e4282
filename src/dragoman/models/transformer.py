"""The Transformer (Vaswani et al., 2017, arXiv:1706.03762), pre-norm (Xiong et al., 2020), with tied embeddings.

It is trained on packed rows (`dragoman.packing`) and served by `engine.ctranslate`, which computes the same from the
arrays that `to_engine` hands out, under CTranslate2's own names.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import keras
import numpy as np
from keras import ops

from ..alignment import Likely
from ..config import TransformerConfig
from ..engine import Weights
from ..errors import BundleError
from ..vocabulary import Vocabulary
from . import layers
from .dropout import Dropout
from .sampled_softmax import SampledSoftmax

Tensor = Any

LEAST_LIKELY = 0.1
"""Of tokens that begin with embeddings near each other."""


class Transformer(keras.Model):  # type: ignore[misc]
    """``model(inputs)``: of each target token (B, T, 3), float32, the cross-entropy, the mean of that of all tokens of
    the vocabulary, and 1 where none is likelier, else 0. In training with ``sampled_softmax`` all three are estimates.

    ``inputs`` are, as `packing.PackedBatch` has them, the ids, the numbers of the sentences in their row and the
    positions in their sentence, of the source (each (B, S)) and of the target (each (B, T)), and the tokens that follow
    those of the target (B, T).
    """

    def __init__(
        self,
        config: TransformerConfig,
        src_size: int,
        trg_size: int,
        seed: int | None = None,
        sampled_softmax: int | None = None,
    ) -> None:
        super().__init__(name="transformer")
        self.config = config
        seeds = _seeds(seed)
        self.trg_embedding = _embedding(trg_size, config.width, seeds, "trg_embedding")
        self.src_embedding = (
            self.trg_embedding if config.joint else _embedding(src_size, config.width, seeds, "src_embedding")
        )
        self.encoder = [_Block(config, seeds, f"encoder_{n}", is_decoder=False) for n in range(config.encoder_layers)]
        self.decoder = [_Block(config, seeds, f"decoder_{n}", is_decoder=True) for n in range(config.decoder_layers)]
        self.encoder_norm = layers.norm(config.norm, "encoder_norm")
        self.decoder_norm = layers.norm(config.norm, "decoder_norm")
        self.src_dropout = Dropout(config.dropout, seed=next(seeds))
        self.trg_dropout = Dropout(config.dropout, seed=next(seeds))
        for embedding in {self.src_embedding, self.trg_embedding}:
            embedding.build((None, None))
        for block in (*self.encoder, *self.decoder):
            block.build((None, config.width))
        for final in (self.encoder_norm, self.decoder_norm):
            final.build((None, config.width))
        self.sampled_softmax = None
        if sampled_softmax is not None and sampled_softmax < trg_size:
            self.sampled_softmax = SampledSoftmax(trg_size, sampled_softmax, seed=next(seeds))
        self.built = True

    def call(self, inputs: tuple[Tensor, ...], training: bool = False) -> Tensor:
        """Return what is known of each target token."""
        src_ids, src_sentences, src_positions, trg_ids, trg_sentences, trg_positions, targets = inputs
        memory = self.src_dropout(self._embedded(self.src_embedding, src_ids, src_positions), training=training)
        seen, turned = layers.mask(src_sentences, src_sentences), self._rotation(src_positions)
        for block in self.encoder:
            memory = block(memory, seen, turned, training=training)
        memory = self.encoder_norm(memory)
        hidden = self.trg_dropout(self._embedded(self.trg_embedding, trg_ids, trg_positions), training=training)
        seen, turned = layers.causal_mask(trg_sentences), self._rotation(trg_positions)
        seen_of_src = layers.mask(trg_sentences, src_sentences)
        for block in self.decoder:
            hidden = block(hidden, seen, turned, memory, seen_of_src, training=training)
        judged = self._judged(self.decoder_norm(hidden), ops.reshape(targets, (-1,)), training=training)
        return ops.reshape(judged, (*targets.shape, 3))

    def _embedded(self, embedding: keras.layers.Layer, ids: Tensor, positions: Tensor) -> Tensor:
        """Return the embeddings (N, H) of ``ids`` (B, T)."""
        embedded = embedding(ids) * self.config.width**0.5
        if self.config.positions == "sinusoidal":
            embedded = embedded + ops.cast(layers.sinusoids(positions, self.config.width), embedded.dtype)
        return ops.reshape(embedded, (-1, self.config.width))

    def _rotation(self, positions: Tensor) -> tuple[Tensor, Tensor] | None:
        if self.config.positions != "rotary":
            return None
        return layers.rotation(positions, self.config.width // self.config.heads)

    def _judged(self, hidden: Tensor, targets: Tensor, training: bool = False) -> Tensor:
        """Return the outputs (N, 3) for the last hidden states (N, H) and the right tokens (N,).

        The logit of the right token, and the mean of all, are computed from the embeddings again and not taken from the
        logits (N, V): these would be gone through twice more, and their gradient scattered.
        """
        embeddings = ops.convert_to_tensor(self.trg_embedding.embeddings)
        exact = ops.cast(hidden, "float32")
        right = ops.sum(exact * ops.take(embeddings, targets, axis=0), axis=-1)
        mean = ops.matmul(exact, ops.mean(embeddings, axis=0)[:, None])[:, 0]
        if training and self.sampled_softmax is not None:
            total, highest = self.sampled_softmax(hidden, embeddings, targets, right)
            hits = ops.stop_gradient(right) >= highest
        else:
            logits = ops.cast(ops.matmul(hidden, ops.transpose(ops.cast(embeddings, hidden.dtype))), "float32")
            total = ops.logsumexp(logits, axis=-1)
            logits = ops.stop_gradient(logits)
            among = ops.take_along_axis(logits, targets[:, None], axis=-1)[:, 0]
            hits = among >= ops.max(logits, axis=-1)
        return ops.stack([total - right, total - mean, ops.cast(hits, "float32")], axis=-1)

    @staticmethod
    def token_losses(trg_ids: Tensor, outputs: Tensor, smoothing: float = 0.0) -> Tensor:
        """Return the cross-entropy (B, T) of each token; with ``smoothing`` against a target that gives so much of its
        probability to all tokens alike (Szegedy et al., 2016).
        """
        return (1.0 - smoothing) * outputs[..., 0] + smoothing * outputs[..., 1] if smoothing else outputs[..., 0]

    @staticmethod
    def token_hits(trg_ids: Tensor, outputs: Tensor) -> Tensor:
        """Return 1 (B, T) where no token is likelier than the right one, else 0."""
        return outputs[..., 2]


def build(
    config: TransformerConfig,
    src_vocabulary: Vocabulary,
    trg_vocabulary: Vocabulary,
    *,
    max_trg_length: int = 0,
    seed: int | None = None,
    precision: str = "float32",
    sampled_softmax: int | None = None,
) -> Transformer:
    """Return an untrained model for ids of the vocabularies; ``seed`` fixes its first weights.

    With the ``precision`` ``"bfloat16"`` it computes in that type, on weights in float32. With ``sampled_softmax`` it
    is trained on so many columns of the target vocabulary at a time. A Transformer sets no limit to the length.
    """
    usual = keras.config.dtype_policy()
    keras.config.set_dtype_policy({"float32": "float32", "bfloat16": "mixed_bfloat16"}[precision])
    try:
        return Transformer(config, src_vocabulary.size, trg_vocabulary.size, seed, sampled_softmax)
    finally:
        keras.config.set_dtype_policy(usual)


def relate(model: Transformer, tokens: Likely) -> None:
    """Move the embeddings of an untrained ``model`` so that tokens which translate each other lie near each other; none
    becomes longer or shorter.
    """
    is_known = (tokens.likelihoods >= LEAST_LIKELY) & ((tokens.srcs != tokens.trgs) | (not model.config.joint))
    srcs, trgs = tokens.srcs[is_known], tokens.trgs[is_known]
    weights = tokens.likelihoods[is_known, None].astype(np.float32)
    sides = [model.src_embedding.embeddings, model.trg_embedding.embeddings]
    before = [_array(side) for side in sides]
    moved = [before[0].copy(), before[1].copy()]
    if model.config.joint:
        moved[1] = moved[0]
    np.add.at(moved[0], srcs, weights * before[1][trgs])
    np.add.at(moved[1], trgs, weights * before[0][srcs])
    for side, old, new in zip(sides, before, moved, strict=True):
        side.assign(new * np.linalg.norm(old, axis=1, keepdims=True) / np.linalg.norm(new, axis=1, keepdims=True))


def to_engine(model: Transformer) -> Weights:
    """Return the trained weights as named float32 arrays: what `engine.ctranslate` runs and a bundle stores."""
    return {name: np.concatenate([_array(v) for v in variables]) for name, variables in _variables(model).items()}


def from_engine(model: Transformer, weights: Weights) -> None:
    """Give ``model`` the weights that `to_engine` returned; arrays that do not fit are a `BundleError`."""
    named = _variables(model)
    if set(named) != set(weights):
        raise BundleError(f"the weights must be {sorted(named)}, not {sorted(weights)}")
    for name, variables in named.items():
        shapes = [_array(variable).shape for variable in variables]
        expected = (sum(shape[0] for shape in shapes), *shapes[0][1:])
        if weights[name].shape != expected:
            raise BundleError(f"array {name!r} must have the shape {expected}, not {weights[name].shape}")
        parts = np.split(weights[name], np.cumsum([shape[0] for shape in shapes])[:-1])
        for variable, part in zip(variables, parts, strict=True):
            variable.assign(part.T if _is_kernel(variable) else part)


def _is_kernel(variable: Any) -> bool:
    return bool(variable.name == "kernel")


def _array(variable: Any) -> np.ndarray:
    """Return a variable as CTranslate2 has it: the outputs of a kernel first."""
    array = np.array(ops.convert_to_numpy(variable.value), np.float32)
    return np.ascontiguousarray(array.T) if _is_kernel(variable) else array


def _variables(model: Transformer) -> dict[str, list[Any]]:
    """The variables that make up each array, one after the other, under the names that the engine knows."""
    named = {"decoder/embeddings/weight": [model.trg_embedding.embeddings]}
    if not model.config.joint:
        named["encoder/embeddings_0/weight"] = [model.src_embedding.embeddings]
    for side, blocks in (("encoder", model.encoder), ("decoder", model.decoder)):
        named |= _of_norm(f"{side}/layer_norm", model.encoder_norm if side == "encoder" else model.decoder_norm)
        for number, block in enumerate(blocks):
            named |= _of_block(f"{side}/layer_{number}", block)
    return named


def _of_block(name: str, block: _Block) -> dict[str, list[Any]]:
    own, cross, feed_forward = block.attention, block.cross_attention, block.feed_forward
    named = _of_norm(f"{name}/self_attention/layer_norm", block.attention_norm)
    named |= _of_linear(f"{name}/self_attention/linear_0", own.query, own.key, own.value)
    named |= _of_linear(f"{name}/self_attention/linear_1", own.output_projection)
    named |= _of_query_key_norm(f"{name}/self_attention", own)
    if cross is not None:
        named |= _of_norm(f"{name}/attention/layer_norm", block.cross_norm)
        named |= _of_linear(f"{name}/attention/linear_0", cross.query)
        named |= _of_linear(f"{name}/attention/linear_1", cross.key, cross.value)
        named |= _of_linear(f"{name}/attention/linear_2", cross.output_projection)
        named |= _of_query_key_norm(f"{name}/attention", cross)
    named |= _of_norm(f"{name}/ffn/layer_norm", block.feed_forward_norm)
    named |= _of_linear(f"{name}/ffn/linear_0", feed_forward.inner)
    if feed_forward.gate is not None:
        named |= _of_linear(f"{name}/ffn/linear_0_noact", feed_forward.gate)
    return named | _of_linear(f"{name}/ffn/linear_1", feed_forward.outer)


def _of_linear(name: str, *layers_of_one: Any) -> dict[str, list[Any]]:
    named = {f"{name}/weight": [layer.kernel for layer in layers_of_one]}
    if layers_of_one[0].use_bias:
        named[f"{name}/bias"] = [layer.bias for layer in layers_of_one]
    return named


def _of_norm(name: str, norm: Any) -> dict[str, list[Any]]:
    if isinstance(norm, keras.layers.RMSNormalization):
        return {f"{name}/gamma": [norm.scale]}
    return {f"{name}/gamma": [norm.gamma], f"{name}/beta": [norm.beta]}


def _of_query_key_norm(name: str, attention: layers.Attention) -> dict[str, list[Any]]:
    if attention.query_norm is None:
        return {}
    return _of_norm(f"{name}/q_norm", attention.query_norm) | _of_norm(f"{name}/k_norm", attention.key_norm)


class _Block(keras.layers.Layer):  # type: ignore[misc]
    """One layer of the encoder, or of the decoder with its attention to the source."""

    def __init__(self, config: TransformerConfig, seeds: Iterator[int], name: str, *, is_decoder: bool) -> None:
        super().__init__(name=name)
        bias = config.norm == "layer"

        def attention(part: str, *, is_cross: bool) -> layers.Attention:
            norms = config.query_key_norm
            return layers.Attention(
                config.width, config.heads, bias=bias, query_key_norm=norms, is_cross=is_cross, seeds=seeds, name=part
            )

        self.attention_norm = layers.norm(config.norm, "attention_norm")
        self.attention = attention("attention", is_cross=False)
        self.cross_norm = layers.norm(config.norm, "cross_norm") if is_decoder else None
        self.cross_attention = attention("cross_attention", is_cross=True) if is_decoder else None
        self.feed_forward_norm = layers.norm(config.norm, "feed_forward_norm")
        self.feed_forward = layers.FeedForward(
            config.width,
            config.feed_forward,
            bias=bias,
            gated=config.gated,
            dropout=config.dropout,
            seeds=seeds,
            name="feed_forward",
        )
        self.dropouts = [Dropout(config.dropout, seed=next(seeds)) for _ in range(3)]

    def build(self, shape: Any) -> None:
        """Make the weights."""
        for norm in (self.attention_norm, self.cross_norm, self.feed_forward_norm):
            if norm is not None:
                norm.build(shape)
        for attention in (self.attention, self.cross_attention):
            if attention is not None:
                attention.build(shape, shape)
        self.feed_forward.build(shape)

    def call(
        self,
        hidden: Tensor,
        seen: Tensor,
        rotation: tuple[Tensor, Tensor] | None,
        memory: Tensor = None,
        seen_of_memory: Tensor = None,
        training: bool = False,
    ) -> Tensor:
        """Return (N, H) for ``hidden`` (N, H)."""
        drop = [lambda x, layer=layer: layer(x, training=training) for layer in self.dropouts]
        normed = self.attention_norm(hidden)
        hidden = hidden + drop[0](self.attention(normed, normed, seen, rotation))
        if self.cross_attention is not None and self.cross_norm is not None:
            hidden = hidden + drop[1](self.cross_attention(self.cross_norm(hidden), memory, seen_of_memory))
        return hidden + drop[2](self.feed_forward(self.feed_forward_norm(hidden), training=training))


def _embedding(size: int, width: int, seeds: Iterator[int], name: str) -> keras.layers.Embedding:
    initializer = keras.initializers.RandomNormal(stddev=width**-0.5, seed=next(seeds))
    return keras.layers.Embedding(size, width, embeddings_initializer=initializer, name=name)


def _seeds(seed: int | None) -> Iterator[int]:
    """Seeds for the layers: without ``seed`` others each time."""
    generator = np.random.default_rng(seed)
    return (int(generator.integers(2**31)) for _ in count())
