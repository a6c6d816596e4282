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
from ..config import ModelConfig, TrainConfig
from ..corpus.languages import check_sides, languages_of
from ..corpus.pairs import Pair
from ..fitting import checkpoint
from ..fitting.optimizer import make_optimizer
from ..fitting.workplace import Workplace
from ..models import keras
from ..translator import Translator
from .ending import write_scored
from .events import Chosen, Listener
from .material import Material, read
from .planning import Plan
from .progress import print_progress
from .running import Run

logger = logging.getLogger("dragoman.training")


def train(
    pairs: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    trg_pairs: str | os.PathLike[str] | None = None,
    src: str | None = None,
    trg: str | None = None,
    reverse: bool = False,
    both: bool = False,
    limit: int | None = None,
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

    ``pairs`` is anything `open_pairs` reads, ``trg_pairs`` the second of two aligned files. ``src`` and
    ``trg`` name the languages of the first and the second column; by default they follow from the file's
    name. ``reverse`` translates from the second column to the first, ``both`` makes one model of both directions.
    ``limit`` takes the first pairs only.

    What is trained, and how, is chosen by `dragoman.recipe`, from the corpus and from ``choices``, fields of the two
    configurations by their names: ``{"minutes": 10}`` may be all. ``model`` and ``training`` are whole configurations
    by hand.

    ``base`` is the bundle of a model that is trained further, with its vocabularies; the new bundle keeps its training
    pairs beside the new ones.

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
    sources = [os.fspath(path) for path in (pairs, trg_pairs) if path is not None]
    if base_bundle is not None and not reverse:
        src, trg = src or base_bundle.src, trg or base_bundle.trg
    languages = languages_of(pairs, trg_pairs, src, trg)
    check_sides(*languages)
    request = {
        "pairs": sources,
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
    with place:
        material = read(
            sources, languages, plan.training, place, base_bundle, reverse=reverse, limit=limit, listener=listener
        )
        n_train = len(material.parts["train"])
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
        learned = _learned(material, base_bundle)
        write_scored(bundle, material, learned, out, listener, with_data=with_data, overwrite=overwrite)
        if bundle.finished:
            place.remove()
    return Translator.load(out)


def _learned(material: Material, base: Bundle | None) -> Sequence[Pair]:
    """Return the pairs that the model has seen: those of its base are needed to count what leaked."""
    pairs = material.parts["train"]
    if base is None:
        return pairs
    if (before := base.pairs("train")) is None:
        logger.warning(f"{base.path} holds no training pairs: what leaks from them into the scores cannot be counted")
    return [*(before or ()), *pairs]
