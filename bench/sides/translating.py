"""Dragoman's translation of pairs' sources: many in one call, one alone, and the memory that a serving process holds.

    python -m bench.sides.translating --bundle model --data test.tsv --precision int8

The loading of the bundle is not in the rates.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from dragoman import SearchConfig, Translator, open_pairs
from dragoman.corpus.pairs import Pair, evenly

from ..harness import say
from ..private_memory import private_bytes

N_PASSES = 5
N_ALONE = 200
MIB = 2**20


def read_sample(data: Path, n_pairs: int) -> list[Pair]:
    """Return ``n_pairs`` pairs, spread evenly over ``data``, or all if there are fewer."""
    pairs = list(open_pairs(data, min_pairs=1))
    n_read = min(n_pairs, len(pairs))
    return [pairs[place * len(pairs) // n_read] for place in range(n_read)]


def seconds_of(translator: Translator, texts: Sequence[str], search: SearchConfig) -> float:
    """Return how long it takes to translate ``texts`` in one call."""
    began = perf_counter()
    translator.translate(texts, search)
    return perf_counter() - began


def figures_of(translator: Translator, texts: Sequence[str], search: SearchConfig) -> dict[str, float]:
    """Return sentences a second, milliseconds of one alone, and the private memory after all of them."""
    seconds_of(translator, texts, search)  # warms up
    private_mib = private_bytes(os.getpid()) / MIB
    together = median(seconds_of(translator, texts, search) for _ in range(N_PASSES))
    alone = median(seconds_of(translator, [text], search) for text in evenly(texts, N_ALONE))
    return {"sentences_per_s": len(texts) / together, "sentence_ms": 1000 * alone, "private_mib": private_mib}


def main() -> None:
    """Translate and print the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--bundle", type=Path, required=True)
    options.add_argument("--data", type=Path, required=True, help="pairs, of which the sources are translated")
    options.add_argument("--sentences", type=int, default=2000, help="at most so many of them")
    options.add_argument("--beam", type=int, default=4)
    options.add_argument("--precision", help="int8 or float32, for a model that has both")
    args = options.parse_args()
    texts = [pair.src for pair in read_sample(args.data, args.sentences)]
    began = perf_counter()
    translator = Translator.load(args.bundle, precision=args.precision)
    load_s = perf_counter() - began
    figures = figures_of(translator, texts, SearchConfig(beam=args.beam))
    say({**figures, "load_s": load_s}, {"sentences": str(len(texts)), "beam": str(args.beam)})


if __name__ == "__main__":
    main()
