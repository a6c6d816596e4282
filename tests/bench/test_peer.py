"""The peer is the article: its arrays, its model and its decoding equal ours, and it stands alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.benches import EPOCH_TARGETS, PEER, training
from bench.compare import parser
from bench.equal_work import give
from bench.peers import keras_article
from bench.sides.decoding import as_decoded
from dragoman import CharLSTMConfig, Translator
from dragoman.batches import vectorize
from dragoman.bundle import read
from dragoman.corpus.pairs import Pair
from dragoman.models import char_lstm, keras_files
from dragoman.vocabulary.characters import character_vocabularies


def test_the_peer_imports_nothing_of_ours() -> None:
    source = PEER.read_text("utf-8")
    assert "dragoman" not in source
    assert "from ." not in source


def test_the_peers_arrays_are_the_articles(pairs: list[Pair], tmp_path: Path) -> None:
    file = tmp_path / "pairs.tsv"
    file.write_text("".join(f"{pair.src}\t{pair.trg}\n" for pair in pairs), "utf-8")
    srcs, trgs = keras_article.read_pairs(file, 4)
    arrays = keras_article.vectorize(srcs, trgs, keras_article.characters_of(srcs, trgs))
    for peer, ours in zip(arrays, vectorize(pairs[:4]), strict=True):
        np.testing.assert_array_equal(peer, ours)


@pytest.mark.parametrize("masking", [True, False])
@pytest.mark.slow
def test_the_peers_model_computes_what_ours_does(pairs: list[Pair], masking: bool) -> None:
    vocabularies = character_vocabularies((pair.src for pair in pairs), (pair.trg for pair in pairs))
    config = CharLSTMConfig(units=6, layers=2, masking=masking)
    ours = char_lstm.build(config, *vocabularies, max_trg_length=20, seed=1)
    columns = (vocabulary.n_columns for vocabulary in vocabularies)
    peer = keras_article.build(*columns, units=6, layers=2, masking=masking)
    give(peer.training, char_lstm.to_engine(ours), layers=2)
    inputs = list(vectorize(pairs, *vocabularies)[:2])
    expected = ours.training_model.predict_on_batch(inputs)
    # Where a character is read: on padding Keras leaves the decoder unmasked, and no loss looks there.
    is_read = inputs[1].any(axis=-1) | (not masking)
    np.testing.assert_allclose(peer.training.predict_on_batch(inputs)[is_read], expected[is_read], atol=1e-6)


@pytest.mark.slow
def test_the_peer_decodes_an_exported_bundle_as_we_do(bundle_path: Path, tmp_path: Path) -> None:
    keras_files.write_keras(read(bundle_path).trained, tmp_path / "keras")
    models, characters = keras_article.load(tmp_path / "keras")
    texts = ["The dog sleeps.", "Good morning.", "I am here~"]
    rows = keras_article.one_hot(texts, characters.src, max(characters.max_src_length, 20))
    decoded = [keras_article.decode_sequence(rows[i : i + 1], models, characters) for i in range(len(texts))]
    assert [text.removesuffix("\n") for text in decoded] == as_decoded(Translator.load(bundle_path), texts)


@pytest.mark.parametrize(("units", "layers"), EPOCH_TARGETS)
def test_all_sides_of_the_training_bench_get_the_same_sizes(units: int, layers: int) -> None:
    sizes = ["--units", str(units), "--layers", str(layers)]
    bench = training(parser().parse_args(["training", "--data", "pairs.tsv", *sizes]))
    (common,) = {side.command[side.command.index("--data") :] for side in bench.sides}
    assert common == ("--data", "pairs.tsv", "--pairs", "10000", *sizes, "--epochs", "3")
    assert [side.env["KERAS_BACKEND"] for side in bench.sides] == ["jax", "tensorflow", "jax"]
    assert {target.peer for target in bench.targets} < {side.name for side in bench.sides}
