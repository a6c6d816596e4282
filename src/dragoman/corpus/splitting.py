"""Training, dev and test parts that share no sentence, on either side.

Pairs that share a normalised source or a normalised target form one group (a connected component), and a
group goes as a whole into one part. Which part is decided by the smallest hash of its pairs, so it depends on
the seed and on the group alone: new pairs elsewhere change nothing, and new pairs in a group can only make
its hash smaller, which moves it towards test and never from test to train. For the same reason a group of n
pairs has n chances: the parts come out somewhat larger than asked where groups are large.

In a small corpus, or in one that was split by the same hashes before, a part may come out empty or far below its share.
It then also gets the groups with the next smallest hashes, until it has its share, and a warning says so: of these
parts it is not promised that pairs which are added later leave them where they are. Where several corpora are split
together, each has its own share of each part, and a small one has more than its share, up to a tenth: a few pairs
would tell nothing of it.

The work is done on arrays of 64-bit hashes of normalised sides, so that ten million pairs need no text in memory. Two
sentences of one hash count as one: among ten million that happens in one corpus of 370,000, and only joins two groups.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import CorpusError, UsageError
from ..hashing import mix, seed_hash, text_hashes
from .pairs import Pair

PARTS = ("train", "dev", "test")
"""The parts of a split; in arrays a part is its place here."""

MAX_GROUP_SHARE = 0.01
# In a small corpus 1 % would be a pair or two, and ordinary groups would count as large.
MIN_LARGE_GROUP = 10
LEAST_OF_SEVERAL, MOST_OF_SEVERAL = 100, 0.1
"""Of several corpora each has at least so many pairs in a part, unless they are more than this share of it."""

# What is not a letter or digit: `\w` is `str.isalnum` or the underscore.
_NOT_ALNUM = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Split:
    """The three parts, each in the order of the input, and what the user should know about them."""

    train: list[Pair]
    dev: list[Pair]
    test: list[Pair]
    warnings: list[str] = field(default_factory=list)


def normalise(text: str) -> str:
    """Return what makes two sentences the same for a split: NFC, case-folded, letters and digits only.

    A text without letters and digits is itself, case-folded, so that "?" and "!" stay two sentences.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    return _NOT_ALNUM.sub("", folded) or folded


def group(srcs: Sequence[str], trgs: Sequence[str]) -> list[int]:
    """Return for each pair of normalised sides its group, named by the index of the group's first pair."""
    groups: list[int] = components(text_hashes(srcs), text_hashes(trgs)).tolist()
    return groups


def components(src_hashes: NDArray[np.uint64], trg_hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return for each pair the first pair that hangs together with it by shared sides, (n,) int64.

    Labels of neighbours are lowered to the smallest among them and then followed to their end (pointer jumping), which
    joins a chain of n pairs in about log n rounds (Shiloach and Vishkin, *An O(log n) parallel connectivity algorithm*,
    1982).
    """
    labels = np.arange(len(src_hashes))
    src, trg = _shared(src_hashes), _shared(trg_hashes)
    while _lower(labels, *src) | _lower(labels, *trg):
        pass
    return labels


def _shared(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows whose hash another row has too, ordered by hash, and where each hash begins among them."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    same = ordered[1:] == ordered[:-1]
    as_before, as_after = np.append(False, same)[: len(order)], np.append(same, False)[: len(order)]
    shared = as_before | as_after
    return order[shared], np.flatnonzero(~as_before[shared])


def _lower(labels: NDArray[np.int64], rows: NDArray[np.int64], starts: NDArray[np.int64]) -> bool:
    """Join, in place, the groups of rows that share a hash; tell whether any were apart. A label leads to its root."""
    if not len(rows):
        return False
    roots = labels[rows]
    lowest = np.repeat(np.minimum.reduceat(roots, starts), np.diff(starts, append=len(rows)))
    apart = lowest < roots
    np.minimum.at(labels, roots[apart], lowest[apart])
    while not np.array_equal(further := labels[labels], labels):
        labels[:] = further
    return bool(apart.any())


class Filled(NamedTuple):
    """A part of a corpus that its hashes left too small: the pairs that it had, and has now."""

    part: str
    corpus: int
    n_before: int
    n: int


class Assigned(NamedTuple):
    """``parts`` (n,) int8: the part of each pair; ``large``: the first pair and the size of each group that was too
    large to be held out; ``filled``: the parts that were filled up.
    """

    parts: NDArray[np.int8]
    large: list[tuple[int, int]]
    filled: list[Filled]

    def filled_warnings(self, names: Sequence[str] = ()) -> list[str]:
        """Return what to say of the parts that were filled up; ``names`` are those of the corpora, if several."""
        return [
            f"the {part} part{f' of {names[corpus]}' if names else ''} came out with {n_before:,} pairs and "
            f"was filled up to {n:,}; adding pairs later may change it"
            for part, corpus, n_before, n in self.filled
        ]


def assign_parts(
    src_hashes: NDArray[np.uint64],
    trg_hashes: NDArray[np.uint64],
    *,
    seed: int,
    dev: float,
    test: float,
    learned: NDArray[np.bool_] | None = None,
    corpora: NDArray[np.int32] | None = None,
) -> Assigned:
    """Return the part of each pair of normalised sides, which are given by their hashes (n,) uint64.

    A group of more than 1 % of the pairs, and of more than 10 pairs, goes to the training part, and so does a group
    that holds one of the pairs that are ``learned`` (n,) already; where some are, a part may come out empty.
    ``corpora`` (n,) number the corpora that the pairs belong to. The errors are those of `split`.
    """
    check_shares(dev, test)
    n_pairs = len(src_hashes)
    groups = components(src_hashes, trg_hashes)
    sizes = np.bincount(groups, minlength=n_pairs)
    large = np.flatnonzero(sizes > max(MAX_GROUP_SHARE * n_pairs, MIN_LARGE_GROUP))
    large_groups = list(zip(large.tolist(), sizes[large].tolist(), strict=True))
    del sizes  # ten million pairs fill 80 MB with each such array
    keys = np.full(n_pairs, np.iinfo(np.uint64).max, np.uint64)
    np.minimum.at(keys, groups, _keys(seed, src_hashes, trg_hashes))
    parts = np.full(n_pairs, PARTS.index("train"), np.int8)
    parts[keys < np.float64(2**64) * (test + dev)] = PARTS.index("dev")
    parts[keys < np.float64(2**64) * test] = PARTS.index("test")
    is_free = np.ones(n_pairs, np.bool_)
    is_free[large] = False
    if learned is not None:
        is_free[groups[learned]] = False
    parts[~is_free] = PARTS.index("train")
    parts, is_free = parts[groups], is_free[groups]
    filled = []
    numbers = [0] if corpora is None else np.unique(corpora).tolist()
    for corpus in numbers:
        candidates = is_free if corpora is None else is_free & (corpora == corpus)
        n_all = int(np.count_nonzero(candidates))
        for name, share in (("test", test), ("dev", dev)):
            n = int(np.count_nonzero(candidates & (parts == PARTS.index(name))))
            n_due = _n_due(n_all, share, is_one=len(numbers) == 1)
            if 2 * n < n_due:
                _fill(parts, PARTS.index(name), n_due - n, groups, keys, candidates)
                n_now = int(np.count_nonzero(candidates & (parts == PARTS.index(name))))
                filled.append(Filled(name, corpus, n, n_now))
    if learned is None:
        _require_parts(parts, dev, test, groups)
    return Assigned(parts, large_groups, filled)


def _n_due(n: int, share: float, *, is_one: bool) -> int:
    """The pairs that a part of this ``share`` should have of the ``n`` of a corpus, which may be one of several."""
    if not (share and n):
        return 0
    least = 1 if is_one else min(LEAST_OF_SEVERAL, round(MOST_OF_SEVERAL * n))
    return max(1, round(share * n), least)


def _fill(
    parts: NDArray[np.int8],
    part: int,
    n_missing: int,
    groups: NDArray[np.int64],
    keys: NDArray[np.uint64],
    is_free: NDArray[np.bool_],
) -> None:
    """Move, in place, up to ``n_missing`` pairs of the training part into ``part``: the groups with the smallest
    ``keys`` of which all pairs are ``is_free`` and fit. Where none fits and the part is empty, it gets the smallest.
    """
    sizes = np.bincount(groups, minlength=len(groups))
    n_free = np.bincount(groups[is_free], minlength=len(groups))
    is_first = groups == np.arange(len(groups))
    firsts = np.flatnonzero(is_first & (n_free == sizes) & (parts == PARTS.index("train")))
    firsts = firsts[np.argsort(keys[firsts], kind="stable")]
    sizes = sizes[firsts]
    taken = []
    for first, size in zip(firsts.tolist(), sizes.tolist(), strict=True):
        if size <= n_missing:
            taken.append(first)
            n_missing -= size
        if not n_missing:
            break
    if not taken and len(firsts) and part not in parts:
        taken = [firsts[np.argmin(sizes)]]
    parts[np.isin(groups, taken)] = part


def _keys(seed: int, src_hashes: NDArray[np.uint64], trg_hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    # The smaller hash comes first, so that the key does not depend on the direction.
    low, high = np.minimum(src_hashes, trg_hashes), np.maximum(src_hashes, trg_hashes)
    return mix(mix(low ^ seed_hash(seed)) ^ high)


def split(pairs: Sequence[Pair], *, seed: int = 0, dev: float = 0.02, test: float = 0.02) -> Split:
    """Split `pairs` into three parts so that no normalised sentence of either side stands in two of them.

    The direction does not matter: swapping source and target of all pairs gives the same split. A group of
    more than 1 % of the pairs, and of more than 10 pairs, goes to the training part with a warning. A share
    of 0 asks for no such part. A part that is filled up, because its hashes left it too small, has a warning too.

    Raises:
        UsageError: `dev` and `test` are not shares that leave something for training.
        CorpusError: a part that was asked for comes out empty.
    """
    srcs = text_hashes(normalise(pair.src) for pair in pairs)
    trgs = text_hashes(normalise(pair.trg) for pair in pairs)
    assigned = assign_parts(srcs, trgs, seed=seed, dev=dev, test=test)
    warnings = [large_group_warning(pairs[first], n, len(pairs)) for first, n in assigned.large]
    result = Split([], [], [], warnings + assigned.filled_warnings())
    for part, pair in zip(assigned.parts.tolist(), pairs, strict=True):
        getattr(result, PARTS[part]).append(pair)
    return result


def check_shares(dev: float, test: float) -> None:
    """Raise a `UsageError` for shares that leave nothing for training."""
    if not (dev >= 0 and test >= 0 and dev + test < 1):
        raise UsageError(f"dev and test must be shares from 0, together below 1, not {dev} and {test}")


def large_group_warning(pair: Pair, n: int, n_pairs: int) -> str:
    """Return what to say of a group of ``n`` pairs that was too large to be held out; ``pair`` is one of them."""
    return (
        f"{n:,} of {n_pairs:,} pairs hang together by shared sentences and stay in the training part "
        f"(one of them is {pair.src!r}, {pair.origin})"
    )


def _require_parts(parts: NDArray[np.int8], dev: float, test: float, groups: NDArray[np.int64]) -> None:
    shares: Mapping[str, float] = {"train": 1.0 - dev - test, "dev": dev, "test": test}
    found = np.bincount(parts, minlength=len(PARTS))
    for name, n in zip(PARTS, found, strict=True):
        if shares[name] > 0 and not n:
            raise CorpusError(
                f"the {name} part of a split of {len(parts):,} pairs is empty: pairs that share a sentence stay "
                f"together, and these pairs are only {len(np.unique(groups)):,} groups (add pairs of other sentences)"
            )
