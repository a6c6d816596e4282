"""Several sentences as one text, and two sentences as one: what a corpus of short sentences does not have.

Knows nothing of languages: which mark and which conjunction join sentences, and which words are written small inside
them, is counted.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..alignment import WORD, UsualCase
from ..corpus.pairs import Pair
from ..scripts import UNSPACED

MAX_SENTENCES = 4
"""Of one text."""
MAX_WORDS = 60
"""Of a text; three characters of a script without spaces count as two."""
SHARE_NEIGHBOURS = 0.5
"""The share of the texts whose sentences stand together in the corpus; the others are chosen by chance."""
SHARE_MARKED = 0.3
"""The share of the texts that are two sentences joined to one."""
SHARE_CONJUNCTION = 0.5
"""The share of these that a conjunction joins, where one is known."""
LEAST_OFTEN, LEAST_LIKELY = 20, 0.5
"""Of a mark or a conjunction: in how many pairs it is seen on both sides, and the geometric mean of the shares of
either side's occurrences.
"""
MARKS = {",": ",،", ";": ";؛"}
"""What joins sentences, and how other scripts with spaces write it."""

_STATEMENT = re.compile(r"[^.!?…।؟:;]+[.।]")
_WITH_COMMA = re.compile(r"[^,،]+[,،] (?P<word>\w+) [^,،]+")
_WORD = re.compile(r"\w[\w'’-]*")


class Joint(NamedTuple):
    """What stands between two sentences, on each side, with the space behind it."""

    src: str
    trg: str


def joined(pairs: Sequence[Pair], some: Sequence[Pair], share: float, chance: random.Random) -> Iterator[Pair]:
    """Yield texts of up to `MAX_SENTENCES` of ``pairs``, in which a ``share`` of them stands once more, as much as
    there are ``some``; from these is learned what joins two.
    """
    joints = _Joints.of(some)
    n_left = share * len(some)
    for _ in range(int(n_left)):
        if n_left <= 0:
            return
        is_marked = bool(joints.marks) and chance.random() < SHARE_MARKED
        n_sentences = 2 if is_marked else 2 + int(chance.random() * (MAX_SENTENCES - 1))
        n_left -= n_sentences
        parts = _chosen(pairs, n_sentences, chance)
        if parts is None:
            continue
        pair = joints.one_sentence(parts, chance) if is_marked else _one_text(parts)
        if pair is not None and max(map(_n_words, (pair.src, pair.trg))) <= MAX_WORDS:
            yield pair


def _chosen(pairs: Sequence[Pair], n: int, chance: random.Random) -> list[Pair] | None:
    """Return ``n`` different pairs, or None."""
    begin = int(chance.random() * len(pairs))
    if chance.random() < SHARE_NEIGHBOURS:
        parts = list(pairs[begin : begin + n])
    else:
        parts = [pairs[begin], *(pairs[int(chance.random() * len(pairs))] for _ in range(n - 1))]
    if len({pair.src for pair in parts}) < n or len({pair.trg for pair in parts}) < n:
        return None
    return parts


def _one_text(parts: Sequence[Pair]) -> Pair:
    src, trg = (_beside([getattr(pair, side) for pair in parts]) for side in ("src", "trg"))
    return Pair(src, trg, parts[0].origin)


def _beside(texts: Sequence[str]) -> str:
    text = texts[0]
    for more in texts[1:]:
        text += more if UNSPACED.match(text[-1]) or UNSPACED.match(more) else " " + more
    return text


def _n_words(text: str) -> float:
    return len(text.split()) + len(UNSPACED.findall(text)) * 2 / 3


class _Joints(NamedTuple):
    """What joins two sentences, of both sides, and how words are written inside one."""

    marks: tuple[Joint, ...]
    conjunction: Joint | None
    src_case: UsualCase
    trg_case: UsualCase

    @classmethod
    def of(cls, pairs: Sequence[Pair]) -> _Joints:
        cases = (UsualCase(WORD.findall(getattr(pair, side)) for pair in pairs) for side in ("src", "trg"))
        marks = tuple(joint for signs in MARKS.values() if (joint := _mark(pairs, signs)) is not None)
        return cls(marks, _conjunction(pairs), *cases)

    def one_sentence(self, parts: Sequence[Pair], chance: random.Random) -> Pair | None:
        """Return two statements as one, or None where they are no statements."""
        joint = self.marks[int(chance.random() * len(self.marks))]
        if self.conjunction is not None and chance.random() < SHARE_CONJUNCTION:
            joint = self.conjunction
        src = _one([pair.src for pair in parts], joint.src, self.src_case)
        trg = _one([pair.trg for pair in parts], joint.trg, self.trg_case)
        return Pair(src, trg, parts[0].origin) if src and trg else None


def _one(texts: Sequence[str], joint: str, case: UsualCase) -> str:
    """Return two texts with ``joint`` between them, or an empty string."""
    first, second = texts
    word = _WORD.match(second)
    if not (word and _STATEMENT.fullmatch(first) and _STATEMENT.fullmatch(second)) or not case.knows(word[0]):
        return ""
    return first[:-1] + joint + case(word[0]) + second[word.end() :]


def _mark(pairs: Sequence[Pair], signs: str) -> Joint | None:
    """Return the sign of ``signs`` that each side has inside its sentences, if that is the same place in both."""
    inside = re.compile(rf"\w([{signs}]) \w")
    counts: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        src, trg = inside.search(pair.src), inside.search(pair.trg)
        if src and trg:
            counts[src[1], trg[1]] += 1
    if not counts:
        return None
    (src_sign, trg_sign), n_times = counts.most_common(1)[0]
    return Joint(src_sign + " ", trg_sign + " ") if n_times >= LEAST_OFTEN else None


def _conjunction(pairs: Sequence[Pair]) -> Joint | None:
    """Return the words behind the only comma that stand for each other most often, if they mostly do."""
    both: Counter[tuple[str, str]] = Counter()
    srcs: Counter[str] = Counter()
    trgs: Counter[str] = Counter()
    for pair in pairs:
        src, trg = _WITH_COMMA.fullmatch(pair.src), _WITH_COMMA.fullmatch(pair.trg)
        if src and trg and src["word"].islower() and trg["word"].islower():
            both[src["word"], trg["word"]] += 1
            srcs[src["word"]] += 1
            trgs[trg["word"]] += 1
    sure = [
        (n_times, words)
        for words, n_times in both.items()
        if n_times >= LEAST_OFTEN and n_times >= LEAST_LIKELY * (srcs[words[0]] * trgs[words[1]]) ** 0.5
    ]
    if not sure:
        return None
    _, (src_word, trg_word) = max(sure)
    return Joint(f", {src_word} ", f", {trg_word} ")
