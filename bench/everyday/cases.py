"""The cases of a file, and how much of a translation is right."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent

NEGATION = {"es": re.compile(r"\b(no|nunca|jamás|nadie|ning[uú]n\w*|nada|tampoco|sin|ni)\b", re.IGNORECASE)}
"""What shows by language that a sentence denies something."""

_MARKS = " \t.,;:!?¡¿…\"'“”«»„()[]。、！？「」　"


class Case(NamedTuple):
    """A source, and what must stand in its translation: strings with ``|`` and ``~`` between them."""

    name: str
    src: str
    must: str


class Judged(NamedTuple):
    """Of ``n`` things that must be so, ``kept`` are."""

    kept: int
    n: int

    @property
    def is_right(self) -> bool:
        """Whether all are."""
        return self.kept == self.n


class File(NamedTuple):
    """The cases of a ``kind`` in one direction."""

    kind: str
    src: str
    trg: str
    cases: list[Case]

    def judge(self, case: Case, hyp: str) -> Judged:
        """Return how much of the translation ``hyp`` of ``case`` is right."""
        return JUDGES[self.kind](case, hyp, self.trg)


def files() -> list[File]:
    """Return all files of this folder, by kind and languages."""
    found = []
    for path in sorted(FOLDER.glob("*.tsv")):
        kind, languages, _ = path.name.split(".")
        src, trg = languages.split("-")
        rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
        found.append(File(kind, src, trg, [Case(row[0], row[1], "".join(row[2:])) for row in rows]))
    return found


def strings(case: Case, hyp: str, trg: str) -> Judged:
    """Count the strings that stand in ``hyp``, or with ``!`` do not."""
    keys = case.must.split("|")
    return Judged(sum(holds(key, hyp) for key in keys), len(keys))


def holds(key: str, hyp: str) -> bool:
    """Tell whether ``hyp`` has one of the strings of ``key``, or not the one after its ``!``."""
    if key.startswith("!"):
        return key[1:] not in hyp
    return any(_stands(one, hyp) for one in key.split("~"))


def _stands(one: str, hyp: str) -> bool:
    before, after = (r"(?<!\d)" if one[0].isdigit() else "", r"(?!\d)" if one[-1].isdigit() else "")
    return re.search(before + re.escape(one) + after, hyp) is not None


def answer(case: Case, hyp: str, trg: str) -> Judged:
    """Tell whether ``hyp`` is one of the answers."""
    answers = {_bare(one) for one in case.must.split("~")}
    return Judged(_bare(hyp) in answers, 1)


def _bare(text: str) -> str:
    return " ".join(text.casefold().strip(_MARKS).split())


def denial(case: Case, hyp: str, trg: str) -> Judged:
    """Tell whether ``hyp`` denies something."""
    return Judged(NEGATION[trg].search(hyp) is not None, 1)


JUDGES: dict[str, Callable[[Case, str, str], Judged]] = {
    "survive": strings, "marks": strings, "phrases": answer, "negation": denial,
}  # fmt: skip
