from __future__ import annotations

import json
from typing import Any

import pytest

from dragoman.config import CharLSTMConfig, ModelConfig, SearchConfig, TrainConfig
from dragoman.errors import UsageError

Kind = type[ModelConfig] | type[TrainConfig] | type[SearchConfig]


@pytest.mark.parametrize(
    ("kind", "values", "fragment"),
    [
        (ModelConfig, {"name": "rnn"}, "char-lstm, transformer"),
        (CharLSTMConfig, {"cell": "elman"}, "lstm, gru"),
        (CharLSTMConfig, {"units": 0}, "units"),
        (CharLSTMConfig, {"layers": 0}, "layers"),
        (CharLSTMConfig, {"dropout": 1.0}, "dropout"),
        (TrainConfig, {"epochs": 0}, "epochs"),
        (TrainConfig, {"batch_size": 0}, "batch size"),
        (TrainConfig, {"learning_rate": float("nan")}, "learning rate"),
        (TrainConfig, {"learning_rate": -1.0}, "learning rate"),
        (TrainConfig, {"schedule": "cosine"}, "constant, linear"),
        (TrainConfig, {"patience": 0}, "patience"),
        (TrainConfig, {"seed": -1}, "seed"),
        (TrainConfig, {"dev": 0.0}, "dev"),
        (TrainConfig, {"test": 0.9}, "test"),
        (SearchConfig, {"beam": 0}, "beam"),
        (SearchConfig, {"n_best": 2}, "n-best"),
        (SearchConfig, {"top_k": 5}, "top-k"),
        (SearchConfig, {"temperature": 0.0}, "temperature"),
        (SearchConfig, {"temperature": 1.0, "beam": 2}, "beam"),
        (SearchConfig, {"max_length": 0}, "max length"),
    ],
)
def test_a_bad_value_or_combination_is_refused_with_its_rule(kind: Kind, values: dict[str, Any], fragment: str) -> None:
    with pytest.raises(UsageError, match=fragment):
        kind(**values)


@pytest.mark.parametrize(
    "config",
    [
        CharLSTMConfig(units=7, cell="gru", dropout=0.5),
        TrainConfig(learning_rate=0.1, epochs=3),
        SearchConfig(temperature=0.5, top_k=3, n_best=4),
    ],
)
def test_json_round_trip(config: ModelConfig | TrainConfig | SearchConfig) -> None:
    assert type(config).from_json(json.loads(json.dumps(config.to_json()))) == config


@pytest.mark.parametrize(
    "values", [{"width": 3}, {"units": "256"}, {"units": True}, {"units": 2.5}, {"masking": None}, {"masking": 1}]
)
def test_json_of_another_shape_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="ModelConfig"):
        ModelConfig.from_json(values)


def test_a_whole_number_may_stand_for_a_float() -> None:
    assert CharLSTMConfig.from_json({"dropout": 0}).dropout == 0
