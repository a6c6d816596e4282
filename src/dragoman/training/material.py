"""The corpus of a training: read, cleaned, split, and known where it came from."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from .. import bundle as bundles
from ..bundle import Bundle, Provenance
from ..config import TrainConfig
from ..corpus import open_pairs
from ..corpus.cleaning import CleaningReport
from ..corpus.pairs import Pair, evenly
from ..corpus.preparation import prepare
from ..corpus.reader import MIN_PAIRS
from ..corpus.store import Store, StoredPairs
from ..errors import CorpusError
from ..fitting.workplace import Workplace
from .events import Downloading, Listener, Preparing

logger = logging.getLogger("dragoman.training")

MAX_SCORED = 2000
"""Pairs of the dev and of the test part that are translated, scored and looked at for the dev loss, at most: more would
take long and tell little more.
"""
N_LOOKED_AT = 200
"""Pairs whose mean length stands for that of all."""


@dataclass(frozen=True)
class Material:
    """The pairs of a run, split, with where they came from and the languages of source and target.

    ``scored`` are the pairs of the dev and the test part that the model is measured on.
    """

    parts: dict[str, StoredPairs]
    scored: dict[str, Sequence[Pair]]
    cleaning: CleaningReport
    provenance: Provenance
    src: str
    trg: str

    @property
    def trg_length(self) -> float:
        """The mean length of target sentences, in characters."""
        lengths = [len(pair.trg) for pair in evenly(self.parts["train"], N_LOOKED_AT)]
        return sum(lengths) / len(lengths)


def read(
    paths: Sequence[str],
    languages: tuple[str, str],
    config: TrainConfig,
    place: Workplace,
    base: Bundle | None,
    *,
    reverse: bool,
    limit: int | None,
    listener: Listener,
) -> Material:
    """Prepare the corpus, whose columns are in two ``languages``, or find it prepared by the training that goes on
    here; what the ``base`` has learned is not held out.
    """
    store = None
    if place.is_begun:
        try:
            store = Store(place.corpus)
            store.check_sources()
        except CorpusError as error:
            place.begin_anew(error)
            store = None
    if store is None:
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
            learned=(base.reader("train") if base else None) or (),
            progress=lambda *so_far: listener(Preparing(*so_far)),
        )
    for warning in store.facts.warnings:
        logger.warning(warning)
    src, trg = languages
    parts = {part: store.part(part) for part in bundles.PARTS}
    return Material(
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
