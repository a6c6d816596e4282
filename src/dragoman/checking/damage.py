"""Finds damaged pairs: what a corpus of good ones would hardly have, learned from the corpus itself.

A part of the pairs is damaged on purpose, in each of some ways, and it is learned to tell these from the others, by
features that were learned from the rest. So nothing is said of languages in advance, and a corpus that is too small to
learn from, or too mixed, has no pair dropped for what it does not show. What no corpus is needed for (encodings,
numbers, marks) is told by rules; those that many pairs of the corpus break are not its rules.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..corpus.pairs import Pair, evenly
from .damaging import DAMAGED, OTHER_LANGUAGE
from .encoding import is_broken, mended
from .features import Measured
from .foreign import Foreign
from .marks import HAS_DIGIT, MARK, other_marks, other_numbers, repeats, says_again
from .telling import Scale, fitted

MAX_LEARNED_FROM = 60_000
"""Pairs that are looked at, at most."""
LEAST_LEARNED_FROM = 2_000
"""Fewer pairs tell nothing of words."""
SHARE_DAMAGED = 0.15
MAX_DAMAGED = 4_000
"""Pairs that are damaged on purpose."""
SURELY = np.log(15_000.0)
"""How much likelier a pair must be damaged than good, were there as many of both."""
CLEARED = 2.0
"""A pair of the sample that is likelier damaged by so much (log) is not taken for a good one."""
MAX_SHARE = 0.4
"""A rule that a greater share of the pairs that it is about breaks is none of this corpus."""
N_TRIED = 20_000
"""Pairs on which the rules are tried."""
LEAST_ABOUT = 0.02
"""A smaller share of pairs that a rule is about tells nothing of it."""
FOREIGN, STRANGEST, DOUBTFUL = 0.02, 0.2, -1.0
"""The shares of texts that look least like the others of their side: the language is asked of the first, and of the
second where the pair is not surely good otherwise (log).
"""

LEAST_DIFFERENCE = 4.0
"""How much likelier a text that stands on both sides must be on the other one: the root of nats."""

ENCODING = "broken encoding"
NUMBERS = "other numbers"
MARKS = "other markup"
REPEATED = "repeated words"

DAMAGE = (*DAMAGED, ENCODING, NUMBERS, MARKS, REPEATED)
"""All that can be wrong with a pair."""

Floats = NDArray[np.floating]


class Judgement(NamedTuple):
    """What is wrong with a pair, in a few words; and the pair as it should be, if it can be mended."""

    reason: str
    mended: Pair | None = None


class Filter:
    """Judges the pairs of a corpus by what a sample of it has taught; `learned_from` makes one."""

    def __init__(self, sample: Sequence[Pair], src: str, trg: str) -> None:
        pairs = list(evenly(sample, MAX_LEARNED_FROM))
        random.Random(0).shuffle(pairs)  # noqa: S311 - no secret hangs on it
        shares = {rule: _share(rule, pairs[:N_TRIED]) for rule in RULES}
        self._rules = [rule for rule, share in shares.items() if share <= MAX_SHARE]
        self.passed_over = {rule.reason: share for rule, share in shares.items() if share > MAX_SHARE}
        self._foreign = tuple(
            Foreign(code, [getattr(pair, side) for pair in pairs[:1000]]) for code, side in ((src, "src"), (trg, "trg"))
        )
        self._statistics = _Statistics(pairs) if len(pairs) >= LEAST_LEARNED_FROM else None

    @classmethod
    def learned_from(cls, sample: Sequence[Pair], src: str, trg: str) -> Filter:
        """Return a filter for the corpus that ``sample`` is taken from evenly, in the languages ``src`` and ``trg``,
        which may be "und". At most `MAX_LEARNED_FROM` pairs are looked at.
        """
        return cls(sample, src, trg)

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement | None]:
        """Return for each pair what is wrong with it, or None."""
        wholes = list(map(_whole, pairs))
        found = [_encoding(pair, whole) for pair, whole in zip(pairs, wholes, strict=True)]
        worse = {
            place: rule.reason
            for place, (src, trg, _) in enumerate(wholes)
            for rule in self._rules
            if rule.is_broken(src, trg)
        }
        if self._statistics is not None and pairs:
            worse = dict(self._statistics.reasons(wholes, self._foreign)) | worse
        for place, reason in worse.items():
            judgement = found[place]
            if judgement is None or judgement.mended is not None:
                found[place] = Judgement(reason)
        return found


class Rule(NamedTuple):
    """A rule that is no matter of languages: the name of what breaks it, whether two sides do, and whether it is about
    a text at all.
    """

    reason: str
    is_broken: Callable[[str, str], bool]
    is_about: Callable[[str], object]


RULES = (
    Rule(NUMBERS, other_numbers, HAS_DIGIT.search),
    Rule(MARKS, other_marks, MARK.search),
    Rule(REPEATED, repeats, says_again),
)


def _share(rule: Rule, pairs: Sequence[Pair]) -> float:
    """The share of the pairs that ``rule`` is about which break it."""
    about = [pair for pair in pairs if rule.is_about(pair.src) or rule.is_about(pair.trg)]
    return sum(rule.is_broken(pair.src, pair.trg) for pair in about) / max(LEAST_ABOUT * len(pairs), len(about), 1)


def _whole(pair: Pair) -> Pair:
    """The pair, with sides mended that were read in the wrong encoding."""
    if not (is_broken(pair.src) or is_broken(pair.trg)):
        return pair
    return pair._replace(src=mended(pair.src) or pair.src, trg=mended(pair.trg) or pair.trg)


def _encoding(pair: Pair, whole: Pair) -> Judgement | None:
    if is_broken(whole.src) or is_broken(whole.trg):
        return Judgement(ENCODING)
    return Judgement(ENCODING, whole) if whole is not pair else None


class _Statistics:
    """What is learned of damage that does not show by itself."""

    def __init__(self, pairs: list[Pair]) -> None:
        n_damaged = min(MAX_DAMAGED, int(SHARE_DAMAGED * len(pairs)))
        tried, learned = pairs[:n_damaged], pairs[n_damaged:]
        self._measured = Measured([pair.src for pair in learned], [pair.trg for pair in learned])
        features = self._features(tried)
        damaged = {reason: [self._features(make(tried)) for make in makers] for reason, makers in DAMAGED.items()}
        self._reasons = [reason for reason, kinds in damaged.items() for _ in kinds]
        self._scale = Scale.of(np.concatenate([features, *(kinds[0] for kinds in damaged.values())]))
        rows = self._scale(features)
        weights = []
        n_plain = features.shape[1] + 1
        for bad in (self._scale(bad) for kinds in damaged.values() for bad in kinds):
            plain = fitted(rows[:, :n_plain], bad[:, :n_plain])
            weights.append(fitted(rows[rows[:, :n_plain] @ plain < CLEARED], bad))
        self._weights = np.stack(weights, axis=1)
        self._strange = [np.quantile(features[:, column], (FOREIGN, STRANGEST)) for column in Measured.OWN]

    def _features(self, pairs: Sequence[Pair]) -> Floats:
        return self._measured.features([pair.src for pair in pairs], [pair.trg for pair in pairs])

    def reasons(self, pairs: Sequence[Pair], foreign: tuple[Foreign, ...]) -> list[tuple[int, str]]:
        """Return the places of damaged pairs, with what is wrong with them."""
        features = self._features(pairs)
        odds = self._scale(features) @ self._weights
        whole = np.logaddexp.reduce(odds, axis=1)
        # A name or code is rightly the same on both sides. A sentence looks like one of them.
        alike = np.array([pair.src == pair.trg for pair in pairs])
        is_sure = (whole > SURELY) & ~(alike & (features[:, Measured.DIFFERENCES].min(axis=1) > -LEAST_DIFFERENCE))
        sure = np.flatnonzero(is_sure).tolist()
        found = [(at, self._reasons[int(odds[at].argmax())]) for at in sure]
        for column, strange, side, of_side in zip(Measured.OWN, self._strange, ("src", "trg"), foreign, strict=True):
            own = features[:, column]
            is_asked = (own < strange[0]) | (own < strange[1]) & (whole > DOUBTFUL)
            asked = np.flatnonzero(is_asked & ~is_sure).tolist()
            found += [(at, OTHER_LANGUAGE) for at in asked if of_side.is_foreign(getattr(pairs[at], side))]
        return found
