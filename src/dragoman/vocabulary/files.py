"""How the vocabularies of a bundle stand in files: JSON for characters, SentencePiece's own format for subwords."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from ..errors import BundleError
from . import Vocabulary
from .characters import CharVocabulary
from .subwords import SubwordVocabulary

CHARACTERS = ("src.vocabulary.json", "trg.vocabulary.json")
JOINT = ("joint.spm",)
SIDES = ("src.spm", "trg.spm")
LAYOUTS = {"char-lstm": (CHARACTERS,), "transformer": (JOINT, SIDES)}
"""The files that the vocabularies of a model stand in, by its name: one of these lists."""
VOCABULARY_FILES = (*CHARACTERS, *JOINT, *SIDES)
MAX_BYTES = 64 * 2**20
"""Bytes of a file, far beyond any vocabulary."""


def to_files(src: Vocabulary, trg: Vocabulary) -> dict[str, bytes]:
    """Return the files of two vocabularies by name; one that serves both sides stands in one."""
    if isinstance(src, CharVocabulary) and isinstance(trg, CharVocabulary):
        return dict(zip(CHARACTERS, map(_to_json, (src, trg)), strict=True))
    assert isinstance(src, SubwordVocabulary)
    assert isinstance(trg, SubwordVocabulary), "both sides are of one kind"
    return {JOINT[0]: src.model} if src is trg else dict(zip(SIDES, (src.model, trg.model), strict=True))


def layout(model: object, names: Collection[str]) -> tuple[str, ...]:
    """Return those of ``names`` that hold the vocabularies of a bundle whose model has the name ``model``.

    Files that are missing, or that do not suit the model, are a `BundleError`.
    """
    found = tuple(name for name in VOCABULARY_FILES if name in names)
    suitable = LAYOUTS.get(str(model), ())
    if found not in suitable:
        rule = " or ".join(" and ".join(files) for files in suitable) or "none that is known"
        raise BundleError(
            f"the vocabularies of the model {model!r} are {rule}, not {' and '.join(found) or 'left out'}; "
            "train or copy the bundle again"
        )
    return found


def from_files(files: Mapping[str, bytes]) -> tuple[Vocabulary, Vocabulary]:
    """Return the vocabularies that `to_files` wrote, one object twice if it is joint; damage is a `BundleError`."""
    if tuple(files) == JOINT:
        joint = SubwordVocabulary(files[JOINT[0]])
        return joint, joint
    if tuple(files) == SIDES:
        return SubwordVocabulary(files[SIDES[0]]), SubwordVocabulary(files[SIDES[1]])
    return _from_json(files[CHARACTERS[0]]), _from_json(files[CHARACTERS[1]])


def _to_json(vocabulary: CharVocabulary) -> bytes:
    return (json.dumps(vocabulary.to_json(), ensure_ascii=False, indent=1) + "\n").encode()


def _from_json(data: bytes) -> CharVocabulary:
    try:
        values = json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise BundleError(
            f"a vocabulary of characters is not readable as JSON ({error}); copy the bundle again"
        ) from error
    if not isinstance(values, dict):
        raise BundleError("a vocabulary of characters must be a JSON object; copy the bundle again")
    return CharVocabulary.from_json(values)
