"""The pairs in a bundle: a tab-separated table with a line of headings, each pair with the place that it came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from ..corpus import open_pairs
from ..corpus.lines import Source, open_gzip, read_lines
from ..corpus.pairs import Origin, Pair
from ..errors import CorpusError
from ..writing import written_beside

HEADINGS = ("source", "target", "attribution", "file", "place", "corpus")
"""A place is what its number counts, and the number: "line 7"."""


def write_pairs(pairs: Iterable[Pair], path: Path) -> int:
    """Write ``pairs`` as the file ``path``, packed by gzip, and return their number."""
    n_pairs = 0
    with written_beside(path) as stream:
        stream.write(_line(HEADINGS))
        for src, trg, (file, number, attribution, counts, corpus) in pairs:
            stream.write(_line((src, trg, attribution, file, f"{counts} {number}", corpus)))
            n_pairs += 1
    return n_pairs


class BundlePairs:
    """The pairs of a file that `write_pairs` wrote, read anew each time that they are iterated over; in bundles of
    format 2 it was a table of pairs without headings.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._source = Source(path.name, partial(open_gzip, path), path=path)

    def __iter__(self) -> Iterator[Pair]:
        first = next((line for _, line in read_lines(self._source)), "")
        if first == "\t".join(HEADINGS):
            return self._pairs()
        return iter(open_pairs(self._path, min_pairs=1))

    def _pairs(self) -> Iterator[Pair]:
        for number, line in islice(read_lines(self._source), 1, None):
            try:
                src, trg, attribution, file, place, corpus = str(line).split("\t")
                counts, _, at = place.rpartition(" ")
                yield Pair(src, trg, Origin(file, int(at), attribution, counts, corpus))
            except ValueError:
                raise CorpusError(f"{self._path}:{number}: the pair is damaged; copy the bundle again") from None


def _line(cells: Iterable[str]) -> bytes:
    # A name of a file may hold anything, and a pair no tab.
    return ("\t".join(" ".join(cell.split("\t")) for cell in cells).replace("\n", " ") + "\n").encode()
