"""Which of the languages that are served a text is in, or of all that the library knows.

What is known of languages is py3langid's, loaded with a `Detector`. Knows nothing of translators or requests.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .errors import MissingPackageError

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LOOKED_AT = 4_000
"""Characters of a text among which a letter is looked for: the rest of a long one costs nothing."""
ENOUGH = 1_000
"""Characters that are looked at, from the first letter."""
SURE = 0.3
"""The least confidence with which one of all languages is told: many are like others, and it is a guess."""


class Detector:
    """Tells in which of ``languages`` (ISO 639 codes) a text is. Threads may share it.

    It needs the extra ``serve``, and 80 MB of memory. What it gets right is measured by ``bench/detection.py``.
    """

    def __init__(self, languages: Iterable[str]) -> None:
        self.languages = tuple(dict.fromkeys(languages))
        self._identifier, known = _identifier()
        self._labels = {code: label for code in self.languages if (label := code.split("-")[0]) in known}
        if self._labels:
            self._identifier.set_languages(sorted(set(self._labels.values())))

    def detect(self, text: str) -> list[tuple[str, float]]:
        """Return all languages with the confidence (0 to 1) that ``text`` is in each, best first.

        The confidences are shares among these languages: a text in another language is still told to be in the one
        that it looks most like. All are 0, and the order is that in which they were given, for a text that shows
        nothing: one without letters, or with nothing that sets the languages apart. A language that the library does
        not know has 0 always.
        """
        shown = _shown(text)
        ranked: dict[str, float] = dict(self._identifier.rank(shown)) if shown and self._labels else {}
        says_nothing = len(ranked) > 1 and len(set(ranked.values())) == 1
        found = {code: 0.0 if says_nothing else ranked.get(self._labels.get(code, ""), 0.0) for code in self.languages}
        return sorted(found.items(), key=lambda pair: -pair[1])


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


def _identifier() -> tuple[LanguageIdentifier, frozenset[str]]:
    """The library's model, for this detector alone, and the languages that it knows."""
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ModuleNotFoundError as error:
        raise MissingPackageError("telling languages apart needs py3langid: pip install 'dragoman[serve]'") from error
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return identifier, frozenset(identifier.labels)
