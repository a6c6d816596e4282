import unicodedata
from collections.abc import Callable
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.corpus import Origin, Pair
from dragoman.corpus.splitting import PARTS, Split, assign_parts, components, group, normalise, split
from dragoman.errors import CorpusError, UsageError


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("Go!", "go"),
        ("¿Dónde está?", "dóndeestá"),
        ("Do\u0301nde esta\u0301", "dóndeestá"),
        ("Straße 24/7", "strasse247"),
        ("snake_case", "snakecase"),
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        ("行け。", "行け"),
        ("?!", "?!"),
        ("…", "…"),
    ],
)
def test_normalise(text: str, normalised: str) -> None:
    assert normalise(text) == normalised


@pytest.mark.slow
def test_letters_and_digits_are_those_of_str_isalnum() -> None:
    text = "-".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    folded = unicodedata.normalize("NFC", text).casefold()
    assert normalise(text) == "".join(filter(str.isalnum, folded))


def pairs_of(*sides: tuple[str, str]) -> list[Pair]:
    return [Pair(src, trg, Origin("x", line)) for line, (src, trg) in enumerate(sides, 1)]


def test_groups_are_chains_of_shared_sentences() -> None:
    srcs, trgs = ["go", "go", "leave", "hi", "ve"], ["ve", "vete", "vete", "hola", "go"]
    assert group(srcs, trgs) == [0, 0, 0, 3, 4]


def closure(sides: list[tuple[int, int]]) -> list[int]:
    """The first pair of each pair's group, by walking from pair to pair."""
    found = [-1] * len(sides)
    for first in range(len(sides)):
        waiting = [first] if found[first] < 0 else []
        while waiting:
            here = waiting.pop()
            found[here] = first
            waiting += [
                other
                for other, (src, trg) in enumerate(sides)
                if found[other] < 0 and (src == sides[here][0] or trg == sides[here][1])
            ]
    return found


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40))
def test_groups_are_what_a_walk_from_pair_to_pair_finds(sides: list[tuple[int, int]]) -> None:
    srcs, trgs = np.array(sides, np.uint64).reshape(-1, 2).T
    assert components(srcs, trgs).tolist() == closure(sides)


def test_a_long_chain_in_any_order_is_one_group() -> None:
    n = 5000
    order = np.random.default_rng(1).permutation(n).astype(np.uint64)
    srcs, trgs = order // np.uint64(2), (order + np.uint64(1)) // np.uint64(2)
    assert not components(srcs, trgs).any()


# Words enough that few groups grow too large for their corpus.
WORDS = st.integers(0, 150).map(lambda n: f"w{n}")
CORPORA = st.lists(st.tuples(WORDS, WORDS), min_size=5, max_size=80).map(lambda sides: pairs_of(*sides))
# Pairs enough for every part, so that what Hypothesis adds decides nothing but its own place.
BASE = pairs_of(*((f"source {n}", f"target {n}") for n in range(120)))


def parts(result: Split) -> dict[str, list[Pair]]:
    return {"train": result.train, "dev": result.dev, "test": result.test}


def split_some(pairs: list[Pair], seed: int = 0) -> Split:
    return split(BASE + pairs, seed=seed, dev=0.2, test=0.2)


@given(CORPORA, st.integers(0, 5))
def test_no_normalised_sentence_stands_in_two_parts(pairs: list[Pair], seed: int) -> None:
    result = split_some(pairs, seed)
    for side in (0, 1):
        homes: dict[str, str] = {}
        for name, part in parts(result).items():
            for pair in part:
                assert homes.setdefault(normalise((pair.src, pair.trg)[side]), name) == name


@given(CORPORA)
def test_every_pair_is_in_one_part_in_the_order_of_the_input(pairs: list[Pair]) -> None:
    given_pairs = [p._replace(origin=Origin("x", n)) for n, p in enumerate(BASE + pairs)]
    result = split(given_pairs, dev=0.2, test=0.2)
    lines = [[p.origin.number for p in part] for part in parts(result).values()]
    assert all(part == sorted(part) for part in lines)
    assert sorted(chain.from_iterable(lines)) == list(range(len(given_pairs)))


@given(CORPORA)
def test_swapping_the_sides_gives_the_same_split(pairs: list[Pair]) -> None:
    there, back = split_some(pairs), split([p.reversed() for p in BASE + pairs], dev=0.2, test=0.2)
    for part, swapped in zip(parts(there).values(), parts(back).values(), strict=True):
        assert [p.reversed() for p in part] == swapped


@given(CORPORA, st.lists(st.tuples(WORDS, WORDS), max_size=20))
def test_adding_pairs_moves_none_from_test_to_another_part(pairs: list[Pair], more: list[tuple[str, str]]) -> None:
    before, after = split_some(pairs), split_some(pairs + pairs_of(*more))
    if not after.warnings:
        sides = {p[:2] for p in after.test}
        assert all(p[:2] in sides for p in before.test)


def test_another_seed_gives_another_split_and_the_same_seed_the_same() -> None:
    assert split_some([], 1) == split_some([], 1)
    assert split_some([], 1).test != split_some([], 2).test


def test_shares_are_kept_where_sentences_are_not_shared() -> None:
    pairs = pairs_of(*((f"a{n}", f"b{n}") for n in range(20_000)))
    result = split(pairs, dev=0.05, test=0.02)
    assert len(result.dev) == pytest.approx(1000, rel=0.2)
    assert len(result.test) == pytest.approx(400, rel=0.2)
    assert result.warnings == []


def test_the_split_is_the_same_on_every_machine() -> None:
    pairs = pairs_of(*((f"source {n}", f"target {n}") for n in range(200)))
    assert [p.origin.number for p in split(pairs).test] == [19, 68, 166, 200]


@pytest.mark.parametrize(("n_alike", "n_warnings"), [(10, 0), (11, 1)])
def test_a_group_too_large_for_its_corpus_goes_to_train_with_a_warning(n_alike: int, n_warnings: int) -> None:
    alike = pairs_of(*(("Thanks!", f"gracias {n}") for n in range(n_alike)))
    in_train = 0
    for seed in range(40):
        result = split(BASE + alike, seed=seed, dev=0.4, test=0.4)
        assert len(result.warnings) == n_warnings
        in_train += alike[0] in result.train
    assert (in_train == 40) == bool(n_warnings)
    if n_warnings:
        assert result.warnings == [
            "11 of 131 pairs hang together by shared sentences and stay in the training part (one of them is "
            "'Thanks!', x:1)"
        ]


TWO_GROUPS = pairs_of(*((f"{'a' if n < 10 else 'b'}", f"target {n}") for n in range(20)))
EMPTY: list[tuple[str, Callable[[], Split]]] = [
    ("train part of a split of 0 pairs", lambda: split([], dev=0, test=0)),
    ("train part of a split of 2 pairs", lambda: split(BASE[:2])),
    ("train part of a split of 20 pairs", lambda: split(TWO_GROUPS)),
    ("train part of a split of 10 pairs", lambda: split(TWO_GROUPS[:10])),
]


@pytest.mark.parametrize(("part", "make"), EMPTY)
def test_groups_too_few_for_the_parts_are_refused_with_the_reason(part: str, make: Callable[[], Split]) -> None:
    reason = r"pairs that share a sentence stay together, and these pairs are only \d groups \(add pairs of other"
    with pytest.raises(CorpusError, match=f"the {part} is empty: {reason}"):
        make()


@pytest.mark.parametrize("n_pairs", [20, 60, 100, 150, 500])
def test_small_corpora_get_all_parts_whatever_their_hashes(n_pairs: int) -> None:
    filled = 0
    for corpus in range(60):
        result = split(pairs_of(*((f"source {corpus} {n}", f"target {corpus} {n}") for n in range(n_pairs))))
        sizes = {name: len(part) for name, part in parts(result).items()}
        assert min(sizes["dev"], sizes["test"]) >= n_pairs / 100
        assert sizes["train"] >= 0.8 * n_pairs
        filled += bool(result.warnings)
    assert 0 < filled < 60 or n_pairs in (20, 500), "some were dealt by their hashes alone"


def test_a_part_that_was_filled_up_has_a_warning_and_takes_what_fits() -> None:
    alike = pairs_of(*((f"word {n // 3}", f"target {n}") for n in range(57)), ("alone", "solo"), ("again", "otra vez"))
    result = split(alike, seed=15, dev=0.02, test=0.02)
    assert result.warnings == [
        "the test part came out with 0 pairs and was filled up to 1; adding pairs later may change it"
    ]
    assert [pair.src for pair in result.test] == ["alone"]


def test_the_training_part_of_a_split_can_be_split_again() -> None:
    pairs = pairs_of(*((f"source {n}", f"target {n}") for n in range(1000)))
    first = split(pairs)
    again = split(first.train)
    assert (len(again.test), len(again.dev)) == (19, 19)
    assert len(again.warnings) == 2
    assert again == split(first.train)


def test_what_a_model_has_learned_is_not_held_out() -> None:
    sides = [np.arange(400, dtype=np.uint64), np.arange(1000, 1400, dtype=np.uint64)]
    sides[0][100:200] = 7  # of one group, too large to be held out
    learned = np.arange(400) < 350
    assigned = assign_parts(sides[0], sides[1], seed=0, dev=0.1, test=0.1, learned=learned)
    held_out = np.flatnonzero(assigned.parts != PARTS.index("train"))
    assert held_out.min() >= 350
    assert 3 <= np.count_nonzero(assigned.parts == PARTS.index("test")) <= 15, "a share of what is new"


def test_a_part_not_asked_for_may_be_empty() -> None:
    result = split(BASE, dev=0, test=0)
    assert (result.train, result.dev, result.test) == (BASE, [], [])


@pytest.mark.parametrize("shares", [(-0.1, 0.1), (0.5, 0.5), (float("nan"), 0.1)])
def test_impossible_shares_are_refused(shares: tuple[float, float]) -> None:
    with pytest.raises(UsageError, match="dev and test"):
        split(BASE, dev=shares[0], test=shares[1])
