"""The article's encoder-decoder in NumPy: the trained weights of `models.char_lstm`, without Keras.

Arrays, as `models.char_lstm.to_engine` names them, float32, for each layer i from 0 and both sides:
``{encoder,decoder}.i.kernel`` (columns or H, gates * H), ``.recurrent_kernel`` (H, gates * H), ``.bias`` (4 *
H for an LSTM; 2, 3 * H for a GRU), and ``output.kernel`` (H, target columns), ``output.bias`` (target
columns). Gates stand in Keras's order: i, f, c, o and z, r, h.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..config import ModelConfig, SearchConfig
from ..errors import BundleError
from ..vocabulary import BOS, EOS, UNK, CharVocabulary
from . import Hypothesis, TrainedModel, Weights
from .search import hypothesis, search

Floats = NDArray[np.float32]
States = list[tuple[Floats, ...]]
"""For each layer the arrays (B, H) that Keras returns: h and c of an LSTM, h of a GRU."""

BATCH = 64


def _sigmoid(x: Floats) -> Floats:
    # The tanh form does not overflow for large negative x, as 1 / (1 + exp(-x)) does.
    half: Floats = np.tanh(x * np.float32(0.5))
    return half * np.float32(0.5) + np.float32(0.5)


def _lstm_step(projected: Floats, state: tuple[Floats, ...], recurrent: Floats, _: Floats) -> tuple[Floats, ...]:
    h, c = state
    z = projected + h @ recurrent
    i, f, g, o = np.split(z, 4, axis=1)
    c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(c), c


def _gru_step(projected: Floats, state: tuple[Floats, ...], recurrent: Floats, bias: Floats) -> tuple[Floats, ...]:
    (h,) = state
    z_x, r_x, g_x = np.split(projected, 3, axis=1)
    z_h, r_h, g_h = np.split(h @ recurrent + bias, 3, axis=1)
    z = _sigmoid(z_x + z_h)
    g = np.tanh(g_x + _sigmoid(r_x + r_h) * g_h)
    return (z * h + (1 - z) * g,)


# What differs between the cells: the step, the number of gates, the number of state arrays.
_CELLS = {"lstm": (_lstm_step, 4, 2), "gru": (_gru_step, 3, 1)}


class _Stack:
    """The recurrent layers of one side, fed with ids."""

    def __init__(self, side: str, config: ModelConfig, vocabulary: CharVocabulary, weights: Weights) -> None:
        self.step_cell, gates, self.n_states = _CELLS[config.cell]
        self.units = units = config.units
        bias_shape = (gates * units,) if config.cell == "lstm" else (2, gates * units)
        self.layers: list[tuple[Floats, Floats, Floats, Floats]] = []
        for layer in range(config.layers):
            n_inputs = units if layer else vocabulary.n_columns
            kernel = _take(weights, f"{side}.{layer}.kernel", (n_inputs, gates * units))
            recurrent = _take(weights, f"{side}.{layer}.recurrent_kernel", (units, gates * units))
            bias = _take(weights, f"{side}.{layer}.bias", bias_shape)
            input_bias, recurrent_bias = (bias, bias) if config.cell == "lstm" else (bias[0], bias[1])
            if layer == 0:
                # A one-hot row times the kernel is a row of the kernel; ids without a column read a row of
                # zeros.
                by_id = np.zeros((vocabulary.size, gates * units), np.float32)
                by_id[vocabulary.column_ids] = kernel
                kernel = by_id
            self.layers.append((kernel, input_bias, recurrent, recurrent_bias))

    def zeros(self, n_rows: int) -> States:
        return [(np.zeros((n_rows, self.units), np.float32),) * self.n_states for _ in self.layers]

    def step(self, ids: NDArray[np.int64], states: States) -> States:
        """Feed one id a row; the output is the first array of the last layer's new state."""
        new: States = []
        for layer, (kernel, input_bias, recurrent, recurrent_bias) in enumerate(self.layers):
            projected = (new[-1][0] @ kernel if layer else kernel[ids]) + input_bias
            new.append(self.step_cell(projected, states[layer], recurrent, recurrent_bias))
        return new


class LSTMEngine:
    """An `Engine`, and the `Stepper` of its own search.

    ``trained.max_src_length`` is the padded source length of the training arrays: without masking the state runs
    through the padding, so a source must be padded as it was in training. ``max_trg_length`` counts the
    article's target rows, both marks included; its loop ends when the decoded sentence, end mark included, is
    longer. Weights that do not fit the configuration are a `BundleError`.
    """

    def __init__(self, trained: TrainedModel) -> None:
        config, weights, trg_vocabulary = trained.config, trained.weights, trained.trg_vocabulary
        self.config = config
        self.max_src_length = trained.max_src_length
        self.max_trg_length = trained.max_trg_length
        self._encoder = _Stack("encoder", config, trained.src_vocabulary, weights)
        self._decoder = _Stack("decoder", config, trg_vocabulary, weights)
        self._kernel = _take(weights, "output.kernel", (config.units, trg_vocabulary.n_columns))
        self._bias = _take(weights, "output.bias", (trg_vocabulary.n_columns,))
        self._column_ids = trg_vocabulary.column_ids
        self._size = trg_vocabulary.size

    def translate(self, src_ids: Sequence[Sequence[int]], options: SearchConfig) -> list[list[Hypothesis]]:
        """Return the hypotheses of each source, best first; sentences of like length share a batch."""
        max_length = options.max_length or self.max_trg_length + 1
        order = sorted(range(len(src_ids)), key=lambda i: len(src_ids[i]))
        found: list[list[Hypothesis]] = [[] for _ in src_ids]
        for first in range(0, len(order), BATCH):
            places = order[first : first + BATCH]
            batch = search(self, [src_ids[i] for i in places], options, max_length)
            for place, hypotheses in zip(places, batch, strict=True):
                found[place] = hypotheses
        return found

    def score(self, src_ids: Sequence[Sequence[int]], trg_ids: Sequence[Sequence[int]]) -> list[Hypothesis]:
        """Return each target with the mean log-probability that teacher forcing gives it, its end included."""
        scored = []
        for src, trg in zip(src_ids, trg_ids, strict=True):
            state, last, scores = self.start([src]), BOS, []
            for token in (*trg, EOS):
                log_probs, state = self.step(state, np.array([last], np.int64))
                scores.append(float(log_probs[0, token]))
                last = token
            scored.append(hypothesis((*trg, EOS), scores))
        return scored

    def start(self, src: Sequence[Sequence[int]]) -> States:
        """Return the encoder's states (B, H) of each layer after the last token of each source."""
        rows = [self._readable(ids) for ids in src]
        order = np.array(sorted(range(len(rows)), key=lambda i: -len(rows[i])), np.int64)
        lengths = np.array([len(rows[i]) for i in order], np.int64)
        ids = np.zeros((len(rows), int(lengths.max(initial=0))), np.int64)
        for place, row in enumerate(order):
            ids[place, : lengths[place]] = rows[row]
        states = self._encoder.zeros(len(rows))
        for t in range(ids.shape[1]):
            # Rows are sorted by length: those that still read stand first, the others keep their state.
            n = int(np.searchsorted(-lengths, -t, side="left"))
            stepped = self._encoder.step(ids[:n, t], [tuple(a[:n] for a in layer) for layer in states])
            states = [
                tuple(np.concatenate([new, old[n:]]) for new, old in zip(*layers, strict=True))
                for layers in zip(stepped, states, strict=True)
            ]
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        return self.reorder(states, back)

    def _readable(self, ids: Sequence[int]) -> list[int]:
        """What the encoder reads: the mask passes over unknown characters; without it they and the padding are rows of
        zeros.
        """
        if self.config.masking:
            return [i for i in ids if i != UNK]
        return [*ids, *[0] * (self.max_src_length - len(ids))]

    def step(self, state: States, last_ids: NDArray[np.int64]) -> tuple[Floats, States]:
        """Return the log-probabilities (B, V) of the next ids, minus infinity for ids without a column, and the new
        state.
        """
        state = self._decoder.step(last_ids, state)
        logits = state[-1][0] @ self._kernel + self._bias
        logits -= logits.max(axis=1, keepdims=True)
        log_probs = np.full((len(last_ids), self._size), -np.inf, np.float32)
        log_probs[:, self._column_ids] = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return log_probs, state

    def reorder(self, state: States, rows: NDArray[np.int64]) -> States:
        """Return the state of ``rows``."""
        return [tuple(array[rows] for array in layer) for layer in state]


def _take(weights: Weights, name: str, shape: tuple[int, ...]) -> Floats:
    array = weights.get(name)
    if array is None:
        raise BundleError(f"the weights have no array {name!r}; they are not those of the configuration")
    if array.shape != shape or array.dtype != np.float32:
        raise BundleError(f"array {name!r} must be float32 {shape}, not {array.dtype} {array.shape}")
    return array
