"""What the description of LibreTranslate's routes shows: the fields, examples, and what comes back."""

from __future__ import annotations

from typing import Any

ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string", "example": "Invalid request: missing q parameter"}},
}


def _answers(content: dict[str, Any], *refused: int) -> dict[int | str, dict[str, Any]]:
    words = {
        400: "The request breaks a rule", 403: "The key is not known, or its role does not suffice",
        404: "There is no such file", 408: "The body came too slowly", 413: "The body is too long",
        429: "Too many requests; Retry-After says when", 503: "Too much to do; Retry-After says when",
    }  # fmt: skip
    errors: dict[int | str, dict[str, Any]] = {
        status: {"description": words[status], "content": {"application/json": {"schema": ERROR}}} for status in refused
    }
    return {200: {"description": "Done", "content": content}, **errors}


def _json(schema: dict[str, Any], example: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema, "example": example}}


def _body(required: list[str], properties: dict[str, Any], *kinds: str) -> dict[str, Any]:
    key = {"description": "A key, where one is needed; what is no text counts as none"}
    properties = {**properties, "api_key": key}
    schema = {"type": "object", "required": required, "properties": properties}
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema} for kind in kinds}}}


BOTH = ("application/json", "application/x-www-form-urlencoded")
TEXT = {"type": "string", "minLength": 1}
SOURCE = {"type": "string", "example": "en", "description": "Language of the text, or auto"}
TARGET = {"type": "string", "example": "es", "description": "Language of the translation"}
DETECTED = {
    "type": "object",
    "properties": {"confidence": {"type": "number", "minimum": 0, "maximum": 100}, "language": {"type": "string"}},
}
STRINGS = {"type": "array", "items": {"type": "string"}}

TRANSLATE: dict[str, Any] = {
    "openapi_extra": _body(
        ["q", "source", "target"],
        {
            "q": {"oneOf": [TEXT, {**STRINGS, "minItems": 1}], "example": "Where is the station?"},
            "source": SOURCE,
            "target": TARGET,
            "format": {"enum": ["text", "html", "", None], "default": "text", "description": "Empty is text"},
            "alternatives": {
                "type": ["integer", "null"],
                "maximum": 10,
                "default": 0,
                "description": "Below 0 is 0",
            },
        },
        *BOTH,
    ),
    "responses": _answers(
        _json(
            {
                "type": "object",
                "required": ["translatedText"],
                "properties": {
                    "translatedText": {"oneOf": [{"type": "string"}, STRINGS]},
                    "detectedLanguage": {"oneOf": [DETECTED, {"type": "array", "items": DETECTED}]},
                    "alternatives": {"type": "array"},
                },
            },
            {"translatedText": "¿Dónde está la estación?"},
        ),
        400, 403, 408, 413, 429, 503,
    ),
}  # fmt: skip
DETECT: dict[str, Any] = {
    "openapi_extra": _body(["q"], {"q": {**TEXT, "example": "¿Dónde está la estación?"}}, *BOTH),
    "responses": _answers(
        _json({"type": "array", "items": DETECTED}, [{"confidence": 97.0, "language": "es"}]), 400, 403, 408, 413, 429
    ),
}
LANGUAGES: dict[str, Any] = {
    "responses": _answers(
        _json(
            {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"code": {"type": "string"}, "name": {"type": "string"}, "targets": STRINGS},
                },
            },
            [{"code": "en", "name": "English", "targets": ["en", "es"]}],
        )
    ),
}
SUGGEST: dict[str, Any] = {
    "openapi_extra": _body(
        ["q", "s", "source", "target"],
        {
            "q": {**TEXT, "example": "Where is the station?"},
            "s": {**TEXT, "example": "¿Dónde queda la estación?"},
            "source": {**SOURCE, "description": "Language of the text"},
            "target": TARGET,
        },
        *BOTH,
    ),
    "responses": _answers(
        _json({"type": "object", "properties": {"success": {"type": "boolean"}}}, {"success": True}),
        400, 403, 408, 413, 429, 503,
    ),
}  # fmt: skip
TRANSLATE_FILE: dict[str, Any] = {
    "openapi_extra": _body(
        ["file", "source", "target"],
        {"file": {"type": "string", "format": "binary"}, "source": SOURCE, "target": TARGET},
        "multipart/form-data",
    ),
    "responses": _answers(
        _json(
            {"type": "object", "properties": {"translatedFileUrl": {"type": "string"}}},
            {"translatedFileUrl": "http://127.0.0.1:8765/download_file/0f1e.letter_es.txt"},
        ),
        400, 403, 408, 413, 429, 503,
    ),
}  # fmt: skip
DOWNLOAD_FILE: dict[str, Any] = {
    "responses": _answers({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}, 400, 404)
}
SETTINGS: dict[str, Any] = {"responses": _answers(_json({"type": "object"}, {"charLimit": 10_000}))}
HEALTH: dict[str, Any] = {"responses": _answers(_json({"type": "object"}, {"status": "ok"}))}
SPEC: dict[str, Any] = {"responses": _answers(_json({"type": "object"}, {"openapi": "3.1.0"}))}
