"""Which words translate each other: learned from sentence pairs alone, in seconds.

IBM model 1 (Brown et al., 1993) in both directions, where words at like places are likelier to belong together (Dyer et
al., 2013). Knows of words only, neither of vocabularies nor of models.

`P` are all pairs of a source token and a target token that stand in one sentence pair, with repetition, `D` the
different ones of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .corpus.pairs import Pair, evenly

MAX_PAIRS = 150_000
"""Sentence pairs that are learned from, at most."""
MAX_TOKENS = 40
"""A sentence with more of them is passed over: the work for a pair is the product of its lengths."""
N_ITERATIONS = 6
NEARNESS = 4.0
"""How much less likely a pair of words becomes by the distance of their places, each 0 to 1 in its sentence."""
RARITY = 0.5
"""Expected occurrences that are taken from each word's translations: a word seen once can be anything."""
LEAST_LIKELY, LEAST_OFTEN = 0.3, 1.5
"""Of a translation: the geometric mean of its probabilities in both directions, and how often it is expected to have
been seen.
"""
LEAST_SURE = 0.5
"""The probability, in both directions, that a word in its sentence translates another; more than half for there to be
one only.
"""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# With the vowels that are written as marks: Hebrew, Arabic, the scripts of India.
LETTER = (
    r"(?:[^\W\d_]|[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670]"
    r"|(?!\d|[\u0964\u0965\u0970])[\u0900-\u0dff])"
)
WORD = re.compile(rf"{LETTER}+(?:['’-]{LETTER}+)*")


class WordPair(NamedTuple):
    """A word and its likeliest translation, with the geometric mean of the probabilities in both directions."""

    src: str
    trg: str
    likelihood: float


class Tokens(NamedTuple):
    """The tokens (n,) of sentences as numbers from 0, one sentence after the other, and the number of each's."""

    ids: Ints
    lengths: Ints


class Links(NamedTuple):
    """Places (n,) in the corpus of source and target tokens that translate each other, each token once at most, in the
    order of the source.
    """

    srcs: Ints
    trgs: Ints


class Likely(NamedTuple):
    """Source and target tokens (D,) that stand in one sentence pair, with the geometric mean (D,) of the probabilities
    of either given the other, and how often they are expected to have stood for each other (D,).
    """

    srcs: Ints
    trgs: Ints
    likelihoods: Floats
    counts: Floats


def word_pairs(pairs: Sequence[Pair], least_likely: float = LEAST_LIKELY) -> list[WordPair]:
    """Return the likeliest translation of each source word that has one of likelihood ``least_likely``, in the order of
    the words' first occurrences.
    """
    sample = evenly(pairs, MAX_PAIRS)
    (src, src_words), (trg, trg_words) = (_words([getattr(pair, side) for pair in sample]) for side in ("src", "trg"))
    likely = align(src, trg)
    return [
        WordPair(src_words[likely.srcs[i]], trg_words[likely.trgs[i]], float(likely.likelihoods[i]))
        for i in likeliest(likely, least_likely).tolist()
    ]


def likeliest(likely: Likely, least_likely: float = LEAST_LIKELY) -> Ints:
    """Return the places (n,) in ``likely`` of the likeliest translation of each source token that has one."""
    found = np.flatnonzero((likely.likelihoods >= least_likely) & (likely.counts >= LEAST_OFTEN))
    found = found[np.lexsort((-likely.likelihoods[found], likely.srcs[found]))]
    return found[np.diff(likely.srcs[found], prepend=-1) > 0]


def align(src: Tokens, trg: Tokens) -> Likely:
    """Return which tokens of sentence pairs belong together, by source token, then by target token."""
    return linked(src, trg)[0]


def linked(src: Tokens, trg: Tokens) -> tuple[Likely, Links]:
    """Return which tokens of sentence pairs belong together in general, and which do where they stand: those of which
    either is the other's likeliest translation in its sentence.
    """
    cells = _Cells.of(src, trg)
    if not len(cells.which):
        return Likely(cells.srcs, cells.trgs, np.zeros(0), np.zeros(0)), Links(cells.src_places, cells.trg_places)
    forward, n_forward, of_trg = cells.probabilities(cells.srcs, cells.trg_places)
    backward, n_backward, of_src = cells.probabilities(cells.trgs, cells.src_places)
    sure = np.flatnonzero((of_trg > LEAST_SURE) & (of_src > LEAST_SURE))
    likely = Likely(cells.srcs, cells.trgs, np.sqrt(forward * backward), np.minimum(n_forward, n_backward))
    return likely, Links(cells.src_places[sure], cells.trg_places[sure])


def _words(texts: Sequence[str]) -> tuple[Tokens, list[str]]:
    """Return the words of ``texts`` as numbers, and what these stand for."""
    sentences = truecased([WORD.findall(text) for text in texts])
    numbers: dict[str, int] = {}
    ids = [numbers.setdefault(word, len(numbers)) for words in sentences for word in words]
    lengths = [len(words) for words in sentences]
    return Tokens(np.array(ids, np.int64), np.array(lengths, np.int64)), list(numbers)


class UsualCase:
    """How words are mostly written inside the ``sentences``, each a list of words (Lita et al., 2003)."""

    def __init__(self, sentences: Iterable[Sequence[str]]) -> None:
        self._inside = Counter(word for words in sentences for word in words[1:])

    def __call__(self, word: str) -> str:
        """Return the first word of a sentence as it is written inside one."""
        lower = word[0].lower() + word[1:]
        return lower if self._inside[lower] > self._inside[word] else word

    def knows(self, word: str) -> bool:
        """Whether ``word`` stands inside a sentence, with a capital first letter or a small one."""
        return word in self._inside or word[0].lower() + word[1:] in self._inside


def truecased(sentences: Sequence[list[str]]) -> Sequence[list[str]]:
    """Write the first word of each sentence as it is written elsewhere."""
    usual = UsualCase(sentences)
    return [[usual(words[0]), *words[1:]] if words else words for words in sentences]


class _Cells(NamedTuple):
    """All pairs of tokens: the number (P,) of each among the different ones, its prior (P,), and the places (P,) of its
    tokens in the corpus; of each different one the tokens (D,).
    """

    which: Ints
    prior: Floats
    src_places: Ints
    trg_places: Ints
    srcs: Ints
    trgs: Ints

    @classmethod
    def of(cls, src: Tokens, trg: Tokens) -> _Cells:
        fits = (src.lengths <= MAX_TOKENS) & (trg.lengths <= MAX_TOKENS)
        n_srcs, n_trgs = src.lengths[fits], trg.lengths[fits]
        n_cells = n_srcs * n_trgs
        sentence = np.repeat(np.arange(len(n_cells)), n_cells)
        cell = np.arange(len(sentence)) - np.repeat(np.cumsum(n_cells) - n_cells, n_cells)
        row, column = cell // n_trgs[sentence], cell % n_trgs[sentence]
        distance = np.abs((row + 0.5) / n_srcs[sentence] - (column + 0.5) / n_trgs[sentence])
        src_places, trg_places = (
            (np.cumsum(side.lengths) - side.lengths)[fits][sentence] + place
            for side, place in ((src, row), (trg, column))
        )
        n_trgs_in_all = int(trg.ids.max(initial=0)) + 1
        keys, which = np.unique(src.ids[src_places] * n_trgs_in_all + trg.ids[trg_places], return_inverse=True)
        prior = np.exp(-NEARNESS * distance)
        return cls(which, prior, src_places, trg_places, keys // n_trgs_in_all, keys % n_trgs_in_all)

    def probabilities(self, given: Ints, places: Ints) -> tuple[Floats, Floats, Floats]:
        """Return the probability (D,) of each different pair given one of its tokens ``given`` (D,), its expected
        occurrences (D,), where each token at ``places`` (P,) of the other side has one translation, and the
        probability (P,) that this is the one.
        """
        likely: Floats = np.ones(len(given))
        counts: Floats = np.zeros(len(given))
        for iteration in range(N_ITERATIONS):
            shares = likely[self.which]
            if iteration >= N_ITERATIONS // 2:  # not before: languages may have another order of words
                shares *= self.prior
            shares /= np.bincount(places, shares)[places]
            counts = np.bincount(self.which, shares, len(given)).astype(np.float64)
            likely = counts / (np.bincount(given, counts)[given] + RARITY)
        return likely, counts, shares
