from __future__ import annotations

import numpy as np
import pytest

from dragoman.batches import Batches, EncodedPairs
from dragoman.config import ModelConfig, TrainConfig
from dragoman.corpus.pairs import Pair
from dragoman.errors import UsageError
from dragoman.fitting.events import EpochEnded, Progress
from dragoman.fitting.loop import BatchArrays, compile_model, fit, make_optimizer
from dragoman.models import char_lstm
from dragoman.models.char_lstm import CharLSTM
from dragoman.vocabulary import character_vocabularies

FAST = TrainConfig(epochs=3, batch_size=16, optimizer="adam", learning_rate=0.01)


class Little:
    """A model of 8 units and a hundred pairs to fit it to."""

    def __init__(self, pairs: list[Pair]) -> None:
        self.vocabularies = character_vocabularies((p.src for p in pairs), (p.trg for p in pairs))
        self.train = Batches(EncodedPairs.from_pairs(pairs[:100], *self.vocabularies), 16)
        self.dev = Batches(EncodedPairs.from_pairs(pairs[100:], *self.vocabularies), 16)

    def model(self) -> CharLSTM:
        return char_lstm.build(ModelConfig(units=8), *self.vocabularies, max_trg_length=60, seed=0)


@pytest.fixture
def little(phrasebook: list[Pair]) -> Little:
    return Little(phrasebook[:120])


def test_the_loss_falls_and_every_epoch_is_told(little: Little) -> None:
    events: list[Progress | EpochEnded] = []
    history = fit(little.model(), little.train, little.dev, FAST, listener=events.append)
    assert [e for e in events if isinstance(e, EpochEnded)] == history
    assert [e.epoch for e in history] == [1, 2, 3]
    assert history[0].loss > history[-1].loss
    assert history[0].dev_loss > history[-1].dev_loss
    assert all(e.complete for e in history)
    last_steps = [e for e in events if isinstance(e, Progress) and e.step == e.n_steps]
    assert [e.epoch for e in last_steps] == [1, 2, 3]
    assert last_steps[-1].loss == pytest.approx(history[-1].loss, abs=1e-4)
    assert last_steps[-1].seconds_left == 0


def test_training_ends_with_patience_and_keeps_the_weights_of_the_best_epoch(little: Little) -> None:
    model = little.model()
    # A rate that overshoots sooner or later.
    config = TrainConfig(epochs=60, batch_size=16, optimizer="sgd", learning_rate=60.0, patience=2)
    history = fit(model, little.train, little.dev, config, listener=lambda event: None)
    result = model.training_model.evaluate(BatchArrays(little.dev, model, shuffle=False), verbose=0, return_dict=True)
    losses = [epoch.dev_loss for epoch in history]
    assert losses.index(min(losses)) == len(losses) - 1 - config.patience
    assert len(losses) < config.epochs
    assert result["token_loss"] == pytest.approx(min(losses), abs=1e-4)
    assert [e.best for e in history] == [loss < min([np.inf, *losses[:i]]) for i, loss in enumerate(losses)]


def test_stop_cuts_the_epoch_and_keeps_what_was_learned(little: Little) -> None:
    steps: list[int] = []

    def stop() -> bool:
        steps.append(1)
        return len(steps) >= len(little.train) + 2

    history = fit(little.model(), little.train, little.dev, FAST, listener=lambda event: None, stop=stop)
    assert [e.complete for e in history] == [True, False]
    assert len(steps) == len(little.train) + 2


def test_the_same_seed_gives_the_same_weights(little: Little) -> None:
    def weights() -> dict[str, np.ndarray]:
        model = little.model()
        fit(model, little.train, little.dev, FAST, listener=lambda event: None)
        return char_lstm.to_engine(model)

    first, second = weights(), weights()
    for name, array in first.items():
        np.testing.assert_array_equal(array, second[name])


@pytest.mark.parametrize("name", ["rmsprop", "adam", "sgd", "adamw", "nadam"])
def test_any_keras_optimizer_by_name(little: Little, name: str) -> None:
    model = little.model()
    compile_model(model, TrainConfig(optimizer=name, learning_rate=0.25), n_steps=1)
    assert type(model.training_model.optimizer).__name__.lower() == name
    assert float(model.training_model.optimizer.learning_rate) == 0.25


def test_an_unknown_optimizer_is_refused_with_the_list() -> None:
    with pytest.raises(UsageError, match=r"adam, .*rmsprop.*not 'gradient'"):
        make_optimizer(TrainConfig(optimizer="gradient"), n_steps=1)


@pytest.mark.parametrize("rate", [None, 0.5])
def test_a_linear_schedule_falls_to_zero(rate: float | None) -> None:
    config = TrainConfig(optimizer="rmsprop", learning_rate=rate, schedule="linear")
    optimizer = make_optimizer(config, n_steps=100)
    rates = [float(optimizer.learning_rate)]
    for step in (50, 100):
        optimizer.iterations.assign(step)
        rates.append(float(optimizer.learning_rate))
    highest = rate or 0.001
    assert rates == pytest.approx([highest, highest / 2, 0.0])


def test_a_diverged_training_is_an_error(little: Little) -> None:
    model = little.model()
    bias = model.training_model.get_layer("decoder_output").bias
    bias.assign(np.full(bias.shape, np.nan, np.float32))
    with pytest.raises(UsageError, match="learning rate"):
        fit(model, little.train, little.dev, FAST, listener=lambda event: None)
