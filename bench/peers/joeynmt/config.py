"""What JoeyNMT is told to do, as the file that it reads.

That file is YAML, and JSON is YAML, but for one thing: its reader takes ``1e-05`` for a text. No number here is so
small.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SPECIALS = ("<unk>", "<pad>", "<s>", "</s>")
"""JoeyNMT's special symbols, in the order of its ids."""

FOR_EVER = 10**6
"""Updates or epochs that no run reaches."""

LOG_EVERY = 10

MAX_LENGTH, VALIDATED_LENGTH = 100, 40
"""Subwords of a translation at most; in validation fewer, because who has learned little does not end by itself."""


@dataclass(frozen=True)
class Recipe:
    """The shape of the model and how it is trained.

    ``batch_size`` counts places for tokens, padding included: the longest side of a batch times its pairs. Of 1,024,
    2,048 and 4,096 the first gives most target tokens a second on two cores. The learning rate rises for ``warm_up``
    updates to ``learning_rate`` and falls with the square root of their number. A training is validated every
    ``validate_every`` updates, by the chrF of its greedy translations of the dev part.
    """

    width: int = 256
    heads: int = 4
    feed_forward: int = 1024
    encoder_layers: int = 3
    decoder_layers: int = 2
    dropout: float = 0.1
    label_smoothing: float = 0.1
    batch_size: int = 1024
    learning_rate: float = 0.001
    warm_up: int = 500
    validate_every: int = FOR_EVER
    seed: int = 0


SMALL_DATA = Recipe(heads=2, feed_forward=512, dropout=0.3, label_smoothing=0.2, warm_up=1000, validate_every=100)
"""For some thousand pairs: fewer heads, a narrower feed-forward network, more dropout and more label smoothing, after
Araabi and Monz (*Optimizing Transformer for Low-Resource Neural Machine Translation*, 2020).
"""


class Places:
    """The files of a folder in which JoeyNMT works."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.model = self.folder / "model"
        self.subwords = self.folder / "subwords.model"
        self.vocabulary = self.folder / "vocabulary.txt"
        self.validations = self.model / "validations.txt"

    @property
    def checkpoint(self) -> Path:
        """The weights that were best in validation, or the last ones where there was none."""
        best = self.model / "best.ckpt"
        return best if best.exists() else self.model / "latest.ckpt"

    def side(self, part: str, side: str) -> Path:
        """Return the file of the ``"src"`` or ``"trg"`` sentences of a part, one a line."""
        return self.folder / f"{part}.{side}"


def training_text(places: Places, recipe: Recipe, updates: int) -> str:
    """Return the file for a training of so many ``updates``."""
    return _text(
        places,
        recipe,
        ("train", "dev"),
        training=_training(recipe, updates),
        testing=_testing(places, 1, VALIDATED_LENGTH),
    )


def decoding_text(places: Places, recipe: Recipe, beam: int) -> str:
    """Return the file for decoding the test part with a ``beam``; one of 1 is greedy search."""
    return _text(
        places, recipe, ("test",), training=_training(recipe, FOR_EVER), testing=_testing(places, beam, MAX_LENGTH)
    )


def _text(places: Places, recipe: Recipe, parts: Sequence[str], **sections: dict[str, Any]) -> str:
    values = {
        "name": "transformer",
        "joeynmt_version": "2.3.0",
        "model_dir": str(places.model),
        "use_cuda": False,
        "fp16": False,
        "random_seed": recipe.seed,
        "data": _data(places, parts),
        "model": _model(recipe),
        **sections,
    }
    return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


def _data(places: Places, parts: Sequence[str]) -> dict[str, Any]:
    side = {
        "level": "bpe",
        "tokenizer_type": "sentencepiece",
        "tokenizer_cfg": {"model_file": str(places.subwords)},
        "voc_file": str(places.vocabulary),
    }
    return {
        **{part: str(places.folder / part) for part in parts},
        "dataset_type": "plain",
        "src": {"lang": "src", **side},
        "trg": {"lang": "trg", **side},
    }


def _model(recipe: Recipe) -> dict[str, Any]:
    def stack(n_layers: int) -> dict[str, Any]:
        return {
            "type": "transformer",
            "num_layers": n_layers,
            "num_heads": recipe.heads,
            "embeddings": {"embedding_dim": recipe.width, "scale": True, "dropout": 0.0},
            "hidden_size": recipe.width,
            "ff_size": recipe.feed_forward,
            "dropout": recipe.dropout,
            "layer_norm": "pre",
        }

    return {
        "tied_embeddings": True,
        "tied_softmax": True,
        "initializer": "xavier_uniform",
        "embed_initializer": "xavier_uniform",
        "bias_initializer": "zeros",
        "encoder": stack(recipe.encoder_layers),
        "decoder": stack(recipe.decoder_layers),
    }


def _training(recipe: Recipe, updates: int) -> dict[str, Any]:
    return {
        "optimizer": "adam",
        "adam_betas": [0.9, 0.998],
        "scheduling": "warmupinversesquareroot",
        "learning_rate": recipe.learning_rate,
        "learning_rate_warmup": recipe.warm_up,
        "learning_rate_min": 0.0,  # training ends below it, and a warm-up begins at nothing
        "clip_grad_norm": 1.0,
        "label_smoothing": recipe.label_smoothing,
        "loss": "crossentropy",
        "normalization": "tokens",
        "batch_type": "token",
        "batch_size": recipe.batch_size,
        "shuffle": True,
        "epochs": FOR_EVER,
        "updates": updates,
        "logging_freq": LOG_EVERY,
        "validation_freq": recipe.validate_every,
        "early_stopping_metric": "chrf",
        "print_valid_sents": [],
        "overwrite": True,
    }


def _testing(places: Places, beam: int, max_length: int) -> dict[str, Any]:
    return {
        "load_model": str(places.checkpoint),
        "n_best": 1,
        "beam_size": beam,
        "beam_alpha": 1.0,
        "batch_size": 64,
        "batch_type": "sentence",
        "max_output_length": max_length,
        "eval_metrics": ["chrf"],
    }
