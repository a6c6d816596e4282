"""Single words that translate each other, of those that no phrase pair has. Only of scripts with spaces."""

from __future__ import annotations

from collections.abc import Collection

from ..alignment import likeliest
from .bitext import Bitext


def word_translations(bitext: Bitext, known: Collection[str]) -> list[tuple[str, str]]:
    """Return the likeliest translation of each source word that has one and is not ``known``, in the order in which the
    words first stand in the pairs.
    """
    src, trg, likely = bitext.src, bitext.trg, bitext.likely
    is_character = src.is_character[likely.srcs] | trg.is_character[likely.trgs]
    return [
        (src.words[likely.srcs[i]], trg.words[likely.trgs[i]])
        for i in likeliest(likely).tolist()
        if src.words[likely.srcs[i]] not in known and not is_character[i]
    ]
