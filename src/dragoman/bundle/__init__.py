"""The folder that holds one trained translator: written beside and renamed, believed only after its sizes and
hashes agree.

    bundle.json           format, languages, configuration, provenance, scores; size and SHA-256 of each other file
    weights.safetensors   the arrays that an engine runs, in 32 bits, or in 16 and 8 to be light (`arrays`)
    src.vocabulary.json   the characters of the source; trg.vocabulary.json those of the target; or, for subwords,
    joint.spm             SentencePiece's own file for both sides, or src.spm and trg.spm
    src.words.tsv.gz      how often training saw each word of the source; trg.words.tsv.gz the same of the target
    history.json          one entry an epoch; history.csv the same for a spreadsheet
    golden.json           sentences with the translations that this bundle gave when it was written
    training.png          the training curve, if there was something to draw it with
    train.tsv.gz          the pairs with where they came from, dev.tsv.gz and test.tsv.gz, unless it was written
                          without data

Nothing here is pickled or evaluated, and loading imports no Keras. `card` says what is believed.
"""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import safetensors
import safetensors.numpy

from .. import __version__
from ..confidence import Confidence
from ..config import ModelConfig, TrainConfig
from ..corpus.pairs import Pair
from ..corpus.store import CorpusFacts
from ..engine import TrainedModel, Weights
from ..errors import BundleError, DragomanError, UsageError
from ..lexicon import Lexicon
from ..vocabulary import Vocabulary
from ..vocabulary import files as vocabulary_files
from ..writing import exchange
from .arrays import narrow, widen
from .card import (
    CARD,
    FORMAT,
    HISTORY_TABLE,
    PARTS,
    PICTURE,
    REQUIRED,
    WEIGHTS,
    WORDS,
    check_file,
    check_size,
    fingerprint_of,
    read_card,
    read_json,
    sha256_of,
    write_json,
)
from .pairs import BundlePairs, write_pairs
from .words import read_words, write_words

__all__ = [
    "CARD",
    "PARTS",
    "WEIGHTS",
    "Bundle",
    "Learned",
    "Provenance",
    "check_target",
    "fingerprint",
    "read",
    "write",
]

MAX_LENGTH = 100_000
"""Characters of a sentence; a bundle that claims more would decode for ever."""


@dataclass(frozen=True)
class Provenance:
    """Where the training pairs came from, what was dropped, and how they were split. ``reverse`` says that the file's
    sides were swapped; ``corpora`` are those of which there are several, or the one, ``weights`` how often each pair of
    them was seen in a pass, and ``aim`` the names of those that the training was for.
    """

    name: str
    sha256: str | None = None
    n_bytes: int | None = None
    reverse: bool = False
    limit: int | None = None
    n_read: int = 0
    n_bad_rows: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    split_seed: int = 0
    n_pairs: dict[str, int] = field(default_factory=dict)
    corpora: tuple[CorpusFacts, ...] = ()
    weights: dict[str, float] = field(default_factory=dict)
    aim: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Provenance:
        """Return the provenance that ``asdict`` made ``values`` of; older ones know of no corpora."""
        known = {f.name: values[f.name] for f in fields(cls) if f.name in values}
        corpora = tuple(CorpusFacts(**corpus) for corpus in known.pop("corpora", ()))
        return cls(**{**known, "corpora": corpora, "aim": tuple(known.pop("aim", ()))})


@dataclass(frozen=True)
class Learned:
    """Corrections learned after the training, by `learned.identity`, and dev chrF by direction before the first."""

    corrections: tuple[str, ...] = ()
    dev_chrf: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Bundle:
    """A trained translator and all that is known of it.

    ``src`` and ``trg`` are language codes; with ``both``, the model also translates ``trg`` to ``src``. ``history`` has
    one entry an epoch; ``scores`` holds reports by part; ``golden`` maps sources to translations; ``confidence`` has,
    by direction ("en-es"), how sure its translations are. ``path`` and ``fingerprint`` are set when it comes from disk.
    """

    src: str
    trg: str
    trained: TrainedModel
    training: TrainConfig
    provenance: Provenance
    history: tuple[dict[str, float], ...] = ()
    scores: dict[str, Any] = field(default_factory=dict)
    golden: dict[str, str] = field(default_factory=dict)
    finished: bool = True
    both: bool = False
    learned: Learned = field(default_factory=Learned)
    confidence: dict[str, Confidence] = field(default_factory=dict)
    path: Path | None = None
    fingerprint: str = ""
    dragoman: str = __version__

    @property
    def directions(self) -> tuple[tuple[str, str], ...]:
        """The language codes of source and target for each direction that the model translates in."""
        forward = (self.src, self.trg)
        return (forward, forward[::-1]) if self.both else (forward,)

    @property
    def has_data(self) -> bool:
        """Whether the training pairs stand in the bundle."""
        return self.path is not None and (self.path / "train.tsv.gz").exists()

    def reader(self, part: str) -> Iterable[Pair] | None:
        """Return the pairs of ``"train"``, ``"dev"`` or ``"test"``, lazily, or None if the bundle was written without
        data.
        """
        if self.path is None or not self.has_data:
            return None
        name = f"{part}.tsv.gz"
        check_file(self.path, name, read_card(self.path)["files"], hashed=True)
        return BundlePairs(self.path / name)

    def pairs(self, part: str) -> list[Pair] | None:
        """Return the pairs of a part as `reader` does, in memory."""
        reader = self.reader(part)
        return None if reader is None else list(reader)

    def verify(self) -> None:
        """Hash every file, also those that loading leaves unread; a `BundleError` names one that was altered."""
        assert self.path is not None, "only what stands on disk can be verified"
        files = read_card(self.path)["files"]
        for name in files:
            check_file(self.path, name, files, hashed=True)


def write(
    bundle: Bundle,
    path: Path,
    pairs: Mapping[str, Iterable[Pair]] | None = None,
    *,
    picture: bytes | None = None,
    light: bool = False,
    overwrite: bool = False,
) -> Bundle:
    """Write ``bundle`` as the folder ``path`` and return it as it stands there; ``pairs`` by part, or None to
    leave the data out; ``picture`` is the training curve as a PNG file; with ``light`` the weights are kept
    as `arrays.narrow` makes them.

    The folder appears whole or not at all. A folder that exists is an error, unless ``overwrite`` and it is a
    bundle.
    """
    check_target(path, overwrite=overwrite)
    beside = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
        _write_files(bundle, beside, pairs, picture, light=light)
        _replace_folder(beside, path)
    except OSError as error:
        raise BundleError(f"{path}: the bundle could not be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return read(path)


def check_target(path: Path, *, overwrite: bool = False) -> None:
    """Refuse a place where `write` would fail or have to delete something; for asking before a long training."""
    if path.name in ("", ".."):
        raise UsageError(f"the bundle needs a folder name of its own, not {str(path)!r}")
    _check_writable(path)
    if not (path.exists() or path.is_symlink()):
        return
    is_bundle = (path / CARD).is_file()
    is_empty = path.is_dir() and not path.is_symlink() and not any(path.iterdir())
    if not is_empty and not (overwrite and is_bundle):
        remedy = "choose another, or pass --overwrite" if is_bundle else "choose another"
        raise BundleError(f"{path}: the folder for the bundle must not exist yet; {remedy}")


def _check_writable(path: Path) -> None:
    try:
        parent = next(folder for folder in path.absolute().parents if folder.exists())
        with TemporaryDirectory(prefix=f".{path.name}.", suffix=".partial", dir=parent):
            pass
    except OSError as error:
        raise BundleError(f"{path}: a bundle cannot be written there: {error.strerror}; choose another") from error


def _write_files(
    bundle: Bundle,
    folder: Path,
    pairs: Mapping[str, Iterable[Pair]] | None,
    picture: bytes | None,
    *,
    light: bool,
) -> None:
    trained = bundle.trained
    weights = narrow(trained.weights) if light else trained.weights
    # save_file would make the file readable by its owner only.
    (folder / WEIGHTS).write_bytes(safetensors.numpy.save(weights))
    for name, data in vocabulary_files.to_files(trained.src_vocabulary, trained.trg_vocabulary).items():
        (folder / name).write_bytes(data)
    for lexicon, name in zip(trained.words or (), WORDS, strict=False):
        write_words(lexicon, folder / name)
    write_json(folder / "history.json", list(bundle.history))
    _write_table(folder / HISTORY_TABLE, bundle.history)
    if picture is not None:
        (folder / PICTURE).write_bytes(picture)
    write_json(folder / "golden.json", bundle.golden)
    for part in PARTS if pairs is not None else ():
        write_pairs((pairs or {})[part], folder / f"{part}.tsv.gz")
    card = {
        "format": FORMAT,
        "dragoman": bundle.dragoman,
        "src": bundle.src,
        "trg": bundle.trg,
        "directions": ["-".join(direction) for direction in bundle.directions],
        "finished": bundle.finished,
        "model": trained.config.to_json(),
        "max_src_length": trained.max_src_length,
        "max_trg_length": trained.max_trg_length,
        "training": bundle.training.to_json(),
        "provenance": asdict(bundle.provenance),
        "scores": bundle.scores,
        "learned": asdict(bundle.learned),
        "confidence": {direction: fitted.to_json() for direction, fitted in bundle.confidence.items()},
        "files": {f.name: {"bytes": f.stat().st_size, "sha256": sha256_of(f)} for f in sorted(folder.iterdir())},
    }
    write_json(folder / CARD, {**card, "fingerprint": fingerprint_of(card)})


def _replace_folder(new: Path, path: Path) -> None:
    """Put ``new`` in its place; a bundle that was there is left where ``new`` was."""
    if path.is_symlink():
        path.unlink()  # what it names stays
    if path.exists():
        exchange(path, new)
    else:
        new.rename(path)


def read(path: Path | str) -> Bundle:
    """Return the bundle in the folder ``path``; one that is missing, truncated, altered or too new is a `BundleError`
    that says so.
    """
    path = Path(path)
    card = read_card(path)
    try:
        loaded = (*REQUIRED, *vocabulary_files.VOCABULARY_FILES, *WORDS)
        for name in card["files"]:
            check_file(path, name, card["files"], hashed=name in loaded)
        trained = TrainedModel(
            ModelConfig.from_json(card["model"]),
            _read_weights(path / WEIGHTS),
            *_read_vocabularies(path, card),
            _length(card, "max_src_length"),
            _length(card, "max_trg_length"),
            _read_words(path, card),
        )
        return Bundle(
            src=str(card["src"]),
            trg=str(card["trg"]),
            trained=trained,
            training=TrainConfig.from_json(card["training"]),
            provenance=Provenance.from_json(card["provenance"]),
            history=tuple(read_json(path / "history.json")),
            scores=dict(card["scores"]),
            golden=dict(read_json(path / "golden.json")),
            finished=card["finished"] is True,
            both=_both(card),
            learned=_learned(card.get("learned", {})),  # older cards have none
            confidence=_confidence(card.get("confidence", {})),  # nor these
            path=path,
            fingerprint=card["fingerprint"],
            dragoman=str(card["dragoman"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BundleError(
            f"{path}: the bundle is damaged ({type(error).__name__}: {error}); train or copy it again"
        ) from error
    except DragomanError as error:
        if str(error).startswith(str(path)):
            raise
        raise BundleError(f"{path}: the bundle is damaged: {error}") from error


def fingerprint(path: Path, *, whole: bool = False) -> str:
    """Return the fingerprint of the bundle in the folder ``path`` without reading more of it than its card; with
    ``whole`` the other files must be there, in their sizes.
    """
    card = read_card(path)
    for name in card["files"] if whole else ():
        check_file(path, name, card["files"], hashed=False)
    return str(card["fingerprint"])


def _read_weights(file: Path) -> Weights:
    try:
        return widen(safetensors.numpy.load_file(file))
    except (safetensors.SafetensorError, OSError) as error:
        raise BundleError(f"{file}: the weights cannot be read: {error}; copy the bundle again") from error


def _read_vocabularies(folder: Path, card: Mapping[str, Any]) -> tuple[Vocabulary, Vocabulary]:
    names = vocabulary_files.layout(card["model"]["name"], card["files"])
    for name in names:
        check_size(folder / name, vocabulary_files.MAX_BYTES)
    return vocabulary_files.from_files({name: (folder / name).read_bytes() for name in names})


def _read_words(folder: Path, card: Mapping[str, Any]) -> tuple[Lexicon, Lexicon] | None:
    if not any(name in card["files"] for name in WORDS):
        return None
    src, trg = (read_words(folder / name) for name in WORDS)
    return src, trg


def _both(card: Mapping[str, Any]) -> bool:
    """Whether the card says that the model translates in both directions."""
    if card["format"] < 2:
        return False
    forward, backward = f"{card['src']}-{card['trg']}", f"{card['trg']}-{card['src']}"
    directions = card["directions"]
    if directions not in ([forward], [forward, backward]):
        raise BundleError(f"directions must be {forward}, or {forward} and {backward}, not {directions!r:.80}")
    return len(directions) == 2


def _learned(entry: Mapping[str, Any]) -> Learned:
    chrf = {str(name): float(value) for name, value in entry.get("dev_chrf", {}).items()}
    return Learned(tuple(map(str, entry.get("corrections", ()))), chrf)


def _confidence(entry: Mapping[str, Any]) -> dict[str, Confidence]:
    return {str(direction): Confidence.from_json(fitted) for direction, fitted in entry.items()}


def _length(card: Mapping[str, Any], name: str) -> int:
    value = card[name]
    if not isinstance(value, int) or not 0 < value <= MAX_LENGTH:
        raise BundleError(f"{name} must be a whole number from 1 to {MAX_LENGTH:,}, not {value!r}")
    return value


def _write_table(file: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write ``rows`` as CSV, a column for each field that any of them has; a field that a row lacks is left empty."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with file.open("w", encoding="utf-8", newline="") as opened:
        table = csv.DictWriter(opened, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
