"""A small world for every test: a clean environment, and one small trained bundle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dragoman import CharLSTMConfig, TrainConfig
from dragoman.corpus import open_pairs
from dragoman.corpus.pairs import Origin, Pair

PAIRS = [
    Pair(src, trg, Origin("by hand", number))
    for number, (src, trg) in enumerate(
        [("Go.", "Ve."), ("Run!", "¡Corre!"), ("I see.", "Ya veo."), ("Who?", "¿Quién?"), ("No way!", "¡Ni hablar!")],
        start=1,
    )
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", metavar="FOLDER", help="a folder for pictures of the page, from tests/browser")


@pytest.fixture(autouse=True)
def private_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or fills the user's own cache or translators, and none sees a terminal's width."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / "data"))
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(scope="session", autouse=True)
def private_matplotlib(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Matplotlib caches fonts, and reads settings of the user that would change a picture."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MPLCONFIGDIR", str(tmp_path_factory.getbasetemp() / "matplotlib"))
        yield


@pytest.fixture
def pairs() -> list[Pair]:
    """Five pairs that fit on a hand."""
    return list(PAIRS)


@pytest.fixture(scope="session")
def phrasebook() -> list[Pair]:
    """The embedded corpus."""
    return list(open_pairs("phrasebook"))


@pytest.fixture(scope="session")
def bundle_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle trained for a few seconds on the phrasebook. Tests copy it before they change it."""
    from dragoman import train

    out = tmp_path_factory.mktemp("bundles") / "small"
    training = TrainConfig(epochs=4, batch_size=32, optimizer="adam", learning_rate=0.01, dev=0.05, test=0.05)
    train("phrasebook", out, limit=1200, model=CharLSTMConfig(units=48), training=training)
    return out
