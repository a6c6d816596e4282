"""The card of a bundle, ``bundle.json``, and the files that it lists: what is asked before they are believed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import BundleError
from ..vocabulary import files as vocabulary_files

FORMAT = 4
"""Format 1 had characters only, and no directions; in format 2 nobody knew where a pair came from; in format 3 no model
knew slots.
"""
CARD = "bundle.json"
WEIGHTS = "weights.safetensors"
PARTS = ("train", "dev", "test")
REQUIRED = (WEIGHTS, "history.json", "golden.json")
WORDS = ("src.words.tsv.gz", "trg.words.tsv.gz")
HISTORY_TABLE = "history.csv"
PICTURE = "training.png"
KNOWN_FILES = (
    *REQUIRED,
    *vocabulary_files.VOCABULARY_FILES,
    *WORDS,
    HISTORY_TABLE,
    PICTURE,
    *(f"{part}.tsv.gz" for part in PARTS),
)
MAX_JSON_BYTES = 64 * 2**20


def read_card(path: Path) -> dict[str, Any]:
    """Return the card of the bundle in the folder ``path``; what is no card, or was altered, is a `BundleError`."""
    if not path.exists():
        raise BundleError(f"{path}: there is no such bundle; `dragoman train PAIRS --out {path}` makes one")
    if not (path / CARD).is_file():
        found = "this folder has no" if path.is_dir() else "a bundle is a folder with a"
        raise BundleError(f"{path}: not a bundle: {found} {CARD}; pass the folder that `dragoman train` wrote")
    card = read_json(path / CARD)
    if not isinstance(card, dict) or not isinstance(card.get("format"), int):
        raise BundleError(f"{path}: {CARD} has no format number; train or copy the bundle again")
    if card["format"] > FORMAT:
        raise BundleError(
            f"{path}: the bundle has format {card['format']} and this Dragoman reads up to {FORMAT}; "
            "upgrade: pip install --upgrade dragoman"
        )
    claimed = card.get("fingerprint")
    if claimed != fingerprint_of({name: value for name, value in card.items() if name != "fingerprint"}):
        raise BundleError(f"{path}: {CARD} was altered: it does not agree with its fingerprint; copy the bundle again")
    files = card.get("files")
    missing = [name for name in REQUIRED if not isinstance(files, dict) or name not in files]
    if missing:
        raise BundleError(f"{path}: {CARD} does not list {missing[0]}; train or copy the bundle again")
    return card


def check_file(folder: Path, name: str, files: Mapping[str, Any], *, hashed: bool) -> None:
    """Refuse a file that is not as the card says in ``files``: in size, and in its hash if ``hashed``."""
    if name not in KNOWN_FILES:
        raise BundleError(f"{folder}: {CARD} lists a file that no bundle has: {name!r}")
    file, listed = folder / name, files[name]
    if not file.is_file():
        raise BundleError(f"{folder}: {name} is missing; copy the bundle again")
    if file.stat().st_size != listed["bytes"]:
        raise BundleError(
            f"{folder}: {name} has {file.stat().st_size:,} bytes and should have {listed['bytes']:,}; copy it again"
        )
    if hashed and sha256_of(file) != listed["sha256"]:
        raise BundleError(f"{folder}: {name} was altered: its SHA-256 is not the one in {CARD}; copy the bundle again")


def check_size(file: Path, most: int) -> None:
    """Refuse a file of more than ``most`` bytes."""
    if (n_bytes := file.stat().st_size) > most:
        raise BundleError(f"{file}: {n_bytes:,} bytes are more than a bundle's {most:,}")


def read_json(file: Path) -> Any:
    """Return what a file of a bundle holds; what is no JSON, or too large, is a `BundleError`."""
    try:
        check_size(file, MAX_JSON_BYTES)
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BundleError(f"{file}: not readable as JSON ({error}); copy the bundle again") from error


def write_json(file: Path, value: object) -> None:
    """Write ``value`` as JSON that a person can read."""
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


def fingerprint_of(card: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a card without its fingerprint, in hexadecimal digits."""
    canonical = json.dumps(card, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
