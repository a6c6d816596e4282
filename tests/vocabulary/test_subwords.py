"""Subwords: any text comes back, any ids are a text, a seed is all that sampling depends on."""

from __future__ import annotations

import pickle
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.errors import BundleError
from dragoman.vocabulary import BOS, EOS, PAD, UNK
from dragoman.vocabulary.subwords import SubwordVocabulary

SPACE_MARK, STAND_IN = "\u2581", "\U0010ffff"
STRANGE = ["\0", " ", "\t", "\u2581", "\u2585", "\U0010ffff", "\ud800", "\u0301", "e", "<s>", "<0x41>", "<forward>"]
TEXTS = st.lists(st.text(st.characters(exclude_categories=[])) | st.sampled_from(STRANGE)).map("".join)


def kept(text: str) -> str:
    """What the round trip promises."""
    return unicodedata.normalize("NFC", re.sub("[\ud800-\udfff]", "\ufffd", text))


@given(TEXTS)
def test_any_text_comes_back_and_none_is_unknown(subwords: SubwordVocabulary, text: str) -> None:
    ids = subwords.encode(text)
    assert subwords.decode(ids) == kept(text)
    assert all(UNK < i < subwords.size for i in ids)
    assert subwords.symbol("<forward>") not in ids
    assert subwords.unknown(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "  two  spaces  ",
        "no\u00a0break, ideographic\u3000space, thin\u2009space",
        "tab\tnew\nline\r\nvertical\vform\ffeed\u0085next\u2028line\u2029paragraph",
        "\0\x01\x1b\x7f",
        "\u2581",
        "a\u2581b \u2581\u2581 c\u2581",
        "\u2581\U0010ffff\u2581\U0010ffff\U0010ffff",
        "\u2585 \u2047 \ufffd",
        "<s></s><pad><unk>",
        "<0x41><0xE2><0x96><0x81>",
        "<forward>",
        "👩\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 🇪🇸",
        "\u200dzero\u200bwidth\u200c\u2060\ufeff",
        "\ue000\U000f0000 private, \u0378\U000e0080 unassigned, \ufdd0\ufffe no characters",
        "日本語と中文、한국어, ไทย, العربية, עברית, हिन्दी, Ελληνικά, ქართული",
        "Z\u0334\u0357\u0341a\u0335l\u0336g\u0337o\u0338" * 20,
        "e\u0301 \u1100\u1161\u11a8 \u212b \u0344",
        "lone \ud800 and \udfff\ud800",
        "x" * 20_000,
        "\u2581" * 5_000,
    ],
)
def test_strange_texts_come_back(subwords: SubwordVocabulary, text: str) -> None:
    assert subwords.decode(subwords.encode(text)) == kept(text)


def test_seen_text_has_few_pieces_that_people_can_read(subwords: SubwordVocabulary, sentences: list[str]) -> None:
    tokens = [subwords.tokens(subwords.encode(text)) for text in sentences]
    assert sum(map(len, tokens)) < 0.7 * sum(map(len, sentences))
    assert ["".join(pieces) for pieces in tokens] == [SPACE_MARK + text.replace(" ", SPACE_MARK) for text in sentences]


def test_what_was_never_seen_is_spelled_in_bytes(subwords: SubwordVocabulary) -> None:
    assert subwords.tokens(subwords.encode("Щ" + SPACE_MARK)) == ["▁", "<0xD0>", "<0xA9>", "<0xE2>", "<0x96>", "<0x81>"]


def test_digits_stand_alone(subwords: SubwordVocabulary) -> None:
    tokens = subwords.tokens(subwords.encode("1234"))
    assert len([token for token in tokens if token != SPACE_MARK]) == 4


@given(st.data())
def test_any_ids_are_a_text(subwords: SubwordVocabulary, data: st.DataObject) -> None:
    ids = data.draw(st.lists(st.integers(0, subwords.size - 1)))
    subwords.decode(ids).encode("utf-8")
    assert len(subwords.tokens(np.array(ids, np.int32))) == len(ids)


def test_ids_without_text_and_bytes_of_no_character_are_dropped(subwords: SubwordVocabulary) -> None:
    first, second, third = subwords.encode(SPACE_MARK)[-3:]
    a = subwords.encode("Щa")[-1]
    silent = [PAD, BOS, EOS, UNK, subwords.symbol("<forward>")]
    assert subwords.decode([*silent, first, second, third, *silent]) == SPACE_MARK
    assert subwords.decode([first, second, a, third, second, a, first]) == "aa"


@given(st.lists(TEXTS))
def test_many_are_encoded_as_one_by_one(subwords: SubwordVocabulary, texts: list[str]) -> None:
    ids, lengths = subwords.encode_many(texts)
    assert ids.tolist() == [i for text in texts for i in subwords.encode(text)]
    assert lengths.tolist() == [len(subwords.encode(text)) for text in texts]
    assert ids.dtype == subwords.id_type == np.uint16
    assert lengths.dtype == np.int64


def test_threads_share_a_vocabulary(subwords: SubwordVocabulary, sentences: list[str]) -> None:
    ids = [subwords.encode(text) for text in sentences[:300]]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(subwords.encode, sentences[:300] * 4)) == ids * 4
        seeds = [1, 2, 3] * 10
        alone = {seed: subwords.sampled(ids, seed) for seed in set(seeds)}
        assert list(threads.map(lambda seed: subwords.sampled(ids, seed), seeds)) == [alone[seed] for seed in seeds]


def test_it_can_be_sent_to_another_process(subwords: SubwordVocabulary) -> None:
    again = pickle.loads(pickle.dumps(subwords))
    assert again.model == subwords.model
    assert again.encode("¿Dónde está?") == subwords.encode("¿Dónde está?")


def test_a_symbol_that_is_not_there_is_refused(subwords: SubwordVocabulary) -> None:
    assert UNK < subwords.symbol("<forward>") < subwords.size
    for name in ("<backward>", "<pad>", "<unk>", "a", ""):
        with pytest.raises(BundleError, match="no symbol"):
            subwords.symbol(name)


def test_sampling_depends_on_ids_and_seed_and_nothing_else(subwords: SubwordVocabulary, sentences: list[str]) -> None:
    ids = [subwords.encode(text) for text in sentences[:40]]
    first = subwords.sampled(ids, 7)
    assert first != ids
    subwords.sampled(ids[:3], 8)
    subwords.encode_many(sentences)
    assert subwords.sampled(ids, 7) == first
    assert subwords.sampled(ids, 8) != first
    assert SubwordVocabulary(subwords.model).sampled(ids, 7) == first


@pytest.mark.parametrize("seed", [0, -1, 2**32 - 1, 2**32, 2**64 - 1])
def test_each_whole_number_is_a_seed(subwords: SubwordVocabulary, sentences: list[str], seed: int) -> None:
    ids = [subwords.encode(text) for text in sentences[:20]]
    assert subwords.sampled(ids, seed) == subwords.sampled(ids, seed)


@given(st.lists(TEXTS, max_size=5), st.integers(0, 2**64))
def test_sampled_pieces_are_those_of_the_same_text(subwords: SubwordVocabulary, texts: list[str], seed: int) -> None:
    marked = [[subwords.symbol("<forward>"), *subwords.encode(text), EOS, PAD] for text in texts]
    for text, row in zip(texts, subwords.sampled(marked, seed), strict=True):
        assert row[0] == subwords.symbol("<forward>")
        assert row[-2:] == [EOS, PAD]
        assert subwords.decode(row) == kept(text)
        assert UNK not in row


def test_rows_without_text_stay_as_they_are(subwords: SubwordVocabulary) -> None:
    rows = [[], [BOS, EOS], [PAD]]
    assert subwords.sampled(rows, 1) == rows
    assert subwords.sampled([], 1) == []


def test_what_no_piece_holds_is_foreign(subwords: SubwordVocabulary) -> None:
    assert not any(map(subwords.is_foreign, "Where is the station? ¿Dónde está? 5 \n"))
    assert all(map(subwords.is_foreign, "東京αж🎈"))
