"""Damages a share of good pairs, in each of the ways that corpora are damaged, and measures what the filter finds.

    python -m bench.damage spa.txt --foreign fra.txt por.tsv
    python -m bench.damage spa.txt --foreign fra.txt --write damaged.tsv

The first prints precision and recall for each kind and for all of them together, each with --share of the pairs
damaged; what is dropped of the corpus as it is stands in the row "none". The second writes a file of pairs for a
training, with what was done to each damaged pair in the third column.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from dragoman.checking.damage import Filter
from dragoman.corpus.pairs import Origin, Pair

Damage = Callable[[int, Sequence[Pair], random.Random], "tuple[str, str] | None"]

MARKUP = re.compile(r"<[^<>]+>|``[^`]+``|:[\w:]+:`[^`]+`|`[^`]+`_*|%\(?\w*\)?[sd]|\{\w*\}")


def _words(text: str) -> tuple[list[str], str]:
    return (text.split(), " ") if " " in text else (list(text), "")


def shuffled(place: int, pairs: Sequence[Pair], chance: random.Random) -> tuple[str, str] | None:
    """The translation of any other pair."""
    return pairs[place].src, chance.choice(pairs).trg


def shifted(place: int, pairs: Sequence[Pair], chance: random.Random) -> tuple[str, str] | None:
    """The translation of the line before."""
    src, trg = pairs[place].src, pairs[place - 1].trg
    return (src, trg) if pairs[place - 1].src != src and trg != pairs[place].trg else None


def swapped(place: int, pairs: Sequence[Pair], chance: random.Random) -> tuple[str, str] | None:
    """Source and target changed over."""
    return pairs[place].trg, pairs[place].src


def copied(place: int, pairs: Sequence[Pair], chance: random.Random) -> tuple[str, str] | None:
    """The same text on both sides."""
    text = chance.choice(pairs[place][:2])
    return text, text


def mojibake(place: int, pairs: Sequence[Pair], chance: random.Random) -> tuple[str, str] | None:
    """The UTF-8 of the target read as a code page."""
    src, trg, _ = pairs[place]
    return (src, trg.encode().decode("cp1252", "replace")) if not trg.isascii() else None


def numbers(place: int, pairs: Sequence[Pair], chance: random.Random) -> tuple[str, str] | None:
    """Other digits in the target."""
    src, trg, _ = pairs[place]
    if not (re.search(r"\d", src) and re.search(r"\d", trg)):
        return None
    while (changed := re.sub(r"[0-9]", lambda _: str(chance.randrange(10)), trg)) == trg:
        if not re.search(r"[0-9]", trg):
            return None
    return src, changed


def markup(place: int, pairs: Sequence[Pair], chance: random.Random) -> tuple[str, str] | None:
    """A target without its marks, or with one that its source has not."""
    src, trg, _ = pairs[place]
    if MARKUP.search(src) and MARKUP.search(trg):
        bare = " ".join(MARKUP.sub(" ", trg).split())
        return (src, bare) if bare else None
    words, space = _words(trg)
    at = chance.randrange(len(words))
    words[at] = chance.choice(["<b>{}</b>", "{} %s", "{{name}} {}", "<br/>{}"]).format(words[at])
    return src, space.join(words)


def truncated(place: int, pairs: Sequence[Pair], chance: random.Random) -> tuple[str, str] | None:
    """The first half of a side."""
    src, trg, _ = pairs[place]
    which = chance.random() < 0.7
    words, space = _words(trg if which else src)
    if len(words) < 4:
        return None
    half = space.join(words[: len(words) // 2])
    return (src, half) if which else (half, trg)


def salad(place: int, pairs: Sequence[Pair], chance: random.Random) -> tuple[str, str] | None:
    """The words of the target in any order."""
    src, trg, _ = pairs[place]
    words, space = _words(trg)
    mixed = space.join(chance.sample(words, len(words)))
    return (src, mixed) if len(words) >= 4 and mixed != trg else None


def repeated(place: int, pairs: Sequence[Pair], chance: random.Random) -> tuple[str, str] | None:
    """A word of the target over and over."""
    src, trg, _ = pairs[place]
    words, space = _words(trg)
    at = chance.randrange(len(words))
    return src, space.join([*words[:at], *[words[at]] * chance.randrange(4, 12)])


def foreign(texts: Sequence[str]) -> Damage:
    """A side in another language, from ``texts``, of about the same length."""

    def other_language(place: int, pairs: Sequence[Pair], chance: random.Random) -> tuple[str, str] | None:
        src, trg, _ = pairs[place]
        text = min((chance.choice(texts) for _ in range(8)), key=lambda text: abs(len(text) - len(trg)))
        return (src, text) if chance.random() < 0.7 else (text, trg)

    return other_language


KINDS: dict[str, Damage] = {
    "swapped": swapped, "copied": copied, "mojibake": mojibake, "shuffled": shuffled, "shifted": shifted,
    "numbers": numbers, "markup": markup, "truncated": truncated, "salad": salad, "repeated": repeated,
}  # fmt: skip


def damaged(
    pairs: Sequence[Pair], kinds: dict[str, Damage], share: float, seed: int
) -> tuple[list[Pair], dict[int, str]]:
    """Return the pairs, a ``share`` of them damaged, as many in each of the ``kinds`` as there can be; and by its place
    what was done to each of these.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret hangs on it
    places = chance.sample(range(len(pairs)), len(pairs))
    done: dict[int, str] = {}
    made = list(pairs)
    for name, damage in kinds.items():
        left = int(share * len(pairs) / len(kinds))
        for place in places:
            if not left:
                break
            if place in done or (sides := damage(place, pairs, chance)) is None or sides == pairs[place][:2]:
                continue
            made[place] = Pair(*sides, pairs[place].origin)
            done[place] = name
            left -= 1
    return made, done


def read(path: Path) -> list[Pair]:
    """Return the pairs of a tab-separated file, each once."""
    rows = (line.split("\t") for line in path.read_text("utf-8-sig").splitlines() if line.strip())
    once = dict.fromkeys((row[0].strip(), row[1].strip()) for row in rows)
    return [Pair(*sides, Origin(path.name, n)) for n, sides in enumerate(once, start=1) if all(sides)]


def measure(
    name: str, pairs: Sequence[Pair], done: dict[int, str], languages: tuple[str, str], show: int
) -> dict[str, tuple[int, int]]:
    """Print what is found, and return for each kind how many there are and how many of them are found."""
    began = time.perf_counter()
    judge = Filter.learned_from(pairs, *languages).judge
    learned = time.perf_counter()
    found = [judgement for start in range(0, len(pairs), 8192) for judgement in judge(pairs[start : start + 8192])]
    judged = time.perf_counter()
    hits = {place: judgement for place, judgement in enumerate(found) if judgement}
    n_right = len(hits.keys() & done.keys())
    precision = n_right / max(1, len(hits))
    n_false = len(hits) - n_right
    print(
        f"{name:<15} n {len(done):6,} precision {precision:6.1%} recall {n_right / max(1, len(done)):6.1%}"
        f" false {n_false / max(1, len(pairs) - len(done)):.2%}"
        f"   learned {learned - began:.1f} s, {(judged - learned) / len(pairs) * 1e6:.0f} µs a pair",
        flush=True,
    )
    for place in islice((place for place in hits if place not in done), 0, None, max(1, n_false // max(1, show))):
        if show:
            print(f"    {hits[place].reason}: {pairs[place].src} | {pairs[place].trg}")
    kinds: dict[str, tuple[int, int]] = {}
    for place, kind in done.items():
        n, n_found = kinds.get(kind, (0, 0))
        kinds[kind] = n + 1, n_found + (place in hits)
    return kinds


def main() -> None:
    """Measure, or write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("pairs", type=Path)
    options.add_argument("--foreign", type=Path, nargs="*", default=[], help="files of pairs; their targets are taken")
    options.add_argument("--src", default="und")
    options.add_argument("--trg", default="und")
    options.add_argument("--share", type=float, default=0.05)
    options.add_argument("--limit", type=int, help="take so many pairs, by chance")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--each", action="store_true", help="measure each kind by itself too")
    options.add_argument("--show", type=int, default=0, help="print so many pairs that are dropped without damage")
    options.add_argument("--write", type=Path, help="write the damaged pairs, and measure nothing")
    given = options.parse_args()
    pairs = read(given.pairs)
    if given.limit:
        chance = random.Random(given.seed)  # noqa: S311 - no secret hangs on it
        chosen = sorted(chance.sample(range(len(pairs)), min(given.limit, len(pairs))))
        pairs = [pairs[place] for place in chosen]
    kinds = dict(KINDS)
    if given.foreign:
        kinds["other language"] = foreign([pair.trg for path in given.foreign for pair in read(path)])
    made, done = damaged(pairs, kinds, given.share, given.seed)
    if given.write:
        rows = (f"{pair.src}\t{pair.trg}\t{done.get(place, '')}" for place, pair in enumerate(made))
        given.write.write_text("\n".join(rows) + "\n", "utf-8")
        return
    languages = given.src, given.trg
    measure("none", pairs, {}, languages, given.show)
    for kind, (n, n_found) in measure("all", made, done, languages, given.show).items():
        print(f"    {kind:<15} n {n:5,} recall {n_found / n:6.1%}")
    if given.each:
        for kind, damage in kinds.items():
            measure(kind, *damaged(pairs, {kind: damage}, given.share, given.seed), languages, 0)


if __name__ == "__main__":
    main()
