"""Text in, translation out: a trained model with its vocabularies, ready to use. Imports neither Keras nor JAX."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from copy import copy
from dataclasses import replace
from importlib import import_module
from itertools import chain, islice
from math import fsum
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

from . import bundle as bundles
from .assembly import Piece, assemble, text_of
from .bundle import Bundle
from .bundle.direction import direction_of, standard
from .confidence import Evidence
from .config import PRECISIONS, SearchConfig
from .corpus.lines import clean
from .corpus.pairs import Pair
from .engine import Engine, Hypothesis, TrainedModel
from .errors import BundleError, UsageError
from .loops import LEAST, LEAST_CHARACTERS
from .numbers import has_numbers_of
from .rendering import Renderer
from .safeguards import Query, Safeguards, is_blank
from .segments import Segment, clauses, set_apart, shorten, split, without_list_mark
from .translation import NUMBERS, Alternative, Sentence, Translation
from .vocabulary import BACKWARD
from .vocabulary.characters import CharVocabulary
from .wording import Wording, Wordings

ENGINES = {"char-lstm": ("lstm", "LSTMEngine"), "transformer": ("ctranslate", "CTranslateEngine")}
"""The engine of each model, by the name in its configuration: a file of `dragoman.engine` and a class in it. It is
imported when a bundle needs it, so that none pays for the others.
"""

BATCH = 512
"""Texts that `Translator.stream` reads ahead: enough to keep all cores busy."""

MIN_LIMIT, MAX_LIMIT = 60, 200
"""Source tokens of a sentence that is translated whole. Between these it is the longest of training."""

Known = Callable[[Sequence[str]], Mapping[str, str]]
"""Source texts to their right translations, where there are some: what a translation memory says."""


@runtime_checkable
class _HasSymbols(Protocol):
    def symbol(self, name: str) -> int: ...


class _Source(NamedTuple):
    """A segment of a text and what the engine is asked about it: its ``wording``. One without a letter or of foreign
    words has no ids, nor has one whose translation is ``known``.
    """

    segment: Segment
    query: Query
    wording: Wording | None = None
    known: str | None = None
    is_clause: bool = False


class Translator:
    """A trained translator, in one direction.

    ``mark`` is the symbol before the source that a model of both directions expects. ``precision`` is ``"int8"`` or
    ``"float32"``; None is the engine's own.

    >>> translator = Translator.load("model")  # doctest: +SKIP
    >>> translator("Go.")  # doctest: +SKIP
    'Ve.'
    """

    def __init__(
        self,
        trained: TrainedModel,
        *,
        src: str,
        trg: str,
        bundle: Bundle | None = None,
        training: Sequence[Pair] | None = None,
        precision: str | None = None,
        mark: str | None = None,
    ) -> None:
        self.src = src
        self.trg = trg
        self.bundle = bundle
        self._training = training
        self.src_vocabulary = trained.src_vocabulary
        self.trg_vocabulary = trained.trg_vocabulary
        self._words = trained.words
        self._limit = min(max(trained.max_src_length, MIN_LIMIT), MAX_LIMIT)
        module, name = ENGINES[trained.config.name]
        engine = getattr(import_module(f".engine.{module}", __package__), name)
        self.engine: Engine = engine(trained) if precision is None else engine(trained, precision)
        # Characters are no units that could loop: good words repeat them.
        self._least = LEAST_CHARACTERS if isinstance(self.trg_vocabulary, CharVocabulary) else LEAST
        self._mark(mark)

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        *,
        src: str | None = None,
        trg: str | None = None,
        precision: str | None = None,
    ) -> Translator:
        """Return the translator in the folder ``path``; a bundle that cannot be trusted is a `BundleError`.

        ``src`` and ``trg`` choose the direction where a bundle has several; without them it is the first. ``en-US``
        and ``spa`` mean the nearest, ``en`` and ``es``. A direction that it lacks, and a precision that its engine
        lacks, are a `UsageError`.
        """
        if precision not in (None, *PRECISIONS):
            raise UsageError(f"the precision must be one of {', '.join(PRECISIONS)}, not {precision!r}")
        src, trg = standard(src), standard(trg)
        bundle = bundles.read(Path(path))
        src, trg, mark = direction_of(bundle, src, trg)
        try:
            return cls(bundle.trained, src=src, trg=trg, bundle=bundle, precision=precision, mark=mark)
        except BundleError as error:
            raise BundleError(f"{path}: the bundle is damaged: {error}") from error

    def reversed(self) -> Translator:
        """Return the translator of the other direction of the same model, over the same engine.

        A bundle of one direction is a `UsageError`.
        """
        assert self.bundle is not None, "only a bundle knows whether there is another direction"
        other = copy(self)
        other.src, other.trg, mark = direction_of(self.bundle, self.trg, self.src)
        other._training = None
        other._mark(mark)
        return other

    def __call__(self, text: str) -> str:
        """Return the translation of one text, searched for as the engine does by default."""
        return self.translate([text])[0].text

    def translate(
        self, texts: Sequence[str], options: SearchConfig | None = None, known: Known | None = None
    ) -> list[Translation]:
        """Return the translation of each text, in order.

        A text is cut into sentences, which are translated one by one; what stood between them stands between their
        translations. A blank text is its own translation, and no other has a blank one. A translation has at most twice
        as many tokens as its text and 10 more, and no line of it repeats an n-gram of words or tokens more often in a
        row than the source does or than is usual, and no sentence anywhere (`dragoman.loops`): one that would is
        translated clause by clause. With ``max_length`` in ``options`` each sentence has that many tokens at most
        instead.

        Texts and sentences that are ``known`` are taken as they are: not searched for, not checked, not cut.
        """
        options = options or SearchConfig()
        segments = {text: split(text, self.src) for text in texts}
        said = known([*segments, *_sentences(segments)]) if known else {}
        sources = {
            text: _known_whole(text, said[text]) if text in said else self._sources(segments[text], said)
            for text in segments
        }
        found = self._found(chain.from_iterable(sources.values()), options)
        loops = self._safeguards.loops
        looping = {query for query, hypotheses in found.items() if query.has_clauses and loops(query, hypotheses)}
        if looping:
            sources = {text: self._taken_apart(parts, looping) for text, parts in sources.items()}
            every = chain.from_iterable(sources.values())
            found |= self._found((source for source in every if source.query not in found), options)
        done = {text: self._translation(text, parts, found, options) for text, parts in sources.items()}
        return [done[text] for text in texts]

    def stream(self, texts: Iterable[str], options: SearchConfig | None = None) -> Iterator[Translation]:
        """Yield the translation of each text, in order, reading `BATCH` texts ahead."""
        remaining = iter(texts)
        while chunk := list(islice(remaining, BATCH)):
            yield from self.translate(chunk, options)

    def _mark(self, mark: str | None) -> None:
        known = self.bundle.confidence if self.bundle else {}
        self.confidence: Callable[[Evidence], float] | None = known.get(f"{self.src}-{self.trg}")
        self._backward = mark == BACKWARD
        words = self._words and (self._words[::-1] if self._backward else self._words)
        self._wordings = Wordings(self._is_unseen, self.src_vocabulary.is_foreign, words, self.src, self.trg)
        self._prefix = () if mark is None else (self._symbol(mark),)
        self._renderer = Renderer(self.src_vocabulary, self.trg_vocabulary, len(self._prefix), words)

    def _symbol(self, mark: str) -> int:
        if not isinstance(self.src_vocabulary, _HasSymbols):
            raise BundleError(f"a model of both directions needs a vocabulary with the symbol {mark}")
        return self.src_vocabulary.symbol(mark)

    @property
    def _safeguards(self) -> Safeguards:
        return Safeguards(self.engine, self.trg_vocabulary, self._least, self._prefix)

    def _found(self, sources: Iterable[_Source], options: SearchConfig) -> dict[Query, list[Hypothesis]]:
        """Return the hypotheses of each query, with attention where signs are put back by it."""
        needs_links: dict[Query, bool] = {}
        for source in sources:
            if source.query.text:
                needs = source.wording is not None and source.wording.needs_links
                needs_links[source.query] = needs or needs_links.get(source.query, False)
        found: dict[Query, list[Hypothesis]] = {}
        for is_close, how in ((False, options), (True, replace(options, attention=True))):
            if queries := [query for query, needs in needs_links.items() if needs == is_close]:
                found |= zip(queries, self._safeguards.translate(queries, how), strict=True)
        is_doubtful = self._renderer.is_doubtful
        doubtful = [query for query, hypotheses in found.items() if is_doubtful(query.text, hypotheses)]
        if doubtful:
            ids = [(*self._prefix, *query.ids) for query in doubtful]
            closely = self.engine.look_closely(ids, [found[query][0] for query in doubtful])
            found |= {query: [best, *found[query][1:]] for query, best in zip(doubtful, closely, strict=True)}
        return found

    def _taken_apart(self, sources: Iterable[_Source], looping: Set[Query]) -> list[_Source]:
        """Return ``sources`` with the clauses of those that are ``looping`` in their places."""
        return [
            part
            for source in sources
            for part in (
                [self._source(clause, is_clause=True) for clause in clauses(source.segment)]
                if source.query in looping
                else [source]
            )
        ]

    def _sources(self, segments: Iterable[Segment], known: Mapping[str, str]) -> list[_Source]:
        """Return what a text is made of, in sentences that are known, or parts of them that the model can take."""
        return [source for segment in segments for source in self._parts(segment, known)]

    def _parts(self, segment: Segment, known: Mapping[str, str]) -> Iterator[_Source]:
        """Yield what the model can take of a sentence; the mark of a list and foreign words are taken over as they
        are.
        """
        *marks, unmarked = [segment] if segment.text in known else without_list_mark(segment)
        yield from (_Source(mark, Query("", ())) for mark in marks)
        if unmarked.text in known:
            yield _Source(unmarked, Query("", ()), known=known[unmarked.text])
            return
        if self._words is not None:
            yield from self._short_parts(unmarked)
            return
        for part in set_apart(unmarked, self.src_vocabulary.is_foreign):
            if part.is_foreign:
                yield _Source(part.segment, Query("", ()))
            else:
                yield from self._short_parts(part.segment)

    def _short_parts(self, segment: Segment) -> list[_Source]:
        source = self._source(segment)
        if len(source.query.ids) <= self._limit and not (source.wording and source.wording.overflows):
            return [source]
        return [self._source(part) for part in shorten(segment, self._size, self._limit)]

    def _source(self, segment: Segment, *, is_clause: bool = False) -> _Source:
        wording = self._wordings.of(clean(segment.text))  # as the training pairs were
        if not wording.is_readable:
            return _Source(segment, Query("", ()))
        ids = tuple(self.src_vocabulary.encode(wording.text))
        has_clauses = not is_clause and len(ids) <= self._limit and len(clauses(segment)) > 1
        return _Source(segment, Query(wording.text, ids, has_clauses), wording, is_clause=is_clause)

    def _is_unseen(self, character: str) -> bool:
        return self.src_vocabulary.is_foreign(character) or bool(self.src_vocabulary.unknown(character))

    def _size(self, text: str) -> int:
        """The tokens of ``text`` as the model reads it; more than it can take where ``text`` has too many slots."""
        wording = self._wordings.of(clean(text))
        return len(self.src_vocabulary.encode(wording.text)) + self._limit * wording.overflows

    def _n_tokens(self, text: str) -> int:
        return len(self.src_vocabulary.encode(clean(text)))

    def _translation(
        self, text: str, sources: list[_Source], found: dict[Query, list[Hypothesis]], options: SearchConfig
    ) -> Translation:
        """Put the translation of ``text`` together from the hypotheses that were ``found``."""
        if is_blank(text):
            return Translation(text, text, 0.0, (Alternative(text, 0.0),), ())
        cleaned = clean(text)
        queries = [source.query for source in sources if source.query.text]
        whole = queries and cleaned == queries[0].text
        src_ids = queries[0].ids if whole else self.src_vocabulary.encode(cleaned)
        limit = None
        if options.max_length is None:
            limit = 2 * len(src_ids) + 10 - sum(self._n_tokens(s.segment.text) for s in sources if not s.query.text)
        n = max([1, *(len(found[query]) for query in queries)])
        ways = []
        for i in range(n):
            pieces = [self._piece(source, found.get(source.query, []), i) for source in sources]
            cut = assemble(pieces, src_ids, self.trg_vocabulary, limit=limit, least=self._least)
            ways.append([self._rendered(piece, source) for piece, source in zip(cut, sources, strict=True)])
        by_text: dict[str, Alternative] = {}
        for pieces in ways:
            way = Alternative(text_of(pieces), _score(pieces))
            by_text.setdefault(way.text, way)
        alternatives = tuple(by_text.values())
        every = (self._sentence(piece, source, options) for piece, source in zip(ways[0], sources, strict=True))
        sentences = tuple(sentence for sentence in every if sentence.src)
        return Translation(
            text,
            *alternatives[0],
            alternatives,
            (*self.src_vocabulary.unknown("".join(query.text for query in queries)), *_unknown_words(sentences)),
            sentences,
            "memory" if all(source.known is not None for source in sources if source.segment.text) else "model",
            tuple(dict.fromkeys(warning for sentence in sentences for warning in sentence.warnings)),
            min((s.confidence for s in sentences if s.confidence is not None), default=None),
        )

    def _piece(self, source: _Source, hypotheses: list[Hypothesis], number: int) -> Piece:
        """The segment of ``source`` with what is known, or its hypothesis of that number, or the last, or as it is."""
        if source.known is not None:
            return Piece(source.segment, 0, source.known, is_known=True)
        hypothesis = hypotheses[min(number, len(hypotheses) - 1)] if hypotheses else None
        return Piece.of(source.segment, len(source.query.ids), hypothesis, self.trg_vocabulary)

    def _rendered(self, piece: Piece, source: _Source) -> Piece:
        if piece.hypothesis is None or source.wording is None:
            return piece
        return self._renderer.rendered(piece, source.wording, source.query.ids, is_clause=source.is_clause)

    def _sentence(self, piece: Piece, source: _Source, options: SearchConfig) -> Sentence:
        src, text, hypothesis = piece.segment.text, piece.text, piece.hypothesis
        if hypothesis is None:
            return Sentence(src, text, 0.0, origin="memory" if piece.is_known else "model")
        warnings = () if has_numbers_of(src, text) else (NUMBERS,)
        evidence = Evidence(src, text, len(source.query.ids), hypothesis.score, len(piece.unknown))
        confidence = self.confidence(evidence) if self.confidence else None
        if not (options.token_scores or options.attention):
            return Sentence(
                src, text, hypothesis.score, warnings=warnings, unknown=piece.unknown, confidence=confidence
            )
        n_trg = len(hypothesis.ids)
        scores, looks = hypothesis.token_scores, None
        if options.attention and hypothesis.attention is not None:
            looks = self._renderer.looks(source.query.ids, hypothesis, hypothesis.attention)
        return Sentence(
            src,
            text,
            hypothesis.score,
            *self._renderer.tokens(source.wording, source.query.ids, hypothesis.ids),
            scores[:n_trg] if options.token_scores and scores is not None else None,
            looks,
            warnings=warnings,
            unknown=piece.unknown,
            confidence=confidence,
        )

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the bundle, or an empty string for a translator that was not loaded from one."""
        return self.bundle.fingerprint if self.bundle else ""

    def training_pairs(self) -> Sequence[Pair] | None:
        """Return the pairs that the model was trained on, in this direction, or None if they are not known."""
        if self._training is None and self.bundle is not None:
            pairs = self.bundle.pairs("train")
            turn = self._backward and pairs is not None
            self._training = [pair.reversed() for pair in pairs or ()] if turn else pairs
        return self._training


def _sentences(segments: Mapping[str, Sequence[Segment]]) -> list[str]:
    """The sentences of texts, each once, with and without the mark of a list."""
    every = (segment for text in segments.values() for segment in text if segment.text)
    return list(dict.fromkeys(text for one in every for text in (one.text, without_list_mark(one)[-1].text)))


def _known_whole(text: str, translation: str) -> list[_Source]:
    """A text whose translation is known, as one segment; the white space around it stays."""
    nothing, stripped = Query("", ()), text.strip()
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    whole = _Source(Segment(before, stripped), nothing, known=translation)
    return [whole, _Source(Segment(after, ""), nothing)] if after else [whole]


def _unknown_words(sentences: Sequence[Sentence]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for sentence in sentences for word in sentence.unknown))


def _score(pieces: Sequence[Piece]) -> float:
    """The mean of the scores of all tokens, the ends included."""
    scored = [(piece.hypothesis.score, len(piece.ids) + 1) for piece in pieces if piece.hypothesis]
    if len(scored) == 1:
        return scored[0][0]
    n_tokens = sum(n for _, n in scored)
    return fsum(score * n for score, n in scored) / n_tokens if n_tokens else 0.0
