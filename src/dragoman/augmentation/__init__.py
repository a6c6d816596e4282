"""Further training pairs, made from those that are there: what a corpus of sentences does not teach by itself.

Words and phrases, text without a final mark, long texts, careless writing, what must not change. Knows of text only; a
kind has a file.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import islice

from ..corpus.pairs import Pair, evenly
from ..lexicon import Lexicon
from .bare import bare
from .bitext import Bitext
from .joined import joined
from .noise import noisy
from .phrases import phrase_pairs
from .slotted import slotted
from .words import word_translations

MAX_ALIGNED = 150_000
"""Pairs that words and phrases are cut from, at most."""
MAX_PAIRS = 200_000
"""Pairs that other kinds are made from, at most."""
SHARE_WORDS, SHARE_PHRASES = 0.08, 0.06
"""Words and phrases, at most, as shares of the pairs."""
SHARE_BARE = 0.1
"""The share of the pairs that come once more without their final marks."""
SHARE_JOINED = 0.12
"""The share of the pairs that come once more beside others, as one text; some three to a text."""
SHARE_NOISY = 0.05
"""The share of the pairs that come once more with careless sources."""
MOST_SLOTTED = 0.2
"""The pairs that come once more with slots, at most, as a share of the pairs."""


def further_pairs(
    pairs: Sequence[Pair], seed: int, lexicon: Lexicon | None, worded: Callable[[Pair], Pair] = lambda pair: pair
) -> list[Pair]:
    """Return pairs to train on beside ``pairs``: words and phrases that translate each other, and sentences without
    their final marks, joined to longer texts, with careless sources, and with slots.

    A function of its arguments: ``lexicon`` has the words of the sources (None: the model knows no slots), and
    ``worded`` makes of each pair what a model reads. They are less than 55 % of the pairs in number.
    """
    if not len(pairs):
        return []
    some = list(evenly(pairs, MAX_PAIRS))
    chance = random.Random(seed)  # noqa: S311 - no secret
    units = _words_and_phrases(pairs, len(some))
    further = [
        *units,
        *bare(some, SHARE_BARE, chance),
        *joined(pairs, some, SHARE_JOINED, chance),
        *noisy(some, SHARE_NOISY, chance),
    ]
    if lexicon is None:
        return list(map(worded, further))
    words = {pair.src: pair.trg for pair in units if " " not in pair.src and " " not in pair.trg}
    with_slots = slotted(map(worded, some), words, lexicon, chance)
    return [*map(worded, further), *islice(with_slots, int(MOST_SLOTTED * len(some)))]


def _words_and_phrases(pairs: Sequence[Pair], n_pairs: int) -> list[Pair]:
    """Return words, then phrases with their translations, of either the most frequent first and as many as their share
    of ``n_pairs`` allows; words that are less likely come last.
    """
    bitext = Bitext.of(evenly(pairs, MAX_ALIGNED))
    found = [(phrase.src, phrase.trg) for phrase in phrase_pairs(bitext)]
    words = [both for both in found if " " not in both[0]] + word_translations(bitext, {src for src, _ in found})
    phrases = [both for both in found if " " in both[0]]
    chosen = words[: int(SHARE_WORDS * n_pairs)] + phrases[: int(SHARE_PHRASES * n_pairs)]
    return [Pair(src, trg, pairs[0].origin) for src, trg in chosen]
