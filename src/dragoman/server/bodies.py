"""The bodies of requests, read and believed only so far as they are what they say: JSON, or a form."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from starlette.datastructures import UploadFile

from ..errors import RequestError, UnprocessableError
from .answers import first_problem

Body = TypeVar("Body", bound=BaseModel)
MAX_FIELDS = 50


class Uploaded(NamedTuple):
    """A file of a form: its name as the client gives it, and what it holds."""

    name: str
    data: bytes


class Fields(NamedTuple):
    """The fields of a request by name; of those that come twice the first. ``is_json`` says where they stood."""

    values: dict[str, Any]
    is_json: bool


async def body_of(request: Request, kind: type[Body]) -> Body:
    """Return the JSON body of a request as a ``kind``; what is no such thing is an `UnprocessableError`."""
    if not _is_json(_media_type(request)):
        raise UnprocessableError("the body must be JSON; send it with `Content-Type: application/json`")
    values = _json(await request.body())
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise UnprocessableError(first_problem(error)) from None


async def fields_of(request: Request) -> Fields:
    """Return the fields of a JSON object, or else of a form and the query; a `RequestError` if they cannot be read."""
    media_type = _media_type(request)
    if _is_json(media_type):
        values = _json(await request.body())
        if not isinstance(values, dict):
            raise RequestError("Invalid JSON format")
        return Fields(values, True)
    values = _pairs(request.scope["query_string"])
    if media_type == "application/x-www-form-urlencoded":
        values = {**_pairs(await request.body()), **values}
    elif media_type == "multipart/form-data":
        async with request.form(max_files=1, max_fields=MAX_FIELDS, max_part_size=2**24) as form:
            read = [(name, await _read(value)) for name, value in form.multi_items()]
        values = {**dict(reversed(read)), **values}
    return Fields(values, False)


async def _read(value: str | UploadFile) -> str | Uploaded:
    return value if isinstance(value, str) else Uploaded(value.filename or "", await value.read())


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _is_json(media_type: str) -> bool:
    return media_type == "application/json" or (media_type.startswith("application/") and media_type.endswith("+json"))


def _json(data: bytes) -> Any:
    try:
        return from_json(data)
    except ValueError as error:
        raise RequestError(f"the body is not JSON: {str(error)[:100]}") from None


def _pairs(data: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(data.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as error:
        what = "not UTF-8" if isinstance(error, UnicodeDecodeError) else f"of more than {MAX_FIELDS} fields"
        raise RequestError(f"the form is {what}; encode it as UTF-8, with the fields of this route") from None
    return dict(reversed(pairs))
