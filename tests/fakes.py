"""A vocabulary of whole words, and engines whose answers are known, for what stands above the seam."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import dragoman.engine.lstm
from dragoman import CharLSTMConfig, SearchConfig, Translator
from dragoman.corpus import PairReader
from dragoman.corpus.pairs import Pair
from dragoman.corpus.units import Segment, Unit
from dragoman.engine import Hypothesis, TrainedModel
from dragoman.vocabulary import N_RESERVED

Ids = tuple[int, ...]
Answer = Callable[[Ids, SearchConfig], list[Ids]]


FOREIGN = "αβγδ❤"
"""The characters that it knows nothing of."""


def reader_of(pairs: Iterable[Pair], name: str = "made up") -> PairReader:
    """Return a reader of ``pairs`` that are there already."""
    read = [
        Unit(pair.origin.file, pair.origin.number, (Segment("", pair.src), Segment("", pair.trg)), counts="line")
        for pair in pairs
    ]
    return PairReader(name, lambda: iter(read))


class WordVocabulary:
    """Each word that it meets gets an id; symbols are words."""

    id_type = np.int32

    def __init__(self) -> None:
        self._words: list[str] = []
        self._ids: dict[str, int] = {}

    @property
    def size(self) -> int:
        return N_RESERVED + len(self._words)

    def symbol(self, name: str) -> int:
        if name not in self._ids:
            self._ids[name] = self.size
            self._words.append(name)
        return self._ids[name]

    def encode(self, text: str) -> list[int]:
        return [self.symbol(word) for word in text.split()]

    def encode_many(self, texts: Sequence[str]) -> tuple[NDArray[np.integer[Any]], NDArray[np.int64]]:
        encoded = [self.encode(text) for text in texts]
        return np.array([i for ids in encoded for i in ids], np.int32), np.array(
            [len(ids) for ids in encoded], np.int64
        )

    def decode(self, ids: Iterable[int]) -> str:
        return " ".join(self.tokens(ids))

    def tokens(self, ids: Iterable[int]) -> list[str]:
        return [self._words[i - N_RESERVED] for i in ids]

    def is_foreign(self, character: str) -> bool:
        return character in FOREIGN

    def unknown(self, text: str) -> tuple[str, ...]:
        return ()


class FakeEngine:
    """Answers with what ``answer`` says, and remembers what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[tuple[list[Ids], SearchConfig]] = []

    def translate(self, src_ids: Sequence[Sequence[int]], options: SearchConfig) -> list[list[Hypothesis]]:
        self.asked.append(([tuple(ids) for ids in src_ids], options))
        return [
            [_hypothesis(ids, len(src), -1.0 - rank) for rank, ids in enumerate(self.answer(tuple(src), options))]
            for src in src_ids
        ]

    def score(self, src_ids: Sequence[Sequence[int]], trg_ids: Sequence[Sequence[int]]) -> list[Hypothesis]:
        return [_hypothesis(tuple(ids), len(src), -9.0) for src, ids in zip(src_ids, trg_ids, strict=True)]

    def look_closely(self, src_ids: Sequence[Sequence[int]], hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
        return list(hypotheses)


def _hypothesis(ids: Ids, n_src: int, score: float) -> Hypothesis:
    return Hypothesis(ids, score, (score,) * (len(ids) + 1), np.full((len(ids) + 1, n_src), 1 / n_src, np.float32))


def translator_of(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, vocabulary: WordVocabulary | None = None, **choices: Any
) -> Translator:
    """Return a translator from English to Spanish that serves ``engine``, with one ``vocabulary`` of words."""
    monkeypatch.setattr(dragoman.engine.lstm, "LSTMEngine", lambda trained: engine)
    return Translator(word_model(vocabulary), **{"src": "en", "trg": "es", **choices})


def word_model(vocabulary: WordVocabulary | None = None) -> TrainedModel:
    """Return a model whose two vocabularies are one of words."""
    vocabulary = vocabulary or WordVocabulary()
    return TrainedModel(CharLSTMConfig(), {}, vocabulary, vocabulary, 60, 60)
