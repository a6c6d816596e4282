"""Models, trainings and like pairs as the server tells of them, without any: each look at a job brings it a step on."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, Route

NAMES = {"src": "en", "trg": "es", "src_name": "English", "trg_name": "Spanish"}
STARTED = "2026-11-25T09:00:00+00:00"
LIKE = {
    "pairs": [
        {"src": "The red house.", "trg": "La casa roja.", "likeness": 0.71, "origin": "phrasebook:12"},
        {"src": "The blue car.", "trg": "El coche azul.", "likeness": 0.64, "origin": "phrasebook:40"},
    ]
}
CORPUS = {
    "corpus": "c1",
    "name": "pairs.tsv",
    "n_bytes": 1_480_000,
    "statistics": {
        "n_read": 21_340,
        "n_pairs": 20_118,
        "dropped": {"duplicate": 1_102, "too long": 96, "empty": 24},
        "bad_rows": 2,
        "first_bad": "pairs.tsv:118: expected 2 or 3 columns, found 1 (is the separator a tab?)",
        "examples": [["Go.", "Ve."], ["Who is there?", "¿Quién es?"], ["The house is large.", "La casa es grande."]],
        "src_length": 31.4,
        "trg_length": 34.0,
    },
    "src": "en",
    "trg": "es",
}


def scored(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 1.4, "high": value + 1.3}


def model(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "model": name,
        "directions": [NAMES],
        "fingerprint": "9f2c41d07ab34e55",
        "finished": True,
        "card": {
            "n_pairs": 12_418,
            "parts": {"train": 11_858, "dev": 290, "test": 270},
            "n_parameters": 1_037_856,
            "vocabulary_sizes": [640, 798],
            "dropped": {"duplicate": 31, "too long": 4},
            "corpus": "phrasebook",
            "trained_seconds": 102.0,
            "architecture": "Transformer, 3 + 1 layers of 128",
        },
        "scores": {
            "test": {"BLEU": scored(97.8), "chrF2": scored(98.6), "exact": scored(95.9)},
            "dev": {"BLEU": scored(96.9), "chrF2": scored(98.1), "exact": scored(95.2)},
        },
        "verdict": ["Better than copying the translation of the nearest training sentence: chrF 98.6 against 61.2."],
        "history": [
            {"step": step, "loss": 4 / step, "dev_loss": 5 / step, "dev_chrf": 100 - 9e3 / (step + 90)}
            for step in range(90, 921, 92)
        ],
        "corrections": {"waiting": 12, "pending": 2, "learned": 0, "right": None},
        "served": True,
        "held_back": None,
        "candidate": None,
        "can_roll_back": False,
        "previous": None,
        "job": None,
        **changes,
    }  # fmt: skip


PASSED = {
    "passed": True,
    "reasons": [],
    "before": {"dev chrF": 98.1, "corrections right": 1},
    "after": {"dev chrF": 98.0, "corrections right": 11},
    "at": "2026-11-24T18:20:00+00:00",
}
FAILED = {
    "passed": False,
    "reasons": ["On dev sentences chrF fell by 0.9, more than the 0.5 that it may.", "1 earlier correction is lost."],
    "before": {"dev chrF": 98.1, "corrections right": 9},
    "after": {"dev chrF": 97.2, "corrections right": 12},
    "at": "2026-11-24T18:20:00+00:00",
}


class Contract:
    """Answers a page's requests; ``refused`` holds what is refused, by the end of the path, as status and words.

    Jobs come as far as step ``until``.
    """

    def __init__(self) -> None:
        self.until = 500
        back = {"candidate": FAILED, "can_roll_back": True, "previous": {"newer": False, "at": STARTED}}
        self.models = [model("phrasebook"), model("tatoeba-eng-spa", **back)]
        self.trained: dict[str, Any] = {}
        """What the card of a model that is trained here has otherwise."""
        self.found: list[dict[str, Any]] = []
        """Models that stand there from the next look at them on."""
        self.failure = ""
        """What a job that has not begun its first step fails with."""
        self.jobs: dict[str, dict[str, Any]] = {}
        self.refused: dict[str, tuple[int, str]] = {}
        self.asked: list[tuple[str, Any]] = []

    def answer(self, page: Page) -> None:
        """Answer what ``page`` asks from now on."""
        page.route(re.compile(r"/v1/(models|nearest|corpora|trainings|jobs)"), self._answer)

    def _answer(self, route: Route) -> None:
        request = route.request
        path = request.url.split("/v1", 1)[1]
        is_json = "json" in request.headers.get("content-type", "")
        body = request.post_data_json if is_json else None
        self.asked.append((path, body))
        for end, (status, words) in self.refused.items():
            if path.endswith(end):
                route.fulfill(status=status, json={"error": words})
                return
        if path.endswith("/events"):
            route.fulfill(status=200, content_type="text/event-stream", body='data: {"event": "progress"}\n\n')
            return
        status, told = self._told(path.strip("/").split("/"), body)
        route.fulfill(status=status, json=told)

    def _told(self, path: list[str], body: Any) -> tuple[int, Any]:
        match path:
            case ["nearest"]:
                return 200, LIKE
            case ["models"]:
                told = {"models": list(self.models)}
                self.models += self.found
                self.found = []
                return 200, told
            case ["models", name, act]:
                return self._acted(next(one for one in self.models if one["model"] == name), act)
            case ["corpora"]:
                return 201, CORPUS
            case ["trainings"]:
                return 202, self._begun("train", body["model"])
            case ["jobs"]:
                return 200, {"jobs": list(self.jobs.values())}
            case ["jobs", number, act]:
                self.jobs[number]["state"] = "stopped" if act == "stop" else "running"
                return 200, self.jobs[number]
            case ["jobs", number]:
                return 200, self._advanced(self.jobs[number])
        raise AssertionError(path)

    def _acted(self, one: dict[str, Any], act: str) -> tuple[int, Any]:
        if act == "learn":
            one["job"] = self._begun("learn", one["model"])
            return 202, one["job"]
        if act == "serve":
            one |= {"served": True, "held_back": None}
            return 200, one
        one |= {"candidate": None, "can_roll_back": True, "job": None}
        one["previous"] = {"newer": act == "rollback" and not (one["previous"] or {}).get("newer"), "at": STARTED}
        if act == "promote":
            one["corrections"] = {"waiting": 0, "pending": 2, "learned": 12, "right": 11}
        return 200, one

    def _begun(self, kind: str, name: str) -> dict[str, Any]:
        number = f"j{len(self.jobs) + 1}"
        self.jobs[number] = {
            "job": number, "kind": kind, "model": name, "state": "running", "error": None, "can_resume": True,
            "started": STARTED,
            "step": 0, "n_steps": None, "seconds_left": None, "dev_chrf": None, "dev_bleu": None, "samples": [],
            "history": [],
        }  # fmt: skip
        return self._failed(self.jobs[number]) if self.failure else self.jobs[number]

    def _failed(self, job: dict[str, Any]) -> dict[str, Any]:
        job |= {"state": "failed", "error": self.failure, "can_resume": job["step"] > 0}
        return job

    def _advanced(self, job: dict[str, Any]) -> dict[str, Any]:
        if job["state"] == "running" and self.failure:
            return self._failed(job)
        if job["state"] != "running" or job["step"] == self.until:
            return job
        step = job["step"] + 250
        chrf = 70 - 9_000 / (step + 150)
        job |= {"step": step, "n_steps": 1_000, "seconds_left": 1_000 - step, "dev_chrf": chrf, "dev_bleu": chrf - 20}
        job["history"].append({"step": step, "dev_chrf": chrf, "dev_loss": 400 / step})
        late = "No lo conozco."
        job["samples"] = [
            {"src": "Where is the station?", "ref": "¿Dónde está la estación?", "hyp": "¿Dónde está la estación?"},
            {"src": "I do not know him.", "ref": "No lo conozco.", "hyp": late if step >= 700 else "No lo sé."},
            {"src": "She sings well.", "ref": "Ella canta bien.", "hyp": "Ella es bien."},
        ]  # fmt: skip
        if step >= 1_000:
            job["state"] = "done"
            if job["kind"] == "train":
                self.found.append(model(job["model"], **self.trained))
            for one in self.models:
                if one["model"] == job["model"] and job["kind"] == "learn":
                    one |= {"candidate": PASSED, "job": job}
        return job
