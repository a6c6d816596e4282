"""The peer of the quality bench: it stands alone, and its text, masks, clock and decoding are those of its recipe."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from bench.harness import ROOT, STARTED
from bench.peers import keras_transformer as peer

SENTENCES = [["el", "gato", "come"], ["el", "gato"], ["el"]]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in {"VOCABULARY": 12, "LENGTH": 5, "WIDTH": 8, "INNER": 16, "HEADS": 2, "BATCH": 4}.items():
        monkeypatch.setattr(peer, name, size)


def test_the_peer_imports_nothing_of_ours() -> None:
    source = (ROOT / "bench" / "peers" / "keras_transformer.py").read_text("utf-8")
    assert "dragoman" not in source
    assert "from ." not in source
    assert peer.STARTED == STARTED


def test_text_loses_capitals_and_punctuation_and_gets_marks() -> None:
    assert peer.words_of("¿Where's Tom?") == ["wheres", "tom"]
    assert peer.marked("¿Dónde está?") == ["[start]", "dónde", "está", "[end]"]


def test_words_are_known_by_frequency_and_sentences_are_cut_and_padded(small: None) -> None:
    words = peer.Words(SENTENCES)
    assert words.words == ["", "[UNK]", "el", "gato", "come"]
    assert words.encode([["el", "perro"], ["gato"] * 9], 5).tolist() == [[2, 1, 0, 0, 0], [3] * 5]


def test_the_vocabulary_has_its_size(small: None) -> None:
    assert len(peer.Words([[str(n) for n in range(100)]]).words) == 12


@pytest.mark.slow
def test_a_word_is_predicted_from_those_before_it_and_not_from_padding(small: None) -> None:
    models = peer.build()
    src, trg = np.array([[2, 3, 0, 0, 0]]), np.array([[4, 5, 6, 0, 0]])
    before = models.training.predict_on_batch([src, trg])
    np.testing.assert_allclose(before.sum(axis=-1), 1.0, rtol=1e-5)
    later = models.training.predict_on_batch([src, np.array([[4, 5, 7, 0, 0]])])
    np.testing.assert_allclose(later[:, :2], before[:, :2], atol=1e-6)
    assert not np.allclose(later[:, 2], before[:, 2], atol=1e-4)
    for layer in models.training.layers:  # what padding is embedded as must not count
        if isinstance(layer, peer.WordsAndPlaces):
            table = layer.words.get_weights()[0]
            table[0] = 9.0
            layer.words.set_weights([table])
    np.testing.assert_allclose(models.training.predict_on_batch([src, trg])[:, :3], before[:, :3], atol=1e-6)


@pytest.mark.slow
def test_a_training_ends_with_the_step_in_which_its_time_is_over(small: None) -> None:
    models = peer.build()
    srcs, trgs = np.full((40, 5), 2, np.int32), np.full((40, 6), 3, np.int32)
    figures = peer.train(models, srcs, trgs, deadline=0.0)
    assert figures["epochs"] == 4 / 40
    assert np.isfinite(figures["loss"])


def test_decoding_ends_at_the_mark_or_with_the_last_place(small: None) -> None:
    words = peer.Words([["el", "gato", "come", "[end]", "[start]"]])
    told = [["el", "gato", "[end]", "come", "come"], ["come", "el", "el", "el", "gato"]]
    spelled = words.encode(told, 5)

    def predict_on_batch(arrays: list[peer.Ids]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        srcs, ids = arrays
        assert (ids[:, 0] == words.encode([["[start]"]], 1)).all()
        return np.eye(12, dtype="float32")[spelled[srcs[:, 0]]]

    models = SimpleNamespace(hidden=SimpleNamespace(predict_on_batch=predict_on_batch), output=lambda hidden: hidden)
    srcs = np.array([[0] * 5, [1] * 5, [0] * 5, [0] * 5, [1] * 5], np.int32)
    hyps = peer.decode(models, srcs, words)  # type: ignore[arg-type]
    short, whole = "el gato", "come el el el gato"
    assert hyps == [short, whole, short, short, whole]
