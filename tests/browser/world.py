"""What the page is tried on: translators whose answers, confidence and attention are known, over three languages."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np
import pytest

from dragoman import SearchConfig, Translator
from dragoman.engine import Hypothesis
from dragoman.service import Served, Service
from tests.fakes import FakeEngine, WordVocabulary, translator_of
from tests.server.fake_memory import FakeMemory

KNOWN: dict[str, tuple[str, list[int], list[float]]] = {
    "The red car.": ("El coche rojo.", [0, 2, 1], [0.97, 0.6, 0.2]),
    "El coche rojo.": ("The red car.", [0, 2, 1], [0.97, 0.9, 0.9]),
    "The house is large.": ("البيت كبير.", [1, 3], [0.9, 0.3]),
}
"""Texts with their translations, the source word that each target word looks at, and how sure each is. Of every other
text each word is its own translation in capitals.
"""


class KnownEngine(FakeEngine):
    """Answers from `KNOWN`."""

    def __init__(self, vocabulary: WordVocabulary) -> None:
        super().__init__(lambda src, options: [])
        self.vocabulary = vocabulary

    def translate(self, src_ids: Sequence[Sequence[int]], options: SearchConfig) -> list[list[Hypothesis]]:
        self.asked.append(([tuple(ids) for ids in src_ids], options))
        return [[self._hypothesis(ids, rank) for rank in range(options.n_best)] for ids in src_ids]

    def _hypothesis(self, src: Sequence[int], rank: int) -> Hypothesis:
        words = self.vocabulary.decode(src)
        n = len(src)
        text, looks, sure = KNOWN.get(words, (words.upper(), list(range(n)), [0.9] * n))
        text += f" ({rank})" * (rank > 0)
        ids = self.vocabulary.encode(text)
        looks, sure = [*looks, 0][: len(ids)], [*sure, 0.9][: len(ids)]
        attention = np.full((len(ids) + 1, n), 0.2 / n, np.float32)
        attention[range(len(looks)), looks] += 0.8
        scores = (*map(log, sure), 0.0)
        return Hypothesis(tuple(ids), sum(scores) / len(scores), scores, attention)


def service(monkeypatch: pytest.MonkeyPatch, *directions: tuple[str, str], memory: FakeMemory | None = None) -> Service:
    """Return a service of ``directions``; without any it translates English, Spanish and Arabic."""
    return Service([Served(_translator(src, trg, monkeypatch)) for src, trg in directions or ALL], memory)


ALL = (("en", "es"), ("es", "en"), ("en", "ar"))


def _translator(src: str, trg: str, monkeypatch: pytest.MonkeyPatch) -> Translator:
    vocabulary = WordVocabulary()
    return translator_of(KnownEngine(vocabulary), monkeypatch, vocabulary, src=src, trg=trg)
