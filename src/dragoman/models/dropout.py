"""Dropout whose random numbers cost next to nothing on a CPU.

Keras draws them on JAX with Threefry, which took a third of a training step. A hash of the place and a seed is as good
for the purpose, and XLA computes it inside the loop that uses it. On other backends this is the stock layer.
"""

from __future__ import annotations

from typing import Any

import keras

Tensor = Any


class Dropout(keras.layers.Dropout):  # type: ignore[misc]
    """Keras's Dropout with the same seed generator, by a hash on JAX."""

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Return ``inputs`` with the share ``rate`` set to zero and the rest scaled up, while ``training``."""
        if not training or not self.rate or keras.backend.backend() != "jax":
            return super().call(inputs, training=training)
        return _dropped(inputs, self.rate, self.seed_generator.next(ordered=False))


def _dropped(inputs: Tensor, rate: float, seed: Tensor) -> Tensor:
    import jax.numpy as jnp
    from jax import lax

    one, other = seed.astype(jnp.uint32)
    places = lax.iota(jnp.uint32, inputs.size).reshape(inputs.shape)
    # The constants are those of the "lowbias32" mixer of Chris Wellons's hash-prospector.
    bits = places * jnp.uint32(0x9E3779B9) + one
    bits = (bits ^ (bits >> 16)) * jnp.uint32(0x7FEB352D)
    bits = ((bits ^ (bits >> 15)) + other) * jnp.uint32(0x846CA68B)
    bits = bits ^ (bits >> 16)
    kept = bits >= jnp.uint32(int(rate * 2**32))
    return jnp.where(kept, inputs * jnp.asarray(1.0 / (1.0 - rate), inputs.dtype), jnp.zeros((), inputs.dtype))
