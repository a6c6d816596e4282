"""Keras models, by name. Importing this room imports Keras; it chooses JAX as its backend unless ``KERAS_BACKEND`` is
set.
"""

from __future__ import annotations

import os

from ..errors import MissingPackageError

os.environ.setdefault("KERAS_BACKEND", "jax")

try:
    import keras as keras
except ImportError as error:
    raise MissingPackageError(
        f"training needs Keras and a backend, and {error.name!r} is not installed: pip install 'dragoman[train]'"
    ) from error

from . import char_lstm

MODELS = {"char-lstm": char_lstm}
"""Each module has ``build(config, src_vocabulary, trg_vocabulary, ...)``, ``to_engine(model)`` and ``from_engine(model,
weights)``.
"""
