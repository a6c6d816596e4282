"""Sentences as people write them: in capitals, without marks, with other quotes: what that costs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sacrebleu.metrics.chrf import CHRF

Translate = Callable[[Sequence[str]], list[str]]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_FINAL = re.compile(r"[.!?…]+$")


def _title(text: str) -> str:
    return _WORD.sub(lambda word: word[0][0].upper() + word[0][1:], text)


def _typographic(text: str) -> str:
    text = re.sub(r'(^|[\s(])"', r"\1“", text)
    return text.replace('"', "”").replace("'", "’").replace(" - ", " – ").replace("-", "\N{HYPHEN}")


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")


WRITINGS: dict[str, Callable[[str], str]] = {
    "CAPITALS": str.upper,
    "small letters": str.lower,
    "Title Case": _title,
    "no final mark": lambda text: _FINAL.sub("", text),
    "final mark twice": lambda text: _FINAL.sub(lambda mark: 2 * mark[0], text),
    "typographic": _typographic,
    "no-break spaces": lambda text: text.replace(" ", "\N{NO-BREAK SPACE}"),
    "no apostrophes": lambda text: re.sub("['’]", "", text),
    "no accents": _without_accents,
}


class Cost(NamedTuple):
    """chrF without case of the ``n`` sentences that a writing changes, as they are and as it writes them.

    Where it changes final marks, marks at either end do not count.
    """

    writing: str
    n: int
    plain: float
    written: float


def costs(srcs: Sequence[str], refs: Sequence[str], hyps: Sequence[str], translate: Translate) -> list[Cost]:
    """Return what each writing costs; ``hyps`` are the translations of the sentences as they are."""
    found = []
    for name, write in WRITINGS.items():
        places = [place for place, src in enumerate(srcs) if write(src) not in ("", src)]
        if places:
            said = translate([write(srcs[place]) for place in places])
            plain, of = ([texts[place] for place in places] for texts in (hyps, refs))
            if "final mark" in name:
                said, plain, of = ([text.strip(".!?…¿¡ ") for text in texts] for texts in (said, plain, of))
            found.append(Cost(name, len(places), _chrf(plain, of), _chrf(said, of)))
    return found


def _chrf(hyps: Sequence[str], refs: Sequence[str]) -> float:
    return float(CHRF(lowercase=True).corpus_score(list(hyps), [list(refs)]).score)
