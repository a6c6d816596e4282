"""``dragoman train`` as a contract: what it writes, how it is stopped, killed and gone on with."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from subprocess import PIPE
from typing import Any

import pytest

from dragoman import open_pairs
from dragoman.bundle import read as read_bundle
from tests.cli.running import TINY, Run, output, start

pytestmark = pytest.mark.slow

MEMBERS = [
    "bundle.json",
    "golden.json",
    "history.csv",
    "history.json",
    "src.vocabulary.json",
    "training.png",
    "trg.vocabulary.json",
]


def test_train_writes_a_bundle_as_it_was_asked_to(world: Path, dragoman: Run) -> None:
    command = "train pairs.tsv --out new/model --src en --trg spa --reverse --limit 50 --epochs 1 --seed 3"
    result = dragoman(*command.split(), *TINY)
    assert output(result) == "new/model\n"
    lines = result.stderr.splitlines()
    assert lines[0] == "plan: a character LSTM of 4 units, dropout 0; rmsprop, constant"
    assert lines[1] == "kept 50 of 50 pairs, dropped 0"
    assert lines[2].startswith("split without leaks: ")
    assert sum(line.startswith("epoch 1  step ") for line in lines) == 1
    assert sum(" -> " in line and "(reference: " in line for line in lines) == 3
    assert sum(bool(re.fullmatch(r"BLEU \S+ \[.*\], chrF2 .*, TER .*, EXACT .*", line)) for line in lines) == 2
    kept = read_bundle("new/model").scores["test"]["verdict"]
    assert lines[-1 - len(kept) : -1] == list(kept)
    assert any(sentence.startswith("The best weights were chosen on ") for sentence in kept)
    assert lines[-1] == 'dragoman: try: dragoman translate new/model "..."'

    card = json.loads(output(dragoman("inspect", "new/model", "--json")))
    assert (card["direction"], card["finished"], card["epochs_done"]) == ("es-en", True, 1)
    assert card["model"]["units"] == 4
    assert card["training"]["seed"] == card["provenance"]["split_seed"] == 3
    assert (card["provenance"]["name"], card["provenance"]["limit"], card["provenance"]["n_read"]) == (
        "pairs.tsv",
        50,
        50,
    )
    assert set(card["scores"]) == {"dev", "test"}
    assert card["training_pairs"] == "in the bundle"
    assert sum(card["provenance"]["n_pairs"].values()) == 50
    assert all(pair.src.startswith("Tengo ") for pair in open_pairs("new/model/dev.tsv.gz", min_pairs=1))
    assert sorted(path.name for path in Path("new").iterdir()) == ["model"], "nothing is left beside it"


def test_ctrl_c_leaves_a_usable_bundle_marked_unfinished(world: Path, dragoman: Run) -> None:
    rows = [row.split("\t") for row in Path("pairs.tsv").read_text("utf-8").splitlines()]
    for i, name in enumerate(["all.en", "all.gsw"]):
        Path(name).write_text("".join(f"{row[i]}\n" for row in rows), encoding="utf-8")
    command = "train all.en all.gsw --out model --overwrite --without-data --epochs 100000 --patience 100000"
    with start(*command.split(), *TINY, stdout=PIPE, stderr=PIPE) as process:
        assert process.stderr is not None
        while not process.stderr.readline().startswith(b"epoch 1  "):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out) == (130, b"model\n")
    *_, last = err.decode().splitlines()
    assert last.startswith("dragoman: stopped at step ")
    assert last.endswith("; model works and is marked unfinished; the same command goes on from there")

    card = json.loads(output(dragoman("inspect", "model", "--json", "--check")))
    assert (card["finished"], card["direction"], card["training_pairs"]) == (False, "en-gsw", "left out")
    assert 1 <= card["epochs_done"] < 100000
    assert len(output(dragoman("translate", "model", "I have 7 dogs.")).splitlines()) == 1
    assert "leaks: unknown, the bundle was written without" in output(dragoman("evaluate", "model", "pairs.tsv"))
    assert sorted(path.name for path in Path("model").iterdir()) == [*MEMBERS, "weights.safetensors"]
    assert [path.name for path in world.glob(".*")] == [".model.training"], "what is needed to go on"


RESUMED = ["train", "pairs.tsv", "--epochs", "40", "--batch-size", "8", "--checkpoint-seconds", "0", "--out"]


KILLED_WHILE_WRITING = """
import os, signal, sys
from dragoman.cli import main

calls = []

def killed(descriptor):
    calls.append(descriptor)
    if len(calls) == 4:
        os.kill(os.getpid(), signal.SIGKILL)

os.fsync = killed
main(sys.argv[1:])
"""


def test_a_killed_training_goes_on_with_the_same_command(world: Path, dragoman: Run) -> None:
    output(dragoman(*RESUMED, "whole", *TINY))
    random = Random(7)
    for epoch in (2, 5, 9, 14):
        with start(*RESUMED, "cut", *TINY, stdout=PIPE, stderr=PIPE) as process:
            assert process.stderr is not None
            while not process.stderr.readline().startswith(b"epoch %d  " % epoch):
                assert process.poll() is None
            if epoch == 2:
                process.send_signal(signal.SIGSTOP)  # it would be far ahead by the time it is looked at again
                refused = dragoman(*RESUMED, "cut", *TINY)
                assert refused.returncode == 4
                assert "another process is training this bundle" in refused.stderr
            time.sleep(random.uniform(0, 0.05))
            process.kill()
    written = subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, *RESUMED, "cut", *TINY], capture_output=True)
    assert written.returncode == -signal.SIGKILL
    assert list(Path(".cut.training/checkpoints").glob(".*.partial")), "it was killed in the middle of a checkpoint"
    assert not Path("cut").exists()
    result = dragoman(*RESUMED, "cut", *TINY)
    assert output(result) == "cut\n"
    assert "going on after step" in result.stderr
    assert "\nepoch 3  " not in result.stderr
    for name in ("weights.safetensors", "golden.json", "train.tsv.gz"):
        assert Path("cut", name).read_bytes() == Path("whole", name).read_bytes()
    histories = [json.loads(Path(out, "history.json").read_text("utf-8")) for out in ("cut", "whole")]
    assert [{**entry, "seconds": 0} for entry in histories[0]] == [{**entry, "seconds": 0} for entry in histories[1]]
    assert not list(world.glob(".*")), "nothing is left beside it"


def test_what_was_interrupted_goes_on_only_as_it_was(world: Path, dragoman: Run) -> None:
    with start(*RESUMED, "cut", *TINY, stdout=PIPE, stderr=PIPE) as process:
        assert process.stderr is not None
        while not process.stderr.readline().startswith(b"epoch 2  "):
            assert process.poll() is None
        process.kill()
    other = dragoman(*RESUMED, "cut", *TINY, "--seed", "5")
    assert (other.returncode, "seed by default, not 5" in other.stderr) == (2, True)
    Path("pairs.tsv").write_bytes(Path("pairs.tsv").read_bytes().replace(b"perros", b"gatos!"))
    changed = dragoman(*RESUMED, "cut", *TINY)
    assert changed.returncode == 3
    assert "pairs.tsv: the file has changed since its pairs were prepared" in changed.stderr
    Path("pairs.tsv").write_bytes(Path("pairs.tsv").read_bytes().replace(b"gatos!", b"perros"))
    assert output(dragoman(*RESUMED, "cut", *TINY)) == "cut\n"


def test_minutes_fix_the_number_of_steps_and_say_when_it_is_done(world: Path, dragoman: Run) -> None:
    # In a process of its own: the minutes count from its start.
    timed = ["train", "pairs.tsv", "--minutes", "0.6", "--patience", "100000", "--out", "timed", *TINY]
    with start(*timed, stdout=PIPE, stderr=PIPE) as process:
        out, err = process.communicate()
    assert (process.returncode, out) == (0, b"timed\n")
    assert re.search(r"^at most [\d,]+ steps, .* epochs", err.decode(), re.MULTILINE)
    assert re.search(r"^done at \d\d:\d\d:\d\d, in 0:\d\d, scores and all$", err.decode(), re.MULTILINE)
    result = dragoman("train", "pairs.tsv", "--minutes", "0.001", "--out", "too-short", *TINY)
    assert result.returncode == 2
    assert "give more minutes" in result.stderr
    assert not Path("too-short").exists()


def test_steps_end_the_training(world: Path, dragoman: Run) -> None:
    output(dragoman("train", "pairs.tsv", "--steps", "3", "--batch-size", "16", "--out", "short", *TINY))
    card = json.loads(output(dragoman("inspect", "short", "--json")))
    assert card["last_epoch"]["step"] == 3


def told(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


def test_events_are_told_as_lines_of_json(world: Path, dragoman: Run) -> None:
    done = dragoman("train", "pairs.tsv", "--epochs", "2", "--out", "told", "--json", *TINY)
    events = told(output(done))
    names = [event["event"] for event in events]
    assert [name for name in names if name != "progress"] == [
        "preparing", "chosen", "prepared", "planned", *2 * ["samples", "validated"],
        *2 * ["scoring", "scored"], "done",
    ]  # fmt: skip
    planned = events[names.index("planned")]
    assert planned["n_steps"] == events[-6]["step"]
    assert len(events[names.index("samples")]["rows"][0]) == 3
    assert events[names.index("chosen")]["model"]["units"] == 4
    assert events[-2]["report"]["scores"][0]["name"] == "BLEU"
    assert done.stderr == 'dragoman: try: dragoman translate told "..."\n'


def test_the_last_event_says_how_it_ended(world: Path, dragoman: Run) -> None:
    taken = dragoman("train", "pairs.tsv", "--out", "model", "--json", *TINY)
    assert (taken.returncode, [event["event"] for event in told(taken.stdout)]) == (4, ["failed"])
    assert "the folder for the bundle must not exist yet" in told(taken.stdout)[0]["error"]
    command = "train pairs.tsv --out long --epochs 100000 --patience 100000 --json"
    with start(*command.split(), *TINY, stdout=PIPE, stderr=PIPE) as process:
        assert process.stdout is not None
        while json.loads(process.stdout.readline())["event"] != "validated":
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate()
    assert (process.returncode, told(out.decode())[-1]) == (130, {"event": "stopped"})
