"""Dragoman's own API under /v1: translations with all that is known of them, sentence by sentence if wanted, and the
corrections of the memory.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from ..annotation import Looks, annotated
from ..config import SearchConfig
from ..detection import Judged
from ..documents.html import translate_html
from ..errors import DragomanError, UnprocessableError
from ..memory import Correction
from ..segments import Segment, split
from ..translation import Sentence, Translation
from . import shapes
from .access import Caller, Role
from .answers import answer, refusal
from .bodies import body_of
from .desk import Desk, while_connected
from .languages import AUTO, meant, name_of

State = Literal["approved", "pending", "withdrawn"]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


class Api:
    """The routes over a `Desk`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._service = desk.service
        self.router = APIRouter(prefix="/v1", tags=["Dragoman"])
        add = self.router.add_api_route
        add("/translate", self.translate, methods=["POST"], **shapes.TRANSLATE)
        add("/translate/stream", self.stream, methods=["POST"], **shapes.STREAM)
        add("/near", self.near, methods=["POST"], **shapes.NEAR)
        add("/corrections", self.add, methods=["POST"], **shapes.ADD)
        add("/corrections", self.entries, methods=["GET"], **shapes.ENTRIES)
        add("/corrections/{number}", self.edit, methods=["PATCH"], **shapes.EDIT)
        add("/corrections/{number}/approve", self.approve, methods=["POST"], **shapes.ENTRY)
        add("/corrections/{number}/withdraw", self.withdraw, methods=["POST"], **shapes.ENTRY)

    async def translate(self, request: Request) -> Response:
        """Translate a text or several, with scores, alternatives, and where each answer came from."""
        caller = await self._desk.access.caller(request)
        asked = await body_of(request, shapes.ToTranslate)
        texts = [asked.text] if isinstance(asked.text, str) else asked.text
        self._desk.limits.check(texts)
        caller.take(max(0, len(texts) - 1))
        way = await self._way(asked.src, asked.trg, texts, is_html=asked.format == "html")
        request.scope["state"]["noted"].update(n_texts=len(texts), n_characters=sum(map(len, texts)))
        async with while_connected(request):
            if asked.format == "html":
                found = [{"text": text} for text in await self._html(way, texts)]
            else:
                is_close = asked.tokens or asked.words
                options = SearchConfig(n_best=asked.alternatives + 1, token_scores=is_close, attention=is_close)
                translations = await self._translated(way, texts, options)
                found = [_whole(translation, asked.tokens, asked.words) for translation in translations]
        return answer({**way.told(), "translations": found})

    async def stream(self, request: Request) -> Response:
        """Translate a text and send each sentence as soon as it is there, as server-sent events.

        An event `sentence` has its number, the white space before it and what /v1/translate tells of a sentence; the
        event `done` has the whole text. What goes wrong on the way is an event `error`.
        """
        await self._desk.access.caller(request)
        asked = await body_of(request, shapes.ToStream)
        self._desk.limits.check([asked.text])
        way = await self._way(asked.src, asked.trg, [asked.text])
        head = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._events(way, asked.text), 200, head, "text/event-stream")

    async def near(self, request: Request) -> Response:
        """Find corrections whose source is like a text, likest first."""
        await self._desk.access.caller(request)
        asked = await body_of(request, shapes.ToCompare)
        self._desk.limits.check([asked.text])
        src, trg = (meant(code, self._service.languages) for code in (asked.src, asked.trg))
        found = await run_in_threadpool(self._service.near, src, trg, asked.text, asked.n)
        return answer({"near": [{"likeness": near.likeness, **shapes.entry(near.entry)} for near in found]})

    async def add(self, request: Request) -> Response:
        """Keep a correction: it holds at once from who may correct, and waits for approval from others."""
        caller = await self._desk.access.caller(request)
        caller.need(Role.SUGGEST)
        asked = await body_of(request, shapes.ToCorrect)
        self._desk.limits.check([asked.source, asked.target])
        state = "approved" if caller.role >= Role.CORRECT else "pending"
        src, trg = (meant(code, self._service.languages) for code in (asked.src, asked.trg))
        correction = Correction(src, trg, asked.source, asked.target, caller.name, asked.context, state)
        return answer(shapes.entry(await run_in_threadpool(self._service.correct, correction)), 201)

    async def entries(
        self,
        request: Request,
        src: str | None = None,
        trg: str | None = None,
        state: State | None = None,
        after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> Response:
        """List corrections in the order of their numbers, those above `after`."""
        await self._corrector(request)
        memory = self._service.memory
        src, trg = (code and meant(code, self._service.languages) for code in (src, trg))
        found = await run_in_threadpool(memory.entries, src, trg, state, after, limit)
        return answer({"corrections": [shapes.entry(entry) for entry in found]})

    async def edit(self, request: Request, number: Number) -> Response:
        """Change the translation of a correction."""
        await self._corrector(request)
        asked = await body_of(request, shapes.ToEdit)
        self._desk.limits.check([asked.target])
        memory = self._service.memory
        return answer(shapes.entry(await run_in_threadpool(memory.edit, number, asked.target)))

    async def approve(self, request: Request, number: Number) -> Response:
        """Let a suggestion hold from now on."""
        await self._corrector(request)
        return answer(shapes.entry(await run_in_threadpool(self._service.memory.approve, number)))

    async def withdraw(self, request: Request, number: Number) -> Response:
        """Let a correction hold no longer."""
        await self._corrector(request)
        return answer(shapes.entry(await run_in_threadpool(self._service.memory.withdraw, number)))

    async def _corrector(self, request: Request) -> Caller:
        caller = await self._desk.access.caller(request)
        caller.need(Role.CORRECT)
        return caller

    async def _way(self, src: str, trg: str, texts: list[str], *, is_html: bool = False) -> _Way:
        """Return the languages that are meant; for ``"auto"`` the source's is found in ``texts``."""
        trg = meant(trg, self._service.languages)
        if src != AUTO:
            src = meant(src, self._service.languages)
            self._service.served(src, trg)
            return _Way(src, trg)
        found = await self._desk.source_of(texts, trg, is_html=is_html)
        if found.language != trg and (found.language, trg) not in self._service.directions:
            raise UnprocessableError(
                f"the text seems to be in {name_of(found.language)} ({found.language}), which is not translated to "
                f"{name_of(trg)} ({trg}) here; if it is not, name its language"
            )
        return _Way(found.language, trg, found)

    async def _translated(self, way: _Way, texts: list[str], options: SearchConfig | None = None) -> list[Translation]:
        if way.src == way.trg:
            return [Translation(text, text, 0.0, (), (), origin="source") for text in texts]
        return await self._desk.translate(way.src, way.trg, texts, options)

    async def _html(self, way: _Way, texts: list[str]) -> list[str]:
        if way.src == way.trg:
            return texts
        return await self._desk.document(
            way.src, way.trg, lambda translate: [translate_html(text, translate) for text in texts]
        )

    async def _events(self, way: _Way, text: str) -> AsyncIterator[bytes]:
        try:
            parts = []
            for number, segment in enumerate(await self._segments(way, text)):
                translation = (await self._translated(way, [segment.text]))[0]
                parts.append(segment.before + translation.text)
                told = {"number": number, "before": segment.before, **_whole(translation), "src": segment.text}
                yield _event("sentence", told)
            yield _event("done", {**way.told(), "text": "".join(parts)})
        except Exception as error:
            yield b"event: error\ndata: " + bytes(refusal(error).body) + b"\n\n"
            if not isinstance(error, DragomanError):
                raise  # to be noted

    async def _segments(self, way: _Way, text: str) -> list[Segment]:
        """Return the sentences of ``text``, or the whole of it where the memory knows it."""
        known = await run_in_threadpool(self._service.known, way.src, way.trg, [text])
        return [Segment("", text)] if known else await run_in_threadpool(split, text, way.src)


class _Way(NamedTuple):
    """From which language a request translates to which, and what was found of the first where nobody named it. Texts
    that are in the second already stay as they are.
    """

    src: str
    trg: str
    found: Judged | None = None

    def told(self) -> dict[str, Any]:
        """What an answer says of it."""
        found = self.found
        detected = found and {
            "language": found.language,
            "confidence": round(found.confidence, 4),
            "sure": found.is_sure,
        }
        return {"src": self.src, "trg": self.trg, "detected": detected}


def _event(name: str, content: dict[str, Any]) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + to_json(content) + b"\n\n"


def _whole(translation: Translation, tokens: bool = False, by_word: bool = False) -> dict[str, Any]:
    """Return what is told of a translation; with ``tokens``, of its sentences too, and ``by_word``, of its words."""
    told: dict[str, Any] = {
        "text": translation.text,
        "score": translation.score,
        "origin": translation.origin,
        "alternatives": [alternative._asdict() for alternative in translation.alternatives[1:]],
        "unknown": list(translation.unknown),
        "warnings": list(translation.warnings),
        "confidence": translation.confidence,
    }
    if tokens:
        told["sentences"] = [_with_attention(sentence) for sentence in translation.sentences]
    if by_word:
        src, trg, sentences = annotated(translation)
        told["words"] = {
            "src": [word._asdict() for word in src],
            "trg": [word._asdict() for word in trg],
            "sentences": [_with_attention(sentence) for sentence in sentences],
        }
    return told


def _with_attention(part: Sentence | Looks) -> dict[str, Any]:
    attention = part.attention
    return {**part._asdict(), "attention": None if attention is None else attention.astype(float).round(4).tolist()}
