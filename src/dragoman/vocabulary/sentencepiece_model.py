"""What is asked of a SentencePiece model before it is believed, and the text that one is given.

A model is a Protocol Buffers message of SentencePiece's ``sentencepiece_model.proto``. The message is walked here by
itself, because SentencePiece obeys what it says of normalisation and has no call that tells.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import numpy as np
import sentencepiece

from ..config import MAX_VOCABULARY
from ..errors import BundleError
from . import BOS, EOS, PAD, UNK

SPACE_MARK = "\u2581"
"""SentencePiece writes a space so in its pieces; in a text it would come back as a space."""
STAND_IN = "\U0010ffff"
"""A noncharacter that no piece holds, so that its bytes mark the places of what it stands for."""

MAX_FIELDS = MAX_VOCABULARY + 8
"""Fields of a message: one a piece, and few others."""
PIECES, TRAINER, NORMALIZER = 1, 2, 3
MODEL_TYPE, BYTE_FALLBACK, SPACE_AS_SUFFIX = 3, 35, 24
UNIGRAM, BPE = 1, 2
# Fields of the normaliser: its name, its table, a space put before each text, spaces dropped, spaces written as marks.
IDENTITY: dict[int, int | bytes] = {1: b"identity", 2: b"", 3: 1, 4: 0, 5: 1}

_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_BYTE = re.compile("<0x([0-9A-F]{2})>")


def plain(text: str) -> str:
    """Return ``text`` as a subword vocabulary keeps it: in NFC, with U+FFFD for what UTF-8 cannot say (lone
    surrogates).
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _LONE_SURROGATES.sub("\ufffd", text))


def open_model(model: bytes) -> sentencepiece.SentencePieceProcessor:
    """Return the processor of a serialized ``model``; one on which an exact round trip cannot rest is a `BundleError`.

    It has the reserved ids, falls back to bytes, changes no text and keeps spaces; its table of normalisation, which
    SentencePiece would follow wherever it leads, is empty.
    """
    try:
        _check_message(model)
        sentencepiece.set_min_log_level(3)  # it would write to standard error what it also raises
        processor = sentencepiece.SentencePieceProcessor(model_proto=model)
        _check_pieces(processor)
    except (IndexError, ValueError, RuntimeError, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BundleError(f"a subword vocabulary is damaged: {reason}") from error
    return processor


def surfaces(processor: sentencepiece.SentencePieceProcessor) -> list[bytes]:
    """Return the UTF-8 that each id stands for in a text: nothing for what is reserved and for symbols, part of a
    character for a byte.
    """
    ids = list(range(processor.get_piece_size()))
    pieces, are_bytes = processor.id_to_piece(ids), processor.is_byte(ids)
    are_silent = [i <= UNK or control for i, control in enumerate(processor.is_control(ids))]
    return [
        b"" if silent else bytes.fromhex(piece[3:5]) if is_byte else piece.replace(SPACE_MARK, " ").encode()
        for piece, is_byte, silent in zip(pieces, are_bytes, are_silent, strict=True)
    ]


def _check_message(model: bytes) -> None:
    parts: dict[int, bytes] = {TRAINER: b"", NORMALIZER: b""}
    for field, value in _fields(model):
        if field == PIECES:
            continue
        if field not in parts or not isinstance(value, bytes):
            raise ValueError(f"field {field} of the model is not known")
        parts[field] += value  # a message that comes twice is merged
    trainer, normalizer = dict(_fields(parts[TRAINER])), dict(_fields(parts[NORMALIZER]))
    _require(trainer.get(MODEL_TYPE, UNIGRAM) in (UNIGRAM, BPE), "it is neither a unigram model nor one of byte pairs")
    _require(trainer.get(BYTE_FALLBACK) == 1, "it does not fall back to bytes")
    _require(not trainer.get(SPACE_AS_SUFFIX), "it writes spaces after words")
    for field, value in {4: 1, **normalizer}.items():  # SentencePiece drops spaces unless it is told not to
        _require(IDENTITY.get(field) == value, f"it normalises texts (field {field} is {value!r:.40})")
    _require(1 in normalizer, "it does not say how it normalises texts")


def _check_pieces(processor: sentencepiece.SentencePieceProcessor) -> None:
    reserved = (processor.pad_id(), processor.bos_id(), processor.eos_id(), processor.unk_id())
    _require(reserved == (PAD, BOS, EOS, UNK), f"padding, begin, end and unknown have the ids {reserved}")
    ids = list(range(processor.get_piece_size()))
    pieces = processor.id_to_piece(ids)
    named = [_BYTE.fullmatch(piece) for piece, is_byte in zip(pieces, processor.is_byte(ids), strict=True) if is_byte]
    _require(sorted(int(m[1], 16) if m else -1 for m in named) == list(range(256)), "it does not have each byte once")
    _require(not any(STAND_IN in piece for piece in pieces), "one of its pieces holds the noncharacter U+10FFFF")
    mark = processor.piece_to_id(SPACE_MARK)
    _require(mark > UNK and not processor.is_unused(mark), "it has no piece for the space")
    _require(bool(np.isfinite(processor.get_score(ids)).all()), "the score of a piece is not a number")


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise ValueError(f"{reason}; copy the bundle again")


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the number and the value of each field of a message; one that is cut short is an `IndexError`."""
    place = n_fields = 0
    while place < len(message):
        n_fields += 1
        _require(n_fields <= MAX_FIELDS, f"it has more than {MAX_FIELDS:,} fields")
        key, place = _varint(message, place)
        field, wire_type = key >> 3, key & 7
        if wire_type == 0:
            value, place = _varint(message, place)
            yield field, value
            continue
        if wire_type == 2:
            n_bytes, place = _varint(message, place)
        else:
            _require(wire_type in (1, 5), f"there is no wire type {wire_type}")
            n_bytes = 8 if wire_type == 1 else 4
        if place + n_bytes > len(message):
            raise IndexError("it is cut short")
        yield field, message[place : place + n_bytes]
        place += n_bytes


def _varint(message: bytes, place: int) -> tuple[int, int]:
    """Return the number that begins at ``place``, and where it ends."""
    value = shift = 0
    while (byte := message[place]) & 128:
        value |= (byte & 127) << shift
        shift, place = shift + 7, place + 1
        _require(shift < 64, "a number has more than 64 bits")
    return value | byte << shift, place + 1
