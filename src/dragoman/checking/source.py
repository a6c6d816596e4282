"""What one source of pairs holds, as values, and how it is counted: a pass over its pairs, in little memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from ..corpus.cleaning import Cleaner
from ..corpus.pairs import Pair
from ..corpus.reader import PairReader
from ..corpus.splitting import normalise
from ..hashing import text_hashes

N_EXAMPLES = 3
"""Of each reason for which pairs are dropped."""
N_SHOWN = 5
"""Pairs that are shown of a source."""
MAX_SAMPLE = 30_000
"""Pairs of a source that are judged, at most, evenly."""
RARE = 3
"""A character that a side has fewer times is rare."""
MAX_LENGTHS = 2_000
"""A text of more characters counts as one of so many in the distribution of lengths."""


@dataclass
class Dropped:
    """How many were dropped, and the first of them, as lines."""

    n: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, n: int, example: str) -> None:
        """Count ``n`` more, and keep the example if there are few."""
        self.n += n
        if len(self.examples) < N_EXAMPLES:
            self.examples.append(example)


@dataclass(frozen=True)
class Side:
    """Of the texts of a side: words (by spaces), characters on average, in the median, of 95 % at most and of the
    longest; different characters, and those that are rare, the rarest first.
    """

    n_words: int
    mean: float
    median: int
    p95: int
    longest: int
    n_characters: int
    rare: str


@dataclass(frozen=True)
class SourceLook:
    """What a source holds.

    Attributes:
        name, how: what it is called, and how it was read.
        languages: as its file or the user names them; "und" where nobody does.
        n_rows: rows, units or messages; n_bad of them are damaged, the first as ``first_bad`` says.
        n_read: pairs; n_pairs: those that are left for training.
        dropped: why others were dropped: by the reader, by the rules of length, by the filter.
        mended: pairs whose encoding was mended.
        is_estimated: whether what the filter does is told by a sample.
        n_shared: pairs that share a sentence with another one; n_near: those that repeat another one but for case,
            spaces and marks.
        is_sorted: whether the sources grow longer from the first to the last.
        src, trg: what the sides are like.
        examples: some pairs that are left.
    """

    name: str
    how: str
    languages: tuple[str, str]
    n_rows: int
    n_bad: int
    first_bad: str | None
    n_read: int
    n_pairs: int
    dropped: dict[str, Dropped]
    mended: int
    is_estimated: bool
    n_shared: int
    n_near: int
    is_sorted: bool
    src: Side
    trg: Side
    examples: tuple[tuple[str, str], ...]


class SideCount:
    """Counts the texts of a side."""

    def __init__(self) -> None:
        self._lengths = np.zeros(MAX_LENGTHS + 1, np.int64)
        self._characters: Counter[str] = Counter()
        self._n_words = self._n_characters = self._longest = 0

    def add(self, texts: list[str]) -> None:
        """Count more texts."""
        self._n_words += sum(text.count(" ") + 1 for text in texts)
        self._characters.update("".join(texts))
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        self._n_characters += int(lengths.sum())
        self._longest = max(self._longest, int(lengths.max(initial=0)))
        self._lengths += np.bincount(np.minimum(lengths, MAX_LENGTHS), minlength=MAX_LENGTHS + 1)

    def side(self) -> Side:
        """Return what was counted."""
        n = int(self._lengths.sum())
        below = np.cumsum(self._lengths)
        rare = sorted((n, character) for character, n in self._characters.items() if n < RARE)
        return Side(
            self._n_words,
            self._n_characters / max(1, n),
            int(np.searchsorted(below, n / 2)),
            int(np.searchsorted(below, 0.95 * n)),
            self._longest,
            len(self._characters),
            "".join(character for _, character in rare[:60]),
        )


class Counted:
    """Reads a source to its end and counts; ``sample`` are some of the pairs that its lengths leave, evenly."""

    def __init__(self, reader: PairReader) -> None:
        self.reader = reader
        self.cleaner = Cleaner()
        self.sides = SideCount(), SideCount()
        self.sample: list[Pair] = []
        hashes: list[list[NDArray[np.uint64]]] = [[], []]
        self._step, number, n_longer, last = 1, 0, 0, 0
        pairs = self.cleaner(reader)
        for block in _blocks(pairs):
            for count, side, which in zip(self.sides, ("src", "trg"), hashes, strict=True):
                texts = [getattr(pair, side) for pair in block]
                count.add(texts)
                which.append(text_hashes(map(normalise, texts)))
            for pair in block:
                n_longer, last = n_longer + (len(pair.src) >= last), len(pair.src)
                if number % self._step == 0:
                    self.sample.append(pair)
                number += 1
            if len(self.sample) > MAX_SAMPLE:
                self.sample, self._step = self.sample[::2], 2 * self._step
        self.n_kept = number
        self.is_sorted = number > 100 and n_longer > 0.9 * number
        src, trg = (np.concatenate(which) if which else np.zeros(0, np.uint64) for which in hashes)
        self.n_shared = int(np.count_nonzero(_is_repeated(src) | _is_repeated(trg)))
        self.n_near = number - len(np.unique(src * np.uint64(0x9E3779B97F4A7C15) ^ trg))

    @property
    def is_sampled(self) -> bool:
        """Whether the sample is not all of them."""
        return self._step > 1


def _is_repeated(hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    _, which, counts = np.unique(hashes, return_inverse=True, return_counts=True)
    return counts[which] > 1


def _blocks(pairs: Iterator[Pair]) -> Iterator[list[Pair]]:
    while block := list(islice(pairs, 8192)):
        yield block
