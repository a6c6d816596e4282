"""The whole road of a learning, on small models: what is left beside the bundle, what goes on, what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from dragoman import CharLSTMConfig, Translator, train
from dragoman import bundle as bundles
from dragoman.bundle import Bundle, fingerprint
from dragoman.config import TrainConfig, TransformerConfig
from dragoman.corpus.pairs import Pair
from dragoman.errors import BundleError, Interrupted, NotFoundError
from dragoman.fitting.loop import Fitting
from dragoman.learned import Waiting, corrections
from dragoman.memory import Correction, Memory
from dragoman.promotion import Places, promote, state
from dragoman.recipe import Task, choose
from dragoman.training.learning import learn
from dragoman.training.learning.events import Gathered, LearningEvent

pytestmark = pytest.mark.slow

MODEL = TransformerConfig(width=16, heads=2, feed_forward=32, encoder_layers=1, decoder_layers=1, vocabulary_size=320)
_, SHORT = choose(Task(200, None), {"steps": 3, "batch_tokens": 256, "dev": 0.1, "test": 0.1})
LSTM = TrainConfig(epochs=1, dev=0.1, test=0.1)


@pytest.fixture(scope="module")
def tsv(phrasebook: list[Pair], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pairs") / "spa.txt"
    path.write_text("".join(f"{pair.src}\t{pair.trg}\n" for pair in phrasebook[:200]), "utf-8")
    return path


@pytest.fixture(scope="module")
def trained(tsv: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("trained") / "model"
    train(tsv, out, model=MODEL, training=SHORT)
    return out


@pytest.fixture
def model(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "model"))


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    memory = Memory(tmp_path / "memory.sqlite")
    memory.add(Correction("en", "es", "The bell is red. It is old.", "La campana es roja. Es vieja.", author="Ana"))
    memory.add(Correction("en", "es", "Who has the bell?", "¿Quién tiene la campana?"))
    return memory


def candidate(model: Path) -> Bundle:
    return bundles.read(Places(model).candidate)


def test_what_has_learned_lies_beside_the_bundle_with_a_report(model: Path, memory: Memory) -> None:
    before, events = bundles.read(model), list[LearningEvent]()
    outcome = learn(model, memory, steps=3, listener=events.append)
    assert fingerprint(model) == before.fingerprint
    gathered = next(event for event in events if isinstance(event, Gathered))
    assert (gathered.n_new, gathered.n_earlier, gathered.n_put_off) == (2, 0, 0)
    after, found = candidate(model), state(model)
    assert found.candidate == outcome.candidate
    assert found.report is not None
    assert found.report["passed"] is outcome.verdict.passed
    assert [c["source"] for c in found.report["corrections"]] == ["The bell is red. It is old.", "Who has the bell?"]
    assert found.report["before"]["scores"].keys() == {"en-es"}
    assert Waiting(memory).count(after) == 0
    assert any((after.trained.weights[name] != array).any() for name, array in before.trained.weights.items())
    assert (after.src, after.trg, after.history, after.training) == (
        before.src,
        before.trg,
        before.history,
        before.training,
    )
    assert after.trained.max_src_length >= before.trained.max_src_length
    assert not Places(model).candidate.with_name(".candidate.training").exists()


def test_the_corrections_stand_among_its_pairs_and_its_golden_translations_are_its_own(
    model: Path, memory: Memory
) -> None:
    learn(model, memory, steps=3)
    before, after = bundles.read(model), candidate(model)
    pairs = [(pair.src, pair.trg, pair.origin.attribution) for pair in after.pairs("train") or ()]
    assert pairs[-3:] == [
        ("The bell is red.", "La campana es roja.", "Ana"),
        ("It is old.", "Es vieja.", "Ana"),
        ("Who has the bell?", "¿Quién tiene la campana?", ""),
    ]
    assert len(pairs) == len(before.pairs("train") or ()) + 3
    golden = Translator.load(Places(model).candidate).translate(list(before.golden))
    assert {translation.src: translation.text for translation in golden} == after.golden
    assert set(after.scores) == {"dev", "test"}
    assert after.scores["dev"]["leaks"]["either"] == 0


def test_a_corrected_sentence_is_scored_no_more(model: Path, memory: Memory) -> None:
    before = bundles.read(model)
    dev, test = (before.pairs(part) or [] for part in ("dev", "test"))
    memory.add(Correction("en", "es", dev[0].src.upper(), "Otra cosa."))
    memory.add(Correction("en", "es", "Something else.", test[0].trg))
    events: list[LearningEvent] = []
    learn(model, memory, steps=2, listener=events.append)
    gathered = next(event for event in events if isinstance(event, Gathered))
    assert min(gathered.n_unscored.values()) >= 1
    after = candidate(model)
    assert dev[0].src not in {pair.src for pair in after.pairs("dev") or ()}
    assert test[0].trg not in {pair.trg for pair in after.pairs("test") or ()}
    assert after.scores["dev"]["n_pairs"] == len(dev) - gathered.n_unscored["dev"]


def test_what_was_stopped_goes_on_to_the_same_weights_with_what_it_began_with(
    model: Path, memory: Memory, tmp_path: Path
) -> None:
    whole = Path(shutil.copytree(model, tmp_path / "whole"))
    learn(whole, memory, steps=4)
    asked: list[int] = []

    def killed() -> bool:
        asked.append(1)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return False

    with pytest.raises(KeyboardInterrupt):
        learn(model, memory, steps=4, stop=killed, checkpoint_seconds=0)
    with pytest.raises(Interrupted, match="the same command goes on"):
        learn(model, memory, steps=4, stop=lambda: True)
    assert state(model).candidate is None
    memory.add(Correction("en", "es", "One more.", "Uno más."))
    learn(model, memory, steps=4)
    for name, array in candidate(whole).trained.weights.items():
        np.testing.assert_array_equal(candidate(model).trained.weights[name], array)
    assert Waiting(memory).count(candidate(model)) == 1


def test_another_round_keeps_what_was_learned(model: Path, memory: Memory) -> None:
    learn(model, memory, steps=2)
    promote(model, anyway=True)
    chrf = bundles.read(model).learned.dev_chrf
    assert chrf.keys() == {"en-es"}
    with pytest.raises(NotFoundError, match="no approved correction"):
        learn(model, memory)
    memory.add(Correction("en", "es", "One more.", "Uno más."))
    learn(model, memory, steps=2)
    assert state(model).report is not None
    assert len(corrections(candidate(model), memory).earlier) == 3
    assert candidate(model).learned.dev_chrf == chrf


def test_a_model_of_both_directions_learns_in_both(tsv: Path, memory: Memory, tmp_path: Path) -> None:
    train(tsv, tmp_path / "model", model=MODEL, training=SHORT, both=True)
    memory.add(Correction("es", "en", "La campana es vieja.", "The bell is old."))
    outcome = learn(tmp_path / "model", memory, steps=2)
    assert outcome.verdict.after["scores"].keys() == {"en-es", "es-en"}
    assert outcome.verdict.after["n_new"] == 3
    pairs = {(pair.src, pair.trg) for pair in candidate(tmp_path / "model").pairs("train") or ()}
    assert ("The bell is old.", "La campana es vieja.") in pairs


def test_the_articles_model_learns_too(tsv: Path, memory: Memory, tmp_path: Path) -> None:
    train(tsv, tmp_path / "model", model=CharLSTMConfig(units=8), training=LSTM)
    learn(tmp_path / "model", memory, steps=2)
    assert Waiting(memory).count(candidate(tmp_path / "model")) == 0


def test_a_bundle_without_pairs_is_refused(trained: Path, memory: Memory, tmp_path: Path) -> None:
    bundles.write(bundles.read(trained), tmp_path / "light")
    with pytest.raises(BundleError, match="holds no training pairs"):
        learn(tmp_path / "light", memory)
    assert json.loads((tmp_path / "light" / "bundle.json").read_text())["learned"]["corrections"] == []


@pytest.mark.parametrize("harmed", ["lessons.json", "corpus/corpus.json"])
def test_what_a_learning_had_prepared_is_made_again_where_it_is_harmed(
    harmed: str, model: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Fitting, "run", killed)
    n_gathered = []
    for harm in (False, False, True):
        if harm:
            (Places(model).candidate.with_name(".candidate.training") / harmed).unlink()
        events: list[LearningEvent] = []
        with pytest.raises(KeyboardInterrupt):
            learn(model, memory, steps=3, listener=events.append)
        n_gathered.append(sum(isinstance(event, Gathered) for event in events))
    assert n_gathered == [1, 0, 1]
