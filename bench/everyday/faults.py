"""Of sentences by their length: scores, repeats, omissions; and the words that are made up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dragoman.documents.words import spoken
from dragoman.invention import dictionary, invented_words
from dragoman.loops import loop_begin
from dragoman.metrics import corpus_values, lengths
from dragoman.report import Invented

BOUNDS = (1, 11, 21, 31, 41, 61)
"""Units of the source with which a class begins."""
SHORT = 0.6
"""A translation with fewer words than this share of its reference's leaves something out."""


class OfLength(NamedTuple):
    """Translations of ``n`` sources of ``units`` words, or characters: scores, how many words they have for one of the
    references, and how many repeat themselves or leave something out.
    """

    units: str
    n: int
    bleu: float
    chrf: float
    ratio: float
    n_repeats: int
    n_omissions: int


def by_length(
    srcs: Sequence[str], refs: Sequence[str], hyps: Sequence[str], languages: tuple[str, str]
) -> list[OfLength]:
    """Return what each class of lengths comes to, and all together at the end."""
    n_units = lengths(srcs, languages[0])
    classes = [
        (
            f"{low}+" if high is None else f"{low} to {high - 1}",
            [i for i, n in enumerate(n_units) if low <= n < (high or n + 1)],
        )
        for low, high in zip(BOUNDS, (*BOUNDS[1:], None), strict=True)
    ]
    classes.append(("all", list(range(len(srcs)))))
    return [
        _of(units, *([texts[i] for i in places] for texts in (srcs, refs, hyps)), trg=languages[1])
        for units, places in classes
        if places
    ]


def _of(units: str, srcs: list[str], refs: list[str], hyps: list[str], *, trg: str) -> OfLength:
    values = corpus_values(hyps, refs, trg=trg)
    said, meant, given = ([spoken(text) for text in texts] for texts in (hyps, refs, srcs))
    return OfLength(
        units,
        len(srcs),
        values["BLEU"],
        values["chrF2"],
        sum(map(len, said)) / max(1, sum(map(len, meant))),
        sum(loop_begin(words, of) is not None for words, of in zip(said, given, strict=True)),
        sum(len(words) < SHORT * len(ref) for words, ref in zip(said, meant, strict=True)),
    )


def made_up(srcs: Sequence[str], refs: Sequence[str], hyps: Sequence[str], trg: str) -> Invented | None:
    """Return the share of invented words, or None where no dictionary of ``trg`` is installed."""
    known = dictionary(trg)
    return None if known is None else invented_words(srcs, hyps, refs, known)
