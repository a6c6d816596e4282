"""Training from ids is training on the article's arrays: the same probabilities, losses and gradients.

All tests run on every backend; on JAX they hold the fast recurrence against the stock layers.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from dragoman.batches import Arrays, Batches, Fitted, vectorize
from dragoman.config import CharLSTMConfig, TrainConfig
from dragoman.corpus.pairs import Origin, Pair
from dragoman.encoded import EncodedPairs
from dragoman.fitting.checkpoint import Forgetful
from dragoman.fitting.loop import DevScores, Fitting, dev_sums
from dragoman.fitting.objective import compile_model
from dragoman.models import char_lstm, keras
from dragoman.models.char_lstm import CharLSTM
from dragoman.models.from_ids import FromIds
from dragoman.vocabulary.characters import character_vocabularies

pytestmark = [pytest.mark.backends, pytest.mark.slow]

SHAPES = [
    CharLSTMConfig(units=24),
    CharLSTMConfig(units=16, layers=3),
    CharLSTMConfig(units=20, cell="gru"),
    CharLSTMConfig(units=16, layers=2, masking=False),
]


class World:
    """Some pairs, one with characters that the vocabularies lack, as ids and as the article's arrays."""

    def __init__(self, pairs: list[Pair]) -> None:
        self.src, self.trg = character_vocabularies((p.src for p in pairs), (p.trg for p in pairs))
        self.pairs = [*pairs, Pair("Goo☃d mor漢ning!", "¡Buenos☃ días!", Origin("", 1))]
        self.encoded = EncodedPairs.from_pairs(self.pairs, self.src, self.trg)
        self.arrays = vectorize(self.pairs, self.src, self.trg)

    def build(self, config: CharLSTMConfig) -> CharLSTM:
        max_trg_length = self.arrays.decoder_input_data.shape[1]
        return char_lstm.build(config, self.src, self.trg, max_trg_length=max_trg_length, seed=3)

    @property
    def ids(self) -> Fitted:
        """Inputs, targets and weights of all pairs as one batch, of the width of the article's arrays."""
        (batch,) = Batches(self.encoded, len(self.pairs), masking=False).epoch(0, shuffle=False)
        return batch.for_keras(masking=True)


@pytest.fixture(scope="module")
def world(phrasebook: list[Pair]) -> World:
    return World(phrasebook[:40])


def plain_losses(model: CharLSTM, arrays: Arrays) -> NDArray[np.float64]:
    """Cross-entropy (B, T), in NumPy from the probabilities of plain Keras."""
    inputs = [arrays.encoder_input_data, arrays.decoder_input_data]
    probabilities = np.asarray(model.training_model.predict(inputs, verbose=0), np.float64)
    right = (arrays.decoder_target_data * probabilities).sum(axis=-1)
    return np.asarray(-np.log(np.where(arrays.decoder_target_data.any(axis=-1), right, 1.0)))


def real(arrays: Arrays) -> NDArray[np.bool_]:
    """Where (B, T) a known character is read and a known one predicted."""
    return np.asarray(arrays.decoder_input_data.any(axis=-1) & arrays.decoder_target_data.any(axis=-1))


@pytest.mark.parametrize("config", SHAPES)
def test_probabilities_are_those_of_the_stock_layers(world: World, config: CharLSTMConfig) -> None:
    model = world.build(config)
    stock = np.asarray(model.training_model.predict_on_batch([*world.arrays[:2]]))
    ours = np.exp(np.asarray(FromIds(model).predict_on_batch(world.ids[0])))
    np.testing.assert_allclose(ours[real(world.arrays)], stock[real(world.arrays)], atol=1e-6)


@pytest.mark.parametrize("config", SHAPES)
def test_the_layers_are_those_of_the_training_model(world: World, config: CharLSTMConfig) -> None:
    model = world.build(config)
    ours, theirs = FromIds(model).trainable_variables, model.training_model.trainable_variables
    assert {id(variable) for variable in ours} == {id(variable) for variable in theirs}


@pytest.mark.parametrize("config", SHAPES)
def test_gradients_are_those_of_the_stock_layers(world: World, config: CharLSTMConfig) -> None:
    """One step of gradient descent with a rate of 1 changes every weight by its gradient."""
    ours, theirs = world.build(config), world.build(config)
    start = char_lstm.to_engine(ours)
    inputs, targets, _ = world.ids
    weights = real(world.arrays).astype(np.float32)
    trained = FromIds(ours)
    compile_model(trained, TrainConfig(optimizer="sgd", learning_rate=1.0), n_steps=1)
    trained.train_on_batch(inputs, targets, sample_weight=weights)
    loss = keras.losses.CategoricalCrossentropy(reduction="mean_with_sample_weight")
    theirs.training_model.compile(optimizer=keras.optimizers.SGD(1.0), loss=loss)
    theirs.training_model.train_on_batch([*world.arrays[:2]], world.arrays.decoder_target_data, sample_weight=weights)
    expected = char_lstm.to_engine(theirs)
    for name, array in char_lstm.to_engine(ours).items():
        gradient = start[name] - expected[name]
        np.testing.assert_allclose(start[name] - array, gradient, atol=1e-6)
        assert np.abs(gradient).max() > 1e-5


def test_what_the_mask_passes_over_changes_no_gradient(world: World) -> None:
    """The gradients of a batch do not change when it is padded further, to the right and with empty rows."""
    results = []
    for n_rows, further in ((len(world.pairs), 0), (len(world.pairs) + 3, 5)):
        model = world.build(CharLSTMConfig(units=16, layers=2))
        ids = [np.zeros((n_rows, array.shape[1] + further), array.dtype) for array in (*world.ids[0], *world.ids[1:])]
        for wide, array in zip(ids, (*world.ids[0], *world.ids[1:]), strict=True):
            wide[: array.shape[0], : array.shape[1]] = array
        trained = FromIds(model)
        compile_model(trained, TrainConfig(optimizer="sgd", learning_rate=1.0), n_steps=1)
        trained.train_on_batch(ids[:2], ids[2], sample_weight=ids[3])
        results.append(char_lstm.to_engine(model))
    for name, array in results[0].items():
        np.testing.assert_allclose(array, results[1][name], atol=1e-6)


@pytest.mark.parametrize("layers", [1, 2])
def test_the_loss_in_buckets_is_the_masked_loss_of_plain_keras(world: World, layers: int) -> None:
    model = world.build(CharLSTMConfig(units=16, layers=layers))
    losses, is_real = plain_losses(model, world.arrays), real(world.arrays)
    # From the article's arrays by plain Keras, weights leaving out what is no target.
    model.training_model.compile(loss="categorical_crossentropy", weighted_metrics=["categorical_crossentropy"])
    keras_result = model.training_model.evaluate(
        [*world.arrays[:2]],
        world.arrays.decoder_target_data,
        sample_weight=is_real.astype("float32"),
        batch_size=len(world.pairs),
        verbose=0,
        return_dict=True,
    )
    trained = FromIds(model)
    compile_model(trained, TrainConfig(), n_steps=1)
    ours = dev_sums(trained, Batches(world.encoded, 16))
    assert ours.tokens == is_real.sum()
    assert ours.means[0] == pytest.approx(losses[is_real].mean(), abs=1e-5)
    assert ours.means[0] == pytest.approx(keras_result["categorical_crossentropy"], abs=1e-5)


def test_without_masking_the_loss_is_the_articles_own(world: World) -> None:
    model = world.build(CharLSTMConfig(units=16, masking=False))
    model.training_model.compile(loss="categorical_crossentropy")
    article = model.training_model.evaluate([*world.arrays[:2]], world.arrays.decoder_target_data, verbose=0)
    trained = FromIds(model)
    compile_model(trained, TrainConfig(), n_steps=1)
    ours = dev_sums(trained, Batches(world.encoded, 16, masking=False))
    assert ours.means[0] == pytest.approx(article, abs=1e-5)
    assert ours.means[0] == pytest.approx(plain_losses(model, world.arrays).mean(), abs=1e-5)


def test_the_trainer_reaches_the_weights_of_plain_keras(phrasebook: list[Pair]) -> None:
    """One batch an epoch in both: the same weights after three epochs, from ids and from the article's arrays.

    With weights that leave out padding: of its zero rows TensorFlow's cross-entropy has a gradient and JAX's has none.
    """
    world = World(phrasebook[:40])
    n_pairs = len(world.pairs)
    config = TrainConfig(epochs=3, batch_size=n_pairs, optimizer="sgd", learning_rate=0.5)
    ours, theirs, start = (world.build(CharLSTMConfig(units=16)) for _ in range(3))
    batches = Batches(world.encoded, n_pairs)
    assert len(batches) == 1
    trained = FromIds(ours)
    compile_model(trained, config, n_steps=3)
    fitting = Fitting(
        trained,
        batches,
        batches,
        config,
        to_engine=lambda: char_lstm.to_engine(ours),
        score=lambda weights, step: DevScores(0.0, 0.0),
        listener=lambda event: None,
    )
    fitting.run(3, Forgetful())
    loss = keras.losses.CategoricalCrossentropy(reduction="mean_with_sample_weight")
    theirs.training_model.compile(optimizer=keras.optimizers.SGD(0.5), loss=loss)
    theirs.training_model.fit(
        [*world.arrays[:2]],
        world.arrays.decoder_target_data,
        sample_weight=real(world.arrays).astype(np.float32),
        batch_size=n_pairs,
        epochs=3,
        shuffle=False,
        verbose=0,
    )
    expected, first = char_lstm.to_engine(theirs), char_lstm.to_engine(start)
    for name, array in char_lstm.to_engine(ours).items():
        np.testing.assert_allclose(array, expected[name], atol=1e-5)
        assert not np.allclose(array, first[name], atol=1e-5)


def test_dropout_drops_in_training_and_not_else(world: World) -> None:
    model = world.build(CharLSTMConfig(units=16, layers=2, dropout=0.5))
    trained = FromIds(model)
    once, again = (keras.ops.convert_to_numpy(trained(world.ids[0], training=True)) for _ in range(2))
    assert not np.allclose(once, again)
    stock = np.asarray(model.training_model.predict_on_batch([*world.arrays[:2]]))
    ours = np.exp(keras.ops.convert_to_numpy(trained(world.ids[0], training=False)))
    np.testing.assert_allclose(ours[real(world.arrays)], stock[real(world.arrays)], atol=1e-6)
