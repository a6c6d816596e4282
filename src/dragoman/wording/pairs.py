"""Training pairs as a model reads them (`wording`), at rest on the disk: two files, a sentence a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from ..corpus.pairs import Pair
from ..corpus.store import Side
from . import Wordings

BLOCK = 2**16
"""Sentences that are read at once."""


class WordedPairs:
    """The pairs that `write` wrote into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def write(cls, pairs: Iterable[Pair], wordings: Wordings, folder: Path) -> WordedPairs:
        """Write ``pairs`` into a new ``folder`` by ``wordings``."""
        folder.mkdir(parents=True)
        with (folder / "src").open("w", encoding="utf-8") as srcs, (folder / "trg").open("w", encoding="utf-8") as trgs:
            for pair in pairs:
                src, trg = wordings.pair(pair.src, pair.trg)
                srcs.write(src + "\n")
                trgs.write(trg + "\n")
        return cls(folder)

    def texts(self, side: Side) -> Iterator[str]:
        """Yield the texts of one side in order."""
        with (self._folder / side).open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                yield line.removesuffix("\n")

    def blocks(self, side: Side) -> Iterator[list[str]]:
        """Yield the texts of one side in order, up to `BLOCK` at a time."""
        remaining = self.texts(side)
        while block := list(islice(remaining, BLOCK)):
            yield block
