"""What a running translator offers, to whoever asks: translations with what the memory knows, corrections, suggestions,
near matches, and the language of a text.

It knows nothing of HTTP, and nothing here fits a model. Its methods block: a server calls them from its threads.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .config import SearchConfig
from .detection import Detector, Judged
from .errors import MemoryUnavailableError, NotFoundError, UnprocessableError, UsageError
from .translation import Translation
from .translator import Translator

if TYPE_CHECKING:
    from .memory import Correction, Entry, Memory, Near

log = logging.getLogger(__name__)

WARMING = ["a", "1 2 3.", "A b c d e f g h."]
"""Texts of several lengths, which mean nothing in any language."""

NO_MEMORY = "this server has no memory of corrections; start it with --memory"

Direction = tuple[str, str]
"""The codes of the source's language and of the target's."""


@dataclass(frozen=True)
class Served:
    """A translator in its direction, and the folder that it came from."""

    translator: Translator
    path: Path | None = None

    @property
    def direction(self) -> Direction:
        """The codes of the source's language and of the target's."""
        return self.translator.src, self.translator.trg

    @property
    def model(self) -> str:
        """The name under which the bundle is served: that of its folder; empty where it came from none."""
        return self.path.absolute().name if self.path else ""


def load(paths: Iterable[Path], precision: str | None = None) -> list[Served]:
    """Return the translators of the bundles in the folders ``paths``, one a direction; those of one bundle share its
    engine.
    """
    served = []
    for path in paths:
        first = Translator.load(path, precision=precision)
        assert first.bundle is not None
        others = [first.reversed()] if first.bundle.both else []
        served += [Served(warm(translator), path) for translator in (first, *others)]
    return served


def warm(translator: Translator) -> Translator:
    """Return ``translator`` when it has translated something: what a first text costs beyond others is paid."""
    translator.translate(WARMING, SearchConfig())
    return translator


class Service:
    """The translators that are served, each in its direction, over one ``memory`` of corrections or none.

    Two of one direction, and two bundles of one name, are a `UsageError`. Threads may share a service. Where the memory
    cannot be reached, ``memory_error`` says so, and translation goes on without it until `check_memory` finds it again:
    an attempt may take as long as a lock is waited for. What needs the memory is a `MemoryUnavailableError`.
    """

    def __init__(self, served: Iterable[Served], memory: Memory | None = None) -> None:
        self._served: dict[Direction, Served] = {}
        self._detector: Detector | None = None
        self._memory = memory
        self.memory_error = ""
        self.add(served)

    def add(self, served: Iterable[Served]) -> None:
        """Serve these too, all of them or none."""
        directions = dict(self._served)
        for one in served:
            other = directions.setdefault(one.direction, one)
            if other is not one:
                direction = "-".join(one.direction)
                raise UsageError(f"{other.path} and {one.path} both translate {direction}; serve one of them")
        paths = {one.model: one.path for one in directions.values()}
        for one in directions.values():
            if one.path != paths[one.model]:
                raise UsageError(f"{one.path} and {paths[one.model]} have the same name; give one of them another")
        self._served = directions
        self._detector = None

    @property
    def directions(self) -> list[Direction]:
        """The directions served, in the order in which their bundles were named."""
        return list(self._served)

    @property
    def languages(self) -> list[str]:
        """The codes of all languages served, sources first."""
        return list(dict.fromkeys(code for codes in zip(*self._served, strict=True) for code in codes))

    def served(self, src: str, trg: str) -> Served:
        """Return what translates from ``src`` to ``trg``; a direction that is not served is a `NotFoundError`."""
        try:
            return self._served[src, trg]
        except KeyError:
            known = ", ".join("-".join(direction) for direction in self._served)
            if not known:
                raise NotFoundError("no translator is served yet; train one first") from None
            raise NotFoundError(f"served are {known}, not {src[:40]}-{trg[:40]}; choose one of these") from None

    @property
    def models(self) -> dict[str, list[Served]]:
        """What is served of each bundle, by its name."""
        models: dict[str, list[Served]] = {}
        for served in self._served.values():
            models.setdefault(served.model, []).append(served)
        return models

    def replace(self, served: Served) -> None:
        """Serve ``served`` from now on in its direction; what is being translated is finished by the one before."""
        self._served = {**self._served, served.direction: served}

    def translate(
        self, src: str, trg: str, texts: Sequence[str], options: SearchConfig | None = None
    ) -> list[Translation]:
        """Return the translation of each text, in order: from the memory where it knows a text or a sentence of it."""
        translator = self.served(src, trg).translator
        return translator.translate(texts, options, self._known(src, trg))

    def known(self, src: str, trg: str, texts: Sequence[str]) -> Mapping[str, str]:
        """Return the translations that the memory has for whole texts, without searching for others."""
        known = self._known(src, trg)
        return known(texts) if known else {}

    def detect(self, text: str) -> list[tuple[str, float]]:
        """Return the languages of ``text`` among those served, with confidences from 0 to 1, best first; before them
        another one that it is surely in.
        """
        detector = self._detector_of_all()
        other = detector.elsewhere(text)
        return [*([other[:2]] if other else []), *detector.detect(text)]

    def source_of(self, texts: Sequence[str], trg: str) -> Judged:
        """Return the language that ``texts`` are taken to be in where they are to be translated into ``trg``.

        This is the one rule for texts whose language nobody names. A text that is surely in ``trg`` is in ``trg``, and
        needs no translation. One that is surely in a language that is not translated into ``trg`` is in that language.
        Of all others it is assumed that they can be translated: they are in the likeliest language of which that is so.
        A language that is not served is an `UnprocessableError`.
        """
        if trg not in self.languages:
            raise UnprocessableError(f"nothing is translated to {trg[:40]!r} here; /languages says what is")
        others = [code for code in self.languages if code != trg]
        sources = [src for src in others if (src, trg) in self._served] or others
        return self._detector_of_all().judge("\n".join(texts), sources, trg)

    def correct(self, correction: Correction) -> Entry:
        """Keep ``correction``, which is of a direction served, and return it as it stands in the memory."""
        self.served(correction.src, correction.trg)
        return self.memory.add(correction)

    def near(self, src: str, trg: str, text: str, n: int) -> list[Near]:
        """Return up to ``n`` entries of the memory whose source is like ``text``, likest first."""
        self.served(src, trg)
        return self.memory.near(src, trg, text, n)

    @property
    def has_memory(self) -> bool:
        """Whether there is a memory, reachable or not."""
        return self._memory is not None

    @property
    def memory(self) -> Memory:
        """The memory; without one, a `MemoryUnavailableError`."""
        if self._memory is None:
            raise MemoryUnavailableError(NO_MEMORY)
        return self._memory

    def check_memory(self) -> None:
        """Try the memory, if there is one, and set ``memory_error``."""
        if self._memory is None:
            return
        try:
            self._memory.check()
        except MemoryUnavailableError as error:
            self._set_aside(error)
        else:
            self.memory_error = ""

    def _detector_of_all(self) -> Detector:
        if self._detector is None:  # its tables take a second to load
            self._detector = Detector(self.languages)
        return self._detector

    def _known(self, src: str, trg: str) -> Callable[[Sequence[str]], Mapping[str, str]] | None:
        if self._memory is None:
            return None
        known = self._memory.known(src, trg)

        def ask(texts: Sequence[str]) -> Mapping[str, str]:
            if self.memory_error:
                return {}
            try:
                return known(texts)
            except MemoryUnavailableError as error:
                self._set_aside(error)
                return {}

        return ask

    def _set_aside(self, error: MemoryUnavailableError) -> None:
        if not self.memory_error:
            log.warning("translating without the memory: %s", error)
        self.memory_error = str(error)
