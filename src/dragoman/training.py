"""The whole road from a corpus to a bundle: read, clean, split, encode, fit, score, write.

On the way the pairs and their ids lie in a work folder beside the bundle, so that memory does not grow with the corpus.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from . import bundle as bundles
from .batches import Batches
from .bundle import Bundle, Provenance
from .config import ModelConfig, TrainConfig
from .corpus import open_pairs
from .corpus.cleaning import CleaningReport
from .corpus.languages import languages_of
from .corpus.pairs import Pair, evenly
from .corpus.preparation import prepare, work_folder
from .corpus.reader import MIN_PAIRS
from .corpus.store import Store, StoredPairs
from .encoded import EncodedPairs
from .engine import TrainedModel
from .errors import MissingPackageError
from .evaluation import evaluate
from .fitting.events import EpochEnded, Progress
from .fitting.loop import fit, make_optimizer
from .models import MODELS
from .plots import training_picture
from .translator import Translator
from .vocabulary import CharVocabulary, character_vocabularies

logger = logging.getLogger("dragoman.training")

N_SAMPLES = 3
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
    n_steps: int
    padding: float
    unknown: tuple[str, ...]


class Samples(NamedTuple):
    """Dev sentences as the model translates them now: (source, reference, translation)."""

    epoch: int
    rows: tuple[tuple[str, str, str], ...]


class Scoring(NamedTuple):
    """The fit has ended and ``part`` is being translated and scored."""

    part: str
    n_pairs: int


Event = Downloading | Preparing | Prepared | Progress | EpochEnded | Samples | Scoring


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
    listener: Callable[[Event], None] = lambda event: None,
    stop: Callable[[], bool] = lambda: False,
) -> Translator:
    """Train a translator from sentence pairs, write it as the bundle ``out``, and return it.

    ``pairs`` is anything `open_pairs` reads, ``trg_pairs`` the second of two aligned files. ``src`` and
    ``trg`` name the languages of the first and the second column; by default they follow from the file's
    name. ``reverse`` translates from the second column to the first. ``limit`` takes the first pairs only.
    ``listener`` is told what happens; when ``stop()`` says True, training ends after that step and the bundle
    is written with ``finished=False``. Errors are those of `dragoman.errors`.
    """
    model_config, config = model or ModelConfig(), training or TrainConfig()
    out = Path(out)
    bundles.check_target(out, overwrite=overwrite)
    make_optimizer(config, n_steps=1)  # refuses an unknown name before the corpus is read
    with work_folder(out.with_name(f".{out.name}.training")) as work:
        corpus = _read(pairs, trg_pairs, (src, trg), config, work, reverse=reverse, limit=limit, listener=listener)
        trained, history, finished = _fit(corpus, model_config, config, work, listener, stop)
        bundle = Bundle(
            src=corpus.src,
            trg=corpus.trg,
            trained=trained,
            training=config,
            provenance=corpus.provenance,
            history=tuple(epoch.to_json() for epoch in history),
            finished=finished,
        )
        _write_scored(bundle, corpus, out, listener, with_data=with_data, overwrite=overwrite)
    return Translator.load(out)


def _read(
    path: str | os.PathLike[str],
    trg_path: str | os.PathLike[str] | None,
    languages: tuple[str | None, str | None],
    config: TrainConfig,
    work: Path,
    *,
    reverse: bool,
    limit: int | None,
    listener: Callable[[Event], None],
) -> _Corpus:
    def progress(n_bytes: int, n_bytes_in_all: int | None) -> None:
        listener(Downloading(n_bytes, n_bytes_in_all))

    reader = open_pairs(path, trg_path, reverse=reverse, limit=limit, progress=progress)
    store = prepare(
        reader,
        work / "corpus",
        seed=config.seed,
        dev=config.dev,
        test=config.test,
        min_pairs=MIN_PAIRS,
        progress=lambda *so_far: listener(Preparing(*so_far)),
    )
    for warning in store.facts.warnings:
        logger.warning(warning)
    src, trg = languages_of(path, trg_path, *languages)
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


def _fit(
    corpus: _Corpus,
    model_config: ModelConfig,
    config: TrainConfig,
    work: Path,
    listener: Callable[[Event], None],
    stop: Callable[[], bool],
) -> tuple[TrainedModel, list[EpochEnded], bool]:
    """Fit a new model; return it with its history and whether it was fitted to the end."""
    pairs = corpus.parts["train"]
    vocabularies = character_vocabularies(pairs.texts("src"), pairs.texts("trg"))
    encoded = EncodedPairs.write(pairs, *vocabularies, work / "ids")
    batches = Batches(encoded, config.batch_size, seed=config.seed, masking=model_config.masking)
    encoded_dev = EncodedPairs.from_pairs(corpus.scored["dev"], *vocabularies)
    dev = Batches(encoded_dev, config.batch_size, masking=model_config.masking)
    architecture = MODELS[model_config.name]
    # The article counts a target's start and end among its characters, as the encoded lengths do.
    max_trg_length = encoded.max_trg_length
    built = architecture.build(model_config, *vocabularies, max_trg_length=max_trg_length, seed=config.seed)

    def snapshot() -> TrainedModel:
        weights = architecture.to_engine(built)
        return TrainedModel(model_config, weights, *vocabularies, encoded.max_src_length, max_trg_length)

    def relay(event: Progress | EpochEnded) -> None:
        listener(event)
        if isinstance(event, EpochEnded):
            translator = Translator(snapshot(), src=corpus.src, trg=corpus.trg)
            listener(Samples(event.epoch, _samples(translator, corpus.scored["dev"])))

    unknown = _unknown(corpus.parts["dev"], *vocabularies)
    n_parameters = built.training_model.count_params()
    listener(
        Prepared(
            corpus.cleaning,
            corpus.provenance.n_bad_rows,
            corpus.provenance.n_pairs,
            n_parameters,
            len(batches) * config.epochs,
            batches.padding,
            unknown,
        )
    )
    history = fit(built, batches, dev, config, listener=relay, stop=stop)
    return snapshot(), history, not stop()


def _samples(translator: Translator, dev: Sequence[Pair]) -> tuple[tuple[str, str, str], ...]:
    # Spread over the part, which has the order of the file and so often that of length.
    pairs = [dev[(2 * i + 1) * len(dev) // (2 * N_SAMPLES)] for i in range(min(N_SAMPLES, len(dev)))]
    translations = translator.translate([pair.src for pair in pairs])
    return tuple((pair.src, pair.trg, t.text) for pair, t in zip(pairs, translations, strict=True))


def _unknown(pairs: StoredPairs, src: CharVocabulary, trg: CharVocabulary) -> tuple[str, ...]:
    """The characters of ``pairs`` that training has not seen, sorted."""
    srcs, trgs = character_vocabularies(pairs.texts("src"), pairs.texts("trg"))
    return tuple(sorted((set(srcs.characters) - set(src.characters)) | (set(trgs.characters) - set(trg.characters))))


def _write_scored(
    bundle: Bundle,
    corpus: _Corpus,
    out: Path,
    listener: Callable[[Event], None],
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
