"""The export is for plain Keras: opened there, without Dragoman, it decodes as the bundle does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.sides.decoding import as_decoded
from dragoman.bundle import read
from dragoman.errors import UsageError
from dragoman.models.keras_files import write_keras
from dragoman.translator import Translator

pytestmark = pytest.mark.slow

PLAIN_KERAS = """
import json, os, sys
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

folder, sentences = sys.argv[1], json.loads(sys.argv[2])
known = json.load(open(folder + "/characters.json", encoding="utf-8"))
encoder = keras.models.load_model(folder + "/encoder_model.keras")
decoder = keras.models.load_model(folder + "/decoder_model.keras")
training = keras.models.load_model(folder + "/training_model.keras")
source, target = known["source_characters"], known["target_characters"]
decoded = []
for sentence in sentences:
    encoder_input = np.zeros((1, known["max_src_length"], len(source)), "float32")
    for t, character in enumerate(sentence):
        encoder_input[0, t, source.index(character)] = 1.0
    states = encoder.predict_on_batch(encoder_input)
    text, character = "", "\\t"
    while True:
        row = np.zeros((1, 1, len(target)), "float32")
        row[0, 0, target.index(character)] = 1.0
        probabilities, *states = decoder.predict_on_batch([row, *states])
        character = target[int(np.argmax(probabilities[0, -1]))]
        text += character
        if character == "\\n" or len(text) > known["max_trg_length"]:
            break
    decoded.append(text.rstrip("\\n"))
assert "dragoman" not in sys.modules
print(json.dumps({"decoded": decoded, "outputs": len(training.outputs)}))
"""


def test_plain_keras_loads_the_three_models_and_decodes(bundle_path: Path, tmp_path: Path) -> None:
    bundle = read(bundle_path)
    files = write_keras(bundle.trained, tmp_path / "keras")
    assert sorted(file.name for file in files) == [
        "characters.json",
        "decoder_model.keras",
        "encoder_model.keras",
        "training_model.keras",
    ]
    sentences = [pair.src for pair in (bundle.pairs("dev") or [])[:12]]
    command = [sys.executable, "-c", PLAIN_KERAS, str(tmp_path / "keras"), json.dumps(sentences)]
    result = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    translator = Translator.load(bundle_path)
    assert result["decoded"] == as_decoded(translator, sentences)
    assert result["outputs"] == 1


def test_a_folder_with_something_in_it_is_not_touched(bundle_path: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="new or empty"):
        write_keras(read(bundle_path).trained, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]
