"""A bundle's translations of the test part of a folder, which must be the test part of its own training.

python -m bench.sides.test_part --bundle model --parts FOLDER --out test.json
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from dragoman import SearchConfig, Translator, open_pairs
from dragoman.evaluation import pairs_hash

from ..harness import say


def main() -> None:
    """Translate and write the translations as a JSON list; another training part than the bundle's is an error."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--bundle", type=Path, required=True)
    options.add_argument("--parts", type=Path, required=True, help="a folder with train.tsv and test.tsv")
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--beam", type=int, default=4)
    args = options.parse_args()
    translator = Translator.load(args.bundle)
    known, given = (list(pairs) for pairs in (translator.training_pairs() or (), open_pairs(args.parts / "train.tsv")))
    if pairs_hash(known) != pairs_hash(given):
        sys.exit(f"{args.bundle}: trained on {len(known)} other pairs than the {len(given)} of {args.parts}")
    srcs = [pair.src for pair in open_pairs(args.parts / "test.tsv", min_pairs=1)]
    hyps = [translation.text for translation in translator.stream(srcs, SearchConfig(beam=args.beam))]
    args.out.write_text(json.dumps(hyps, ensure_ascii=False) + "\n", "utf-8")
    say({"sentences": len(hyps)}, {"beam": str(args.beam)})


if __name__ == "__main__":
    main()
