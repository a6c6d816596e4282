"""What is said of a training while it goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman import CharLSTMConfig, TrainConfig, train
from dragoman.corpus.cleaning import CleaningReport
from dragoman.corpus.pairs import Pair
from dragoman.corpus.store import CorpusFacts
from dragoman.fitting.events import Planned, Progress, Resumed
from dragoman.training.events import Event, Prepared, Samples
from dragoman.training.progress import Lines


def said(*events: Event) -> list[str]:
    texts: list[str] = []
    lines = Lines(lambda text, style: texts.append(text))
    for event in events:
        lines(event)
    return texts


def sampled(n_steps: int, steps: range) -> int:
    samples = [Samples(step, ((f"src {step}", "ref", "hyp"),)) for step in steps for _ in range(2)]
    return sum("->" in text for text in said(Planned(n_steps, 10, 0.0, None), *samples))


@pytest.mark.parametrize(("n_validations", "n_shown"), [(1, 1), (3, 3), (8, 8), (35, 9), (100, 9)])
def test_samples_are_shown_some_eight_times_in_each_direction(n_validations: int, n_shown: int) -> None:
    n_steps = 10 * n_validations
    assert sampled(n_steps, range(10, n_steps + 1, 10)) == 2 * n_shown


def test_of_a_training_that_goes_on_it_is_said_from_where() -> None:
    assert said(Resumed(1200, 5000)) == ["going on after step 1,200 of 5,000"]
    assert said(Resumed(0, 5000)) == ["starting again: it was cut off before a step was kept"]


def test_of_several_sources_each_is_told() -> None:
    own = CorpusFacts("mine.tmx", how="TMX", n_pairs={"train": 1800, "dev": 100, "test": 100})
    free = CorpusFacts("tatoeba:spa-eng", is_named=True, n_pairs={"train": 90_000, "dev": 2_000, "test": 2_000})
    about = Prepared(
        CleaningReport(10, 10),
        0,
        {"train": 91_800},
        1,
        (2, 3),
        (),
        0,
        30_000,
        (own, free),
        {"mine.tmx": 12.5},
        ("mine.tmx",),
    )
    told = "\n".join(said(about))
    parts = "1,800 train, 100 dev, 100 test pairs"
    assert f"  mine.tmx (TMX): {parts}; each is seen 12.5 times a pass; the training is for these\n" in told
    assert "  tatoeba:spa-eng: 90,000 train, 2,000 dev, 2,000 test pairs\n" in told
    assert "leaving out the 30,000 that are least like what this training is for" in told


def test_how_far_it_has_come_is_said_from_time_to_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.training.progress.time.monotonic", iter(range(0, 1000, 4)).__next__)
    progress = [Progress(step, 100, 50, 2.5, 0.5, 0.0, 0.0) for step in range(1, 11)]
    assert said(*progress) == [f"epoch 0.{i}/2  step {n}/100  loss 2.500" for i, n in ((1, 5), (2, 9))]


@pytest.mark.slow
def test_python_sees_lines_unless_it_wants_silence(
    phrasebook: list[Pair], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "spa.txt").write_text("".join(f"{pair.src}\t{pair.trg}\n" for pair in phrasebook[:60]), "utf-8")
    training = TrainConfig(steps=1, dev=0.1, test=0.1)
    train(tmp_path / "spa.txt", tmp_path / "told", model=CharLSTMConfig(units=2), training=training)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("plan: a character LSTM of 2 units")
    assert "\nepoch " in told.err
    train(tmp_path / "spa.txt", tmp_path / "quiet", model=CharLSTMConfig(units=2), training=training, listener=None)
    assert capsys.readouterr() == ("", "")
