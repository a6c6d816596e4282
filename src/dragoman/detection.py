"""Which of the languages that are served a text is in, or of all that the library knows.

What is known of languages is py3langid's, loaded with the first `Detector`. Knows nothing of translators or requests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from .errors import MissingPackageError

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LOOKED_AT = 4_000
"""Characters of a text among which a letter is looked for: the rest of a long one costs nothing."""
ENOUGH = 1_000
"""Characters that are looked at, from the first letter."""
SURE = 0.3
"""The least confidence with which one of all languages is told: many are like others, and it is a guess."""
LEAST, LEAST_SHARE = 0.1, 0.95
"""A text is surely in one of a few languages if it has this confidence among all, and this share among the few.
``bench/detection.py`` measures it: docs/documents.md.
"""
ELSEWHERE, NAMED = 0.003, 0.5
"""A text of several words is surely in none of a few languages if all of them together have less confidence among all
than the first, and another one has the second.
"""
FAR = 1e-5
"""Any text is, if they have less than this, as in another script. (A single word may be a name.)"""


class Judged(NamedTuple):
    """The language that a text is taken to be in, its share among those that were asked about (0 to 1), and whether it
    is sure. One that was not asked about always is, and its share is that among all languages.
    """

    language: str
    confidence: float
    is_sure: bool


class Detector:
    """Tells in which of ``languages`` (ISO 639 codes) a text is. Threads may share it.

    It needs the extra ``serve``, and 80 MB of memory. What it gets right is measured by ``bench/detection.py``.
    """

    def __init__(self, languages: Iterable[str]) -> None:
        self.languages = tuple(dict.fromkeys(languages))
        self._identifier, self._known = _identifier()

    def detect(self, text: str) -> list[tuple[str, float]]:
        """Return all languages with the confidence (0 to 1) that ``text`` is in each, best first.

        The confidences are shares among these languages: a text in another language is still told to be in the one
        that it looks most like. All are 0, and the order is that in which they were given, for a text that shows
        nothing: one without letters, or with nothing that sets the languages apart. A language that the library does
        not know has 0 always.
        """
        return self._shares(self._ranked(text), self.languages)

    def judge(self, text: str, sources: Sequence[str], trg: str) -> Judged:
        """Return the language that ``text`` is taken to be in where it is to be translated into ``trg``, from one of
        ``sources``.

        It is ``trg`` or another language only where that is sure; and nothing is where the library does not know one
        of the languages that could be meant. What shows nothing is in the first of ``sources``.
        """
        ranked = self._ranked(text)
        if (other := self._elsewhere(text, ranked, [*sources, trg])) is not None:
            return other
        are_known = self._are_known(sources)
        found = (
            Judged(code, share, are_known and share >= LEAST_SHARE and ranked[self._label(code)] >= LEAST)
            for code, share in self._shares(ranked, [*sources, trg])
        )
        return next(each for each in found if each.is_sure or each.language in sources)

    def knows(self, code: str) -> bool:
        """Tell whether the library knows the language ``code``."""
        return self._are_known([code])

    def elsewhere(self, text: str) -> Judged | None:
        """Return the language that ``text`` is in where it is surely none of ``languages``."""
        return self._elsewhere(text, self._ranked(text), self.languages)

    def _elsewhere(self, text: str, ranked: Mapping[str, float], codes: Sequence[str]) -> Judged | None:
        if not ranked or not self._are_known(codes):
            return None
        best = max(ranked, key=lambda label: ranked[label])
        limit = ELSEWHERE if ranked[best] >= NAMED and len(text.split(maxsplit=1)) > 1 else FAR
        confidence = sum(ranked[label] for label in {self._label(code) for code in codes})
        return Judged(best, ranked[best], True) if confidence < limit else None

    def _shares(self, ranked: Mapping[str, float], codes: Sequence[str]) -> list[tuple[str, float]]:
        """The shares of ``codes``, best first."""
        found = {code: ranked.get(self._label(code), 0.0) for code in codes}
        known = {label: ranked[label] for code in codes if (label := self._label(code)) in ranked}
        whole = sum(known.values())
        if not whole or (len(known) > 1 and len(set(known.values())) == 1):
            return [(code, 0.0) for code in found]
        return sorted(((code, share / whole) for code, share in found.items()), key=lambda pair: -pair[1])

    def _ranked(self, text: str) -> dict[str, float]:
        """The confidence of each language that the library knows, by its label."""
        shown = _shown(text)
        return dict(self._identifier.rank(shown)) if shown else {}

    def _are_known(self, codes: Iterable[str]) -> bool:
        return all(self._label(code) in self._known for code in codes)

    @staticmethod
    def _label(code: str) -> str:
        return code.split("-")[0]


def likely_language(text: str) -> str | None:
    """Return the code of the language that ``text`` is in, among all that the library knows, or None where it does not
    show.
    """
    identifier, _ = _identifier()
    code, confidence = identifier.classify(shown) if (shown := _shown(text)) else ("", 0.0)
    return code if confidence >= SURE else None


def _shown(text: str) -> str:
    """What of ``text`` the library is shown; nothing where there are no letters.

    It looks at runs of bytes, and knows where a word begins and ends by the spaces around it: these, and the text once
    more in small letters, halve the errors on single words.
    """
    text = text[:LOOKED_AT]
    first = next((place for place, character in enumerate(text) if character.isalpha()), None)
    if first is None:
        return ""
    text = text[first : first + ENOUGH]
    return f" {text} {text.lower()} "


@lru_cache(maxsize=1)
def _identifier() -> tuple[LanguageIdentifier, frozenset[str]]:
    """The library's model, which is never restricted to some languages, and those that it knows."""
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ModuleNotFoundError as error:
        raise MissingPackageError("telling languages apart needs py3langid", "dragoman[serve]") from error
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return identifier, frozenset(identifier.labels)
