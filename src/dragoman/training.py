"""The whole road from a corpus to a bundle: read, clean, split, encode, fit, score, write.

On the way the pairs and their ids lie in a work folder beside the bundle, so that memory does not grow with the corpus.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from . import __version__
from . import bundle as bundles
from .batches import Batches
from .bundle import Bundle, Provenance
from .config import CharLSTMConfig, ModelConfig, SearchConfig, TrainConfig
from .corpus import open_pairs
from .corpus.cleaning import CleaningReport
from .corpus.languages import languages_of
from .corpus.pairs import Pair, evenly
from .corpus.preparation import prepare
from .corpus.reader import MIN_PAIRS
from .corpus.store import Store, StoredPairs
from .encoded import EncodedPairs
from .engine import TrainedModel, Weights
from .errors import MissingPackageError
from .evaluation import evaluate
from .fitting import checkpoint
from .fitting.budget import Costs, measure
from .fitting.checkpoint import Checkpoints
from .fitting.events import Planned, Progress, Resumed, Validated
from .fitting.loop import DevScores, Fitting, Standing, validation_cycle
from .fitting.objective import compile_model
from .fitting.optimizer import make_optimizer
from .fitting.tensorboard import TensorBoard
from .fitting.workplace import Workplace
from .forecast import scoring_seconds, translation_seconds, watching_seconds
from .metrics import corpus_values
from .models import MODELS, TRAINED, keras
from .plots import training_picture
from .translator import Translator
from .vocabulary.characters import CharVocabulary, character_vocabularies

logger = logging.getLogger("dragoman.training")

N_SAMPLES = 3
MAX_WATCHED = 500
"""Dev sentences that a validation translates, at most."""
N_GOLDEN = 10
MAX_SCORED = 5000
"""Pairs of the dev and of the test part that are translated, scored and looked at for the dev loss, at most: more would
take long and tell little more.
"""


class Downloading(NamedTuple):
    """A named corpus is on its way: bytes so far, and in all if the server says."""

    n_bytes: int
    n_bytes_in_all: int | None


class Preparing(NamedTuple):
    """The corpus is being read: pairs so far, bytes of text so far, and in all if that is known."""

    n_pairs: int
    n_bytes: int
    n_bytes_in_all: int | None


class Prepared(NamedTuple):
    """The corpus is ready: what was read and dropped, how it was split, and the size of what will be fitted."""

    cleaning: CleaningReport
    n_bad_rows: int
    n_pairs: dict[str, int]
    n_parameters: int
    unknown: tuple[str, ...]


class Samples(NamedTuple):
    """Dev sentences as the model translates them now: (source, reference, translation)."""

    step: int
    rows: tuple[tuple[str, str, str], ...]


class Scoring(NamedTuple):
    """The fit has ended and ``part`` is being translated and scored."""

    part: str
    n_pairs: int


Event = Downloading | Preparing | Prepared | Planned | Resumed | Progress | Validated | Samples | Scoring
Listener = Callable[[Event], None]


@dataclass(frozen=True)
class _Corpus:
    """The pairs of a run, split, with where they came from and the languages of source and target.

    ``scored`` are the pairs of the dev and the test part that the model is measured on.
    """

    parts: dict[str, StoredPairs]
    scored: dict[str, Sequence[Pair]]
    cleaning: CleaningReport
    provenance: Provenance
    src: str
    trg: str


def train(
    pairs: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    trg_pairs: str | os.PathLike[str] | None = None,
    src: str | None = None,
    trg: str | None = None,
    reverse: bool = False,
    limit: int | None = None,
    model: ModelConfig | None = None,
    training: TrainConfig | None = None,
    with_data: bool = True,
    overwrite: bool = False,
    checkpoint_seconds: float = checkpoint.SECONDS,
    tensorboard: str | os.PathLike[str] | None = None,
    listener: Listener = lambda event: None,
    stop: Callable[[], bool] = lambda: False,
    began: float | None = None,
) -> Translator:
    """Train a translator from sentence pairs, write it as the bundle ``out``, and return it.

    ``pairs`` is anything `open_pairs` reads, ``trg_pairs`` the second of two aligned files. ``src`` and
    ``trg`` name the languages of the first and the second column; by default they follow from the file's
    name. ``reverse`` translates from the second column to the first. ``limit`` takes the first pairs only.
    ``listener`` is told what happens; when ``stop()`` says True, training ends after that step and the bundle
    is written with ``finished=False``. Errors are those of `dragoman.errors`.

    A training that was stopped or killed goes on when it is asked for again with the same arguments, from its
    last checkpoint (one every ``checkpoint_seconds``), and comes to the same weights. ``tensorboard`` is a
    folder for TensorBoard's files. The minutes of ``training.minutes`` count from ``began``, a time of
    `time.monotonic`; by default from this call.
    """
    began = monotonic() if began is None else began
    model_config, config = model or CharLSTMConfig(), training or TrainConfig()
    out = Path(out)
    make_optimizer(config, n_steps=1)  # refuses an unknown name before the corpus is read
    sources = [os.fspath(path) for path in (pairs, trg_pairs) if path is not None]
    request = {
        "pairs": sources,
        "reverse": reverse,
        "limit": limit,
        "model": model_config.to_json(),
        "training": config.to_json(),
        "backend": keras.backend.backend(),
        "dragoman": __version__,
    }
    place = Workplace(out, request, overwrite=overwrite)
    overwrite = overwrite or place.is_begun
    bundles.check_target(out, overwrite=overwrite)
    with place:
        corpus = _read(sources, (src, trg), config, place, reverse=reverse, limit=limit, listener=listener)
        run = _Run(corpus, model_config, config, place, listener, stop)
        history, trained = run.fit(began, checkpoint_seconds, Path(tensorboard) if tensorboard else None)
        bundle = Bundle(
            src=corpus.src,
            trg=corpus.trg,
            trained=trained,
            training=config,
            provenance=corpus.provenance,
            history=tuple(validated.to_json() for validated in history),
            finished=not stop(),
        )
        _write_scored(bundle, corpus, out, listener, with_data=with_data, overwrite=overwrite)
        if bundle.finished:
            place.remove()
    return Translator.load(out)


def _read(
    paths: Sequence[str],
    languages: tuple[str | None, str | None],
    config: TrainConfig,
    place: Workplace,
    *,
    reverse: bool,
    limit: int | None,
    listener: Listener,
) -> _Corpus:
    """Prepare the corpus, or find it prepared by the training that goes on here."""
    if place.is_begun:
        store = Store(place.corpus)
        store.check_sources()
    else:
        reader = open_pairs(
            *paths, reverse=reverse, limit=limit, progress=lambda *so_far: listener(Downloading(*so_far))
        )
        store = prepare(
            reader,
            place.corpus,
            seed=config.seed,
            dev=config.dev,
            test=config.test,
            min_pairs=MIN_PAIRS,
            progress=lambda *so_far: listener(Preparing(*so_far)),
        )
    for warning in store.facts.warnings:
        logger.warning(warning)
    src, trg = languages_of(paths[0], paths[1] if len(paths) > 1 else None, *languages)
    parts = {part: store.part(part) for part in bundles.PARTS}
    return _Corpus(
        parts=parts,
        scored={part: evenly(parts[part], MAX_SCORED) for part in ("dev", "test")},
        cleaning=store.facts.cleaning,
        provenance=_provenance(store),
        src=trg if reverse else src,
        trg=src if reverse else trg,
    )


def _provenance(store: Store) -> Provenance:
    facts = store.facts
    return Provenance(
        name=facts.name,
        sha256=", ".join(source.sha256 for source in facts.sources) or None,
        n_bytes=sum(source.n_bytes for source in facts.sources) if facts.sources else None,
        reverse=facts.reverse,
        limit=facts.limit,
        n_read=facts.cleaning.n_read,
        n_bad_rows=facts.n_bad,
        dropped=facts.cleaning.dropped,
        split_seed=facts.seed,
        n_pairs=facts.n_pairs,
    )


class _Run:
    """A model and the batches that it is fitted to."""

    def __init__(
        self,
        corpus: _Corpus,
        model_config: ModelConfig,
        config: TrainConfig,
        place: Workplace,
        listener: Listener,
        stop: Callable[[], bool],
    ) -> None:
        self.corpus, self.model_config, self.config, self.place = corpus, model_config, config, place
        self.listener, self.stop = listener, stop
        pairs = corpus.parts["train"]
        self.vocabularies = character_vocabularies(pairs.texts("src"), pairs.texts("trg"))
        self.encoded = EncodedPairs.write(pairs, *self.vocabularies, place.ids)
        masking = model_config.masking
        self.batches = Batches(self.encoded, config.batch_size, seed=config.seed, masking=masking)
        encoded_dev = EncodedPairs.from_pairs(corpus.scored["dev"], *self.vocabularies)
        self.dev = Batches(encoded_dev, config.batch_size, masking=masking)
        self.architecture = MODELS[model_config.name]
        self.built = self.architecture.build(
            model_config, *self.vocabularies, max_trg_length=self.encoded.max_trg_length, seed=config.seed
        )

    def fit(
        self, began: float, checkpoint_seconds: float, tensorboard: Path | None
    ) -> tuple[list[Validated], TrainedModel]:
        """Fit the model, from the last checkpoint if there is one; return its history and the best weights."""
        corpus, trainable = self.corpus, TRAINED[self.model_config.name](self.built)
        unknown = _unknown(corpus.parts["dev"], *self.vocabularies)
        n_parameters = self.built.training_model.count_params()
        n_bad_rows, n_pairs = corpus.provenance.n_bad_rows, corpus.provenance.n_pairs
        self.listener(Prepared(corpus.cleaning, n_bad_rows, n_pairs, n_parameters, unknown))
        fitting = Fitting(
            trainable,
            self.batches,
            self.dev,
            self.config,
            to_engine=lambda: self.architecture.to_engine(self.built),
            score=self._score,
            listener=self.listener,
            stop=self.stop,
        )
        checkpoints = Checkpoints(self.place.checkpoints, checkpoint_seconds)
        is_new = not self.place.is_begun
        n_steps = self._plan(fitting, began) if is_new else int(self.place.read_plan()["n_steps"])
        if not (trainable.compiled and self.config.schedule == "constant"):
            compile_model(trainable, self.config, n_steps)
        if is_new:
            checkpoints.keep(trainable, Standing(), None, now=True)
            self.place.write_plan({"n_steps": n_steps})
        else:
            self.listener(Resumed(checkpoints.step, n_steps))
        if tensorboard is not None:
            fitting.listener = TensorBoard(trainable, tensorboard, fitting.listener)
        history, best = fitting.run(n_steps, checkpoints)
        return history, self._trained(best)

    def _plan(self, fitting: Fitting, began: float) -> int:
        """Fix the number of steps, and tell it; for minutes after measuring what they are enough for."""
        n_steps, seconds = self.config.n_steps(len(self.batches)), None
        if self.config.minutes is not None:
            compile_model(fitting.model, self.config, n_steps=1)
            costs = self._costs(fitting)
            left = began + 60 * self.config.minutes - monotonic()
            cycle = validation_cycle(self.batches)
            n_steps = min(n_steps or sys.maxsize, costs.steps_within(left, cycle))
            seconds = costs.seconds(n_steps, cycle)
        assert n_steps is not None
        self.listener(Planned(n_steps, len(self.batches), self.batches.padding, seconds))
        return n_steps

    def _costs(self, fitting: Fitting) -> Costs:
        parts, dev = self.corpus.scored, self.corpus.scored["dev"]
        translation = translation_seconds(self._translator(fitting.to_engine()), dev)
        watched = evenly(dev, MAX_WATCHED)
        watching = translation * len(watched) + watching_seconds([pair.trg for pair in watched], self.corpus.trg)
        scoring = scoring_seconds(self.corpus.src, self.corpus.trg, list(parts.values()), self.corpus.parts["train"])
        ending = scoring + translation * sum(len(part) for part in parts.values())
        return measure(fitting, watching, ending)

    def _trained(self, weights: Weights) -> TrainedModel:
        # The article counts a target's start and end among its characters, as the encoded lengths do.
        lengths = self.encoded.max_src_length, self.encoded.max_trg_length
        return TrainedModel(self.model_config, weights, *self.vocabularies, *lengths)

    def _translator(self, weights: Weights) -> Translator:
        return Translator(self._trained(weights), src=self.corpus.src, trg=self.corpus.trg)

    def _score(self, weights: Weights, step: int) -> DevScores:
        """Score translations of dev sentences, and show some."""
        pairs = evenly(self.corpus.scored["dev"], MAX_WATCHED)
        refs = [pair.trg for pair in pairs]
        # A model that has not learned to end its sentences would take its time.
        options = SearchConfig(max_length=2 * max(map(len, refs)))
        hyps = [t.text for t in self._translator(weights).translate([pair.src for pair in pairs], options)]
        # Spread over the part, which has the order of the file and so often that of length.
        shown = [(2 * i + 1) * len(pairs) // (2 * N_SAMPLES) for i in range(min(N_SAMPLES, len(pairs)))]
        values = corpus_values(hyps, refs, trg=self.corpus.trg)
        self.listener(Samples(step, tuple((pairs[i].src, refs[i], hyps[i]) for i in shown)))
        return DevScores(values["BLEU"], values["chrF2"])


def _unknown(pairs: StoredPairs, src: CharVocabulary, trg: CharVocabulary) -> tuple[str, ...]:
    """The characters of ``pairs`` that training has not seen, sorted."""
    srcs, trgs = character_vocabularies(pairs.texts("src"), pairs.texts("trg"))
    return tuple(sorted((set(srcs.characters) - set(src.characters)) | (set(trgs.characters) - set(trg.characters))))


def _write_scored(
    bundle: Bundle,
    corpus: _Corpus,
    out: Path,
    listener: Listener,
    *,
    with_data: bool,
    overwrite: bool,
) -> None:
    """Score ``bundle`` on dev and test, give it golden translations, and write it."""
    translator = Translator(bundle.trained, src=bundle.src, trg=bundle.trg, training=corpus.parts["train"])
    for part, pairs in corpus.scored.items():
        listener(Scoring(part, len(pairs)))
        of_all = (
            "" if len(pairs) == len(corpus.parts[part]) else f" ({len(pairs):,} of {len(corpus.parts[part]):,} pairs)"
        )
        report = evaluate(translator, pairs, test_name=f"{corpus.provenance.name}, {part} part{of_all}")
        bundle.scores[part] = report.to_json()
    for translation in translator.translate([pair.src for pair in evenly(corpus.scored["dev"], N_GOLDEN)]):
        bundle.golden[translation.src] = translation.text
    try:
        picture = training_picture(bundle, out.name)
    except MissingPackageError:
        picture = None  # matplotlib comes with an extra
    bundles.write(bundle, out, corpus.parts if with_data else None, picture=picture, overwrite=overwrite)
