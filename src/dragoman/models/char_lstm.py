"""The article's models: a recurrent encoder whose states condition a recurrent decoder, character by
character.

Three Keras models over the same layers. They start with `Masking(0.0)`, the one departure from the article,
which lets the state run on through the padding; ``CharLSTMConfig(masking=False)`` is the article unchanged.
Source: F. Chollet, "A ten-minute introduction to sequence-to-sequence learning in Keras" (2017), and the
article after it; Sutskever, Vinyals and Le (2014), arXiv:1409.3215.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from ..config import CharLSTMConfig
from ..engine import Weights
from ..errors import BundleError, UsageError
from ..vocabulary import BOS
from ..vocabulary.characters import END_CHARACTER, CharVocabulary

# What Keras gives no types for: tensors, layers and models.
Tensor = Any
Model = Any


@dataclass(frozen=True)
class CharLSTM:
    """The three models, with what is needed to read their arrays.

    ``training_model([encoder_input_data, decoder_input_data])`` gives softmax probabilities (B, T, target
    columns); ``encoder_model(encoder_input_data)`` gives the states of every layer, each (B, H);
    ``decoder_model([decoder_input, *states])`` gives probabilities and the states after.
    """

    config: CharLSTMConfig
    src_vocabulary: CharVocabulary
    trg_vocabulary: CharVocabulary
    max_trg_length: int
    training_model: Model
    encoder_model: Model
    decoder_model: Model

    def decode_sequence(self, input_seq: NDArray[np.float32]) -> str:
        """Return the translation of ``encoder_input_data[i : i + 1]`` (1, S, source columns), by the
        article's own loop.

        The text ends with the end character, unless it reached the length limit first. `Translator` does the
        same without Keras and many times faster.
        """
        states = _as_list(self.encoder_model.predict_on_batch(input_seq))
        characters = self.trg_vocabulary.column_characters
        target_seq = np.zeros((1, 1, len(characters)), np.float32)
        target_seq[0, 0, self.trg_vocabulary.columns[BOS]] = 1.0
        decoded = ""
        while True:
            probabilities, *states = self.decoder_model.predict_on_batch([target_seq, *states])
            column = int(np.argmax(np.asarray(probabilities)[0, -1]))
            decoded += characters[column]
            if decoded[-1] == END_CHARACTER or len(decoded) > self.max_trg_length:
                return decoded
            target_seq = np.zeros_like(target_seq)
            target_seq[0, 0, column] = 1.0


def build(
    config: CharLSTMConfig,
    src_vocabulary: CharVocabulary,
    trg_vocabulary: CharVocabulary,
    *,
    max_trg_length: int,
    seed: int | None = None,
    precision: str = "float32",
    sampled_softmax: int | None = None,
) -> CharLSTM:
    """Return untrained models for the columns of the vocabularies.

    ``max_trg_length`` is the article's length limit: the longest target in characters with both marks.
    ``seed`` fixes the first weights. The only ``precision`` is float32: a recurrence in bfloat16 gains nothing. Its
    columns are too few to be sampled.
    """
    if sampled_softmax is not None:
        raise UsageError("the character LSTM has no sampled softmax; leave it out, or train a transformer")
    if precision != "float32":
        raise UsageError(f"the character LSTM is trained in float32, not in {precision}; leave the precision out")
    layers, numbers = keras.layers, range(1, config.layers + 1)
    seeds = _seeds(seed)
    encoder_cells = [_cell(config, f"encoder_{n}", seeds, sequences=n < config.layers) for n in numbers]
    decoder_cells = [_cell(config, f"decoder_{n}", seeds, sequences=True) for n in numbers]
    dense = layers.Dense(
        trg_vocabulary.n_columns,
        activation="softmax",
        kernel_initializer=keras.initializers.GlorotUniform(next(seeds)),
        name="decoder_output",
    )
    dropouts = [layers.Dropout(config.dropout, seed=next(seeds), name=f"dropout_{n}") for n in range(2 * config.layers)]

    def mask(inputs: Tensor, name: str) -> Tensor:
        return layers.Masking(0.0, name=name)(inputs) if config.masking else inputs

    def encode(inputs: Tensor) -> list[Tensor]:
        hidden, states = mask(inputs, "encoder_mask"), []
        for n, cell in enumerate(encoder_cells):
            hidden, *cell_states = cell(hidden)
            hidden = dropouts[n](hidden) if config.dropout and n + 1 < config.layers else hidden
            states += cell_states
        return states

    decoder_mask = layers.Masking(0.0, name="decoder_mask") if config.masking else None

    def decode(inputs: Tensor, states: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        hidden = decoder_mask(inputs) if decoder_mask else inputs
        # Keras passes a mask on by itself only to a layer with one input; with states beside it, it must be told.
        keep = decoder_mask.compute_mask(inputs) if decoder_mask else None
        after: list[Tensor] = []
        per_cell = len(states) // config.layers
        for n, cell in enumerate(decoder_cells):
            hidden, *cell_states = cell(hidden, mask=keep, initial_state=states[n * per_cell : (n + 1) * per_cell])
            hidden = dropouts[config.layers + n](hidden) if config.dropout else hidden
            after += cell_states
        return dense(hidden), after

    encoder_inputs = keras.Input((None, src_vocabulary.n_columns), name="encoder_inputs")
    decoder_inputs = keras.Input((None, trg_vocabulary.n_columns), name="decoder_inputs")
    states = encode(encoder_inputs)
    given = [keras.Input((config.units,), name=f"state_{n}") for n in range(len(states))]
    outputs, after = decode(decoder_inputs, given)
    return CharLSTM(
        config,
        src_vocabulary,
        trg_vocabulary,
        max_trg_length,
        keras.Model([encoder_inputs, decoder_inputs], decode(decoder_inputs, states)[0], name="training_model"),
        keras.Model(encoder_inputs, states, name="encoder_model"),
        keras.Model([decoder_inputs, *given], [outputs, *after], name="decoder_model"),
    )


def _seeds(seed: int | None) -> Iterator[int | None]:
    """Seeds for the layers. `keras.utils.set_random_seed` would load TensorFlow too, if it is installed."""
    if seed is None:
        return repeat(None)
    return (int(number) for number in iter(np.random.default_rng(seed).integers(2**31, size=1000)))


def _cell(config: CharLSTMConfig, name: str, seeds: Iterator[int | None], *, sequences: bool) -> Any:
    layer = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}[config.cell]
    return layer(
        config.units,
        kernel_initializer=keras.initializers.GlorotUniform(next(seeds)),
        recurrent_initializer=keras.initializers.Orthogonal(seed=next(seeds)),
        return_sequences=sequences,
        return_state=True,
        name=name,
    )


def _as_list(states: Any) -> list[Any]:
    return list(states) if isinstance(states, list | tuple) else [states]


def _variables(model: CharLSTM) -> dict[str, Any]:
    """The trained variables under the names that the engine knows them by."""
    named = {}
    for side in ("encoder", "decoder"):
        for layer in range(model.config.layers):
            cell = model.training_model.get_layer(f"{side}_{layer + 1}").cell
            for part in ("kernel", "recurrent_kernel", "bias"):
                named[f"{side}.{layer}.{part}"] = getattr(cell, part)
    dense = model.training_model.get_layer("decoder_output")
    return {**named, "output.kernel": dense.kernel, "output.bias": dense.bias}


def to_engine(model: CharLSTM) -> Weights:
    """Return the trained weights as named float32 arrays: what `engine.lstm` runs and a bundle stores."""
    return {
        name: np.array(keras.ops.convert_to_numpy(variable.value), np.float32)
        for name, variable in _variables(model).items()
    }


def from_engine(model: CharLSTM, weights: Weights) -> None:
    """Give ``model`` the weights that `to_engine` returned; arrays that do not fit are a `BundleError`."""
    variables = _variables(model)
    if set(variables) != set(weights):
        raise BundleError(f"the weights must be {sorted(variables)}, not {sorted(weights)}")
    for name, variable in variables.items():
        if tuple(variable.shape) != weights[name].shape:
            raise BundleError(f"array {name!r} must have the shape {tuple(variable.shape)}, not {weights[name].shape}")
        variable.assign(weights[name])
