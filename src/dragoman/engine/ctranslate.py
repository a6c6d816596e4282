"""The Transformer through CTranslate2, on the CPU: arrays in, an engine of either precision out, without Keras.

`ctranslate_format` says which arrays, and what is computed from them. Nothing else touches CTranslate2.

A sentence's translation is the same alone and in any batch, because a batch holds sources of one length only: with
int8 every row is then computed as it would be alone, to the last bit; with float32 products of other sizes differ in
their last bits, and scores by less than 1e-4.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, groupby
from math import pow
from typing import Any, NamedTuple, TypeVar

import ctranslate2
import numpy as np
from numpy.typing import NDArray

from ..config import PRECISIONS, SearchConfig, TransformerConfig
from ..errors import UsageError
from ..vocabulary import BOS, EOS, PAD, UNK
from . import Hypothesis, TrainedModel
from .ctranslate_format import check_weights, expected_shapes, model_files
from .search import search

Ids = Sequence[int]
Result = TypeVar("Result")

BEAM = 4
"""The width of a beam that nobody has asked for."""

PRECISION = "int8"
"""The precision that nobody has asked for."""

MAX_ROWS, MAX_TOKENS = 128, 1024
"""Rows (sentences times beam or samples) that are decoded together at most, and the tokens of all their sentences.

More rows are no faster, and leave a core idle at the end.
"""

IMPOSSIBLE = -1e9
"""Below every score that a model gives: CTranslate2 scores so what may not come, and ends a beam with it that is wider
than what may."""


class CTranslateEngine:
    """An `Engine` over CTranslate2.

    ``precision`` is ``"int8"``, which None stands for, or ``"float32"``. Weights that do not fit the configuration are
    a `BundleError`. Threads may share an engine. Scores are those of the search: over the ids that may come, and after
    a penalty of repetition.
    ``token_scores`` are the model's own, as `score` gives them; attention is the mean over the heads of the last layer.
    """

    suppressed: Ids = (PAD, BOS, UNK)
    """Ids that no hypothesis holds."""

    def __init__(self, trained: TrainedModel, precision: str | None = None) -> None:
        config, weights, precision = trained.config, trained.weights, precision or PRECISION
        assert isinstance(config, TransformerConfig), "the table of engines says which model an engine is for"
        if precision not in PRECISIONS:
            raise UsageError(f"the precision must be one of {', '.join(PRECISIONS)}, not {precision!r}")
        sizes = trained.src_vocabulary.size, trained.trg_vocabulary.size
        check_weights(weights, expected_shapes(config, *sizes))
        self.config = config
        self.precision = precision
        self._names = [str(i) for i in range(max(sizes))]
        self._translator = ctranslate2.Translator(
            "in memory",
            "cpu",
            compute_type=precision,
            inter_threads=os.cpu_count() or 1,
            intra_threads=1,
            files=model_files(config, weights, *sizes, precision),
        )

    def translate(self, src_ids: Sequence[Ids], options: SearchConfig) -> list[list[Hypothesis]]:
        """Return the hypotheses of each source, best first; none is empty, but that of an empty source.

        ``max_length=None`` allows 2 * S + 10 target tokens. A sampled token costs as much as all that stand before it.
        """
        full = [place for place, ids in enumerate(src_ids) if ids]
        src = [src_ids[place] for place in full]
        search_batch = self._searched if options.temperature is None else self._sampled
        n_rows = max(options.beam_or(BEAM), options.n_best)
        found = _in_batches(
            lambda places: search_batch([src[i] for i in places], options), [(len(ids),) for ids in src], n_rows
        )
        if options.token_scores or options.attention:
            found = self._annotated(src, found, options)
        every = [[Hypothesis((), 0.0)] for _ in src_ids]
        for place, hypotheses in zip(full, found, strict=True):
            every[place] = hypotheses
        return every

    def score(self, src_ids: Sequence[Ids], trg_ids: Sequence[Ids]) -> list[Hypothesis]:
        """Return each target with the scores that the model gives its tokens and its end."""

        def work(places: Sequence[int]) -> list[Hypothesis]:
            results = self._translator.score_batch(
                [self._source(src_ids[i]) for i in places],
                [self._tokens(trg_ids[i]) for i in places],
                max_input_length=0,
            )
            return [
                Hypothesis(tuple(trg_ids[i]), sum(result.log_probs) / len(result.log_probs), tuple(result.log_probs))
                for i, result in zip(places, results, strict=True)
            ]

        return _in_batches(work, _lengths(src_ids, trg_ids))

    def look_closely(self, src_ids: Sequence[Ids], hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
        """Return one hypothesis of each source with the scores of its tokens and its attention."""
        how = SearchConfig(token_scores=True, attention=True)
        found = self._annotated(list(src_ids), [[hypothesis] for hypothesis in hypotheses], how)
        return [hypothesis for (hypothesis,) in found]

    def _tokens(self, ids: Ids) -> list[str]:
        return [self._names[i] for i in ids]

    def _source(self, ids: Ids) -> list[str]:
        return [*self._tokens(ids), self._names[EOS]]

    def _rules(self, options: SearchConfig) -> dict[str, Any]:
        return {
            "max_input_length": 0,
            "min_decoding_length": 1,
            "repetition_penalty": options.repetition_penalty,
            "no_repeat_ngram_size": options.no_repeat_ngram,
            "suppress_sequences": [[self._names[i]] for i in self.suppressed],
        }

    def _searched(self, src: list[Ids], options: SearchConfig) -> list[list[Hypothesis]]:
        """Return what greedy or beam search finds for sources of one length."""
        results = self._translator.translate_batch(
            [self._source(ids) for ids in src],
            beam_size=options.beam_or(BEAM),
            num_hypotheses=options.n_best,
            length_penalty=options.length_penalty,
            max_decoding_length=_max_length(src[0], options),
            return_scores=True,
            return_end_token=True,  # so that it counts in the length by which CTranslate2 divides
            **self._rules(options),
        )
        return [
            [
                _hypothesis(tokens, score * pow(len(tokens), options.length_penalty - 1.0))
                for tokens, score in zip(result.hypotheses, result.scores, strict=True)
                if not score < IMPOSSIBLE
            ]
            for result in results
        ]

    def _sampled(self, src: list[Ids], options: SearchConfig) -> list[list[Hypothesis]]:
        """Return samples for sources of one length, best first."""

        def rank(sample: Hypothesis) -> float:
            return -sample.score * pow(len(sample.token_scores or ()), 1.0 - options.length_penalty)

        found = search(_Sampler(self._logits, options), src, options, _max_length(src[0], options))
        return [[h._replace(token_scores=None) for h in sorted(samples, key=rank)] for samples in found]

    def _logits(self, src: list[Ids], prefixes: list[Ids], options: SearchConfig) -> NDArray[np.float64]:
        """Return the logits (B, V) of what follows ``prefixes`` of one length, minus infinity for what may not."""
        n_steps = len(prefixes[0]) + 1
        n_together = max(1, MAX_TOKENS // n_steps)  # CTranslate2 returns the logits of every step
        logits = []
        for first in range(0, len(src), n_together):
            results = self._translator.translate_batch(
                [self._source(ids) for ids in src[first : first + n_together]],
                [self._tokens(ids) for ids in prefixes[first : first + n_together]],
                beam_size=1,
                max_decoding_length=n_steps,
                return_logits_vocab=True,
                **self._rules(options),
            )
            logits += [np.array(result.logits[0][-1], np.float64) for result in results]
        found = np.stack(logits)
        found[found < IMPOSSIBLE] = -np.inf
        return found

    def _annotated(
        self, src_ids: list[Ids], found: list[list[Hypothesis]], options: SearchConfig
    ) -> list[list[Hypothesis]]:
        """Return ``found`` with the scores and the attention of each token, as ``options`` ask for them."""
        src = [ids for ids, hypotheses in zip(src_ids, found, strict=True) for _ in hypotheses]
        flat = list(chain.from_iterable(found))
        trg = [hypothesis.ids for hypothesis in flat]
        if options.token_scores:
            scored = self.score(src, trg)
            for place, ids in enumerate(src):
                # A hypothesis as long as the limit was cut by it, and has no end.
                n_scores = max(_max_length(ids, options), len(trg[place]))
                token_scores = (scored[place].token_scores or ())[:n_scores]
                flat[place] = flat[place]._replace(token_scores=token_scores)
        if options.attention:
            attentions = _in_batches(
                lambda places: self._attentions([src[i] for i in places], [trg[i] for i in places]), _lengths(src, trg)
            )
            flat = [h._replace(attention=attention) for h, attention in zip(flat, attentions, strict=True)]
        remaining = iter(flat)
        return [[next(remaining) for _ in hypotheses] for hypotheses in found]

    def _attentions(self, src: list[Ids], trg: list[Ids]) -> list[NDArray[np.float32]]:
        """Return the attention (T, S) of each target, sources of one length and targets of one; rows sum to 1."""
        results = self._translator.translate_batch(
            [self._source(ids) for ids in src],
            [self._tokens(ids) for ids in trg],
            beam_size=1,
            max_decoding_length=len(trg[0]),
            max_input_length=0,
            return_attention=True,
        )
        attentions = []
        for result in results:
            # Without the column of EOS, where all of a row may stand.
            attention = np.array(result.attention[0], np.float32)[:, :-1] + np.finfo(np.float32).tiny
            attentions.append(attention / attention.sum(axis=1, keepdims=True))
        return attentions


class _Paths(NamedTuple):
    """Rows that are being sampled: their sources, and their ids so far with BOS."""

    src: list[Ids]
    ids: list[list[int]]


class _Sampler:
    """The `Stepper` of samples: CTranslate2 decodes every prefix anew.

    Its own sampling draws from one generator a thread, whose seed cannot be set again: what a sentence gets would
    depend on what was sampled before.
    """

    def __init__(
        self, logits: Callable[[list[Ids], list[Ids], SearchConfig], NDArray[np.float64]], options: SearchConfig
    ) -> None:
        self._logits = logits
        self._options = options

    def start(self, src: Sequence[Ids]) -> _Paths:
        return _Paths(list(src), [[] for _ in src])

    def step(self, state: _Paths, last_ids: NDArray[np.int64]) -> tuple[NDArray[np.float64], _Paths]:
        state = _Paths(state.src, [[*ids, last] for ids, last in zip(state.ids, last_ids.tolist(), strict=True)])
        logits = self._logits(state.src, [ids[1:] for ids in state.ids], self._options)
        logits -= logits.max(axis=1, keepdims=True)
        return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)), state

    def reorder(self, state: _Paths, rows: NDArray[np.int64]) -> _Paths:
        return _Paths([state.src[row] for row in rows], [state.ids[row] for row in rows])


def _max_length(src: Ids, options: SearchConfig) -> int:
    return options.max_length or 2 * len(src) + 10


def _hypothesis(tokens: list[str], score: float) -> Hypothesis:
    ids = [int(token) for token in tokens]
    return Hypothesis(tuple(ids[:-1] if ids[-1] == EOS else ids), score)


def _lengths(src: Sequence[Ids], trg: Sequence[Ids]) -> list[tuple[int, ...]]:
    return [(len(src_ids), len(trg_ids)) for src_ids, trg_ids in zip(src, trg, strict=True)]


def _in_batches(
    work: Callable[[Sequence[int]], list[Result]], lengths: Sequence[tuple[int, ...]], n_rows: int = 1
) -> list[Result]:
    """Return the results of ``work`` for the places 0 to ``len(lengths)`` - 1, in this order.

    ``work`` is given places of the same ``lengths`` only, and returns a result for each; a place makes ``n_rows`` rows.
    """
    # The longest first, so that no long batch is left for the end.
    order = sorted(range(len(lengths)), key=lambda place: lengths[place], reverse=True)
    n_cores = os.cpu_count() or 1
    batches = []
    for length, group in groupby(order, key=lambda place: lengths[place]):
        places = list(group)
        n_together = max(1, min(MAX_ROWS // n_rows, MAX_TOKENS // (sum(length) + 1), -(-len(lengths) // n_cores)))
        batches += [places[first : first + n_together] for first in range(0, len(places), n_together)]
    if len(batches) <= 1:
        results = list(map(work, batches))
    else:
        # Twice the cores: while one thread makes ids of what has come, CTranslate2 works for another.
        with ThreadPoolExecutor(2 * n_cores) as threads:
            results = list(threads.map(work, batches))
    by_place = dict(zip(chain.from_iterable(batches), chain.from_iterable(results), strict=True))
    return [by_place[place] for place in range(len(lengths))]
