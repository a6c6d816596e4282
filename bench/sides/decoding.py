"""Dragoman's decoding of a file of sentences, greedily: all at once, and one by one.

python -m bench.sides.decoding --bundle model --sentences dev.txt
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import median
from time import perf_counter

from dragoman import SearchConfig, Translator

from ..harness import say

N_PASSES = 3
N_ALONE = 200


def seconds_of(translator: Translator, texts: list[str]) -> float:
    """Return how long it takes to translate ``texts`` in one call."""
    began = perf_counter()
    translator.translate(texts)
    return perf_counter() - began


def as_decoded(translator: Translator, texts: list[str]) -> list[str]:
    """Return the translations that greedy search finds, as they are before a translator cuts what repeats itself."""
    src_ids = [translator.src_vocabulary.encode(text) for text in texts]
    found = translator.engine.translate(src_ids, SearchConfig(beam=1))
    return [translator.trg_vocabulary.decode(hypotheses[0].ids) for hypotheses in found]


def main() -> None:
    """Translate and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bundle", type=Path, required=True)
    options.add_argument("--sentences", type=Path, required=True)
    options.add_argument("--decode", type=int, default=20, help="so many translations are shown, to be compared")
    args = options.parse_args()
    sentences = args.sentences.read_text("utf-8").splitlines()
    sample = sentences[:: max(1, len(sentences) // args.decode)][: args.decode]
    translator = Translator.load(args.bundle)
    shown = as_decoded(translator, sample)  # warms up, too
    together = median(seconds_of(translator, sentences) for _ in range(N_PASSES))
    alone = median(seconds_of(translator, [text]) for text in sentences[:: max(1, len(sentences) // N_ALONE)])
    figures = {"sentences_per_s": len(sentences) / together, "sentence_ms": 1000 * alone}
    say(figures, {"sentences": str(len(sentences)), "translations": "\n".join(shown)})


if __name__ == "__main__":
    main()
