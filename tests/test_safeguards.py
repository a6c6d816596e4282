from __future__ import annotations

from collections.abc import Callable
from copy import copy
from pathlib import Path
from random import Random
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.fuzz import violations
from dragoman import SearchConfig, Translator
from dragoman.errors import UsageError
from dragoman.vocabulary.characters import CharVocabulary
from tests.fakes import FakeEngine, Ids, WordVocabulary, translator_of


def test_a_loop_is_searched_again_without_repetition(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(src: Ids, options: SearchConfig) -> list[Ids]:
        return [src] if options.no_repeat_ngram or len(src) < 3 else [src * 9]

    engine = FakeEngine(answer)
    translator = translator_of(engine, monkeypatch)
    assert [t.text for t in translator.translate(["Go home", "Where are you", "Run"])] == [
        "Go home",
        "Where are you",
        "Run",
    ]
    assert [len(asked) for asked, _ in engine.asked] == [3, 1], "only the sentence that looped"


def refuses(src: Ids, options: SearchConfig) -> list[Ids]:
    if options.no_repeat_ngram:
        raise UsageError("not that")
    return [src * 9]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Go home", "Go home Go home"),
        ("no no no no", "no no no no"),
        ("one two. One two.", "one two. one two. One two. One two."),
    ],
)
def test_what_loops_in_spite_of_all_is_cut(text: str, cut: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = translator_of(FakeEngine(refuses), monkeypatch).translate([text], SearchConfig(token_scores=True))[0]
    assert found.text == cut
    for sentence in found.sentences:
        assert sentence.token_scores is not None
        assert len(sentence.trg_tokens) == len(sentence.token_scores) == len(sentence.text.split())


def test_a_sentence_that_loops_is_taken_apart_at_its_clauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that translates four words well, and of more says the first three over and over, with changes."""
    engine = FakeEngine(
        lambda src, options: [src if len(src) <= 4 else tuple(i for n in range(6) for i in (*src[:3], src[n % 4]))]
    )
    translator = translator_of(engine, monkeypatch)
    found = translator.translate(["Ann bought a car, and Bob sold it, and I ran.", "One two three four five six."])
    assert found[0].text == "Ann bought a car, and Bob sold it, and I ran."
    assert [sentence.src for sentence in found[0].sentences[::2]] == [
        "Ann bought a car",
        "and Bob sold it",
        "and I ran.",
    ]
    assert found[1].text == "One two three One One two three two", "without clauses it is searched again, and then cut"
    asked = [[translator.src_vocabulary.decode(ids) for ids in batch] for batch, _ in engine.asked]
    assert asked[1:] == [["One two three four five six."], ["Ann bought a car", "and Bob sold it", "and I ran."]]
    assert engine.asked[1][1].no_repeat_ngram


@pytest.mark.parametrize(
    ("src", "answer", "text"),
    [
        ("We go now, and Tom sees you.", "Y", "Y, y"),
        ("He saw Tom and left, and Tom went out too.", "Tom", "Tom, Tom"),
    ],
)
def test_a_clause_goes_on_with_a_small_letter_or_a_name(
    src: str, answer: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = FakeEngine(lambda src, options: [(4,) * (9 if len(src) > 5 else 1)])
    translator = translator_of(engine, monkeypatch)
    translator.trg_vocabulary.encode(answer)
    assert translator(src) == text


def test_sentences_that_come_out_alike_loop_in_a_line_but_not_over_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    translator = translator_of(FakeEngine(lambda src, options: [(4,)]), monkeypatch)
    translator.trg_vocabulary.encode("Vete.")
    assert translator("Go. Leave. Get out! Run!\nGo.") == "Vete. Vete.\nVete."


def test_the_users_own_choices_win(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = FakeEngine(lambda src, options: [tuple(range(4, 4 + (options.max_length or 100)))])
    translator = translator_of(engine, monkeypatch)
    translator.trg_vocabulary.encode(" ".join(f"w{i}" for i in range(200)))
    assert len(translator("Go").split()) == 12
    assert len(translator.translate(["Go"], SearchConfig(max_length=50))[0].text.split()) == 50
    looping = FakeEngine(lambda src, options: [src * 9])
    translator = translator_of(looping, monkeypatch)
    assert translator.translate(["Go"], SearchConfig(no_repeat_ngram=2))[0].text == "Go Go"
    assert len(looping.asked) == 1


def test_a_blank_hypothesis_gives_way_to_the_next_and_then_to_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    fourth = FakeEngine(lambda src, options: [(), (), (), src[::-1]][: options.n_best])
    found = translator_of(fourth, monkeypatch).translate(["Go home", ""])
    assert [t.text for t in found] == ["home Go", ""]
    never = translator_of(FakeEngine(lambda src, options: [()]), monkeypatch)
    found = never.translate(["Go  home"], SearchConfig(beam=1))
    assert found[0].text.split() == ["Go", "home"]
    found = never.translate(["Go home"], SearchConfig(temperature=1.0))
    assert (found[0].text, found[0].score) == ("Go home", -9.0), "with the score of the source as its own translation"


def test_what_is_far_too_long_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    translator = translator_of(FakeEngine(lambda src, options: [tuple(range(4, 204))]), monkeypatch)
    translator.trg_vocabulary.encode(" ".join(f"w{i}" for i in range(200)))
    assert translator("Go home") == " ".join(f"w{i}" for i in range(14))
    many = translator.translate(["Go home. Come back. Stay here."])[0]
    assert len(many.text.split()) == 2 * 6 + 10
    assert all(sentence.text for sentence in many.sentences)


def test_alternatives_are_different_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word has two segmentations here, as in a vocabulary of subwords."""
    spellings: list[Ids] = [(4,), (5,), (6,), (5,), (7,), (8,)]
    engine = FakeEngine(lambda src, options: spellings[: options.n_best])
    translator = translator_of(engine, monkeypatch)
    assert isinstance(translator.trg_vocabulary, WordVocabulary)
    for word in ("Hola.", "Hola. ", " Hola.", "Eh.", "Oye."):
        translator.trg_vocabulary.symbol(word)
    found = translator.translate(["Hello."], SearchConfig(n_best=3))[0]
    assert [alternative.text for alternative in found.alternatives] == ["Hola.", "Eh.", "Oye."]
    assert [options.n_best for _, options in engine.asked] == [3, 9]
    few = translator.translate(["Hello."], SearchConfig(n_best=5))[0]
    assert [alternative.text for alternative in few.alternatives] == ["Hola.", "Eh.", "Oye."]
    assert len(translator.translate(["Hello."])[0].alternatives) == 1


def wild(src: Ids, options: SearchConfig) -> list[Ids]:
    """Do anything that an engine may do, the same for the same source and options."""
    rng = Random(crc32(repr((src, options)).encode()))
    few = rng.sample(src, min(len(src), rng.randint(1, 3)))
    ways: list[Callable[[], Ids]] = [
        lambda: (),
        lambda: src,
        lambda: src * 30,
        lambda: tuple(rng.choices(few, k=rng.randint(1, 60))),
    ]
    return [rng.choice(ways)() for _ in range(rng.randint(1, options.n_best))]


def wild_and_refusing(src: Ids, options: SearchConfig) -> list[Ids]:
    if options.no_repeat_ngram:
        raise UsageError("not that")
    return wild(src, options)


@pytest.fixture(params=[wild, wild_and_refusing])
def anything(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Translator:
    return translator_of(FakeEngine(request.param), monkeypatch)


LINES = st.lists(
    st.sampled_from(["Go", "home.", "no", "no.", "a", "b", " ", "\n", "。", "\0", "!", "x" * 300]), max_size=40
)
TEXTS = st.one_of(st.text(max_size=60), LINES.map(" ".join), LINES.map("".join))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS, max_size=4))
def test_whatever_an_engine_says_the_rules_hold_alone_and_in_company(anything: Translator, texts: list[str]) -> None:
    together = anything.translate(texts, SearchConfig(token_scores=True))
    assert [violations(anything, translation) for translation in together] == [[] for _ in texts]
    alone = [anything.translate([text], SearchConfig(token_scores=True))[0] for text in texts]
    assert [t.text for t in together] == [t.text for t in alone]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS, max_size=4))
def test_the_rules_hold_for_a_model_of_characters(characters: Translator, texts: list[str]) -> None:
    for translation in characters.translate(texts, SearchConfig(token_scores=True)):
        assert violations(characters, translation) == []


@pytest.fixture(scope="module")
def characters(bundle_path: Path) -> Translator:
    return Translator.load(bundle_path)


def test_words_are_made_with_repetitions_of_characters(characters: Translator) -> None:
    vocabulary = characters.trg_vocabulary
    assert isinstance(vocabulary, CharVocabulary)
    letter, full_stop = vocabulary.encode("a.")
    characters = copy(characters)
    characters.engine = FakeEngine(lambda src, options: [(letter, *[full_stop] * 3), (letter,) * 9])
    found = characters.translate(["How are you?"], SearchConfig(beam=2, n_best=2))[0]
    assert [alternative.text for alternative in found.alternatives] == ["a...", "aaaa"]
