"""The table of a server's measures.

    python -m bench.serving BUNDLE                                   all but the comparison, ten minutes of overload
    python -m bench.serving BUNDLE --only rates --seconds 30
    python -m bench.serving BUNDLE --only overload --overload-seconds 600
    python -m bench.serving BUNDLE --only growth
    bench/peers/libretranslate/environment                           once
    python -m bench.serving BUNDLE --only libretranslate             beside LibreTranslate's own server

BUNDLE must hold its pairs: its test sources are what is asked for, one a request. Needs ``wrk`` (Debian's package).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench import machine
from bench.peers import libretranslate
from bench.serving import measures
from bench.serving.load import Load, load_of
from dragoman import bundle

Measure = Callable[[Load, Path, float], Iterator[measures.Line]]


def main() -> None:
    """Measure, and print the table."""
    options = argparse.ArgumentParser(
        prog="python -m bench.serving", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("bundle", type=Path)
    options.add_argument("--only", choices=["rates", "growth", "overload", "libretranslate"], action="append")
    options.add_argument("--seconds", type=float, default=30.0, help="of each load")
    options.add_argument("--overload-seconds", type=float, default=600.0)
    options.add_argument("--peer", type=Path, default=libretranslate.FOLDER, help="the environment of LibreTranslate")
    args = options.parse_args()
    peer = partial(libretranslate.serving, args.bundle, args.peer)
    every: dict[str, tuple[Measure, float]] = {
        "rates": (measures.rates, args.seconds),
        "growth": (measures.growth, args.seconds),
        "overload": (measures.overload, args.overload_seconds),
        "libretranslate": (partial(measures.beside, peer=peer), args.seconds),
    }
    card = bundle.read(args.bundle)
    pairs = card.pairs("test")
    if not pairs:
        options.error("the bundle must hold its test pairs")
    where = machine.machine()
    print(f"{where['cpu']}, {where['cores']} cores, load {where['load_average']}; {machine.versions()['dragoman']}\n")
    print("| what | measured | target | met |\n| --- | --- | --- | --- |", flush=True)
    with load_of([pair.src for pair in pairs], card.src, card.trg) as load:
        for name in args.only or ["rates", "growth", "overload"]:
            measure, seconds = every[name]
            for line in measure(load, args.bundle, seconds):
                met = {True: "yes", False: "no", None: ""}[line.met]
                print(f"| {line.what} | {line.measured} | {line.target} | {met} |", flush=True)


if __name__ == "__main__":
    main()
