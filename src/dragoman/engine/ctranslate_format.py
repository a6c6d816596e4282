"""The Transformer as arrays: which ones a bundle stores, what they mean, and the files that CTranslate2 reads.

Written without CTranslate2 itself, whose ``specs`` take seconds to import where PyTorch is installed. Arrays are
float32 under CTranslate2's names, output features first: a linear layer is ``x @ weight.T + bias``. What two places
share is stored once: the output projection is the target's embeddings, and so are the source's in a joint vocabulary.

What is computed, to the letter, because `models.transformer` must compute the same (letters: `W` width, `D` = `W` /
heads, `F` feed-forward; ``tests/engine/reference_transformer.py`` is the same in NumPy):

- The encoder reads the source ids and EOS, the decoder BOS and the target ids; its outputs are the target ids and EOS.
- Embeddings are multiplied by sqrt(`W`). Logits are ``normed @ embeddings.T``, with neither scale nor bias.
- Sinusoidal positions are added to both sides after that scale. They count from 1: with h = `W` // 2 and rates r_j =
  10000 ** (-j / (h - 1)), position p has sin(p * r_j) in its first h places and cos(p * r_j) in its last h.
- Rotary positions turn queries and keys of self-attention, never of cross-attention, and count from 0: with h = `D` //
  2 and r_j = 10000 ** (-j / h), places j and j + h are a pair, whose (a, b) becomes (a * cos(p * r_j) - b * sin(p *
  r_j), b * cos(p * r_j) + a * sin(p * r_j)). Nothing is added to the embeddings then.
- Pre-norm: ``x = x + attention(norm(x))``, ``x = x + ffn(norm(x))``, and one more norm after the last layer of a side.
  ``"layer"`` is (x - mean) / sqrt(var + 1e-5) * gamma + beta, ``"rms"`` x / sqrt(mean(x * x) + 1e-6) * gamma: gamma is
  the factor itself, not what is added to 1.
- With ``"layer"`` every linear layer of attention and feed-forward has a bias, with ``"rms"`` none has.
- Self-attention: ``linear_0`` (3 * `W`, `W`) gives queries, keys, values, one after the other, each split into heads of
  `D` neighbours; ``linear_1`` joins the heads. Cross-attention: ``linear_0`` gives queries, ``linear_1`` (2 * `W`, `W`)
  keys and values of the encoder's output (which has its last norm behind it), ``linear_2`` joins. The products of
  queries and keys are divided by sqrt(`D`).
- Query-key norm is RMS (1e-6) beside either norm, and comes before the rotation. In self-attention both norms run over
  each head, with a gamma (`D`,) that the heads share. In cross-attention the key's does, but the query's runs over the
  whole projection, with a gamma (`W`,), before it is split. CTranslate2 takes other shapes there in silence, so that
  shapes are checked here.
- Feed-forward: ``linear_1(relu(linear_0(x)))``, or with ``gated`` ``linear_1(swish(linear_0(x)) * linear_0_noact(x))``,
  swish(x) = x / (1 + exp(-x)).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from struct import pack
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config import TransformerConfig
from ..errors import BundleError
from ..vocabulary import BOS, EOS, UNK
from . import Weights

TRG_EMBEDDINGS = "decoder/embeddings/weight"
SRC_EMBEDDINGS = "encoder/embeddings_0/weight"
PROJECTION = "decoder/projection/weight"

_BINARY_VERSION = 6
_SPEC, _SPEC_REVISION = "TransformerSpec", 7
_TYPES = ("float32", "int8", "int16", "int32")
"""Types in CTranslate2's order: their places are their numbers in the file."""
_RELU, _SWISH = 0, 2

Shapes = dict[str, tuple[int, ...]]


def expected_shapes(config: TransformerConfig, src_size: int, trg_size: int) -> Shapes:
    """Return the shape of every array that a bundle stores of a Transformer with vocabularies of these sizes."""
    shapes: Shapes = {TRG_EMBEDDINGS: (trg_size, config.width)}
    if not config.joint:
        shapes[SRC_EMBEDDINGS] = (src_size, config.width)
    for side, n_layers in (("encoder", config.encoder_layers), ("decoder", config.decoder_layers)):
        shapes |= _norm(config, f"{side}/layer_norm")
        for number in range(n_layers):
            shapes |= _layer(config, side, f"{side}/layer_{number}")
    return shapes


def _layer(config: TransformerConfig, side: str, name: str) -> Shapes:
    width = config.width
    shapes = _attention(config, f"{name}/self_attention", (3 * width, width))
    if side == "decoder":
        shapes |= _attention(config, f"{name}/attention", (width, 2 * width, width))
    shapes |= _norm(config, f"{name}/ffn/layer_norm")
    for linear in ("linear_0", "linear_0_noact") if config.gated else ("linear_0",):
        shapes |= _linear(config, f"{name}/ffn/{linear}", (config.feed_forward, width))
    return shapes | _linear(config, f"{name}/ffn/linear_1", (width, config.feed_forward))


def _attention(config: TransformerConfig, name: str, outputs: tuple[int, ...]) -> Shapes:
    shapes = _norm(config, f"{name}/layer_norm")
    for number, n_outputs in enumerate(outputs):
        shapes |= _linear(config, f"{name}/linear_{number}", (n_outputs, config.width))
    if config.query_key_norm:
        head = config.width // config.heads
        is_cross = len(outputs) == 3
        shapes[f"{name}/q_norm/gamma"] = (config.width if is_cross else head,)
        shapes[f"{name}/k_norm/gamma"] = (head,)
    return shapes


def _linear(config: TransformerConfig, name: str, shape: tuple[int, ...]) -> Shapes:
    shapes: Shapes = {f"{name}/weight": shape}
    return shapes | {f"{name}/bias": shape[:1]} if config.norm == "layer" else shapes


def _norm(config: TransformerConfig, name: str) -> Shapes:
    kinds = ("gamma", "beta") if config.norm == "layer" else ("gamma",)
    return {f"{name}/{kind}": (config.width,) for kind in kinds}


def check_weights(weights: Weights, shapes: Shapes) -> None:
    """Refuse ``weights`` with a `BundleError` unless they are exactly those of ``shapes``, float32 and finite."""
    for name in sorted(shapes.keys() - weights.keys()):
        raise BundleError(f"the array {name!r} is missing; train again")
    for name in sorted(weights.keys() - shapes.keys()):
        raise BundleError(f"there is no place for the array {name!r} in this model; train again")
    for name, shape in shapes.items():
        array = weights[name]
        if array.shape != shape or array.dtype != np.float32:
            raise BundleError(
                f"the array {name!r} must be float32 {shape}, not {array.dtype} {array.shape}; train again"
            )
        if not np.isfinite(array).all():
            raise BundleError(f"the array {name!r} holds numbers that are not finite; train again")


def model_files(
    config: TransformerConfig, weights: Weights, src_size: int, trg_size: int, precision: str
) -> dict[str, bytes]:
    """Return the files of a CTranslate2 model, by name; a token of its vocabularies is the decimal number of its id.

    ``weights`` have the `expected_shapes`; ``precision`` is one of `config.PRECISIONS`.
    """
    arrays: dict[str, NDArray[Any]] = dict(_attributes(config))
    for name, array in weights.items():
        if precision == "int8" and name.endswith("/weight"):
            arrays[name], arrays[f"{name}_scale"] = quantized(array)
        else:
            arrays[name] = array
    aliases = [PROJECTION, SRC_EMBEDDINGS] if config.joint else [PROJECTION]
    files = {"model.bin": _binary(arrays, aliases), "config.json": json.dumps(_SETTINGS).encode()}
    sizes = {"shared": trg_size} if config.joint else {"source": src_size, "target": trg_size}
    for side, size in sizes.items():
        files[f"{side}_vocabulary.json"] = json.dumps([str(i) for i in range(size)]).encode()
    return files


_SETTINGS = {
    "unk_token": str(UNK),
    "bos_token": str(BOS),
    "eos_token": str(EOS),
    "decoder_start_token": str(BOS),
    "add_source_bos": False,
    "add_source_eos": False,
    "layer_norm_epsilon": None,
    "multi_query_attention": False,
}


def _attributes(config: TransformerConfig) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield the settings that CTranslate2 keeps among the arrays."""
    for side, n_layers in (("encoder", config.encoder_layers), ("decoder", config.decoder_layers)):
        yield f"{side}/num_heads", np.array(config.heads, np.int16)
        yield f"{side}/pre_norm", np.array(1, np.int8)
        yield f"{side}/scale_embeddings", np.array(1, np.int8)
        yield f"{side}/activation", np.array(_SWISH if config.gated else _RELU, np.int8)
        for number in range(n_layers if config.positions == "rotary" else 0):
            attention = f"{side}/layer_{number}/self_attention"
            yield f"{attention}/rotary_dim", np.array(0, np.int32)  # all of a head
            yield f"{attention}/rotary_interleave", np.array(0, np.int8)
            yield f"{attention}/rotary_base", np.array(10000, np.float32)
    yield "encoder/embeddings_merge", np.array(0, np.int8)
    yield "encoder/multi_query_attention", np.array(0, np.int8)
    # Attention is the mean over all heads (0) of the last layer (-1).
    yield "decoder/alignment_layer", np.array(-1, np.int16)
    yield "decoder/alignment_heads", np.array(0, np.int16)
    for name in ("alibi", "alibi_use_positive_positions", "scale_alibi", "start_from_zero_embedding"):
        yield f"decoder/{name}", np.array(0, np.int8)


def quantized(weight: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return ``weight`` (N, K) as int8 and the scale (N,) of its rows, whose greatest value becomes 127.

    A row of zeros stays one.
    """
    greatest = np.abs(weight).max(axis=1)
    greatest[greatest == 0] = 127
    scale = (127 / np.maximum(greatest, 127 / np.finfo(np.float32).max)).astype(np.float32)
    return np.rint(weight * scale[:, None]).astype(np.int8), scale


def _binary(arrays: dict[str, NDArray[Any]], aliases: list[str]) -> bytes:
    """Return CTranslate2's binary file: ``arrays`` by name, and ``aliases`` of the target's embeddings."""
    parts = [pack("<I", _BINARY_VERSION), _string(_SPEC), pack("<II", _SPEC_REVISION, len(arrays))]
    for name, array in sorted(arrays.items()):
        parts += [_string(name), pack(f"<B{array.ndim}I", array.ndim, *array.shape)]
        parts += [pack("<BI", _TYPES.index(array.dtype.name), array.nbytes), array.tobytes()]
    parts.append(pack("<I", len(aliases)))
    for alias in sorted(aliases):
        parts += [_string(alias), _string(TRG_EMBEDDINGS)]
    return b"".join(parts)


def _string(text: str) -> bytes:
    encoded = text.encode()
    return pack("<H", len(encoded) + 1) + encoded + b"\0"
