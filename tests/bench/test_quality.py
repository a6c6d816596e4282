"""Minutes against quality: what is run, what is kept, and how it is shown. No system is trained but by fakes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.harness import Run, Side, SideFailed, python, run_side
from bench.quality import __main__ as command
from bench.quality.material import harder_places, prepare
from bench.quality.outcomes import Outcome, Outcomes, Task
from bench.quality.picture import quality_figure
from bench.quality.report import examples, table
from bench.quality.systems import Given, dragoman, run
from dragoman.bundle import read
from dragoman.corpus import open_pairs
from dragoman.corpus.pairs import Origin, Pair
from dragoman.corpus.tsv import write_pairs
from dragoman.report import Score

TASK = Task("dragoman", 5.0, 0, "spa.txt", limit=3000)


def outcome(system: str = "dragoman", minutes: float = 5.0, taken: float = 5.5, bleu: float = 20.0) -> Outcome:
    scores = (Score("BLEU", bleu, bleu - 1, bleu + 1, "sig-b"), Score("chrF2", 40.0, 39.0, 41.0, "sig-c"))
    return Outcome(
        task=Task(system, minutes, 0, "spa.txt"),
        test_hash="abc",
        minutes_taken=taken,
        figures={"training_s": 60 * taken},
        about={},
        n_pairs={"test": 90, "harder": 12},
        scores={"test": scores, "harder": scores},
        machine={"cpu": "a processor", "cores": 2, "memory_gib": 24, "load_average": 0.1},
        versions={"python": "3.11"},
        date="2026-11-24",
    )


def pair(src: str) -> Pair:
    return Pair(src, "x", Origin("by hand", 1))


def test_ours_and_the_peers_run_in_turn_and_what_ends_by_itself_runs_once() -> None:
    words = ["spa.txt", "--minutes", "10,5", "--peers", "apertium,joeynmt-best,joeynmt", "--cap", "90", "--limit", "7"]
    options = command.parser().parse_args(words)
    found = [(task.system, task.minutes, task.limit) for task in command.tasks(options, 3)]
    assert found == [
        ("dragoman", 5.0, 7),
        ("joeynmt", 5.0, 7),
        ("dragoman", 10.0, 7),
        ("joeynmt", 10.0, 7),
        ("joeynmt-best", 90.0, 7),
        ("apertium", 0.0, 7),
    ]


def test_an_unknown_peer_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.parser().parse_args(["spa.txt", "--minutes", "5", "--peers", "joey"])
    assert "the peers are joeynmt, joeynmt-best, keras-transformer, apertium, not joey" in capsys.readouterr().err


def test_the_harder_part_is_long_and_far_from_all_training() -> None:
    near = pair("I have never seen such a big dog before.")
    far = [pair(f"Nobody knows whether quartz forms beneath island {n} quickly.") for n in range(40)]
    training = [pair("I have never seen such a big cat before."), pair("Go.")]
    assert harder_places([near, *far, pair("Quartz!")], "en", training) == list(range(1, 41))


def test_the_test_part_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "other.tsv").write_text("Zwei.\tTwo.\n", "utf-8")
    options = {"seed": 0, "limit": 400, "reverse": False}
    own = prepare("phrasebook", tmp_path / "own", **options)  # type: ignore[arg-type]
    other = prepare("phrasebook", tmp_path / "other", **options, test=tmp_path / "other.tsv")  # type: ignore[arg-type]
    assert (own.trg, len(own.sets["test"])) == ("es", len(own.test))
    assert [pair.src for pair in other.test] == ["Zwei."]
    assert own.test_hash != other.test_hash
    assert (own.folder / "train.tsv").read_bytes() == (other.folder / "train.tsv").read_bytes()


def test_ours_is_the_command_with_nothing_but_the_minutes_and_the_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sides: list[Side] = []

    def fake(side: Side) -> Run:
        sides.append(side)
        return Run({"process_s": 300.0}, {})

    monkeypatch.setattr("bench.quality.systems.run_side", fake)
    material = prepare("phrasebook", tmp_path / "parts", seed=0, limit=400, reverse=False)
    bundle = tmp_path / "bundle"
    task = replace(TASK, limit=None)
    given = Given(task, "spa.txt", material, tmp_path / "out.json", tmp_path, bundle, Path("python"))
    done = dragoman(given)
    train = python("-m", "dragoman", "train", "spa.txt", "--minutes", "5", "--out", str(bundle), "--seed", "0")
    assert sides[0].command == train
    assert done.figures["training_s"] == 300.0
    assert "--beam" not in sides[1].command  # the side's own default is the beam of the bench


@pytest.mark.parametrize("system", ["joeynmt", "joeynmt-best", "keras-transformer"])
def test_a_peer_gets_the_parts_and_the_minutes(system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sides: list[Side] = []

    def fake(side: Side) -> Run:
        sides.append(side)
        (tmp_path / "out.json").write_text('["Ve."]', "utf-8")
        return Run({"training_s": 60.0}, {})

    monkeypatch.setattr("bench.quality.systems.run_side", fake)
    material = prepare("phrasebook", tmp_path / "parts", seed=0, limit=400, reverse=False)
    task, out, bundle = replace(TASK, system=system), tmp_path / "out.json", tmp_path / "bundle"
    given = Given(task, "phrasebook", material, out, tmp_path, bundle, Path("joey/python"))
    _, hyps = run(given)
    words = " ".join(sides[0].command)
    assert f"--parts {material.folder} --out {tmp_path}/out.json --minutes 5 --seed 0" in words
    assert ("--small-data" in words) is (system == "joeynmt-best")
    assert ("joey/python" in words) is system.startswith("joeynmt")
    assert hyps == ["Ve."]


def test_an_outcome_is_found_again_by_what_was_asked_for(tmp_path: Path) -> None:
    done = outcome()
    Outcomes(tmp_path).add(done, ["Ve.", "a\nb"])
    again = Outcomes(tmp_path)
    assert again.of(done.task, "abc") == done
    assert again.translations(done) == ["Ve.", "a\nb"]
    assert again.of(done.task, "other test pairs") is None
    for other in (replace(done.task, minutes=6.0), replace(done.task, reverse=True), replace(done.task, limit=1)):
        assert again.of(other, "abc") is None


def test_a_line_that_is_no_outcome_is_named(tmp_path: Path) -> None:
    Outcomes(tmp_path).add(outcome(), [])
    with (tmp_path / "results.jsonl").open("a", encoding="utf-8") as lines:
        lines.write('{"task": {"system"')
    with pytest.raises(SideFailed, match=r"results\.jsonl:2: no outcome of this bench .*; remove the line"):
        Outcomes(tmp_path)


@pytest.fixture
def perfect(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """Systems that know the references; the tasks that they were given."""
    given_tasks: list[Task] = []

    def fake(given: Given) -> tuple[Run, list[str]]:
        given_tasks.append(given.task)
        return Run({"training_s": 66.0}, {}), [pair.trg for pair in given.material.test]

    monkeypatch.setattr(command, "run", fake)
    return given_tasks


@pytest.mark.slow
def test_a_bench_writes_what_came_of_it_and_goes_on_where_it_stopped(perfect: list[Task], tmp_path: Path) -> None:
    def bench(minutes: str) -> str:
        words = ["phrasebook", "--minutes", minutes, "--limit", "1000", "--peers", "joeynmt", "--out", str(tmp_path)]
        return command.bench(command.parser().parse_args([*words, "--show", "3"]))

    bench("1")
    assert [(task.system, task.minutes) for task in perfect] == [("dragoman", 1.0), ("joeynmt", 1.0)]
    written = bench("1,2")
    assert [(task.system, task.minutes) for task in perfect[2:]] == [("dragoman", 2.0), ("joeynmt", 2.0)]
    assert "| joeynmt | 0 | 2 | 1.1 | 100.0 [100.0, 100.0] | 100.0 [100.0, 100.0] |" in written
    assert (tmp_path / "table.md").read_text("utf-8") == written
    assert (tmp_path / "quality.png").read_bytes().startswith(b"\x89PNG")
    shown = (tmp_path / "examples.md").read_text("utf-8")
    assert shown.count("    dragoman, 2 min") == 3
    assert len((tmp_path / "results.jsonl").read_text("utf-8").splitlines()) == 4


def test_the_table_shows_what_was_asked_for_and_what_was_taken() -> None:
    written = table([outcome(), outcome("joeynmt", taken=5.01, bleu=3.25)], "python -m bench.quality spa.txt")
    assert "| dragoman | 0 | 5 | 5.5 | 20.0 [19.0, 21.0] |" in written
    assert "| joeynmt | 0 | 5 | 5.0 | 3.2 [2.2, 4.2] |" in written
    assert "    python -m bench.quality spa.txt\n" in written
    assert "a processor, 2 cores, 24 GiB, load 0.1 to 0.1" in written
    assert "BLEU `sig-b`" in written


def test_examples_are_the_same_in_every_run_and_untouched() -> None:
    pairs = [Pair(f"*Source* {n}", f"_Ref_ {n}", Origin("by hand", n)) for n in range(100)]
    hyps = [f"# hyp | {n}" for n in range(100)]
    shown = examples(pairs, [(outcome(), hyps)], 30)
    assert shown == examples(pairs, [(outcome(), hyps)], 30)
    sources = [line.removeprefix("    source") for line in shown.splitlines() if line.startswith("    source")]
    assert len(set(sources)) == 30
    n = sources[0].rpartition(" ")[2]
    assert all(f"  {text} {n}\n" in shown for text in ("*Source*", "_Ref_", "# hyp |"))


def test_the_picture_has_a_panel_for_each_set_and_score_and_a_line_for_each_system() -> None:
    outcomes = [outcome(minutes=m, taken=1.1 * m, bleu=m) for m in (5, 10)] + [outcome("joeynmt", 10, 10, 9)]
    figure = quality_figure(outcomes, title="$5 and more")
    assert [axes.get_ylabel().split(",")[0] for axes in figure.axes] == ["BLEU", "chrF2"] * 2
    bleu = figure.axes[0]
    assert bleu.get_xscale() == "log"
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["dragoman", "joeynmt"]
    lines = [line.get_xydata().tolist() for line in bleu.get_lines() if line.get_linestyle() == "-"]  # type: ignore[union-attr]
    assert lines == [[[5.5, 5.0], [11.0, 10.0]], [[10.0, 9.0]]]


def test_runs_of_as_many_minutes_stand_near_each_other() -> None:
    axes = quality_figure([outcome(taken=9.9), outcome("joeynmt", taken=10.0)], title="ten minutes").axes[-1]
    left, right = axes.get_xlim()
    assert left < 9.9 < 10.0 < right
    assert np.log(10.0 / 9.9) < 0.05 * np.log(right / left)


@pytest.fixture
def parts(bundle_path: Path, tmp_path: Path) -> Path:
    for part in ("train", "test"):
        write_pairs(read(bundle_path).pairs(part) or (), tmp_path / f"{part}.tsv")
    return tmp_path


Translating = Callable[[], Run]


@pytest.fixture
def translating(bundle_path: Path, parts: Path) -> Translating:
    files = ("--bundle", bundle_path, "--parts", parts, "--out", parts / "test.json")
    return lambda: run_side(Side("dragoman", python("-m", "bench.sides.test_part", *files)))


def test_a_bundle_translates_the_test_part_of_its_own_split(translating: Translating, parts: Path) -> None:
    run = translating()
    hyps = json.loads((parts / "test.json").read_text("utf-8"))
    assert len(hyps) == run.figures["sentences"] == len(list(open_pairs(parts / "test.tsv", min_pairs=1)))
    assert run.about == {"beam": "4"}


def test_a_bundle_of_another_split_is_refused(translating: Translating, parts: Path) -> None:
    train = (parts / "train.tsv").read_text("utf-8").splitlines(keepends=True)
    (parts / "train.tsv").write_text("".join(train[1:]), "utf-8")
    with pytest.raises(SideFailed, match=f"trained on {len(train)} other pairs than the {len(train) - 1} of"):
        translating()
