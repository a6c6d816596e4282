"""The shapes of the routes of models, trainings and jobs: what they take and give, with an example of each."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from .shapes import Body, Code, ToCompare, as_json, route

__all__ = ["ToCompare", "ToLearn", "ToTrain"]

Minutes = Annotated[float, Field(gt=0, le=7 * 24 * 60)]
"""A week at most."""


class ToLearn(Body):
    """How long a bundle may learn; by default as long as it takes."""

    minutes: Minutes | None = None


class ToTrain(Body):
    """A translator to be trained: the corpus that was sent, the name of the new model, the languages of the first and
    the second column, the minutes until it is there, and whether it translates both ways.
    """

    corpus: Annotated[str, Field(min_length=1, max_length=40)]
    model: Annotated[str, Field(min_length=1)]
    src: Code
    trg: Code
    minutes: Minutes
    both: bool = False


_REFUSED = {
    409: "It cannot be while something else is as it is: another job runs, or the name is taken",
    501: "The packages of a training are not installed",
    507: "There is no room on the disk",
}
_NUMBER = {"type": "number"}
_PERHAPS = {"type": ["number", "null"]}
_TEXT = {"type": "string"}
_COUNTS = {"type": "object", "additionalProperties": {"type": "integer"}}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_JOB = _object(
    job=_TEXT,
    kind={"type": "string", "enum": ["train", "learn"]},
    model=_TEXT,
    state={"type": "string", "enum": ["running", "stopped", "failed", "done"]},
    stopping={"type": "boolean", "description": "It was asked to stop, and writes what it has learned"},
    can_resume={"type": "boolean", "description": "It has begun and not ended, and goes on where it was"},
    error={"type": ["string", "null"]},
    started={"type": "string", "format": "date-time"},
    step={"type": "integer"},
    n_steps={"type": "integer"},
    seconds_left=_PERHAPS,
    dev_chrf=_PERHAPS,
    dev_bleu=_PERHAPS,
    samples=_array(_object(src=_TEXT, ref=_TEXT, hyp=_TEXT)),
    history=_array(_object(step={"type": "integer"}, dev_chrf=_NUMBER, dev_loss=_NUMBER)),
)
_JOB_EXAMPLE = {
    "job": "3f1a9c0d5b7e2486", "kind": "train", "model": "phrasebook", "state": "running", "stopping": False,
    "can_resume": False, "error": None, "started": "2026-01-02T09:30:00.000+00:00", "step": 120, "n_steps": 900,
    "seconds_left": 95.0, "dev_chrf": 41.2, "dev_bleu": 18.3,
    "samples": [{"src": "Is the bank open?", "ref": "¿Está abierto el banco?", "hyp": "¿Está el banco?"}],
    "history": [{"step": 120, "dev_chrf": 41.2, "dev_loss": 2.31}],
}  # fmt: skip
_SCORE = _object(value=_NUMBER, low=_NUMBER, high=_NUMBER)
_MODEL = _object(
    model=_TEXT,
    served={"type": "boolean"},
    held_back={"type": ["string", "null"], "description": "Why it is not served until its owner says so"},
    directions=_array(_object(src=_TEXT, trg=_TEXT, src_name=_TEXT, trg_name=_TEXT)),
    fingerprint=_TEXT,
    finished={"type": "boolean"},
    card=_object(
        n_pairs={"type": "integer"},
        parts=_COUNTS,
        n_parameters={"type": "integer"},
        vocabulary_sizes=_array({"type": "integer"}),
        dropped=_COUNTS,
        corpus=_TEXT,
        trained_seconds=_PERHAPS,
        architecture=_TEXT,
        corpora=_array(
            _object(
                name=_TEXT,
                parts=_COUNTS,
                weight={"type": "number", "description": "How often each of its pairs is seen in a pass"},
                is_aim={"type": "boolean", "description": "Whether the training is for text like it"},
                licence=_TEXT,
                citation=_TEXT,
                scores={"type": "object", "additionalProperties": _SCORE},
            )
        ),
    ),
    scores={
        "type": "object",
        "description": "By part, and in it by the name of the score, with its 95 % interval",
        "additionalProperties": {"type": "object", "additionalProperties": _SCORE},
    },
    verdict=_array({"type": "string", "description": "What the scores of the test part mean, in sentences"}),
    history=_array(_object(step=_NUMBER, loss=_NUMBER, dev_loss=_NUMBER, dev_bleu=_NUMBER, dev_chrf=_NUMBER)),
    corrections={
        "oneOf": [
            {"type": "null"},
            _object(
                waiting={"type": "integer", "description": "To be learned"},
                pending={"type": "integer", "description": "To be approved"},
                learned={"type": "integer", "description": "That this version was trained on"},
                right={
                    "type": ["integer", "null"],
                    "description": "Of those that it has learned, those that came out right",
                },
            ),
        ],
        "description": "None where the memory cannot be reached",
    },
    candidate={"oneOf": [{"type": "null"}, _object(passed={"type": "boolean"}, reasons=_array(_TEXT))]},
    can_roll_back={"type": "boolean"},
    previous={
        "oneOf": [{"type": "null"}, _object(newer={"type": "boolean"}, at={"type": "string", "format": "date-time"})],
        "description": "The version that rolling back would serve",
    },
    job={"oneOf": [{"type": "null"}, _JOB]},
)
_MODEL_EXAMPLE = {
    "model": "phrasebook", "served": True, "held_back": None,
    "directions": [{"src": "en", "trg": "es", "src_name": "English", "trg_name": "Spanish"}],
    "fingerprint": "4c1d…", "finished": True,
    "card": {
        "n_pairs": 12418, "parts": {"train": 11600, "dev": 410, "test": 408}, "n_parameters": 2_400_000,
        "vocabulary_sizes": [1500, 1500], "dropped": {"duplicate": 0, "too long": 0, "length ratio": 0},
        "corpus": "phrasebook", "trained_seconds": 113.4,
        "architecture": "a transformer of width 128, 3 + 1 layers, dropout 0.1",
    },
    "scores": {"test": {"BLEU": {"value": 71.2, "low": 68.9, "high": 73.4}}},
    "verdict": ["Better than copying the translation of the nearest training sentence: chrF 83.1 against 52.6."],
    "history": [{"step": 900, "loss": 0.4, "dev_loss": 0.5, "dev_bleu": 70.1, "dev_chrf": 83.0}],
    "corrections": {"waiting": 3, "pending": 1, "learned": 2, "right": 2},
    "candidate": None, "can_roll_back": False, "previous": None, "job": None,
}  # fmt: skip
_CORPUS = _object(
    corpus=_TEXT,
    name=_TEXT,
    n_bytes={"type": "integer"},
    statistics=_object(
        n_read={"type": "integer"},
        n_pairs={"type": "integer"},
        dropped=_COUNTS,
        bad_rows={"type": "integer"},
        first_bad={"type": ["string", "null"]},
        examples=_array(_array(_TEXT)),
        src_length=_NUMBER,
        trg_length=_NUMBER,
    ),
    src={"type": ["string", "null"], "description": "The language that the first side seems to be in"},
    trg={"type": ["string", "null"]},
)
_CORPUS_EXAMPLE = {
    "corpus": "9d2c7b15a0e4f386", "name": "phrases.tsv", "n_bytes": 563_412,
    "statistics": {
        "n_read": 12418, "n_pairs": 12418, "dropped": {"duplicate": 0, "too long": 0, "length ratio": 0},
        "bad_rows": 0, "first_bad": None, "examples": [["This is my wife.", "Esta es mi esposa."]],
        "src_length": 19.5, "trg_length": 21.1,
    },
    "src": "en", "trg": "es",
}  # fmt: skip
_FILES = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "Pairs: .tsv, .txt, .gz or .zip; or the sources"},
        "trg_file": {"type": "string", "format": "binary", "description": "The translations, a line for each source"},
    },
}

MODELS = route(None, None, as_json(_object(models=_array(_MODEL)), {"models": [_MODEL_EXAMPLE]}))
MODEL = route(None, None, as_json(_MODEL, _MODEL_EXAMPLE), refused=_REFUSED)
LEARN = route(ToLearn, {"minutes": 2}, as_json(_JOB, {**_JOB_EXAMPLE, "kind": "learn"}), 202, _REFUSED)
NEAREST = route(
    ToCompare,
    {"text": "Where is the station?", "src": "en", "trg": "es", "n": 3},
    as_json(
        _object(pairs=_array(_object(src=_TEXT, trg=_TEXT, likeness=_NUMBER, origin=_TEXT))),
        {
            "pairs": [
                {
                    "src": "Where is the bank?",
                    "trg": "¿Dónde está el banco?",
                    "likeness": 0.71,
                    "origin": "train.tsv.gz:118",
                }
            ]
        },
    ),
)
CORPORA = route(None, None, as_json(_CORPUS, _CORPUS_EXAMPLE), 201, _REFUSED)
CORPORA["openapi_extra"] = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FILES}}}}
TRAIN = route(
    ToTrain,
    {"corpus": "9d2c7b15a0e4f386", "model": "phrasebook", "src": "en", "trg": "es", "minutes": 5},
    as_json(_JOB, _JOB_EXAMPLE),
    202,
    _REFUSED,
)
JOBS = route(None, None, as_json(_object(jobs=_array(_JOB)), {"jobs": [_JOB_EXAMPLE]}))
JOB = route(None, None, as_json(_JOB, _JOB_EXAMPLE), refused=_REFUSED)
EVENTS = route(None, None, {"text/event-stream": {"schema": _object(id=_TEXT, data=_TEXT)}})
