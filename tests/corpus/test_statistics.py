from pathlib import Path

import pytest

from dragoman.corpus import Origin, Pair, open_pairs
from dragoman.corpus.statistics import Lengths, Statistics, corpus_statistics
from dragoman.errors import CorpusError


def pairs_of(*sides: tuple[str, str]) -> list[Pair]:
    return [Pair(src, trg, Origin("x", line)) for line, (src, trg) in enumerate(sides, 1)]


def test_a_small_corpus_counted_by_hand() -> None:
    pairs = pairs_of(("Go.", "Ve."), ("Go!", "Vete."), ("Go.", "Ve."), ("Hi.", "Hola."), ("Oh", "¡Oh!"))
    stats = corpus_statistics(pairs)
    assert stats == Statistics(
        n_pairs=5,
        n_rows=5,
        n_bad=0,
        src_lengths=Lengths(mean=14 / 5, median=3, p95=3, max=3),
        trg_lengths=Lengths(mean=20 / 5, median=4, p95=5, max=5),
        n_src_symbols=len("Go.!HiOh"),
        n_trg_symbols=len("Ve.tHola¡Oh!"),
        n_duplicates=1,
        n_groups=3,
        largest_group=3,
        random_split_leak=stats.random_split_leak,
    )


def test_rows_and_bad_rows_come_from_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("".join(f"a{n}\tb{n}\n" for n in range(200)) + "bad\n", encoding="utf-8")
    stats = corpus_statistics(open_pairs(path))
    assert (stats.n_pairs, stats.n_rows, stats.n_bad) == (200, 201, 1)


@pytest.mark.parametrize(
    ("sides", "leak"),
    [
        ([(f"a{n}", f"b{n}") for n in range(500)], 0.0),
        ([(f"a{n // 2}", f"b{n}") for n in range(4)], 1.0),
        ([(f"a{n}", f"b {n // 2}.") for n in range(4)], 1.0),
    ],
)
def test_the_leak_of_a_random_split(sides: list[tuple[str, str]], leak: float) -> None:
    assert corpus_statistics(pairs_of(*sides)).random_split_leak == leak


def test_a_partial_leak_is_a_share_of_the_test_pairs() -> None:
    # Half of the pairs have a twin, so about half of a random test part leaks.
    sides = [(f"a{n}", f"b{n}") for n in range(5000)] + [(f"twin{n // 2}", f"c{n}") for n in range(5000)]
    leak = corpus_statistics(pairs_of(*sides), seed=3).random_split_leak
    assert leak == pytest.approx(0.5, abs=0.15)
    assert leak == corpus_statistics(pairs_of(*sides), seed=3).random_split_leak


def test_no_pairs_is_an_error() -> None:
    with pytest.raises(CorpusError, match="no pairs"):
        corpus_statistics([])
