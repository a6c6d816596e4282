"""What a training would make of a corpus, before anybody waits for it: what is read and dropped, the first pairs."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import CorpusError
from .cleaning import Cleaner
from .reader import PairReader


@dataclass(frozen=True)
class Overview:
    """What is to be known of a corpus.

    Attributes:
        n_read: good pairs.
        n_pairs: those that cleaning leaves.
        dropped: how many it drops, by reason.
        bad_rows: rows that are no pair.
        first_bad: what is wrong with the first of them.
        examples: the sides of the first pairs left, as many as were asked for.
        src_length, trg_length: mean length of either side of the pairs left, in characters.
    """

    n_read: int
    n_pairs: int
    dropped: dict[str, int]
    bad_rows: int
    first_bad: str | None
    examples: tuple[tuple[str, str], ...]
    src_length: float
    trg_length: float


def overview(reader: PairReader, n_examples: int) -> Overview:
    """Return what is to be known of the pairs of ``reader``; memory holds a hash of each.

    Raises `CorpusError` where no pair is left, and what reading raises.
    """
    cleaner = Cleaner()
    examples: list[tuple[str, str]] = []
    n_src = n_trg = 0
    for src, trg, _ in cleaner(reader):
        n_src, n_trg = n_src + len(src), n_trg + len(trg)
        if len(examples) < n_examples:
            examples.append((src, trg))
    report = cleaner.report
    if not report.n_kept:
        raise CorpusError(f"{reader.name}: cleaning {report}: there is nothing to train on (add pairs)")
    return Overview(
        n_read=report.n_read,
        n_pairs=report.n_kept,
        dropped=report.dropped,
        bad_rows=reader.n_bad,
        first_bad=reader.bad_rows[0] if reader.bad_rows else None,
        examples=tuple(examples),
        src_length=n_src / report.n_kept,
        trg_length=n_trg / report.n_kept,
    )
