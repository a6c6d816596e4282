"""The Transformer in Keras: what CTranslate2 computes, sentence by sentence, whatever shares their row."""

from __future__ import annotations

from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pytest

from dragoman.alignment import Likely
from dragoman.config import TransformerConfig
from dragoman.encoded import EncodedPairs
from dragoman.engine import TrainedModel
from dragoman.engine.ctranslate import CTranslateEngine
from dragoman.engine.ctranslate_format import expected_shapes
from dragoman.errors import BundleError
from dragoman.models import keras, transformer
from dragoman.models.transformer import Transformer
from dragoman.packing import PackedBatches, Widths
from dragoman.vocabulary import BOS, EOS

pytestmark = pytest.mark.slow

SMALL = {"width": 16, "heads": 2, "feed_forward": 24, "encoder_layers": 2, "decoder_layers": 2, "dropout": 0.0}
CHOICES = {
    "norm": ("rms", "layer"),
    "gated": (False, True),
    "positions": ("rotary", "sinusoidal"),
    "query_key_norm": (False, True),
    "joint": (True, False),
}
EVERY = [dict(zip(CHOICES, values, strict=True)) for values in product(*CHOICES.values())]
SRC_SIZE, TRG_SIZE = 40, 50


class Sized(NamedTuple):
    """As much of a vocabulary as a model asks for."""

    size: int


class World(NamedTuple):
    """A model with random weights, as Keras and as an engine, and pairs of ids."""

    config: TransformerConfig
    vocabularies: tuple[Any, Any]
    model: Transformer
    pairs: list[tuple[list[int], list[int]]]

    @property
    def trained(self) -> TrainedModel:
        return TrainedModel(self.config, transformer.to_engine(self.model), *self.vocabularies, 60, 60)


def world(**choices: Any) -> World:
    config = TransformerConfig(**{**SMALL, **choices})
    src_size = TRG_SIZE if config.joint else SRC_SIZE
    vocabularies = Sized(src_size), Sized(TRG_SIZE)
    model = transformer.build(config, *vocabularies, seed=1)  # type: ignore[arg-type]
    random = np.random.default_rng(0)
    for variable in model.trainable_variables:  # norms and biases too, which begin as ones and zeros
        variable.assign(keras.ops.convert_to_numpy(variable.value) + random.normal(0, 0.2, variable.shape))
    lengths = random.integers(1, 12, (20, 2))
    pairs = [(random.integers(4, src_size, s).tolist(), random.integers(4, TRG_SIZE, t).tolist()) for s, t in lengths]
    return World(config, vocabularies, model, pairs)


def batches(pairs: list[tuple[list[int], list[int]]], widths: Widths) -> PackedBatches:
    srcs, trgs = [src for src, _ in pairs], [[BOS, *trg, EOS] for _, trg in pairs]

    def starts(sides: list[list[int]]) -> np.ndarray:
        return np.append(0, np.cumsum([len(ids) for ids in sides]))

    tokens = [np.array([i for ids in sides for i in ids], np.uint8) for sides in (srcs, trgs)]
    return PackedBatches(EncodedPairs(tokens[0], starts(srcs), tokens[1], starts(trgs)), 128, widths=widths)


def log_probs(model: Transformer, packed: PackedBatches) -> dict[tuple[tuple[int, ...], tuple[int, ...]], np.ndarray]:
    """The log-probabilities of the target tokens of each pair, read out of the rows."""
    found = {}
    for i in range(len(packed)):
        batch = packed.batch_in_order(i)
        inputs, targets, _ = batch.for_keras()
        values = -keras.ops.convert_to_numpy(model.token_losses(targets, model(inputs)))
        for row in range(len(targets)):
            for number in range(1, int(batch.trg.sentences[row].max()) + 1):
                src = batch.src.ids[row][batch.src.sentences[row] == number][:-1]
                here = batch.trg.sentences[row] == number
                found[tuple(src.tolist()), tuple(targets[row][here][:-1].tolist())] = values[row][here]
    return found


@pytest.mark.backends
@pytest.mark.parametrize("choices", EVERY, ids=lambda choices: "-".join(map(str, choices.values())))
def test_the_engine_computes_the_same(choices: dict[str, Any]) -> None:
    one = world(**choices)
    engine = CTranslateEngine(one.trained, "float32")
    ours = log_probs(one.model, batches(one.pairs, Widths(16, 16)))
    scored = engine.score(*map(list, zip(*one.pairs, strict=True)))
    for (src, trg), theirs in zip(one.pairs, scored, strict=True):
        assert theirs.token_scores is not None
        np.testing.assert_allclose(ours[tuple(src), tuple(trg)], theirs.token_scores, atol=1e-4)


def test_a_sentence_does_not_know_who_shares_its_row() -> None:
    one = world()
    packed = log_probs(one.model, batches(one.pairs, Widths(64, 64)))
    alone: dict[Any, np.ndarray] = {}
    for pair in one.pairs:
        alone |= log_probs(one.model, batches([pair], Widths(64, 64)))
    for pair, values in alone.items():
        np.testing.assert_allclose(packed[pair], values, atol=1e-5)


@pytest.mark.parametrize("choices", EVERY[::5])
def test_weights_go_to_arrays_and_back(choices: dict[str, Any]) -> None:
    one = world(**choices)
    arrays = one.trained.weights
    sizes = (vocabulary.size for vocabulary in one.vocabularies)
    assert {name: array.shape for name, array in arrays.items()} == expected_shapes(one.config, *sizes)
    other = transformer.build(one.config, *one.vocabularies, seed=2)
    transformer.from_engine(other, arrays)
    for name, array in transformer.to_engine(other).items():
        np.testing.assert_array_equal(array, arrays[name])


def test_weights_of_another_model_are_refused() -> None:
    one, other = world(), world(feed_forward=32)
    with pytest.raises(BundleError, match="must have the shape"):
        transformer.from_engine(one.model, other.trained.weights)
    with pytest.raises(BundleError, match="the weights must be"):
        transformer.from_engine(one.model, world(norm="layer").trained.weights)


def test_the_first_weights_follow_from_the_seed() -> None:
    config, vocabularies = TransformerConfig(**SMALL), (Sized(50), Sized(50))  # type: ignore[arg-type]
    first, second, third = (
        transformer.to_engine(transformer.build(config, *vocabularies, seed=seed))  # type: ignore[arg-type]
        for seed in (3, 3, 4)
    )
    name = "encoder/layer_0/ffn/linear_0/weight"
    np.testing.assert_array_equal(first[name], second[name])
    assert not np.array_equal(first[name], third[name])


def test_cross_attention_begins_with_queries_and_keys_alike() -> None:
    sizes = Sized(50), Sized(50)
    weights = transformer.to_engine(transformer.build(TransformerConfig(**SMALL), *sizes, seed=3))  # type: ignore[arg-type]
    queries = weights["decoder/layer_0/attention/linear_0/weight"]
    keys, values = np.split(weights["decoder/layer_0/attention/linear_1/weight"], 2)
    np.testing.assert_array_equal(queries, keys)
    assert not np.array_equal(queries, values)
    own = np.split(weights["decoder/layer_0/self_attention/linear_0/weight"], 3)
    assert not np.array_equal(own[0], own[1])


@pytest.mark.parametrize("joint", [True, False])
def test_tokens_that_translate_each_other_begin_side_by_side(joint: bool) -> None:
    def likeness(model: Transformer, src: int, trg: int) -> float:
        src_table, trg_table = (
            keras.ops.convert_to_numpy(side.embeddings.value) for side in (model.src_embedding, model.trg_embedding)
        )
        one, other = src_table[src], trg_table[trg]
        return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))

    model = world(joint=joint, width=64).model
    lengths = np.linalg.norm(keras.ops.convert_to_numpy(model.trg_embedding.embeddings.value), axis=1)
    pairs = np.array([[5, 8], [6, 9], [7, 10]])
    likely = Likely(pairs[:, 0], pairs[:, 1], np.array([0.9, 0.4, 0.01]), np.ones(3))
    strangers = likeness(model, 7, 10)
    transformer.relate(model, likely)
    assert likeness(model, 5, 8) > 0.8
    assert 0.4 < likeness(model, 6, 9) < likeness(model, 5, 8)
    assert likeness(model, 7, 10) == pytest.approx(strangers)  # too unlikely
    after = np.linalg.norm(keras.ops.convert_to_numpy(model.trg_embedding.embeddings.value), axis=1)
    np.testing.assert_allclose(after, lengths, rtol=1e-5)


def test_losses_and_hits_are_those_of_the_logits() -> None:
    one = world()
    random = np.random.default_rng(1)
    hidden, targets = random.normal(size=(6, 16)).astype(np.float32), random.integers(0, TRG_SIZE, 6)
    logits = hidden @ np.asarray(one.model.trg_embedding.embeddings).T
    log_probs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    judged = np.asarray(one.model._judged(hidden, targets))
    target = np.full(logits.shape, 0.1 / TRG_SIZE)
    np.put_along_axis(target, targets[:, None], 0.9 + 0.1 / TRG_SIZE, axis=-1)
    smoothed = np.asarray(one.model.token_losses(targets, judged, 0.1))
    np.testing.assert_allclose(smoothed, -(target * log_probs).sum(-1), atol=1e-5)
    np.testing.assert_allclose(one.model.token_losses(targets, judged), -log_probs[np.arange(6), targets], atol=1e-5)
    np.testing.assert_array_equal(one.model.token_hits(targets, judged), logits.argmax(-1) == targets)
