"""The article's models: plain Keras trains them, NumPy decodes the same.

Marked tests run on every backend.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dragoman.batches import Arrays, vectorize
from dragoman.config import CharLSTMConfig, SearchConfig
from dragoman.corpus.pairs import Origin, Pair
from dragoman.engine import Hypothesis, TrainedModel
from dragoman.engine.lstm import LSTMEngine
from dragoman.engine.search import sample_ids, sampling_stream, search
from dragoman.errors import BundleError
from dragoman.models import char_lstm, keras
from dragoman.models.char_lstm import CharLSTM
from dragoman.vocabulary import BOS, EOS, UNK
from dragoman.vocabulary.characters import CharVocabulary, character_vocabularies

pytestmark = [pytest.mark.backends, pytest.mark.slow]

N_DECODED = 200
SHAPES = [
    CharLSTMConfig(units=24),
    CharLSTMConfig(units=16, layers=2, dropout=0.2),
    CharLSTMConfig(units=20, cell="gru"),
    CharLSTMConfig(units=16, cell="gru", layers=2, masking=False),
    CharLSTMConfig(units=24, masking=False),
]


class World:
    """Some pairs of the phrasebook, their vocabularies and arrays."""

    def __init__(self, pairs: list[Pair]) -> None:
        self.pairs = pairs
        self.src, self.trg = character_vocabularies((p.src for p in pairs), (p.trg for p in pairs))
        self.arrays = vectorize(pairs, self.src, self.trg)
        self.src_ids = [self.src.encode(pair.src) for pair in pairs]
        self.max_length = self.arrays.decoder_input_data.shape[1] + 1

    def build(self, config: CharLSTMConfig, seed: int = 3) -> CharLSTM:
        max_trg_length = self.arrays.decoder_input_data.shape[1]
        return char_lstm.build(config, self.src, self.trg, max_trg_length=max_trg_length, seed=seed)

    def fitted(self, config: CharLSTMConfig, epochs: int = 2) -> CharLSTM:
        """Plain Keras, as the article trains."""
        model = self.build(config)
        model.training_model.compile(optimizer=keras.optimizers.Adam(0.01), loss="categorical_crossentropy")
        inputs = [self.arrays.encoder_input_data, self.arrays.decoder_input_data]
        model.training_model.fit(inputs, self.arrays.decoder_target_data, batch_size=32, epochs=epochs, verbose=0)
        return model

    def engine(self, model: CharLSTM) -> LSTMEngine:
        arrays = self.arrays
        lengths = arrays.encoder_input_data.shape[1], arrays.decoder_input_data.shape[1]
        return LSTMEngine(TrainedModel(model.config, char_lstm.to_engine(model), self.src, self.trg, *lengths))


@pytest.fixture(scope="module")
def world(phrasebook: list[Pair]) -> World:
    return World(phrasebook[:N_DECODED])


@pytest.fixture(scope="module", params=SHAPES, ids=lambda config: f"{config.cell}-{config.layers}-{config.masking}")
def shaped(world: World, request: pytest.FixtureRequest) -> CharLSTM:
    """A model of each shape, fitted a little."""
    return world.fitted(request.param)


@pytest.fixture(scope="module")
def trained(world: World) -> CharLSTM:
    """A model that has learned enough to write words and to end its sentences."""
    return world.fitted(CharLSTMConfig(units=64), epochs=50)


def test_plain_keras_fit_learns(world: World) -> None:
    model = world.build(CharLSTMConfig(units=24))
    model.training_model.compile(optimizer="rmsprop", loss="categorical_crossentropy")
    inputs = [world.arrays.encoder_input_data, world.arrays.decoder_input_data]
    history = model.training_model.fit(inputs, world.arrays.decoder_target_data, batch_size=32, epochs=3, verbose=0)
    losses = history.history["loss"]
    assert losses[0] > losses[1] > losses[2]


@pytest.mark.parametrize("config", SHAPES)
def test_the_three_models_share_their_layers(world: World, config: CharLSTMConfig) -> None:
    model = world.build(config)
    in_training = {id(weight) for weight in model.training_model.weights}
    assert {id(weight) for weight in model.encoder_model.weights} <= in_training
    assert {id(weight) for weight in model.decoder_model.weights} <= in_training
    assert len(model.training_model.outputs) == 1
    n_states = (2 if config.cell == "lstm" else 1) * config.layers
    assert [tuple(output.shape) for output in model.encoder_model.outputs] == [(None, config.units)] * n_states
    assert len(model.decoder_model.outputs) == 1 + n_states


def test_the_engine_gives_the_ids_of_the_articles_loop(world: World, shaped: CharLSTM) -> None:
    hypotheses = world.engine(shaped).translate(world.src_ids[:40], SearchConfig())
    assert [decoded(shaped, world.arrays, i) for i in range(40)] == [world.trg.decode(h[0].ids) for h in hypotheses]


def decoded(model: CharLSTM, arrays: Arrays, i: int) -> str:
    text = model.decode_sequence(arrays.encoder_input_data[i : i + 1])
    assert text.endswith("\n") or len(text) == arrays.decoder_input_data.shape[1] + 1
    return text.removesuffix("\n")


def test_greedy_is_the_articles_loop_on_all_sentences(world: World, trained: CharLSTM) -> None:
    hypotheses = world.engine(trained).translate(world.src_ids, SearchConfig())
    texts = [world.trg.decode(h[0].ids) for h in hypotheses]
    assert [decoded(trained, world.arrays, i) for i in range(N_DECODED)] == texts
    # Trained weights: the sentences are many, and nearly all end by themselves.
    assert len(set(texts)) > N_DECODED / 8
    assert sum(len(text) < world.arrays.decoder_input_data.shape[1] for text in texts) > 0.9 * N_DECODED


class KerasStepper:
    """The Keras models behind the seam of search: what the engine is held against."""

    def __init__(self, model: CharLSTM, arrays: Arrays) -> None:
        self.model, self.arrays = model, arrays

    def one_hot(self, ids: Sequence[int], vocabulary: CharVocabulary, length: int) -> NDArray[np.float32]:
        rows = np.zeros((length, vocabulary.n_columns), np.float32)
        for t, i in enumerate(ids):
            rows[t, vocabulary.columns[i]] = 1.0
        return rows

    def start(self, src: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        length = self.arrays.encoder_input_data.shape[1]
        inputs = np.stack([self.one_hot(ids, self.model.src_vocabulary, length) for ids in src])
        return [np.asarray(state) for state in self.model.encoder_model.predict_on_batch(inputs)]

    def step(
        self, state: list[NDArray[np.float32]], last_ids: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        vocabulary = self.model.trg_vocabulary
        inputs = np.stack([self.one_hot([i], vocabulary, 1) for i in last_ids])
        # One shape, whatever rows are left, is compiled once.
        n, missing = len(inputs), 4 * N_DECODED - len(inputs)
        padded = [np.concatenate([a, np.zeros((missing, *a.shape[1:]), np.float32)]) for a in (inputs, *state)]
        probabilities, *after = self.model.decoder_model.predict_on_batch(padded)
        log_probs = np.full((n, vocabulary.size), -np.inf, np.float32)
        log_probs[:, vocabulary.column_ids] = np.log(np.asarray(probabilities)[:n, 0])
        return log_probs, [np.asarray(array)[:n] for array in after]

    def reorder(self, state: list[NDArray[np.float32]], rows: NDArray[np.int64]) -> list[NDArray[np.float32]]:
        return [array[rows] for array in state]


def test_beam_search_gives_the_ids_that_keras_gives(world: World, trained: CharLSTM) -> None:
    options = SearchConfig(beam=4, n_best=2)
    ours = world.engine(trained).translate(world.src_ids, options)
    theirs = search(KerasStepper(trained, world.arrays), world.src_ids, options, world.max_length)
    assert [[h.ids for h in hypotheses] for hypotheses in ours] == [[h.ids for h in hyps] for hyps in theirs]
    scores = [h.score for hypotheses in ours for h in hypotheses]
    assert scores == pytest.approx([h.score for hyps in theirs for h in hyps], abs=1e-4)


def test_sampling_gives_the_ids_that_keras_gives(world: World, trained: CharLSTM) -> None:
    options, stepper = SearchConfig(temperature=0.7, top_k=20, seed=11), KerasStepper(trained, world.arrays)
    ours = world.engine(trained).translate(world.src_ids, options)
    theirs = search(stepper, world.src_ids, options, world.max_length)
    same = [(a.score, b.score) for (a,), (b,) in zip(ours, theirs, strict=True) if a.ids == b.ids]
    assert [a for a, _ in same] == pytest.approx([b for _, b in same], abs=1e-4)
    assert len(same) > 0.9 * N_DECODED
    for src_ids, (a,), (b,) in zip(world.src_ids, ours, theirs, strict=True):
        if a.ids != b.ids:
            # Of some thousand draws one may fall between the sums of the two, which round differently.
            in_turn = enumerate(zip((*a.ids, EOS), (*b.ids, EOS), strict=False))
            place, both = next((place, {one, other}) for place, (one, other) in in_turn if one != other)
            assert both == draws_around(stepper, src_ids, a.ids[:place], options)


def draws_around(stepper: KerasStepper, src_ids: Sequence[int], ids: Sequence[int], options: SearchConfig) -> set[int]:
    """Return what is drawn after ``ids`` by a number that is a little smaller or larger than the stream's."""
    state, stream = stepper.start([src_ids]), sampling_stream(options.seed, src_ids)
    for last in (BOS, *ids):
        log_probs, state = stepper.step(state, np.array([last]))
        draw = stream.random()
    return {int(sample_ids(log_probs, options, [draw + shift])[0]) for shift in (-1e-5, 1e-5)}


def test_sampling_is_the_articles_loop_with_a_draw_in_place_of_argmax(world: World, trained: CharLSTM) -> None:
    options = SearchConfig(temperature=0.5, seed=2)
    hypotheses = world.engine(trained).translate(world.src_ids[:30], options)
    for i, found in enumerate(hypotheses):
        ids: list[int] = []
        random, last = sampling_stream(2, world.src_ids[i]), BOS
        states = trained.encoder_model.predict_on_batch(world.arrays.encoder_input_data[i : i + 1])
        while last != EOS and len(ids) <= world.arrays.decoder_input_data.shape[1]:
            row = np.zeros((1, 1, world.trg.n_columns), np.float32)
            row[0, 0, world.trg.columns[last]] = 1.0
            probabilities, *states = trained.decoder_model.predict_on_batch([row, *states])
            weights = np.zeros(world.trg.size)
            weights[world.trg.column_ids] = np.asarray(probabilities, np.float64)[0, 0] ** (1 / 0.5)
            last = int(np.searchsorted(np.cumsum(weights), random.random() * weights.sum(), side="right"))
            ids.append(last)
        assert found[0].ids == tuple(i for i in ids if i != EOS)


def test_one_by_one_is_batched(world: World, trained: CharLSTM) -> None:
    engine = world.engine(trained)
    for options in (SearchConfig(), SearchConfig(beam=3), SearchConfig(temperature=1.0)):
        batched = engine.translate(world.src_ids, options)[::5]
        single = [engine.translate([ids], options)[0] for ids in world.src_ids[::5]]
        assert [h[0].ids for h in batched] == [h[0].ids for h in single]
        assert [h[0].score for h in batched] == pytest.approx([h[0].score for h in single], abs=1e-5)


def flat_scores(hypotheses: Sequence[Sequence[Hypothesis]]) -> list[float]:
    return [score for hyps in hypotheses for h in hyps for score in (h.score, *(h.token_scores or ()))]


@pytest.mark.parametrize("max_length", [None, 7])
def test_the_batch_of_a_sentence_does_not_matter(world: World, shaped: CharLSTM, max_length: int | None) -> None:
    engine = world.engine(shaped)
    # An empty source and one of unknown characters only stand among the others.
    src_ids = [*world.src_ids[:60], [], [UNK, UNK]]
    random = np.random.default_rng(4)
    for options in (
        SearchConfig(max_length=max_length),
        SearchConfig(beam=3, n_best=2, max_length=max_length),
        SearchConfig(temperature=0.8, n_best=2, max_length=max_length),
    ):
        alone = [engine.translate([ids], options)[0] for ids in src_ids]
        for size in (2, 17, 62):
            places = random.permutation(len(src_ids))[:size]
            together = engine.translate([src_ids[i] for i in places], options)
            expected = [alone[i] for i in places]
            assert [[h.ids for h in hyps] for hyps in together] == [[h.ids for h in hyps] for hyps in expected]
            assert flat_scores(together) == pytest.approx(flat_scores(expected), abs=1e-4)
        assert max_length is None or all(len(h.token_scores or ()) <= max_length for hyps in alone for h in hyps)


def test_scores_of_given_targets_are_those_of_keras_alone_and_in_a_batch(world: World, shaped: CharLSTM) -> None:
    engine = world.engine(shaped)
    src_ids, trg_ids = world.src_ids[:40], [world.trg.encode(p.trg) for p in world.pairs[:40]]
    together = engine.score(src_ids, trg_ids)
    alone = [engine.score([src], [trg])[0] for src, trg in zip(src_ids, trg_ids, strict=True)]
    assert [h.ids for h in together] == [h.ids for h in alone] == [tuple(ids) for ids in trg_ids]
    assert flat_scores([together]) == pytest.approx(flat_scores([alone]), abs=1e-4)
    inputs = [world.arrays.encoder_input_data, world.arrays.decoder_input_data]
    probabilities = np.asarray(shaped.training_model.predict(inputs, verbose=0))
    theirs = -np.log((world.arrays.decoder_target_data * probabilities).sum(axis=-1) + 1e-30)
    for hypothesis, losses in zip(together, theirs, strict=False):
        scores = hypothesis.token_scores or ()
        assert [-score for score in scores] == pytest.approx(losses[: len(scores)], abs=1e-4)


def test_scoring_a_greedy_translation_repeats_its_score(world: World, trained: CharLSTM) -> None:
    engine = world.engine(trained)
    found = engine.translate(world.src_ids, SearchConfig())
    # A hypothesis that ended: one cut by the limit has no end to score.
    ended = [i for i, h in enumerate(found) if len(h[0].token_scores or ()) == len(h[0].ids) + 1][:30]
    best = [found[i][0] for i in ended]
    scored = engine.score([world.src_ids[i] for i in ended], [h.ids for h in best])
    assert [h.ids for h in scored] == [h.ids for h in best]
    assert [h.score for h in scored] == pytest.approx([h.score for h in best], abs=1e-5)
    refs = engine.score(world.src_ids[:30], [world.trg.encode(p.trg) for p in world.pairs[:30]])
    assert all(h.token_scores is not None and len(h.token_scores) == len(h.ids) + 1 for h in refs)


def test_an_unknown_character_is_passed_over(world: World, trained: CharLSTM) -> None:
    engine = world.engine(trained)
    plain = engine.translate([world.src.encode("Good morning!")], SearchConfig())
    strange = engine.translate([world.src.encode("Goo☃d mor漢ning!")], SearchConfig())
    assert plain == strange
    arrays = vectorize([Pair("Goo☃d mor漢ning!", "x", Origin("", 1))], world.src, world.trg)
    assert trained.decode_sequence(arrays.encoder_input_data).removesuffix("\n") == world.trg.decode(plain[0][0].ids)


def test_only_unknown_characters_or_none_still_give_a_hypothesis(world: World, trained: CharLSTM) -> None:
    for hypotheses in world.engine(trained).translate([world.src.encode("漢字"), []], SearchConfig()):
        assert len(hypotheses) == 1


def test_with_masking_padding_changes_nothing(world: World, trained: CharLSTM) -> None:
    wide = vectorize(world.pairs[:8], world.src, world.trg, max_src_length=90, max_trg_length=80)
    narrow = vectorize(world.pairs[:8], world.src, world.trg)
    real = narrow.decoder_target_data.any(axis=-1)

    def outputs(arrays: Arrays) -> Any:
        return np.asarray(trained.training_model.predict([*arrays[:2]], verbose=0))

    np.testing.assert_allclose(outputs(wide)[:, : real.shape[1]][real], outputs(narrow)[real], atol=1e-5)


@pytest.mark.parametrize("config", SHAPES)
def test_weights_go_to_arrays_and_back(world: World, config: CharLSTMConfig) -> None:
    model, other = world.build(config, seed=4), world.build(config, seed=5)
    char_lstm.from_engine(other, char_lstm.to_engine(model))
    inputs = [world.arrays.encoder_input_data[:4], world.arrays.decoder_input_data[:4]]
    np.testing.assert_array_equal(
        np.asarray(model.training_model.predict_on_batch(inputs)),
        np.asarray(other.training_model.predict_on_batch(inputs)),
    )


def test_arrays_that_do_not_fit_are_refused(world: World) -> None:
    model = world.build(CharLSTMConfig(units=8))
    arrays = char_lstm.to_engine(model)
    with pytest.raises(BundleError, match="shape"):
        char_lstm.from_engine(model, {**arrays, "output.bias": arrays["output.bias"][:-1]})
    with pytest.raises(BundleError, match="weights"):
        char_lstm.from_engine(model, {name: arrays[name] for name in list(arrays)[1:]})
    trained = TrainedModel(
        CharLSTMConfig(units=8), {**arrays, "output.bias": arrays["output.bias"][:-1]}, world.src, world.trg, 9, 9
    )
    with pytest.raises(BundleError, match=r"output\.bias"):
        LSTMEngine(trained)
