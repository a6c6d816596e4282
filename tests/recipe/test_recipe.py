"""What is chosen for a corpus and a budget, and what stays as it was chosen by hand."""

from __future__ import annotations

from typing import Any

import pytest

from dragoman.config import CharLSTMConfig, TrainConfig, TransformerConfig
from dragoman.errors import UsageError
from dragoman.recipe import Task, choose
from dragoman.recipe.rules import PATIENT_SECONDS, WIDTHS

SPANISH = 115_000


def model_for(n_pairs: int, seconds: float | None, **choices: Any) -> TransformerConfig:
    model, _ = choose(Task(n_pairs, seconds), choices)
    assert isinstance(model, TransformerConfig)
    return model


def test_more_minutes_buy_a_larger_model_and_never_a_smaller_one() -> None:
    widths = [model_for(SPANISH, 60 * minutes).width for minutes in (1, 5, 10, 30, 60, 120, 600)]
    assert widths == sorted(widths)
    assert len(set(widths)) == len(WIDTHS)


def test_without_a_limit_the_model_is_that_of_much_time() -> None:
    assert model_for(SPANISH, None) == model_for(SPANISH, PATIENT_SECONDS)


def test_few_pairs_have_a_smaller_model_that_is_held_back() -> None:
    few, many = model_for(4_000, None), model_for(SPANISH, None)
    assert few.width < many.width
    assert few.dropout > many.dropout
    smoothing = [choose(Task(n_pairs, None), {})[1].label_smoothing for n_pairs in (4_000, SPANISH)]
    assert smoothing[0] > smoothing[1]


def test_a_pair_that_is_seen_once_or_twice_is_not_held_back_from() -> None:
    assert model_for(SPANISH, 240).dropout == 0.0
    assert model_for(10_000_000, 3600).dropout == 0.0


def test_each_side_has_a_vocabulary_of_its_own_unless_one_model_reads_both() -> None:
    for both in (False, True):
        model, _ = choose(Task(SPANISH, 600, both), {})
        assert isinstance(model, TransformerConfig)
        assert model.joint is both


def test_every_width_is_one_that_its_heads_divide() -> None:
    for n_pairs in (100, 5_000, 30_000, 10**5, 10**7):
        for minutes in (0.5, 5, 20, 50, 500):
            model_for(n_pairs, 60 * minutes)


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), 10**30])
@pytest.mark.parametrize("name", ["minutes", "steps", "width", "heads", "dropout", "size"])
def test_a_number_that_cannot_be_is_refused(name: str, value: float) -> None:
    with pytest.raises(UsageError, match=name):
        choose(Task(SPANISH, 600), {name: value})


def test_what_is_chosen_by_hand_stays_and_the_rest_follows_it() -> None:
    model, training = choose(Task(SPANISH, 600), {"width": 320, "learning_rate": 0.01, "minutes": 10})
    assert isinstance(model, TransformerConfig)
    assert (model.width, model.feed_forward, model.heads) == (320, 1280, 10)
    assert (training.learning_rate, training.minutes, training.optimizer) == (0.01, 10, "muon")
    assert model_for(SPANISH, 600, width=320, heads=2, feed_forward=64).feed_forward == 64
    assert model_for(SPANISH, 600, dropout=0.4).dropout == 0.4
    assert choose(Task(4_000, None), {"label_smoothing": 0.0})[1].label_smoothing == 0.0


@pytest.mark.parametrize(("width", "heads"), [(16, 1), (100, 2), (176, 4), (256, 8), (362, 1)])
def test_a_width_by_hand_has_heads_that_divide_it(width: int, heads: int) -> None:
    assert model_for(SPANISH, 600, width=width).heads == heads


def test_a_size_is_a_choice_too() -> None:
    tiny = model_for(SPANISH, 3600, size="tiny")
    assert (tiny.width, tiny.decoder_layers) == (128, 1)
    assert model_for(SPANISH, 3600, size="tiny", decoder_layers=4).decoder_layers == 4


def test_the_article_is_the_article() -> None:
    assert choose(Task(10_000, 60), {"name": "char-lstm", "units": 7}) == (CharLSTMConfig(units=7), TrainConfig())


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"name": "oracle"}, "the model must be one of transformer, char-lstm, not 'oracle'"),
        ({"size": "huge"}, "the size must be one of tiny, small, base, not 'huge'"),
        ({"units": 3}, "--units is an option of --model char-lstm, not of transformer"),
        ({"name": "char-lstm", "vocabulary_size": 500}, "--vocabulary-size is an option of --model transformer"),
        ({"name": "char-lstm", "size": "tiny"}, "--size is an option of --model transformer"),
        ({"colour": "red"}, "there is no choice 'colour'"),
        ({"width": 10, "heads": 3}, "must be a multiple of twice the heads"),
    ],
)
def test_what_cannot_be_is_refused(choices: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        choose(Task(1000, None), choices)
