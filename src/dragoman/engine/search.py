"""Greedy search, sampling and beam search, written once over a `Stepper`.

Shapes: `B` rows (sentences, or sentences times beam), `V` vocabulary size. A state is whatever the stepper
makes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ..config import SearchConfig
from ..vocabulary import BOS, EOS
from . import Hypothesis

State = TypeVar("State")
Floats = NDArray[np.floating]


class Stepper(Protocol[State]):
    """A model as search sees it: one step of the decoder for many rows."""

    def start(self, src: Sequence[Sequence[int]]) -> State:
        """Return the state of each source, one row a sentence."""

    def step(self, state: State, last_ids: NDArray[np.int64]) -> tuple[Floats, State]:
        """Feed ``last_ids`` (B,) and return the log-probabilities (B, V) of the next ids, and the state after."""

    def reorder(self, state: State, rows: NDArray[np.int64]) -> State:
        """Return the state whose row i is the old row ``rows[i]``; rows may be left out or repeated."""


def search(
    stepper: Stepper[State], src_ids: Sequence[Sequence[int]], options: SearchConfig, max_length: int
) -> list[list[Hypothesis]]:
    """Return the hypotheses of each source, best first. ``max_length`` limits the steps, the one of EOS included."""
    if not src_ids:
        return []
    if options.beam > 1:
        return _beam(stepper, src_ids, options, max_length)
    return _follow(stepper, src_ids, options, max_length)


def sampling_stream(seed: int, src_ids: Sequence[int], sample: int = 0) -> np.random.Generator:
    """Return the random stream of one sample of one sentence: it depends on the sentence, not on its batch."""
    return np.random.default_rng((seed, crc32(np.asarray(src_ids, np.int64).tobytes()), sample))


def sample_id(log_probs: Floats, options: SearchConfig, random: np.random.Generator) -> int:
    """Draw an id from ``log_probs`` (V,) with the temperature and the top-k of ``options``, by one uniform number of
    ``random``.
    """
    assert options.temperature is not None
    scaled = log_probs.astype(np.float64) / options.temperature
    if options.top_k:
        scaled[np.argsort(-scaled, kind="stable")[options.top_k :]] = -np.inf
    cumulative = np.cumsum(np.exp(scaled - scaled.max()))
    drawn = int(np.searchsorted(cumulative, random.random() * cumulative[-1], side="right"))
    return min(drawn, int(np.flatnonzero(np.isfinite(scaled))[-1]))


def hypothesis(tokens: Sequence[int], token_scores: Sequence[float]) -> Hypothesis:
    """Return the hypothesis of ``tokens``, which end with EOS unless a limit cut them."""
    ids = tuple(tokens[:-1] if tokens and tokens[-1] == EOS else tokens)
    score = float(np.mean(token_scores)) if len(token_scores) else 0.0
    return Hypothesis(ids, score, tuple(float(s) for s in token_scores))


def _follow(
    stepper: Stepper[State], src_ids: Sequence[Sequence[int]], options: SearchConfig, max_length: int
) -> list[list[Hypothesis]]:
    """Greedy search, or ``n_best`` samples: each row goes its own way, and leaves the batch at its end."""
    n = options.n_best
    streams = []
    if options.temperature is not None:
        streams = [sampling_stream(options.seed, ids, sample) for ids in src_ids for sample in range(n)]
    tokens: list[list[int]] = [[] for _ in range(len(src_ids) * n)]
    scores: list[list[float]] = [[] for _ in tokens]
    alive = np.arange(len(tokens))
    state = stepper.reorder(stepper.start(src_ids), alive // n)
    last = np.full(len(alive), BOS, np.int64)
    for _ in range(max_length):
        log_probs, state = stepper.step(state, last)
        if streams:
            chosen = np.array(
                [sample_id(row, options, streams[i]) for row, i in zip(log_probs, alive, strict=True)],
                np.int64,
            )
        else:
            chosen = log_probs.argmax(axis=1)
        for place, (row, token) in enumerate(zip(alive, chosen, strict=True)):
            tokens[row].append(int(token))
            scores[row].append(float(log_probs[place, token]))
        going = np.flatnonzero(chosen != EOS)
        if not len(going):
            break
        if len(going) < len(alive):
            state, alive = stepper.reorder(state, going), alive[going]
        last = chosen[going]
    found = [hypothesis(*row) for row in zip(tokens, scores, strict=True)]
    return [sorted(found[i : i + n], key=lambda h: -h.score) for i in range(0, len(found), n)]


class _Path(NamedTuple):
    """One live row of a beam: its tokens and their log-probabilities."""

    tokens: tuple[int, ...] = ()
    scores: tuple[float, ...] = ()
    total: float = 0.0

    def extended(self, token: int, score: float) -> _Path:
        return _Path((*self.tokens, token), (*self.scores, score), self.total + score)


def _beam(
    stepper: Stepper[State], src_ids: Sequence[Sequence[int]], options: SearchConfig, max_length: int
) -> list[list[Hypothesis]]:
    """Beam search. A sentence is done when as many hypotheses as the beam is wide have ended; they are ranked by mean
    score.
    """
    finished: list[list[Hypothesis]] = [[] for _ in src_ids]
    beams: dict[int, list[_Path]] = {sentence: [_Path()] for sentence in range(len(src_ids))}
    state = stepper.start(src_ids)
    last = np.full(len(src_ids), BOS, np.int64)
    for _ in range(max_length):
        log_probs, state = stepper.step(state, last)
        rows: list[int] = []
        first_row, survivors = 0, {}
        for sentence, paths in beams.items():
            block = log_probs[first_row : first_row + len(paths)]
            live = []
            for place, token, path in _grow(paths, block, options.beam):
                if token == EOS:
                    finished[sentence].append(hypothesis(path.tokens, path.scores))
                else:
                    live.append((first_row + place, path))
            first_row += len(paths)
            if len(finished[sentence]) < options.beam:
                survivors[sentence] = [path for _, path in live]
                rows += [row for row, _ in live]
        beams = survivors
        if not rows:
            break
        state = stepper.reorder(state, np.array(rows, np.int64))
        last = np.array([path.tokens[-1] for paths in beams.values() for path in paths], np.int64)
    for sentence, paths in beams.items():
        if len(finished[sentence]) < options.n_best:
            finished[sentence] += [hypothesis(path.tokens, path.scores) for path in paths]
    return [sorted(found, key=lambda h: -h.score)[: options.n_best] for found in finished]


def _grow(paths: list[_Path], log_probs: Floats, beam: int) -> list[tuple[int, int, _Path]]:
    """Return (place, token, path) for the ``beam`` best extensions that go on, and for the ends ranked among the
    ``beam`` best of all.
    """
    totals = np.array([[path.total] for path in paths]) + log_probs
    best = np.argsort(-totals, axis=None, kind="stable")[: 2 * beam]
    grown: list[tuple[int, int, _Path]] = []
    n_live = 0
    for rank, flat in enumerate(best):
        place, token = divmod(int(flat), log_probs.shape[1])
        if not np.isfinite(totals[place, token]) or n_live == beam:
            break
        if token == EOS and rank >= beam:
            continue
        n_live += token != EOS
        grown.append((place, token, paths[place].extended(token, float(log_probs[place, token]))))
    return grown
