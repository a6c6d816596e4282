"""A SentencePiece model from a corpus: what of it is looked at, how large the vocabulary becomes."""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import sentencepiece

from ..config import MAX_VOCABULARY, MIN_VOCABULARY, SUBWORDS
from ..errors import UsageError
from . import BOS, EOS, N_RESERVED, PAD, UNK
from .sentencepiece_model import SPACE_MARK, STAND_IN, plain

MAX_CHARACTERS = 2**23
"""Characters that are learned from, a quarter of a million short sentences; of text without spaces they take half a
minute."""
THINNING = 3
"""One text of so many stays when there are too many: an odd number, for sources and targets may take turns."""
LONGEST = 1_000
"""Longer texts are cut: SentencePiece takes the square of the time for a run of one character."""
RAREST = 1e-5
"""The share of all characters that a character needs to get a piece; rarer ones are spelled in bytes."""
N_BYTES = 256

SIZE_AT = 8_000, 3_000_000
"""A size of the vocabulary, and the bytes of text that it suits: one side of 100,000 short pairs."""
SIZE_EXPONENT = 0.301
"""Ten times the text doubles the vocabulary."""
SMALLEST, LARGEST = 500, 32_000

BOUNDARY = "\t"
"""No piece that SentencePiece learns reaches over a tab, and it has a meaning of its own for U+2585."""
_NO_PIECE = frozenset((" ", BOUNDARY, SPACE_MARK, "\u2585", STAND_IN))


def suitable_size(n_bytes: int) -> int:
    """Return the size of a vocabulary for ``n_bytes`` of text in UTF-8, both sides together where it is joint.

    Bytes and not characters: a character of a script that takes three of them says more than a letter.
    """
    size, at = SIZE_AT
    return min(max(round(size * math.pow(n_bytes / at, SIZE_EXPONENT)), SMALLEST), LARGEST)


def train_model(
    texts: Iterable[str], *, size: int | None, kind: str, symbols: Sequence[str], whole: Sequence[str] = ()
) -> bytes:
    """Return a serialized model of at most ``size`` pieces, the same for the same ``texts``.

    ``texts`` are passed through once. Above `MAX_CHARACTERS`, evenly spaced ones are learned from. A corpus that has
    not so many pieces in it, even an empty one, gives a smaller model. Each of ``symbols`` is one of the pieces; the
    characters that stay ``whole`` have pieces beside them.
    """
    assert kind in SUBWORDS, kind
    if size is not None and not MIN_VOCABULARY <= size <= MAX_VOCABULARY:
        raise UsageError(f"the vocabulary size must be between {MIN_VOCABULARY} and {MAX_VOCABULARY}, not {size}")
    sample, n_bytes = thinned(texts, MAX_CHARACTERS)
    size = suitable_size(n_bytes) if size is None else size
    room = (size - N_RESERVED - N_BYTES - len(symbols)) // 2
    rare = re.compile(f"[^ {re.escape(''.join(frequent_characters(sample, room)))}]+")
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=(rare.sub(BOUNDARY, part) for text in sample for part in _cut(text)),
        model_writer=written,
        model_type=kind,
        vocab_size=size + len(whole),
        hard_vocab_limit=False,
        control_symbols=list(symbols),
        user_defined_symbols=list(whole),
        character_coverage=1.0,
        byte_fallback=True,
        split_digits=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        max_sentence_length=4 * LONGEST,  # in bytes; longer ones would be left out
        pad_id=PAD,
        bos_id=BOS,
        eos_id=EOS,
        unk_id=UNK,
        num_threads=1,  # sums of expected counts depend on their order
        minloglevel=3,
    )
    return written.getvalue()


def thinned(texts: Iterable[str], max_characters: int) -> tuple[list[str], int]:
    """Return evenly spaced ``texts`` of at most ``max_characters`` together (but one at least, a blank one if there is
    none), and the bytes of all in UTF-8.
    """
    kept: list[str] = []
    stride, n_characters, n_bytes, n_texts = 1, 0, 0, 0
    for text in map(plain, texts):
        if not text:
            continue
        n_bytes += len(text.encode())
        n_texts += 1
        if (n_texts - 1) % stride:
            continue
        kept.append(text)
        n_characters += len(text)
        while n_characters > max_characters and len(kept) > 1:
            kept, stride = kept[::THINNING], stride * THINNING
            n_characters = sum(map(len, kept))
    return kept or [" "], n_bytes


def _cut(text: str) -> Iterator[str]:
    return (text[start : start + LONGEST] for start in range(0, len(text), LONGEST))


def frequent_characters(texts: Iterable[str], n_most: int) -> list[str]:
    """Return the characters that get a piece, the most frequent first: none below `RAREST`, ``n_most`` at most."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text)
    least = RAREST * counts.total()
    frequent = [c for c, n in counts.items() if n >= least and c not in _NO_PIECE and unicodedata.category(c) != "Cc"]
    return sorted(frequent, key=lambda character: (-counts[character], character))[:n_most]
