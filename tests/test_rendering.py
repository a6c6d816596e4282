"""How a hypothesis is written: closely looked at where it may be made up."""

from __future__ import annotations

import numpy as np

from dragoman.assembly import Piece
from dragoman.engine import Hypothesis
from dragoman.lexicon import Lexicon, Seen
from dragoman.rendering import Renderer
from dragoman.segments import Segment
from dragoman.slots.spans import Family
from dragoman.slots.symbols import SYMBOLS
from dragoman.wording import Wordings
from tests.fakes import WordVocabulary

SRC = Lexicon({"call": Seen(9, 9), "me": Seen(9, 0)})
TRG = Lexicon({"llama": Seen(9, 9), "me": Seen(9, 0)})
SLOT = SYMBOLS[Family.NAME][0]


def _never(character: str) -> bool:
    return False


def _written(text: str, said: str, *, closely: bool) -> tuple[str, tuple[str, ...]]:
    """Return how ``said``, a translation of ``text``, is written, and what is unknown in it."""
    vocabulary = WordVocabulary()
    wording = Wordings(_never, _never, (SRC, TRG), "en", "es").of(text)
    src_ids, ids = vocabulary.encode(wording.text), tuple(vocabulary.encode(said))
    n, scores = len(ids) + 1, (-20.0,) * (len(ids) + 1)
    looks = np.eye(n, len(src_ids), dtype=np.float32)
    hypothesis = Hypothesis(ids, -1.0, *((scores, looks) if closely else (None, None)))
    piece = Piece.of(Segment("", text), len(src_ids), hypothesis, vocabulary)
    rendered = Renderer(vocabulary, vocabulary, 0, (SRC, TRG)).rendered(piece, wording, src_ids, is_clause=False)
    return rendered.text, rendered.unknown


def test_slots_are_put_back_and_unseen_words_are_told() -> None:
    assert _written("call Zorbak", f"llama {SLOT}", closely=False) == ("llama Zorbak", ("Zorbak",))


def test_a_slot_that_was_cut_comes_out_all_the_same() -> None:
    assert _written("call Zorbak", "llama", closely=False) == ("llama Zorbak", ("Zorbak",))


def test_what_is_made_up_is_replaced_where_it_was_looked_at_closely() -> None:
    assert _written("call me", "llama zzkqa", closely=True) == ("llama me", ("me",))
    assert _written("call me", "llama zzkqa", closely=False) == ("llama zzkqa", ())


def test_only_what_was_not_looked_at_closely_and_may_be_made_up_is_doubtful() -> None:
    vocabulary = WordVocabulary()
    renderer = Renderer(vocabulary, vocabulary, 0, (SRC, TRG))

    def hypotheses(text: str) -> list[Hypothesis]:
        return [Hypothesis(tuple(vocabulary.encode(text)), -1.0)]

    assert renderer.is_doubtful("call me", hypotheses("llama zzkqa"))
    assert not renderer.is_doubtful("call me", hypotheses("llama me"))
    assert not renderer.is_doubtful("call me", [])
    assert not Renderer(vocabulary, vocabulary, 0, None).is_doubtful("call me", hypotheses("llama zzkqa"))
