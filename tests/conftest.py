"""A small world for every test: a clean environment, and one small trained bundle."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from dragoman import CharLSTMConfig, TrainConfig
from dragoman.corpus import open_pairs
from dragoman.corpus.pairs import Origin, Pair

settings.register_profile("whole", deadline=None)  # a busy machine is slow
settings.register_profile("fast", deadline=None, max_examples=20)  # for scripts/test
settings.load_profile("whole")

Once = Callable[[str, Callable[[Path], object]], Path]

PAIRS = [
    Pair(src, trg, Origin("by hand", number))
    for number, (src, trg) in enumerate(
        [("Go.", "Ve."), ("Run!", "¡Corre!"), ("I see.", "Ya veo."), ("Who?", "¿Quién?"), ("No way!", "¡Ni hablar!")],
        start=1,
    )
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", metavar="FOLDER", help="a folder for pictures of the page, from tests/browser")


def pytest_configure(config: pytest.Config) -> None:
    """Compile quickly, and let all processes of a run, and later runs, share what JAX has compiled: that is most of
    what a small training takes.
    """
    os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")
    os.environ["JAX_COMPILATION_CACHE_DIR"] = str(config.cache.mkdir("compiled"))
    os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"


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
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """``once(name, make)`` returns a folder that ``make(folder)`` wrote, once a run, for all of its processes."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    (root / "once").mkdir(exist_ok=True)

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder = root / "once" / name
        with FileLock(root / f"{name}.lock"):
            if not folder.exists():
                make(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def bundle_path(once: Once) -> Path:
    """A bundle trained for a few seconds on the phrasebook. Tests copy it before they change it."""

    def make(folder: Path) -> None:
        from dragoman import train

        training = TrainConfig(epochs=4, batch_size=32, optimizer="adam", learning_rate=0.01, dev=0.05, test=0.05)
        train("phrasebook", folder, limit=1200, model=CharLSTMConfig(units=48), training=training)

    return once("small", make)
