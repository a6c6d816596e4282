"""What int8 costs: the same bundle in both precisions on the same pairs, by BLEU and chrF.

python -m bench.sides.precisions --bundle model --data test.tsv
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from dragoman import SearchConfig, Translator
from dragoman.config import PRECISIONS
from dragoman.metrics import corpus_values

from ..harness import say
from .translating import read_sample


def differences(int8: Sequence[str], float32: Sequence[str], refs: Sequence[str], *, trg: str) -> dict[str, float]:
    """Return the BLEU and chrF of both, how far int8 stands below float32, and the share of sentences that differ."""
    ours, exact = corpus_values(int8, refs, trg=trg), corpus_values(float32, refs, trg=trg)
    figures: dict[str, float] = {}
    for name, key in (("bleu", "BLEU"), ("chrf", "chrF2")):
        figures |= {f"int8_{name}": ours[key], f"float32_{name}": exact[key], f"{name}_loss": exact[key] - ours[key]}
    n_changed = sum(a != b for a, b in zip(int8, float32, strict=True))
    return {**figures, "changed_share": n_changed / len(refs)}


def main() -> None:
    """Translate in both precisions and print the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--bundle", type=Path, required=True)
    options.add_argument("--data", type=Path, required=True, help="pairs that the bundle was not trained on")
    options.add_argument("--sentences", type=int, default=2000, help="at most so many of them")
    options.add_argument("--beam", type=int, default=4)
    args = options.parse_args()
    pairs = read_sample(args.data, args.sentences)
    hyps: dict[str, list[str]] = {}
    for precision in PRECISIONS:
        translator = Translator.load(args.bundle, precision=precision)
        translations = translator.translate([pair.src for pair in pairs], SearchConfig(beam=args.beam))
        hyps[precision] = [translation.text for translation in translations]
    figures = differences(hyps["int8"], hyps["float32"], [pair.trg for pair in pairs], trg=translator.trg)
    say(figures, {"sentences": str(len(pairs)), "beam": str(args.beam)})


if __name__ == "__main__":
    main()
