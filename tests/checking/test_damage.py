"""Damaged pairs among good ones, in a language that nobody knows: the filter learns it from the pairs."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import pytest

from dragoman.checking.damage import ENCODING, NUMBERS, Filter
from dragoman.corpus.pairs import Origin, Pair

BEGINNINGS, ENDINGS = "bdfgklmnprst", "aeiou"


def _word(chance: random.Random, syllables: list[str]) -> str:
    return "".join(chance.choice(syllables) for _ in range(chance.randrange(2, 4)))


@pytest.fixture(scope="module")
def corpus() -> list[Pair]:
    """Sentences of a grammar of two words of 200, and their translations word for word."""
    chance = random.Random(5)
    first, second = ([b + e + end for b in BEGINNINGS for e in ENDINGS] for end in ("n", "sh"))
    words = {_word(chance, first): _word(chance, second) for _ in range(200)}
    pairs = []
    for n in range(4_000):
        some = [chance.choice(list(words)) for _ in range(chance.randrange(4, 9))]
        src, trg = " ".join(some), " ".join(words[word] for word in some)
        pairs.append(Pair(f"{src.capitalize()}.", f"{trg.capitalize()}.", Origin("made.tsv", n + 1)))
    return pairs


@pytest.fixture(scope="module")
def made(corpus: list[Pair]) -> Filter:
    return Filter.learned_from(corpus, "und", "und")


@pytest.mark.slow
def test_good_pairs_stay(made: Filter, corpus: list[Pair]) -> None:
    assert sum(judgement is not None for judgement in made.judge(corpus[:500])) <= 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("moved", "not translations of each other"),
        ("swapped", "sides swapped"),
        ("copied", "copied, not translated"),
    ],
)
def test_damage_is_found_and_named(made: Filter, corpus: list[Pair], kind: str, reason: str) -> None:
    good = corpus[:300]
    damaged = {
        "moved": [a._replace(trg=b.trg) for a, b in pairwise(good)],
        "swapped": [pair.reversed() for pair in good],
        "copied": [pair._replace(trg=pair.src) for pair in good],
    }[kind]
    found = Counter(judgement.reason for judgement in made.judge(damaged) if judgement)
    assert found.total() > 0.8 * len(damaged)
    assert found.most_common(1)[0][0] == reason


def test_a_broken_encoding_is_mended() -> None:
    pair = Pair("Ya lo sÃ©, el niÃ±o estÃ¡ aquÃ­.", "I know.", Origin("a.tsv", 1))
    judgement = Filter.learned_from([], "es", "en").judge([pair])[0]
    assert judgement is not None
    assert judgement.reason == ENCODING
    assert judgement.mended == pair._replace(src="Ya lo sé, el niño está aquí.")


def test_what_is_lost_is_not_mended() -> None:
    judgement = Filter.learned_from([], "es", "en").judge([Pair("Ya lo s\ufffd.", "I know.", Origin("a.tsv", 1))])[0]
    assert judgement is not None
    assert judgement == (ENCODING, None)


def test_few_pairs_are_judged_by_rules_alone(corpus: list[Pair]) -> None:
    few = corpus[:50]
    judge = Filter.learned_from(few, "und", "und").judge
    assert judge([few[0]._replace(trg=few[1].trg)]) == [None]
    found = judge([Pair("In 1985.", "En 1986.", Origin("a.tsv", 1))])[0]
    assert found is not None
    assert found.reason == NUMBERS


def test_a_rule_that_the_corpus_does_not_keep_is_none() -> None:
    pairs = [Pair(f"Page {n}.", f"Hoja {n + 1}.", Origin("a.tsv", n)) for n in range(1, 200)]
    made = Filter.learned_from(pairs, "und", "und")
    assert set(made.passed_over) == {NUMBERS}
    assert made.judge(pairs[:5]) == [None] * 5
