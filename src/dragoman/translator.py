"""Text in, translation out: a trained model with its vocabularies, ready to use. Imports neither Keras nor JAX."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from . import bundle as bundles
from .bundle import Bundle
from .config import SearchConfig
from .corpus.lines import clean
from .corpus.pairs import Pair
from .engine import Engine, TrainedModel
from .engine.lstm import LSTMEngine
from .errors import BundleError

ENGINES = {"char-lstm": LSTMEngine}
"""The engine of each model, by the name in its configuration."""

BATCH = 512
"""Texts that `Translator.stream` reads ahead: enough to keep all cores busy."""


class Alternative(NamedTuple):
    """One of the n best translations; ``score`` is the mean log-probability of its tokens."""

    text: str
    score: float


class Translation(NamedTuple):
    """The translation of one text: the best ``text`` with its ``score``, all ``alternatives`` (the best
    first), and what was unknown.

    ``unknown`` are the distinct characters of the source that training never saw; the model passed over them.
    """

    src: str
    text: str
    score: float
    alternatives: tuple[Alternative, ...]
    unknown: tuple[str, ...]


class Translator:
    """A trained translator.

    >>> translator = Translator.load("model")  # doctest: +SKIP
    >>> translator("Go.")  # doctest: +SKIP
    'Ve.'
    """

    def __init__(
        self,
        trained: TrainedModel,
        *,
        src: str,
        trg: str,
        bundle: Bundle | None = None,
        training: Sequence[Pair] | None = None,
    ) -> None:
        self.src = src
        self.trg = trg
        self.bundle = bundle
        self._training = training
        self.src_vocabulary = trained.src_vocabulary
        self.trg_vocabulary = trained.trg_vocabulary
        self.engine: Engine = ENGINES[trained.config.name](trained)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Translator:
        """Return the translator in the folder ``path``; a bundle that cannot be trusted is a `BundleError`."""
        bundle = bundles.read(Path(path))
        try:
            return cls(bundle.trained, src=bundle.src, trg=bundle.trg, bundle=bundle)
        except BundleError as error:
            raise BundleError(f"{path}: the bundle is damaged: {error}") from error

    def __call__(self, text: str) -> str:
        """Return the translation of one text, by greedy search."""
        return self.translate([text])[0].text

    def translate(self, texts: Sequence[str], options: SearchConfig | None = None) -> list[Translation]:
        """Return the translation of each text, in order. An empty text has an empty translation."""
        options = options or SearchConfig()
        cleaned = [clean(text) for text in texts]  # as the training pairs were
        full = [i for i, text in enumerate(cleaned) if text]
        found = self.engine.translate([self.src_vocabulary.encode(cleaned[i]) for i in full], options)
        translations = [Translation(text, "", 0.0, (Alternative("", 0.0),), ()) for text in texts]
        for i, hypotheses in zip(full, found, strict=True):
            alternatives = tuple(Alternative(self.trg_vocabulary.decode(h.ids), h.score) for h in hypotheses)
            translations[i] = Translation(
                texts[i],
                alternatives[0].text,
                alternatives[0].score,
                alternatives,
                self.src_vocabulary.unknown(cleaned[i]),
            )
        return translations

    def stream(self, texts: Iterable[str], options: SearchConfig | None = None) -> Iterator[Translation]:
        """Yield the translation of each text, in order, reading `BATCH` texts ahead."""
        remaining = iter(texts)
        while chunk := list(islice(remaining, BATCH)):
            yield from self.translate(chunk, options)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the bundle, or an empty string for a translator that was not loaded from one."""
        return self.bundle.fingerprint if self.bundle else ""

    def training_pairs(self) -> Sequence[Pair] | None:
        """Return the pairs that the model was trained on, or None if they are not known."""
        if self._training is None and self.bundle is not None:
            self._training = self.bundle.pairs("train")
        return self._training
