"""Signs that training has not seen: emoji, brackets, currency signs, curly quotes.

A model knows nothing of them, and makes nonsense of a sentence that has one spelled in bytes. Where training knows
another spelling, the sentence is spelled so (`spelled`). What is left is taken out, so that the sentence is translated
as a whole, and put back into the translation beside the word that it stood beside (`without_signs`, `with_signs`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby
from typing import NamedTuple

from ..documents.words import by_place, is_sign, words
from ..scripts import UNSPACED

IsUnseen = Callable[[str], bool]
"""Tells of a character whether training has (nearly) never seen it."""

_PLAINER = {
    **dict.fromkeys("‘’‚‛′´`", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑−", "-"),
    "…": "...",
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
}
"""What stands for a character that training lacks; full-width letters and signs among them."""

_RANGE = re.compile(r"[−–]?\d+(?:[–—−‑]\d+)*")
_RANGE_DASH = re.compile(r"(?<=\d)[–—](?=\d)")
_DASH = re.compile(r"(?<=[^\W_]|[\"'”’»)\]])(?:--|( ?)[–—―]\1| -- )(?=[^\W_]|[\"'“‘«(\[¿¡])")
_NO_WORD = re.compile(r"[^\w\s]|_")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_TO_HYPHEN = str.maketrans("–—−‑", "----")


class Sign(NamedTuple):
    """A sign with the white space between it and its word, which is the one before ``place`` in a text, or with
    ``is_before`` the one after; ``is_inside`` if it stood between two words without a space.
    """

    text: str
    place: int
    is_before: bool
    is_inside: bool = False


class Bare(NamedTuple):
    """A text without the ``signs`` that were taken out of it, which are in order."""

    text: str
    signs: tuple[Sign, ...] = ()

    @property
    def needs_links(self) -> bool:
        """Whether a sign stood inside the text, so that it helps to know which words translate each other."""
        end = len(self.text.rstrip(".!?…。！？\"'"))
        return any(sign.place > 0 if sign.is_before else sign.place < end for sign in self.signs)


def spelled(text: str, is_unseen: IsUnseen) -> str:
    """Return ``text``, clean, as training spells it: with straight quotes, ASCII hyphens and dots where it has no
    others, and a comma where a dash stands between clauses.
    """
    if text.isascii() and "--" not in text:
        return text
    text = _RANGE_DASH.sub(lambda match: "-" if is_unseen(match[0]) else match[0], text)
    text = _DASH.sub(lambda match: match[0] if _is_known_dash(match[0], is_unseen) else ", ", text)
    return "".join(_PLAINER[c] if c in _PLAINER and is_unseen(c) else c for c in text)


def _is_known_dash(dash: str, is_unseen: IsUnseen) -> bool:
    return "-" not in dash and not is_unseen(dash.strip())


def without_signs(text: str, is_unseen: IsUnseen) -> Bare:
    """Return ``text``, clean, without the signs that training has not seen.

    Letters, digits and marks that belong to letters are no signs.
    """
    if not any(map(is_unseen, _NO_WORD.findall(text))):
        return Bare(text)
    kept, signs, end = "", list[Sign](), 0
    for begin, next_end in _signs(text, is_unseen):
        follows_on = begin == end > 0
        kept += text[end:begin]
        sign, end = text[begin:next_end], next_end
        after = text[end : end + 1]
        is_spaced_before, is_spaced_after = kept[-1:].strip() == "", after.strip() == ""
        if not kept or (follows_on and signs and signs[-1].is_before) or sign in _PAIRS.values():
            # What stands at the beginning, or behind a sign that belongs to the next word, does so too.
            signs.append(Sign(sign + after * is_spaced_after, len(kept), True))
            end += is_spaced_after
        elif kept[-1].isalnum() and after.isalnum():
            signs.append(Sign(sign, len(kept), False, True))
            kept += "" if UNSPACED.match(kept[-1]) or UNSPACED.match(after) else " "
        elif after.isalnum() and not kept[-1].isalnum():
            signs.append(Sign(sign, len(kept), True))
        else:
            kept = kept.rstrip()
            signs.append(Sign(" " * is_spaced_before + sign, len(kept), False))
    return Bare((kept + text[end:]).rstrip(), tuple(signs)) if signs else Bare(text)


def pair_without_signs(src: str, trg: str, is_unseen: IsUnseen) -> tuple[str, str]:
    """Return a sentence as it is translated, and its translation without the signs that are put back into it.

    Where the two have not the same signs, both stay as they are.
    """
    bare = without_signs(spelled(src, is_unseen), is_unseen)
    taken = Counter("".join(sign.text.strip() for sign in bare.signs))
    bare_trg = without_signs(trg, taken.__contains__)
    same = Counter("".join(sign.text.strip() for sign in bare_trg.signs)) == taken
    return (bare.text, bare_trg.text) if same and bare.text and bare_trg.text else (src, trg)


def _signs(text: str, is_unseen: IsUnseen) -> Iterator[tuple[int, int]]:
    """Where each unseen sign begins and ends; brackets stand alone, other signs go together."""
    begin = None
    for place, character in enumerate(text):
        kind = unicodedata.category(character)[0]
        is_part = not (character.isalnum() or character.isspace()) and is_unseen(character)
        is_part = is_part and (kind != "M" or begin is not None)
        is_bracket = character in _PAIRS or character in _PAIRS.values()
        if begin is not None and (not is_part or is_bracket):
            yield begin, place
            begin = None
        if is_part and is_bracket:
            yield place, place + 1
        elif is_part and begin is None:
            begin = place
    if begin is not None:
        yield begin, len(text)


def with_signs(src: str, bare: Bare, translation: str, links: Sequence[int] | None) -> str:
    """Return ``translation``, of ``bare``, with what of ``src`` was taken out of it, and its ranges of numbers.

    ``links`` has the number of the word of ``bare.text`` for each word of ``translation`` (`dragoman.documents.words`),
    or -1; without it places tell.
    """
    if bare.signs:
        places = _Places(bare, translation, links)
        written, end = "", 0
        for begin, stop, sign in sorted(places.all(), key=lambda place: place[0]):
            written += translation[end:begin] + sign
            end = max(end, stop)
        translation = written + translation[end:]
    for number in _RANGE.findall(src):
        if (hyphened := number.translate(_TO_HYPHEN)) != number:
            translation = translation.replace(hyphened, number, 1)
    return translation


class _Places:
    """Where the signs of a text go in its translation."""

    def __init__(self, bare: Bare, translation: str, links: Sequence[int] | None) -> None:
        self._bare, self._translation = bare, translation
        self._src, trg = words(bare.text), words(translation)
        if links is None or len(links) != len(trg):
            links = by_place(len(self._src), len(trg))
        spans = [(span, link) for span, link in zip(trg, links, strict=True) if not is_sign(translation[slice(*span)])]
        self._trg, self._links = [span for span, _ in spans], [link for _, link in spans]
        readable = [number for number, span in enumerate(self._src) if not is_sign(bare.text[slice(*span)])]
        self._last = readable[-1] if readable else -1

    def all(self) -> Iterator[tuple[int, int, str]]:
        """Yield where each sign is written, in order, where the translation goes on, and the sign."""
        partners = self._partners()
        for number, sign in enumerate(self._bare.signs):
            first = last = self._word(sign)
            if (partner := partners.get(number)) is not None:
                first, last = sorted((first, self._word(self._bare.signs[partner])))
            place = self._place(sign, self._translated(first, last))
            is_joint = sign.is_inside and self._translation[place : place + 1] == " "
            yield place, place + is_joint, sign.text

    def _partners(self) -> dict[int, int]:
        """The numbers of the brackets that belong together."""
        partners: dict[int, int] = {}
        opened: list[int] = []
        for number, sign in enumerate(self._bare.signs):
            bracket = sign.text.strip()
            if bracket in _PAIRS.values():
                opened.append(number)
            elif bracket in _PAIRS and opened and self._bare.signs[opened[-1]].text.strip() == _PAIRS[bracket]:
                partners |= {number: opened[-1], opened.pop(): number}
        return partners

    def _word(self, sign: Sign) -> int:
        """The number of the word of the source that ``sign`` belongs to."""
        if sign.is_before:
            return next((i for i, (begin, _) in enumerate(self._src) if begin >= sign.place), len(self._src) - 1)
        before = [i for i, (_, end) in enumerate(self._src) if end <= sign.place]
        readable = [i for i in before if not is_sign(self._bare.text[slice(*self._src[i])])]
        return (readable or before or [0])[-1]

    def _place(self, sign: Sign, extent: tuple[int, int]) -> int:
        if sign.is_before:
            is_of_number = not sign.text.endswith(" ") and bool(self._copies(0))
            return 0 if sign.place == 0 and not is_of_number else extent[0]
        return len(self._translation.rstrip()) if sign.place >= len(self._bare.text) else extent[1]

    def _translated(self, first: int, last: int) -> tuple[int, int]:
        """Where the translation of the words ``first`` to ``last`` of the source begins and ends."""
        if not self._trg:
            return 0, len(self._translation)
        found = self._copies(first) if first == last else []
        if first == last == self._last:
            found = found or self._trg[-1:]
        found = found or self._linked(first, last)
        if not found:
            places = (number * len(self._trg) // len(self._src) for number in (first, last))
            found = [self._trg[min(place, len(self._trg) - 1)] for place in places]
        return found[0][0], found[-1][1]

    def _linked(self, first: int, last: int) -> list[tuple[int, int]]:
        """The words that translate ``first`` to ``last``; of a single one, the longest run of those that do."""
        runs = [
            [span for span, _ in run]
            for is_linked, run in groupby(
                zip(self._trg, self._links, strict=True), lambda pair: first <= pair[1] <= last
            )
            if is_linked
        ]
        return max(runs, key=len, default=[]) if first == last else list(chain.from_iterable(runs))

    def _copies(self, word: int) -> list[tuple[int, int]]:
        """Where the translation has the number that is the ``word`` of the source; of equal ones that of its rank."""
        texts = [self._bare.text[slice(*span)] for span in self._src]
        if not texts or not texts[word][0].isdigit():
            return []
        same = [span for span in self._trg if self._translation[slice(*span)] == texts[word]]
        rank = texts[:word].count(texts[word])
        return same[rank : rank + 1]
