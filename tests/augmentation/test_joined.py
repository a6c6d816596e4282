"""Several sentences as one text, and two as one sentence."""

from __future__ import annotations

import random
from collections.abc import Sequence

from dragoman.augmentation.joined import MAX_WORDS, joined
from dragoman.corpus.pairs import Origin, Pair

ACTS = {"sleeps": "duerme", "sings": "canta", "swims": "nada", "reads": "lee", "laughs": "ríe", "runs": "corre"}
NAMES = ("Alice", "Robert", "Carmen", "Dimitri", "Evelyn")


def _pairs(sentences: Sequence[tuple[str, str]]) -> list[Pair]:
    return [Pair(src, trg, Origin("pairs.tsv", line)) for line, (src, trg) in enumerate(sentences, start=1)]


def _sentences() -> list[tuple[str, str]]:
    return [(f"{name} {act}.", f"{name} {trg}.") for name in NAMES for act, trg in ACTS.items()]


def _made(pairs: list[Pair], share: float = 10.0) -> list[Pair]:
    return list(joined(pairs, pairs, share, random.Random(0)))


def test_both_sides_are_the_same_sentences() -> None:
    known = dict(_sentences())
    made = _made(_pairs(_sentences()))
    assert {pair.src.count(".") for pair in made} == {2, 3, 4}
    for pair in made:
        srcs = [src + "." for src in pair.src.rstrip(".").split(". ")]
        assert pair.trg == " ".join(known[src] for src in srcs)
        assert len(set(srcs)) == len(srcs)


def test_scripts_without_spaces_are_joined_without() -> None:
    pairs = _pairs([(f"{name} sleeps.", f"{i}号在睡觉。") for i, name in enumerate(NAMES)])
    assert all(" " not in pair.trg and pair.trg.count("。") == pair.src.count(".") for pair in _made(pairs))


def test_as_much_as_asked_for() -> None:
    pairs = _pairs(_sentences() * 20)
    n_sentences = sum(pair.src.count(".") for pair in _made(pairs, 0.1))
    assert 0.05 * len(pairs) < n_sentences <= 0.1 * len(pairs) + 3


def test_no_text_is_too_long() -> None:
    long = [(" ".join([name] * 35) + ".", " ".join([name] * 35) + ".") for name in NAMES]
    made = _made(_pairs([*_sentences(), *long]))
    assert made
    assert max(len(pair.src.split()) for pair in made) <= MAX_WORDS


def test_a_conjunction_and_a_comma_are_learned() -> None:
    compound = [
        (f"{one} {act}, but the others {act}.", f"{one} {trg}, pero los otros {trg}.")
        for one in NAMES
        for act, trg in ACTS.items()
    ]
    made = {(pair.src, pair.trg) for pair in _made(_pairs([*compound, ("The dog barks.", "El perro ladra.")] * 2), 400)}
    texts = {src for src, _ in made}
    assert ("The dog barks. The dog barks.", "El perro ladra. El perro ladra.") not in made
    assert any(src == f"Alice {act}, but the others {act}. The dog barks." for src in texts for act in ACTS)


def test_the_second_sentence_begins_as_inside_one() -> None:
    plain = [(f"The cat {act}.", f"El gato {trg}.") for act, trg in ACTS.items()]
    inside = [
        (f"{name} {act}, but the cat {act} too.", f"{name} {trg}, pero el gato {trg} también.")
        for name in NAMES
        for act, trg in ACTS.items()
    ]
    made = {(pair.src, pair.trg) for pair in _made(_pairs([*plain, *inside]), 400)}
    assert any(
        (f"The cat {one}{src}the cat {other}.", f"El gato {ACTS[one]}{trg}el gato {ACTS[other]}.") in made
        for one in ACTS
        for other in ACTS
        for src, trg in ((", ", ", "), (", but ", ", pero "))
    )
    assert not any(", The" in src or "but The" in src for src, _ in made)


def test_without_a_learned_mark_nothing_is_made_one_sentence() -> None:
    assert not any("," in pair.src for pair in _made(_pairs(_sentences())))
