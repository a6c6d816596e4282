"""A bundle fitted further to corrections, among a replay of its training pairs, and looked at before it may serve.

`lessons` are the corrections, `contexts` what else they say, `mixture` what is fitted to, `gate` the look, `events`
what is told on the way. What comes of it lies beside the bundle, where `dragoman.promotion` finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from ... import __version__
from ... import bundle as bundles
from ...bundle import Bundle, Learned
from ...config import TrainConfig, TransformerConfig
from ...corpus.pairs import Pair, evenly
from ...corpus.store import Store
from ...engine import TrainedModel
from ...errors import BundleError, CorpusError, Interrupted, NotFoundError
from ...fitting import checkpoint
from ...fitting.workplace import Workplace
from ...learned import corrections
from ...models import keras
from ...promotion import Places, write_report
from ...translator import Translator
from ..ending import write_scored
from ..material import MAX_SCORED, Material
from ..running import Direction, Run, directions
from .contexts import in_context
from .events import Gathered, Listener
from .gate import Answers, Questions, Verdict, ask, judge
from .lessons import Lessons, Sentences, sentence_pairs
from .mixture import Ingredients, write_mixture

if TYPE_CHECKING:
    from ...memory import Memory

MAX_NEW = 1000
"""Corrections that are learned at once, the newest; a memory may hold a million of another kind."""
STEPS, STEPS_EACH, MAX_STEPS = 100, 4, 1000
"""Of a learning: some, and more for each correction, up to a limit."""
BATCH_TOKENS, BATCH_SIZE = 1024, 64
N_MEASURED = 1000
"""Pairs whose lengths say how many a step holds."""
LESSONS = "lessons.json"


class Outcome(NamedTuple):
    """The ``candidate``, and what the gate says of it."""

    candidate: Path
    verdict: Verdict


def learn(
    path: Path,
    memory: Memory,
    *,
    minutes: float | None = None,
    steps: int | None = None,
    listener: Listener = lambda event: None,
    stop: Callable[[], bool] = lambda: False,
    checkpoint_seconds: float = checkpoint.SECONDS,
    began: float | None = None,
) -> Outcome:
    """Fit the bundle at ``path`` to the approved corrections of ``memory`` that it has not learned; leave the candidate
    and the gate's report beside it.

    It takes ``steps``, by default some hundred that follow from the number of corrections, or fewer where ``minutes``
    end before. What was cut off, or stopped by ``stop()`` (an
    `Interrupted`), goes on when it is asked for again, with the corrections that it began with.

    Where nothing waits it is a `NotFoundError`; a bundle without its pairs is a `BundleError`: without a replay of them
    a model forgets what it knew.
    """
    began = monotonic() if began is None else began
    TrainConfig(minutes=minutes, steps=steps)  # refuses what cannot be
    base, places = bundles.read(path), Places(path)
    if not base.has_data:
        raise BundleError(
            f"{path}: the bundle holds no training pairs, and learning repeats some so that nothing is forgotten; "
            "learn into one that was trained without --without-data"
        )
    config = _training(base, minutes)
    request = {
        "bundle": base.fingerprint,
        "minutes": minutes,
        "steps": steps,
        "backend": keras.backend.backend(),
        "dragoman": __version__,
    }
    with Workplace(places.candidate, request, overwrite=True) as place:
        lessons, store = _prepared(place) or _prepare(base, memory, config, steps, place, listener)
        material = _material(base, store)
        run = Run(material, base.trained.config, config, place, listener, stop, both=base.both, base=base)
        _, trained = run.fit(began, checkpoint_seconds, None)
        if stop():
            raise Interrupted(f"stopped learning into {path}; the same command goes on from there")
        candidate = _candidate(base, trained, lessons)
        questions = Questions(material.scored["dev"], lessons, base.golden)
        before, after = (_answers(bundle, questions) for bundle in (base, candidate))
        verdict = judge(before, after, questions, _directions(base), base.learned.dev_chrf)
        listener(verdict)
        _write(_with_first_chrf(candidate, verdict), lessons, material, places, listener)
        write_report(path, _report(base, places.candidate, lessons, (before.new, after.new), verdict))
        place.remove()
    return Outcome(places.candidate, verdict)


def _training(base: Bundle, minutes: float | None) -> TrainConfig:
    """How the model is fitted: gently, once through the mixture, with the weights of the end kept."""
    return TrainConfig(
        epochs=1,
        minutes=minutes,
        batch_size=BATCH_SIZE,
        batch_tokens=BATCH_TOKENS,
        optimizer="adamw",
        learning_rate=4e-4,
        weight_decay=0.0,
        warmup=0.1,
        schedule="linear",
        clip=1.0,
        label_smoothing=base.training.label_smoothing,
        early_stopping="chrf",
        seed=int(base.fingerprint[:8], 16),
    )


def _prepared(place: Workplace) -> tuple[Lessons, Store] | None:
    """Return what a learning that was cut off in ``place`` had prepared; None where there was none, or it is harmed."""
    if not place.is_begun:
        return None
    try:
        return Lessons.read(place.folder / LESSONS), Store(place.corpus)
    except (BundleError, CorpusError) as error:
        place.begin_anew(error)
        return None


def _prepare(
    base: Bundle, memory: Memory, config: TrainConfig, steps: int | None, place: Workplace, listener: Listener
) -> tuple[Lessons, Store]:
    """Write what will be learned, and what is fitted to, into ``place``, and return it."""
    found = corrections(base, memory)
    if not found.waiting:
        raise NotFoundError(f"{base.path}: the memory has no approved correction that the bundle has not learned")
    lessons = Lessons.of(found, MAX_NEW)
    steps = steps or min(MAX_STEPS, STEPS + STEPS_EACH * len(lessons.new))
    new, earlier = sentence_pairs(lessons.new, base), sentence_pairs(lessons.earlier, base)
    corrected = Sentences([*new, *earlier])
    train, *held_out = (base.pairs(part) or [] for part in bundles.PARTS)
    scored = {part: corrected.without(pairs) for part, pairs in zip(("dev", "test"), held_out, strict=True)}
    replay = [pair for pair in train if not corrected.share(pair)]
    translator = _translator(base, _directions(base)[0])
    said = [translation.text for translation in translator.translate([pair.src for pair in new])]
    beside = Sentences([*scored["dev"], *scored["test"], *new, *earlier])
    more = beside.without(in_context(new, said, replay))
    n_pairs = steps * _pairs_a_step(base, config, replay)
    store = write_mixture(Ingredients(new, more, earlier, replay), scored, place.corpus, n_pairs, config.seed)
    lessons.write(place.folder / LESSONS)
    unscored = {part: len(pairs) - len(scored[part]) for part, pairs in zip(scored, held_out, strict=True)}
    listener(
        Gathered(len(lessons.new), len(found.waiting) - len(lessons.new), len(lessons.earlier), len(more), unscored)
    )
    return lessons, store


def _pairs_a_step(base: Bundle, config: TrainConfig, pairs: Sequence[Pair]) -> int:
    """Return how many of ``pairs`` a step holds, each in every direction of ``base``."""
    if not isinstance(base.trained.config, TransformerConfig):
        return config.batch_size
    some = evenly(pairs, N_MEASURED)
    n_tokens = sum(len(base.trained.trg_vocabulary.encode(pair.trg)) + 1 for pair in some) / max(1, len(some))
    return max(1, round(config.batch_tokens / n_tokens / len(base.directions)))


def _material(base: Bundle, store: Store) -> Material:
    parts = {part: store.part(part) for part in bundles.PARTS}
    return Material(
        parts=parts,
        fitted=parts["train"],
        beside=dict.fromkeys(("dev", "test"), ()),
        scored={part: evenly(parts[part], MAX_SCORED) for part in ("dev", "test")},
        cleaning=store.facts.cleaning,
        provenance=replace(base.provenance, n_pairs=store.facts.n_pairs),
        src=base.src,
        trg=base.trg,
    )


def _candidate(base: Bundle, trained: TrainedModel, lessons: Lessons) -> Bundle:
    """Return ``base`` with other weights; what it can take does not become shorter with the replay. Its pairs are those
    of ``base`` until it is written.
    """
    trained = replace(
        trained,
        max_src_length=max(trained.max_src_length, base.trained.max_src_length),
        max_trg_length=max(trained.max_trg_length, base.trained.max_trg_length),
    )
    known = (*base.learned.corrections, *(lesson.identity for lesson in lessons.new))
    learned = Learned(tuple(dict.fromkeys(known)), base.learned.dev_chrf)
    return replace(
        base,
        trained=trained,
        learned=learned,
        scores={},
        golden=dict(base.golden),
        confidence={},
        dragoman=__version__,
    )


def _with_first_chrf(candidate: Bundle, verdict: Verdict) -> Bundle:
    """Note what the dev part scored before anything was learned, if it is not known yet."""
    chrf = {name: values["chrF2"] for name, values in verdict.before["scores"].items()}
    return replace(candidate, learned=replace(candidate.learned, dev_chrf={**chrf, **candidate.learned.dev_chrf}))


def _write(candidate: Bundle, lessons: Lessons, material: Material, places: Places, listener: Listener) -> None:
    """Write the candidate with its scores and all pairs that it has seen."""
    known = [*(candidate.pairs("train") or ()), *sentence_pairs(lessons.new, candidate)]
    n_pairs = {**material.provenance.n_pairs, "train": len(known)}
    candidate = replace(candidate, provenance=replace(candidate.provenance, n_pairs=n_pairs))
    write_scored(candidate, material, known, places.candidate, listener, with_data=True, overwrite=True)


def _directions(bundle: Bundle) -> tuple[Direction, ...]:
    return directions(bundle.src, bundle.trg, both=bundle.both)


def _translator(bundle: Bundle, way: Direction) -> Translator:
    return Translator(bundle.trained, src=way.src, trg=way.trg, mark=way.mark)


def _answers(bundle: Bundle, questions: Questions) -> Answers:
    return ask({way: _translator(bundle, way) for way in _directions(bundle)}, questions)


def _report(
    base: Bundle, candidate: Path, lessons: Lessons, said: tuple[Sequence[str], Sequence[str]], verdict: Verdict
) -> dict[str, Any]:
    """What `promotion` keeps beside the candidate: the verdict, and what each correction gave and gives."""
    return {
        **verdict._asdict(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "corrections": [
            {**lesson._asdict(), "before": before, "after": after}
            for lesson, before, after in zip(lessons.new, *said, strict=True)
        ],
        "bundle": base.fingerprint,
        "candidate": bundles.fingerprint(candidate),
    }
