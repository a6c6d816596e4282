"""The folder in which JoeyNMT works, filled with what it reads."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from sentencepiece import SentencePieceProcessor

from .config import SPECIALS, Places


def prepare(parts: Path, subwords: Path, places: Places, at_most: Mapping[str, int]) -> None:
    """Write what JoeyNMT reads to its folder; of a part in ``at_most`` so many pairs, spread evenly over it."""
    shutil.copyfile(subwords, places.subwords)
    places.vocabulary.write_text("\n".join(pieces(subwords)) + "\n", "utf-8")
    for part in ("train", "dev", "test"):
        rows = list(rows_of(parts / f"{part}.tsv"))
        n_read = min(at_most.get(part, len(rows)), len(rows))  # a file may hold its short sentences first
        rows = [rows[place * len(rows) // n_read] for place in range(n_read)]
        for side, texts in zip(("src", "trg"), zip(*rows, strict=True), strict=True):
            places.side(part, side).write_text("\n".join(texts) + "\n", "utf-8")


def rows_of(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the two sides of each line of a tab-separated file; JoeyNMT ends a line at any separator of Unicode."""
    with file.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            src, trg = (" ".join(text.split()) for text in line.split("\t")[:2])
            yield src, trg


def pieces(subwords: Path) -> list[str]:
    """Return the subwords of a SentencePiece model for JoeyNMT's vocabulary, its special symbols first."""
    model = SentencePieceProcessor(model_file=str(subwords))
    ids = range(model.get_piece_size())
    return [*SPECIALS, *(model.id_to_piece(i) for i in ids if not (model.is_control(i) or model.is_unknown(i)))]
