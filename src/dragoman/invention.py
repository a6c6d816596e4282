"""Invented words: those of a translation that neither its language nor its source has.

Whether a language has a word is told by a Hunspell dictionary where one is installed (Debian's ``hunspell-es``), else
by the target sentences of training. Only this file knows of Hunspell. It changes no translation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from .corpus.languages import nearest
from .metrics import length_unit, share
from .report import Invented

FOLDERS = ("/usr/share/hunspell", "/usr/local/share/hunspell", "/opt/homebrew/share/hunspell")
"""Where systems keep Hunspell's dictionaries."""

# Letters, digits and the marks that stand beside letters in Latin, Hebrew, Arabic and Indic scripts.
_RUN = "[\\w\u0300-\u036f\u0591-\u05c7\u0610-\u06ff\u0900-\u0dff]+"
_WORD = re.compile(f"{_RUN}(?:'{_RUN})*")
_NO_LETTER = re.compile(r"[\d_]")


class Words(Protocol):
    """The words of a language; case is ignored."""

    @property
    def by(self) -> str:
        """Whose words they are, such as "hunspell es_ES"."""
        ...

    def __contains__(self, word: object, /) -> bool:
        """Tell whether the language has ``word``, as `words` yields it."""
        ...


class DictionaryWords:
    """The words of a Hunspell dictionary, each looked up once; ``spell`` tells whether it has a word as written."""

    def __init__(self, name: str, spell: Callable[[str], bool]) -> None:
        self.by = f"hunspell {name}"
        self._spell = spell
        self._known: dict[str, bool] = {}

    def __contains__(self, word: object, /) -> bool:
        assert isinstance(word, str)
        if word not in self._known:
            # German nouns and all names are in it with a capital only.
            self._known[word] = any(self._spell(form) for form in (word, word.lower(), word.capitalize()))
        return self._known[word]


class TrainingWords:
    """The words of the target sentences ``trgs`` of a training."""

    by = "the target words of training"

    def __init__(self, trgs: Iterable[str]) -> None:
        self._known = {part for trg in trgs for part in _forms(trg)}

    def __contains__(self, word: object, /) -> bool:
        assert isinstance(word, str)
        return word.lower() in self._known


def words(text: str) -> Iterator[str]:
    """Yield the words of ``text``, composed (NFC): two letters or more, with apostrophes inside as "'".

    Hyphens part words; what has a digit or an underscore in it is no word.
    """
    for match in _WORD.finditer(unicodedata.normalize("NFC", text).replace("’", "'")):
        word = match[0]
        if len(word) > 1 and not _NO_LETTER.search(word):
            yield word


def invented(hyp: str, src: str, known: Words) -> list[str]:
    """Return the words of the translation ``hyp``, in order, that stand neither in its source nor in ``known``."""
    of_src = frozenset(_forms(src))

    def is_known(word: str) -> bool:
        return word.lower() in of_src or word in known

    # "l'amour" is two words where the dictionary has not both in one.
    return [word for word in words(hyp) if not (is_known(word) or ("'" in word and all(map(is_known, _parts(word)))))]


def invented_words(
    srcs: Sequence[str], hyps: Sequence[str], refs: Sequence[str], known: Words, *, n_bootstrap: int = 1000
) -> Invented:
    """Return which share of the words of ``hyps`` is invented, in per cent, and which of the words of ``refs`` are not
    known either: names and what people make up.
    """

    def of(texts: Sequence[str]) -> list[tuple[int, int]]:
        return [
            (len(invented(text, src, known)), sum(1 for _ in words(text)))
            for text, src in zip(texts, srcs, strict=True)
        ]

    by = known.by.replace(" ", "-")
    score, own = (share("invented words", of(texts), by=by, n_bootstrap=n_bootstrap) for texts in (hyps, refs))
    return Invented(score, own, known.by)


def has_words(trg: str) -> bool:
    """Tell whether the language ``trg`` puts spaces between its words: only there can they be looked up."""
    return length_unit(trg) == "words"


def dictionary(trg: str, folders: Sequence[str | Path] = FOLDERS) -> DictionaryWords | None:
    """Return the installed dictionary of the language ``trg``, or None where none can be read.

    Of several countries' it is the one nearest to ``trg``: ``es_ES`` for ``es``, ``pt_BR`` for ``pt-BR``.
    """
    if not has_words(trg):
        return None
    files = (path for folder in reversed(folders) for path in Path(folder).glob("*.dic"))
    found = {path.stem: path for path in files if path.with_suffix(".aff").exists()}
    name = nearest(trg, tuple(sorted(found)))
    return None if name is None else _opened(found[name])


@lru_cache(maxsize=8)
def _opened(path: Path) -> DictionaryWords | None:
    try:
        from hunspell import Hunspell
    except ModuleNotFoundError:  # the extra `spelling`
        return None
    hunspell = Hunspell(path.stem, hunspell_data_dir=str(path.parent))

    def spell(word: str) -> bool:
        try:
            return bool(hunspell.spell(word))
        except UnicodeEncodeError:  # of a script that the dictionary's encoding lacks
            return False

    return DictionaryWords(path.stem, spell)


def _forms(text: str) -> Iterator[str]:
    """Yield the words of ``text`` in small letters, and the parts of those with apostrophes."""
    for word in words(text.lower()):
        yield word
        if "'" in word:
            yield from _parts(word)


def _parts(word: str) -> list[str]:
    return [part for part in word.split("'") if len(part) > 1]
