"""LibreTranslate's API, as its clients know it: the routes, the fields in JSON or forms, the words and the statuses.

What the original does with a request that breaks its own rules without a word (a list with a number in it, say) is
refused here with a 400. Texts longer than may be are a 400 as there, bodies a 413.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any, NamedTuple

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from .. import __version__
from ..config import SearchConfig
from ..documents import FORMATS as DOCUMENTS
from ..documents import Translate, format_of, passages, translate_document
from ..documents.html import translate_html
from ..errors import ForbiddenError, KeyMissingError, NotFoundError, RequestError
from ..memory import Correction
from ..translation import Translation
from . import examples
from .access import Caller, Role
from .answers import answer
from .bodies import Fields, Uploaded, fields_of
from .desk import Desk, while_connected
from .languages import AUTO, meant, name_of

FORMATS = ("text", "html")
SUFFIXES = [suffix for suffixes in DOCUMENTS.values() for suffix in suffixes]
"""Of the files that can be translated."""

WORDLESS = ("So", "Sk", "Mn", "Me", "Cf", "Zs")
"""The categories of Unicode that emoji are made of, and spaces."""

NOTHING_DETECTED = {"confidence": 0.0, "language": "en"}
"""What the original says of a text without letters."""


class LibreTranslate:
    """The routes over a `Desk`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._service = desk.service
        self.router = router = APIRouter(tags=["LibreTranslate"])
        add = router.add_api_route
        add("/translate", self.translate, methods=["POST"], **examples.TRANSLATE)
        add("/detect", self.detect, methods=["POST"], **examples.DETECT)
        add("/languages", self.languages, methods=["GET"], **examples.LANGUAGES)
        add("/suggest", self.suggest, methods=["POST"], **examples.SUGGEST)
        add("/translate_file", self.translate_file, methods=["POST"], **examples.TRANSLATE_FILE)
        add("/download_file/{name}", self.download_file, methods=["GET"], **examples.DOWNLOAD_FILE)
        add("/frontend/settings", self.settings, methods=["GET"], **examples.SETTINGS)
        add("/health", self.health, methods=["GET"], **examples.HEALTH)
        add("/spec", self.spec, methods=["GET"], **examples.SPEC)

    async def translate(self, request: Request) -> Response:
        """Translate a text, or each of a list."""
        fields = await fields_of(request)
        caller = await self._caller(request, fields)
        asked = await self._asked(fields)
        caller.take(len(asked.texts) - 1)
        request.scope["state"]["noted"].update(n_texts=len(asked.texts), n_characters=sum(map(len, asked.texts)))
        async with while_connected(request):
            done = answer(await self._translated(asked))
        done.headers["Content-Language"] = asked.trg  # a client may have asked for another one: es-ES
        return done

    async def detect(self, request: Request) -> Response:
        """Tell the language of a text: all that are possible, the likeliest first."""
        fields = await fields_of(request)
        await self._caller(request, fields)
        q = self._texts(fields, "q")
        text = q if isinstance(q, str) else "\n".join(q)
        found = self._service.detect(text) if _has_letters([text]) else []
        return answer([_confident(*each) for each in found] or [NOTHING_DETECTED])

    async def languages(self) -> Response:
        """List the languages, each with those that it can be translated to."""
        return answer(
            [
                {"code": code, "name": name_of(code), "targets": sorted({code, *self._targets(code)})}
                for code in self._service.languages
            ]
        )

    async def suggest(self, request: Request) -> Response:
        """Suggest a better translation: it holds at once from who may correct, and waits for approval from others."""
        fields = await fields_of(request)
        caller = await self._caller(request, fields)
        caller.need(Role.SUGGEST)
        if not self._service.has_memory:
            raise ForbiddenError("Suggestions are disabled on this server.")
        q, s = self._texts(fields, "q"), self._texts(fields, "s")
        src, trg = self._direction(self._language(fields, "source"), self._language(fields, "target"))
        if isinstance(q, list) or isinstance(s, list):
            raise RequestError("Invalid request: q and s are one text each")
        state = "approved" if caller.role >= Role.CORRECT else "pending"
        await run_in_threadpool(self._service.correct, Correction(src, trg, q, s, author=caller.name, state=state))
        return answer({"success": True})

    async def translate_file(self, request: Request) -> Response:
        """Translate a file, and tell where the translation can be fetched."""
        fields = await fields_of(request)
        await self._caller(request, fields)
        file = fields.values.get("file")
        if not isinstance(file, Uploaded):
            raise _missing("file")
        source, target = self._language(fields, "source"), self._language(fields, "target")
        if not file.name:
            raise RequestError("Invalid request: empty file")
        suffix = PurePath(file.name).suffix.lower()
        if suffix not in SUFFIXES:
            raise RequestError("Invalid request: file format not supported")

        def translated(translate: Translate) -> bytes:
            return translate_document(file.data, format_of(file.name), translate)

        if source == AUTO:
            self._check_served(target)
            texts = await run_in_threadpool(passages, translated)
            source = (await self._desk.source_of(texts, target)).language
        request.scope["state"]["noted"].update(n_bytes=len(file.data))
        if source == target:
            trg, done = target, file.data
        else:
            src, trg = self._direction(source, target)
            async with while_connected(request):
                done = await self._desk.document(src, trg, translated)
        stem = PurePath(file.name).name.removesuffix(PurePath(file.name).suffix)
        name = self._desk.files.keep(done, f"{stem}_{trg}{suffix}")
        return answer({"translatedFileUrl": str(request.url_for("download_file", name=name))})

    async def download_file(self, name: str) -> Response:
        """Fetch a translated file."""
        if ".." in PurePath(name.replace("\\", "/")).parts:
            raise RequestError("Invalid filename")
        data, shown_as = self._desk.files.fetch(name)
        head = {"Content-Disposition": f'attachment; filename="{shown_as.encode("ascii", "replace").decode()}"'}
        return Response(data, 200, head, "application/octet-stream")

    async def settings(self, request: Request) -> Response:
        """Tell a page what it may offer to this caller: suggestions, and whether there is more than translations to
        read.
        """
        _, trg = next(iter(self._service.directions), ("en", "en"))
        needs_key = self._desk.access.needs_key
        return answer(
            {
                "charLimit": self._desk.limits.characters,
                "frontendTimeout": 500,
                "apiKeys": needs_key,
                "keyRequired": needs_key,
                "suggestions": self._service.has_memory and self._desk.access.may(request, Role.SUGGEST),
                "mayRead": self._desk.access.may(request, Role.READ),
                "filesTranslation": True,
                "supportedFilesFormat": SUFFIXES,
                "language": {
                    "source": {"code": AUTO, "name": "Auto Detect"},
                    "target": {"code": trg, "name": name_of(trg)},
                },
            }
        )

    async def health(self) -> Response:
        """Say that the server runs."""
        return answer({"status": "ok"})

    async def spec(self, request: Request) -> Response:
        """Describe the API."""
        return answer({**request.app.openapi(), "info": {"title": "LibreTranslate", "version": __version__}})

    async def _caller(self, request: Request, fields: Fields) -> Caller:
        secret = fields.values.get("api_key")
        try:
            return await self._desk.access.caller(request, secret if isinstance(secret, str) else None)
        except KeyMissingError:
            raise RequestError("Please contact the server operator to get an API key") from None

    async def _asked(self, fields: Fields) -> _Asked:
        """Return what a request for a translation asks for, checked in the order of the original."""
        q = self._texts(fields, "q")
        source, target = self._language(fields, "source"), self._language(fields, "target")
        n_alternatives = self._n_alternatives(fields.values.get("alternatives"))
        texts = q if isinstance(q, list) else [q]
        self._check_length(texts)
        markup = fields.values.get("format")
        markup = "text" if markup in (None, "") else markup
        detected = None
        if source == AUTO:
            self._check_served(target)
            found = await self._desk.source_of(texts, target, is_html=markup == "html")
            detected, source = (
                _confident(found.language, found.confidence) if _has_letters(texts) else NOTHING_DETECTED,
                found.language,
            )
        unchanged = detected is NOTHING_DETECTED or source == target or not _has_words(texts)
        src, trg = (target, target) if unchanged else self._direction(source, target)
        if unchanged:
            self._check_served(target)
        if markup not in FORMATS:
            raise RequestError(f"{str(markup)[:40]} format is not supported")
        return _Asked(texts, isinstance(q, list), src, trg, markup == "html", n_alternatives, detected, unchanged)

    async def _translated(self, asked: _Asked) -> dict[str, Any]:
        """Return the body of the answer: lists for a list, values for a text."""
        alternatives: list[list[str]]
        if asked.unchanged:
            found, alternatives = list(asked.texts), [[] for _ in asked.texts]
        elif asked.is_html:
            found, alternatives = await self._html(asked), [[] for _ in asked.texts]
        else:
            options = SearchConfig(n_best=asked.n_alternatives + 1) if asked.n_alternatives else None
            translations = await self._desk.translate(asked.src, asked.trg, asked.texts, options)
            found, alternatives = [t.text for t in translations], [_others(t) for t in translations]
        columns: dict[str, list[Any]] = {"translatedText": found}
        if asked.detected is not None:
            columns["detectedLanguage"] = [asked.detected] * len(asked.texts)
        if asked.n_alternatives:
            columns["alternatives"] = alternatives
        return columns if asked.is_list else {name: column[0] for name, column in columns.items()}

    async def _html(self, asked: _Asked) -> list[str]:
        return await self._desk.document(
            asked.src, asked.trg, lambda translate: [translate_html(text, translate) for text in asked.texts]
        )

    def _texts(self, fields: Fields, name: str) -> str | list[str]:
        """Return the text or the texts of that name."""
        value = fields.values.get(name)
        if not value:
            raise _missing(name)
        if isinstance(value, list) and all(isinstance(text, str) for text in value):
            return value
        if not isinstance(value, str):
            raise RequestError(f"Invalid request: {name} must be a text or a list of texts")
        return value if fields.is_json else "\n".join(value.splitlines())

    def _language(self, fields: Fields, name: str) -> str:
        """Return the language of that name, as it is called here."""
        value = fields.values.get(name)
        if not value:
            raise _missing(name)
        if not isinstance(value, str):
            raise RequestError(f"Invalid request: {name} must be a language code")
        return meant(value, self._service.languages)

    def _n_alternatives(self, value: Any) -> int:
        try:
            n = 0 if value is None else max(0, int(value))
            if isinstance(value, bool) or (isinstance(value, float) and n != max(0.0, value)):
                raise ValueError
        except (TypeError, ValueError, OverflowError):
            raise RequestError("Invalid request: alternatives parameter is not a number") from None
        most = self._desk.limits.n_alternatives
        if n > most:
            raise RequestError(f"Invalid request: alternatives parameter must be <= {most}")
        return n

    def _check_length(self, texts: Sequence[str]) -> None:
        limits = self._desk.limits
        for size, limit in ((len(texts), limits.n_texts), (max(map(len, texts)), limits.characters)):
            if size > limit:
                raise RequestError(f"Invalid request: request ({size}) exceeds text limit ({limit})")

    def _direction(self, source: str, target: str) -> tuple[str, str]:
        self._check_served(source)
        self._check_served(target)
        try:
            self._service.served(source, target)
        except NotFoundError:
            names = [f"{name_of(code)} ({code})" for code in (target, source)]
            raise RequestError(f"{names[0]} is not available as a target language from {names[1]}") from None
        return source, target

    def _check_served(self, code: str) -> None:
        if code not in self._service.languages:
            name = name_of(code)
            named = code if name == code else f"{name} ({code})"
            raise RequestError(f"{named[:60]} is not supported")

    def _targets(self, code: str) -> set[str]:
        return {trg for src, trg in self._service.directions if src == code}


class _Asked(NamedTuple):
    """What a request for a translation asks for; ``unchanged`` if the texts are their own translations."""

    texts: list[str]
    is_list: bool
    src: str
    trg: str
    is_html: bool
    n_alternatives: int
    detected: dict[str, Any] | None
    unchanged: bool


def _missing(name: str) -> RequestError:
    return RequestError(f"Invalid request: missing {name} parameter")


def _confident(language: str, share: float) -> dict[str, Any]:
    return {"confidence": round(100 * share, 2), "language": language}


def _has_letters(texts: Sequence[str]) -> bool:
    return any(character.isalpha() for text in texts for character in text)


def _has_words(texts: Sequence[str]) -> bool:
    """Whether there is more than pictures and space, which the original gives back as they are."""
    return any(unicodedata.category(character) not in WORDLESS for text in texts for character in text)


def _others(translation: Translation) -> list[str]:
    """The alternatives that are none of those before them."""
    return list(dict.fromkeys(a.text for a in translation.alternatives if a.text != translation.text))
