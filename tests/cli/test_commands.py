"""The forms of the command line that are a contract: what each takes, prints, writes and returns."""

from __future__ import annotations

import gzip
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from subprocess import PIPE, CompletedProcess, Popen
from typing import Any

import pytest

from dragoman import Translator, __version__, open_pairs
from dragoman.bundle import read, write
from dragoman.cli import demo, train

Run = Callable[..., CompletedProcess[str]]

COMMANDS = ["demo", "train", "translate", "evaluate", "inspect", "plot", "export", "corpus"]
HEAVY = {
    "sqlalchemy",
    "alembic",
    "defusedxml",
    "keras",
    "jax",
    "tensorflow",
    "torch",
    "ctranslate2",
    "matplotlib",
}
# What neither a start nor one translation needs, and what a start alone does not need.
UNUSED = HEAVY | {"langcodes", "pooch", "py3langid", "rapidfuzz", "rich", "sacrebleu", "threadpoolctl", "turbohtml"}
UNUSED_AT_START = UNUSED | {"numpy", "safetensors", "dragoman.corpus", "dragoman.engine", "dragoman.bundle"}
TINY = ["--model", "char-lstm", "--units", "4", "--dev", "0.2", "--test", "0.2"]
MEMBERS = [
    "bundle.json",
    "golden.json",
    "history.csv",
    "history.json",
    "src.vocabulary.json",
    "training.png",
    "trg.vocabulary.json",
]


def output(result: CompletedProcess[str]) -> str:
    """What a successful command printed."""
    assert result.returncode == 0, result.stderr
    return result.stdout


# A shell that put the tests into the background lets them ignore Ctrl-C, and they would hand that on.
HEEDING_CTRL_C = """
import signal
from dragoman.cli import main

signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""


def start(*arguments: str, **streams: Any) -> Popen[bytes]:
    """Start the command line as a shell does, unbuffered on our side."""
    return Popen([sys.executable, "-c", HEEDING_CTRL_C, *arguments], bufsize=0, **streams)


# Help, version, start.


@pytest.mark.parametrize(
    "command", [[], *([c] for c in COMMANDS), *(["corpus", c] for c in ("stats", "split", "clean"))]
)
def test_every_command_has_help(command: list[str], dragoman: Run) -> None:
    text = output(dragoman(*command, "--help"))
    assert text.startswith(f"Usage: {' '.join(['dragoman', *command])} ")


def test_the_help_names_every_command(dragoman: Run) -> None:
    words = output(dragoman("--help")).split()
    assert set(COMMANDS) < set(words)


@pytest.mark.parametrize("group", [[], ["corpus"]])
def test_a_group_alone_shows_its_help_on_standard_error(group: list[str], dragoman: Run) -> None:
    result = dragoman(*group)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == output(dragoman(*group, "--help"))


def test_version(dragoman: Run) -> None:
    assert output(dragoman("--version")) == f"dragoman {__version__}\n"


@pytest.mark.parametrize(
    ("code", "unused"),
    [
        ("import dragoman", UNUSED_AT_START),
        ("from dragoman.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass", UNUSED_AT_START),
        ("from dragoman.cli import main\ntry: main(['train', '--help'])\nexcept SystemExit: pass", UNUSED_AT_START),
        ("from dragoman.cli import main\ntry: main(['translate', 'model', 'Go.'])\nexcept SystemExit: pass", UNUSED),
        ("from dragoman.cli import main\ntry: main(['inspect', 'model', '--check'])\nexcept SystemExit: pass", HEAVY),
    ],
    ids=["import", "help", "help of a command", "translate", "inspect"],
)
def test_what_starts_light_stays_light(code: str, unused: set[str], world: Path) -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"], stdout=PIPE, text=True, check=True
    )
    assert set(loaded.stdout.splitlines()[-1].split()).isdisjoint(unused)


def test_the_package_runs_as_a_module(tmp_path: Path) -> None:
    with start("--help", stdout=PIPE) as process:
        text, _ = process.communicate()
    assert process.returncode == 0
    assert text.startswith(b"Usage: dragoman ")


# Train.


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
    assert last.startswith("dragoman: error: stopped at step ")
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
    timed = ["train", "pairs.tsv", "--minutes", "0.3", "--patience", "100000", "--out", "timed", *TINY]
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


# Translate.


def test_translate_gives_a_line_for_each_text(world: Path, dragoman: Run) -> None:
    texts = ["Where is the station?", "", "I see a dog."]
    expected = [t.text for t in Translator.load("model").translate(texts)]
    assert output(dragoman("translate", "model", *texts)).splitlines() == expected
    assert output(dragoman("translate", "model", stdin="\n".join(texts).encode())).splitlines() == expected
    assert (
        output(dragoman("translate", "model", stdin="".join(f"{t}\r\n" for t in texts).encode())).splitlines()
        == expected
    )
    assert output(dragoman("translate", "model", stdin=b"")) == ""


def test_translate_keeps_the_order_of_a_long_input(world: Path, dragoman: Run) -> None:
    texts = [f"I have {n} {'big ' * (n % 7)}dogs." for n in range(300)]
    each = json.loads(f"[{','.join(output(dragoman('translate', 'model', '--json', *texts)).splitlines())}]")
    assert [entry["src"] for entry in each] == texts
    lines = output(dragoman("translate", "model", stdin="\n".join(texts).encode())).splitlines()
    assert lines == [entry["text"] for entry in each]


def test_translate_searches_as_it_is_told(world: Path, dragoman: Run) -> None:
    run = partial(dragoman, "translate", "model", "Where is the station?")
    greedy = output(run())
    assert output(run("--beam", "1")) == greedy
    best, *others = output(run("--beam", "4", "--n-best", "3")).splitlines()
    assert best.split("\t")[1] + "\n" == output(run("--beam", "4"))
    scores = [float(line.split("\t")[0]) for line in (best, *others)]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 3
    assert output(run("--temperature", "1", "--top-k", "1")) == greedy
    sampled = {output(run("--temperature", "3", "--seed", seed)) for seed in "123"}
    assert len(sampled) == 3
    assert output(run("--temperature", "3", "--seed", "1")) in sampled
    assert len(output(run("--max-length", "5"))) <= 6


def test_translate_says_what_it_did_not_know(world: Path, dragoman: Run) -> None:
    result = dragoman("translate", "model", "Go.", "日 is 本\t", "--json")
    entries = [json.loads(line) for line in output(result).splitlines()]
    assert [entry["unknown"] for entry in entries] == [[], ["日", "本"]]
    assert entries[0].keys() == {"src", "text", "score", "alternatives", "unknown", "origin"}
    assert result.stderr == "dragoman: warning: text 2: unknown characters passed over: 日 本\n"


def test_translate_tells_the_tokens_and_their_scores(world: Path, dragoman: Run) -> None:
    entry = json.loads(output(dragoman("translate", "model", "--json", "--token-scores", "Go. I see a dog.")))
    first, second = entry["sentences"]
    assert (first["src"], second["src"]) == ("Go.", "I see a dog.")
    assert f"{first['text']} {second['text']}" == entry["text"]
    assert first["src_tokens"] == ["G", "o", "."]
    assert ("".join(second["trg_tokens"]), len(second["token_scores"])) == (second["text"], len(second["trg_tokens"]))


def test_a_text_of_several_lines_keeps_them_but_not_among_alternatives(world: Path, dragoman: Run) -> None:
    assert len(output(dragoman("translate", "model", "Go.\nI see a dog.")).splitlines()) == 2
    assert len(output(dragoman("translate", "model", "--n-best", "3", "Go.\nI see a dog.")).splitlines()) == 3


def test_a_direction_may_be_named(world: Path, dragoman: Run) -> None:
    plain = output(dragoman("translate", "model", "Go."))
    assert (
        output(dragoman("translate", "model", "Go.", "--src", "eng", "--trg", "es", "--precision", "float32")) == plain
    )
    result = dragoman(
        "evaluate", "model", "pairs.tsv", "--src", "en", "--precision", "float32", "--beam", "2", "--json"
    )
    assert json.loads(output(result))["n_pairs"] == 60


def test_translate_takes_what_follows_two_dashes_as_text(world: Path, dragoman: Run) -> None:
    entries = output(dragoman("translate", "model", "--json", "--", "--debug", "-5")).splitlines()
    assert [json.loads(entry)["src"] for entry in entries] == ["--debug", "-5"]


def test_translate_streams_line_by_line(world: Path) -> None:
    answers = []
    with start("translate", "model", stdin=PIPE, stdout=PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text in ("Go.", "I see a dog.", "", "Go."):
            # Each answer is waited for before the next line is written.
            process.stdin.write(f"{text}\n".encode())
            answers.append(process.stdout.readline().decode())
    assert process.returncode == 0
    assert answers[0] == answers[3] != "\n"
    assert answers[2] == "\n"


def test_translate_is_quiet_when_nobody_reads_on(world: Path) -> None:
    Path("lines").write_text("Go.\n" * 100_000, encoding="utf-8")
    with (
        Path("lines").open("rb") as lines,
        start("translate", "model", stdin=lines, stdout=PIPE, stderr=PIPE) as process,
    ):
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().endswith(b"\n")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_ctrl_c_ends_a_translation_that_waits_for_input(world: Path) -> None:
    with start("translate", "model", stdin=PIPE, stdout=PIPE, stderr=PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b"Go.\n")
        assert process.stdout.readline().endswith(b"\n")
        time.sleep(0.2)  # it waits for the next line now
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b"dragoman: interrupted\n"
    assert process.returncode == 130


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_cannot_be_written_is_one_line(world: Path) -> None:
    with Path("/dev/full").open("wb") as full, start("inspect", "model", stdout=full, stderr=PIPE) as process:
        assert process.stderr is not None
        (line,) = process.stderr.readlines()
    assert process.returncode == 1
    assert line.startswith(b"dragoman: error: ")


# Evaluate, inspect, export.


def test_evaluate_draws_scores_and_leaks(world: Path, dragoman: Run) -> None:
    text = output(dragoman("evaluate", "model", "model/test.tsv.gz", "--beam", "2"))
    for expected in ("test.tsv.gz: ", "this translator", "training sentences", "BLEU", "chrF2", "TER", "EXACT"):
        assert expected in text
    assert "leaks: none" in text
    leaking = output(dragoman("evaluate", "model", "model/dev.tsv.gz", "--reverse"))
    assert "leaks: none" in leaking
    Path("seen.tsv").write_bytes(gzip.decompress(Path("model/train.tsv.gz").read_bytes()).splitlines(keepends=True)[0])
    leaking = output(dragoman("evaluate", "model", "seen.tsv"))
    assert "LEAK: 1 of 1 pairs have a sentence that stands in the training data" in leaking
    assert "seen.tsv:1: the source " in leaking


def test_evaluate_for_programs(world: Path, dragoman: Run) -> None:
    command = ["evaluate", "model", "model/test.tsv.gz", "--json"]
    report = json.loads(output(dragoman(*command)))
    assert report["n_pairs"] == len(list(open_pairs("model/test.tsv.gz", min_pairs=1)))
    assert {score["name"] for score in report["scores"]} == {"BLEU", "chrF2", "TER", "EXACT"}
    assert all(score["signature"] and score["low"] <= score["value"] <= score["high"] for score in report["scores"])
    assert report["fingerprint"] == json.loads(Path("model/bundle.json").read_text("utf-8"))["fingerprint"]
    assert report["leaks"]["either"] == 0
    against = json.loads(output(dragoman(*command, "--against", "model")))["against"]
    assert against["scores"] == report["scores"]
    assert {comparison["name"] for comparison in against["comparisons"]} <= {"BLEU", "chrF2", "TER", "EXACT"}


HARDER = "sentences of at least 8 words, unlike all training sentences (likeness below 0.6)"


def test_evaluate_shows_the_harder_part(world: Path, dragoman: Run) -> None:
    rows = [f"{n} walnuts and thunder quickly became velvet juggler friends\tNueces {n}\n" for n in range(35)]
    Path("harder.tsv").write_text("".join(rows), encoding="utf-8")
    drawn = output(dragoman("evaluate", "model", "harder.tsv"))
    whole, _, part = drawn.partition(f"harder part: 35 {HARDER}\n")
    for name, n_in_part in {"BLEU": 1, "chrF2": 1, "TER": 0, "EXACT": 0}.items():
        row = re.compile(rf"{name} .*\[.*\].*\[.*\]")
        assert (len(row.findall(whole)), len(row.findall(part))) == (1, n_in_part)
    harder = json.loads(output(dragoman("evaluate", "model", "harder.tsv", "--json", "--against", "model")))["harder"]
    assert (harder["n_pairs"], harder["definition"]) == (35, HARDER)
    assert [score["name"] for score in harder["scores"]] == ["BLEU", "chrF2"]
    assert harder["against"]["scores"] == harder["scores"]
    Path("few.tsv").write_text("".join(rows[:29]), encoding="utf-8")
    assert "harder" not in output(dragoman("evaluate", "model", "few.tsv"))


def test_inspect_shows_the_harder_parts_of_a_bundle_that_has_them(world: Path, dragoman: Run) -> None:
    assert "harder" not in output(dragoman("inspect", "model"))
    bundle = read("model")
    score = {"name": "BLEU", "value": 7.26, "low": 5.0, "high": 9.0, "signature": ""}
    harder = {"n_pairs": 35, "definition": HARDER, "scores": [score], "baseline": None, "against": None}
    scores = {"dev": {**bundle.scores["dev"], "harder": harder}, "test": bundle.scores["test"] | {"harder": None}}
    write(replace(bundle, scores=scores), Path("with"))
    parts = json.loads(output(dragoman("inspect", "with", "--json")))["harder_parts"]
    assert parts == {"dev": {"BLEU": 7.3, "pairs": 35, "definition": HARDER}}
    assert f"harder parts  dev BLEU 7.3, pairs 35, definition {HARDER}" in re.sub(
        r" {2,}", "  ", output(dragoman("inspect", "with"))
    )
    del scores["dev"]["by_length"], scores["test"]["harder"]
    write(replace(bundle, scores=scores), Path("older"))
    assert "harder parts" in output(dragoman("inspect", "older"))


def test_inspect(world: Path, dragoman: Run) -> None:
    card = json.loads(output(dragoman("inspect", "model", "--json")))
    assert (card["direction"], card["provenance"]["name"], card["finished"]) == ("en-es", "phrasebook", True)
    assert "check" not in card
    drawn = output(dragoman("inspect", "model", "--check"))
    facts = dict(line.split(None, 1) for line in drawn.splitlines())
    assert facts["direction"] == "en-es"
    assert facts["fingerprint"] == card["fingerprint"]
    assert facts["check"].startswith("passed: 10 golden translations repeated, ")


def test_plot_writes_pictures_called_after_the_bundle(
    world: Path, dragoman: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["model-training.png", "model-lengths.png"]
    assert output(dragoman("plot", "model")).splitlines() == names
    assert output(dragoman("plot", "model", "--out", "for/print")).splitlines() == [f"for/print/{n}" for n in names]
    for name in names:
        assert Path(name).read_bytes() == Path("for/print", name).read_bytes()
        assert Path(name).read_bytes().startswith(b"\x89PNG")
    Path(names[0]).write_text("old", encoding="utf-8")
    assert output(dragoman("plot", "model", "--overwrite")).splitlines() == names
    assert Path(names[0]).read_bytes() == Path("for/print", names[0]).read_bytes()
    monkeypatch.chdir("model")
    assert output(dragoman("plot", ".", "--out", "../again")).splitlines() == [f"../again/{n}" for n in names]


def test_plot_says_what_a_bundle_has_nothing_for(world: Path, dragoman: Run) -> None:
    bundle = read("model")
    write(replace(bundle, history=()), Path("untold"))
    result = dragoman("plot", "untold")
    assert output(result) == "untold-lengths.png\n"
    assert result.stderr == "dragoman: warning: untold: the bundle has nothing for untold-training.png\n"
    write(replace(bundle, scores={}), Path("unscored"))
    result = dragoman("plot", "unscored")
    assert output(result) == "unscored-training.png\n"
    assert result.stderr == "dragoman: warning: unscored: the bundle has nothing for unscored-lengths.png\n"


def test_plot_without_matplotlib_names_the_extra(world: Path, dragoman: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    result = dragoman("plot", "model")
    assert (result.returncode, result.stdout) == (6, "")
    assert result.stderr.startswith("dragoman: error: pictures need matplotlib, and ")
    assert result.stderr.endswith(" is not installed: pip install 'dragoman[plots]'\n")
    assert not list(world.glob("*.png"))


def test_export_writes_the_three_models(world: Path, dragoman: Run) -> None:
    names = ["training_model.keras", "encoder_model.keras", "decoder_model.keras", "characters.json"]
    files = output(dragoman("export", "model", "--keras", "for/keras")).splitlines()
    assert files == [f"for/keras/{name}" for name in names]
    assert all(Path(file).stat().st_size for file in files)


def test_export_light_says_what_it_comes_to(world: Path, dragoman: Run) -> None:
    assert output(dragoman("export", "model", "--light", "light")).startswith("light: ")
    assert output(dragoman("inspect", "light", "--check")).split()[-2:] == ["hashes", "right"]


# Corpus.


def test_corpus_stats(world: Path, dragoman: Run) -> None:
    drawn = output(dragoman("corpus", "stats", "pairs.tsv"))
    assert drawn.splitlines()[0].split() == ["pairs", "60", "in", "60", "rows,", "0", "bad"]
    statistics = json.loads(output(dragoman("corpus", "stats", "-", "--json", stdin=Path("pairs.tsv").read_bytes())))
    assert (statistics["n_pairs"], statistics["n_duplicates"], statistics["random_split_leak"]) == (60, 0, 0.0)


def test_corpus_split_and_clean(world: Path, dragoman: Run) -> None:
    text = Path("pairs.tsv").read_text("utf-8")
    Path("twice.tsv").write_text(text + text + f"Hm.\t{'¡Ay! ' * 50}\n", encoding="utf-8")
    cleaned = output(dragoman("corpus", "clean", "twice.tsv", "--out", "clean.tsv.gz", "--max-length", "100"))
    assert cleaned == "clean.tsv.gz: kept 60 of 121 pairs, dropped 61 (duplicate 60, too long 1)\n"
    assert gzip.decompress(Path("clean.tsv.gz").read_bytes()).decode() == text

    command = "corpus split clean.tsv.gz --out parts --dev 0.2 --test 0.2 --seed 1 --reverse"
    lines = output(dragoman(*command.split())).splitlines()
    assert lines[0] == "kept 60 of 60 pairs, dropped 0"
    parts = {name: Path(f"parts/{name}.tsv").read_text("utf-8").splitlines() for name in ("train", "dev", "test")}
    assert lines[1:] == [f"parts/{name}.tsv: {len(rows)} pairs" for name, rows in parts.items()]
    assert sorted(row for rows in parts.values() for row in rows) == sorted(
        "\t".join(reversed(row.split("\t"))) for row in text.splitlines()
    )


def test_bad_rows_are_warned_of_and_passed_over(world: Path, dragoman: Run) -> None:
    rows = [f"I see {n} cats.\tVeo {n} gatos.\n" for n in range(199)]
    Path("mostly.tsv").write_text("".join([*rows[:6], "I see no tab.\n", *rows[6:]]), encoding="utf-8")
    result = dragoman("corpus", "clean", "mostly.tsv", "--out", "clean.tsv")
    assert output(result) == "clean.tsv: kept 199 of 199 pairs, dropped 0\n"
    assert result.stderr == (
        "dragoman: warning: mostly.tsv:7: expected 2 or 3 columns, found 1 (is the separator a tab?)\n"
    )


# The demo.


def test_demo_walks_the_whole_road(world: Path, dragoman: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    little = {"name": "char-lstm", "units": 4, "batch_size": 256, "dev": 0.2, "test": 0.2}
    monkeypatch.setattr(demo, "CHOICES", little)
    monkeypatch.setattr(train, "fit_with_view", partial(train.fit_with_view, limit=200))
    text = output(dragoman("demo", "--epochs", "1", "--out", "shown"))
    assert "Held-out sentences (10 of " in text
    assert text.count("      reference    ") == text.count("      translation  ") == 10
    assert "BLEU" in text
    assert "leaks: none" in text
    assert '  dragoman translate shown "Where is the station?"\n' in text
    assert "  dragoman train tatoeba:spa-eng --minutes 20 --out spanish" in text
    assert Translator.load("shown").trg == "es"
