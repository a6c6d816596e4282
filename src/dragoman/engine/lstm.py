"""The article's encoder-decoder in NumPy: the trained weights of `models.char_lstm`, without Keras.

Arrays, as `models.char_lstm.to_engine` names them, float32, for each layer i from 0 and both sides:
``{encoder,decoder}.i.kernel`` (columns or H, gates * H), ``.recurrent_kernel`` (H, gates * H), ``.bias`` (4 *
H for an LSTM; 2, 3 * H for a GRU), and ``output.kernel`` (H, target columns), ``output.bias`` (target
columns). Gates stand in Keras's order: i, f, c, o and z, r, h.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..config import CharLSTMConfig, SearchConfig
from ..errors import BundleError, UsageError
from ..vocabulary import UNK
from ..vocabulary.characters import CharVocabulary
from . import Hypothesis, TrainedModel, Weights
from .cores import on_all_cores
from .search import forced, search

Floats = NDArray[np.float32]
States = list[tuple[Floats, ...]]
"""For each layer the arrays (B, H) that Keras returns: h and c of an LSTM, h of a GRU. They are renewed in place."""

BATCH = 128
"""Rows (sentences, times beam or samples) that are decoded together."""


def _product(rows: Floats, kernel: Floats) -> Floats:
    """Return ``rows @ kernel``, (B, N)."""
    if len(rows) == 1:
        # BLAS multiplies a lone row by a routine of its own, whose last bits are others: a sentence alone would
        # be further from itself in a batch than any two batches are from each other.
        return (np.concatenate([rows, rows]) @ kernel)[:1]
    return rows @ kernel


def _sigmoid(half: Floats) -> None:
    """Turn tanh(x / 2) into the sigmoid of x, in place. It cannot overflow, as 1 / (1 + exp(-x)) does."""
    half *= 0.5
    half += 0.5


def _lstm_step(inputs: Floats, state: tuple[Floats, ...], recurrent: Floats, _: Floats) -> None:
    h, c = state
    inputs += _product(h, recurrent)
    np.tanh(inputs, out=inputs)
    width = h.shape[1]
    _sigmoid(inputs[:, : 3 * width])
    i, f, o, g = (inputs[:, first : first + width] for first in range(0, 4 * width, width))
    c *= f
    g *= i
    c += g
    np.tanh(c, out=h)
    h *= o


def _gru_step(inputs: Floats, state: tuple[Floats, ...], recurrent: Floats, bias: Floats) -> None:
    (h,) = state
    width = h.shape[1]
    gates, g = inputs[:, : 2 * width], inputs[:, 2 * width :]
    remembered = _product(h, recurrent)
    gates += remembered[:, : 2 * width]
    np.tanh(gates, out=gates)
    _sigmoid(gates)
    z, r = gates[:, :width], gates[:, width:]
    g += r * (remembered[:, 2 * width :] + bias)
    np.tanh(g, out=g)
    h -= g
    h *= z
    h += g


class _Cell(NamedTuple):
    """What differs between the cells.

    ``step(inputs, state, recurrent, bias)`` renews ``state`` in place and uses up ``inputs`` (B, gates * H), the
    projected inputs with their bias. ``gates`` are the places of Keras's gates in the order of `step`: the
    sigmoids first, and the tanh last. ``n_states`` arrays are a state.
    """

    step: Callable[[Floats, tuple[Floats, ...], Floats, Floats], None]
    gates: tuple[int, ...]
    n_states: int

    def arranged(self, array: Floats) -> Floats:
        """Return ``array`` with the gates of its last axis in the order of `step`, halved for the sigmoids, because
        sigmoid(x) = (tanh(x / 2) + 1) / 2.
        """
        parts = np.split(array, len(self.gates), axis=-1)
        *sigmoids, last = (parts[gate] for gate in self.gates)
        return np.concatenate([*(part * np.float32(0.5) for part in sigmoids), last], axis=-1)


_CELLS = {"lstm": _Cell(_lstm_step, (0, 1, 3, 2), 2), "gru": _Cell(_gru_step, (0, 1, 2), 1)}


class _Layer(NamedTuple):
    """Arrays of one layer as `_Cell.arranged` leaves them: ``kernel`` (n inputs, gates * H) with ``bias``, to be added
    or already in it; ``recurrent`` (H, gates * H) with a ``recurrent_bias`` for the last gate of a GRU.
    """

    kernel: Floats
    bias: Floats
    recurrent: Floats
    recurrent_bias: Floats


class _Stack:
    """The recurrent layers of one side, fed with ids."""

    def __init__(self, side: str, config: CharLSTMConfig, vocabulary: CharVocabulary, weights: Weights) -> None:
        self._cell = _CELLS[config.cell]
        self._units = config.units
        self._layers = []
        for number in range(config.layers):
            layer = self._read(f"{side}.{number}", weights, config.units if number else vocabulary.n_columns)
            if number == 0:
                # A one-hot row times the kernel is a row of the kernel; ids without a column read zeros.
                by_id = np.zeros((vocabulary.size, layer.kernel.shape[1]), np.float32)
                by_id[vocabulary.column_ids] = layer.kernel
                layer = layer._replace(kernel=by_id + layer.bias)
            self._layers.append(layer)

    def _read(self, name: str, weights: Weights, n_inputs: int) -> _Layer:
        width = self._units * len(self._cell.gates)
        kernel, recurrent = (
            self._cell.arranged(_take(weights, f"{name}.{kind}", (n_rows, width)))
            for kind, n_rows in (("kernel", n_inputs), ("recurrent_kernel", self._units))
        )
        if self._cell.n_states == 2:
            bias = self._cell.arranged(_take(weights, f"{name}.bias", (width,)))
            return _Layer(kernel, bias, recurrent, np.zeros(0, np.float32))
        bias, recurrent_bias = self._cell.arranged(_take(weights, f"{name}.bias", (2, width)))
        # Only the last gate of a GRU meets its recurrent bias later than its other inputs.
        bias[: -self._units] += recurrent_bias[: -self._units]
        return _Layer(kernel, bias, recurrent, recurrent_bias[-self._units :])

    def zeros(self, n_rows: int) -> States:
        shape = n_rows, self._units
        return [tuple(np.zeros(shape, np.float32) for _ in range(self._cell.n_states)) for _ in self._layers]

    def step(self, ids: NDArray[np.int64], states: States) -> Floats:
        """Feed one id a row, renew ``states`` in place, and return the output (B, H)."""
        for number, (layer, state) in enumerate(zip(self._layers, states, strict=True)):
            if number == 0:
                inputs = layer.kernel.take(ids, axis=0)
            else:
                inputs = _product(states[number - 1][0], layer.kernel)
                inputs += layer.bias
            self._cell.step(inputs, state, layer.recurrent, layer.recurrent_bias)
        return states[-1][0]


class LSTMEngine:
    """An `Engine`, and the `Stepper` of its own search.

    ``trained.max_src_length`` is the padded source length of the training arrays: without masking the state runs
    through the padding, so a source must be padded as it was in training. ``max_trg_length`` counts the
    article's target rows, both marks included; its loop ends when the decoded sentence, end mark included, is
    longer. Weights that do not fit the configuration are a `BundleError`, a ``precision`` other than float32 is a
    `UsageError`. Threads may share an engine.
    """

    def __init__(self, trained: TrainedModel, precision: str = "float32") -> None:
        if precision != "float32":
            raise UsageError(f"the character LSTM computes in float32, not in {precision!r}; leave the precision out")
        config, weights, trg_vocabulary = trained.config, trained.weights, trained.trg_vocabulary
        assert isinstance(config, CharLSTMConfig), "the table of engines says which model an engine is for"
        assert isinstance(trained.src_vocabulary, CharVocabulary)
        assert isinstance(trg_vocabulary, CharVocabulary)
        self.config = config
        self.max_src_length = trained.max_src_length
        self.max_trg_length = trained.max_trg_length
        self._encoder = _Stack("encoder", config, trained.src_vocabulary, weights)
        self._decoder = _Stack("decoder", config, trg_vocabulary, weights)
        kernel = _take(weights, "output.kernel", (config.units, trg_vocabulary.n_columns))
        bias = _take(weights, "output.bias", (trg_vocabulary.n_columns,))
        # Columns stand at their ids; an id without a column is never chosen.
        self._kernel = np.zeros((config.units, trg_vocabulary.size), np.float32)
        self._kernel[:, trg_vocabulary.column_ids] = kernel
        self._bias = np.full(trg_vocabulary.size, -np.inf, np.float32)
        self._bias[trg_vocabulary.column_ids] = bias

    def translate(self, src_ids: Sequence[Sequence[int]], options: SearchConfig) -> list[list[Hypothesis]]:
        """Return the hypotheses of each source, best first; sentences of like length share a batch."""
        if options.repetition_penalty != 1.0 or options.no_repeat_ngram or options.length_penalty != 1.0:
            raise UsageError("the character LSTM has no penalties of length and repetition; leave these options out")
        max_length = options.max_length or self.max_trg_length + 1

        def work(places: Sequence[int]) -> list[list[Hypothesis]]:
            return search(self, [src_ids[i] for i in places], options, max_length)

        n_rows = max(options.beam_or(1), options.n_best)
        return on_all_cores(work, [len(ids) for ids in src_ids], max(1, BATCH // n_rows))

    def look_closely(self, src_ids: Sequence[Sequence[int]], hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
        """Return one hypothesis of each source with the scores of its tokens; there is no attention."""
        scored = self.score(src_ids, [hypothesis.ids for hypothesis in hypotheses])
        return [
            hypothesis._replace(token_scores=each.token_scores)
            for hypothesis, each in zip(hypotheses, scored, strict=True)
        ]

    def score(self, src_ids: Sequence[Sequence[int]], trg_ids: Sequence[Sequence[int]]) -> list[Hypothesis]:
        """Return each target with the mean log-probability that teacher forcing gives it, its end included."""

        def work(places: Sequence[int]) -> list[Hypothesis]:
            return forced(self, [src_ids[i] for i in places], [trg_ids[i] for i in places])

        return on_all_cores(work, [len(ids) for ids in trg_ids], BATCH)

    def start(self, src: Sequence[Sequence[int]]) -> States:
        """Return the encoder's states (B, H) of each layer after the last token of each source."""
        rows = [self._readable(ids) for ids in src]
        lengths = np.array([len(row) for row in rows], np.int64)
        order = np.argsort(-lengths, kind="stable")
        lengths = lengths[order]
        ids = np.zeros((len(rows), int(lengths.max(initial=0))), np.int64)
        for place, row in enumerate(order):
            ids[place, : lengths[place]] = rows[row]
        states = self._encoder.zeros(len(rows))
        for t in range(ids.shape[1]):
            # Rows are sorted by length: those that still read stand first, the others keep their state.
            n = int(np.searchsorted(-lengths, -t, side="left"))
            self._encoder.step(ids[:n, t], [tuple(array[:n] for array in layer) for layer in states])
        return self.reorder(states, np.argsort(order))

    def _readable(self, ids: Sequence[int]) -> list[int]:
        """What the encoder reads: the mask passes over unknown characters; without it they and the padding are rows of
        zeros.
        """
        if self.config.masking:
            return [i for i in ids if i != UNK]
        return [*ids, *[0] * (self.max_src_length - len(ids))]

    def step(self, state: States, last_ids: NDArray[np.int64]) -> tuple[Floats, States]:
        """Return the log-probabilities (B, V) of the next ids, minus infinity for ids without a column, and the new
        state, for which the old one is used up.
        """
        log_probs = _product(self._decoder.step(last_ids, state), self._kernel)
        log_probs += self._bias
        log_probs -= log_probs.max(axis=1, keepdims=True)
        log_probs -= np.log(np.exp(log_probs).sum(axis=1, keepdims=True))
        return log_probs, state

    def reorder(self, state: States, rows: NDArray[np.int64]) -> States:
        """Return the state of ``rows``."""
        return [tuple(array.take(rows, axis=0) for array in layer) for layer in state]


def _take(weights: Weights, name: str, shape: tuple[int, ...]) -> Floats:
    array = weights.get(name)
    if array is None:
        raise BundleError(f"the weights have no array {name!r}; they are not those of the configuration")
    if array.shape != shape or array.dtype != np.float32:
        raise BundleError(f"array {name!r} must be float32 {shape}, not {array.dtype} {array.shape}")
    return array
