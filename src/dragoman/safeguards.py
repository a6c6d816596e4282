"""A search whose results people can use: without loops and with the numbers of the source where that can
be had, and never blank.

It stands between an engine and the text that is made of its hypotheses, and asks the engine again only for those few
sentences whose hypothesis nobody could use. What a sentence gets does not depend on the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from .config import MAX_BEAM, SearchConfig
from .corpus.lines import clean
from .documents.words import spoken
from .engine import Engine, Hypothesis
from .errors import UsageError
from .loops import LEAST, allowed_in_a_row, loop_begin, may_loop, most_in_a_row
from .numbers import has_numbers_of, with_numbers_of
from .slots import ANY, has_slots_of, mended
from .vocabulary import Vocabulary

NO_REPEAT = 3
"""The n-gram that a search against loops forbids to come twice. Two would forbid "de la ... de la"."""

N_FOR_FAITH = 8
"""Hypotheses that are looked through where the best has other numbers or slots than the source."""

N_AGAINST_BLANKS = 4
"""Hypotheses that are looked through where the best is blank."""

N_FOR_ONE = 3
"""Hypotheses that are looked through for each that is wanted, where several spell the same text."""


_MUST_STAY = re.compile(rf"\d|{ANY.pattern}")


class Query(NamedTuple):
    """What is translated at once: a cleaned text and its ids, without BOS and EOS; ``has_clauses`` that could be
    translated one by one instead.
    """

    text: str
    ids: tuple[int, ...]
    has_clauses: bool = False


def is_blank(text: str) -> bool:
    """Tell whether ``text`` has nothing to read: only white space and control characters."""
    return not clean(text)


@dataclass(frozen=True)
class Safeguards:
    """An engine and what is asked of its hypotheses.

    ``prefix`` stands before the ids of every source. ``least`` is how often an n-gram of target ids may stand in a row
    in any translation.
    """

    engine: Engine
    trg_vocabulary: Vocabulary
    least: int = LEAST
    prefix: tuple[int, ...] = ()

    def translate(self, sources: Sequence[Query], options: SearchConfig) -> list[list[Hypothesis]]:
        """Return the hypotheses of each source that are not blank and have different texts, best first; but before any
        other comes one with the numbers and the slots of the source, if a wider search finds one, or it can be made of
        the best.
        One that `loops` is searched for again, unless its source has clauses to be taken apart at.

        Where the search finds only blank ones, they are those of a wider search, else the source's own text with the
        score that the model gives it; none where the target vocabulary cannot spell that.
        """
        readable = [i for i, source in enumerate(sources) if source.ids]
        found: list[list[Hypothesis]] = [[] for _ in sources]
        for i, hypotheses in zip(readable, self._search([sources[i] for i in readable], options), strict=True):
            found[i] = hypotheses
        self._break_loops(sources, found, options)
        if options.temperature is None:
            self._keep_faithful(sources, found, options)
        self._fill_blanks(sources, found, options)
        if options.n_best > 1:
            self._make_distinct(sources, found, options)
        return found

    def _search(self, sources: Iterable[Query], options: SearchConfig) -> list[list[Hypothesis]]:
        found = self.engine.translate([(*self.prefix, *source.ids) for source in sources], options)
        return [[hypothesis for hypothesis in hypotheses if not self._is_blank(hypothesis)] for hypotheses in found]

    def _is_blank(self, hypothesis: Hypothesis) -> bool:
        return is_blank(self.trg_vocabulary.decode(hypothesis.ids))

    def _break_loops(self, sources: Sequence[Query], found: list[list[Hypothesis]], options: SearchConfig) -> None:
        """Search again where the best hypothesis repeats itself, with repetition forbidden."""
        looping = [
            i for i, hypotheses in enumerate(found) if not sources[i].has_clauses and self.loops(sources[i], hypotheses)
        ]
        if not looping or options.no_repeat_ngram:
            return
        try:
            again = self._search([sources[i] for i in looping], replace(options, no_repeat_ngram=NO_REPEAT))
        except UsageError:
            return  # The engine cannot forbid it.
        for i, hypotheses in zip(looping, again, strict=True):
            if hypotheses and not self.loops(sources[i], hypotheses):
                found[i] = hypotheses

    def loops(self, source: Query, hypotheses: Sequence[Hypothesis]) -> bool:
        """Tell whether the best of ``hypotheses`` repeats itself more than ``source`` does: in a row or anywhere."""
        if not hypotheses:
            return False
        text = self.trg_vocabulary.decode(hypotheses[0].ids)
        return (
            _exceeds(text.split(), source.text.split(), LEAST)
            or _exceeds(hypotheses[0].ids, source.ids, self.least)
            or (may_loop(words := spoken(text)) and loop_begin(words, spoken(source.text)) is not None)
        )

    def _keep_faithful(self, sources: Sequence[Query], found: list[list[Hypothesis]], options: SearchConfig) -> None:
        """Look further where the best hypothesis has other numbers or slots than its source, or put them right."""
        wrong = [
            i
            for i, hypotheses in enumerate(found)
            if hypotheses and _MUST_STAY.search(sources[i].text) and not self._is_faithful(sources[i], hypotheses[0])
        ]
        again = self._search([sources[i] for i in wrong], _wider(options, N_FOR_FAITH)) if wrong else []
        for i, wider in zip(wrong, again, strict=True):
            right = (hypothesis for hypothesis in wider if self._is_faithful(sources[i], hypothesis))
            best = next(right, None) or self._mended(sources[i], found[i][0])
            if best is not None:
                others = [hypothesis for hypothesis in found[i] if hypothesis.ids != best.ids]
                found[i] = [best, *others][: options.n_best]

    def _is_faithful(self, source: Query, hypothesis: Hypothesis) -> bool:
        text = self.trg_vocabulary.decode(hypothesis.ids)
        return has_numbers_of(source.text, text) and has_slots_of(source.text, text)

    def _mended(self, source: Query, hypothesis: Hypothesis) -> Hypothesis | None:
        """Return ``hypothesis`` with the slots and, if that can be, the numbers of ``source``, scored by the model."""
        said = self.trg_vocabulary.decode(hypothesis.ids)
        slotted = said if has_slots_of(source.text, said) else mended(source.text, said)
        text = with_numbers_of(source.text, slotted) or slotted
        if text == said:
            return None
        ids = self.trg_vocabulary.encode(text)
        if self.trg_vocabulary.decode(ids) != text:
            return None
        return self.engine.score([(*self.prefix, *source.ids)], [ids])[0]

    def _fill_blanks(self, sources: Sequence[Query], found: list[list[Hypothesis]], options: SearchConfig) -> None:
        """Search more widely where nothing was found, and then take the source itself."""
        blank = [i for i, hypotheses in enumerate(found) if sources[i].ids and not hypotheses]
        if blank:
            again = self._search([sources[i] for i in blank], _wider(options, N_AGAINST_BLANKS))
            for i, hypotheses in zip(blank, again, strict=True):
                found[i] = hypotheses[: options.n_best]
        for source, hypotheses in zip(sources, found, strict=True):
            if not hypotheses:
                hypotheses.extend(self._copied(source))

    def _make_distinct(self, sources: Sequence[Query], found: list[list[Hypothesis]], options: SearchConfig) -> None:
        """Leave one hypothesis of each text, and search more widely where these are too few."""
        found[:] = map(self._distinct, found)
        few = [i for i, hypotheses in enumerate(found) if sources[i].ids and len(hypotheses) < options.n_best]
        wider = _wider(options, min(N_FOR_ONE * options.n_best, MAX_BEAM))
        again = self._search([sources[i] for i in few], wider) if few else []
        for i, others in zip(few, again, strict=True):
            every = self._distinct([*found[i], *others])
            found[i] = [*every[:1], *sorted(every[1:], key=lambda hypothesis: -hypothesis.score)][: options.n_best]

    def _distinct(self, hypotheses: Iterable[Hypothesis]) -> list[Hypothesis]:
        by_text: dict[str, Hypothesis] = {}
        for hypothesis in hypotheses:
            by_text.setdefault(clean(self.trg_vocabulary.decode(hypothesis.ids)), hypothesis)
        return list(by_text.values())

    def _copied(self, source: Query) -> list[Hypothesis]:
        ids = self.trg_vocabulary.encode(source.text)
        if self.trg_vocabulary.decode(ids) != source.text:
            return []
        return self.engine.score([(*self.prefix, *source.ids)], [ids])


def _exceeds(tokens: Sequence[object], src_tokens: Sequence[object], least: int) -> bool:
    most = most_in_a_row(tokens)
    return most > least and most > allowed_in_a_row(src_tokens, least)


def _wider(options: SearchConfig, n: int) -> SearchConfig:
    """Options that ask for ``n`` hypotheses, in a beam that holds them."""
    n_best = max(options.n_best, n)
    is_beam = options.beam is not None and options.temperature is None
    return replace(options, n_best=n_best, beam=max(options.beam or 0, n_best) if is_beam else options.beam)
