"""The article's translator in plain Keras, as people run it, with clocks.

The first pairs of the file become dense float32 one-hot arrays, padded to the longest; stock LSTM layers; batch 64,
rmsprop, categorical cross-entropy, ``validation_split=0.2``; decoding calls ``predict`` once for each character of one
sentence. ``KERAS_BACKEND`` chooses the backend. The last line of the output is JSON with the figures.

    python keras_article.py --data spa.txt                                train
    python keras_article.py --models DIR --sentences FILE --decode 20     decode with models that were trained before
"""

from __future__ import annotations

import argparse
import json
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import keras
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Models(NamedTuple):
    """The training model and the two that decode, over the same layers."""

    training: Any
    encoder: Any
    decoder: Any


class Characters(NamedTuple):
    """The characters of the columns of both sides, and the lengths of the arrays."""

    src: str
    trg: str
    max_src_length: int
    max_trg_length: int


def read_pairs(path: Path, n_pairs: int) -> tuple[list[str], list[str]]:
    """Return the source texts and the target texts, these between a tab and a line feed."""
    with path.open(encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in islice(lines, n_pairs)]
    return [row[0] for row in rows], ["\t" + row[1] + "\n" for row in rows]


def characters_of(srcs: list[str], trgs: list[str]) -> Characters:
    """Return the sorted distinct characters, and the longest lengths."""
    src, trg = ("".join(sorted(set("".join(texts)))) for texts in (srcs, trgs))
    return Characters(src, trg, max(map(len, srcs)), max(map(len, trgs)))


def one_hot(texts: list[str], characters: str, length: int) -> Floats:
    """Return (texts, ``length``, characters) float32; padding and unknown characters are rows of zeros."""
    index = {character: place for place, character in enumerate(characters)}
    rows = np.zeros((len(texts), length, len(characters)), "float32")
    for i, text in enumerate(texts):
        for t, character in enumerate(text):
            if character in index:
                rows[i, t, index[character]] = 1.0
    return rows


def vectorize(srcs: list[str], trgs: list[str], characters: Characters) -> tuple[Floats, Floats, Floats]:
    """Return ``encoder_input_data``, ``decoder_input_data`` and ``decoder_target_data``, which is one step ahead."""
    decoder_input_data = one_hot(trgs, characters.trg, characters.max_trg_length)
    decoder_target_data = one_hot([text[1:] for text in trgs], characters.trg, characters.max_trg_length)
    return one_hot(srcs, characters.src, characters.max_src_length), decoder_input_data, decoder_target_data


def build(n_src: int, n_trg: int, *, units: int, layers: int, masking: bool = False) -> Models:
    """Return the models for one-hot rows of ``n_src`` and ``n_trg`` columns; the article has no masking."""

    def cell(side: str, n: int, *, sequences: bool = True) -> Any:
        return keras.layers.LSTM(units, return_sequences=sequences, return_state=True, name=f"{side}_{n + 1}")

    encoder_inputs = keras.Input((None, n_src))
    hidden, states = keras.layers.Masking(0.0)(encoder_inputs) if masking else encoder_inputs, []
    for n in range(layers):
        hidden, *layer_states = cell("encoder", n, sequences=n + 1 < layers)(hidden)
        states += layer_states
    decoder_cells = [cell("decoder", n) for n in range(layers)]
    dense = keras.layers.Dense(n_trg, activation="softmax", name="output")

    def decode(hidden: Any, states: list[Any]) -> tuple[Any, list[Any]]:
        after: list[Any] = []
        for n, decoder_cell in enumerate(decoder_cells):
            hidden, *layer_states = decoder_cell(hidden, initial_state=states[2 * n : 2 * n + 2])
            after += layer_states
        return dense(hidden), after

    decoder_inputs = keras.Input((None, n_trg))
    given = [keras.Input((units,)) for _ in states]
    read = keras.layers.Masking(0.0)(decoder_inputs) if masking else decoder_inputs
    probabilities, after = decode(decoder_inputs, given)
    return Models(
        keras.Model([encoder_inputs, decoder_inputs], decode(read, states)[0]),
        keras.Model(encoder_inputs, states),
        keras.Model([decoder_inputs, *given], [probabilities, *after]),
    )


class EpochClock(keras.callbacks.Callback):  # type: ignore[misc]
    """The seconds of each epoch's training and of its validation, from the making of the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.training: list[float] = []
        self.validation: list[float] = []
        self.began = perf_counter()

    def on_test_begin(self, logs: Any = None) -> None:
        """Training has ended, once its last weights are there: a backend may work behind our back."""
        keras.ops.convert_to_numpy(self.model.trainable_variables[0])
        self._end(self.training)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Validation has ended."""
        self._end(self.validation)

    def _end(self, seconds: list[float]) -> None:
        now = perf_counter()
        seconds.append(now - self.began)
        self.began = now


def train(args: argparse.Namespace) -> tuple[dict[str, float], dict[str, str]]:
    """Train as the article does; return figures, and what was trained."""
    srcs, trgs = read_pairs(args.data, args.pairs)
    characters = characters_of(srcs, trgs)
    encoder_input_data, decoder_input_data, decoder_target_data = vectorize(srcs, trgs, characters)
    models = build(len(characters.src), len(characters.trg), units=args.units, layers=args.layers)
    clock = EpochClock()
    models.training.compile(optimizer="rmsprop", loss="categorical_crossentropy")
    history = models.training.fit(
        [encoder_input_data, decoder_input_data],
        decoder_target_data,
        batch_size=64,
        epochs=args.epochs,
        validation_split=0.2,
        callbacks=[clock],
        verbose=0,
    )
    figures = {
        "first_epoch_s": clock.training[0],
        "epoch_s": median(clock.training[1:]),
        "validation_s": median(clock.validation[1:]),
    }
    n_train = int(len(srcs) * (1 - 0.2))
    return figures, {
        "pairs": f"{n_train} train, {len(srcs) - n_train} dev",
        "parameters": str(models.training.count_params()),
        "loss": f"{history.history['loss'][-1]:.4f}",
    }


def decode_sequence(input_seq: Floats, models: Models, characters: Characters) -> str:
    """Return the translation of one source (1, S, columns), one ``predict`` for each character of it."""
    states = models.encoder.predict(input_seq, verbose=0)
    target_seq = np.zeros((1, 1, len(characters.trg)))
    target_seq[0, 0, characters.trg.index("\t")] = 1.0
    decoded = ""
    while True:
        output_tokens, *states = models.decoder.predict([target_seq, *states], verbose=0)
        column = int(np.argmax(output_tokens[0, -1, :]))
        decoded += characters.trg[column]
        if decoded[-1] == "\n" or len(decoded) > characters.max_trg_length:
            return decoded
        target_seq = np.zeros((1, 1, len(characters.trg)))
        target_seq[0, 0, column] = 1.0


def load(folder: Path) -> tuple[Models, Characters]:
    """Return the models of a folder of ``.keras`` files with their ``characters.json``."""
    names = ("training_model", "encoder_model", "decoder_model")
    models = Models(*(keras.saving.load_model(folder / f"{name}.keras") for name in names))
    values = json.loads((folder / "characters.json").read_text("utf-8"))
    sides = values["source_characters"], values["target_characters"]
    return models, Characters(*sides, values["max_src_length"], values["max_trg_length"])


def decode(args: argparse.Namespace) -> tuple[dict[str, float], dict[str, str]]:
    """Decode ``args.decode`` sentences, spread over the file; return figures, and the translations."""
    models, characters = load(args.models)
    sentences = args.sentences.read_text("utf-8").splitlines()
    sample = sentences[:: max(1, len(sentences) // args.decode)][: args.decode]
    rows = one_hot(sample, characters.src, max(characters.max_src_length, *map(len, sample)))
    decode_sequence(rows[:1], models, characters)  # compiles
    seconds, decoded = [], []
    for i in range(len(rows)):
        began = perf_counter()
        decoded.append(decode_sequence(rows[i : i + 1], models, characters).removesuffix("\n"))
        seconds.append(perf_counter() - began)
    figures = {"sentences_per_s": len(rows) / sum(seconds), "sentence_ms": 1000 * median(seconds)}
    return figures, {"translations": "\n".join(decoded)}


def main() -> None:
    """Train or decode, and print the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, help="tab-separated pairs to train on")
    options.add_argument("--pairs", type=int, default=10000)
    options.add_argument("--units", type=int, default=256)
    options.add_argument("--layers", type=int, default=1)
    options.add_argument("--epochs", type=int, default=3, help="at least 2: the first compiles")
    options.add_argument("--models", type=Path, help="a folder of .keras files to decode with, instead of training")
    options.add_argument("--sentences", type=Path, help="sentences to decode, one a line")
    options.add_argument("--decode", type=int, default=20)
    args = options.parse_args()
    figures, about = decode(args) if args.models else train(args)
    print(json.dumps({"figures": figures, "about": {"backend": keras.backend.backend(), **about}}, ensure_ascii=False))


if __name__ == "__main__":
    main()
