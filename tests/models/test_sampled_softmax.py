"""Sampled softmax: right on average, exact where nothing is left to chance, and only in training."""

from __future__ import annotations

import numpy as np
import pytest

from dragoman.config import CharLSTMConfig, TransformerConfig
from dragoman.errors import UsageError
from dragoman.models import MODELS, keras, transformer
from dragoman.models.sampled_softmax import SampledSoftmax
from dragoman.vocabulary.characters import character_vocabularies

pytestmark = pytest.mark.slow

SIZE, WIDTH, N = 60, 8, 5
RANDOM = np.random.default_rng(0)
HIDDEN = RANDOM.normal(size=(N, WIDTH)).astype(np.float32)
EMBEDDINGS = RANDOM.normal(size=(SIZE, WIDTH)).astype(np.float32) * 0.5
TARGETS = np.array([0, 7, 20, 40, 59], np.int32)
LOGITS = HIDDEN @ EMBEDDINGS.T
RIGHT = LOGITS[np.arange(N), TARGETS]


def sampled(layer: SampledSoftmax) -> tuple[np.ndarray, np.ndarray]:
    total, highest = layer(HIDDEN, EMBEDDINGS, TARGETS, RIGHT)
    return keras.ops.convert_to_numpy(total), keras.ops.convert_to_numpy(highest)


@pytest.mark.backends
def test_sums_are_right_on_average() -> None:
    layer = SampledSoftmax(SIZE, 20, seed=1)
    sums = np.array([np.exp(sampled(layer)[0]) for _ in range(1500)])
    standard_errors = sums.std(axis=0) / np.sqrt(len(sums))
    np.testing.assert_array_less(standard_errors, 0.02 * sums.mean(axis=0))
    np.testing.assert_array_less(np.abs(sums.mean(axis=0) - np.exp(LOGITS).sum(-1)), 4 * standard_errors)


def test_each_step_draws_others_and_the_same_from_the_same_seed() -> None:
    one, same, other = (SampledSoftmax(SIZE, 20, seed=seed) for seed in (1, 1, 2))
    first, second = sampled(one)[0], sampled(one)[0]
    np.testing.assert_array_equal(sampled(same)[0], first)
    assert np.abs(second - first).max() > 1e-3
    assert np.abs(sampled(other)[0] - first).max() > 1e-3


def test_of_all_columns_but_few_the_sum_is_nearly_exact() -> None:
    total, highest = sampled(SampledSoftmax(SIZE, SIZE - 1, seed=1))
    np.testing.assert_allclose(total, np.log(np.exp(LOGITS).sum(-1)), atol=0.2)
    others = LOGITS.copy()
    others[np.arange(N), TARGETS] = -np.inf
    assert (highest <= others.max(-1) + 1e-6).all()


def test_every_rare_token_is_drawn_and_no_frequent_one() -> None:
    layer = SampledSoftmax(SIZE, 20, seed=1)
    drawn = np.concatenate([keras.ops.convert_to_numpy(layer._drawn()) for _ in range(200)])
    counts = np.bincount(drawn, minlength=SIZE)
    assert (counts[:10] == 0).all()
    assert (counts[10:] > 0).all()
    np.testing.assert_allclose(counts[10:], 200 * 10 / 50, rtol=0.6)


@pytest.mark.parametrize(("columns", "is_sampled"), [(None, False), (20, True), (60, False)])
def test_a_model_samples_in_training_only(columns: int | None, is_sampled: bool) -> None:
    config = TransformerConfig(width=WIDTH, heads=2, feed_forward=16, dropout=0.0)
    model = transformer.Transformer(config, SIZE, SIZE, seed=0, sampled_softmax=columns)
    exact = keras.ops.convert_to_numpy(model._judged(HIDDEN, TARGETS, training=False))
    trained = keras.ops.convert_to_numpy(model._judged(HIDDEN, TARGETS, training=True))
    assert (np.abs(trained - exact).max() > 1e-3) == is_sampled
    embeddings = keras.ops.convert_to_numpy(model.trg_embedding.embeddings)
    logits = HIDDEN @ embeddings.T
    np.testing.assert_allclose(exact[:, 0], np.log(np.exp(logits).sum(-1)) - logits[np.arange(N), TARGETS], atol=1e-5)


def test_the_articles_model_has_none() -> None:
    vocabularies = character_vocabularies(["a"], ["b"])
    with pytest.raises(UsageError, match="no sampled softmax"):
        MODELS["char-lstm"].build(CharLSTMConfig(), *vocabularies, max_trg_length=3, sampled_softmax=64)
