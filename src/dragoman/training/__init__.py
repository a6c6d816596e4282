"""The whole road from a corpus to a bundle: read, clean, split, encode, fit, score, write.

On the way the pairs and their ids lie in a work folder beside the bundle, so that memory does not grow with the corpus.
`material` is the corpus, `planning` what is trained on it, `running` the fit, `ending` the scores and the bundle,
`events` what is told on the way, and `words` how it is told by default.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import Any

from .. import __version__
from .. import bundle as bundles
from ..bundle import Bundle
from ..checking.first_look import languages_seen
from ..config import ModelConfig, TrainConfig
from ..corpus import open_sources
from ..corpus.languages import check_sides
from ..fitting import checkpoint
from ..fitting.optimizer import make_optimizer
from ..fitting.workplace import Workplace
from ..models import keras
from ..translator import Translator
from .ending import write_scored
from .events import Chosen, Downloading, Listener
from .material import languages_of, read
from .mixing import Wishes
from .planning import Plan
from .progress import print_progress
from .running import Run

logger = logging.getLogger("dragoman.training")


def train(
    pairs: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    src: str | None = None,
    trg: str | None = None,
    reverse: bool = False,
    both: bool = False,
    limit: int | None = None,
    columns: Sequence[str] = (),
    aim: Sequence[str] = (),
    weights: Mapping[str, float] = MappingProxyType({}),
    keep_all: bool = False,
    strict: bool = False,
    base: str | os.PathLike[str] | None = None,
    model: ModelConfig | None = None,
    training: TrainConfig | None = None,
    choices: Mapping[str, Any] = MappingProxyType({}),
    with_data: bool = True,
    overwrite: bool = False,
    checkpoint_seconds: float = checkpoint.SECONDS,
    tensorboard: str | os.PathLike[str] | None = None,
    listener: Listener | None = print_progress,
    stop: Callable[[], bool] = lambda: False,
    began: float | None = None,
) -> Translator:
    """Train a translator from sentence pairs, write it as the bundle ``out``, and return it.

    ``pairs`` is anything `open_sources` reads: a file, the name of a corpus, or several of these. ``src`` and
    ``trg`` name the languages of the first and the second column; by default they follow from the files
    and their names. ``reverse`` translates from the second column to the first, ``both`` makes one model of both
    directions. ``limit`` takes the first pairs of each source only, ``columns`` names those of tables.

    Of several sources, ``aim`` names those that the training is for (by default the user's own files): the weights that
    are kept and the verdict go by them. ``weights`` says how often the pairs of some are seen in a pass; the recipe
    chooses those of the others. Pairs that look damaged are left out, unless ``keep_all``. Where the pairs seem to be
    in other languages, or many are damaged, it is a warning, and with ``strict`` a `CorpusError`.

    What is trained, and how, is chosen by `dragoman.recipe`, from the corpus and from ``choices``, fields of the two
    configurations by their names: ``{"minutes": 10}`` may be all. ``model`` and ``training`` are whole configurations
    by hand.

    ``base`` is the bundle of a model that is trained further, with its vocabularies. Its pairs are trained on and
    scored together with the new ones, so that it forgets nothing.

    ``listener`` is told what happens, as the events of `dragoman.training.events`; by default it prints lines to
    standard error, and None is silent. When ``stop()`` says True, training ends after that step and the bundle
    is written with ``finished=False``. Errors are those of `dragoman.errors`.

    A training that was stopped or killed goes on when it is asked for again with the same arguments, from its
    last checkpoint (one every ``checkpoint_seconds``), and comes to the same weights; with
    ``minutes`` by the plan that this checkpoint knows. ``tensorboard`` is a
    folder for TensorBoard's files. The minutes of ``training.minutes`` count from ``began``, a time of
    `time.monotonic`; by default from this call.
    """
    began = monotonic() if began is None else began
    listener = listener or (lambda event: None)
    out, base_bundle = Path(out), bundles.read(Path(base)) if base is not None else None
    plan = Plan(model, training, choices, began, both=both, base=base_bundle)
    make_optimizer(plan.training, n_steps=1)  # refuses an unknown name before the corpus is read
    sources = [os.fspath(p) for p in ([pairs] if isinstance(pairs, (str, os.PathLike)) else pairs)]
    if base_bundle is not None and not reverse:
        src, trg = src or base_bundle.src, trg or base_bundle.trg
    wishes = Wishes(aim, keep_all, strict, weights)
    request = {
        "pairs": sources,
        "columns": list(columns),
        "aim": list(aim),
        "weights": dict(weights),
        "keep_all": keep_all,
        "strict": strict,
        "reverse": reverse,
        "both": plan.both,
        "limit": limit,
        "from": base_bundle.fingerprint if base_bundle else None,
        **plan.request(),
        "backend": keras.backend.backend(),
        "dragoman": __version__,
    }
    place = Workplace(out, request, overwrite=overwrite)
    overwrite = overwrite or place.is_begun
    bundles.check_target(out, overwrite=overwrite)
    readers = open_sources(
        sources,
        src=src,
        trg=trg,
        columns=columns,
        reverse=reverse,
        limit=limit,
        progress=lambda *so_far: listener(Downloading(*so_far)),
    )
    languages = languages_of(readers)
    check_sides(*languages)
    if not place.is_begun:
        languages = languages_seen(readers, languages, strict=strict)
    with place:
        material = read(
            readers, languages, plan.training, place, base_bundle, wishes, room=plan.room, listener=listener
        )
        n_train = len(material.fitted)
        direction = f"{material.src}-{material.trg}"
        expected = None if place.is_begun else plan.expected(n_train, direction, material.trg_length)
        model, config = plan.settle(n_train, place)
        listener(Chosen(model, config, expected))
        run = Run(material, model, config, place, listener, stop, both=plan.both, base=base_bundle)
        history, trained = run.fit(began, checkpoint_seconds, Path(tensorboard) if tensorboard else None)
        bundle = Bundle(
            src=material.src,
            trg=material.trg,
            trained=trained,
            training=config,
            provenance=material.provenance,
            history=tuple(validated.to_json() for validated in history),
            finished=not stop(),
            both=plan.both,
        )
        learned = material.parts["train"]
        write_scored(
            bundle, material, learned, out, listener, base=base_bundle, with_data=with_data, overwrite=overwrite
        )
        if bundle.finished:
            place.remove()
    return Translator.load(out)
