from __future__ import annotations

import pytest

from dragoman.corpus.pairs import Pair
from dragoman.vocabulary.subwords import SubwordVocabulary


@pytest.fixture(scope="session")
def sentences(phrasebook: list[Pair]) -> list[str]:
    """Both sides of a part of the phrasebook."""
    return [text for pair in phrasebook[::4] for text in (pair.src, pair.trg)]


@pytest.fixture(scope="session", params=["unigram", "bpe"])
def subwords(request: pytest.FixtureRequest, sentences: list[str]) -> SubwordVocabulary:
    """A joint vocabulary of either kind, with a symbol."""
    return SubwordVocabulary.train(sentences, size=500, kind=request.param, symbols=["<forward>"])
