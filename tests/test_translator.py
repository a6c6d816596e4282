from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman import SearchConfig, TrainConfig, Translator
from dragoman import bundle as bundles
from dragoman.bundle import Provenance
from dragoman.confidence import Confidence, Evidence
from dragoman.corpus.pairs import Origin, Pair
from dragoman.engine import Hypothesis, lstm
from dragoman.errors import BundleError, UsageError
from dragoman.segments import split
from dragoman.translator import BATCH, Known
from tests.fakes import FakeEngine, Ids, translator_of, word_model


@pytest.fixture(scope="module")
def translator(bundle_path: Path) -> Translator:
    return Translator.load(bundle_path)


def test_a_text_in_a_text_out(translator: Translator) -> None:
    text = translator("Good morning!")
    assert text
    assert text == translator.translate(["Good morning!"])[0].text


def test_blank_texts_stay_as_they_are_and_in_their_place(translator: Translator) -> None:
    texts = ["", "Good morning!", "   ", "\n", "\0"]
    found = translator.translate(texts)
    assert [t.src for t in found] == texts
    assert [t.text for t in found if t.text != t.src] == [translator("Good morning!")]
    assert translator.translate([]) == []


def test_unknown_characters_are_named_and_passed_over(translator: Translator) -> None:
    found = translator.translate(["Good 漢 morning ☃!"])[0]
    assert found.unknown == ("漢", "☃")
    assert found.text == translator.translate(["Good  morning !"])[0].text


def test_composed_and_decomposed_are_one(translator: Translator) -> None:
    assert translator("Jos\u00e9 is here.") == translator("Jose\u0301 is here.")


def test_n_best_is_ranked_and_holds_the_best_first(translator: Translator) -> None:
    found = translator.translate(["The water is cold."], SearchConfig(beam=5, n_best=5))[0]
    assert len(found.alternatives) == len({a.text for a in found.alternatives}) == 5
    assert [a.score for a in found.alternatives] == sorted((a.score for a in found.alternatives), reverse=True)
    assert (found.text, found.score) == found.alternatives[0]


def test_streaming_reads_only_a_batch_ahead(translator: Translator) -> None:
    taken: list[int] = []

    def source() -> Iterator[str]:
        for i in range(10 * BATCH):
            taken.append(i)
            yield "Hello."

    first = next(translator.stream(source()))
    assert first.text == translator("Hello.")
    assert len(taken) == BATCH


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=60), max_size=5))
def test_no_text_breaks_it_and_company_does_not_matter(translator: Translator, texts: list[str]) -> None:
    together = translator.translate(texts)
    assert [t.text for t in together] == [translator(text) for text in texts]
    assert all(len(t.text.splitlines()) == len(text.splitlines()) for t, text in zip(together, texts, strict=True))


def spell(src: Ids, options: SearchConfig) -> list[Ids]:
    """The source is its own translation; the second best is it backwards."""
    return [src, src[::-1]][: options.n_best]


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(spell)


@pytest.fixture
def speller(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> Translator:
    return translator_of(engine, monkeypatch)


@pytest.mark.parametrize(
    "text", ["One. Two.", " One.  Two!\n\n\tThree? \r\n", "One.\u2028Two", "Dr. No came. He went.", "你好。再见。"]
)
def test_sentences_are_translated_one_by_one_and_joined_as_they_were(
    text: str, speller: Translator, engine: FakeEngine
) -> None:
    found = speller.translate([text])[0]
    assert found.text == text
    asked = [speller.src_vocabulary.decode(ids) for ids in engine.asked[0][0]]
    assert asked == [sentence.src for sentence in found.sentences] == [s.text for s in split(text, "en") if s.text]


def test_a_sentence_too_long_for_the_model_is_cut_and_joined(speller: Translator, engine: FakeEngine) -> None:
    words = [f"w{i}" for i in range(1000)]
    assert speller(" ".join(words)) == " ".join(words)
    assert max(len(ids) for ids in engine.asked[0][0]) <= 60
    at_once = " ".join(words[:60])
    assert [s.src for s in speller.translate([at_once])[0].sentences] == [at_once]


def test_texts_and_sentences_that_come_again_are_translated_once(speller: Translator, engine: FakeEngine) -> None:
    found = speller.translate(["One. Two.", "Two.", "One. Two.", "Two."])
    assert [t.text for t in found] == ["One. Two.", "Two.", "One. Two.", "Two."]
    assert len(engine.asked) == 1
    assert len(engine.asked[0][0]) == 2


def test_alternatives_and_scores_of_a_text_are_made_of_its_sentences(speller: Translator) -> None:
    found = speller.translate(["One two. Three."], SearchConfig(beam=2, n_best=2))[0]
    assert found.alternatives == (("One two. Three.", -1.0), ("two. One Three.", -1.6)), "backwards it is the same"
    assert [(s.src, s.text, s.score) for s in found.sentences] == [
        ("One two.", "One two.", -1.0),
        ("Three.", "Three.", -1.0),
    ]
    assert found.sentences[0].trg_tokens == ()


def test_tokens_are_told_to_those_who_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    translator = translator_of(FakeEngine(spell), monkeypatch, mark="<forward>")
    one = translator.translate(["One two."], SearchConfig(token_scores=True))[0].sentences[0]
    assert (one.src_tokens, one.trg_tokens[-2:]) == (("One", "two."), ("One", "two."))
    assert one.token_scores == (-1.0,) * len(one.trg_tokens)
    assert one.attention is None
    other = translator.translate(["One two."], SearchConfig(attention=True))[0].sentences[0]
    assert other.token_scores is None
    assert other.attention is not None
    assert other.attention.shape == (len(other.trg_tokens), 2), "the mark of the direction is no word of the source"
    np.testing.assert_allclose(other.attention.sum(axis=1), 1.0)


@pytest.mark.parametrize(
    ("wanted", "direction", "mark"),
    [
        ({}, ("en", "es"), "<forward>"),
        ({"src": "en"}, ("en", "es"), "<forward>"),
        ({"src": "spa"}, ("es", "en"), "<backward>"),
        ({"trg": "en"}, ("es", "en"), "<backward>"),
        ({"src": "es", "trg": "en"}, ("es", "en"), "<backward>"),
    ],
)
def test_a_bundle_of_both_directions_is_told_which(
    wanted: dict[str, str], direction: tuple[str, str], mark: str, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    translator = loaded(monkeypatch, engine, both=True, **wanted)
    assert (translator.src, translator.trg) == direction
    translator("Go")
    vocabulary = translator.src_vocabulary
    assert engine.asked[0][0] == [tuple(vocabulary.encode(f"{mark} Go"))]
    training = translator.training_pairs() or []
    assert [pair.src for pair in training] == ["Go." if mark == "<forward>" else "Ve."]


def test_the_other_direction_shares_the_engine(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    forward = loaded(monkeypatch, engine, both=True)
    forward.training_pairs()
    backward = forward.reversed()
    assert (backward.src, backward.trg) == ("es", "en")
    assert backward.engine is forward.engine
    backward("Ve")
    forward("Go")
    vocabulary = forward.src_vocabulary
    asked = [ids for batch, _ in engine.asked for ids in batch]
    assert asked == [tuple(vocabulary.encode(text)) for text in ("<backward> Ve", "<forward> Go")]
    assert [[pair.src for pair in one.training_pairs() or []] for one in (forward, backward)] == [["Go."], ["Ve."]]
    assert (backward.reversed().src, backward.reversed().trg) == ("en", "es")
    with pytest.raises(UsageError, match="the bundle translates en-es, not es-en"):
        loaded(monkeypatch, engine, both=False).reversed()


def test_a_bundle_of_one_direction_has_no_mark(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    translator = loaded(monkeypatch, engine, both=False)
    translator("Go")
    assert engine.asked[0][0] == [tuple(translator.src_vocabulary.encode("Go"))]


def test_a_language_may_be_named_by_its_region(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    for named in ({"src": "es-MX"}, {"src": "spa", "trg": "en_US"}, {"trg": "en-GB"}):
        translator = loaded(monkeypatch, engine, both=True, **named)
        assert (translator.src, translator.trg) == ("es", "en")


@pytest.mark.parametrize(
    ("both", "wanted", "message"),
    [
        (True, {"trg": "fr"}, "the bundle translates en-es and es-en, not any-fr; choose"),
        (False, {"src": "es"}, "the bundle translates en-es, not es-any; choose"),
        (False, {"src": "Spanish"}, "a language is given by its ISO 639 code"),
        (False, {"precision": "int4"}, "the precision must be one of int8, float32, not 'int4'"),
    ],
)
def test_what_a_bundle_cannot_do_is_refused(
    both: bool, wanted: dict[str, str], message: str, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match=message):
        loaded(monkeypatch, engine, both=both, **wanted)


def test_both_directions_need_symbols(bundle_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    claimed = replace(bundles.read(bundle_path), both=True)
    monkeypatch.setattr(bundles, "read", lambda path: claimed)
    with pytest.raises(BundleError, match="needs a vocabulary with the symbol <forward>"):
        Translator.load(bundle_path)


def test_the_character_lstm_has_one_precision(bundle_path: Path) -> None:
    assert Translator.load(bundle_path, precision="float32")("Go.") == Translator.load(bundle_path)("Go.")
    with pytest.raises(UsageError, match="computes in float32, not in 'int8'; leave the precision out"):
        Translator.load(bundle_path, precision="int8")


def loaded(monkeypatch: pytest.MonkeyPatch, engine: FakeEngine, *, both: bool, **wanted: str) -> Translator:
    """Load a bundle that is not on the disk, from English to Spanish."""
    bundle = FakeBundle("en", "es", word_model(), TrainConfig(), Provenance("by hand"), both=both)
    monkeypatch.setattr(bundles, "read", lambda path: bundle)
    monkeypatch.setattr(lstm, "LSTMEngine", lambda trained: engine)
    return Translator.load("somewhere", **wanted)


class FakeBundle(bundles.Bundle):
    """A bundle with one pair."""

    def pairs(self, part: str) -> list[Pair]:
        return [Pair("Go.", "Ve.", Origin("by hand", 1))]


def test_a_text_is_as_sure_as_its_least_sure_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    translator = translator_of(FakeEngine(lambda src, options: [src[::-1]]), monkeypatch)
    seen: list[Evidence] = []

    def confidence(evidence: Evidence) -> float:
        seen.append(evidence)
        return 1 / len(evidence.src)

    translator.confidence = confidence
    for options in (SearchConfig(), SearchConfig(token_scores=True, attention=True)):
        found = translator.translate(["I see. Two red cats! αβγ", "αβγ", " "], options)
        assert [[s.confidence for s in t.sentences] for t in found] == [[1 / 6, 1 / 13, None], [None], []]
        assert [t.confidence for t in found] == [1 / 13, None, None]
    assert seen[0] == Evidence("I see.", "see. I", 2, -1.0)
    known = remembering({"I see.": "Ya veo."})
    (remembered,) = translator.translate(["I see. Go on."], known=known)
    assert [s.confidence for s in remembered.sentences] == [None, 1 / 6]


@pytest.mark.parametrize(("src", "expected"), [("en", 0.5), ("es", None)])
def test_each_direction_of_a_bundle_is_sure_of_itself(
    monkeypatch: pytest.MonkeyPatch, src: str, expected: float | None
) -> None:
    trg = "es" if src == "en" else "en"
    engine = FakeEngine(lambda src, options: [src[-1:]])
    confidence = {"en-es": Confidence(0.0, {"score": 0.0})}
    bundle = FakeBundle(
        "en", "es", word_model(), TrainConfig(), Provenance("by hand"), both=True, confidence=confidence
    )
    monkeypatch.setattr(bundles, "read", lambda path: bundle)
    monkeypatch.setattr(lstm, "LSTMEngine", lambda trained: engine)
    translator = Translator.load("somewhere", src=src, trg=trg)
    assert translator.translate(["Go."])[0].confidence == expected
    other = None if expected else 0.5
    assert translator.reversed().translate(["Go."])[0].confidence == other
    assert translator.translate(["Go."])[0].confidence == expected


def test_foreign_words_are_taken_over_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = FakeEngine(lambda src, options: [src])
    translator = translator_of(engine, monkeypatch)
    texts = ["I say αβγ to you", "αβγ  δ", "plain"]
    found = translator.translate(texts)
    assert [t.text for t in found] == texts
    ((asked, _),) = engine.asked
    assert [translator.src_vocabulary.decode(ids) for ids in asked] == ["I say", "to you", "plain"]
    assert [s.text for s in found[0].sentences] == ["I say", "αβγ", "to you"]
    assert found[1].score == 0.0


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("I love dogs ❤.", ["I love dogs."]),
        ("I ❤ dogs. You ❤!", ["I dogs.", "You!"]),
        ("Hello. !!!", ["Hello."]),
        ("...", []),
        ("10-5=5", []),
        ("❤ ?", []),
        ("- Buy milk.", ["Buy milk."]),
        ("a) Buy milk.", ["Buy milk."]),
        ("The fiance\u0301 is\u3000late.", ["The fiancé is late."]),
        ("The tele\u00advision.", ["The television."]),
    ],
)
def test_what_the_model_is_asked(text: str, asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    engine = FakeEngine(lambda src, options: [src])
    translator = translator_of(engine, monkeypatch)
    found = translator.translate([text])[0]
    assert {translator.src_vocabulary.decode(ids) for batch, _ in engine.asked for ids in batch} == set(asked)
    if text.isascii():
        assert found.text == text


def test_a_sign_inside_a_sentence_goes_by_attention(monkeypatch: pytest.MonkeyPatch) -> None:
    class Crossing(FakeEngine):
        def translate(self, src_ids: Sequence[Sequence[int]], options: SearchConfig) -> list[list[Hypothesis]]:
            looks = np.eye(3, dtype=np.float32)[[0, 2, 1]]
            assert options.attention
            return [[Hypothesis((src[0], src[2], src[1]), -1.0, None, looks)] for src in src_ids]

    translator = translator_of(Crossing(spell), monkeypatch)
    assert translator.translate(["The red ❤ car"])[0].text == "The car red ❤"
    assert translator.translate(["The ❤red car"])[0].text == "The car ❤red"


def test_the_text_of_a_list_is_looked_up_with_and_without_its_mark(speller: Translator) -> None:
    known = remembering({"Go.": "Ve.", "- Run.": "- Corre."})
    found = speller.translate(["- Go.\n- Run.\na) Go."], known=known)[0]
    assert found.text == "- Ve.\n- Corre.\na) Ve."


def test_a_translation_with_other_digits_than_its_source_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    translator = translator_of(FakeEngine(lambda src, options: [src[1:]]), monkeypatch)
    found = translator.translate(["7 dogs. Two cats.", "see 7 dogs"])
    assert [t.warnings for t in found] == [("numbers",), ()]
    assert [s.warnings for s in found[0].sentences] == [("numbers",), ()]
    known = remembering({"7 dogs.": "Siete perros."})
    assert translator.translate(["7 dogs. Two cats."], known=known)[0].warnings == ()


# What is known.


def remembering(said: dict[str, str]) -> Known:
    """A memory of sources in the form in which they are asked for, without the white space around them."""
    return lambda texts: {text: said[text.strip()] for text in texts if text.strip() in said}


def test_whole_texts_and_sentences_that_are_known_are_taken_as_they_are(
    speller: Translator, engine: FakeEngine
) -> None:
    known = remembering({"One. Two.": "a a a a a a a a a\nb", "Three.": "ha ha ha ha ha ha ha ha ha"})
    texts = [" One. Two.\n", "Three.\n\nFour.", "Three. Three.", "One."]
    whole, mixed, twice, other = speller.translate(texts, SearchConfig(n_best=2), known)
    assert whole.text == " a a a a a a a a a\nb\n"
    assert (whole.origin, whole.score, len(whole.alternatives)) == ("memory", 0, 1)
    assert [(s.src, s.text, s.origin) for s in whole.sentences] == [("One. Two.", "a a a a a a a a a\nb", "memory")]
    assert mixed.text == "ha ha ha ha ha ha ha ha ha\n\nFour."
    assert mixed.origin == "model"
    assert [s.origin for s in mixed.sentences] == ["memory", "model"]
    assert twice.text == "ha ha ha ha ha ha ha ha ha ha ha ha ha ha ha ha ha ha"
    assert twice.origin == "memory"
    assert (other.text, other.origin) == ("One.", "model")
    asked = {speller.src_vocabulary.decode(ids) for ids in engine.asked[0][0]}
    assert asked == {"Four.", "One."}


def test_a_memory_is_asked_once_and_not_for_blank_sentences(speller: Translator) -> None:
    asked: list[list[str]] = []

    def known(texts: Sequence[str]) -> dict[str, str]:
        asked.append(list(texts))
        return {}

    found = speller.translate(["One. Two.\n", "One.", "", " "], known=known)
    assert asked == [["One. Two.\n", "One.", "", " ", "One.", "Two."]]
    assert [t.text for t in found] == ["One. Two.\n", "One.", "", " "]
    assert {t.origin for t in found} == {"model"}


def test_what_is_known_has_no_unknown_characters(translator: Translator) -> None:
    found = translator.translate(["漢 is good.", "Good 漢."], known=remembering({"漢 is good.": "漢 es bueno."}))
    assert [(t.origin, t.unknown) for t in found] == [("memory", ()), ("model", ("漢",))]
