"""The whole road, on small corpora: what `train` writes, tells and refuses."""

from __future__ import annotations

import hashlib
import itertools
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dragoman import CharLSTMConfig, TrainConfig, Translator, evaluate, open_pairs, train
from dragoman.bundle import PARTS, read
from dragoman.corpus import write_pairs
from dragoman.corpus.pairs import Pair
from dragoman.corpus.splitting import normalise
from dragoman.errors import BundleError, CorpusError, UsageError
from dragoman.fitting.events import Validated
from dragoman.training.events import Event, Prepared, Samples, Scored, Scoring

pytestmark = pytest.mark.slow

TINY = CharLSTMConfig(units=8)
SHORT = TrainConfig(epochs=2, batch_size=64, dev=0.1, test=0.1)


@pytest.fixture
def tsv(phrasebook: list[Pair], tmp_path: Path) -> Path:
    """150 pairs with an attribution, one of them twice, and one bad row."""
    rows = [f"{pair.src}\t{pair.trg}\tby hand, line {i}" for i, pair in enumerate(phrasebook[:150], start=1)]
    path = tmp_path / "spa.txt"
    path.write_text("\n".join([*rows, rows[0], "only one column"]) + "\n", "utf-8")
    return path


def test_what_happened_is_told_and_written(tsv: Path, tmp_path: Path) -> None:
    events: list[Event] = []
    translator = train(tsv, tmp_path / "out", model=TINY, training=SHORT, listener=events.append)
    bundle = read(tmp_path / "out")
    assert translator("Good morning!") == Translator.load(tmp_path / "out")("Good morning!")
    prepared = next(e for e in events if isinstance(e, Prepared))
    assert prepared.n_bad_rows == bundle.provenance.n_bad_rows == 1
    assert prepared.cleaning.dropped["duplicate"] == bundle.provenance.dropped["duplicate"] == 1
    assert sum(prepared.n_pairs.values()) == 150
    assert prepared.n_parameters == sum(array.size for array in bundle.trained.weights.values())
    assert [e.epoch for e in events if isinstance(e, Validated)] == [1, 2]
    samples = [e for e in events if isinstance(e, Samples)]
    dev = {(pair.src, pair.trg) for pair in bundle.pairs("dev") or ()}
    assert [s.step for s in samples] == [e.step for e in events if isinstance(e, Validated)]
    assert all(len(s.rows) == 3 for s in samples)
    assert {row[:2] for s in samples for row in s.rows} <= dev
    assert [e.part for e in events if isinstance(e, Scoring)] == ["dev", "test"]
    assert (bundle.src, bundle.trg) == ("en", "es")
    assert bundle.provenance.n_bytes == tsv.stat().st_size


def test_the_bundle_keeps_the_pairs_with_attribution_and_no_leak(tsv: Path, tmp_path: Path) -> None:
    train(tsv, tmp_path / "out", model=TINY, training=SHORT)
    bundle = read(tmp_path / "out")
    parts = {part: bundle.pairs(part) or [] for part in ("train", "dev", "test")}
    assert all(pair.origin.attribution.startswith("by hand") for pairs in parts.values() for pair in pairs)
    for side in ("src", "trg"):
        seen = [{normalise(getattr(pair, side)) for pair in pairs} for pairs in parts.values()]
        assert sum(map(len, seen)) == len(seen[0] | seen[1] | seen[2])


def test_many_held_out_pairs_are_scored_in_part_and_the_report_says_so(
    tsv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dragoman.training.material.MAX_SCORED", 5)
    monkeypatch.setattr("dragoman.evaluation.MAX_REMEMBERED", 40)
    train(tsv, tmp_path / "out", model=TINY, training=SHORT)
    bundle = read(tmp_path / "out")
    for part in ("dev", "test"):
        report, n_all = bundle.scores[part], bundle.provenance.n_pairs[part]
        assert report["n_pairs"] <= 5 < n_all == len(bundle.pairs(part) or ())
        assert report["test_name"] == f"spa.txt, {part} part ({report['n_pairs']} of {n_all} pairs)"
        assert 20 <= report["n_remembered"] <= 40


def test_the_harder_part_is_chosen_from_all_held_out_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.training.material.MAX_SCORED", 5)
    rng = random.Random(1)
    words = ["".join(rng.sample("abcdefghijklmnop", 5)) for _ in range(2000)]
    rows = [f"{' '.join(rng.sample(words, 8))}\t{' '.join(rng.sample(words, 2))}\n" for _ in range(150)]
    (tmp_path / "unlike.tsv").write_text("".join(rows), "utf-8")
    events: list[Event] = []
    training = TrainConfig(epochs=1, batch_size=64, dev=0.35, test=0.35)
    train(tmp_path / "unlike.tsv", tmp_path / "out", model=TINY, training=training, listener=events.append)
    bundle = read(tmp_path / "out")
    told = {event.part: event.report for event in events if isinstance(event, Scored)}
    for part in ("dev", "test"):
        report = bundle.scores[part]
        assert report["n_pairs"] <= 5
        assert report["harder"]["n_pairs"] == bundle.provenance.n_pairs[part] >= 30
        assert str(told[part].harder).startswith(f"harder part: {report['harder']['n_pairs']} sentences of at least 8")


def test_nothing_is_left_beside_the_bundle(tsv: Path, tmp_path: Path) -> None:
    (tmp_path / ".out.training").mkdir()
    (tmp_path / ".out.training" / "of a run that was killed").touch()
    train(tsv, tmp_path / "out", model=TINY, training=SHORT)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["out", "spa.txt"]


def test_the_files_are_known_by_their_hashes(tsv: Path, tmp_path: Path) -> None:
    train(tsv, tmp_path / "out", model=TINY, training=SHORT)
    digest = hashlib.sha256(tsv.read_bytes()).hexdigest()
    assert read(tmp_path / "out").provenance.sha256 == digest


def test_the_scores_in_the_bundle_are_those_of_evaluate(bundle_path: Path) -> None:
    bundle = read(bundle_path)
    report = evaluate(Translator.load(bundle_path), bundle.pairs("test") or [])
    kept = bundle.scores["test"]
    assert [(s.name, s.value, s.low, s.high) for s in report.scores] == [
        (s["name"], s["value"], s["low"], s["high"]) for s in kept["scores"]
    ]
    assert report.baseline is not None
    assert [s.value for s in report.baseline] == [s["value"] for s in kept["baseline"]]
    assert report.leaks is not None
    assert report.leaks.either == 0


def test_saved_and_loaded_is_live(tsv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The translator that scored the dev part before anything was written gives what the loaded one gives."""
    lives: list[Translator] = []
    made = Translator.__init__

    def remember(self: Translator, *args: Any, **kwargs: Any) -> None:
        made(self, *args, **kwargs)
        lives.append(self)

    monkeypatch.setattr(Translator, "__init__", remember)
    loaded = train(tsv, tmp_path / "out", model=TINY, training=SHORT)
    live = next(t for t in reversed(lives) if t.bundle is None)
    texts = [pair.src for pair in read(tmp_path / "out").pairs("dev") or ()]
    assert loaded is not live
    assert live.translate(texts) == loaded.translate(texts)


def test_the_same_seed_gives_the_same_bundle(tsv: Path, tmp_path: Path) -> None:
    first = train(tsv, tmp_path / "a", model=TINY, training=SHORT)
    second = train(tsv, tmp_path / "b", model=TINY, training=SHORT)
    assert (tmp_path / "a" / "weights.safetensors").read_bytes() == (
        tmp_path / "b" / "weights.safetensors"
    ).read_bytes()
    texts = [pair.src for pair in first.training_pairs() or ()]
    assert first.translate(texts) == second.translate(texts)


def test_without_matplotlib_the_bundle_has_no_picture(
    tsv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    train(tsv, tmp_path / "out", model=TINY, training=SHORT)
    assert not (tmp_path / "out" / "training.png").exists()
    assert (tmp_path / "out" / "history.csv").exists()


def test_reverse_translates_the_other_way(tsv: Path, tmp_path: Path) -> None:
    translator = train(tsv, tmp_path / "out", model=TINY, training=SHORT, reverse=True, src="en", trg="es")
    assert (translator.src, translator.trg) == ("es", "en")
    pair = (translator.training_pairs() or [])[0]
    assert any(p.src == pair.trg and p.trg == pair.src for p in open_pairs(tsv))


@pytest.mark.parametrize(
    "model",
    [
        CharLSTMConfig(units=8, cell="gru"),
        CharLSTMConfig(units=8, layers=2, dropout=0.1),
        CharLSTMConfig(units=8, masking=False),
    ],
)
def test_every_shape_of_the_model_goes_the_whole_road(tsv: Path, tmp_path: Path, model: CharLSTMConfig) -> None:
    training = TrainConfig(epochs=1, batch_size=64, dev=0.1, test=0.1)
    train(tsv, tmp_path / "out", model=model, training=training, with_data=False)
    bundle = read(tmp_path / "out")
    assert bundle.trained.config == model
    assert not bundle.has_data
    golden = Translator.load(tmp_path / "out").translate(list(bundle.golden))
    assert [t.text for t in golden] == list(bundle.golden.values())


def test_stopping_early_leaves_a_usable_bundle_marked_unfinished(tsv: Path, tmp_path: Path) -> None:
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) >= 2

    translator = train(tsv, tmp_path / "out", model=TINY, training=SHORT, stop=stop)
    bundle = read(tmp_path / "out")
    assert not bundle.finished
    assert len(bundle.history) == 1
    assert isinstance(translator("Good morning!"), str)


def test_a_taken_folder_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    with pytest.raises(BundleError, match="must not exist"):
        train(tmp_path / "no such file", tmp_path / "out")
    assert (tmp_path / "out" / "thesis.txt").read_text() == "mine"


def test_a_limit_does_not_hide_bad_rows(tsv: Path, tmp_path: Path) -> None:
    lines = tsv.read_text("utf-8").splitlines()
    tsv.write_text("\n".join(["no tab", "none here", *lines]), "utf-8")
    with pytest.raises(CorpusError, match="2 of 102 rows"):
        train(tsv, tmp_path / "out", limit=100, model=TINY, training=SHORT)


def test_an_unknown_optimizer_is_refused_before_the_corpus_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="adam"):
        train(tmp_path / "no such file", tmp_path / "out", training=TrainConfig(optimizer="lamb"))


def test_too_few_pairs_for_the_parts_are_refused_with_a_remedy(tsv: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError):
        train(tsv, tmp_path / "out", limit=15, model=TINY, training=SHORT)
    assert not (tmp_path / "out").exists()


def test_a_model_that_is_trained_further_keeps_its_pairs_in_their_parts(bundle_path: Path, tmp_path: Path) -> None:
    base = read(bundle_path)
    training = TrainConfig(steps=1, seed=5, dev=0.1, test=0.1)  # another seed deals otherwise
    train("phrasebook", tmp_path / "same", limit=1200, base=bundle_path, training=training)
    same = read(tmp_path / "same")
    for part in PARTS:
        assert [pair[:2] for pair in same.pairs(part) or ()] == [pair[:2] for pair in base.pairs(part) or ()]
    new = tmp_path / "new.tsv"
    write_pairs(itertools.islice(open_pairs("phrasebook"), 1500, 1900), new)
    train(new, tmp_path / "further", base=bundle_path, training=training)
    further = read(tmp_path / "further")
    for part in PARTS:
        before, now = ({pair[:2] for pair in bundle.pairs(part) or ()} for bundle in (base, further))
        assert before < now
        assert {pair.origin.corpus for pair in further.pairs(part) or ()} == {"phrasebook", "new.tsv"}
    scored = {corpus["name"]: corpus for corpus in further.scores["test"]["corpora"]}
    assert scored.keys() == {"phrasebook", "new.tsv"}
    assert all(corpus["against"]["comparisons"] for corpus in scored.values()), "what was gained and lost"
    assert further.scores["test"]["leaks"]["either"] == 0


def test_several_sources_are_one_training(phrasebook: list[Pair], tmp_path: Path) -> None:
    own, weights = tmp_path / "own.tsv", {"own.tsv": 2.5}
    write_pairs(phrasebook[2000:2300], own)
    train([own, "phrasebook"], tmp_path / "out", limit=1200, model=TINY, training=SHORT, weights=weights)
    bundle = read(tmp_path / "out")
    facts = {corpus.name: corpus for corpus in bundle.provenance.corpora}
    assert (facts["own.tsv"].is_named, facts["phrasebook"].is_named) == (False, True)
    assert bundle.provenance.aim == ("own.tsv",)
    assert bundle.provenance.weights == {"own.tsv": 2.5, "phrasebook": 1.0}
    for part in PARTS:
        counted = Counter(pair.origin.corpus for pair in bundle.pairs(part) or ())
        assert counted == {name: corpus.n_pairs[part] for name, corpus in facts.items()}
    report = bundle.scores["test"]
    assert report["n_pairs"] == facts["own.tsv"].n_pairs["test"], "it is for one's own files"
    assert {corpus["name"]: corpus["n_pairs"] for corpus in report["corpora"]} == {
        name: corpus.n_pairs["test"] for name, corpus in facts.items()
    }
    origins = {str(pair.origin) for pair in bundle.pairs("train") or ()}
    assert "own.tsv:7" in origins or "own.tsv:8" in origins
    with pytest.raises(
        UsageError, match=r"there is no corpus other\.tsv to train for; the corpora are own\.tsv, phrasebook"
    ):
        train([own, "phrasebook"], tmp_path / "new", limit=1200, model=TINY, training=SHORT, aim=["other.tsv"])
    with pytest.raises(UsageError, match=r"the weight of own\.tsv must be a number above 0"):
        train([own, "phrasebook"], tmp_path / "new", weights={"own.tsv": 0})
