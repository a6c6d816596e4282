"""``dragoman evaluate``, ``inspect``, ``plot``, ``export`` as a contract: what is told of a bundle, or made of it."""

from __future__ import annotations

import gzip
import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from dragoman import open_pairs
from dragoman.bundle import read, write
from tests.cli.running import Run, output


def test_evaluate_draws_scores_and_leaks(world: Path, dragoman: Run) -> None:
    text = output(dragoman("evaluate", "model", "model/test.tsv.gz", "--beam", "2"))
    for expected in ("test.tsv.gz: ", "this translator", "training sentences", "BLEU", "chrF2", "TER", "EXACT"):
        assert expected in text
    assert "leaks: none" in text
    assert re.search(r"^invented words \d+\.\d % \(.* to .*\), by .*; the references' own ", text, re.MULTILINE)
    leaking = output(dragoman("evaluate", "model", "model/dev.tsv.gz", "--reverse"))
    assert "leaks: none" in leaking
    rows = gzip.decompress(Path("model/train.tsv.gz").read_bytes()).splitlines(keepends=True)
    Path("seen.tsv").write_bytes(b"".join(rows[:2]))  # the headings, and a pair
    leaking = output(dragoman("evaluate", "model", "seen.tsv"))
    assert "LEAK: 1 of 1 pairs have a sentence that stands in the training data" in leaking
    assert "seen.tsv:2: the source " in leaking


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


@pytest.mark.slow
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


@pytest.mark.slow
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
    assert result.stderr.endswith(" -m pip install 'dragoman[plots]'\n")
    assert not list(world.glob("*.png"))


def test_export_writes_the_three_models(world: Path, dragoman: Run) -> None:
    names = ["training_model.keras", "encoder_model.keras", "decoder_model.keras", "characters.json"]
    result = dragoman("export", "model", "--keras", "for/keras")
    files = output(result).splitlines()
    assert result.stderr == "dragoman: to open them here, set KERAS_BACKEND=jax before Keras is imported\n"
    assert files == [f"for/keras/{name}" for name in names]
    assert all(Path(file).stat().st_size for file in files)


def test_export_light_says_what_it_comes_to(world: Path, dragoman: Run) -> None:
    assert output(dragoman("export", "model", "--light", "light")).startswith("light: ")
    assert "all hashes right\n" in output(dragoman("inspect", "light", "--check"))
