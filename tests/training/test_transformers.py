"""The whole road of a Transformer: one direction or both, further training, and what is interrupted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dragoman import Translator, train
from dragoman.bundle import Bundle, read
from dragoman.config import SearchConfig, TrainConfig, TransformerConfig
from dragoman.corpus.pairs import Pair
from dragoman.errors import CorpusError, UsageError
from dragoman.feeding import Source, feed
from dragoman.recipe import Task, choose
from dragoman.training.events import Event, Prepared
from dragoman.vocabulary.subwords import SubwordVocabulary

pytestmark = pytest.mark.slow

MODEL = TransformerConfig(width=16, heads=2, feed_forward=32, encoder_layers=1, decoder_layers=1, vocabulary_size=320)
_, SHORT = choose(Task(200, None), {"steps": 6, "batch_tokens": 256, "dev": 0.1, "test": 0.1})
EVERYTHING = replace(
    SHORT,
    optimizer="muon",
    averaging=0.9,
    accumulation=2,
    subword_sampling=True,
    aligned_embeddings=True,
    further_pairs=True,
    schedule="cosine",
    steps=9,
)


@pytest.fixture
def tsv(phrasebook: list[Pair], tmp_path: Path) -> Path:
    path = tmp_path / "spa.txt"
    path.write_text("".join(f"{pair.src}\t{pair.trg}\n" for pair in phrasebook[:200]), "utf-8")
    return path


def trained(tsv: Path, out: Path, training: TrainConfig = SHORT, model: TransformerConfig = MODEL) -> Bundle:
    train(tsv, out, model=model, training=training)
    return read(out)


def assert_same(one: Bundle, other: Bundle) -> None:
    for name, array in one.trained.weights.items():
        np.testing.assert_array_equal(array, other.trained.weights[name])
    timeless = [[{**entry, "seconds": 0} for entry in bundle.history] for bundle in (one, other)]
    assert timeless[0] == timeless[1]


@pytest.mark.parametrize("joint", [True, False])
def test_a_transformer_goes_the_whole_road(tsv: Path, tmp_path: Path, joint: bool) -> None:
    events: list[Event] = []
    model = replace(MODEL, joint=joint)
    train(tsv, tmp_path / "out", model=model, training=SHORT, listener=events.append)
    bundle = read(tmp_path / "out")
    assert bundle.trained.config == model
    assert (bundle.trained.src_vocabulary is bundle.trained.trg_vocabulary) is joint
    prepared = next(event for event in events if isinstance(event, Prepared))
    assert prepared.unknown == ()
    assert prepared.n_parameters == sum(array.size for array in bundle.trained.weights.values())
    golden = Translator.load(tmp_path / "out").translate(list(bundle.golden))
    assert [translation.text for translation in golden] == list(bundle.golden.values())
    exact = Translator.load(tmp_path / "out", precision="float32").translate(["Hello 東京 🎈"], SearchConfig(beam=2))
    assert exact[0].text == "Hello 東京 🎈"
    assert exact[0].sentences[0].text == "Hello 東京 🎈"


def test_the_weights_follow_from_the_seed_alone(tsv: Path, tmp_path: Path) -> None:
    assert_same(trained(tsv, tmp_path / "one", EVERYTHING), trained(tsv, tmp_path / "other", EVERYTHING))


def test_what_was_cut_goes_on_to_the_same_weights(tsv: Path, tmp_path: Path) -> None:
    whole = trained(tsv, tmp_path / "whole", EVERYTHING)
    asked: list[int] = []

    def killed() -> bool:
        asked.append(1)
        if len(asked) == 6:
            raise KeyboardInterrupt
        return False

    with pytest.raises(KeyboardInterrupt):
        train(tsv, tmp_path / "cut", model=MODEL, training=EVERYTHING, stop=killed, checkpoint_seconds=0)
    assert (tmp_path / ".cut.training").is_dir()
    assert_same(whole, trained(tsv, tmp_path / "cut", EVERYTHING))


def test_both_directions_in_one_model(tsv: Path, tmp_path: Path) -> None:
    train(tsv, tmp_path / "out", model=MODEL, training=SHORT, both=True)
    bundle = read(tmp_path / "out")
    assert bundle.directions == (("en", "es"), ("es", "en"))
    assert set(bundle.scores) == {"dev", "test", "dev es-en", "test es-en"}
    forward = Translator.load(tmp_path / "out", src="en", trg="es")
    backward = Translator.load(tmp_path / "out", src="es")
    assert (forward.src, backward.src, backward.trg) == ("en", "es", "en")
    ours, theirs = (translator.translate(["Good morning!"])[0].score for translator in (forward, backward))
    assert ours != theirs
    with pytest.raises(UsageError, match=r"en-es and es-en, not de-any"):
        Translator.load(tmp_path / "out", src="de")
    with pytest.raises(UsageError, match="joint"):
        train(tsv, tmp_path / "no", model=replace(MODEL, joint=False), training=SHORT, both=True)


def test_a_model_is_trained_further(tsv: Path, tmp_path: Path, phrasebook: list[Pair]) -> None:
    base = trained(tsv, tmp_path / "base")
    more = tmp_path / "more.tsv"
    more.write_text("".join(f"{pair.src}\t{pair.trg}\n" for pair in phrasebook[200:300]), "utf-8")
    gentle = replace(SHORT, learning_rate=1e-12, steps=1)
    train(more, tmp_path / "further", base=tmp_path / "base", training=gentle)
    further = read(tmp_path / "further")
    assert (further.src, further.trg) == ("en", "es")
    for name, array in base.trained.weights.items():
        np.testing.assert_allclose(further.trained.weights[name], array, atol=1e-6)
    learned, before = further.pairs("train") or [], base.pairs("train") or []
    assert {pair.src for pair in before} < {pair.src for pair in learned}
    with pytest.raises(UsageError, match="keeps its model"):
        train(more, tmp_path / "no", base=tmp_path / "base", model=replace(MODEL, width=32), training=SHORT)
    with pytest.raises(UsageError, match="one direction only"):
        train(more, tmp_path / "no", base=tmp_path / "base", training=SHORT, both=True)


def test_sentences_that_no_row_holds_are_refused_when_there_are_no_others(tmp_path: Path) -> None:
    from dragoman.corpus import open_pairs
    from dragoman.corpus.preparation import prepare

    def characters(number: int) -> str:  # three bytes each, and too rare for a piece
        return "".join(chr(0x4E00 + (997 * number + 101 * j) % 20000) for j in range(120))

    path = tmp_path / "long.tsv"
    path.write_text("".join(f"{characters(2 * i)}\t{characters(2 * i + 1)}\n" for i in range(60)), "utf-8")
    store = prepare(open_pairs(path), tmp_path / "store", seed=0, dev=0.1, test=0.1)
    source = Source(store.part("train"), list(store.part("dev")), tmp_path / "ids")
    with pytest.raises(CorpusError, match="are longer than 256 tokens"):
        feed(MODEL, SHORT, source)


def test_a_mark_stands_before_each_source_of_both_directions(tsv: Path, tmp_path: Path) -> None:
    from dragoman.corpus import open_pairs
    from dragoman.corpus.preparation import prepare

    store = prepare(open_pairs(tsv), tmp_path / "store", seed=0, dev=0.1, test=0.1)
    source = Source(store.part("train"), list(store.part("dev")), tmp_path / "ids", both=True)
    fed = feed(MODEL, replace(SHORT, further_pairs=False), source)
    vocabulary = fed.vocabularies[0]
    assert isinstance(vocabulary, SubwordVocabulary)
    marks = [vocabulary.symbol(name) for name in ("<forward>", "<backward>")]
    encoded = fed.train.encoded
    firsts = encoded.src_tokens[encoded.src_starts[:-1]]
    n = len(store.part("train"))
    assert (firsts[:n] == marks[0]).all()
    assert (firsts[n:] == marks[1]).all()
    one, again = encoded.src_tokens[1 : encoded.src_starts[1]], encoded.trg_tokens[encoded.trg_starts[n] :]
    assert vocabulary.decode(one.tolist()) == store.part("train")[0].src
    assert vocabulary.decode(again[: len(one) + 2].tolist()) == store.part("train")[0].src
