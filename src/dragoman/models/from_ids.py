"""The layers of `char_lstm` trained from ids: one Keras model over the same layer objects as `training_model`.

On JAX an LSTM runs through `recurrence`; a GRU, and every cell on another backend, through the stock layers on one-hot
rows made inside the step. Both give the same probabilities and the same gradients, and a test says so.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from .char_lstm import CharLSTM, Tensor


class FromIds(keras.Model):  # type: ignore[misc]
    """``model([src_ids, trg_ids])``: log-probabilities (B, T, target columns) of the character after each one of
    ``trg_ids`` (B, T), given ``src_ids`` (B, S).
    """

    def __init__(self, lstm: CharLSTM) -> None:
        super().__init__(name="from_ids")
        self.lstm = lstm
        self.network = lstm.training_model
        config = lstm.config
        self.is_fast = keras.backend.backend() == "jax" and config.cell == "lstm"
        layer = self.network.get_layer
        numbers = range(1, config.layers + 1)
        self.cells = {side: [layer(f"{side}_{n}").cell for n in numbers] for side in ("encoder", "decoder")}
        self.dropouts = {
            "encoder": [layer(f"dropout_{n - 1}") for n in numbers[:-1]] if config.dropout else [],
            "decoder": [layer(f"dropout_{config.layers + n - 1}") for n in numbers] if config.dropout else [],
        }
        self.output_layer = layer("decoder_output")
        # An id without a column has the place behind the last: a row of zeros.
        self.src_places = _places(lstm.src_vocabulary.columns, lstm.src_vocabulary.n_columns)
        self.trg_places = _places(lstm.trg_vocabulary.columns, lstm.trg_vocabulary.n_columns)

    def call(self, inputs: tuple[Tensor, Tensor], training: bool = False) -> Tensor:
        """Return the log-probabilities."""
        src, trg = ops.take(self.src_places, inputs[0]), ops.take(self.trg_places, inputs[1])
        n_src, n_trg = self.lstm.src_vocabulary.n_columns, self.lstm.trg_vocabulary.n_columns
        if not self.is_fast:
            one_hot = [ops.one_hot(src, n_src + 1)[..., :n_src], ops.one_hot(trg, n_trg + 1)[..., :n_trg]]
            probabilities = self.network(one_hot, training=training)
            return ops.log(ops.maximum(probabilities, keras.config.epsilon()))
        states = self._run("encoder", src, n_src, None, training)[1]
        hidden = self._run("decoder", trg, n_trg, states, training)[0]
        logits = ops.matmul(hidden, self.output_layer.kernel) + self.output_layer.bias
        return ops.transpose(ops.log_softmax(logits), (1, 0, 2))

    def _run(
        self, side: str, places: Tensor, n_columns: int, states: list[Tensor] | None, training: bool
    ) -> tuple[Tensor, list[Tensor]]:
        """Run the layers of one side over ``places`` (B, T).

        Return the outputs of the last (T, B, H), and h and c of each (B, H).
        """
        from . import recurrence

        places = ops.transpose(places)
        keep = (places < n_columns)[..., None] if self.lstm.config.masking else ops.ones((*places.shape, 1), "bool")
        zeros = ops.zeros((places.shape[1], self.lstm.config.units))
        hidden, after = None, []
        for n, cell in enumerate(self.cells[side]):
            if n == 0:
                kernel = ops.concatenate([cell.kernel, ops.zeros_like(cell.kernel[:1])])
                projected = recurrence.rows(kernel, places) + cell.bias
            else:
                projected = ops.matmul(hidden, cell.kernel) + cell.bias
            first = (zeros, zeros) if states is None else states[2 * n : 2 * n + 2]
            recurrent_kernel = ops.convert_to_tensor(cell.recurrent_kernel)
            hidden, *cell_states = recurrence.lstm(projected, keep, recurrent_kernel, *first)
            after += cell_states
            if n < len(self.dropouts[side]):
                hidden = self.dropouts[side][n](hidden, training=training)
        return hidden, after

    def token_losses(self, trg_ids: Tensor, log_probs: Tensor, smoothing: float = 0.0) -> Tensor:
        """Return the cross-entropy (B, T) of each token; 0 where a token has no column, as in the article's arrays.

        With ``smoothing`` the target gives so much of its probability to all columns alike.
        """
        n_columns = self.lstm.trg_vocabulary.n_columns
        right = ops.one_hot(ops.take(self.trg_places, trg_ids), n_columns + 1)[..., :n_columns]
        if smoothing:
            right = (1.0 - smoothing) * right + smoothing / n_columns
        return -ops.sum(right * log_probs, axis=-1)

    def token_hits(self, trg_ids: Tensor, log_probs: Tensor) -> Tensor:
        """Return 1 (B, T) where the likeliest character is the right one, else 0."""
        return ops.cast(ops.argmax(log_probs, axis=-1) == ops.take(self.trg_places, trg_ids), "float32")


def _places(columns: np.ndarray, n_columns: int) -> Any:
    return np.where(columns < 0, n_columns, columns).astype(np.int32)
