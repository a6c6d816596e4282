"""Our files are those that CTranslate2's own converter would write, byte for byte."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dragoman.config import TransformerConfig
from dragoman.engine import Weights
from dragoman.engine.ctranslate_format import SRC_EMBEDDINGS, TRG_EMBEDDINGS, model_files, quantized
from tests.engine.random_transformer import CHOICES, random_weights, sizes, small_config


@pytest.fixture(scope="module")
def specs() -> Any:
    """CTranslate2's specs as they are where PyTorch is not installed: it takes seconds to import."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(sys.modules, "torch", None)
        return importlib.import_module("ctranslate2.specs")


def library_spec(specs: Any, config: TransformerConfig, weights: Weights) -> Any:
    options = {
        "activation": specs.common_spec.Activation.SWISH if config.gated else specs.common_spec.Activation.RELU,
        "ffn_glu": config.gated,
        "rms_norm": config.norm == "rms",
        "qk_norm": config.query_key_norm,
    }
    if config.positions == "rotary":
        options |= {"rotary_dim": 0, "rotary_interleave": False}
    spec = specs.TransformerSpec(
        specs.transformer_spec.TransformerEncoderSpec(config.encoder_layers, config.heads, **options),
        specs.transformer_spec.TransformerDecoderSpec(
            config.decoder_layers, config.heads, alignment_layer=-1, alignment_heads=0, **options
        ),
    )
    embeddings = weights[TRG_EMBEDDINGS]
    places = {
        **weights,
        "decoder/projection/weight": embeddings,
        SRC_EMBEDDINGS: weights.get(SRC_EMBEDDINGS, embeddings),
    }
    for name, array in places.items():
        *path, last = name.split("/")
        setattr(specs.model_spec.index_spec(spec, "/".join(path)), last, array.copy())
    for side, size in zip(("source", "target"), sizes(config), strict=True):
        getattr(spec, f"register_{side}_vocabulary")([str(i) for i in range(size)])
    spec.config.unk_token, spec.config.bos_token, spec.config.eos_token = "3", "1", "2"
    spec.config.decoder_start_token = "1"
    return spec


@pytest.mark.parametrize("precision", ["int8", "float32"])
@pytest.mark.parametrize("choices", CHOICES, ids=lambda choices: "-".join(map(str, choices.values())))
def test_files_are_those_of_the_library(specs: Any, tmp_path: Path, choices: dict[str, Any], precision: str) -> None:
    config = small_config(**choices)
    weights = random_weights(config)
    spec = library_spec(specs, config, weights)
    spec.validate()
    spec.optimize(quantization=precision)
    spec.save(str(tmp_path))
    ours = model_files(config, weights, *sizes(config), precision)
    assert {path.name for path in tmp_path.iterdir()} == set(ours)
    for name, content in ours.items():
        theirs = (tmp_path / name).read_bytes()
        assert content == theirs if name == "model.bin" else json.loads(content) == json.loads(theirs)


def test_quantized_rows_span_the_range_and_zeros_stay() -> None:
    weight = np.array([[0.5, -1.0, 0.25], [0, 0, 0], [3e-39, -1e-39, 0]], np.float32)
    rows, scale = quantized(weight)
    assert rows.dtype == np.int8
    assert rows.tolist()[:2] == [[64, -127, 32], [0, 0, 0]]
    assert scale.tolist()[:2] == [127.0, 1.0]
    assert np.isfinite(scale).all()
    np.testing.assert_allclose(rows[0] / scale[0], weight[0], atol=0.5 / 127)
