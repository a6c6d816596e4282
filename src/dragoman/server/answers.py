"""Answers: JSON, and one table from an error to a status and words. Every error body is ``{"error": "..."}``, which
clients of LibreTranslate read.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from fastapi import Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from pydantic_core import to_json
from starlette.exceptions import HTTPException

from ..errors import DragomanError

JSON = "application/json"


def answer(content: Any, status: int = 200) -> Response:
    """Return ``content`` as JSON."""
    return Response(to_json(content), status, media_type=JSON)


def refusal(error: Exception) -> Response:
    """Return what a client is told of ``error``; what nobody foresaw is a 500 that says nothing of it."""
    headers: dict[str, str] = {}
    if isinstance(error, DragomanError):
        status, words = error.http_status, str(error)
        if (seconds := getattr(error, "retry_after", None)) is not None:
            headers["Retry-After"] = str(max(1, ceil(seconds)))
        elif status == 503:
            headers["Retry-After"] = "1"
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
    elif isinstance(error, HTTPException):
        status, words = error.status_code, str(error.detail)
        headers.update(error.headers or {})
    elif isinstance(error, RequestValidationError | ValidationError):
        status, words = 422, first_problem(error)
    else:
        status, words = 500, "the server made a mistake, which it has noted; please report it"
    return Response(to_json({"error": words}), status, headers, JSON)


def first_problem(error: RequestValidationError | ValidationError) -> str:
    """Return the first thing that is wrong with a request, and where."""
    problem = error.errors()[0]
    place = ".".join(str(step) for step in problem["loc"] if step not in ("body", "query", "path"))
    value = problem.get("input")
    shown = f", not {value!r:.60}" if isinstance(value, str | int | float | bool) else ""
    return f"{place or 'body'}: {problem['msg'].lower()}{shown}"
