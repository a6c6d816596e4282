"""What a large translation memory takes: the import, exact look-ups, near matches.

    python -m bench.translation_memory --pairs 1000000
    python -m bench.translation_memory --pairs 1000000 --sentences spa.txt --place postgresql://…

The pairs are those of ``--sentences`` (by default the phrasebook), and beyond their number ones made of the beginning
of one and the end of another. Look-ups ask for sources that are there; near matches for sources in which a word
was replaced; how many of them find that source, or one as like, is counted by comparing with all. Private memory is
read while the import runs, in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from dragoman.corpus import open_pairs
from dragoman.corpus.pairs import Pair
from dragoman.memory import Correction, Memory

from .harness import python
from .private_memory import private_bytes

MIB = 2**20
N_QUERIES = 200
SECONDS_BETWEEN_LOOKS = 0.1


def made(pairs: list[Pair], n: int) -> Iterator[tuple[str, str]]:
    """Yield ``n`` sources and targets: those of ``pairs``, then ones put together from two of them."""
    random = Random(0)  # noqa: S311 - no secret
    yield from ((pair.src, pair.trg) for pair in pairs[:n])
    for _ in range(n - len(pairs)):
        one, other = random.choice(pairs), random.choice(pairs)
        yield _joined(one.src, other.src, random), _joined(one.trg, other.trg, random)


def _joined(one: str, other: str, random: Random) -> str:
    first, last = one.split(), other.split()
    return " ".join(
        first[: random.randint(len(first) // 3, len(first))] + last[random.randint(0, 2 * len(last) // 3) :]
    )


def write(sentences: str, n: int, path: Path) -> None:
    """Write ``n`` pairs, a line each."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{src}\t{trg}\n" for src, trg in made(list(open_pairs(sentences)), n) if src and trg)


def load(place: str, path: Path) -> None:
    """Import the file, and say how many pairs were new."""
    with Memory(place) as memory, path.open(encoding="utf-8") as file:
        print(memory.load(Correction("en", "es", *line.rstrip("\n").split("\t")) for line in file))


def measured_load(place: str, path: Path) -> dict[str, float]:
    """Import in a process of its own: seconds, pairs that were new, and private memory early and at most."""
    began = time.perf_counter()
    command = python("-m", "bench.translation_memory", "--load", path, "--place", place)
    importer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peaks: list[int] = []
    while importer.poll() is None:
        peaks.append(private_bytes(importer.pid))
        time.sleep(SECONDS_BETWEEN_LOOKS)
    assert importer.stdout is not None
    if importer.returncode:
        sys.exit(importer.returncode)
    tenth = peaks[: max(1, len(peaks) // 10)]
    return {
        "import, s": round(time.perf_counter() - began, 1),
        "new": int(importer.stdout.read()),
        "private MiB in the first tenth": round(max(tenth) / MIB),
        "private MiB at most": round(max(peaks) / MIB),
    }


def times(calls: list[Callable[[], object]]) -> dict[str, float]:
    """The median, the 95th percentile and the longest of the calls, in milliseconds."""
    taken = []
    for call in calls:
        began = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - began))
    return {
        "median ms": round(statistics.median(taken), 2),
        "p95 ms": round(statistics.quantiles(taken, n=20)[-1], 2),
        "longest ms": round(max(taken), 2),
    }


def changed(source: str, words: list[str], random: Random) -> str:
    """``source`` with one word replaced."""
    parts = source.split()
    parts[random.randrange(len(parts))] = random.choice(words)
    return " ".join(parts)


def look_ups(memory: Memory, sources: list[str]) -> dict[str, object]:
    """Time exact look-ups and near matches, and see what the latter miss."""
    random = Random(1)  # noqa: S311 - no secret
    asked = random.sample(sources, N_QUERIES)
    words = [word for source in random.sample(sources, 1000) for word in source.split()]
    queries = [changed(source, words, random) for source in asked]
    known = memory.known("en", "es")
    memory.near("en", "es", queries[0])  # takes the sample of trigrams
    results: dict[str, object] = {
        "exact": times([lambda s=source: known([s]) for source in asked]),  # type: ignore[misc]
        "near": times([lambda q=query: memory.near("en", "es", q) for query in queries]),  # type: ignore[misc]
    }
    return results | {"near, found": found(memory, sources, queries)}


def found(memory: Memory, sources: list[str], queries: list[str]) -> dict[str, float]:
    """Compare the likest that `Memory.near` finds with the likest of all: how often it is as like, and what is lost."""
    losses = []
    for query in queries:
        *_, best = process.extractOne(query, sources, scorer=Levenshtein.normalized_similarity)[:2]
        near = memory.near("en", "es", query, 1, least=0.0)
        losses.append(best - (near[0].likeness if near else 0.0))
    as_like = sum(loss < 1e-9 for loss in losses) / len(losses)
    return {
        "as like as the likest of all": round(as_like, 3),
        "likeness lost on average": round(statistics.mean(losses), 4),
    }


def main() -> None:
    """Import, look up, print JSON."""
    options = argparse.ArgumentParser(
        prog="python -m bench.translation_memory", description=(__doc__ or "").splitlines()[0]
    )
    options.add_argument("--pairs", type=int, default=1_000_000)
    options.add_argument("--sentences", default="phrasebook", help="a file of pairs that further ones are made of")
    options.add_argument("--place", help="a database; by default a file that is removed afterwards")
    options.add_argument("--load", type=Path, help=argparse.SUPPRESS)
    args = options.parse_args()
    if args.load:
        load(args.place, args.load)
        return
    with tempfile.TemporaryDirectory() as folder:
        path, place = Path(folder) / "pairs.tsv", args.place or str(Path(folder) / "memory.sqlite")
        write(args.sentences, args.pairs, path)
        results: dict[str, object] = {"pairs": args.pairs, **measured_load(place, path)}
        if not args.place:
            results["database MB"] = round(sum(file.stat().st_size for file in Path(folder).glob("memory*")) / 1e6)
        sources = [line.split("\t")[0] for line in path.read_text("utf-8").splitlines()]
        with Memory(place) as memory:
            print(json.dumps(results | look_ups(memory, sources), indent=1))


if __name__ == "__main__":
    main()
