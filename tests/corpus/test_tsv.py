import gzip
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.corpus import Origin, Pair, open_pairs, write_pairs
from dragoman.corpus.lines import clean
from dragoman.errors import CorpusError, UsageError

SIDES = st.text(min_size=1).map(clean).filter(bool)
PAIRS = st.lists(st.builds(Pair, SIDES, SIDES, st.builds(Origin, st.just("x"), st.just(1), st.text().map(clean))))


def pair(src: str, trg: str, attribution: str = "") -> Pair:
    return Pair(src, trg, Origin("spa.txt", 7, attribution))


@given(PAIRS.filter(bool), st.sampled_from(["a.tsv", "a.tsv.gz"]))
def test_what_is_written_is_read_back(pairs: list[Pair], name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        assert write_pairs(pairs, path) == len(pairs)
        expected = [Pair(p.src, p.trg, Origin(name, line, p.origin.attribution)) for line, p in enumerate(pairs, 1)]
        assert list(open_pairs(path, min_pairs=0)) == expected
        assert [p.name for p in Path(folder).iterdir()] == [name]


def test_the_attribution_is_the_third_column(tmp_path: Path) -> None:
    write_pairs([pair("Go.", "Ve.", "CC-BY #1"), pair("Hi.", "Hola.")], tmp_path / "a.tsv")
    assert (tmp_path / "a.tsv").read_bytes() == b"Go.\tVe.\tCC-BY #1\nHi.\tHola.\n"


def test_packed_files_of_the_same_pairs_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz"):
        write_pairs([pair("Go.", "Ve.")], tmp_path / name)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()) == b"Go.\tVe.\n"


@pytest.mark.parametrize(
    "unwritable",
    [
        pair("a\tb", "x"),
        pair("a", "x\ny"),
        pair("", "x"),
        pair("a ", "x"),
        pair("a", "n\u0303"),
        pair("a", "x", "by\tme"),
    ],
)
def test_a_pair_that_would_not_come_back_is_refused_and_nothing_changes(tmp_path: Path, unwritable: Pair) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("before")
    with pytest.raises(CorpusError, match=r"^spa.txt:7: .* cannot stand in a tab-separated file"):
        write_pairs([pair("Go.", "Ve."), unwritable], path)
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.tsv", "before")]


def test_a_stop_in_the_middle_leaves_no_file(tmp_path: Path) -> None:
    def stopped() -> Iterator[Pair]:
        yield pair("Go.", "Ve.")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_pairs(stopped(), tmp_path / "a.tsv.gz")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["none/a.tsv", "a.zip"])
def test_a_path_that_cannot_be_written_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"a\.(tsv|zip)"):
        write_pairs([pair("Go.", "Ve.")], tmp_path / name)
