"""How often a hover on the page points right: whether the word of the text that is marked for a word of the translation
is one that the phrasebook's grammar links with it.

    python -m bench.hovers BUNDLE

BUNDLE was trained on the phrasebook. The sentences are those of its test part; one whose translation is not the
reference is left out, because the grammar knows nothing of its words. Signs, and words that translate nothing, do not
count.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dragoman import SearchConfig, Translator
from dragoman.annotation import annotated
from dragoman.corpus.phrasebook import Phrase, phrases
from dragoman.documents.words import is_sign
from dragoman.translation import Translation

N_SHOWN = 20


class Hover(NamedTuple):
    """A word of a translation, the word that is marked for it, and those that it translates."""

    phrase: Phrase
    word: str
    marked: str | None
    right: tuple[str, ...]
    is_right: bool


def hovers(phrase: Phrase, translation: Translation) -> Iterator[Hover]:
    """Yield the hovers of ``translation``, which is that of ``phrase``."""
    found = annotated(translation)
    src_places, trg_places = (_places([(word.before, word.text) for word in side]) for side in (found.src, found.trg))
    src = phrase.src.split()
    for word, place in zip(found.trg, trg_places, strict=True):
        right = [i for i, j in phrase.links if j == place]
        if right and not is_sign(word.text):
            marked = None if word.src is None else src_places[word.src]
            shown = None if word.src is None else found.src[word.src].text
            yield Hover(phrase, word.text, shown, tuple(src[i] for i in right), marked in right)


def _places(words: list[tuple[str, str]]) -> list[int]:
    """The number of each word among those between white space, which are the grammar's."""
    places: list[int] = []
    for before, _ in words:
        places.append(places[-1] + bool(before) if places else 0)
    return places


def main(place: str) -> None:
    """Print the share of hovers that point right, and the first that do not."""
    translator = Translator.load(Path(place), src="en", trg="es")
    assert translator.bundle is not None
    by_src = {phrase.src: phrase for phrase in phrases()}
    held_out = [by_src[pair.src] for pair in translator.bundle.pairs("test") or []]
    options = SearchConfig(attention=True, token_scores=True)
    translations = translator.translate([phrase.src for phrase in held_out], options)
    right = [(phrase, told) for phrase, told in zip(held_out, translations, strict=True) if told.text == phrase.trg]
    found = [hover for phrase, told in right for hover in hovers(phrase, told)]
    wrong = [hover for hover in found if not hover.is_right]
    print(f"{len(right)} of {len(held_out)} held-out sentences are translated as the phrasebook does")
    print(f"{len(found) - len(wrong)} of {len(found)} hovers point right: {1 - len(wrong) / len(found):.1%}")
    for hover in wrong[:N_SHOWN]:
        print(f"  {hover.phrase.src} | {hover.phrase.trg}  {hover.word}: {hover.marked}, not {' '.join(hover.right)}")
    print("wrong by pattern:", dict(Counter(hover.phrase.pattern for hover in wrong).most_common(5)))


if __name__ == "__main__":
    main(*sys.argv[1:])
