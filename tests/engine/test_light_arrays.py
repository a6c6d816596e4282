"""A light bundle's arrays: 8 bits for a Transformer's matrices, 16 for the rest, and the same translations."""

from __future__ import annotations

import numpy as np
import pytest

from dragoman.bundle.arrays import narrow, widen
from dragoman.config import SearchConfig
from dragoman.engine.ctranslate import CTranslateEngine
from dragoman.errors import BundleError
from tests.engine.random_transformer import random_weights, small_config, trained

CONFIG = small_config(norm="layer")


def test_they_take_a_byte_a_weight() -> None:
    weights = random_weights(CONFIG)
    stored = narrow(weights)
    matrices = [name for name in weights if name.endswith("/weight")]
    assert matrices
    assert {stored[name].dtype.name for name in matrices} == {"int8"}
    assert {stored[name].dtype.name for name in weights.keys() - set(matrices)} == {"float16"}
    assert sum(a.nbytes for a in stored.values()) < 0.35 * sum(a.nbytes for a in weights.values())


def test_they_come_back_as_near_as_8_bits_are() -> None:
    weights = random_weights(CONFIG)
    back = widen(narrow(weights))
    assert back.keys() == weights.keys()
    for name, array in weights.items():
        assert back[name].dtype == np.float32
        step = np.abs(array).max(axis=-1, keepdims=True) / 127
        assert (np.abs(back[name] - array) <= 0.51 * step).all()
    for name, array in narrow(back).items():
        np.testing.assert_allclose(array, narrow(weights)[name], rtol=1e-6, err_msg=name)


def test_the_engine_finds_the_same_translations() -> None:
    weights = random_weights(CONFIG)
    sources = [[5, 9, 6], [8], [7, 5, 5, 10, 9]]
    whole, light = (
        CTranslateEngine(trained(CONFIG, each)).translate(sources, SearchConfig(n_best=2))
        for each in (weights, widen(narrow(weights)))
    )
    assert [[one.ids for one in best] for best in whole] == [[one.ids for one in best] for best in light]


def test_a_matrix_of_zeros_stays_one() -> None:
    assert not widen(narrow({"a/weight": np.zeros((3, 4), np.float32)}))["a/weight"].any()


BYTES, SCALE = np.ones((2, 3), np.int8), np.ones(2, np.float32)


@pytest.mark.parametrize(
    "stored",
    [
        {"a/weight": BYTES},
        {"a/weight": BYTES, "a/weight_scale": np.ones(3, np.float32)},
        {"a/weight": BYTES, "a/weight_scale": np.ones(2, np.float16)},
        {"a/weight": BYTES[0], "a/weight_scale": SCALE},
        {"b/weight_scale": SCALE},
    ],
)
def test_scales_that_do_not_belong_are_refused(stored: dict[str, np.ndarray]) -> None:
    with pytest.raises(BundleError, match="scale"):
        widen(stored)


def test_a_scale_of_zero_gives_no_finite_weights_and_is_refused_by_the_engine() -> None:
    weights = random_weights(CONFIG)
    stored = narrow(weights)
    name = next(name for name in stored if name.endswith("_scale"))
    stored[name] = np.zeros_like(stored[name])
    with pytest.raises(BundleError, match="not finite"):
        CTranslateEngine(trained(CONFIG, widen(stored)))
