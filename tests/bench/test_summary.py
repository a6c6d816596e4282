"""Medians, ratios and targets, by hand."""

from __future__ import annotations

import json

import pytest

from bench.harness import Run, Side
from bench.report import markdown
from bench.summary import Bench, Document, Spread, Target, summarize, times_better

SIDES = Side("ours", ("ours",)), Side("peer", ("/usr/bin/python", "peer", "/home/me/spa.txt"), {"KERAS_BACKEND": "jax"})
TARGETS = (
    Target("epoch", "epoch_s", "ours", "peer", 2.5, 3.5),
    Target("rate", "sentences_per_s", "ours", "peer", 10.0),
    Target("alone", "sentence_ms", "ours", None, 5.0),
    Target("peak", "peak_mib", "ours", "peer"),
    Target("served", "sentences_per_s", "ours", None, 75.0, 85.0),
)


def runs_of(*rounds: tuple[float, float, float, float], pairs: str = "8") -> list[Run]:
    names = "epoch_s", "sentences_per_s", "sentence_ms", "peak_mib"
    return [Run(dict(zip(names, values, strict=True)), {"pairs": pairs}) for values in rounds]


def document(*, warm_up: int = 0, pairs: str = "8") -> Document:
    ours = runs_of((2.0, 90.0, 4.0, 500.0), (4.0, 80.0, 6.0, 500.0), (3.0, 70.0, 5.5, 500.0))
    peer = runs_of((8.0, 10.0, 9.0, 1000.0), (10.0, 10.0, 9.0, 1000.0), (9.0, 5.0, 9.0, 1000.0), pairs=pairs)
    bench = Bench("fake", SIDES, TARGETS, ("pairs",), warm_up)
    machine = {"cpu": "abacus", "cores": 2, "memory_gib": 1.5, "load_average": 0.1}
    runs = {"ours": ours, "peer": peer}
    return summarize(bench, runs, date="2026-01-01", command="compare", machine=machine, versions={"python": "3"})


@pytest.mark.parametrize(("figure", "times"), [("epoch_s", 0.5), ("peak_mib", 0.5), ("sentences_per_s", 2.0)])
def test_more_is_better_for_rates_only(figure: str, times: float) -> None:
    assert times_better(figure, 2.0, 1.0) == times


def test_a_ratio_is_taken_within_each_round() -> None:
    epoch, rate, alone, peak, served = document()["targets"]
    assert (epoch["ours"], epoch["peer"]) == (3.0, 9.0)
    assert epoch["measured"] == Spread(3.0, 2.5, 4.0)
    assert rate["measured"] == Spread(9.0, 8.0, 14.0)
    assert alone["measured"] == Spread(5.5, 4.0, 6.0)
    assert alone["peer"] is None
    assert [row["met"] for row in (epoch, rate, alone, peak, served)] == [True, False, False, None, True]


def test_warm_up_rounds_are_written_down_and_not_counted() -> None:
    warmed = document(warm_up=1)
    assert warmed["figures"][0]["spread"] == Spread(3.5, 3.0, 4.0)
    assert [r["counted"] for r in warmed["sides"]["ours"]["rounds"]] == [False, True, True]
    assert "rounds: 2;" in markdown(warmed)


def test_sides_that_did_not_do_the_same_are_named() -> None:
    assert document()["disagreements"] == []
    differing = document(pairs="7")
    assert differing["disagreements"] == ["pairs"]
    assert "The sides differ in: pairs." in markdown(differing)


def test_the_document_names_what_was_run_and_where() -> None:
    written = json.loads(json.dumps(document()))
    assert set(written) == Document.__required_keys__
    assert written["sides"]["peer"] == {
        "command": ["python", "peer", "spa.txt"],
        "env": {"KERAS_BACKEND": "jax"},
        "about": {"pairs": "8"},
        "rounds": [
            {"counted": True, "epoch_s": 8.0, "sentences_per_s": 10.0, "sentence_ms": 9.0, "peak_mib": 1000.0},
            {"counted": True, "epoch_s": 10.0, "sentences_per_s": 10.0, "sentence_ms": 9.0, "peak_mib": 1000.0},
            {"counted": True, "epoch_s": 9.0, "sentences_per_s": 5.0, "sentence_ms": 9.0, "peak_mib": 1000.0},
        ],
    }


def test_the_markdown_of_a_document_and_of_its_json_is_the_same() -> None:
    text = markdown(document())
    assert markdown(json.loads(json.dumps(document()))) == text
    assert text.startswith(
        "### fake\n\nabacus, 2 cores, 1.5 GiB, load 0.1 at the start; python 3; rounds: 3; 2026-01-01"
    )
    assert "| epoch | 3 s | 9 s | 3 times | 2.5 to 4 | 2.5 times | 3.5 times | yes |" in text
    assert "| alone | 5.5 ms |  | 5.5 ms | 4 to 6 | 5 ms |  | no |" in text
    assert "| peak | 500 MiB | 1,000 MiB | 2 times | 2 to 2 |  |  |  |" in text
    assert "| ours | sentences | 80/s | 70 to 90 |" in text
