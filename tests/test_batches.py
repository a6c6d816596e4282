from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.batches import Batches, vectorize
from dragoman.corpus import open_pairs
from dragoman.corpus.pairs import Origin, Pair
from dragoman.corpus.preparation import prepare
from dragoman.encoded import EncodedPairs
from dragoman.vocabulary import PAD
from dragoman.vocabulary.characters import CharVocabulary, character_vocabularies

TEXTS = st.text("abcdeñ¿ ", min_size=1, max_size=30)
CORPORA = st.lists(st.builds(Pair, TEXTS, TEXTS, st.just(Origin("made up", 1))), min_size=1, max_size=60)


def encode(pairs: list[Pair]) -> tuple[EncodedPairs, CharVocabulary, CharVocabulary]:
    src, trg = character_vocabularies((p.src for p in pairs), (p.trg for p in pairs))
    return EncodedPairs.from_pairs(pairs, src, trg), src, trg


def article_arrays(pairs: list[Pair]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The article's arrays as the article fills them: three nested loops over dictionaries of characters."""
    input_texts, target_texts = [p.src for p in pairs], ["\t" + p.trg + "\n" for p in pairs]
    src = {c: i for i, c in enumerate(sorted({c for text in input_texts for c in text}))}
    trg = {c: i for i, c in enumerate(sorted({c for text in target_texts for c in text}))}
    longest_src, longest_trg = max(map(len, input_texts)), max(map(len, target_texts))
    encoder_input = np.zeros((len(pairs), longest_src, len(src)), "float32")
    decoder_input = np.zeros((len(pairs), longest_trg, len(trg)), "float32")
    decoder_target = np.zeros((len(pairs), longest_trg, len(trg)), "float32")
    for i, (input_text, target_text) in enumerate(zip(input_texts, target_texts, strict=True)):
        for t, char in enumerate(input_text):
            encoder_input[i, t, src[char]] = 1.0
        for t, char in enumerate(target_text):
            decoder_input[i, t, trg[char]] = 1.0
            if t > 0:
                decoder_target[i, t - 1, trg[char]] = 1.0
    return encoder_input, decoder_input, decoder_target


@given(CORPORA)
def test_vectorize_gives_the_articles_arrays(pairs: list[Pair]) -> None:
    arrays = vectorize(pairs)
    for ours, articles in zip(arrays, article_arrays(pairs), strict=True):
        assert ours.dtype == np.float32
        np.testing.assert_array_equal(ours, articles)


def test_the_target_is_one_step_ahead_and_padding_is_zero(pairs: list[Pair]) -> None:
    arrays = vectorize(pairs)
    assert arrays.encoder_input_data.shape == (5, 7, len({c for p in pairs for c in p.src}))
    assert arrays.decoder_input_data.shape == arrays.decoder_target_data.shape
    np.testing.assert_array_equal(arrays.decoder_target_data[:, :-1], arrays.decoder_input_data[:, 1:])
    assert not arrays.encoder_input_data[0, len("Go.") :].any()
    assert not arrays.decoder_input_data[0, len("\tVe.\n") :].any()
    assert not arrays.decoder_target_data[0, len("Ve.\n") :].any()


def test_an_unknown_character_is_a_zero_row_in_arrays_and_ids(pairs: list[Pair]) -> None:
    src, trg = character_vocabularies(["G."], ["V."])
    arrays = vectorize(pairs[:1], src, trg)
    assert arrays.encoder_input_data[0].sum(axis=1).tolist() == [1, 0, 1]
    assert arrays.decoder_input_data[0].sum(axis=1).tolist() == [1, 1, 0, 1, 1]
    assert arrays.decoder_target_data[0].sum(axis=1).tolist() == [1, 0, 1, 1, 0]


def test_given_lengths_widen_the_arrays(pairs: list[Pair]) -> None:
    arrays = vectorize(pairs, max_src_length=20, max_trg_length=30)
    assert arrays.encoder_input_data.shape[1] == 20
    assert arrays.decoder_input_data.shape[1] == 30


@given(CORPORA, st.integers(1, 7), st.integers(0, 3), st.integers(0, 3))
def test_an_epoch_holds_every_pair_once(pairs: list[Pair], batch_size: int, seed: int, epoch: int) -> None:
    encoded, src, trg = encode(pairs)
    batches = Batches(encoded, batch_size, seed=seed)
    seen: Counter[tuple[str, str]] = Counter()
    n_batches = 0
    for batch in batches.epoch(epoch):
        n_batches += 1
        assert len(batch.src_ids) == batch_size
        for src_ids, trg_ids in zip(batch.src_ids, batch.trg_ids, strict=True):
            if trg_ids[0] != PAD:
                seen[src.decode(src_ids), trg.decode(trg_ids)] += 1
        assert batch.n_pairs == np.count_nonzero(batch.src_ids.any(axis=1))
    assert n_batches == len(batches)
    assert seen == Counter((p.src, p.trg) for p in pairs)


@given(CORPORA, st.integers(1, 7))
def test_the_one_hot_view_of_a_batch_agrees_with_vectorize(pairs: list[Pair], batch_size: int) -> None:
    encoded, src, trg = encode(pairs)
    for batch in Batches(encoded, batch_size, masking=False).epoch(0, shuffle=False):
        texts = [Pair(src.decode(s), trg.decode(t), Origin("", 0)) for s, t in zip(*batch, strict=True)]
        arrays = vectorize(
            texts, src, trg, max_src_length=encoded.max_src_length, max_trg_length=encoded.max_trg_length
        )
        for view, whole in zip(batch.one_hot(src, trg), arrays, strict=True):
            np.testing.assert_array_equal(view, whole)


def test_order_is_a_function_of_seed_and_epoch(phrasebook: list[Pair]) -> None:
    encoded, *_ = encode(phrasebook[:500])

    def order(seed: int, epoch: int) -> list[int]:
        return [int(row) for rows, _ in Batches(encoded, 16, seed=seed).plan(epoch) for row in rows]

    assert order(1, 2) == order(1, 2)
    assert order(1, 2) != order(1, 3)
    assert order(1, 2) != order(2, 2)
    assert sorted(order(1, 2)) == list(range(500))


@given(CORPORA, st.integers(1, 7), st.integers(0, 3))
def test_a_step_is_its_place_in_the_epochs(pairs: list[Pair], batch_size: int, seed: int) -> None:
    encoded, *_ = encode(pairs)
    batches = Batches(encoded, batch_size, seed=seed)
    in_order = [batch for epoch in range(3) for batch in batches.epoch(epoch)]
    assert len(in_order) == 3 * len(batches)
    for step in (2 * len(batches), *range(len(in_order))):
        for asked, given_one in zip(batches.batch_at(step), in_order[step], strict=True):
            np.testing.assert_array_equal(asked, given_one)


DIGEST = """
import hashlib, sys
from dragoman.batches import Batches
from dragoman.corpus import open_pairs
from dragoman.encoded import EncodedPairs
from dragoman.vocabulary.characters import character_vocabularies
pairs = list(open_pairs("phrasebook", limit=500))
encoded = EncodedPairs.from_pairs(pairs, *character_vocabularies((p.src for p in pairs), (p.trg for p in pairs)))
batches = Batches(encoded, 16, seed=5)
some = [batches.batch_at(step) for step in (0, 7, 99, 12345)]
print(hashlib.sha256(b"".join(ids.tobytes() for batch in some for ids in batch)).hexdigest())
"""


@pytest.mark.slow
def test_a_step_is_the_same_batch_in_another_process() -> None:
    runs = {subprocess.run([sys.executable, "-c", DIGEST], check=True, capture_output=True).stdout for _ in range(2)}
    assert len(runs) == 1


def test_batches_from_the_disk_are_those_from_memory(tmp_path: Path) -> None:
    stored = prepare(open_pairs("phrasebook", limit=1000), tmp_path / "corpus").part("train")
    vocabularies = character_vocabularies(stored.texts("src"), stored.texts("trg"))
    here = Batches(EncodedPairs.from_pairs(list(stored), *vocabularies), 32, seed=1)
    there = Batches(EncodedPairs.write(stored, *vocabularies, tmp_path / "ids"), 32, seed=1)
    for ours, theirs in zip(here.epoch(4), there.epoch(4), strict=True):
        np.testing.assert_array_equal(ours.src_ids, theirs.src_ids)
        np.testing.assert_array_equal(ours.trg_ids, theirs.trg_ids)


def test_buckets_are_few_and_save_padding(phrasebook: list[Pair]) -> None:
    encoded, *_ = encode(phrasebook[:2000])
    bucketed = Batches(encoded, 64)
    whole = Batches(encoded, 64, masking=False)
    assert bucketed.n_shapes <= 8
    assert whole.n_shapes == 1
    assert bucketed.padding < whole.padding
    padded = sum(batch.trg_ids[batch.trg_ids.any(axis=1)].size for batch in bucketed.epoch(0))
    tokens = sum(np.count_nonzero(batch.trg_ids) for batch in bucketed.epoch(0))
    assert bucketed.padding == pytest.approx(1 - tokens / padded)


def test_weights_count_the_tokens_to_predict(pairs: list[Pair]) -> None:
    encoded, *_ = encode(pairs)
    (batch,) = Batches(encoded, 8).epoch(0)
    assert batch.n_tokens == sum(len(p.trg) + 1 for p in pairs)
    assert batch.trg_weights.sum() == batch.n_tokens
    assert batch.trg_weights.shape == (8, batch.trg_ids.shape[1] - 1)
