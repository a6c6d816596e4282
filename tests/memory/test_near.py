from __future__ import annotations

import pytest

from dragoman.corpus.pairs import Pair
from dragoman.memory import Memory, candidates
from tests.memory.conftest import go


def test_the_likest_come_first_with_their_likeness(memory: Memory) -> None:
    memory.load(go(f"Tengo {n} perros.", source=f"I have {n} dogs.") for n in range(10, 20))
    memory.add(go("El agua está fría.", source="The water is cold."))
    near = memory.near("en", "es", "I have 12 cats.", n=3)
    assert near[0].entry.target == "Tengo 12 perros."
    assert near[0].likeness == 1 - 3 / 15
    assert [round(n.likeness, 3) for n in near] == [0.8, 0.733, 0.733]
    assert memory.near("en", "es", "I have 12 cats.", least=0.81) == []
    assert memory.near("en", "es", "Something quite different") == []
    assert memory.near("en", "es", "I have 12 cats.", n=0) == []


def test_a_near_match_is_never_an_answer_and_only_what_is_approved_is_near(memory: Memory) -> None:
    entry = memory.add(go("Ya veo el mar.", source="I see the sea."))
    assert memory.known("en", "es")(["I see the sea!"]) == {}
    assert [n.entry.id for n in memory.near("en", "es", "I see the sea!")] == [entry.id]
    memory.withdraw(entry.id)
    assert memory.near("en", "es", "I see the sea!") == []
    memory.add(go("Veo el mar.", source="I see the sea.", state="pending"))
    assert memory.near("en", "es", "I see the sea!") == []


def test_of_one_source_the_newest_counts(memory: Memory) -> None:
    memory.add(go("Veo el mar.", source="I see the sea."))
    memory.add(go("Ya veo el mar.", source="I see the sea."))
    assert [n.entry.target for n in memory.near("en", "es", "I see the sea!")] == ["Ya veo el mar."]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("你好吗？我很好。", "你好吗？我很坏。"),
        ("Go on!", "Go in!"),
        ("STOP THAT NOW", "STOP THIS NOW"),
        ('50% of "all" NOT OR AND (it)_x', '60% of "all" NOT OR AND (it)_x'),
        ("Пойдём домой сейчас", "Пойдём домой скоро"),
    ],
)
def test_scripts_short_texts_and_marks(memory: Memory, source: str, text: str) -> None:
    memory.add(go("así", source=source))
    assert [n.entry.source for n in memory.near("en", "es", text, least=0.5)] == [source]


def test_trigrams() -> None:
    assert candidates.trigrams("Go on, X1") == {" go": 0, "go ": 1, " on": 3, " x1": 7, "x1 ": 8}
    assert candidates.trigrams("?!") == {}


def test_candidates_hold_what_a_look_at_all_finds(memory: Memory, phrasebook: list[Pair]) -> None:
    pairs = phrasebook[:: max(1, len(phrasebook) // 3000)]
    memory.load(go(pair.trg, source=pair.src) for pair in pairs)
    for pair in pairs[::200]:
        words = pair.src.split()
        near = memory.near("en", "es", " ".join(["Zebras", *words[1:]]), n=400, least=0.0)
        assert pair.src in {n.entry.source for n in near[:20]} or len(words) < 3
