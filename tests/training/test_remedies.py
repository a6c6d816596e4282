"""What an error of a training that goes on tells the user to do: it is done here, and it helps."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dragoman import CharLSTMConfig, TrainConfig, train
from dragoman.corpus.pairs import Pair
from dragoman.errors import BundleError, CorpusError, DragomanError, UsageError
from dragoman.fitting.checkpoint import Checkpoints
from dragoman.fitting.events import Resumed
from dragoman.fitting.loop import Fitting

TINY = CharLSTMConfig(units=4)
SHORT = TrainConfig(steps=2, dev=0.1, test=0.1)


class Reached(Exception):
    """The first step would be next."""


class Ask:
    """Asks for a training, the same each time but for what is given, as far as its first step."""

    def __init__(self, folder: Path) -> None:
        self.pairs, self.out, self.place = folder / "spa.txt", folder / "out", folder / ".out.training"

    def __call__(self, **choices: Any) -> str:
        """Return whether it "began" or "went on"; an error is one that is told the user."""
        events: list[Any] = []
        asked: dict[str, Any] = {"model": TINY, "training": SHORT, "listener": events.append, **choices}
        with pytest.raises(Reached):
            train(self.pairs, self.out, **asked)
        return "went on" if any(isinstance(event, Resumed) for event in events) else "began"


@pytest.fixture
def ask(phrasebook: list[Pair], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """A training that was killed at its first step."""
    ask = Ask(tmp_path)
    ask.pairs.write_text("".join(f"{pair.src}\t{pair.trg}\n" for pair in phrasebook[:60]), "utf-8")

    def reached(fitting: Fitting, n_steps: int, checkpoints: Checkpoints) -> None:
        checkpoints.restore(fitting.model)
        raise Reached

    monkeypatch.setattr(Fitting, "run", reached)
    assert ask() == "began"
    assert ask() == "went on"
    return ask


def append_a_pair(ask: Ask) -> None:
    with ask.pairs.open("a") as file:
        file.write("I was added.\tMe añadieron.\n")


HARM: list[tuple[Callable[[Ask], object], type[DragomanError], str]] = [
    (append_a_pair, CorpusError, "spa.txt: the file has changed since its pairs were prepared: it had "),
    (lambda ask: shutil.rmtree(ask.place / "corpus"), CorpusError, ".out.training/corpus: not a prepared corpus: "),
    (lambda ask: (ask.place / "plan.json").write_text("{"), BundleError, "plan.json: cannot be read: "),
]


@pytest.mark.parametrize(("harm", "kind", "message"), HARM)
def test_what_cannot_go_on_is_put_back_or_begun_anew(
    ask: Ask, harm: Callable[[Ask], object], kind: type[DragomanError], message: str, tmp_path: Path
) -> None:
    shutil.copytree(ask.place, tmp_path / "whole")
    text = ask.pairs.read_text("utf-8")
    harm(ask)
    remedies = r".*\(put it back as it was to go on, or pass --overwrite to begin anew\)$"
    with pytest.raises(kind, match=re.escape(message) + remedies):
        ask()
    assert ask(overwrite=True) == "began"
    assert ask() == "went on"
    shutil.rmtree(ask.place)
    shutil.copytree(tmp_path / "whole", ask.place)
    ask.pairs.write_text(text, "utf-8")
    assert ask() == "went on"


def test_a_training_without_checkpoints_is_deleted(ask: Ask) -> None:
    for file in (ask.place / "checkpoints").iterdir():
        file.unlink()
    with pytest.raises(BundleError, match="the checkpoint of this training has been removed; ") as refused:
        ask()
    remedy = re.search(r"delete (\S+) to train anew$", str(refused.value))
    assert remedy is not None
    shutil.rmtree(remedy[1])
    assert ask() == "began"


def test_another_request_is_made_the_same_or_elsewhere_or_begun_anew(ask: Ask, tmp_path: Path) -> None:
    other = TrainConfig(steps=3, dev=0.1, test=0.1)
    with pytest.raises(UsageError, match="ask for the same again to go on, choose another --out, or pass --overwrite"):
        ask(training=other)
    elsewhere = Ask(tmp_path)
    elsewhere.out = tmp_path / "another"
    assert elsewhere(training=other) == "began"
    assert ask() == "went on"
    assert ask(training=other, overwrite=True) == "began"
    assert ask(training=other) == "went on"


def test_after_ctrl_c_the_same_command_goes_on_from_there(ask: Ask) -> None:
    ask.out.mkdir()
    (ask.out / "bundle.json").touch()  # the unfinished bundle
    assert ask() == "went on"
