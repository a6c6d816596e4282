"""The words of one side of a training: how often each was seen, and how it is usually written.

What a translator asks before it believes that training knows a word. Scripts without spaces have no words here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, Self

from .errors import BundleError
from .scripts import UNSPACED

_LETTER = rf"(?!{UNSPACED.pattern})[^\W\d_]"
WORD = re.compile(rf"{_LETTER}(?:{_LETTER}|[\u0300-\u036f]|['’](?={_LETTER}))*")
"""A word: letters with their accents, and apostrophes between letters."""
_BEGINS_SENTENCE = re.compile(r"(?:^|[.!?…:]\s)[\s\W]*$")

MOST_WORDS = 500_000
"""Forms that are kept, the most frequent ones."""
MAX_BYTES = 32 * 2**20
STEM_LETTERS, ENDING_LETTERS = 4, 3
"""Words that begin alike are forms of one word: so many letters at least, all but so many at most."""


class Seen(NamedTuple):
    """How often a form was seen ``inside`` sentences and at their ``start``, and in how many of all its pairs it stood
    ``copied`` on the other side.
    """

    inside: int
    start: int
    copied: int = 0


class Lexicon:
    """The ``forms`` of words, each with how it was `Seen`."""

    def __init__(self, forms: dict[str, Seen]) -> None:
        self.forms = forms
        self._by_key: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}
        for form, seen in forms.items():
            key = form.lower()
            self._by_key.setdefault(key, []).append(form)
            self._counts[key] = self._counts.get(key, 0) + seen.inside + seen.start
        self._keys = sorted(self._counts)

    @classmethod
    def learned_from(cls, texts: Iterable[tuple[str, str]]) -> Self:
        """Return the lexicon of the first of each pair of ``texts``; the second tells what was copied."""
        inside: Counter[str] = Counter()
        start: Counter[str] = Counter()
        copied: Counter[str] = Counter()
        for text, other in texts:
            for match in WORD.finditer(text):
                form = match[0].replace("’", "'")
                begin = match.start()
                (start if begin == 0 or _begins_sentence(text, begin) else inside)[form] += 1
                if form[0].isupper() and form in other:
                    copied[form] += 1
        total = inside + start
        kept = (form for form, _ in sorted(total.items(), key=lambda item: (-item[1], item[0]))[:MOST_WORDS])
        return cls({form: Seen(inside[form], start[form], copied[form]) for form in kept})

    def joined(self, other: Lexicon) -> Lexicon:
        """Return the lexicon of the words of both, each as often as the one that saw it more."""
        forms = dict(self.forms)
        for form, seen in other.forms.items():
            forms[form] = max(seen, forms.get(form, seen), key=lambda each: each.inside + each.start)
        return Lexicon(forms)

    def __len__(self) -> int:
        return len(self.forms)

    def count(self, word: str) -> int:
        """Return how often ``word`` was seen, however it is written."""
        return self._counts.get(word.lower().replace("’", "'"), 0)

    def usual(self, word: str) -> str | None:
        """Return ``word`` as it is usually written inside sentences, or None if it was never seen."""
        key = word.lower().replace("’", "'")
        forms = self._by_key.get(key)
        if forms is None:
            return None
        best = max(forms, key=lambda form: (self.forms[form].inside, form))
        if self.forms[best].inside:
            return best
        return best if len(best) > 1 and best.isupper() and len(forms) == 1 else key

    def keys(self) -> Sequence[str]:
        """Return the words in small letters, each once, in order."""
        return self._keys

    def has_stem(self, word: str, least: int) -> bool:
        """Tell whether a word was seen that begins as ``word`` does: with all its letters but the last few, ``least``
        at least.
        """
        stem = _stem(word.lower())
        place = bisect_left(self._keys, stem)
        return len(stem) >= least and place < len(self._keys) and self._keys[place].startswith(stem)

    def is_copied(self, word: str) -> bool:
        """Tell whether ``word``, as it is written, stood on both sides of (nearly) all pairs that have it."""
        seen = self.forms.get(word)
        return seen is not None and seen.copied > 0 and 10 * seen.copied >= 9 * (seen.inside + seen.start)

    def to_lines(self) -> Iterator[str]:
        """Yield the forms, one a line, for `from_lines`."""
        for form, seen in self.forms.items():
            yield "\t".join((form, *map(str, seen))) + "\n"

    @classmethod
    def from_lines(cls, lines: Iterable[str]) -> Self:
        """Return what `to_lines` wrote; damage is a `BundleError`."""
        forms: dict[str, Seen] = {}
        for line in islice(lines, MOST_WORDS):
            try:
                form, inside, start, copied = line.split("\t")
                forms[form] = seen = Seen(int(inside), int(start), int(copied))
            except ValueError:
                form, seen = "", Seen(-1, -1)
            if not form or " " in form or min(seen) < 0:  # nothing dearer: a command waits for it
                raise BundleError(f"a lexicon has the line {line!r:.60}; copy the bundle again")
        return cls(forms)


def _begins_sentence(text: str, begin: int) -> bool:
    return _BEGINS_SENTENCE.search(text, max(0, begin - 6), begin) is not None


def _stem(word: str) -> str:
    return word[: max(STEM_LETTERS, len(word) - ENDING_LETTERS)]
