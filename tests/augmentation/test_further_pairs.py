"""Further training pairs: how many there are, of which kinds, and that they are a function of pairs and seed."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.augmentation import further_pairs as further_pairs_by
from dragoman.corpus.pairs import Origin, Pair
from dragoman.lexicon import Lexicon
from dragoman.slots.spans import Family
from dragoman.slots.symbols import ANY, SYMBOLS

NAMES = ("Alice", "Robert", "Carmen", "Dimitri", "Evelyn", "Francisco", "Gloria", "Hannah", "Ignacio", "Julia")
ACTS = {"sleeps": "duerme", "sings": "canta", "swims": "nada", "reads": "lee", "laughs": "ríe"}


def further_pairs(pairs: Sequence[Pair], seed: int) -> list[Pair]:
    """Return what is made of ``pairs`` by their own lexicon."""
    return further_pairs_by(pairs, seed, Lexicon.learned_from((pair.src, pair.trg) for pair in pairs))


def _corpus() -> list[Pair]:
    sentences = [(f"{name} {act} well.", f"¡{name} {trg} bien!") for name in NAMES for act, trg in ACTS.items()] * 4
    return [Pair(src, trg, Origin("pairs.tsv", line)) for line, (src, trg) in enumerate(sentences, start=1)]


def test_words_come_with_their_translations() -> None:
    found = {(pair.src, pair.trg) for pair in further_pairs(_corpus(), 0)}
    assert set(ACTS.items()) <= found


def test_every_kind_is_there() -> None:
    made = further_pairs(_corpus(), 0)
    known = {pair.trg for pair in _corpus()}
    assert any(pair.src.count(".") > 1 for pair in made)  # joined
    assert any(not pair.src.endswith(".") and len(pair.src.split()) == 3 for pair in made)  # bare
    assert any(pair.trg in known and pair.src.endswith(".") for pair in made)  # noisy
    assert any(pair.src.split()[0] in SYMBOLS[Family.NAME] and pair.src.endswith(" well.") for pair in made)  # slotted


def test_all_but_slots_are_worded() -> None:
    pairs = _corpus()
    lexicon = Lexicon.learned_from((pair.src, pair.trg) for pair in pairs)
    made = further_pairs_by(pairs, 0, lexicon, lambda pair: pair._replace(src=pair.src.upper()))
    assert all(ANY.sub("", pair.src).isupper() or not pair.src.strip() for pair in made)


def test_a_model_without_slots_gets_none() -> None:
    made = further_pairs_by(_corpus(), 0, None)
    assert made
    assert not any(ANY.search(pair.src + pair.trg) for pair in made)


def test_they_are_about_half_of_the_pairs_at_most() -> None:
    pairs = _corpus()
    made = further_pairs(pairs, 0)
    assert 0 < len(made) <= 0.6 * len(pairs)
    n_characters, n_made = (sum(len(pair.src) + len(pair.trg) for pair in some) for some in (pairs, made))
    assert n_made <= 0.6 * n_characters  # chance decides which of so few come again


def test_the_same_seed_makes_the_same() -> None:
    assert further_pairs(_corpus(), 3) == further_pairs(_corpus(), 3)
    assert further_pairs(_corpus(), 3) != further_pairs(_corpus(), 4)


def test_text_of_marks_alone_is_left_alone() -> None:
    marks = [Pair("...", "!!!", Origin("pairs.tsv", line)) for line in range(1, 200)]
    assert further_pairs(marks, 0) == []
    assert further_pairs([], 0) == []
