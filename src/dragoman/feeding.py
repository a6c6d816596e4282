"""Pairs to what a model is fitted to, as each model wants it: vocabularies, ids at rest, batches."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

from . import slots
from .alignment import Likely, Tokens, align
from .augmentation import further_pairs
from .batches import Batches
from .config import CharLSTMConfig, ModelConfig, TrainConfig, TransformerConfig
from .corpus.languages import UNDETERMINED
from .corpus.pairs import Pair
from .corpus.store import StoredPairs
from .encoded import EncodedPairs
from .errors import CorpusError, UsageError
from .lexicon import Lexicon
from .packing import MAX_WIDTH, PackedBatches
from .vocabulary import BACKWARD, FORWARD, Vocabulary
from .vocabulary.characters import character_vocabularies
from .vocabulary.subwords import SubwordVocabulary
from .wording import Wordings
from .wording.pairs import WordedPairs

MAX_ALIGNED = 60_000
"""Training pairs that the relations of ids are learned from, at most: these take some seconds."""

Vocabularies = tuple[Vocabulary, Vocabulary]
Lexicons = tuple[Lexicon, Lexicon]


@dataclass(frozen=True)
class Feed:
    """What a model is fitted to and what it is validated on, with the vocabularies of the ids and the longest sentences
    of training in tokens, the target's with both marks. ``n_left_out`` training pairs are too long. ``words`` are those
    of both sides, for a model of subwords.
    """

    vocabularies: Vocabularies
    train: Batches | PackedBatches
    dev: Batches | PackedBatches
    max_src_length: int
    max_trg_length: int
    n_left_out: int = 0
    words: Lexicons | None = None

    def related(self) -> Likely:
        """Return which source and target ids translate each other, as far as the training pairs tell."""
        src, trg = self.train.encoded.some(MAX_ALIGNED)
        return align(*(Tokens(ids.astype(np.int64), lengths) for ids, lengths in (src, trg)))


@dataclass(frozen=True)
class Source:
    """Where a feed comes from: the ``train`` pairs, the ``dev`` pairs that are looked at, and a new ``folder`` for ids.

    With ``both`` every pair is there in both directions. ``vocabularies`` and ``words`` are those of a model that is
    trained further; None makes them from the training pairs.
    """

    train: StoredPairs
    dev: Sequence[Pair]
    folder: Path
    both: bool = False
    vocabularies: Vocabularies | None = None
    words: Lexicons | None = None
    languages: tuple[str, str] = (UNDETERMINED, UNDETERMINED)

    def lexicons(self) -> Lexicons | None:
        """Return the words of the training pairs and of the model that is trained further; None where that has none."""
        if self.vocabularies is not None and self.words is None:
            return None
        srcs, trgs = self.train.texts("src"), self.train.texts("trg")
        src = Lexicon.learned_from(zip(srcs, trgs, strict=True))
        srcs, trgs = self.train.texts("src"), self.train.texts("trg")
        trg = Lexicon.learned_from(zip(trgs, srcs, strict=True))
        return (src, trg) if self.words is None else (self.words[0].joined(src), self.words[1].joined(trg))


def feed(model: ModelConfig, config: TrainConfig, source: Source) -> Feed:
    """Return the feed for ``model``; what it cannot have is a `UsageError`."""
    if isinstance(model, CharLSTMConfig):
        return _characters(model, config, source)
    assert isinstance(model, TransformerConfig)
    return _subwords(model, config, source)


def _characters(model: CharLSTMConfig, config: TrainConfig, source: Source) -> Feed:
    asked = {
        "both directions": source.both,
        "subword sampling": config.subword_sampling,
        "further pairs": config.further_pairs,
        "aligned embeddings": config.aligned_embeddings,
    }
    for what, is_asked in asked.items():
        if is_asked:
            raise UsageError(f"the character LSTM has no {what}; leave it out, or train a transformer")
    vocabularies = source.vocabularies or character_vocabularies(source.train.texts("src"), source.train.texts("trg"))
    encoded = EncodedPairs.write(source.train, *vocabularies, source.folder)
    dev = EncodedPairs.from_pairs(source.dev, *vocabularies)
    return Feed(
        vocabularies,
        Batches(encoded, config.batch_size, seed=config.seed, masking=model.masking),
        Batches(dev, config.batch_size, masking=model.masking),
        encoded.max_src_length,
        encoded.max_trg_length,
    )


def _subwords(model: TransformerConfig, config: TrainConfig, source: Source) -> Feed:
    if source.both and not model.joint:
        raise UsageError("a model of both directions needs a joint vocabulary; leave --no-joint out")
    words = source.lexicons()
    wordings = Wordings.of_training(words, source.languages)
    place = source.folder.with_name("worded")
    shutil.rmtree(place, ignore_errors=True)
    try:
        worded = WordedPairs.write(source.train, wordings, place)
        vocabularies = source.vocabularies or _subword_vocabularies(model, source, worded)
        marks = None
        if source.both:
            joint = _subword_vocabulary(vocabularies[0])
            marks = joint.symbol(FORWARD), joint.symbol(BACKWARD)
        further: list[Pair] = []
        if config.further_pairs:
            further = further_pairs(source.train, config.seed, words and words[0], wordings.of_pair)
        encoded = EncodedPairs.write(worded, *vocabularies, source.folder, marks=marks, further=further)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    resample = None
    if config.subword_sampling:
        resample = _subword_vocabulary(vocabularies[0]).sampled, _subword_vocabulary(vocabularies[1]).sampled
    train = PackedBatches(encoded, config.batch_tokens, seed=config.seed, resample=resample)
    if not train.n_pairs:
        raise CorpusError(f"all {train.n_left_out:,} training pairs are longer than {MAX_WIDTH} tokens; split them")
    dev = EncodedPairs.from_pairs(list(map(wordings.of_pair, source.dev)), *vocabularies, marks=marks)
    return Feed(
        vocabularies,
        train,
        PackedBatches(dev, config.batch_tokens, widths=train.widths),
        min(encoded.max_src_length, train.widths.src - 1),
        min(encoded.max_trg_length, train.widths.trg + 1),
        train.n_left_out,
        words,
    )


def _subword_vocabularies(model: TransformerConfig, source: Source, worded: WordedPairs) -> Vocabularies:
    def learned(texts: Iterable[str], *symbols: str) -> SubwordVocabulary:
        return SubwordVocabulary.train(
            texts, size=model.vocabulary_size, kind=model.subwords, symbols=symbols, whole=slots.ALL
        )

    srcs, trgs = worded.texts("src"), worded.texts("trg")
    if not model.joint:
        return learned(srcs), learned(trgs)
    joint = learned(chain.from_iterable(zip(srcs, trgs, strict=True)), *((FORWARD, BACKWARD) if source.both else ()))
    return joint, joint


def _subword_vocabulary(vocabulary: Vocabulary) -> SubwordVocabulary:
    assert isinstance(vocabulary, SubwordVocabulary), "a bundle's vocabularies suit its model"
    return vocabulary
