"""The engine of the Transformer beside the same model in plain NumPy, alone and in batches, by every way of search."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dragoman.config import SearchConfig
from dragoman.engine import Hypothesis
from dragoman.engine.ctranslate import CTranslateEngine
from dragoman.errors import BundleError, UsageError
from dragoman.vocabulary import BOS, EOS, PAD, UNK
from tests.engine.random_transformer import CHOICES, TRG_SIZE, random_weights, small_config, trained
from tests.engine.reference_transformer import ReferenceTransformer

SEARCHES = [
    SearchConfig(beam=1),
    SearchConfig(),
    SearchConfig(n_best=4),
    SearchConfig(repetition_penalty=1.3, no_repeat_ngram=2),
    SearchConfig(length_penalty=0.2, n_best=2, max_length=7),
    SearchConfig(temperature=1.0, n_best=2, seed=4),
    SearchConfig(temperature=0.7, top_k=5, no_repeat_ngram=1, repetition_penalty=1.1),
    SearchConfig(token_scores=True, attention=True, n_best=3),
]


def random_ids(rng: np.random.Generator, n: int, longest: int) -> list[list[int]]:
    return [rng.integers(4, TRG_SIZE, length).tolist() for length in rng.integers(1, longest + 1, n)]


@pytest.fixture(scope="module")
def engine() -> CTranslateEngine:
    return CTranslateEngine(trained(small_config()))


@pytest.fixture(scope="module")
def exact() -> CTranslateEngine:
    return CTranslateEngine(trained(small_config()), "float32")


@pytest.fixture(scope="module")
def reference() -> ReferenceTransformer:
    return ReferenceTransformer(small_config(), random_weights(small_config()))


@pytest.mark.parametrize("choices", CHOICES, ids=lambda choices: "-".join(map(str, choices.values())))
def test_the_model_is_the_one_that_is_described(choices: dict[str, Any]) -> None:
    config = small_config(**choices)
    weights = random_weights(config)
    plain = ReferenceTransformer(config, weights)
    rng = np.random.default_rng(1)
    src, trg = random_ids(rng, 12, 9), random_ids(rng, 12, 9)
    src[0], trg[1] = [], []
    found = CTranslateEngine(trained(config, weights), "float32").score(src, trg)
    for scored, src_ids, trg_ids in zip(found, src, trg, strict=True):
        expected = plain.log_probs(src_ids, trg_ids)
        assert scored.ids == tuple(trg_ids)
        assert scored.token_scores == pytest.approx(expected, abs=1e-4)
        assert scored.score == pytest.approx(expected.mean(), abs=1e-4)


@pytest.mark.slow
def test_a_long_sentence_is_read_to_its_end(exact: CTranslateEngine, reference: ReferenceTransformer) -> None:
    src = np.random.default_rng(0).integers(4, TRG_SIZE, 1500).tolist()
    assert exact.score([src], [[5, 6]])[0].token_scores == pytest.approx(reference.log_probs(src, [5, 6]), abs=1e-3)
    assert len(exact.translate([src], SearchConfig(beam=1, no_repeat_ngram=3, max_length=400))[0][0].ids) <= 400


@settings(max_examples=10)
@given(seed=st.integers(0, 2**32 - 1), options=st.sampled_from(SEARCHES))
@pytest.mark.slow
def test_at_int8_a_sentence_alone_is_the_same_in_any_batch_to_the_bit(
    engine: CTranslateEngine, seed: int, options: SearchConfig
) -> None:
    rng = np.random.default_rng(seed)
    src = random_ids(rng, int(rng.integers(1, 60)), 6)
    together = engine.translate(src, options)
    alone = [engine.translate([ids], options)[0] for ids in src]
    assert without_attention(together) == without_attention(alone)
    for one, other in zip(together, alone, strict=True):
        for h, g in zip(one, other, strict=True):
            assert (h.attention is None) == (not options.attention)
            np.testing.assert_array_equal(h.attention, g.attention)


def without_attention(found: list[list[Hypothesis]]) -> list[list[Hypothesis]]:
    return [[h._replace(attention=None) for h in hypotheses] for hypotheses in found]


@pytest.mark.parametrize("options", SEARCHES)
def test_at_float32_it_has_the_same_ids_and_nearly_the_same_scores(
    exact: CTranslateEngine, options: SearchConfig
) -> None:
    src = random_ids(np.random.default_rng(8), 40, 6)
    together = exact.translate(src, options)
    alone = [exact.translate([ids], options)[0] for ids in src]
    assert [[h.ids for h in found] for found in together] == [[h.ids for h in found] for found in alone]
    scores = [[h.score for found in every for h in found] for every in (together, alone)]
    assert scores[0] == pytest.approx(scores[1], abs=1e-4)


def test_at_int8_scores_of_given_targets_do_not_depend_on_the_batch(engine: CTranslateEngine) -> None:
    rng = np.random.default_rng(3)
    src, trg = random_ids(rng, 60, 5), random_ids(rng, 60, 5)
    assert engine.score(src, trg) == [engine.score([s], [t])[0] for s, t in zip(src, trg, strict=True)]


def allowed_log_probs(reference: ReferenceTransformer, src: list[int], trg: list[int]) -> NDArray[np.float64]:
    """Return what a search sees at each place of ``trg`` and at its end, (T + 1, V): what may not come has no share."""
    log_probs = reference.distributions(src, trg)
    log_probs[:, [PAD, BOS, UNK]] = -np.inf
    log_probs[0, EOS] = -np.inf
    log_probs -= np.log(np.exp(log_probs).sum(axis=1, keepdims=True))
    return log_probs


def test_greedy_search_takes_the_likeliest_token_that_may_come(
    exact: CTranslateEngine, reference: ReferenceTransformer
) -> None:
    src = random_ids(np.random.default_rng(4), 20, 5)
    for src_ids, (found,) in zip(src, exact.translate(src, SearchConfig(beam=1, max_length=6)), strict=True):
        tokens = [*found.ids, EOS][:6]
        log_probs = allowed_log_probs(reference, src_ids, list(found.ids))[: len(tokens)]
        assert log_probs.argmax(axis=1).tolist() == tokens
        assert found.score == pytest.approx(log_probs.max(axis=1).mean(), abs=1e-4)


@pytest.mark.parametrize("options", SEARCHES)
def test_hypotheses_keep_the_rules(engine: CTranslateEngine, options: SearchConfig) -> None:
    src = [*random_ids(np.random.default_rng(5), 30, 6), []]
    every = engine.translate(src, options)
    assert every[-1] == [Hypothesis((), 0.0)]
    ended = 0
    for ids, found in zip(src[:-1], every[:-1], strict=True):
        assert 1 <= len(found) <= options.n_best
        limit = options.max_length or 2 * len(ids) + 10
        for h in found:
            assert 1 <= len(h.ids) <= limit
            assert not {PAD, BOS, EOS, UNK} & set(h.ids)
            ended += len(h.ids) < limit
            n = options.no_repeat_ngram
            grams = [h.ids[i : i + n] for i in range(len(h.ids) - n + 1)] if n else []
            assert len(set(grams)) == len(grams)
    assert ended


@pytest.mark.parametrize("length_penalty", [0.0, 1.0, 2.0])
def test_scores_are_means_and_ranks_heed_the_length_penalty(
    exact: CTranslateEngine, reference: ReferenceTransformer, length_penalty: float
) -> None:
    src = random_ids(np.random.default_rng(6), 20, 4)
    for options in (SearchConfig(n_best=4), SearchConfig(temperature=1.0, n_best=4)):
        options = replace(options, length_penalty=length_penalty, max_length=8)
        for src_ids, found in zip(src, exact.translate(src, options), strict=True):
            ranks = []
            for h in found:
                tokens = [*h.ids, EOS][:8]
                log_probs = allowed_log_probs(reference, src_ids, list(h.ids))[np.arange(len(tokens)), tokens]
                assert h.score == pytest.approx(log_probs.mean(), abs=1e-4)
                ranks.append(h.score * len(tokens) ** (1 - length_penalty))
            assert ranks == pytest.approx(sorted(ranks, reverse=True), abs=1e-4)


def test_token_scores_are_those_of_score_without_the_end_of_what_was_cut(engine: CTranslateEngine) -> None:
    src = random_ids(np.random.default_rng(7), 40, 4)
    options = SearchConfig(max_length=4, token_scores=True)
    found = [hypotheses[0] for hypotheses in engine.translate(src, options)]
    cut = [len(h.ids) == 4 for h in found]
    assert 0 < sum(cut) < 40
    for h, scored, was_cut in zip(found, engine.score(src, [h.ids for h in found]), cut, strict=True):
        assert h.token_scores == scored.token_scores[: 4 if was_cut else None]  # type: ignore[index]


def test_attention_is_a_share_of_the_source(exact: CTranslateEngine) -> None:
    src = random_ids(np.random.default_rng(9), 20, 6)
    for options in (SearchConfig(attention=True, n_best=2), SearchConfig(attention=True, temperature=1.0)):
        for ids, found in zip(src, exact.translate(src, options), strict=True):
            for h in found:
                assert h.attention is not None
                assert h.attention.shape == (len(h.ids), len(ids))
                assert h.attention.dtype == np.float32
                assert h.attention.sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_samples_follow_the_model(exact: CTranslateEngine, reference: ReferenceTransformer) -> None:
    found = exact.translate([[7, 8]], SearchConfig(temperature=1.0, n_best=200, max_length=1))[0]
    log_probs = allowed_log_probs(reference, [7, 8], [])[0]
    drawn = np.bincount([h.ids[0] for h in found], minlength=TRG_SIZE)
    assert drawn / 200 == pytest.approx(np.exp(log_probs), abs=0.12)
    assert [h.score for h in found] == pytest.approx([log_probs[h.ids[0]] for h in found], abs=1e-4)


def test_a_seed_fixes_the_samples_and_another_changes_them(engine: CTranslateEngine) -> None:
    src = random_ids(np.random.default_rng(2), 10, 5)

    def sample(seed: int) -> list[list[Hypothesis]]:
        return engine.translate(src, SearchConfig(temperature=1.5, n_best=3, seed=seed))

    first = sample(1)
    assert sample(1) == first
    assert sample(2) != first
    assert any(len({h.ids for h in found}) > 1 for found in first)


@pytest.mark.slow
def test_threads_may_share_an_engine(engine: CTranslateEngine) -> None:
    src = random_ids(np.random.default_rng(11), 12, 5)
    calls = [*SEARCHES[:-1], *SEARCHES[:-1]]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda options: engine.translate(src, options), calls))
    assert together == [engine.translate(src, options) for options in calls]


def test_a_beam_wider_than_the_vocabulary_finds_no_impossible_tokens(engine: CTranslateEngine) -> None:
    for max_length in (1, 2, 6):
        (found,) = engine.translate([[5, 6]], SearchConfig(n_best=200, max_length=max_length))
        assert len(found) >= TRG_SIZE - 4 if max_length == 1 else len(found) > 100
        assert len({h.ids for h in found}) == len(found)
        assert all(h.score > -1000 and not {PAD, BOS, EOS, UNK} & set(h.ids) for h in found)


def test_nothing_in_nothing_out(engine: CTranslateEngine) -> None:
    for options in SEARCHES:
        assert engine.translate([], options) == []
        assert engine.translate([[], []], options) == [[Hypothesis((), 0.0)]] * 2
    assert engine.score([], []) == []


def changed(**arrays: Any) -> dict[str, Any]:
    return {**random_weights(small_config()), **{name.replace("__", "/"): array for name, array in arrays.items()}}


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (
            {k: v for k, v in changed().items() if k != "encoder/layer_norm/gamma"},
            "'encoder/layer_norm/gamma' is missing",
        ),
        (changed(decoder__layer_9__bias=np.zeros(3, np.float32)), "no place for the array 'decoder/layer_9/bias'"),
        (changed(decoder__layer_norm__gamma=np.ones(31, np.float32)), r"must be float32 \(32,\), not float32 \(31,\)"),
        (changed(decoder__layer_norm__gamma=np.ones(32, np.float16)), r"must be float32 \(32,\), not float16 \(32,\)"),
        (changed(decoder__layer_norm__gamma=np.full(32, np.nan, np.float32)), "not finite"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(weights: dict[str, Any], message: str) -> None:
    with pytest.raises(BundleError, match=message):
        CTranslateEngine(trained(small_config(), weights))


def test_the_query_norm_of_cross_attention_must_span_the_projection() -> None:
    config = small_config(query_key_norm=True)
    weights = random_weights(config)
    name = "decoder/layer_0/attention/q_norm/gamma"
    weights[name] = weights[name][:8]
    with pytest.raises(BundleError, match=r"q_norm/gamma' must be float32 \(32,\)"):
        CTranslateEngine(trained(config, weights))


def test_a_precision_that_there_is_not() -> None:
    with pytest.raises(UsageError, match="int8, float32, not 'int4'"):
        CTranslateEngine(trained(small_config()), "int4")
