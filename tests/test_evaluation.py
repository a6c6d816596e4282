from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import pytest

from dragoman.config import SearchConfig
from dragoman.corpus.pairs import Origin, Pair
from dragoman.errors import CorpusError, UsageError
from dragoman.evaluation import evaluate
from dragoman.invention import DictionaryWords
from dragoman.metrics import corpus_scores
from dragoman.report import Leak, Score


class Translation(NamedTuple):
    text: str
    confidence: float | None = None


class PhraseTranslator:
    """Translates what is in its book, and everything else to "no sé"."""

    def __init__(
        self,
        book: Mapping[str, str],
        training: Sequence[Pair] | None = None,
        trg: str = "es",
        fingerprint: str = "f00d",
    ) -> None:
        self.book = book
        self.training = training
        self.src = "en"
        self.trg = trg
        self.fingerprint = fingerprint
        self.calls: list[tuple[int, SearchConfig | None]] = []

    def translate(self, texts: Sequence[str], options: SearchConfig | None = None) -> list[Translation]:
        self.calls.append((len(texts), options))
        return [Translation(self.book.get(text, "no sé")) for text in texts]

    def training_pairs(self) -> Sequence[Pair] | None:
        return self.training


def pairs_of(file: str, rows: Sequence[tuple[str, str]]) -> list[Pair]:
    return [Pair(src, trg, Origin(file, line)) for line, (src, trg) in enumerate(rows, start=1)]


BOOK = {
    "I have a red car.": "Tengo un coche rojo.",
    "Where is the old bridge?": "¿Dónde está el puente viejo?",
    "She reads a book.": "Ella lee un libro.",
    "We live near the sea.": "Vivimos cerca del mar.",
}
TEST = pairs_of("test.tsv", list(BOOK.items()))
TRAINING = pairs_of(
    "train.tsv",
    [
        ("I have a red hat.", "Tengo un sombrero rojo."),
        ("Where is the new bridge?", "¿Dónde está el puente nuevo?"),
        ("She reads a lot.", "Ella lee mucho."),
        ("They live near the lake.", "Viven cerca del lago."),
    ],
)


def values(scores: Sequence[Score]) -> dict[str, float]:
    return {score.name: score.value for score in scores}


def test_a_perfect_translator() -> None:
    report = evaluate(PhraseTranslator(BOOK, TRAINING), TEST, test_name="test.tsv", n_bootstrap=40)
    assert values(report.scores) == pytest.approx({"BLEU": 100, "chrF2": 100, "TER": 0, "EXACT": 100})
    assert (report.test_name, report.n_pairs, report.fingerprint) == ("test.tsv", 4, "f00d")
    assert [(e.src, e.ref, e.hyp) for e in report.examples] == [(src, trg, trg) for src, trg in BOOK.items()]
    assert report.against is None


def test_the_baseline_is_the_translation_of_the_nearest_training_sentence() -> None:
    report = evaluate(PhraseTranslator({}, TRAINING), TEST, n_bootstrap=40)
    refs = [pair.trg for pair in TEST]
    assert report.baseline == corpus_scores([pair.trg for pair in TRAINING], refs, trg="es", n_bootstrap=40)
    assert report.scores == corpus_scores(["no sé"] * 4, refs, trg="es", n_bootstrap=40)


def test_a_clean_test_set_has_no_leaks() -> None:
    leaks = evaluate(PhraseTranslator(BOOK, TRAINING), TEST, n_bootstrap=40).leaks
    assert leaks is not None
    assert (leaks.source, leaks.target, leaks.either, leaks.both, leaks.examples) == (0, 0, 0, 0, ())


def test_leaks_are_counted_by_side_and_named() -> None:
    training = [
        *TRAINING,
        *pairs_of(
            "more.tsv",
            [
                ("i have a RED car", "Mi coche es rojo."),  # the source of test pair 1
                ("Where's that old bridge?", "Dónde está el puente viejo"),  # the target of test pair 2
                ("She reads a book!", "¡Ella lee un libro!"),  # test pair 3, as one pair
                ("She reads a book", "Lee un libro."),
                ("We live near the sea", "Vivimos junto al mar."),  # test pair 4, but its sides apart
                ("We are living by the sea.", "Vivimos cerca del mar"),
            ],
        ),
    ]
    leaks = evaluate(PhraseTranslator(BOOK, training), TEST, n_bootstrap=40).leaks
    assert leaks is not None
    assert (leaks.source, leaks.target, leaks.either, leaks.both) == (3, 3, 4, 1)
    assert leaks.examples[:3] == (
        Leak("source", "I have a red car.", "test.tsv:1", "more.tsv:1"),
        Leak("target", "¿Dónde está el puente viejo?", "test.tsv:2", "more.tsv:2"),
        Leak("source", "She reads a book.", "test.tsv:3", "more.tsv:3"),
    )


def test_at_most_ten_leaks_are_named() -> None:
    pairs = pairs_of("all.tsv", [(f"number {i}", f"número {i}") for i in range(30)])
    leaks = evaluate(PhraseTranslator({}, pairs), pairs, n_bootstrap=40).leaks
    assert leaks is not None
    assert (leaks.both, len(leaks.examples)) == (30, 10)


def test_without_training_data_baseline_and_leaks_are_unknown() -> None:
    report = evaluate(PhraseTranslator(BOOK, None), TEST, n_bootstrap=40)
    assert (report.baseline, report.leaks) == (None, None)


def test_against_another_translator() -> None:
    rows = [(f"{src} {i}", f"{trg} {i}") for i in range(10) for src, trg in BOOK.items()]
    good = PhraseTranslator(dict(rows), TRAINING)
    poor = PhraseTranslator({}, [Pair(*rows[0], Origin("leaky.tsv", 9))], fingerprint="beef")
    report = evaluate(good, pairs_of("test.tsv", rows), n_bootstrap=40, against=poor)
    assert report.against is not None
    assert report.against.fingerprint == "beef"
    assert values(report.against.scores)["EXACT"] == 0
    assert report.against.leaks is not None
    assert (report.leaks and report.leaks.either, report.against.leaks.either) == (0, 1)
    for comparison in report.against.comparisons:
        assert comparison.value_a == values(report.scores)[comparison.name]
        assert comparison.value_b == values(report.against.scores)[comparison.name]
        assert comparison.p_value < 0.01


def test_against_itself_nothing_differs() -> None:
    translator = PhraseTranslator({"She reads a book.": "Ella lee un libro."}, TRAINING)
    report = evaluate(translator, TEST, n_bootstrap=40, against=translator)
    assert report.against is not None
    assert [c.p_value for c in report.against.comparisons] == [1, 1, 1, 1]


def test_sentences_go_in_batches_with_their_options_and_progress_is_told() -> None:
    translator, options, told = PhraseTranslator(BOOK), SearchConfig(beam=4), []
    evaluate(
        translator,
        TEST,
        options=options,
        n_bootstrap=40,
        batch_size=3,
        against=PhraseTranslator(BOOK),
        progress=lambda n_done, n_all: told.append((n_done, n_all)),
    )
    assert translator.calls == [(3, options), (1, options)]
    assert told == [(3, 8), (4, 8), (7, 8), (8, 8)]


def test_examples_are_spread_over_the_test_set() -> None:
    pairs = pairs_of("test.tsv", [(f"number {i}", f"número {i}") for i in range(50)])
    report = evaluate(PhraseTranslator({}), pairs, n_bootstrap=40)
    assert [example.src for example in report.examples] == [f"number {i}" for i in (0, 10, 20, 30, 40)]


def test_the_hash_tells_test_sets_apart() -> None:
    def hash_of(pairs: Sequence[Pair]) -> str:
        return evaluate(PhraseTranslator(BOOK), pairs, n_bootstrap=40).test_hash

    elsewhere = [Pair(pair.src, pair.trg, Origin("copy.tsv", 1)) for pair in TEST]
    assert hash_of(TEST) == hash_of(elsewhere)
    assert len({hash_of(TEST), hash_of(TEST[:3]), hash_of(TEST[::-1])}) == 3
    # sha256sum of the line "a<tab>b".
    digest = "5dd1197866f479824d9b483e1b7ae9ad3e518f3b4fd447c6b92d127dda6178c5"
    assert hash_of([Pair("a", "b", Origin("t", 1))]) == digest


def test_the_tokenizer_is_that_of_the_target_language() -> None:
    pairs = pairs_of("test.tsv", [("I like dogs.", "犬が好きです。")])
    report = evaluate(PhraseTranslator({}, trg="ja"), pairs, n_bootstrap=40)
    assert "|tok:char|" in report.scores[0].signature


def test_scores_stand_by_length_of_the_source_too() -> None:
    by_length = evaluate(PhraseTranslator(BOOK, TRAINING), TEST, n_bootstrap=40).by_length
    assert by_length.unit == "words"
    assert [(str(entry), entry.n_pairs) for entry in by_length.classes] == [("3\N{EN DASH}4", 1), ("5\N{EN DASH}6", 3)]
    assert [values(entry.scores) for entry in by_length.classes] == [pytest.approx({"BLEU": 100, "chrF2": 100})] * 2


NOTED = ("walnuts", "thunder", "velvet", "compass", "juggler")


def harder_rows(n: int) -> list[tuple[str, str]]:
    """Long sentences that nothing in TRAINING is like."""
    return [(f"{i} {' '.join(NOTED)} quickly became friends {i}", f"{i} {' '.join(NOTED)} {i}") for i in range(n)]


def test_long_sentences_unlike_the_training_data_are_scored_apart() -> None:
    harder, twin = harder_rows(40), "We live near the very old and deep blue sea."
    easy = [(f"{twin} {i}", f"Vivimos {i}") for i in range(20)]
    training = [*TRAINING, *pairs_of("twins.tsv", [(twin, "Vivimos.")])]
    report = evaluate(PhraseTranslator(dict(harder), training), pairs_of("test.tsv", [*harder, *easy]), n_bootstrap=40)
    assert report.harder is not None
    assert report.harder.n_pairs == 40
    assert values(report.harder.scores) == pytest.approx({"BLEU": 100, "chrF2": 100})
    assert values(report.scores)["EXACT"] == pytest.approx(100 * 40 / 60)
    assert values(report.harder.baseline or ())["BLEU"] < 5
    assert report.harder.against is None


def test_the_harder_part_comes_from_the_whole_test_set_and_no_sentence_is_translated_twice() -> None:
    whole = pairs_of("test.tsv", harder_rows(40))
    translator = PhraseTranslator(dict(harder_rows(40)), TRAINING)
    report = evaluate(translator, whole[:10], whole=whole, n_bootstrap=40)
    assert report.harder is not None
    assert (report.n_pairs, report.harder.n_pairs) == (10, 40)
    assert sum(n for n, _ in translator.calls) == 40
    assert report.test_hash == evaluate(translator, whole[:10], n_bootstrap=40).test_hash


def test_too_few_harder_pairs_or_unknown_training_data_give_no_harder_part() -> None:
    rows = harder_rows(40)
    assert evaluate(PhraseTranslator({}, TRAINING), pairs_of("t", rows[:29]), n_bootstrap=40).harder is None
    assert evaluate(PhraseTranslator({}, None), pairs_of("t", rows), n_bootstrap=40).harder is None


@pytest.mark.slow
def test_the_harder_part_compares_two_translators_too() -> None:
    rows = harder_rows(40)
    good, poor = PhraseTranslator(dict(rows), TRAINING), PhraseTranslator({}, TRAINING)
    report = evaluate(good, pairs_of("t", rows), n_bootstrap=40, against=poor)
    assert report.harder is not None
    assert report.harder.against is not None
    assert [comparison.name for comparison in report.harder.against.comparisons] == ["BLEU", "chrF2"]
    assert all(comparison.p_value < 0.01 for comparison in report.harder.against.comparisons)
    assert values(report.harder.against.scores)["BLEU"] < 5


def test_a_memory_of_a_part_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.evaluation.MAX_REMEMBERED", 2)
    report = evaluate(PhraseTranslator({}, TRAINING), pairs_of("t", harder_rows(40)), n_bootstrap=40)
    assert report.harder is not None
    assert report.harder.definition == (
        "sentences of at least 8 words, unlike 2 of 4 training sentences (likeness below 0.6)"
    )


def test_the_report_is_json() -> None:
    report = evaluate(PhraseTranslator(BOOK, TRAINING), TEST, n_bootstrap=40, against=PhraseTranslator(BOOK))
    back = json.loads(json.dumps(report.to_json()))
    assert [score["name"] for score in back["scores"]] == ["BLEU", "chrF2", "TER", "EXACT"]
    assert back["against"]["comparisons"][0]["p_value"] == 1
    assert back["by_length"]["classes"][0]["n_pairs"] == 1


@pytest.mark.parametrize(("name", "message"), [("dev.tsv", "dev.tsv has no pairs"), ("", "the test set has no pairs")])
def test_an_empty_test_set_is_an_error(name: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        evaluate(PhraseTranslator(BOOK), [], test_name=name)


def test_arguments_that_cannot_work_are_refused_before_anything_is_translated() -> None:
    translator = PhraseTranslator(BOOK)
    no_numbers: list[Any] = [0, -1, float("nan"), float("inf")]
    for number in no_numbers:
        with pytest.raises(UsageError, match=f"batch size must be at least 1, not {number}"):
            evaluate(translator, TEST, batch_size=number)
        with pytest.raises(UsageError, match=f"at least 40 resamples, not {number}"):
            evaluate(translator, TEST, n_bootstrap=number)
    with pytest.raises(UsageError, match="'es' and 'fr'"):
        evaluate(translator, TEST, against=PhraseTranslator(BOOK, trg="fr"))
    with pytest.raises(UsageError, match="at least 40 resamples, not 1"):
        evaluate(translator, TEST, n_bootstrap=1)
    assert translator.calls == []


@pytest.mark.parametrize(
    ("has_dictionary", "training", "trg", "by", "value"),
    [
        (True, TRAINING, "es", "hunspell es_ES", 50.0),
        (False, TRAINING, "es", "the target words of training", 100.0),
        (False, None, "es", None, None),
        (False, TRAINING, "ja", None, None),
    ],
)
def test_invented_words_are_told_by_a_dictionary_or_by_the_training(
    monkeypatch: pytest.MonkeyPatch,
    has_dictionary: bool,
    training: Sequence[Pair] | None,
    trg: str,
    by: str | None,
    value: float | None,
) -> None:
    found = DictionaryWords("es_ES", "no".__eq__) if has_dictionary else None
    monkeypatch.setattr("dragoman.evaluation.dictionary", lambda code: found)
    report = evaluate(PhraseTranslator({}, training, trg), TEST, n_bootstrap=40)
    assert (report.invented and (report.invented.by, report.invented.score.value)) == (by and (by, value))
    assert report.to_json()["invented"] == (asdict(report.invented) if report.invented else None)


class SureTranslator(PhraseTranslator):
    """Says how sure it is of what is in its book."""

    def translate(self, texts: Sequence[str], options: SearchConfig | None = None) -> list[Translation]:
        return [
            one._replace(confidence=0.9 if text in self.book else None)
            for text, one in zip(texts, super().translate(texts, options), strict=True)
        ]


def test_confidence_is_compared_with_what_came_of_it() -> None:
    pairs = [Pair(f"s{i}", "la casa roja", Origin("t", i)) for i in range(5)]
    book = {"s0": "la casa roja", "s1": "la casa roja", "s2": "la casa roja", "s3": "xyz"}
    report = evaluate(SureTranslator(book), pairs)
    assert report.calibration is not None
    assert report.calibration.n_pairs == 4
    assert report.calibration.useful == 0.75
    assert report.calibration.confidence == pytest.approx(0.9)
    assert report.calibration.error == pytest.approx(0.15)
    assert "90 % of 4 translations" in str(report.calibration)
    assert "75 % are; expected calibration error 0.150" in str(report.calibration)
    assert report.to_json()["calibration"]["n_pairs"] == 4
    assert evaluate(PhraseTranslator(book), pairs).calibration is None
