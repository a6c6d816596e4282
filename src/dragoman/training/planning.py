"""What is trained, and how: given whole, or chosen by the recipe once the corpus is known."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from time import monotonic, perf_counter
from typing import Any

import numpy as np

from ..bundle import Bundle
from ..config import ModelConfig, TrainConfig, TransformerConfig
from ..errors import UsageError
from ..fitting.workplace import Workplace
from ..recipe import Task, choose
from ..recipe.expectation import Expectation, expect
from ..recipe.rules import BYTES_A_TOKEN, LEAST_PASSES, room

TYPICAL_PAIRS = 100_000
"""What stands for the number of pairs while it is not known: choices that cannot be are refused before."""
DEFAULT_MINUTES = 30.0
"""Of a Transformer without a limit; the article's model ends when its dev loss no longer falls."""
SECONDS_BESIDE_STEPS = 75.0
"""What start, compilation and scoring take of the minutes, about."""
SHARE_OF_STEPS = 0.4
"""The share of the minutes that the steps have at least."""
USUAL_SPEED = 190.0
"""GFLOP/s of `speed` on the machine of docs/recipe.md."""
FURTHER_RATE = 0.004
"""Of Muon, where a model is trained further: half of the first time, so that less is forgotten (docs/recipe.md)."""
WITHOUT_WEIGHT = {"minutes", "seed", "dev", "test"}
"""Choices by hand with which a training is still one by the recipe."""


class Plan:
    """The choices of a training: those of who asks for it, and once `settle` was called all of them.

    ``both`` asks for both directions. A ``base``, the bundle that is trained further, says itself what the model is.
    """

    def __init__(
        self,
        model: ModelConfig | None,
        training: TrainConfig | None,
        choices: Mapping[str, Any],
        began: float,
        *,
        both: bool,
        base: Bundle | None,
    ) -> None:
        self.both, self._began = both, began
        self._model, self._training, self._choices = model, training, choices
        if base is not None:
            self._take_over(base)
        if training is None and not {"minutes", "epochs", "steps"} & choices.keys() and not self._is_article():
            self._choices = {**choices, "minutes": DEFAULT_MINUTES}
        self.training = self._chosen(TYPICAL_PAIRS)[1]
        """Right in what does not depend on the corpus."""

    def _is_article(self) -> bool:
        name = self._model.name if self._model else self._choices.get("name")
        return name == "char-lstm"

    def request(self) -> dict[str, Any]:
        """Return what was asked for, as JSON."""
        return {
            "model": self._model.to_json() if self._model else None,
            "training": self._training.to_json() if self._training else None,
            "choices": dict(self._choices),
        }

    def settle(self, n_pairs: int, place: Workplace) -> tuple[ModelConfig, TrainConfig]:
        """Return model and training for ``n_pairs`` training pairs, or those that were settled for this place before:
        on a machine that is busy they might be others now.
        """
        if place.is_begun:
            plan = place.read_plan()
            return ModelConfig.from_json(plan["model"]), TrainConfig.from_json(plan["training"])
        return self._chosen(n_pairs)

    def room(self, n_pairs: int) -> float | None:
        """Return the bytes of target text of ``n_pairs`` for which there is time enough, or steps; None where these are
        not limited, or the model is not chosen by the recipe's measures.
        """
        model, training = self._chosen(n_pairs)
        if not isinstance(model, TransformerConfig):
            return None
        if training.steps is not None:
            n_tokens = training.steps * training.batch_tokens * training.accumulation
            return n_tokens * BYTES_A_TOKEN / LEAST_PASSES / (1 + self.both)
        return room(Task(n_pairs, self._seconds(training.minutes), self.both), model.width)

    def expected(self, n_pairs: int, direction: str, length: float) -> Expectation | None:
        """Return what is expected of a new model of one ``direction`` by the recipe alone, where minutes limit it;
        ``length`` is the mean of its target sentences, in characters.
        """
        minutes = self._choices.get("minutes")
        if self.both or self._model or self._training or minutes is None or not self._choices.keys() <= WITHOUT_WEIGHT:
            return None
        seconds = self._seconds(minutes)
        assert seconds is not None
        return expect(n_pairs, seconds, direction, length)

    def _chosen(self, n_pairs: int) -> tuple[ModelConfig, TrainConfig]:
        if self._model is not None and self._training is not None:
            return self._model, self._training
        minutes = self._training.minutes if self._training else self._choices.get("minutes")
        by_hand = self._choices if self._model is None else {**self._choices, "name": self._model.name}
        model, training = choose(Task(n_pairs * (1 + self.both), self._seconds(minutes), self.both), by_hand)
        return self._model or model, self._training or training

    def _seconds(self, minutes: float | None) -> float | None:
        """Return the seconds for the steps of a training of ``minutes``, on the machine of docs/recipe.md."""
        if minutes is None:
            return None
        in_all = 60.0 * minutes
        left = in_all - (monotonic() - self._began) - SECONDS_BESIDE_STEPS
        return max(left, SHARE_OF_STEPS * in_all) * speed() / USUAL_SPEED

    def _take_over(self, base: Bundle) -> None:
        given = {name for name in self._choices if name in (*base.trained.config.to_json(), "size")}
        if self._model not in (None, base.trained.config) or given:
            raise UsageError(f"a training from {base.path} keeps its model; leave the options of the model out")
        if self.both and not base.both:
            raise UsageError(f"{base.path} translates in one direction only; leave --both out, or train both anew")
        self._model, self.both = base.trained.config, base.both
        if (
            self._training is None
            and not {"optimizer", "learning_rate"} & self._choices.keys()
            and not self._is_article()
        ):
            self._choices = {**self._choices, "learning_rate": FURTHER_RATE}


@cache
def speed() -> float:
    """Return the GFLOP/s of float32 products on this machine, at best of a few."""
    one = np.ones((768, 768), np.float32)
    best = float("inf")
    for _ in range(5):
        began = perf_counter()
        one @ one
        best = min(best, perf_counter() - began)
    return 2 * 768**3 / best / 1e9
