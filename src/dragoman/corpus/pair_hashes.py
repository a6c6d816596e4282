"""The hashes of the pairs of a corpus, on the disk while it is prepared: by them pairs are known that come again."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from .store import mapped


class PairHashes:
    """Columns of hashes that grow on the disk; their files are gone when the context ends."""

    def __init__(self, folder: Path) -> None:
        self._paths = {name: folder / f"{name}.hashes" for name in ("pair", "src", "trg")}
        self._files = {name: path.open("wb") for name, path in self._paths.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name, path in self._paths.items():
            self._files[name].close()
            path.unlink()

    def add(self, *hashes: NDArray[np.uint64]) -> None:
        """Append hashes (n,) of both sides as they are, of the normalised source, of the normalised target."""
        for file, column in zip(self._files.values(), hashes, strict=True):
            file.write(column.astype("<u8", copy=False).tobytes())

    def column(self, name: str) -> NDArray[np.uint64]:
        """Return the hashes (n,) so far of "pair", "src" or "trg"."""
        self._files[name].flush()
        return mapped(self._paths[name], np.uint64)


def firsts(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The rows whose hash no earlier row has, ascending, (n,) int64."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    again = order[1:][ordered[1:] == ordered[:-1]]
    del order, ordered
    first = np.ones(len(hashes), np.bool_)
    first[again] = False
    return np.flatnonzero(first)
