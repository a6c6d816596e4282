"""Ids on the disk and ids in memory are the same ids."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman import encoded as module
from dragoman.buckets import Width
from dragoman.corpus import open_pairs
from dragoman.corpus.pairs import Pair
from dragoman.corpus.preparation import prepare
from dragoman.corpus.store import StoredPairs
from dragoman.encoded import EncodedPairs
from dragoman.vocabulary import BOS, EOS, PAD
from dragoman.vocabulary.characters import CharVocabulary, character_vocabularies


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> StoredPairs:
    return prepare(open_pairs("phrasebook", limit=3000), tmp_path_factory.mktemp("encoded") / "corpus").part("train")


def test_encoding_by_streaming_gives_what_encoding_in_memory_gives(
    stored: StoredPairs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dragoman.corpus.store.BLOCK", 100)
    monkeypatch.setattr(module, "BLOCK", 100)
    vocabularies = character_vocabularies(stored.texts("src"), stored.texts("trg"))
    here = EncodedPairs.from_pairs(list(stored), *vocabularies)
    there = EncodedPairs.write(stored, *vocabularies, tmp_path / "ids")
    for name in ("src_tokens", "src_starts", "trg_tokens", "trg_starts"):
        ours, theirs = getattr(here, name), getattr(there, name)
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)
        assert not theirs.flags.writeable
    assert len(here) == len(there) == len(stored)
    for ours, theirs in zip(here.lengths(), there.lengths(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert here.src_tokens.dtype == np.uint8


def test_each_pair_is_its_text_with_the_marks_of_a_target(pairs: list[Pair]) -> None:
    src, trg = character_vocabularies((p.src for p in pairs), (p.trg for p in pairs))
    encoded = EncodedPairs.from_pairs(pairs, src, trg)
    src_ids, trg_ids = encoded.padded(np.array([3, 0]), Width(6, 12), n_rows=3)
    assert src_ids.dtype == trg_ids.dtype == np.int32
    assert (src_ids.shape, trg_ids.shape) == ((3, 6), (3, 12))
    assert src_ids.tolist()[0] == [*src.encode("Who?"), PAD, PAD]
    assert trg_ids.tolist()[1] == [BOS, *trg.encode("Ve."), EOS, *[PAD] * 7]
    assert not src_ids[2].any()
    assert not trg_ids[2].any()
    assert (encoded.max_src_length, encoded.max_trg_length) == (7, 13)


def test_further_pairs_come_behind_the_others(stored: StoredPairs, tmp_path: Path, pairs: list[Pair]) -> None:
    vocabularies = character_vocabularies(stored.texts("src"), stored.texts("trg"))
    together = EncodedPairs.from_pairs([*stored, *pairs], *vocabularies)
    written = EncodedPairs.write(stored, *vocabularies, tmp_path / "ids", further=pairs)
    np.testing.assert_array_equal(written.src_tokens, together.src_tokens)
    np.testing.assert_array_equal(written.trg_starts, together.trg_starts)


def test_some_pairs_are_evenly_spaced_and_have_no_marks(pairs: list[Pair]) -> None:
    src, trg = character_vocabularies((p.src for p in pairs), (p.trg for p in pairs))
    (src_ids, src_lengths), (trg_ids, trg_lengths) = EncodedPairs.from_pairs(pairs, src, trg).some(len(pairs) // 2)
    chosen = pairs[:: 2 if len(pairs) % 2 == 0 else 3]
    assert src.decode(src_ids.tolist()) == "".join(pair.src for pair in chosen)
    assert trg.decode(trg_ids.tolist()) == "".join(pair.trg for pair in chosen)
    assert src_lengths.tolist() == [len(pair.src) for pair in chosen]
    assert trg_lengths.tolist() == [len(pair.trg) for pair in chosen]


def test_an_array_beside_ids_on_the_disk_leaves_no_file(stored: StoredPairs, tmp_path: Path) -> None:
    vocabularies = character_vocabularies(stored.texts("src"), stored.texts("trg"))
    encoded = EncodedPairs.write(stored, *vocabularies, tmp_path / "ids")
    files = sorted((tmp_path / "ids").iterdir())
    array = encoded.array_beside(np.uint32)
    array[:] = np.arange(len(stored))
    assert array[-1] == len(stored) - 1
    assert sorted((tmp_path / "ids").iterdir()) == files


TEXTS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\t\n"), max_size=12), max_size=8)


@given(TEXTS, TEXTS)
def test_encoding_many_is_encoding_each(known: list[str], texts: list[str]) -> None:
    vocabulary = CharVocabulary.from_texts([*known, "a"], marks=False)
    ids, lengths = vocabulary.encode_many(texts)
    assert ids.tolist() == [number for text in texts for number in vocabulary.encode(text)]
    assert lengths.tolist() == [len(text) for text in texts]
    assert ids.dtype == vocabulary.id_type == np.uint8


def test_ids_take_no_more_bytes_than_they_need() -> None:
    sizes = {252: np.uint8, 253: np.uint16, 65_532: np.uint16, 65_533: np.int32}
    for n_characters, id_type in sizes.items():
        vocabulary = CharVocabulary([chr(0x10000 + number) for number in range(n_characters)], marks=False)
        assert vocabulary.id_type == id_type
        assert vocabulary.encode_many([vocabulary.characters[-1]])[0].tolist() == [vocabulary.size - 1]
