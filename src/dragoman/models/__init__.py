"""Keras models, by name. Importing this room imports Keras; it chooses JAX as its backend unless ``KERAS_BACKEND`` is
set, and lets JAX keep what it compiles in the user's cache, unless ``JAX_COMPILATION_CACHE_DIR`` says where.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from platformdirs import user_cache_path

from ..errors import MissingPackageError

os.environ.setdefault("KERAS_BACKEND", "jax")
if "JAX_COMPILATION_CACHE_DIR" not in os.environ:
    os.environ["JAX_COMPILATION_CACHE_DIR"] = str(user_cache_path("dragoman") / "compiled")
    # The next training finds every program that took a tenth of a second; the oldest make room for new ones. A folder
    # with a limit cannot be shared with programs that set none: JAX would miss its notes of their files.
    os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0.1")
    os.environ.setdefault("JAX_COMPILATION_CACHE_MAX_SIZE", str(512 * 2**20))

try:
    import keras as keras
except ImportError as error:
    raise MissingPackageError(
        f"training needs Keras and a backend, and {error.name!r} is not installed", "dragoman[train]"
    ) from error

from . import char_lstm, from_ids, transformer

MODELS = {"char-lstm": char_lstm, "transformer": transformer}
"""Each module has ``build(config, src_vocabulary, trg_vocabulary, ...)``, ``to_engine(model)`` and ``from_engine(model,
weights)``.
"""
TRAINED: dict[str, Callable[[Any], Any]] = {"char-lstm": from_ids.FromIds, "transformer": lambda model: model}
"""What makes of a built model the Keras model that is fitted from ids."""
