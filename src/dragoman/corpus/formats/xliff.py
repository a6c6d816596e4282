"""XLIFF 1.2 and 2.x, the exchange format of translation jobs, also as Trados and memoQ write it: read as a stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from ..languages import code_or_name
from ..lines import Source
from ..units import NOT_TO_TRANSLATE, NOT_TRANSLATED, UNFINISHED, LeftOut, Segment, Unit
from .inline_codes import contents, resolve
from .xml_stream import LANGUAGE, Kind, child, local_name, read_elements

XLIFF = Kind("XLIFF", roots={"xliff"}, units={"trans-unit", "unit"})

_UNFINISHED = frozenset(
    (
        # XLIFF 1.2: state, and where a suggestion is from (state-qualifier); 2.x: state
        *("new", "needs-translation", "needs-adaptation", "needs-l10n"),
        *("needs-review-translation", "needs-review-adaptation", "needs-review-l10n"),
        *("fuzzy-match", "leveraged-mt", "mt-suggestion"),
        *("rejected-grammar", "rejected-inaccurate", "rejected-length", "rejected-spelling"),
        "initial",
        # Trados: conf
        *("Draft", "Unspecified", "RejectedTranslation", "RejectedSignOff"),
        # memoQ: status
        *("NotStarted", "PartiallyEdited", "MachineTranslated", "Rejected"),
    )
)


class _Part(NamedTuple):
    """What is translated as one: a source and its target, with the states that are told of it."""

    source: etree._Element | None
    target: etree._Element | None
    states: tuple[str | None, ...]


def read_xliff(source: Source) -> Iterator[Unit | LeftOut]:
    """Yield the units of ``source``, one for each segment where a unit has several; source first, then target.

    What has no target, is not to be translated or by its state not finished is left out, as are other suggestions
    (``alt-trans``). Raises the errors of `read_elements`.
    """
    for number, element in enumerate(read_elements(source, XLIFF), start=1):
        place = f"{source.name}, unit {number}"
        if _is_fixed(element):
            yield LeftOut(NOT_TO_TRANSLATE, place, fault=False)
            continue
        languages, note = _languages(element), _note(element)
        data = {one.get("id", ""): one.text or "" for one in element.iterfind("{*}originalData/{*}data")}
        for part in _parts_1(element) if local_name(element) == "trans-unit" else _parts_2(element):
            if part.target is None or part.source is None or not _has_text(part.target):
                yield LeftOut(NOT_TRANSLATED, place, fault=False)
            elif state := next((state for state in part.states if state in _UNFINISHED), None):
                yield LeftOut(UNFINISHED, place, fault=False, detail=state)
            else:
                yield Unit(source.name, number, _segments(part.source, part.target, languages, data), note=note)


def _segments(
    source: etree._Element, target: etree._Element, languages: tuple[str, str], data: Mapping[str, str]
) -> tuple[Segment, Segment]:
    # A code that the target only refers to holds what it holds in the source.
    data = {**data, **contents(source, data)} if len(source) else data
    return Segment(languages[0], *resolve(source, data)), Segment(languages[1], *resolve(target, data))


def _languages(element: etree._Element) -> tuple[str, str]:
    src = trg = None
    for above in element.iterancestors():
        src = src or above.get("source-language") or above.get("srcLang")
        trg = trg or above.get("target-language") or above.get("trgLang")
    for name in ("source", "target"):
        side = child(element, name)
        if side is not None and (own := side.get(LANGUAGE)):
            src, trg = (own, trg) if name == "source" else (src, own)
    return code_or_name(src or ""), code_or_name(trg or "")


def _is_fixed(element: etree._Element) -> bool:
    """Tell whether ``element`` or the nearest above it that says so is not to be translated."""
    for one in (element, *element.iterancestors()):
        if (said := one.get("translate")) is not None:
            return said == "no"
    return False


def _note(element: etree._Element) -> str:
    notes = (note for note in element.iter("{*}note"))
    return next((note.text for note in notes if note.text), "")


def _parts_1(unit: etree._Element) -> Iterator[_Part]:
    source, target, cut = (child(unit, name) for name in ("source", "target", "seg-source"))
    states: tuple[str | None, ...] = (_attribute(unit, "status"),)
    if target is not None and unit.get("approved") != "yes":
        states = *states, target.get("state"), target.get("state-qualifier")
    sources, targets = _marked(cut), _marked(target)
    if not (sources and targets):
        yield _Part(source, target, states)
        return
    confirmed = {one.get("id"): one.get("conf", "Unspecified") for one in unit.iterfind("{*}seg-defs/{*}seg")}
    for mid, one in sources.items():
        yield _Part(one, targets.get(mid), (*states, confirmed.get(mid)))


def _marked(side: etree._Element | None) -> dict[str, etree._Element]:
    """The segments that are marked in ``side``, by their number."""
    if side is None or not len(side):
        return {}
    return {mark.get("mid", ""): mark for mark in side.iter("{*}mrk") if mark.get("mtype") == "seg"}


def _parts_2(unit: etree._Element) -> Iterator[_Part]:
    for segment in unit.iterchildren("{*}segment"):
        yield _Part(child(segment, "source"), child(segment, "target"), (segment.get("state"),))


def _attribute(element: etree._Element, name: str) -> str | None:
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), None)


def _has_text(element: etree._Element) -> bool:
    return any(not text.isspace() for text in element.itertext() if text)
