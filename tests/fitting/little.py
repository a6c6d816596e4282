"""A training so small that a test can run it several times, over models that are compiled once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dragoman.batches import Batches
from dragoman.config import CharLSTMConfig, TrainConfig
from dragoman.corpus.pairs import Pair
from dragoman.encoded import EncodedPairs
from dragoman.engine import Weights
from dragoman.fitting.events import Progress, Validated
from dragoman.fitting.loop import DevScores, Fitting
from dragoman.fitting.objective import compile_model
from dragoman.models import char_lstm, keras
from dragoman.models.from_ids import FromIds
from dragoman.vocabulary.characters import character_vocabularies

FAST = TrainConfig(batch_size=16, optimizer="adam", learning_rate=0.01)
STEPS_PER_EPOCH = 7


class Little:
    """A model of 8 units and a hundred pairs to fit it to.

    To compile a model takes a hundred times as long as to fit it, so `fitting` compiles one for each configuration and
    hands it out again with its first values: one test at a time has it.
    """

    def __init__(self, pairs: list[Pair], dropout: float = 0.0) -> None:
        self.vocabularies = character_vocabularies((p.src for p in pairs), (p.trg for p in pairs))
        self.train = Batches(EncodedPairs.from_pairs(pairs[:100], *self.vocabularies), 16)
        self.dev = Batches(EncodedPairs.from_pairs(pairs[100:], *self.vocabularies), 16)
        self.config = CharLSTMConfig(units=8, dropout=dropout)
        self._compiled: dict[TrainConfig, tuple[FromIds, list[NDArray[Any]]]] = {}
        assert len(self.train) == STEPS_PER_EPOCH

    def fitting(
        self,
        config: TrainConfig = FAST,
        listener: Callable[[Progress | Validated], None] = lambda event: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Fitting:
        """A model with the values of a new one, ready to be fitted."""
        model = self._model(config)
        return Fitting(
            model,
            self.train,
            self.dev,
            config,
            to_engine=lambda: char_lstm.to_engine(model.lstm),
            score=lambda weights, step: DevScores(bleu=float(step), chrf=50.0),
            listener=listener,
            stop=stop,
        )

    def _model(self, config: TrainConfig) -> FromIds:
        if config not in self._compiled:
            model = FromIds(char_lstm.build(self.config, *self.vocabularies, max_trg_length=60, seed=0))
            compile_model(model, config, n_steps=100)
            first = [keras.ops.convert_to_numpy(variable.value).copy() for variable in variables(model)]
            self._compiled[config] = model, first
        model, first = self._compiled[config]
        for variable, value in zip(variables(model), first, strict=True):
            variable.assign(value)
        return model


def variables(model: FromIds) -> list[Any]:
    """All that a step changes: the variables of ``model`` and of its optimizer."""
    model.optimizer.build(model.trainable_variables)
    return [*model.variables, *model.optimizer.variables]


def assert_same(first: Weights, second: Weights) -> None:
    for name, array in first.items():
        np.testing.assert_array_equal(array, second[name])
