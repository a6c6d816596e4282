"""Which words of translations no dictionary of the language has, nor their source.

    python -m bench.invented es newstest2009.en newstest2009.es ours.txt apertium.txt --words 20

takes the language, the sources, the references and files of translations, a text a line. Needs ``dragoman[spelling]``
and a Hunspell dictionary, such as Debian's ``hunspell-es``.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from dragoman.invention import dictionary, invented, invented_words


def main() -> None:
    """Print a line for each file of translations."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("trg", help="code of the target language")
    options.add_argument("srcs", type=Path)
    options.add_argument("refs", type=Path)
    options.add_argument("hyps", type=Path, nargs="*")
    options.add_argument(
        "--words", type=int, default=0, metavar="N", help="print the N most frequent ones of each file"
    )
    given = options.parse_args()
    known = dictionary(given.trg)
    if known is None:
        sys.exit(f"bench: no Hunspell dictionary of {given.trg} is installed, or dragoman[spelling] is not")
    srcs, refs = (_lines(path) for path in (given.srcs, given.refs))
    for path in given.hyps or [given.refs]:
        hyps = _lines(path)
        if not len(srcs) == len(refs) == len(hyps):
            sys.exit(f"bench: {len(srcs)} sources, {len(refs)} references, {path} has {len(hyps)} lines")
        print(f"{path.name}: {invented_words(srcs, hyps, refs, known)}")
        counts = Counter(word for src, hyp in zip(srcs, hyps, strict=True) for word in invented(hyp, src, known))
        for word, n in counts.most_common(given.words):
            print(f"    {word} {n}")


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").removesuffix("\n").split("\n")


if __name__ == "__main__":
    main()
