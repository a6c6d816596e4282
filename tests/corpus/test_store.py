"""Pairs at rest come back as they went in, in order, by part, and only when they are asked for."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from dragoman.corpus import open_pairs, write_pairs
from dragoman.corpus.cleaning import CleaningRules
from dragoman.corpus.pairs import Origin, Pair, evenly
from dragoman.corpus.preparation import prepare
from dragoman.corpus.splitting import PARTS
from dragoman.corpus.store import Store
from dragoman.errors import CorpusError


@pytest.fixture
def pairs() -> list[Pair]:
    return [
        Pair(f"Ich habe {n} Hunde 🐕.", f"I have {n} dogs.", Origin("a.tsv", n + 1, "CC BY, Jürgen" if n % 4 else ""))
        for n in range(300)
    ]


@pytest.fixture
def store(pairs: list[Pair], tmp_path: Path) -> Store:
    write_pairs(pairs, tmp_path / "a.tsv")
    return prepare(open_pairs(tmp_path / "a.tsv"), tmp_path / "store", dev=0.2, test=0.2)


def test_pairs_come_back_whole_and_in_order(store: Store, pairs: list[Pair], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.corpus.store.BLOCK", 7)
    parts = [list(store.part(name)) for name in PARTS]
    assert sorted((pair for part in parts for pair in part), key=lambda pair: pair.origin.number) == pairs
    for part in parts:
        assert part
        assert [pair.origin.number for pair in part] == sorted(pair.origin.number for pair in part)


def test_a_part_is_a_sequence(store: Store) -> None:
    part = store.part("train")
    known = list(part)
    assert len(part) == len(known) == store.facts.n_pairs["train"]
    assert (part[0], part[-1], part[17]) == (known[0], known[-1], known[17])
    assert list(part[3:90:5]) == known[3:90:5]
    assert list(part[::-1]) == known[::-1]
    with pytest.raises(IndexError):
        part[len(known)]


def test_the_texts_of_one_side(store: Store) -> None:
    part = store.part("dev")
    assert list(part.texts("src")) == [pair.src for pair in part]
    assert [text for block in part.blocks("trg") for text in block] == [pair.trg for pair in part]


def test_opened_again_it_is_the_same(store: Store) -> None:
    again = Store(store.folder)
    assert again.facts == store.facts
    assert again.facts.rules == CleaningRules()
    assert [list(again.part(name)) for name in PARTS] == [list(store.part(name)) for name in PARTS]


def test_a_store_without_attributions(tmp_path: Path) -> None:
    store = prepare(open_pairs("phrasebook", limit=100), tmp_path / "store", dev=0, test=0)
    assert list(store.part("train")) == list(open_pairs("phrasebook", limit=100))
    assert list(store.part("test")) == []
    assert store.facts.sources == []
    store.check_sources()


def test_a_folder_that_holds_no_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="not a prepared corpus"):
        Store(tmp_path)


def test_the_files_that_were_read_are_written_down(store: Store, tmp_path: Path) -> None:
    (source,) = store.facts.sources
    assert (source.name, source.path) == ("a.tsv", str(tmp_path / "a.tsv"))
    assert source.n_bytes == (tmp_path / "a.tsv").stat().st_size
    store.check_sources()


def test_a_corpus_that_changed_is_noticed(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    data = path.read_bytes()
    path.write_bytes(data.replace(b"299", b"300"))
    with pytest.raises(CorpusError, match=r"a\.tsv: the file has changed .*: it had the SHA-256 .*…$"):
        store.check_sources()
    path.write_bytes(data + b"one\tmore\n")
    n = len(data)
    with pytest.raises(CorpusError, match=f"it had {n:,} bytes and has {n + 9:,}$"):
        store.check_sources()
    path.unlink()
    with pytest.raises(CorpusError, match="it cannot be read any more: No such file"):
        store.check_sources()
    path.write_bytes(data)
    store.check_sources()


@pytest.mark.parametrize(("n", "at_most", "n_taken"), [(0, 5, 0), (5, 5, 5), (6, 5, 3), (100, 10, 10), (101, 10, 10)])
def test_taking_evenly(n: int, at_most: int, n_taken: int) -> None:
    taken = evenly(range(n), at_most)
    assert len(taken) == n_taken
    assert len({b - a for a, b in pairwise(taken)}) <= 1
