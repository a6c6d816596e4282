"""The pairs that all systems train on, and the test sets on which they are scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dragoman.corpus import open_pairs
from dragoman.corpus.languages import languages_of
from dragoman.corpus.pairs import Pair
from dragoman.corpus.tsv import write_pairs
from dragoman.evaluation import pairs_hash
from dragoman.harder import harder_pairs
from dragoman.neighbours import Neighbours

from ..parts import write_parts

TEST, HARDER = "test", "harder"


@dataclass(frozen=True)
class Material:
    """A ``folder`` with the parts as tab-separated files, the pairs of its ``test`` part, and the test ``sets``: names
    to places in the test part. ``src`` and ``trg`` are the codes of the languages.
    """

    folder: Path
    test: Sequence[Pair]
    sets: dict[str, Sequence[int]]
    src: str
    trg: str

    @property
    def test_hash(self) -> str:
        """What tells the test part from every other."""
        return pairs_hash(self.test)


def prepare(
    data: str, folder: Path, *, seed: int, limit: int | None, reverse: bool, test: Path | None = None
) -> Material:
    """Split ``data`` as ``dragoman train`` does, into files of ``folder``; ``test`` is a file of other test pairs."""
    training = write_parts(data, folder, seed=seed, limit=limit, reverse=reverse)
    if test is not None:
        write_pairs(open_pairs(test, reverse=reverse, min_pairs=1), folder / "test.tsv")
    pairs = list(open_pairs(folder / "test.tsv", min_pairs=1))
    languages = languages_of(data)
    src, trg = reversed(languages) if reverse else languages
    sets: dict[str, Sequence[int]] = {TEST: range(len(pairs)), HARDER: harder_places(pairs, src, training)}
    return Material(
        folder=folder,
        test=pairs,
        sets={name: places for name, places in sets.items() if places},
        src=src,
        trg=trg,
    )


def harder_places(pairs: Sequence[Pair], src: str, training: Sequence[Pair]) -> list[int]:
    """Return the places of the harder of ``pairs``, sources in the language ``src``; all ``training`` is compared."""
    neighbours = Neighbours(training)
    chosen = set(harder_pairs(pairs, src, lambda text: neighbours.nearest(text)[0]))
    return [place for place, pair in enumerate(pairs) if pair in chosen]
