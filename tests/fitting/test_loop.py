"""Fitting: what is told, when it ends, what is kept, and that it is a function of the seed and the step."""

from __future__ import annotations

import numpy as np
import pytest

from dragoman.config import TrainConfig
from dragoman.corpus.pairs import Pair
from dragoman.errors import UsageError
from dragoman.fitting import loop
from dragoman.fitting.checkpoint import Forgetful
from dragoman.fitting.events import Progress, Validated
from dragoman.fitting.loop import Standing, dev_sums
from dragoman.models import char_lstm
from tests.fitting.little import STEPS_PER_EPOCH, Little, assert_same


def test_the_loss_falls_and_every_validation_is_told(little: Little) -> None:
    events: list[Progress | Validated] = []
    history, _ = little.fitting(listener=events.append).run(3 * STEPS_PER_EPOCH, Forgetful())
    assert [e for e in events if isinstance(e, Validated)] == history
    assert [(e.epoch, e.step) for e in history] == [(1, 7), (2, 14), (3, 21)]
    assert [e.dev_bleu for e in history] == [7, 14, 21]
    assert history[0].loss > history[-1].loss
    assert history[0].dev_loss > history[-1].dev_loss
    assert all(e.complete for e in history)
    last_steps = [e for e in events if isinstance(e, Progress) and e.step % STEPS_PER_EPOCH == 0]
    assert [e.step for e in last_steps] == [7, 14, 21]
    assert last_steps[-1].loss == pytest.approx(history[-1].loss, abs=1e-6)
    assert last_steps[-1].seconds_left == 0


def test_steps_that_come_in_another_order_are_told_of_as_what_they_are(little: Little) -> None:
    """Keras calls from several threads."""
    events: list[Progress | Validated] = []
    watcher = loop._Watcher(little.fitting(listener=events.append), Standing(), STEPS_PER_EPOCH)
    watcher.on_train_begin()
    for n in (STEPS_PER_EPOCH, STEPS_PER_EPOCH - 1, 1):
        watcher.on_train_batch_end(n - 1, {"token_losses": 1.0 * n * n, "token_hits": 0.0, "tokens": 1.0 * n})
    assert [(event.step, event.loss) for event in events if isinstance(event, Progress)] == [
        (STEPS_PER_EPOCH, STEPS_PER_EPOCH)
    ]
    assert watcher.n_done == 3


def test_training_may_end_within_an_epoch(little: Little) -> None:
    history, _ = little.fitting().run(STEPS_PER_EPOCH + 3, Forgetful())
    assert [(e.epoch, e.step) for e in history] == [(1, 7), (pytest.approx(10 / 7, abs=1e-3), 10)]


def test_the_steps_may_be_planned_again_on_the_way(little: Little, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "INTERVAL", 2)
    told: list[tuple[int, int, int]] = []

    def replan(n: int, seconds: float, step: int, n_steps: int) -> int:
        assert seconds > 0
        told.append((n, step, n_steps))
        return 9 if step >= 6 else n_steps

    fitting = little.fitting()
    fitting.replan = replan
    history, _ = fitting.run(3 * STEPS_PER_EPOCH, Forgetful())
    assert [e.step for e in history] == [7, 9]
    assert told == [(2, 2, 21), (2, 4, 21), (2, 6, 21), (1, 7, 9), (2, 9, 9)]


def test_fewer_steps_than_are_done_end_the_training_there(little: Little, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "INTERVAL", 2)
    fitting = little.fitting()
    fitting.replan = lambda n, seconds, step, n_steps: 1
    history, _ = fitting.run(3 * STEPS_PER_EPOCH, Forgetful())
    assert [e.step for e in history] == [2]


def test_a_long_epoch_is_validated_on_its_way(little: Little, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "MAX_STEPS_UNVALIDATED", 3)
    history, _ = little.fitting().run(STEPS_PER_EPOCH, Forgetful())
    assert [e.step for e in history] == [3, 6, 7]


def test_intervals_change_nothing(little: Little, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, weights = little.fitting().run(STEPS_PER_EPOCH, Forgetful())
    monkeypatch.setattr(loop, "INTERVAL", 2)
    cut, same_weights = little.fitting().run(STEPS_PER_EPOCH, Forgetful())
    assert_same(weights, same_weights)
    assert cut[0].loss == pytest.approx(whole[0].loss, abs=1e-6)
    assert cut[0].dev_loss == whole[0].dev_loss


@pytest.mark.slow
def test_training_ends_with_patience_and_keeps_the_best_weights(little: Little) -> None:
    # A rate that overshoots sooner or later.
    config = TrainConfig(batch_size=16, optimizer="sgd", learning_rate=60.0, patience=2)
    fitting = little.fitting(config)
    history, best = fitting.run(60 * STEPS_PER_EPOCH, Forgetful())
    losses = [validated.dev_loss for validated in history]
    assert losses.index(min(losses)) == len(losses) - 1 - config.patience
    assert [e.best for e in history] == [loss < min([np.inf, *losses[:i]]) for i, loss in enumerate(losses)]
    char_lstm.from_engine(fitting.model.lstm, best)
    assert dev_sums(fitting.model, little.dev).means[0] == pytest.approx(min(losses), abs=1e-5)


def test_stop_cuts_the_training_and_keeps_what_was_learned(little: Little) -> None:
    steps: list[int] = []

    def stop() -> bool:
        steps.append(1)
        return len(steps) >= STEPS_PER_EPOCH + 2

    history, _ = little.fitting(stop=stop).run(30, Forgetful())
    assert [(e.step, e.complete) for e in history] == [(7, True), (9, False)]
    assert len(steps) == STEPS_PER_EPOCH + 2


def test_the_same_seed_gives_the_same_weights(little: Little, phrasebook: list[Pair]) -> None:
    another = Little(phrasebook[:120])
    assert_same(little.fitting().run(10, Forgetful())[1], another.fitting().run(10, Forgetful())[1])


def test_a_diverged_training_is_an_error(little: Little) -> None:
    fitting = little.fitting()
    bias = fitting.model.output_layer.bias
    bias.assign(np.full(bias.shape, np.nan, np.float32))
    with pytest.raises(UsageError, match="lower --learning-rate, and pass --overwrite"):
        fitting.run(10, Forgetful())
