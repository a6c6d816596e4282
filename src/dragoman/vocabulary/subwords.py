"""Subwords of SentencePiece: frequent words have a piece, rare ones several, and what was never seen is spelled in
bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain, takewhile
from threading import Lock
from typing import Any, Self

import numpy as np
import sentencepiece
from numpy.typing import NDArray

from ..errors import BundleError
from . import UNK, smallest_id_type
from .sentencepiece_model import SPACE_MARK, STAND_IN, open_model, plain, surfaces
from .subword_training import train_model

ALPHA = 0.1
"""How sampled segmentations are spread: the exponent of a unigram segmentation's probability, of which 1 takes it as
it is and 0 takes all as equals; for byte pairs, the share of merges that are left out."""
ALL_SEGMENTATIONS = -1
N_SEEDS = 2**32 - 1
"""Seeds of SentencePiece's generator; to the last number of 32 bits it takes a random one."""

_SEEDING = Lock()


class SubwordVocabulary:
    """The pieces of a SentencePiece model; no text has an `UNK`.

    ``decode(encode(text))`` is ``text`` in NFC, every space and control character included; lone surrogates, which are
    no characters, come back as U+FFFD. Threads may share a vocabulary.
    """

    def __init__(self, model: bytes) -> None:
        self.model = model
        self._processor = open_model(model)
        self._surfaces = surfaces(self._processor)
        ids = {self._processor.id_to_piece(i): i for i in range(self.size) if self._processor.is_byte(i)}
        self._byte_ids = frozenset(ids.values())
        self._stand_in, self._space_mark = (
            [ids[f"<0x{byte:02X}>"] for byte in character.encode()] for character in (STAND_IN, SPACE_MARK)
        )

    @classmethod
    def train(
        cls,
        texts: Iterable[str],
        *,
        size: int | None = None,
        kind: str = "unigram",
        symbols: Sequence[str] = (),
        whole: Sequence[str] = (),
    ) -> Self:
        """Return a vocabulary learned from ``texts``: those of one side, or of both for a joint one.

        It has ``size`` ids, reserved ones included, or fewer if the texts have no more pieces in them; None is
        `suitable_size`. ``kind`` is ``"unigram"`` or ``"bpe"``. ``symbols`` have ids of their own and never come out of
        a text. The characters that stay ``whole`` have one too, beside the ``size``, and stand in no other piece.
        `train_model` says which texts are learned from.
        """
        return cls(train_model(texts, size=size, kind=kind, symbols=symbols, whole=whole))

    def __reduce__(self) -> tuple[type[Self], tuple[bytes]]:
        return type(self), (self.model,)

    @property
    def size(self) -> int:
        """The number of ids, reserved ones included."""
        return int(self._processor.get_piece_size())

    @property
    def id_type(self) -> type[np.integer[Any]]:
        """The smallest of uint8, uint16 and int32 that holds the ids."""
        return smallest_id_type(self.size)

    def symbol(self, name: str) -> int:
        """Return the id of the symbol ``name``; a `BundleError` where there is none."""
        found = int(self._processor.piece_to_id(name))
        if found <= UNK or not self._processor.is_control(found):
            raise BundleError(f"the vocabulary has no symbol {name!r}; train the model again")
        return found

    def encode(self, text: str) -> list[int]:
        """Return the ids of ``text``, without BOS and EOS."""
        text = plain(text)
        ids: list[int] = self._processor.encode(text.replace(SPACE_MARK, STAND_IN))
        return self._with_space_marks(ids, text) if SPACE_MARK in text else ids

    def encode_many(self, texts: Sequence[str]) -> tuple[NDArray[np.integer[Any]], NDArray[np.int64]]:
        """Return the ids of all ``texts``, one after the other (of the type `id_type`), and the number of each's
        (n,) int64: `encode` for many.
        """
        rows = self._rows(list(map(plain, texts)))
        lengths = np.fromiter(map(len, rows), np.int64, len(rows))
        return np.fromiter(chain.from_iterable(rows), self.id_type, int(lengths.sum())), lengths

    def sampled(self, ids: Sequence[Sequence[int]], seed: int) -> list[list[int]]:
        """Return the texts of ``ids`` cut into pieces in other ways, drawn anew for each: a function of ``ids`` and
        ``seed``, any whole number.

        What is reserved and symbols stay where they stand before and after a text. See Kudo, *Subword regularization*
        (2018), and Provilkov et al., *BPE-dropout* (2020).
        """
        texts = [self.decode(row) for row in ids]
        with _SEEDING:
            # SentencePiece seeds a generator once a thread, when it is first used there. Of the thread that a batch
            # gets for itself, this is the first use; two threads would share the batch as they come.
            sentencepiece.set_random_generator_seed(seed % N_SEEDS)
            rows = self._rows(texts, enable_sampling=True, nbest_size=ALL_SEGMENTATIONS, alpha=ALPHA)
        return [self._between_marks(row, new) for row, new in zip(ids, rows, strict=True)]

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of ``ids``; reserved ids, symbols and bytes that make no whole character have none."""
        surfaces = self._surfaces
        return b"".join([surfaces[i] for i in ids]).decode("utf-8", "ignore").removeprefix(" ")

    def is_foreign(self, character: str) -> bool:
        """Tell whether no piece holds ``character``, so that it is spelled in bytes."""
        return character not in self._spelled and not character.isspace()

    @cached_property
    def _spelled(self) -> frozenset[str]:
        """The characters of all pieces but bytes, composed and not."""
        composed = b"".join(s for i, s in enumerate(self._surfaces) if i not in self._byte_ids).decode()
        return frozenset(composed + unicodedata.normalize("NFD", composed))

    def tokens(self, ids: Iterable[int]) -> list[str]:
        """Return the piece of each of ``ids``, with "▁" for a space and "<0xE2>" for a byte."""
        return list(map(self._processor.id_to_piece, map(int, ids)))

    def unknown(self, text: str) -> tuple[str, ...]:
        """Return nothing: each character has a piece or bytes."""
        return ()

    def _rows(self, texts: list[str], **sampling: Any) -> list[list[int]]:
        stood_in = [text.replace(SPACE_MARK, STAND_IN) for text in texts]
        rows: list[list[int]] = self._processor.encode(stood_in, num_threads=1, **sampling)
        for i, text in enumerate(texts):
            if SPACE_MARK in text:
                rows[i] = self._with_space_marks(rows[i], text)
        return rows

    def _with_space_marks(self, ids: list[int], text: str) -> list[int]:
        """Return the ``ids`` of a text in which `STAND_IN` stands for U+2581, with the bytes of what ``text`` has."""
        spellings = {SPACE_MARK: self._space_mark, STAND_IN: self._stand_in}
        remaining = (spellings[character] for character in text if character in spellings)
        spelled: list[int] = []
        place = 0
        while place < len(ids):
            if ids[place : place + len(self._stand_in)] == self._stand_in:
                spelled += next(remaining)
                place += len(self._stand_in)
            else:
                spelled.append(ids[place])
                place += 1
        return spelled

    def _between_marks(self, row: Sequence[int], new: list[int]) -> list[int]:
        """Put ``new`` ids in the place of those of ``row`` that have text."""
        before = list(takewhile(self._is_silent, row))
        after = list(takewhile(self._is_silent, reversed(row[len(before) :])))
        return [*before, *new, *reversed(after)]

    def _is_silent(self, i: int) -> bool:
        return not self._surfaces[i]
