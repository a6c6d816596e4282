from __future__ import annotations

import json
from typing import Any

import pytest

from dragoman.config import CharLSTMConfig, ModelConfig, SearchConfig, TrainConfig, TransformerConfig
from dragoman.errors import UsageError

Kind = type[CharLSTMConfig] | type[TransformerConfig] | type[TrainConfig] | type[SearchConfig]


@pytest.mark.parametrize(
    ("kind", "values", "fragment"),
    [
        (TransformerConfig, {"width": 30, "heads": 4}, "multiple of twice the heads"),
        (TransformerConfig, {"feed_forward": 0}, "feed-forward"),
        (TransformerConfig, {"encoder_layers": 0}, "encoder layers"),
        (TransformerConfig, {"norm": "batch"}, "rms, layer"),
        (TransformerConfig, {"positions": "learned"}, "rotary, sinusoidal"),
        (TransformerConfig, {"dropout": -0.1}, "dropout"),
        (TransformerConfig, {"vocabulary_size": 100}, "vocabulary size"),
        (TransformerConfig, {"subwords": "words"}, "unigram, bpe"),
        (CharLSTMConfig, {"cell": "elman"}, "lstm, gru"),
        (CharLSTMConfig, {"units": 0}, "units"),
        (CharLSTMConfig, {"layers": 0}, "layers"),
        (CharLSTMConfig, {"dropout": 1.0}, "dropout"),
        (TrainConfig, {"epochs": 0}, "epochs"),
        (TrainConfig, {"batch_size": 0}, "batch size"),
        (TrainConfig, {"learning_rate": float("nan")}, "learning rate"),
        (TrainConfig, {"learning_rate": -1.0}, "learning rate"),
        (TrainConfig, {"schedule": "staircase"}, "constant, linear"),
        (TrainConfig, {"batch_tokens": 1}, "batch tokens"),
        (TrainConfig, {"accumulation": 0}, "accumulation"),
        (TrainConfig, {"warmup": 1.0}, "warmup"),
        (TrainConfig, {"weight_decay": -1.0}, "weight decay"),
        (TrainConfig, {"clip": 0.0}, "clip"),
        (TrainConfig, {"averaging": 1.0}, "averaging"),
        (TrainConfig, {"label_smoothing": 1.0}, "label smoothing"),
        (TrainConfig, {"precision": "int8"}, "float32, bfloat16"),
        (TrainConfig, {"early_stopping": "bleu"}, "loss, chrf"),
        (TrainConfig, {"patience": 0}, "patience"),
        (TrainConfig, {"seed": -1}, "seed"),
        (TrainConfig, {"dev": 0.0}, "dev"),
        (TrainConfig, {"test": 0.9}, "test"),
        (SearchConfig, {"beam": 0}, "beam"),
        (SearchConfig, {"beam": 1, "n_best": 2}, "n-best"),
        (SearchConfig, {"length_penalty": -1.0}, "length penalty"),
        (SearchConfig, {"repetition_penalty": 0.5}, "repetition penalty"),
        (SearchConfig, {"top_k": 5}, "top-k"),
        (SearchConfig, {"temperature": 0.0}, "temperature"),
        (SearchConfig, {"temperature": 1.0, "beam": 2}, "beam"),
        (SearchConfig, {"max_length": 0}, "max length"),
        (SearchConfig, {"seed": 1.0}, "seed must be a whole number"),
        (TrainConfig, {"steps": 1e3}, "steps must be a whole number"),
        (TrainConfig, {"epochs": True}, "epochs must be a whole number"),
        (TrainConfig, {"patience": None}, "patience must be a whole number"),
        (TrainConfig, {"minutes": "20"}, "minutes must be a number"),
        (TrainConfig, {"clip": float("inf")}, "clip must be a number"),
        (TrainConfig, {"minutes": 10**400}, "minutes"),
    ],
)
def test_a_bad_value_or_combination_is_refused_with_its_rule(kind: Kind, values: dict[str, Any], fragment: str) -> None:
    with pytest.raises(UsageError, match=fragment):
        kind(**values)


@pytest.mark.parametrize(
    "config",
    [
        CharLSTMConfig(units=7, cell="gru", dropout=0.5),
        TransformerConfig(width=512, heads=8, gated=True, vocabulary_size=900),
        TrainConfig(minutes=3, optimizer="muon", aligned_embeddings=True),
        TrainConfig(learning_rate=0.1, epochs=3),
        SearchConfig(temperature=0.5, top_k=3, n_best=4),
    ],
)
def test_json_round_trip(config: ModelConfig | TrainConfig | SearchConfig) -> None:
    values = json.loads(json.dumps(config.to_json()))
    assert type(config).from_json(values) == config
    if isinstance(config, ModelConfig):
        assert ModelConfig.from_json(values) == config


@pytest.mark.parametrize(
    "values", [{"width": 3}, {"units": "256"}, {"units": True}, {"units": 2.5}, {"masking": None}, {"masking": 1}]
)
def test_json_of_another_shape_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="CharLSTMConfig"):
        CharLSTMConfig.from_json(values)


@pytest.mark.parametrize("values", [{}, {"name": "rnn"}, {"name": 3}, {"name": "transformer", "units": 4}])
def test_json_of_no_model_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=r"one of char-lstm, transformer|no field .units."):
        ModelConfig.from_json(values)


def test_the_width_of_a_beam_is_at_least_that_of_what_is_asked_for() -> None:
    assert SearchConfig().beam_or(4) == 4
    assert SearchConfig(n_best=6).beam_or(4) == 6
    assert SearchConfig(beam=1).beam_or(4) == 1
    assert SearchConfig(temperature=1.0, n_best=3).beam_or(4) == 1


def test_a_whole_number_may_stand_for_a_float() -> None:
    assert CharLSTMConfig.from_json({"dropout": 0}).dropout == 0
