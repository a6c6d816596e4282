"""A corpus streamed into a store: the same pairs as through lists, whichever way, and nothing half-made."""

from __future__ import annotations

import gzip
import io
import logging
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.corpus import Pair, PairReader, lines, measuring, open_pairs, preparation
from dragoman.corpus.cleaning import Cleaner, CleaningRules
from dragoman.corpus.formats.delimited import read_delimited
from dragoman.corpus.lines import Source
from dragoman.corpus.pairs import Origin
from dragoman.corpus.preparation import prepare, work_folder
from dragoman.corpus.splitting import PARTS, split
from dragoman.corpus.store import Store
from dragoman.errors import CorpusError, UsageError
from tests.fakes import reader_of


def write_mixed(path: Path, n_pairs: int = 600) -> Path:
    """A file with attributions, a blank line, duplicates, shared and overlong sentences, and a bad row."""
    rows = []
    for n in range(n_pairs):
        columns = [f"I have {n % 500} dogs.", f"Tengo {n % 500 if n % 7 else n} perros."]
        rows.append("\t".join([*columns, *([f"by hand {n}"] if n % 3 == 0 else [])]))
    rows[20:20] = ["", "no tab", "x" * 600 + "\ty", "Go.\tThe committee will meet on Thursday at ten."]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def content(store: Store) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(store.folder.iterdir())}


@pytest.fixture
def in_small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "BLOCK", 50)


@pytest.mark.usefixtures("in_small_blocks")
def test_it_keeps_drops_and_splits_as_cleaner_and_split_do(tmp_path: Path) -> None:
    path = write_mixed(tmp_path / "a.tsv")
    store = prepare(open_pairs(path), tmp_path / "store", seed=3, dev=0.1, test=0.1)
    cleaner, reader = Cleaner(), open_pairs(path)
    parts = split(list(cleaner(reader)), seed=3, dev=0.1, test=0.1)
    for name in PARTS:
        assert list(store.part(name)) == getattr(parts, name)
    facts = store.facts
    assert facts.cleaning == cleaner.report
    assert facts.cleaning.dropped == {"duplicate": 86, "too long": 1, "length ratio": 1}
    assert (facts.n_rows, facts.n_bad, facts.warnings) == (reader.n_rows, 1, parts.warnings)
    assert facts.n_pairs == {name: len(getattr(parts, name)) for name in PARTS}


SIDES = st.text("abcñ?", min_size=1, max_size=4)


@given(st.lists(st.tuples(SIDES, SIDES), max_size=60))
def test_any_pairs_come_out_as_through_lists(
    tmp_path_factory: pytest.TempPathFactory, sides: list[tuple[str, str]]
) -> None:
    pairs = [Pair(src, trg, Origin("x", line)) for line, (src, trg) in enumerate(sides, 1)]
    pairs += [Pair(f"source {n}", f"target {n}", Origin("x", 100 + n)) for n in range(120)]
    store = prepare(reader_of(pairs), tmp_path_factory.mktemp("any") / "store", dev=0.3, test=0.3)
    parts = split(list(Cleaner()(pairs)), dev=0.3, test=0.3)
    assert [list(store.part(name)) for name in PARTS] == [parts.train, parts.dev, parts.test]
    assert store.facts.warnings == parts.warnings


@pytest.mark.usefixtures("in_small_blocks")
def test_further_processes_give_the_same_store_byte_for_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_mixed(tmp_path / "a.tsv", 1200)
    here = prepare(open_pairs(path, reverse=True, limit=1100), tmp_path / "here")
    monkeypatch.setattr(measuring, "N_BLOCKS_HERE", 2)
    there = prepare(open_pairs(path, reverse=True, limit=1100), tmp_path / "there")
    assert content(here) == content(there)
    assert there.facts.cleaning.n_read == 1100
    assert there.facts.reverse


@pytest.mark.usefixtures("in_small_blocks")
def test_errors_on_the_way_are_those_of_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_mixed(tmp_path / "a.tsv", 400)
    monkeypatch.setattr(lines, "MAX_TEXT_BYTES", path.stat().st_size - 1)
    messages, logs = [], []
    for n_blocks in (100, 2):
        monkeypatch.setattr(measuring, "N_BLOCKS_HERE", n_blocks)
        caplog.clear()
        with caplog.at_level(logging.WARNING), pytest.raises(CorpusError) as error:
            prepare(open_pairs(path), tmp_path / "store")
        messages.append(str(error.value))
        logs.append(caplog.messages)
        assert [file.name for file in tmp_path.iterdir()] == ["a.tsv"]
    assert messages[0] == messages[1]
    assert messages[0].startswith("a.tsv:404: more than")
    assert logs[0] == logs[1] == ["a.tsv:22: expected 2 or 3 columns, found 1 (is the separator a tab?)"]


def test_too_few_pairs_and_empty_parts_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("".join(f"I have {n % 40} dogs.\tTengo {n % 40} perros.\n" for n in range(50)))
    with pytest.raises(CorpusError, match=r"a\.tsv: at least 50 pairs are needed; cleaning kept 40 of 50 pairs, drop"):
        prepare(open_pairs(path), tmp_path / "store", min_pairs=50)
    path.write_text("".join(f"I have {n} dogs.\tTengo perros.\n" for n in range(50)))
    with pytest.raises(CorpusError, match="the dev part of a split of 50 pairs is empty: pairs that share a sentence"):
        prepare(open_pairs(path), tmp_path / "store")
    with pytest.raises(UsageError, match="together below 1"):
        prepare(open_pairs(path), tmp_path / "store", dev=0.5, test=0.5)
    assert [file.name for file in tmp_path.iterdir()] == ["a.tsv"]


def test_a_group_too_large_is_named_as_in_a_split_of_lists(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("".join(f"{'Thanks!' if n < 60 else n}\tgracias {n}\n" for n in range(400)), "utf-8")
    store = prepare(open_pairs(path, reverse=True), tmp_path / "store", dev=0.2, test=0.2)
    assert store.facts.warnings == split(list(open_pairs(path, reverse=True)), dev=0.2, test=0.2).warnings
    assert "(one of them is 'gracias 0', a.tsv:1)" in store.facts.warnings[0]


def test_progress_counts_pairs_and_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "BLOCK", 250)
    path = write_mixed(tmp_path / "a.tsv")
    seen: list[tuple[int, int, int | None]] = []
    prepare(open_pairs(path), tmp_path / "store", progress=lambda *so_far: seen.append(so_far))
    assert [n_pairs for n_pairs, *_ in seen] == [250, 500, 602]
    assert seen[-1][1:] == (path.stat().st_size, path.stat().st_size)
    packed = tmp_path / "a.tsv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    prepare(open_pairs(packed), tmp_path / "store", progress=lambda *so_far: seen.append(so_far))
    assert seen[-1] == (602, path.stat().st_size, None)


def test_what_comes_through_a_pipe_is_kept_as_far_as_it_was_read(tmp_path: Path) -> None:
    data = write_mixed(tmp_path / "a.tsv").read_bytes()
    source = Source("standard input", lambda: io.BufferedReader(io.BytesIO(data)))
    reader = PairReader("standard input", partial(read_delimited, source), sources=(source,), limit=100, once=True)
    store = prepare(reader, tmp_path / "store", dev=0.1, test=0.1)
    (kept,) = store.facts.sources
    text = (store.folder / kept.path).read_bytes()
    assert data.startswith(text)
    assert text.count(b"\n") == 102  # a blank line and a bad row are among them
    store.check_sources()
    (store.folder / kept.path).write_bytes(text + b"\n")
    with pytest.raises(CorpusError, match="standard input: the file has changed"):
        store.check_sources()


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = write_mixed(tmp_path / "a.tsv")

    def edit(*_: object) -> None:
        path.write_bytes(path.read_bytes() + b"one\tmore\n")

    with pytest.raises(CorpusError, match=r"a\.tsv: the file changed while it was read"):
        prepare(open_pairs(path), tmp_path / "store", progress=edit)
    assert not (tmp_path / "store").exists()


def _reader(name: str, pairs: list[tuple[str, str]]) -> PairReader:
    return reader_of([Pair(src, trg, Origin(name, n)) for n, (src, trg) in enumerate(pairs, 1)], name)


def _dogs(first: int, end: int) -> list[tuple[str, str]]:
    return [(f"I have {n} dogs.", f"Tengo {n} perros.") for n in range(first, end)]


def _corpora(store: Store) -> dict[str, dict[str, int]]:
    return {corpus.name: corpus.n_pairs for corpus in store.facts.corpora}


def test_each_of_several_corpora_has_its_share_of_every_part(tmp_path: Path) -> None:
    large, small = _reader("large.tsv", _dogs(0, 4000)), _reader("small.tsv", _dogs(5000, 5200))
    store = prepare([large, small], tmp_path / "store")
    counted = {name: Counter(pair.origin.corpus for pair in store.part(name)) for name in PARTS}
    assert _corpora(store) == {
        corpus: {name: counted[name][corpus] for name in PARTS} for corpus in ("large.tsv", "small.tsv")
    }
    assert sum(_corpora(store)["large.tsv"].values()) == 4000
    assert min(counted["test"]["large.tsv"], counted["dev"]["large.tsv"]) >= 50
    # Two hundredths of 200 pairs would tell nothing.
    assert counted["test"]["small.tsv"] == counted["dev"]["small.tsv"] == 20
    assert any("small.tsv" in warning for warning in store.facts.warnings)


def test_a_pair_of_two_corpora_counts_to_the_first(tmp_path: Path) -> None:
    store = prepare([_reader("a.tsv", _dogs(0, 600)), _reader("b.tsv", _dogs(500, 1200))], tmp_path / "store")
    assert {name: sum(parts.values()) for name, parts in _corpora(store).items()} == {"a.tsv": 600, "b.tsv": 600}
    assert store.facts.cleaning.dropped["duplicate"] == 100
    assert {pair.origin.corpus for part in PARTS for pair in store.part(part) if pair.origin.number == 550} == {
        "a.tsv",
        "b.tsv",
    }


@pytest.mark.parametrize("first", [0, 1])
def test_a_further_source_moves_no_pair_from_test_to_train(tmp_path: Path, first: int) -> None:
    own, other = _dogs(0, 3000), _dogs(3000, 6000) + [("I have 7 dogs.", f"Tengo siete perros, {n}") for n in range(3)]
    readers = [_reader("own.tsv", own), _reader("other.tsv", other)]
    alone, both = (
        prepare(readers[:1], tmp_path / "alone"),
        prepare(readers[first:] + readers[:first], tmp_path / "both"),
    )
    test, train = {p.src for p in alone.part("test")}, {p.src for p in both.part("train")}
    assert len(test) >= 30
    assert not test & train


def test_what_was_held_out_before_stays_held_out_and_what_was_learned_stays_in_training(tmp_path: Path) -> None:
    places = {"train": (0, 40), "dev": (40, 50), "test": (50, 60)}
    before = {
        part: [Pair(*sides, Origin("old.tsv", n, corpus="old")) for n, sides in enumerate(_dogs(*places[part]))]
        for part in PARTS
    }
    again = [("i have 3 DOGS", f"Tres, {n}") for n in range(5)] + [("Fifty-five!", "tengo 55 perros")]
    new = prepare(
        _reader("new.tsv", _dogs(30, 70) + again + _dogs(100, 400)), tmp_path / "store", before=before, dev=0.1
    )
    sides = {part: {(p.src, p.trg) for p in new.part(part)} for part in PARTS}
    for part, pairs in before.items():
        assert {(p.src, p.trg) for p in pairs} <= sides[part]
    assert set(again[:5]) <= sides["train"], "they share a sentence with what was learned"
    assert not any(again[5] in pairs for pairs in sides.values())
    assert new.facts.cleaning.dropped["with a sentence that was held out before"] == 1
    assert len(sides["dev"]) > 20
    assert set(_corpora(new)) == {"old", "new.tsv"}


def test_an_older_store_is_replaced_only_by_a_whole_one(tmp_path: Path) -> None:
    path = write_mixed(tmp_path / "a.tsv")
    before = content(prepare(open_pairs(path), tmp_path / "store"))
    with pytest.raises(CorpusError):
        prepare(open_pairs(path), tmp_path / "store", min_pairs=10_000)
    assert content(Store(tmp_path / "store")) == before
    after = prepare(open_pairs(path), tmp_path / "store", rules=CleaningRules(max_length=16))
    assert after.facts.cleaning.dropped["too long"] > 1


def test_a_work_folder_leaves_nothing_that_was_not_there(tmp_path: Path) -> None:
    with work_folder(tmp_path / "a" / "b" / "work") as work:
        work.mkdir(parents=True)
        (work / "file").touch()
    assert not any(tmp_path.iterdir())
    with work_folder(tmp_path / "a" / "b" / "work") as work:
        work.mkdir(parents=True)
        (tmp_path / "a" / "result").touch()
    assert [file.name for file in (tmp_path / "a").iterdir()] == ["result"]


def test_a_full_disk_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CorpusError, match="cannot be written: Not a directory"):
        prepare(open_pairs("phrasebook", limit=100), tmp_path / "file" / "store")


ENDLESS = """
import itertools, sys
from pathlib import Path
from dragoman.corpus import PairReader, measuring, preparation
from dragoman.corpus.units import Segment, Unit
preparation.BLOCK, measuring.N_BLOCKS_HERE = 50, 1
units = (Unit("x", n, (Segment("", f"a {n}"), Segment("", f"b {n}"))) for n in itertools.count())
preparation.prepare(PairReader("x", lambda: units), Path(sys.argv[1]), progress=lambda n, *_: print(n, flush=True))
"""


def test_a_killed_preparation_leaves_nothing_half_made_and_no_process(tmp_path: Path) -> None:
    script, store = tmp_path / "endless.py", tmp_path / "store"
    script.write_text(ENDLESS)
    with subprocess.Popen([sys.executable, script, store], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while int(process.stdout.readline()) < 500:
            pass
        below = children(process.pid)
        process.kill()
    assert len(below) >= measuring.N_HELPERS
    deadline = time.monotonic() + 60
    while any(map(alive, below)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, below))
    assert not store.exists()
    prepare(open_pairs("phrasebook", limit=200), store)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["endless.py", "store"]


def children(pid: int) -> list[int]:
    found: list[int] = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        found += map(int, file.read_text().split())
    return found


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.usefixtures("in_small_blocks")
def test_a_killed_helper_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "N_BLOCKS_HERE", 1)

    def kill(n_pairs: int, *_: object) -> None:
        for pid in children(os.getpid()):
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(CorpusError, match="a process that helped to prepare the corpus was killed"):
        prepare(open_pairs("phrasebook"), tmp_path / "store", progress=kill)
    assert not any(tmp_path.iterdir())


class Judged(NamedTuple):
    reason: str
    mended: Pair | None = None


class Strict:
    """A filter that finds cats bad, and mends dogs that are written with a zero."""

    def judge(self, pairs: Sequence[Pair]) -> list[Judged | None]:
        return [self._of(pair) for pair in pairs]

    def _of(self, pair: Pair) -> Judged | None:
        if "d0gs" in pair.src:
            return Judged("spelling", pair._replace(src=pair.src.replace("d0gs", "dogs")))
        return Judged("cats") if "cats" in pair.src else None


def test_what_a_filter_finds_bad_is_left_out_and_what_it_mends_is_trained_on(tmp_path: Path) -> None:
    cats = [(f"I have {n} cats.", f"Tengo {n} gatos.") for n in range(40)]
    mended = [("I have 900 d0gs.", "Tengo 900 perros."), ("I have 7 d0gs.", "Tengo 7 perros.")]
    pairs = [*_dogs(0, 400), *cats, *mended]
    n_learned: list[int] = []

    def learn(pairs: Sequence[Pair]) -> Strict:
        n_learned.append(len(pairs))
        return Strict()

    store = prepare(_reader("a.tsv", pairs), tmp_path / "store", learn=learn, dev=0.1, test=0.1)
    found = [pair[:2] for part in PARTS for pair in store.part(part)]
    assert sorted(found) == sorted([*_dogs(0, 400), ("I have 900 dogs.", "Tengo 900 perros.")])
    assert store.facts.cleaning.dropped["cats"] == 40
    assert store.facts.cleaning.n_kept == 401
    assert store.facts.cleaning.examples["cats"][0] == "a.tsv:401: I have 0 cats. | Tengo 0 gatos."
    assert n_learned == [len(pairs)], "it has learned from all of them"
    # Whatever a filter thinks of other pairs, each stays in its part.
    plain = prepare(_reader("a.tsv", pairs), tmp_path / "plain", dev=0.1, test=0.1)
    for part in PARTS:
        assert {p for p in store.part(part) if "dogs" in p.src and "900" not in p.src} <= set(plain.part(part))
