"""An LSTM over whole sentences in JAX, with the weights and the results of a stock Keras layer, and faster.

What it does otherwise: a one-hot row times the kernel is a row of the kernel; the inputs of all steps are projected at
once, before the loop; in the backward loop only what hangs on the step after is computed, and the gradient of the
recurrent kernel is one product over all steps behind it, where automatic differentiation adds one product a step.
This file touches JAX and no other part of Dragoman. Letters: `T` steps, `B` rows, `H` width, `C` columns.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

Array = jax.Array
Saved = tuple[Array, ...]


@jax.custom_vjp
def rows(kernel: Array, places: Array) -> Array:
    """Return the rows of ``kernel`` (C, N) at ``places`` (T, B): (T, B, N)."""
    return kernel[places]


def _rows_forward(kernel: Array, places: Array) -> tuple[Array, tuple[Array, int]]:
    return kernel[places], (places, kernel.shape[0])


def _rows_backward(saved: tuple[Array, int], gradient: Array) -> tuple[Array, None]:
    # A product with one-hot rows: XLA adds rows up at their places one by one, on one core.
    places, n_rows = saved
    one_hot = jax.nn.one_hot(places.reshape(-1), n_rows, dtype=gradient.dtype)
    return one_hot.T @ gradient.reshape(-1, gradient.shape[-1]), None


rows.defvjp(_rows_forward, _rows_backward)


def _sigmoid(x: Array) -> Array:
    return jnp.tanh(x * 0.5) * 0.5 + 0.5


@jax.custom_vjp
def lstm(projected: Array, mask: Array, recurrent_kernel: Array, h: Array, c: Array) -> tuple[Array, Array, Array]:
    """Return the outputs of all steps (T, B, H) and the last states (B, H), from the first states ``h`` and ``c``.

    ``projected`` (T, B, 4 * H) are the inputs times the kernel, with the bias; gates in Keras's order i, f, c, o. Where
    ``mask`` (T, B, 1) is False the states stay as they are and the output is repeated.
    """
    return _lstm_forward(projected, mask, recurrent_kernel, h, c)[0]


def _lstm_forward(
    projected: Array, mask: Array, recurrent_kernel: Array, h: Array, c: Array
) -> tuple[tuple[Array, Array, Array], Saved]:
    def step(states: tuple[Array, Array], inputs: tuple[Array, Array]) -> Any:
        (h, c), (x, keep) = states, inputs
        i, f, g, o = jnp.split(x + h @ recurrent_kernel, 4, axis=-1)
        i, f, g, o = _sigmoid(i), _sigmoid(f), jnp.tanh(g), _sigmoid(o)
        after_c = f * c + i * g
        c, h = jnp.where(keep, after_c, c), jnp.where(keep, o * jnp.tanh(after_c), h)
        return (h, c), (h, c, i, f, g, o)

    (last_h, last_c), (hs, cs, *gates) = lax.scan(step, (h, c), (projected, mask))
    return (hs, last_h, last_c), (mask, recurrent_kernel, h, c, hs, cs, *gates)


def _lstm_backward(saved: Saved, gradients: tuple[Array, Array, Array]) -> tuple[Array, None, Array, Array, Array]:
    mask, recurrent_kernel, h, c, hs, cs, i, f, g, o = saved
    before_h, before_c = jnp.concatenate([h[None], hs[:-1]]), jnp.concatenate([c[None], cs[:-1]])
    tanh_c = jnp.tanh(cs)
    # How the state and the four gates answer to a change, for all steps at once.
    to_c = o * (1 - tanh_c * tanh_c)
    to_i, to_f, to_g, to_o = g * i * (1 - i), before_c * f * (1 - f), i * (1 - g * g), tanh_c * o * (1 - o)

    def step(states: tuple[Array, Array], inputs: tuple[Array, ...]) -> Any:
        (dh, dc), (dh_here, keep, to_c, to_i, to_f, to_g, to_o, f) = states, inputs
        dh = dh + dh_here
        through_h = jnp.where(keep, dh, 0)
        through_c = jnp.where(keep, dc, 0) + through_h * to_c
        dz = jnp.concatenate([through_c * to_i, through_c * to_f, through_c * to_g, through_h * to_o], axis=-1)
        dh = dz @ recurrent_kernel.T + jnp.where(keep, 0, dh)
        return (dh, through_c * f + jnp.where(keep, 0, dc)), dz

    d_outputs, dh, dc = gradients
    inputs = (d_outputs, mask, to_c, to_i, to_f, to_g, to_o, f)
    (dh, dc), dz = lax.scan(step, (dh, dc), inputs, reverse=True)
    d_recurrent = before_h.reshape(-1, h.shape[-1]).T @ dz.reshape(-1, dz.shape[-1])
    return dz, None, d_recurrent, dh, dc


lstm.defvjp(_lstm_forward, _lstm_backward)
