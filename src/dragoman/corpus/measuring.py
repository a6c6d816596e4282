"""What is to be known of each pair before a corpus can be cleaned and split: limits broken, and hashes.

The first blocks are measured here; a corpus that goes on after them is shared out to helpers. These are processes of
their own and not of ``multiprocessing``, which would run the user's script once more in each of them. They end when
their input does, and so with this process, however that ends.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain, islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import CorpusError
from ..hashing import text_hashes
from .cleaning import LIMITS, CleaningRules
from .pairs import Pair
from .splitting import normalise

N_BLOCKS_HERE = 32
"""Blocks that are measured here before helpers are started, which takes a few tenths of a second."""
N_HELPERS = 2
"""Reading the lines keeps this process about half as busy as measuring them keeps the helpers."""


class Measures(NamedTuple):
    """What is known of a block of n pairs: ``broken`` (n,) int8, the place in ``LIMITS`` or -1; and three hashes
    (n,) uint64: of both sides as they are, of the normalised source, of the normalised target.
    """

    broken: NDArray[np.int8]
    hashes: tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]


def measure(srcs: list[str], trgs: list[str], rules: CleaningRules) -> Measures:
    """Return the measures of a block of pairs."""
    reasons = map(rules.broken_by, srcs, trgs)
    return Measures(
        np.array([-1 if reason is None else LIMITS.index(reason) for reason in reasons], np.int8),
        (
            text_hashes(f"{src}\0{trg}" for src, trg in zip(srcs, trgs, strict=True)),
            text_hashes(map(normalise, srcs)),
            text_hashes(map(normalise, trgs)),
        ),
    )


def measured(blocks: Iterator[list[Pair]], rules: CleaningRules) -> Iterator[tuple[list[Pair], Measures]]:
    """Yield each block with its measures, in order. A `CorpusError` if a helper is killed."""
    for block in islice(blocks, N_BLOCKS_HERE):
        yield block, measure(*sides(block), rules)
    if (more := next(blocks, None)) is None:
        return
    with ExitStack() as stack:
        helpers = deque(stack.enter_context(_Helper(rules)) for _ in range(N_HELPERS))
        # Each helper has one block at a time. The blocks go round, and so come back in order.
        for block in chain([more], blocks):
            if helpers[0].block:
                yield helpers[0].receive()
            helpers[0].send(block)
            helpers.rotate(-1)
        for helper in helpers:
            if helper.block:
                yield helper.receive()


def sides(block: list[Pair]) -> tuple[list[str], list[str]]:
    """Return the texts of both sides of a block."""
    return [pair.src for pair in block], [pair.trg for pair in block]


class _Helper:
    """A process that measures the blocks it is sent; ``block`` is the one it has."""

    def __init__(self, rules: CleaningRules) -> None:
        self.block: list[Pair] = []
        self._rules = rules
        code = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import help_out; help_out()"
        # In a session of its own it does not hear Ctrl-C, which is for this process to answer.
        self._process = subprocess.Popen(  # noqa: S603 - the command is ours
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )

    def __enter__(self) -> _Helper:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def send(self, block: list[Pair]) -> None:
        self.block = block
        assert self._process.stdin is not None
        try:
            pickle.dump((*sides(block), self._rules), self._process.stdin)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise _killed() from None

    def receive(self) -> tuple[list[Pair], Measures]:
        assert self._process.stdout is not None
        try:
            measures: Measures = pickle.load(self._process.stdout)  # noqa: S301 - our own process wrote it
        except EOFError:
            raise _killed() from None
        block, self.block = self.block, []
        return block, measures


def _killed() -> CorpusError:
    return CorpusError("a process that helped to prepare the corpus was killed (is there enough free memory?)")


def help_out() -> None:
    """Be a helper: measure what comes on standard input until it ends."""
    while True:
        try:
            srcs, trgs, rules = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own process wrote it
        except EOFError:
            return
        pickle.dump(measure(srcs, trgs, rules), sys.stdout.buffer)
        sys.stdout.buffer.flush()
