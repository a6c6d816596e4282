from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER
from sacrebleu.significance import PairedTest, Result

from dragoman.errors import CorpusError, UsageError
from dragoman.metrics import corpus_scores, paired_significance, scores_by_length
from dragoman.report import Score

REFS = [
    "El gato negro duerme en la silla vieja.",
    "¿Dónde está la estación de trenes?",
    "Quiero dos billetes para mañana, por favor.",
    "No tenemos pan ni leche en casa.",
    "Mi hermana vive cerca del mar.",
    "Hoy hace mucho calor en la ciudad.",
]
HYPS = [
    "El gato negro duerme en la silla.",
    "¿Dónde está la estación del tren?",
    "Quiero dos billetes para mañana, por favor.",
    "No hay pan ni leche en casa.",
    "Mi hermana vive cerca del mar.",
    "Hoy hace calor.",
]


def by_name(scores: Sequence[Score]) -> dict[str, Score]:
    return {score.name: score for score in scores}


@pytest.mark.parametrize(
    ("hyps", "refs", "expected"),
    [
        # By hand: 5 of 6 unigrams, 3 of 5 bigrams, 2 of 4 trigrams and 1 of 3 tetragrams are right:
        # 100 * (5/6 * 3/5 * 2/4 * 1/3) ** (1/4).
        (["a b c d e x"], ["a b c d z x"], {"BLEU": 53.7285, "TER": 100 / 6, "EXACT": 0.0}),
        # All n-grams right but 2 of 8 words missing: 100 * exp(1 - 8/6).
        (["a b c d e f"], ["a b c d e f g h"], {"BLEU": 71.6531, "TER": 25.0, "EXACT": 0.0}),
        (
            ["no es nada", "así es la vida hoy"],
            ["no es nada", "así es la vida hoy"],
            {"BLEU": 100.0, "chrF2": 100.0, "TER": 0.0, "EXACT": 100.0},
        ),
        (["uno", "dos"], ["uno", "tres"], {"EXACT": 50.0, "TER": 50.0}),
        (["xyz"], ["uno"], {"BLEU": 0.0, "chrF2": 0.0, "TER": 100.0, "EXACT": 0.0}),
        ([""], ["uno dos tres"], {"BLEU": 0.0, "chrF2": 0.0, "TER": 100.0, "EXACT": 0.0}),
        # The same letters composed and decomposed, and white space at the end, are one sentence.
        (["así "], ["asi\N{COMBINING ACUTE ACCENT}"], {"EXACT": 100.0}),
        (["Así"], ["así"], {"EXACT": 0.0}),
    ],
)
def test_known_values(hyps: list[str], refs: list[str], expected: dict[str, float]) -> None:
    scores = by_name(corpus_scores(hyps, refs, trg="es", n_bootstrap=40))
    assert {name: scores[name].value for name in expected} == pytest.approx(expected, abs=1e-3)


def test_values_intervals_and_signatures_are_those_of_sacrebleu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SACREBLEU_SEED", raising=False)
    scores = corpus_scores(HYPS, REFS, trg="es", n_bootstrap=200)
    for score, metric in zip(scores[:3], (BLEU(tokenize="13a"), CHRF(), TER()), strict=True):
        theirs = metric.corpus_score(HYPS, [REFS], n_bootstrap=200)
        assert (score.name, score.value) == (theirs.name, theirs.score)
        assert (score.high - score.low) / 2 == pytest.approx(theirs._ci, rel=1e-5)
        assert score.signature == str(metric.get_signature())


def test_the_environment_does_not_change_the_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    first = corpus_scores(HYPS, REFS, trg="es", n_bootstrap=100)
    monkeypatch.setenv("SACREBLEU_SEED", "7")
    assert corpus_scores(HYPS, REFS, trg="es", n_bootstrap=100) == first
    assert corpus_scores(HYPS, REFS, trg="es", n_bootstrap=100, seed=7) != first


def test_the_interval_of_a_share_is_that_of_a_binomial() -> None:
    refs = ["sí"] * 400
    exact = by_name(corpus_scores(["sí"] * 300 + ["no"] * 100, refs, trg="es"))["EXACT"]
    # 75 % of 400 has a standard error of 2.165 %.
    assert (exact.low, exact.high) == pytest.approx((75 - 1.96 * 2.165, 75 + 1.96 * 2.165), abs=0.8)
    assert exact.signature == "nrefs:1|bs:1000|seed:12345|case:mixed|norm:nfc+strip|by:dragoman"


def test_intervals_hold_the_value() -> None:
    for score in corpus_scores(HYPS, REFS, trg="es"):
        assert score.low < score.value < score.high


def test_a_score_prints_as_one_line() -> None:
    assert str(Score("BLEU", 34.21, 33.149, 35.35, "nrefs:1")) == "BLEU 34.2 [33.1, 35.4]"


@pytest.mark.parametrize(
    ("trg", "tokenizer", "asian"),
    [
        ("es", "13a", "no"),
        ("spa", "13a", "no"),
        ("und", "13a", "no"),
        ("", "13a", "no"),
        ("zh", "zh", "yes"),
        ("cmn", "zh", "yes"),
        ("zho", "zh", "yes"),
        ("zh-Hant-TW", "zh", "yes"),
        ("ZH_cn", "zh", "yes"),
        ("ja", "char", "yes"),
        ("jpn", "char", "yes"),
        ("ko", "char", "no"),
        ("kor", "char", "no"),
        ("tha", "char", "no"),
        ("my", "char", "no"),
    ],
)
def test_the_language_chooses_the_tokenizer(trg: str, tokenizer: str, asian: str) -> None:
    scores = by_name(corpus_scores(["你好吗"], ["你好吗"], trg=trg, n_bootstrap=40))
    assert f"|tok:{tokenizer}|" in scores["BLEU"].signature
    assert f"|asian:{asian}|" in scores["TER"].signature


def test_a_sentence_without_spaces_can_be_half_right() -> None:
    hyps, refs = ["我今天很高兴。"], ["我今天很难过。"]
    chinese = by_name(corpus_scores(hyps, refs, trg="cmn", n_bootstrap=40))
    spanish = by_name(corpus_scores(hyps, refs, trg="es", n_bootstrap=40))
    assert chinese["TER"].value == pytest.approx(100 * 2 / 7)
    assert chinese["BLEU"].value > 20
    assert spanish["TER"].value == 100


def test_a_system_does_not_differ_from_itself() -> None:
    for comparison in paired_significance(HYPS, HYPS, REFS, trg="es", n_trials=200):
        assert (comparison.difference, comparison.p_value) == (0, 1)


def test_a_clearly_better_system_is_significantly_better() -> None:
    refs = REFS * 10
    comparisons = paired_significance(refs, HYPS * 10, refs, trg="es", n_trials=500)
    assert [comparison.name for comparison in comparisons] == ["BLEU", "chrF2", "TER", "EXACT"]
    for comparison in comparisons:
        assert comparison.p_value < 0.01
        assert comparison.difference == comparison.value_a - comparison.value_b
        assert (comparison.difference > 0) == (comparison.name != "TER")


def test_two_systems_that_err_alike_do_not_differ() -> None:
    refs = REFS * 5
    wrong_first, wrong_last = HYPS * 2 + REFS * 3, REFS * 3 + HYPS * 2
    for comparison in paired_significance(wrong_first, wrong_last, refs, trg="es", n_trials=200):
        assert comparison.p_value == 1


def test_p_is_that_of_sacrebleu() -> None:
    rng = random.Random(3)

    def without_some_words(ref: str, share: float) -> str:
        return " ".join(word for word in ref.split() if rng.random() > share)

    refs = [f"{ref} {rng.randrange(100)} {rng.randrange(100)}" for ref in REFS * 10]
    a = [without_some_words(ref, 0.10) for ref in refs]
    b = [without_some_words(ref, 0.13) for ref in refs]
    metrics = {"BLEU": BLEU(tokenize="13a"), "chrF2": CHRF(), "TER": TER()}
    expected = {"BLEU": (0.44, 0.44), "chrF2": (0.28, 0.28), "TER": (0.16, 0.21)}
    signatures, theirs = PairedTest([("a", a), ("b", b)], metrics, [refs], test_type="ar", n_samples=2000)()
    for ours in paired_significance(a, b, refs, trg="es", n_trials=2000)[:3]:
        result = theirs[ours.name][1]
        assert isinstance(result, Result)
        # Equal but for chance. TER counts whole edits, so that it has ties, which here count for p.
        assert result.p_value == pytest.approx(expected[ours.name][0], abs=0.04)
        assert ours.p_value == pytest.approx(expected[ours.name][1], abs=0.04)
        assert ours.value_b == result.score
        assert {*str(signatures[ours.name]).split("|"), "ties:counted"} == {*ours.signature.split("|")}


def test_significance_does_not_depend_on_the_order_of_the_two_or_on_the_run() -> None:
    forth = paired_significance(HYPS, REFS, REFS, trg="es", n_trials=300)
    assert paired_significance(HYPS, REFS, REFS, trg="es", n_trials=300) == forth
    back = paired_significance(REFS, HYPS, REFS, trg="es", n_trials=300)
    assert [c.p_value for c in back] == [c.p_value for c in forth]
    assert [c.difference for c in back] == [-c.difference for c in forth]


def test_nothing_to_score_is_an_error() -> None:
    with pytest.raises(CorpusError, match="no pairs"):
        corpus_scores([], [], trg="es")
    with pytest.raises(CorpusError, match="no pairs"):
        paired_significance([], [], [], trg="es")
    with pytest.raises(CorpusError, match="no pairs"):
        scores_by_length([], [], [], src="en", trg="es")


def test_too_few_resamples_are_refused() -> None:
    with pytest.raises(UsageError, match="at least 40 resamples, not 39"):
        corpus_scores(HYPS, REFS, trg="es", n_bootstrap=39)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.text(max_size=12), st.text(min_size=1, max_size=12)), min_size=1, max_size=4))
def test_any_text_has_scores(rows: list[tuple[str, str]]) -> None:
    hyps, refs = [hyp for hyp, _ in rows], [ref for _, ref in rows]
    for trg in ("es", "ja"):
        for score in corpus_scores(hyps, refs, trg=trg, n_bootstrap=40):
            assert 0 <= score.low <= score.high
            assert score.name == "TER" or score.high <= 100 + 1e-9


def test_each_length_class_scores_as_its_pairs_do() -> None:
    srcs = ["one", "one two three", "a b c d", "a  b\tc d", "", "a " * 200]
    by_length = scores_by_length(srcs, HYPS, REFS, src="en", trg="es", n_bootstrap=40)
    assert [(c.shortest, c.longest, c.n_pairs) for c in by_length.classes] == [(1, 2, 2), (3, 4, 3), (30, None, 1)]
    for entry, members in zip(by_length.classes, ([0, 4], [1, 2, 3], [5]), strict=True):
        hyps, refs = [HYPS[i] for i in members], [REFS[i] for i in members]
        assert entry.scores == corpus_scores(hyps, refs, trg="es", n_bootstrap=40)[:2]


@pytest.mark.parametrize(("src", "unit", "names"), [("ja", "characters", ["5-9"]), ("en", "words", ["1-2"])])
def test_the_source_language_chooses_the_unit(src: str, unit: str, names: list[str]) -> None:
    by_length = scores_by_length(["私は 犬が好きです。"], ["I like dogs."], ["I like dogs."], src=src, trg="en")
    assert by_length.unit == unit
    assert [str(entry).replace("\N{EN DASH}", "-") for entry in by_length.classes] == names
