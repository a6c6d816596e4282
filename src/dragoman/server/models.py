"""The bundles that are served or held back, as cards: what each was made of and scores, what it has learned, and how it
is put in the place of another.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from .. import learned, promotion
from ..bundle import Bundle
from ..errors import ConflictError, MemoryUnavailableError, NotFoundError
from ..jobs import Job, Jobs
from ..service import NO_MEMORY
from . import training_shapes as shapes
from .answers import answer
from .bodies import body_of
from .desk import Desk
from .languages import meant, name_of
from .nearest import Nearest
from .watching import Watch

SCORES = {"BLEU": "BLEU", "chrF2": "chrF2", "EXACT": "exact", "invented words": "invented"}
"""The scores that a card shows, by their names in a report."""


class Models:
    """The routes over a `Desk`. ``memory_place`` is what ``dragoman learn`` is told of the memory."""

    def __init__(self, desk: Desk, jobs: Jobs, watch: Watch, memory_place: str | None) -> None:
        self._desk, self._service = desk, desk.service
        self._jobs, self._watch, self._memory_place = jobs, watch, memory_place
        self._nearest = Nearest(desk.service)
        self._waiting = learned.Waiting(desk.service.memory) if desk.service.has_memory else None
        self.router = APIRouter(prefix="/v1", tags=["Models"])
        add = self.router.add_api_route
        add("/models", self.models, methods=["GET"], **shapes.MODELS)
        add("/models/{model}/learn", self.learn, methods=["POST"], **shapes.LEARN)
        add("/models/{model}/promote", self.promote, methods=["POST"], **shapes.MODEL)
        add("/models/{model}/rollback", self.roll_back, methods=["POST"], **shapes.MODEL)
        add("/models/{model}/serve", self.serve, methods=["POST"], **shapes.MODEL)
        add("/nearest", self.nearest, methods=["POST"], **shapes.NEAREST)

    async def models(self, request: Request) -> Response:
        """List the bundles that are served, and those that are held back, each with its card."""
        await self._desk.access.caller(request)
        return answer({"models": await run_in_threadpool(self._all)})

    async def learn(self, request: Request, model: str) -> Response:
        """Let a bundle learn the corrections that wait, in a process of its own; what comes of it is a candidate."""
        await self._desk.access.administrator(request)
        asked = await body_of(request, shapes.ToLearn)
        path = self._path(model)
        await run_in_threadpool(self._need_corrections, model)
        options = [] if self._memory_place is None else ["--memory", self._memory_place]
        options += [] if asked.minutes is None else ["--minutes", str(asked.minutes)]
        job = await run_in_threadpool(self._jobs.start, "learn", model, [str(path), *options])
        return answer(job.to_json(), 202)

    async def promote(self, request: Request, model: str) -> Response:
        """Serve the candidate in the place of the bundle, which can be rolled back to."""
        await self._desk.access.administrator(request)
        return await self._changed(model, promotion.promote)

    async def roll_back(self, request: Request, model: str) -> Response:
        """Serve the bundle again that was there before; once more undoes it."""
        await self._desk.access.administrator(request)
        return await self._changed(model, promotion.roll_back)

    async def serve(self, request: Request, model: str) -> Response:
        """Serve a bundle that is held back: an unfinished one, or one that is worth less than what it was made of."""
        await self._desk.access.administrator(request)
        await run_in_threadpool(self._watch.serve, model)
        return await self._answer(model)

    async def nearest(self, request: Request) -> Response:
        """Find the training pairs whose source is most like a text. The first question may take a while."""
        await self._desk.access.caller(request)
        asked = await body_of(request, shapes.ToCompare)
        self._desk.limits.check([asked.text])
        src, trg = (meant(code, self._service.languages) for code in (asked.src, asked.trg))
        found = await self._nearest.find(src, trg, asked.text, asked.n)
        return answer(
            {
                "pairs": [
                    {
                        "src": pair.src,
                        "trg": pair.trg,
                        "likeness": round(likeness, 4),
                        "origin": " · ".join(filter(None, (str(pair.origin), pair.origin.attribution))),
                    }
                    for likeness, pair in found
                ]
            }
        )

    async def _changed(self, model: str, change: Any) -> Response:
        path = self._path(model)
        await run_in_threadpool(change, path)
        await run_in_threadpool(self._watch.look)
        return await self._answer(model)

    async def _answer(self, model: str) -> Response:
        found = await run_in_threadpool(self._all)
        return answer(next(card for card in found if card["model"] == model))

    def _need_corrections(self, model: str) -> None:
        if self._waiting is None:
            raise MemoryUnavailableError(NO_MEMORY)
        bundle = self._service.models[model][0].translator.bundle
        if bundle is None or not self._waiting.count(bundle):
            raise ConflictError(f"{model} has learned all approved corrections; correct something, or approve some")

    def _path(self, model: str) -> Path:
        if (held := self._watch.held.get(model)) is not None:
            raise ConflictError(f"{model} is not served: {held.reason}; let it be served first")
        path = self._service.models[model][0].path if model in self._service.models else None
        if path is None:
            raise NotFoundError(f"there is no model {model[:40]} here; /v1/models has all")
        return path

    def _all(self) -> list[dict[str, Any]]:
        jobs: dict[str, Job] = {}
        for job in self._jobs.jobs():
            jobs.setdefault(job.model, job)
        held, served = self._watch.held.items(), self._service.models.items()
        return [
            *(self._told(name, one.bundle, one.path, jobs.get(name), one.reason) for name, one in held),
            *(
                self._told(name, bundle, path, jobs.get(name))
                for name, (one, *_) in served
                if (bundle := one.translator.bundle) is not None and (path := one.path) is not None
            ),
        ]

    def _told(
        self, name: str, bundle: Bundle, path: Path, job: Job | None, held_back: str | None = None
    ) -> dict[str, Any]:
        beside = promotion.state(path)
        return {
            "model": name,
            "served": held_back is None,
            "held_back": held_back,
            "directions": [
                {"src": src, "trg": trg, "src_name": name_of(src), "trg_name": name_of(trg)}
                for src, trg in bundle.directions
            ],
            "fingerprint": bundle.fingerprint,
            "finished": bundle.finished,
            "card": _card(bundle),
            "scores": _scores(bundle),
            "verdict": _verdict(bundle),
            "history": [
                {name: entry.get(name) for name in ("step", "loss", "dev_loss", "dev_bleu", "dev_chrf")}
                for entry in bundle.history
            ],
            "corrections": self._corrections(bundle, beside),
            "candidate": _candidate(beside),
            "can_roll_back": beside.previous is not None,
            "previous": _previous(path, beside.previous),
            "job": job.to_json() if job else None,
        }

    def _corrections(self, bundle: Bundle, beside: promotion.State) -> dict[str, int | None] | None:
        """How many approved corrections wait to be learned, how many to be approved, and how many were learned; None
        where the memory cannot be reached.
        """
        waiting = pending = 0
        if self._waiting is not None:
            try:
                waiting = self._waiting.count(bundle)
                pending = sum(self._service.memory.n_pending(*direction) for direction in bundle.directions)
            except MemoryUnavailableError:
                return None
        return {"waiting": waiting, "pending": pending, **_learned(bundle, beside.report)}


def _card(bundle: Bundle) -> dict[str, Any]:
    trained, provenance = bundle.trained, bundle.provenance
    return {
        "n_pairs": sum(provenance.n_pairs.values()),
        "parts": provenance.n_pairs,
        "n_parameters": sum(array.size for array in trained.weights.values()),
        "vocabulary_sizes": [trained.src_vocabulary.size, trained.trg_vocabulary.size],
        "dropped": provenance.dropped,
        "corpus": provenance.name,
        "trained_seconds": _trained_seconds(bundle),
        "architecture": str(trained.config),
        "corpora": _corpora(bundle),
    }


def _corpora(bundle: Bundle) -> list[dict[str, Any]]:
    """The sources of the training pairs, where there are several: what each holds, and what its test part scores."""
    provenance = bundle.provenance
    scores = _scores_of_corpora(bundle)
    return [
        {
            "name": corpus.name,
            "parts": corpus.n_pairs,
            "weight": provenance.weights.get(corpus.name, 1.0),
            "is_aim": corpus.name in provenance.aim,
            "licence": corpus.licence,
            "citation": corpus.citation,
            "scores": scores.get(corpus.name, {}),
        }
        for corpus in (provenance.corpora if len(provenance.corpora) > 1 else ())
    ]


def _scores_of_corpora(bundle: Bundle) -> dict[str, dict[str, Any]]:
    try:
        return {
            corpus["name"]: {SCORES[s["name"]]: _interval(s) for s in corpus["scores"] if s["name"] in SCORES}
            for corpus in bundle.scores["test"]["corpora"]
        }
    except (AttributeError, KeyError, TypeError):
        return {}


def _trained_seconds(bundle: Bundle) -> float | None:
    """How long the model was fitted, or None where its history does not say so."""
    seconds = [entry.get("seconds") for entry in bundle.history]
    return round(sum(filter(None, seconds)), 1) if seconds and None not in seconds else None


def _learned(bundle: Bundle, report: dict[str, Any] | None) -> dict[str, int | None]:
    """How many corrections a bundle was trained on, and how many of them came out right when learning asked: of this
    bundle before it learned, or after. None where that is not known.
    """
    report, fingerprint = report or {}, bundle.fingerprint
    try:
        if report["candidate"] == fingerprint:
            after = report["after"]
            return {
                "learned": int(after["n_new"]) + int(after["n_earlier"]),
                "right": int(after["new_right"]) + int(after["earlier_right"]),
            }
        if report["bundle"] == fingerprint:
            before = report["before"]
            return {"learned": int(before["n_earlier"]), "right": int(before["earlier_right"])}
    except (KeyError, TypeError, ValueError):  # a report is a file, and may hold anything
        pass
    return {"learned": len(bundle.learned.corrections), "right": None}


def _previous(path: Path, previous: Path | None) -> dict[str, Any] | None:
    """When the bundle was written that rolling back would serve, and whether it is the newer one."""
    if previous is None:
        return None
    at = promotion.written(previous)
    return {"newer": at > promotion.written(path), "at": at.isoformat(timespec="seconds")}


def _scores(bundle: Bundle) -> dict[str, Any]:
    """The scores of each part with their intervals. Loading leaves the reports in a bundle unread, so they may hold
    anything: then there are none.
    """
    try:
        return {
            part: {SCORES[s["name"]]: _interval(s) for s in _scores_of(report) if s["name"] in SCORES}
            for part, report in bundle.scores.items()
        }
    except (AttributeError, KeyError, TypeError):
        return {}


def _scores_of(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [*report["scores"], *([report["invented"]["score"]] if report.get("invented") else [])]


def _verdict(bundle: Bundle) -> list[str]:
    """What the scores of the test part mean, in sentences; none where the report, which may hold anything, has none."""
    try:
        return [str(sentence) for sentence in bundle.scores["test"]["verdict"]]
    except (KeyError, TypeError):
        return []


def _interval(score: dict[str, Any]) -> dict[str, Any]:
    return {name: score[name] for name in ("value", "low", "high")}


def _candidate(state: promotion.State) -> dict[str, Any] | None:
    """What the gate says of a candidate, with its figures by names that a person understands."""
    report = state.report
    if state.candidate is None or report is None:
        return None
    told = {name: report.get(name) for name in ("passed", "reasons", "at")}
    return {**told, **{when: _figures(report.get(when)) for when in ("before", "after")}}


def _figures(values: Any) -> dict[str, float]:
    """The figures of a report, which is a file and so may hold anything: then there are none."""
    try:
        scores = {
            f"dev {name}, {direction}": float(value)
            for direction, of_direction in values["scores"].items()
            for name, value in of_direction.items()
        }
        counts = {"corrections right": values["new_right"], "earlier corrections right": values["earlier_right"]}
        return {**scores, **{name: int(n) for name, n in counts.items()}}
    except (AttributeError, KeyError, TypeError, ValueError):
        return {}
