"""Greedy search, sampling and beam search, written once over a `Stepper`.

Shapes: `B` rows (sentences, or sentences times beam), `V` vocabulary size. A state is whatever the stepper
makes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import NamedTuple, Protocol, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ..config import SearchConfig
from ..vocabulary import BOS, EOS
from . import Hypothesis

State = TypeVar("State")
Ids = NDArray[np.int64]
Floats = NDArray[np.floating]


class Stepper(Protocol[State]):
    """A model as search sees it: one step of the decoder for many rows."""

    def start(self, src: Sequence[Sequence[int]]) -> State:
        """Return the state of each source, one row a sentence."""

    def step(self, state: State, last_ids: NDArray[np.int64]) -> tuple[Floats, State]:
        """Feed ``last_ids`` (B,) and return the log-probabilities (B, V) of the next ids, and the state after.

        Both are the caller's own; ``state`` is used up and may have become the state after.
        """

    def reorder(self, state: State, rows: NDArray[np.int64]) -> State:
        """Return the state whose row i is the old row ``rows[i]``; rows may be left out or repeated."""


def search(
    stepper: Stepper[State], src_ids: Sequence[Sequence[int]], options: SearchConfig, max_length: int
) -> list[list[Hypothesis]]:
    """Return the hypotheses of each source, best first. ``max_length`` limits the steps, the one of EOS included."""
    if not src_ids:
        return []
    if (beam := options.beam_or(1)) > 1:
        return _beam(stepper, src_ids, beam, options.n_best, max_length)
    return _follow(stepper, src_ids, options, max_length)


def sampling_stream(seed: int, src_ids: Sequence[int], sample: int = 0) -> np.random.Generator:
    """Return the random stream of one sample of one sentence: it depends on the sentence, not on its batch."""
    return np.random.default_rng((seed, crc32(np.asarray(src_ids, np.int64).tobytes()), sample))


def sample_ids(log_probs: Floats, options: SearchConfig, uniforms: Sequence[float]) -> NDArray[np.int64]:
    """Draw an id from each row of ``log_probs`` (B, V) with the temperature and the top-k of ``options``, by one number
    each of ``uniforms`` (B,), from 0 to 1.
    """
    assert options.temperature is not None
    scaled = log_probs.astype(np.float64) / options.temperature
    if options.top_k:
        dropped = np.argsort(-scaled, axis=1, kind="stable")[:, options.top_k :]
        np.put_along_axis(scaled, dropped, -np.inf, axis=1)
    scaled -= scaled.max(axis=1, keepdims=True)
    cumulative = np.exp(scaled).cumsum(axis=1)
    goal = np.asarray(uniforms)[:, None] * cumulative[:, -1:]
    drawn = (cumulative <= goal).sum(axis=1)
    last_possible = scaled.shape[1] - 1 - np.isfinite(scaled)[:, ::-1].argmax(axis=1)
    ids: Ids = np.minimum(drawn, last_possible)
    return ids


def hypothesis(tokens: Sequence[int], token_scores: Sequence[float]) -> Hypothesis:
    """Return the hypothesis of ``tokens``, which end with EOS unless a limit cut them."""
    ids = tuple(tokens[:-1] if tokens and tokens[-1] == EOS else tokens)
    # An exact sum: the score does not depend on how the tokens are grouped.
    score = fsum(token_scores) / len(token_scores) if token_scores else 0.0
    return Hypothesis(ids, score, tuple(token_scores))


class _Record:
    """What rows chose, step by step, while they leave one after the other."""

    def __init__(self, n_rows: int) -> None:
        self._n_rows = n_rows
        self._steps: list[tuple[Ids, Ids, Floats]] = []

    def add(self, rows: Ids, tokens: Ids, log_probs: Floats) -> None:
        """Note that ``rows`` (B,) chose ``tokens`` (B,), whose scores stand in ``log_probs`` (B, V)."""
        self._steps.append((rows, tokens, log_probs[np.arange(len(tokens)), tokens]))

    def hypotheses(self) -> list[Hypothesis]:
        """Return the hypothesis of every row."""
        tokens = np.zeros((self._n_rows, len(self._steps)), np.int64)
        scores = np.zeros(tokens.shape)
        lengths = np.zeros(self._n_rows, np.int64)
        for t, (rows, chosen, chosen_scores) in enumerate(self._steps):
            tokens[rows, t], scores[rows, t], lengths[rows] = chosen, chosen_scores, t + 1
        rows_of_lists = zip(tokens.tolist(), scores.tolist(), lengths.tolist(), strict=True)
        return [hypothesis(ids[:n], row_scores[:n]) for ids, row_scores, n in rows_of_lists]


def forced(
    stepper: Stepper[State], src_ids: Sequence[Sequence[int]], trg_ids: Sequence[Sequence[int]]
) -> list[Hypothesis]:
    """Return each target, fed to the model as it stands, with the scores of its tokens and of its end."""
    record = _Record(len(src_ids))
    lengths = np.array([len(ids) for ids in trg_ids], np.int64)
    alive = np.arange(len(src_ids))
    state = stepper.start(src_ids)
    last = np.full(len(alive), BOS, np.int64)
    for t in range(int(lengths.max(initial=-1)) + 1):
        log_probs, state = stepper.step(state, last)
        last = np.array([trg_ids[i][t] if t < len(trg_ids[i]) else EOS for i in alive.tolist()], np.int64)
        record.add(alive, last, log_probs)
        going = np.flatnonzero(lengths[alive] > t)
        if len(going) < len(alive):
            state, alive, last = stepper.reorder(state, going), alive[going], last[going]
    return record.hypotheses()


def _follow(
    stepper: Stepper[State], src_ids: Sequence[Sequence[int]], options: SearchConfig, max_length: int
) -> list[list[Hypothesis]]:
    """Greedy search, or ``n_best`` samples: each row goes its own way, and leaves the batch at its end."""
    n = options.n_best
    streams = []
    if options.temperature is not None:
        streams = [sampling_stream(options.seed, ids, sample) for ids in src_ids for sample in range(n)]
    record = _Record(len(src_ids) * n)
    alive = np.arange(len(src_ids) * n)
    state = stepper.reorder(stepper.start(src_ids), alive // n)
    last = np.full(len(alive), BOS, np.int64)
    for _ in range(max_length):
        log_probs, state = stepper.step(state, last)
        if streams:
            last = sample_ids(log_probs, options, [streams[i].random() for i in alive.tolist()])
        else:
            last = log_probs.argmax(axis=1)
        record.add(alive, last, log_probs)
        going = np.flatnonzero(last != EOS)
        if not len(going):
            break
        if len(going) < len(alive):
            state, alive, last = stepper.reorder(state, going), alive[going], last[going]
    found = record.hypotheses()
    return _ranked([found[i : i + n] for i in range(0, len(found), n)], n)


class _Paths(NamedTuple):
    """Paths of a beam: their tokens and scores (..., T), and the sums of the scores (...), minus infinity for a place
    that no path took.
    """

    tokens: Ids
    scores: NDArray[np.float64]
    totals: NDArray[np.float64]

    def extended(self, which: tuple[Ids, Ids], tokens: Ids, log_probs: Floats) -> _Paths:
        """Return the paths at ``which`` (row, place), each with one of ``tokens`` more; ``log_probs`` is (B, P, V)."""
        scores = log_probs[(*which, tokens)].astype(np.float64)
        return _Paths(
            np.concatenate([self.tokens[which], tokens[..., None]], axis=-1),
            np.concatenate([self.scores[which], scores[..., None]], axis=-1),
            self.totals[which] + scores,
        )

    def hypotheses(self) -> list[Hypothesis]:
        """Return the hypotheses of ``N`` paths."""
        return [hypothesis(*path) for path in zip(self.tokens.tolist(), self.scores.tolist(), strict=True)]


def _beam(
    stepper: Stepper[State], src_ids: Sequence[Sequence[int]], beam: int, n_best: int, max_length: int
) -> list[list[Hypothesis]]:
    """Beam search. A sentence is done when as many hypotheses as the beam is wide have ended; they are ranked by mean
    score.

    All ``B`` sentences that go on have the same number ``P`` of paths: 1 at first, then the beam.
    """
    finished: list[list[Hypothesis]] = [[] for _ in src_ids]
    alive = np.arange(len(src_ids))
    state = stepper.start(src_ids)
    paths = _Paths(np.zeros((len(alive), 1, 0), np.int64), np.zeros((len(alive), 1, 0)), np.zeros((len(alive), 1)))
    last = np.full(len(alive), BOS, np.int64)
    for _ in range(max_length):
        flat_log_probs, state = stepper.step(state, last)
        log_probs = flat_log_probs.reshape(*paths.totals.shape, -1)
        grown = _grow(paths.totals, log_probs, beam)
        rows, ranks = np.nonzero(grown.is_end)
        ended = paths.extended((rows, grown.places[rows, ranks]), grown.tokens[rows, ranks], log_probs)
        for sentence, found in zip(alive[rows], ended.hypotheses(), strict=True):
            finished[sentence].append(found)

        is_open = np.array([len(finished[sentence]) < beam for sentence in alive])
        going = np.flatnonzero(is_open & grown.is_live.any(axis=1))
        if not len(going):
            return _ranked(finished, n_best)
        chosen = going[:, None], np.argsort(~grown.is_live[going], axis=1, kind="stable")[:, :beam]
        which = going[:, None], grown.places[chosen]
        state = stepper.reorder(state, (which[0] * paths.totals.shape[1] + which[1]).ravel())
        paths = paths.extended(which, grown.tokens[chosen], log_probs)
        paths.totals[~grown.is_live[chosen]] = -np.inf
        alive, last = alive[going], grown.tokens[chosen].ravel()
    for place, sentence in enumerate(alive):
        if len(finished[sentence]) < n_best:
            taken = np.isfinite(paths.totals[place])
            finished[sentence] += _Paths(*(array[place][taken] for array in paths)).hypotheses()
    return _ranked(finished, n_best)


class _Grown(NamedTuple):
    """The best extensions of the paths of each sentence, best first, (B, K) each: the place of the path, the token, and
    whether the extension is a live path or a finished hypothesis; the rest are neither.
    """

    places: Ids
    tokens: Ids
    is_live: NDArray[np.bool_]
    is_end: NDArray[np.bool_]


def _grow(totals: NDArray[np.float64], log_probs: Floats, beam: int) -> _Grown:
    """Return the ``beam`` best extensions that go on, and the ends ranked among the ``beam`` best of all; ``totals`` is
    (B, P), ``log_probs`` (B, P, V).
    """
    sums = (totals[:, :, None] + log_probs).reshape(len(totals), -1)
    # A path has one end, so that among twice the beam at least the beam go on.
    best = np.argsort(-sums, axis=1, kind="stable")[:, : 2 * beam]
    places, tokens = np.divmod(best, log_probs.shape[2])
    possible = np.isfinite(np.take_along_axis(sums, best, axis=1))
    goes_on = possible & (tokens != EOS)
    is_end = possible & (tokens == EOS)
    is_end[:, beam:] = False
    return _Grown(places, tokens, goes_on & (goes_on.cumsum(axis=1) <= beam), is_end)


def _ranked(found: list[list[Hypothesis]], n_best: int) -> list[list[Hypothesis]]:
    return [sorted(hypotheses, key=lambda h: -h.score)[:n_best] for hypotheses in found]
