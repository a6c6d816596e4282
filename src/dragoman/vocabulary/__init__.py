"""Text to ids and back. The four reserved ids are fixed here and only here; this room knows nothing of models.

`characters` has the article's vocabularies, `subwords` those of SentencePiece.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

PAD, BOS, EOS, UNK = range(4)
N_RESERVED = 4

FORWARD, BACKWARD = "<forward>", "<backward>"
"""Symbols before the source that tell a model of both directions which one is meant."""


class Vocabulary(Protocol):
    """What turns the texts of one side into ids; encoding any string works."""

    @property
    def size(self) -> int:
        """The number of ids, reserved ones included."""
        ...

    @property
    def id_type(self) -> type[np.integer[Any]]:
        """The type of ids at rest."""
        ...

    def encode(self, text: str) -> list[int]:
        """Return the ids of ``text``, without BOS and EOS."""
        ...

    def encode_many(self, texts: Sequence[str]) -> tuple[NDArray[np.integer[Any]], NDArray[np.int64]]:
        """Return the ids of all ``texts``, one after the other (of the type `id_type`), and the number of each's
        (n,) int64: `encode` for many.
        """
        ...

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of ``ids``; reserved ids have none."""
        ...

    def is_foreign(self, character: str) -> bool:
        """Tell whether ``character`` has so little to do with the training texts that `encode` spells it in bytes."""
        ...

    def tokens(self, ids: Iterable[int]) -> list[str]:
        """Return what each of ``ids`` stands for, for people to read."""
        ...

    def unknown(self, text: str) -> tuple[str, ...]:
        """Return the distinct characters of ``text`` that `encode` can only give `UNK`, in order of appearance."""
        ...


def smallest_id_type(size: int) -> type[np.integer[Any]]:
    """Return the smallest of uint8, uint16 and int32 that holds ``size`` ids."""
    return np.uint8 if size <= 2**8 else np.uint16 if size <= 2**16 else np.int32
