"""The shapes of /v1: what its routes take and give, with an example of each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from .examples import ERROR

if TYPE_CHECKING:
    from ..memory import Entry

Code = Annotated[str, Field(min_length=1, max_length=40, examples=["en"])]
Text = Annotated[str, Field(min_length=1)]


class Body(BaseModel):
    """The body of a request; a field that it does not know is refused, and a value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ToTranslate(Body):
    """Texts to translate; ``src`` may be auto. ``tokens`` asks for sentences with token scores and attention, ``words``
    for the words of both sides: how sure the model was of each, and which translates which.
    """

    text: str | list[str]
    src: Code = "auto"
    trg: Code
    format: Literal["text", "html"] = "text"
    alternatives: Annotated[int, Field(ge=0, le=10)] = 0
    tokens: bool = False
    words: bool = False


class ToStream(Body):
    """A text to translate sentence by sentence."""

    text: str
    src: Code = "auto"
    trg: Code


class ToCompare(Body):
    """A text that corrections may be like."""

    text: Text
    src: Code
    trg: Code
    n: Annotated[int, Field(ge=1, le=50)] = 5


class ToCorrect(Body):
    """The right translation of a text."""

    src: Code
    trg: Code
    source: Text
    target: Text
    context: Annotated[str, Field(max_length=1000)] = ""


class ToEdit(Body):
    """Another translation."""

    target: Text


class Told(BaseModel):
    """One translation; of HTML only the text is told. The score is the mean log-probability of a token; the origin is
    the source itself where that is in the target's language already. A warning ``numbers`` says that the digits of the
    translation are not those of the text. The confidence is the probability that the least sure of the sentences is of
    use (a chrF over 50 against a reference); it is null where nothing was guessed, and where the model was not
    calibrated.
    """

    text: str
    score: float | None = None
    origin: Literal["model", "memory", "source"] | None = None
    alternatives: list[dict[str, Any]] | None = None
    unknown: list[str] | None = None
    warnings: list[str] | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    sentences: list[dict[str, Any]] | None = None
    words: dict[str, Any] | None = None


class Detected(BaseModel):
    """The language that was found where none was named, and how sure that is."""

    language: str
    confidence: Annotated[float, Field(ge=0, le=1)]
    sure: bool


class Translated(BaseModel):
    """The translations of the texts, in order; the languages are those that are served and were meant."""

    src: str
    trg: str
    detected: Detected | None = None
    translations: list[Told]


def entry(kept: Entry) -> dict[str, Any]:
    """Return what is told of an entry of the memory."""
    return kept._asdict()


ENTRY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "src": {"type": "string"},
        "trg": {"type": "string"},
        "source": {"type": "string"},
        "target": {"type": "string"},
        "author": {"type": "string"},
        "context": {"type": "string"},
        "state": {"type": "string", "enum": ["approved", "pending", "withdrawn"]},
    },
}
_WORDS = {
    400: "The body is not JSON",
    401: "A key is needed",
    403: "The key is not known, or its role does not suffice",
    404: "There is no such thing here",
    408: "The body came too slowly",
    413: "The body or a text is too long",
    422: "The request is not what was asked for",
    429: "Too many requests; Retry-After says when",
    503: "Too much to do, or the memory cannot be reached; Retry-After says when",
}


def route(
    body: type[BaseModel] | None,
    example: Any,
    done: dict[str, Any],
    status: int = 200,
    refused: Mapping[int, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return how a route is described; ``refused`` are statuses that it has beside those of all."""
    errors = {
        code: {"description": words, "content": {"application/json": {"schema": ERROR}}}
        for code, words in {**_WORDS, **refused}.items()
    }
    described: dict[str, Any] = {"responses": {status: {"description": "Done", "content": done}, **errors}}
    if status != 200:
        described["status_code"] = status
    if body is not None:
        content = {"application/json": {"schema": body.model_json_schema(), "example": example}}
        described["openapi_extra"] = {"requestBody": {"required": True, "content": content}}
    return described


def as_json(schema: dict[str, Any], example: Any = None) -> dict[str, Any]:
    """Return how an answer in JSON is described."""
    return {"application/json": {"schema": schema} | ({} if example is None else {"example": example})}


def _list(name: str) -> dict[str, Any]:
    return as_json({"type": "object", "properties": {name: {"type": "array", "items": ENTRY_SCHEMA}}})


_EN_ES = {"src": "en", "trg": "es"}
TRANSLATE = route(ToTranslate, {"text": "Where is the station?", **_EN_ES, "alternatives": 2}, {})
TRANSLATE["responses"][200] = {"description": "Done", "model": Translated}
_EVENT = {
    "type": "object",
    "properties": {"event": {"enum": ["sentence", "done", "error"]}, "data": {"type": "string"}},
}
STREAM = route(ToStream, {"text": "Go. Who?", **_EN_ES}, {"text/event-stream": {"schema": _EVENT}})
NEAR = route(ToCompare, {"text": "Where is the station?", **_EN_ES, "n": 3}, _list("near"))
ADD = route(
    ToCorrect,
    {**_EN_ES, "source": "Where is the station?", "target": "¿Dónde queda la estación?"},
    as_json(ENTRY_SCHEMA),
    201,
)
ENTRIES = route(None, None, _list("corrections"))
EDIT = route(ToEdit, {"target": "¿Dónde está la estación?"}, as_json(ENTRY_SCHEMA))
ENTRY = route(None, None, as_json(ENTRY_SCHEMA))
