"""A word-level Transformer in plain Keras, as people train it from Keras's example of English to Spanish.

The example is keras.io/examples/nlp/neural_machine_translation_with_transformer; what follows has its recipe and none
of its code. Text is lower-cased and loses its punctuation; 15,000 words a side, 20 of a sentence; an encoder and a
decoder of one layer, 256 wide, with 8 heads of 256 and 2,048 inside; learned positions; rmsprop; greedy decoding. The
translations have neither capitals nor punctuation and are written as they come.

    python keras_transformer.py --parts FOLDER --out test.json --minutes 10

The minutes are those of the clock from the start of this command to the end of the training.
"""

from __future__ import annotations

import argparse
import json
import os
import string
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("KERAS_BACKEND", "jax")  # before the import
import keras

VOCABULARY, LENGTH, WIDTH, INNER, HEADS, BATCH, DROPOUT = 15_000, 20, 256, 2048, 8, 64, 0.5
PADDING, UNKNOWN = "", "[UNK]"
START, END = "[start]", "[end]"
FOR_EVER = 10**6
STARTED = "BENCH_STARTED"
"""The environment variable by which a bench says when it started this command."""

Ids = NDArray[np.int32]

_PUNCTUATION = str.maketrans("", "", string.punctuation + "¿")


class Models(NamedTuple):
    """The model that is trained, what it computes before its last layer, and that layer."""

    training: Any
    hidden: Any
    output: Any


class Words:
    """The most frequent words of some sentences, with their ids; 0 is padding and 1 what is unknown."""

    def __init__(self, sentences: Iterable[Sequence[str]]) -> None:
        counts = Counter(word for sentence in sentences for word in sentence)
        self.words = [PADDING, UNKNOWN, *(word for word, _ in counts.most_common(VOCABULARY - 2))]
        self._ids = {word: i for i, word in enumerate(self.words)}

    def encode(self, sentences: Sequence[Sequence[str]], length: int) -> Ids:
        """Return the ids of the first ``length`` words of each sentence, (sentences, ``length``) int32."""
        rows = np.zeros((len(sentences), length), np.int32)
        for row, sentence in zip(rows, sentences, strict=True):
            ids = [self._ids.get(word, 1) for word in sentence[:length]]
            row[: len(ids)] = ids
        return rows


def words_of(text: str) -> list[str]:
    """Return the words of a text, lower-cased and without punctuation."""
    return text.lower().translate(_PUNCTUATION).split()


def marked(text: str) -> list[str]:
    """Return the words of a target text between the marks of its start and its end."""
    return [START, *words_of(text), END]


class WordsAndPlaces(keras.layers.Layer):  # type: ignore[misc]
    """The sum of what is learned of a word and of its place, (B, ``LENGTH``) to (B, ``LENGTH``, ``WIDTH``)."""

    def __init__(self) -> None:
        super().__init__()
        self.words = keras.layers.Embedding(VOCABULARY, WIDTH)
        self.places = keras.layers.Embedding(LENGTH, WIDTH)

    def call(self, ids: Any) -> Any:
        """Return the sums."""
        return self.words(ids) + self.places(keras.ops.arange(LENGTH))


def build() -> Models:
    """Return the models; source and target are ids (B, ``LENGTH``), the target one step behind what is predicted."""
    src, trg = (keras.Input((LENGTH,), dtype="int32", name=name) for name in ("src", "trg"))
    src_mask, trg_mask = (keras.ops.expand_dims(ids != 0, 1) for ids in (src, trg))
    encoded = WordsAndPlaces()(src)
    encoded = _normed(encoded, _attention()(encoded, encoded, attention_mask=src_mask))
    encoded = _normed(encoded, _inner(encoded))
    decoded = WordsAndPlaces()(trg)
    decoded = _normed(decoded, _attention()(decoded, decoded, attention_mask=trg_mask, use_causal_mask=True))
    decoded = _normed(decoded, _attention()(decoded, encoded, attention_mask=src_mask))
    decoded = _normed(decoded, _inner(decoded))
    decoded = keras.layers.Dropout(DROPOUT)(decoded)
    output = keras.layers.Dense(VOCABULARY, activation="softmax")
    return Models(keras.Model([src, trg], output(decoded)), keras.Model([src, trg], decoded), output)


def _attention() -> Any:
    return keras.layers.MultiHeadAttention(num_heads=HEADS, key_dim=WIDTH)


def _normed(before: Any, added: Any) -> Any:
    return keras.layers.LayerNormalization()(before + added)


def _inner(hidden: Any) -> Any:
    return keras.layers.Dense(WIDTH)(keras.layers.Dense(INNER, activation="relu")(hidden))


class Until(keras.callbacks.Callback):  # type: ignore[misc]
    """Ends a training at a moment of the monotonic clock, and counts its steps."""

    def __init__(self, deadline: float) -> None:
        super().__init__()
        self.deadline = deadline
        self.n_steps = 0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Look at the clock."""
        self.n_steps += 1
        if monotonic() >= self.deadline:
            self.model.stop_training = True


def train(models: Models, srcs: Ids, trgs: Ids, deadline: float) -> dict[str, float]:
    """Train until ``deadline`` on sources (pairs, ``LENGTH``) and targets (pairs, ``LENGTH`` + 1); return figures."""
    loss = keras.losses.SparseCategoricalCrossentropy(ignore_class=0)
    models.training.compile(optimizer="rmsprop", loss=loss)
    clock = Until(deadline)
    history = models.training.fit(
        [srcs, trgs[:, :-1]], trgs[:, 1:], batch_size=BATCH, epochs=FOR_EVER, callbacks=[clock], verbose=0
    )
    return {"epochs": clock.n_steps * BATCH / len(srcs), "loss": history.history["loss"][-1]}


def decode(models: Models, srcs: Ids, words: Words) -> list[str]:
    """Return the greedy translation of each source, (sentences, ``LENGTH``); its words end at the mark or at 20."""
    return [
        text for start in range(0, len(srcs), BATCH) for text in _decode(models, srcs[start : start + BATCH], words)
    ]


def _decode(models: Models, srcs: Ids, words: Words) -> list[str]:
    ids = np.zeros((len(srcs), LENGTH + 1), np.int32)
    ids[:, :1] = words.encode([[START]], 1)
    for place in range(LENGTH):
        # The last layer looks at one place only: the same words in a fraction of the time.
        hidden = models.hidden.predict_on_batch([srcs, ids[:, :-1]])[:, place]
        ids[:, place + 1] = np.argmax(keras.ops.convert_to_numpy(models.output(hidden)), axis=-1)
    return [_text(words, row[1:]) for row in ids.tolist()]


def _text(words: Words, ids: Sequence[int]) -> str:
    spelled = [words.words[i] if i < len(words.words) else PADDING for i in ids]
    return " ".join(spelled[: spelled.index(END)] if END in spelled else spelled)


def read_pairs(file: Path) -> tuple[list[str], list[str]]:
    """Return the source texts and the target texts of a tab-separated file."""
    with file.open(encoding="utf-8", newline="\n") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    return [row[0] for row in rows], [row[1] for row in rows]


def main() -> None:
    """Train, translate the test part, write the translations as a JSON list, and print the figures."""
    began = float(os.environ.get(STARTED, monotonic()))
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--parts", type=Path, required=True, help="a folder with train.tsv and test.tsv")
    options.add_argument("--out", type=Path, required=True, help="the translations of the test part, as JSON")
    options.add_argument("--minutes", type=float, required=True)
    options.add_argument("--seed", type=int, default=0)
    args = options.parse_args()
    keras.utils.set_random_seed(args.seed)
    srcs, trgs = read_pairs(args.parts / "train.tsv")
    src_texts, trg_texts = [words_of(text) for text in srcs], [marked(text) for text in trgs]
    src_words, trg_words = Words(src_texts), Words(trg_texts)
    models = build()
    encoded = src_words.encode(src_texts, LENGTH), trg_words.encode(trg_texts, LENGTH + 1)
    figures = train(models, *encoded, began + 60 * args.minutes)
    figures["training_s"] = monotonic() - began
    test = [words_of(text) for text in read_pairs(args.parts / "test.tsv")[0]]
    hyps = decode(models, src_words.encode(test, LENGTH), trg_words)
    args.out.write_text(json.dumps(hyps, ensure_ascii=False) + "\n", "utf-8")
    about = {"backend": keras.backend.backend(), "parameters": str(models.training.count_params())}
    print(json.dumps({"figures": figures, "about": about}, ensure_ascii=False))


if __name__ == "__main__":
    main()
