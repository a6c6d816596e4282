"""A model and the batches that it is fitted to: planned, fitted, watched."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from ..bundle import Bundle
from ..calibration import n_translated as calibrating
from ..config import ModelConfig, SearchConfig, TrainConfig
from ..corpus.pairs import Pair, evenly
from ..engine import TrainedModel, Weights
from ..feeding import Source, feed
from ..fitting.budget import Costs, Deadline, measure
from ..fitting.checkpoint import Checkpoints
from ..fitting.events import Planned, Resumed, Validated
from ..fitting.loop import DevScores, Fitting, Standing, validation_cycle
from ..fitting.objective import compile_model
from ..fitting.tensorboard import TensorBoard
from ..fitting.workplace import Workplace
from ..forecast import scoring_seconds, translation_seconds, watching_seconds, work
from ..metrics import corpus_values
from ..models import MODELS, TRAINED, transformer
from ..translator import Translator
from ..vocabulary import BACKWARD, FORWARD
from .events import Listener, Prepared, Samples
from .material import Material

N_SAMPLES = 3
MAX_WATCHED = 500
"""Dev sentences that a validation translates, at most."""


class Direction(NamedTuple):
    """A direction of a model: its languages, and the symbol before its sources where it is one of two."""

    src: str
    trg: str
    mark: str | None

    def pairs(self, pairs: Sequence[Pair]) -> Sequence[Pair]:
        """Return the pairs of a corpus as this direction translates them."""
        if self.mark != BACKWARD:
            return pairs
        return [Pair(pair.trg, pair.src, pair.origin) for pair in pairs]


def directions(src: str, trg: str, *, both: bool) -> tuple[Direction, ...]:
    """Return the directions of a model of ``src`` and ``trg``."""
    if not both:
        return (Direction(src, trg, None),)
    return Direction(src, trg, FORWARD), Direction(trg, src, BACKWARD)


class Run:
    """A model, untrained or that of the bundle ``base``, and the batches that it is fitted to."""

    def __init__(
        self,
        material: Material,
        model_config: ModelConfig,
        config: TrainConfig,
        place: Workplace,
        listener: Listener,
        stop: Callable[[], bool],
        *,
        both: bool,
        base: Bundle | None,
    ) -> None:
        self.material, self.model_config, self.config, self.place = material, model_config, config, place
        self.listener, self.stop = listener, stop
        self.directions, self.is_further = directions(material.src, material.trg, both=both), base is not None
        vocabularies = (base.trained.src_vocabulary, base.trained.trg_vocabulary) if base else None
        source = Source(
            material.fitted,
            material.scored["dev"],
            place.ids,
            both,
            vocabularies,
            base.trained.words if base else None,
            (material.src, material.trg),
        )
        self.feed = feed(model_config, config, source)
        self.architecture = MODELS[model_config.name]
        self.built = self.architecture.build(
            model_config,
            *self.feed.vocabularies,
            max_trg_length=self.feed.max_trg_length,
            seed=config.seed,
            precision=config.precision,
            sampled_softmax=config.sampled_softmax,
        )
        if base is not None:
            self.architecture.from_engine(self.built, base.trained.weights)
        elif config.aligned_embeddings and not place.is_begun:
            transformer.relate(self.built, self.feed.related())

    def fit(
        self, began: float, checkpoint_seconds: float, tensorboard: Path | None
    ) -> tuple[list[Validated], TrainedModel]:
        """Fit the model, from the last checkpoint if there is one; return its history and the best weights."""
        trainable = TRAINED[self.model_config.name](self.built)
        self._tell_prepared()
        fitting = Fitting(
            trainable,
            self.feed.train,
            self.feed.dev,
            self.config,
            to_engine=lambda: self.architecture.to_engine(self.built),
            score=self._score,
            listener=self.listener,
            stop=self.stop,
        )
        checkpoints = Checkpoints(self.place.checkpoints, checkpoint_seconds)
        is_new = not self.place.is_begun
        n_steps = self._plan(fitting, began) if is_new else int(self.place.read_plan()["n_steps"])
        if not (trainable.compiled and self.config.schedule == "constant" and not self.config.warmup):
            compile_model(trainable, self.config, n_steps)
        if is_new:
            checkpoints.keep(trainable, Standing(), None, now=True)
            plan = {"n_steps": n_steps, "model": self.model_config.to_json(), "training": self.config.to_json()}
            self.place.write_plan(plan)
        else:
            self.listener(Resumed(checkpoints.step, n_steps))
        if tensorboard is not None:
            fitting.listener = TensorBoard(trainable, tensorboard, fitting.listener)
        history, best = fitting.run(n_steps, checkpoints)
        return history, self._trained(best)

    def _tell_prepared(self) -> None:
        material, (src, trg) = self.material, self.feed.vocabularies
        dev = material.scored["dev"]
        unknown = {c for pair in dev for c in (*src.unknown(pair.src), *trg.unknown(pair.trg))}
        n_parameters = sum(array.size for array in self.architecture.to_engine(self.built).values())
        self.listener(
            Prepared(
                cleaning=material.cleaning,
                n_bad_rows=material.provenance.n_bad_rows,
                n_pairs=material.provenance.n_pairs,
                n_parameters=n_parameters,
                vocabulary_sizes=(src.size, trg.size),
                unknown=tuple(sorted(unknown)),
                n_left_out=self.feed.n_left_out,
                n_passed_over=material.n_passed_over,
                corpora=material.provenance.corpora,
                weights=material.provenance.weights,
                aim=material.provenance.aim,
            )
        )

    def _plan(self, fitting: Fitting, began: float) -> int:
        """Fix the number of steps, and tell it; for minutes after measuring what they are enough for, and then to be
        planned again on the way.
        """
        n_steps, seconds = self.config.n_steps(len(self.feed.train)), None
        if self.config.minutes is not None:
            compile_model(fitting.model, self.config, n_steps=1)
            costs, end, at_most = self._costs(fitting), began + 60 * self.config.minutes, n_steps or sys.maxsize
            cycle = validation_cycle(self.feed.train)
            n_steps = min(at_most, costs.steps_within(end - monotonic(), cycle))
            seconds = costs.seconds(n_steps, cycle)
            fitting.replan = Deadline(end, costs, cycle, at_most).replan
        assert n_steps is not None
        self.listener(Planned(n_steps, len(self.feed.train), self.feed.train.padding, seconds))
        return n_steps

    def _costs(self, fitting: Fitting) -> Costs:
        translator = self._translator(self._trained(fitting.to_engine()), self.directions[0])
        material, dev = self.material, self.material.scored["dev"]
        watched = evenly(dev, MAX_WATCHED)
        greedy = translation_seconds(translator, dev, SearchConfig(beam=1))
        watching = greedy * len(watched) + watching_seconds([pair.trg for pair in watched], translator.trg)
        works = [work(scored, material.parts[part], translator.src) for part, scored in material.scored.items()]
        scoring = scoring_seconds(translator.src, translator.trg, dev, works, material.parts["train"])
        final = translation_seconds(translator, dev, SearchConfig())
        n_translated = sum(each.n_translated for each in works) + sum(map(len, material.beside.values()))
        n_translated += calibrating(dev, translator.src)
        if self.is_further:  # the test part is translated by the model as it was too
            n_translated += works[-1].n_translated + len(material.beside["test"])
        ending = len(self.directions) * (scoring + final * n_translated)
        return measure(fitting, watching, ending)

    def _trained(self, weights: Weights) -> TrainedModel:
        lengths = self.feed.max_src_length, self.feed.max_trg_length
        return TrainedModel(self.model_config, weights, *self.feed.vocabularies, *lengths, self.feed.words)

    @staticmethod
    def _translator(trained: TrainedModel, direction: Direction) -> Translator:
        return Translator(trained, src=direction.src, trg=direction.trg, mark=direction.mark)

    def _score(self, weights: Weights, step: int) -> DevScores:
        """Score greedy translations of dev sentences, as many in each direction, and show some."""
        trained = self._trained(weights)
        n = MAX_WATCHED // len(self.directions)
        scores = [self._score_in(trained, direction, n, step) for direction in self.directions]
        return DevScores(*(sum(values) / len(scores) for values in zip(*scores, strict=True)))

    def _score_in(self, trained: TrainedModel, direction: Direction, n: int, step: int) -> DevScores:
        pairs = direction.pairs(evenly(self.material.scored["dev"], n))
        refs = [pair.trg for pair in pairs]
        # A model that has not learned to end its sentences would take its time.
        longest = max(len(trained.trg_vocabulary.encode(ref)) for ref in refs)
        options = SearchConfig(beam=1, max_length=2 * longest + 1)
        translator = self._translator(trained, direction)
        hyps = [t.text for t in translator.translate([pair.src for pair in pairs], options)]
        # Spread over the part, which has the order of the file and so often that of length.
        shown = [(2 * i + 1) * len(pairs) // (2 * N_SAMPLES) for i in range(min(N_SAMPLES, len(pairs)))]
        values = corpus_values(hyps, refs, trg=direction.trg)
        self.listener(Samples(step, tuple((pairs[i].src, refs[i], hyps[i]) for i in shown)))
        return DevScores(values["BLEU"], values["chrF2"])
