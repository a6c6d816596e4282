"""How sure a model's translations are, found out on dev sentences and on text that is harder than they are.

Dev sentences are like those of training. What people translate often is not: it is longer, its words have not stood
together before, and whoever translated it for comparison did so more freely. A confidence that is fitted to dev
sentences alone takes nearly all of it for good. Translates and fits; keeps nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from copy import copy

from .confidence import MIN_SENTENCES, USEFUL, Confidence, Evidence, features
from .corpus.pairs import Pair, evenly
from .metrics import length_unit, lengths, sentence_chrf
from .translator import Translator

N_PLAIN, N_HARD = 400, 200
"""Dev sentences that are translated as they are, and sentences that are made of them."""
SHORTEST, LONGEST = 4, 32
"""Words of a sentence that is made: it is joined from dev sentences until it has so many."""
UNITS_A_WORD = {"words": 1.0, "characters": 2.5}
MOST_LOOKED_AT = 2000
"""Dev pairs that sentences are made of."""
MOST_STRANGE, MOST_FREE = 0.4, 0.5
"""The share of the words of its source, and of its reference, that others take the place of, at most."""

_WORD = re.compile(r"[^\W\d_]{3,}")
_FINAL_MARKS = " .!?。！？…।"


def n_translated(pairs: Sequence[Pair], src: str) -> int:
    """Return the number of dev ``pairs`` whose translation takes as long as all that `calibrated` asks for."""
    if len(pairs) < MIN_SENTENCES:
        return 0
    n_units = lengths([pair.src for pair in evenly(pairs, MOST_LOOKED_AT)], src)
    n_wanted = (SHORTEST + LONGEST) / 2 * UNITS_A_WORD[length_unit(src)]
    n_joined = 1 + n_wanted * len(n_units) / max(sum(n_units), 1)
    return min(N_PLAIN, len(pairs)) + round(N_HARD * n_joined)


def calibrated(translator: Translator, pairs: Sequence[Pair], seed: int = 0) -> Confidence | None:
    """Return how sure the translations of ``translator`` are, fitted to its translations of dev ``pairs`` and of
    `harder_text`; None for less than `MIN_SENTENCES` pairs. A function of all arguments.
    """
    if len(pairs) < MIN_SENTENCES:
        return None
    asked = [*evenly(pairs, N_PLAIN), *harder_text(pairs, translator.src, translator.trg, seed)]
    seen: dict[tuple[str, str], Evidence] = {}

    def note(evidence: Evidence) -> float:
        seen[evidence.src, evidence.trg] = evidence
        return 0.0

    observed = copy(translator)
    observed.confidence = note
    translations = observed.translate([pair.src for pair in asked])
    # What was cut into several sentences is no example of one.
    found = [
        (seen[translation.src, translation.text], translation.text, pair.trg)
        for pair, translation in zip(asked, translations, strict=True)
        if (translation.src, translation.text) in seen
    ]
    if len(found) < MIN_SENTENCES:
        return None
    evidence, hyps, refs = zip(*found, strict=True)
    useful = [chrf > USEFUL for chrf in sentence_chrf(hyps, refs, trg=translator.trg)]
    return Confidence.fitted(features(evidence), useful)


def harder_text(pairs: Sequence[Pair], src: str, trg: str, seed: int) -> Iterator[Pair]:
    """Yield `N_HARD` sentences made of ``pairs``: one or several joined by commas, with words from elsewhere in the
    source (as of a subject that training never had) and in the reference (as of a freer translation).
    """
    some = evenly(pairs, MOST_LOOKED_AT)
    n_units = lengths([pair.src for pair in some], src)
    src_words, trg_words = (_WORD.findall(" ".join(texts)) for texts in ([p.src for p in some], [p.trg for p in some]))
    src_words += [word[::-1] for word in src_words]  # which training has not seen
    chance = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(N_HARD):
        wanted, parts = chance.uniform(SHORTEST, LONGEST) * UNITS_A_WORD[length_unit(src)], []
        while wanted > 0:
            place = chance.randrange(len(some))
            parts.append(some[place])
            wanted -= max(n_units[place], 1)
        joined_src, joined_trg = _joined([p.src for p in parts], src), _joined([p.trg for p in parts], trg)
        yield Pair(
            _mixed(joined_src, src_words, chance.uniform(0, MOST_STRANGE), chance),
            _mixed(joined_trg, trg_words, chance.uniform(0, MOST_FREE), chance),
            parts[0].origin,
        )


def _joined(texts: Sequence[str], code: str) -> str:
    comma = ", " if length_unit(code) == "words" else "、"
    return comma.join([*(text.rstrip(_FINAL_MARKS) for text in texts[:-1]), texts[-1]])


def _mixed(text: str, others: Sequence[str], share: float, chance: random.Random) -> str:
    """Return ``text`` with ``others`` in the place of a ``share`` of its words."""
    return _WORD.sub(lambda word: chance.choice(others) if chance.random() < share else word[0], text)
