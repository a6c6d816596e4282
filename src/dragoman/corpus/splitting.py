"""Training, dev and test parts that share no sentence, on either side.

Pairs that share a normalised source or a normalised target form one group (a connected component), and a
group goes as a whole into one part. Which part is decided by the smallest hash of its pairs, so it depends on
the seed and on the group alone: new pairs elsewhere change nothing, and new pairs in a group can only make
its hash smaller, which moves it towards test and never from test to train. For the same reason a group of n
pairs has n chances: the parts come out somewhat larger than asked where groups are large.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from ..errors import CorpusError, UsageError
from .pairs import Pair

MAX_GROUP_SHARE = 0.01
# In a small corpus 1 % would be a pair or two, and ordinary groups would count as large.
MIN_LARGE_GROUP = 10

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
    parents = list(range(len(srcs)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = index = parents[parents[index]]
        return index

    for side in (srcs, trgs):
        first: dict[str, int] = {}
        for index, text in enumerate(side):
            a, b = root(first.setdefault(text, index)), root(index)
            # The smaller index becomes the root.
            parents[max(a, b)] = min(a, b)
    return [root(index) for index in range(len(parents))]


def split(pairs: Sequence[Pair], *, seed: int = 0, dev: float = 0.02, test: float = 0.02) -> Split:
    """Split `pairs` into three parts so that no normalised sentence of either side stands in two of them.

    The direction does not matter: swapping source and target of all pairs gives the same split. A group of
    more than 1 % of the pairs, and of more than 10 pairs, goes to the training part with a warning. A share
    of 0 asks for no such part.

    Raises:
        UsageError: `dev` and `test` are not shares that leave something for training.
        CorpusError: a part that was asked for comes out empty.
    """
    if not (dev >= 0 and test >= 0 and dev + test < 1):
        raise UsageError(f"dev and test must be shares from 0, together below 1, not {dev} and {test}")
    srcs, trgs = [normalise(pair.src) for pair in pairs], [normalise(pair.trg) for pair in pairs]
    groups = group(srcs, trgs)
    large = {
        number: n for number, n in Counter(groups).items() if n > max(MAX_GROUP_SHARE * len(pairs), MIN_LARGE_GROUP)
    }
    keys: dict[int, float] = {}
    for number, src, trg in zip(groups, srcs, trgs, strict=True):
        if number not in large:
            keys[number] = min(keys.get(number, 1.0), _key(seed, src, trg))
    result = Split([], [], [], [_large_group_warning(pairs, number, n) for number, n in large.items()])
    for number, pair in zip(groups, pairs, strict=True):
        key = keys.get(number, 1.0)
        part = result.test if key < test else result.dev if key < test + dev else result.train
        part.append(pair)
    _require_parts(result, len(pairs), dev, test)
    return result


def _key(seed: int, src: str, trg: str) -> float:
    # The sides are sorted so that the key does not depend on the direction.
    low, high = sorted((src, trg))
    digest = blake2b(f"{seed}\0{low}\0{high}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def _large_group_warning(pairs: Sequence[Pair], number: int, n: int) -> str:
    return (
        f"{n:,} of {len(pairs):,} pairs hang together by shared sentences and stay in the training part "
        f"(one of them is {pairs[number].src!r}, {pairs[number].origin})"
    )


def _require_parts(result: Split, n_pairs: int, dev: float, test: float) -> None:
    shares = {"train": 1.0 - dev - test, "dev": dev, "test": test}
    for name, part in (("train", result.train), ("dev", result.dev), ("test", result.test)):
        if shares[name] > 0 and not part:
            raise CorpusError(
                f"the {name} part of a split of {n_pairs} pairs is empty "
                "(give more pairs, or ask for other shares of dev and test)"
            )
