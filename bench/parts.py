"""The parts of a corpus for both sides of a comparison, and the subwords that both use.

    python -m bench.parts --data spa.txt --out FOLDER

Writes train.tsv, dev.tsv and test.tsv, cleaned and split without leaks as ``dragoman train`` does it, and a
SentencePiece model of both sides of the training part.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from dragoman.corpus import open_pairs
from dragoman.corpus.preparation import prepare
from dragoman.corpus.store import StoredPairs
from dragoman.corpus.tsv import write_pairs
from dragoman.vocabulary.subwords import SubwordVocabulary

PARTS = ("train", "dev", "test")
SUBWORDS = "subwords.model"


def write_parts(
    data: str | Path, folder: Path, *, seed: int = 0, limit: int | None = None, reverse: bool = False
) -> StoredPairs:
    """Write the parts of ``data`` to ``folder`` as tab-separated files and return the training part."""
    store = prepare(open_pairs(data, limit=limit, reverse=reverse), folder / "store", seed=seed)
    for part in PARTS:
        write_pairs(store.part(part), folder / f"{part}.tsv")
    return store.part("train")


def train_subwords(texts: Iterable[str], file: Path, size: int) -> None:
    """Train ``size`` subwords on ``texts``, with bytes for what they do not spell, and write the model to ``file``."""
    file.write_bytes(SubwordVocabulary.train(texts, size=size).model)


def main() -> None:
    """Write the parts and the subwords."""
    options = argparse.ArgumentParser(prog="python -m bench.parts", description="The parts of a corpus, and subwords.")
    options.add_argument("--data", type=Path, required=True, help="tab-separated pairs, such as spa.txt")
    options.add_argument("--out", type=Path, required=True, help="the folder for the parts")
    options.add_argument("--limit", type=int, help="take the first so many pairs")
    options.add_argument("--seed", type=int, default=0, help="of the split")
    options.add_argument("--subwords", type=int, default=4000, help="subwords of both sides together")
    args = options.parse_args()
    train = write_parts(args.data, args.out, seed=args.seed, limit=args.limit)
    texts = (text for pair in train for text in (pair.src, pair.trg))
    train_subwords(texts, args.out / SUBWORDS, args.subwords)


if __name__ == "__main__":
    main()
