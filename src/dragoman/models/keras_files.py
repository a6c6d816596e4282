"""The models of a bundle as ``.keras`` files, for people who go on in plain Keras."""

from __future__ import annotations

import json
from pathlib import Path

from ..engine import TrainedModel
from ..errors import UsageError
from ..vocabulary.characters import CharVocabulary
from . import MODELS, keras

CHARACTERS = "characters.json"


def backend() -> str:
    """Return the backend that Keras runs on here; plain Keras needs to be told, in ``KERAS_BACKEND``."""
    return str(keras.backend.backend())


def write_keras(trained: TrainedModel, folder: Path) -> list[Path]:
    """Write ``training_model.keras``, ``encoder_model.keras``, ``decoder_model.keras`` and
    ``characters.json`` to the new ``folder``.

    ``characters.json`` holds the characters of the columns of both sides, and the lengths of the article's
    arrays. Returns the files.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: the folder for the Keras models must be new or empty; choose another")
    if trained.config.name != "char-lstm":
        raise UsageError(f"only the article's models go to Keras files, not {trained.config.name!r}")
    architecture = MODELS[trained.config.name]
    vocabularies = trained.src_vocabulary, trained.trg_vocabulary
    assert isinstance(vocabularies[0], CharVocabulary)
    assert isinstance(vocabularies[1], CharVocabulary)
    model = architecture.build(trained.config, *vocabularies, max_trg_length=trained.max_trg_length)
    architecture.from_engine(model, trained.weights)
    characters = {
        "source_characters": "".join(vocabularies[0].column_characters),
        "target_characters": "".join(vocabularies[1].column_characters),
        "max_src_length": trained.max_src_length,
        "max_trg_length": trained.max_trg_length,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = []
        for name in ("training_model", "encoder_model", "decoder_model"):
            files.append(folder / f"{name}.keras")
            getattr(model, name).save(files[-1])
        files.append(folder / CHARACTERS)
        files[-1].write_text(json.dumps(characters, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise UsageError(f"{folder}: the Keras models cannot be written: {error.strerror or error}") from error
    return files
