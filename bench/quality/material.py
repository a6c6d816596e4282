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
from dragoman.neighbours import Neighbours

from ..parts import write_parts

TEST, HARD = "test", "hard"
FAR, LONG_IN_WORDS, LONG_IN_CHARACTERS = 0.6, 8, 20


@dataclass(frozen=True)
class Material:
    """A ``folder`` with the parts as tab-separated files, the pairs of its ``test`` part, and the test ``sets``: names
    to places in the test part. ``trg`` is the code of the target language.
    """

    folder: Path
    test: Sequence[Pair]
    sets: dict[str, Sequence[int]]
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
    sets: dict[str, Sequence[int]] = {TEST: range(len(pairs)), HARD: hard_places(pairs, training)}
    return Material(
        folder=folder,
        test=pairs,
        sets={name: places for name, places in sets.items() if places},
        trg=languages_of(data)[0 if reverse else 1],
    )


def hard_places(pairs: Sequence[Pair], training: Sequence[Pair]) -> list[int]:
    """Return the places of the ``pairs`` that have a long source, which none in ``training`` comes near."""
    neighbours = Neighbours(training)
    return [
        place
        for place, pair in enumerate(pairs)
        if is_long(pair.src) and neighbours.nearest(pair.src)[0].similarity < FAR
    ]


def is_long(text: str) -> bool:
    """Whether ``text`` has at least 8 words, or 20 characters where no space stands between words."""
    n_words = len(text.split())
    return n_words >= LONG_IN_WORDS or (n_words == 1 and len(text) >= LONG_IN_CHARACTERS)
