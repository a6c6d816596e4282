"""The corpus of a training: read, cleaned, split, and known where it came from."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import langcodes
import numpy as np

from .. import bundle as bundles
from ..bundle import Bundle, Provenance
from ..checking.damage import Filter
from ..checking.first_look import check_damage
from ..config import TrainConfig
from ..corpus import PairReader
from ..corpus.cleaning import CleaningReport
from ..corpus.languages import UNDETERMINED
from ..corpus.pairs import Pair, evenly
from ..corpus.preparation import prepare
from ..corpus.reader import MIN_PAIRS
from ..corpus.store import CorpusFacts, Facts, Store, StoredPairs
from ..errors import CorpusError, UsageError
from ..fitting.workplace import Workplace
from ..recipe.rules import LEAST_PASSES
from .events import Listener, Preparing
from .mixing import Wishes, aim_of, repeated, weights_of, within

logger = logging.getLogger("dragoman.training")

MAX_SCORED = 2000
"""Pairs of the dev and of the test part that are translated, scored and looked at for the dev loss, at most: more would
take long and tell little more.
"""
SAME = 10
"""The distance (CLDR) up to which two codes are one language: that of its regions."""
MAX_BESIDE = 500
"""Pairs of corpora that the training is not for, which are scored beside them."""
N_LOOKED_AT = 200
"""Pairs whose mean length stands for that of all."""


@dataclass(frozen=True)
class Material:
    """The pairs of a run, split, with where they came from and the languages of source and target.

    ``fitted`` are those that the model is fitted to, some of them several times; where the time does not suffice for
    all, ``n_passed_over`` of them are not. ``scored`` are the pairs of the dev
    and the test part that it is measured on, of the corpora that it is for; ``beside`` those of the others.
    """

    parts: dict[str, StoredPairs]
    fitted: StoredPairs
    scored: dict[str, Sequence[Pair]]
    cleaning: CleaningReport
    provenance: Provenance
    src: str
    trg: str
    beside: Mapping[str, Sequence[Pair]]
    n_passed_over: int = 0

    @property
    def trg_length(self) -> float:
        """The mean length of target sentences, in characters."""
        lengths = [len(pair.trg) for pair in evenly(self.parts["train"], N_LOOKED_AT)]
        return sum(lengths) / len(lengths)

    @cached_property
    def n_all(self) -> dict[str, int]:
        """The pairs of each part, of the corpora that the training is for."""
        corpora = self.provenance.corpora
        if len(corpora) <= 1:
            return {part: len(pairs) for part, pairs in self.parts.items()}
        aim = [corpus for corpus in corpora if corpus.name in self.provenance.aim]
        return {part: sum(corpus.n_pairs[part] for corpus in aim) for part in self.parts}


def languages_of(readers: Sequence[PairReader]) -> tuple[str, str]:
    """Return the languages of the two sides, on which all ``readers`` that know theirs must agree."""
    known = [reader for reader in readers if UNDETERMINED not in reader.languages]
    for reader in known[1:]:
        if any(
            langcodes.tag_distance(one, other) > SAME
            for one, other in zip(reader.languages, known[0].languages, strict=True)
        ):
            first, second = ("-".join(each.languages) for each in (known[0], reader))
            raise UsageError(f"{known[0].name} is {first} and {reader.name} {second}; train on one pair of languages")
    return known[0].languages if known else (UNDETERMINED, UNDETERMINED)


def read(
    readers: Sequence[PairReader],
    languages: tuple[str, str],
    config: TrainConfig,
    place: Workplace,
    base: Bundle | None,
    wishes: Wishes,
    *,
    room: Callable[[int], float | None],
    listener: Listener,
) -> Material:
    """Prepare the corpora, whose columns are in two ``languages``, or find them prepared by the training that goes on
    here; the pairs of the ``base`` are among them, in their parts. ``room`` says for how much target text of so many
    pairs there is time.
    """
    src, trg = languages[::-1] if any(reader.reverse for reader in readers) else languages
    store = None
    if place.is_begun:
        try:
            store = Store(place.corpus)
            store.check_sources()
        except CorpusError as error:
            place.begin_anew(error)
            store = None
    if store is None:
        store = prepare(
            readers,
            place.corpus,
            seed=config.seed,
            dev=config.dev,
            test=config.test,
            min_pairs=MIN_PAIRS,
            before=_before(base) if base and base.has_data else {},
            learn=None if wishes.keep_all else partial(Filter.learned_from, src=src, trg=trg),
            progress=lambda *so_far: listener(Preparing(*so_far)),
        )
        check_damage(store.facts.cleaning, strict=wishes.strict)
    for warning in store.facts.warnings:
        logger.warning(warning)
    corpora = _named(store.facts.corpora, base)
    aim = aim_of(corpora, wishes.aim)
    new = [place for place, corpus in enumerate(corpora) if corpus.n_rows]
    parts = {part: store.part(part) for part in bundles.PARTS}
    n_bytes = room(len(parts["train"]))
    train = parts["train"] if base else within(parts["train"], aim, n_bytes)
    n_passes = LEAST_PASSES * n_bytes / max(1, int(train.n_bytes("trg").sum())) if n_bytes else None
    weights = weights_of(train, corpora, new if base else aim, wishes.weights, n_passes)
    return Material(
        parts=parts,
        fitted=repeated(train, [weights[corpus.name] for corpus in corpora], config.seed),
        scored={part: _some(parts[part], aim, MAX_SCORED) for part in ("dev", "test")},
        beside={part: _some(parts[part], set(range(len(corpora))) - set(aim), MAX_BESIDE) for part in ("dev", "test")},
        n_passed_over=len(parts["train"]) - len(train),
        cleaning=store.facts.cleaning,
        provenance=_provenance(store.facts, corpora, weights, [corpora[place].name for place in aim]),
        src=src,
        trg=trg,
    )


def _before(base: Bundle) -> dict[str, Iterable[Pair]]:
    """The parts of a bundle; the pairs of its only corpus are given its name."""
    return {part: _OfCorpus(reader, base.provenance.name) for part in bundles.PARTS if (reader := base.reader(part))}


class _OfCorpus:
    """Pairs of which each says its corpus."""

    def __init__(self, pairs: Iterable[Pair], name: str) -> None:
        self._pairs, self._name = pairs, name

    def __iter__(self) -> Iterator[Pair]:
        for pair in self._pairs:
            yield pair if pair.origin.corpus else pair.of(self._name)


def _named(corpora: Sequence[CorpusFacts], base: Bundle | None) -> list[CorpusFacts]:
    """Return ``corpora`` with what the ``base`` knows of those that it was trained on."""
    before = {corpus.name: corpus for corpus in (base.provenance.corpora if base else ())}
    known = [corpus for corpus in corpora if corpus.name in before and not corpus.n_rows]
    return [replace(before[c.name], n_pairs=c.n_pairs) if c in known else c for c in corpora]


def _some(pairs: StoredPairs, corpora: Collection[int], at_most: int) -> Sequence[Pair]:
    """Return pairs of ``corpora``, ``at_most`` in all, as many of each as there are to be had."""
    own = [np.flatnonzero(pairs.corpora == corpus) for corpus in sorted(corpora)]
    found, left = [], at_most
    for number, places in enumerate(sorted(own, key=len)):
        taken = places[:: max(1, -(-len(places) // max(1, left // (len(own) - number))))]
        found.append(taken)
        left -= len(taken)
    return pairs.at(np.sort(np.concatenate(found))) if found else ()


def _provenance(
    facts: Facts, corpora: Sequence[CorpusFacts], weights: Mapping[str, float], aim: Sequence[str]
) -> Provenance:
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
        corpora=tuple(corpora),
        weights=dict(weights),
        aim=tuple(aim),
    )
