"""The little training, compiled once for all tests of a process."""

from __future__ import annotations

import pytest

from dragoman.corpus.pairs import Pair
from tests.fitting.little import Little


@pytest.fixture(scope="session")
def little(phrasebook: list[Pair]) -> Little:
    return Little(phrasebook[:120])


@pytest.fixture(scope="session")
def little_with_dropout(phrasebook: list[Pair]) -> Little:
    """Its model has a random state too."""
    return Little(phrasebook[:120], dropout=0.3)
