"""The characters of a corpus as the article has them: an id and a column for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ..errors import BundleError
from . import BOS, EOS, N_RESERVED, UNK, smallest_id_type

START_CHARACTER = "\t"
END_CHARACTER = "\n"

N_CODE_POINTS = 0x110000
BLOCK = 8192
"""Texts that are looked at together."""


class CharVocabulary:
    """The characters of one side of a corpus.

    An id is a reserved one or 4 plus the place of a character among ``characters``, which are sorted and
    distinct. In the article's arrays a character is a *column*: the place among the sorted distinct
    characters, which on the target side (``marks=True``) hold the start ``"\\t"`` and the end ``"\\n"``.
    `columns` leads from ids to them.
    """

    def __init__(self, characters: Sequence[str], *, marks: bool) -> None:
        bad = [c for c in characters if len(c) != 1 or c in (START_CHARACTER, END_CHARACTER)]
        if bad or list(characters) != sorted(set(characters)) or not characters:
            what = repr(bad[0]) if bad else f"{len(characters)} entries"
            raise BundleError(f"a vocabulary holds sorted, distinct, single characters, not {what}")
        self.characters = tuple(characters)
        self.marks = marks
        self._ids = {character: N_RESERVED + i for i, character in enumerate(self.characters)}
        named = {**self._ids, **({START_CHARACTER: BOS, END_CHARACTER: EOS} if marks else {})}
        self.column_characters = tuple(sorted(named))
        self.column_ids: NDArray[np.int64] = np.array([named[c] for c in self.column_characters], np.int64)
        """(n_columns,) int64: the id of each column."""
        self.columns: NDArray[np.int64] = np.full(self.size, -1, np.int64)
        """(size,) int64: the column of each id, -1 for an id whose row in the arrays is all zero."""
        self.columns[self.column_ids] = np.arange(self.n_columns)

    @classmethod
    def from_texts(cls, texts: Iterable[str], *, marks: bool) -> Self:
        """Return the vocabulary of all characters in ``texts``; ``marks`` for a target side."""
        seen = np.zeros(N_CODE_POINTS, np.bool_)
        remaining = iter(texts)
        while block := list(islice(remaining, BLOCK)):
            seen[_code_points(block)] = True
        characters = {chr(code) for code in np.flatnonzero(seen)}
        return cls(sorted(characters - {START_CHARACTER, END_CHARACTER}), marks=marks)

    @property
    def size(self) -> int:
        """The number of ids, reserved ones included."""
        return N_RESERVED + len(self.characters)

    @property
    def id_type(self) -> type[np.integer[Any]]:
        """The smallest of uint8, uint16 and int32 that holds the ids."""
        return smallest_id_type(self.size)

    @property
    def n_columns(self) -> int:
        """The number of columns of a one-hot row."""
        return len(self.column_characters)

    def encode(self, text: str) -> list[int]:
        """Return one id for each character of ``text``; a character that is not in the vocabulary is `UNK`."""
        ids = self._ids
        return [ids.get(character, UNK) for character in text]

    def encode_many(self, texts: Sequence[str]) -> tuple[NDArray[np.integer[Any]], NDArray[np.int64]]:
        """Return the ids of all ``texts``, one after the other (of the type `id_type`), and the number of each's
        (n,) int64: `encode` for many.
        """
        codes = np.minimum(_code_points(texts), len(self._id_of_code) - 1)
        return self._id_of_code[codes], np.fromiter(map(len, texts), np.int64, len(texts))

    @cached_property
    def _id_of_code(self) -> NDArray[np.integer[Any]]:
        """(highest code point of a character + 2,): the id of each; the last stands for all beyond."""
        codes = _code_points(self.characters)
        table = np.full(int(codes[-1]) + 2, UNK, self.id_type)
        table[codes] = np.arange(N_RESERVED, self.size)
        return table

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of ``ids``; reserved ids have none."""
        return "".join(self.characters[i - N_RESERVED] for i in ids if i >= N_RESERVED)

    def is_foreign(self, character: str) -> bool:
        """Return False: nothing is spelled in bytes; what is unknown is passed over."""
        return False

    def tokens(self, ids: Iterable[int]) -> list[str]:
        """Return the character of each of ``ids``; reserved ids have none."""
        return [self.decode([i]) for i in ids]

    def unknown(self, text: str) -> tuple[str, ...]:
        """Return the distinct characters of ``text`` that are not in the vocabulary, in order of appearance."""
        return tuple(dict.fromkeys(character for character in text if character not in self._ids))

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` reads."""
        return {"type": "characters", "marks": self.marks, "characters": "".join(self.characters)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the vocabulary that ``to_json`` described; anything else is a `BundleError`."""
        characters, marks = values.get("characters"), values.get("marks")
        if values.get("type") != "characters" or not isinstance(characters, str) or not isinstance(marks, bool):
            raise BundleError("a vocabulary needs type 'characters', a string 'characters' and a truth value 'marks'")
        return cls(characters, marks=marks)


def _code_points(texts: Sequence[str]) -> NDArray[np.uint32]:
    """The code points of all characters of ``texts``."""
    return np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint32, copy=False)


def character_vocabularies(srcs: Iterable[str], trgs: Iterable[str]) -> tuple[CharVocabulary, CharVocabulary]:
    """Return the source and the target vocabulary of a training corpus, as the article makes them."""
    return CharVocabulary.from_texts(srcs, marks=False), CharVocabulary.from_texts(trgs, marks=True)
