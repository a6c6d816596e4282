"""LibreTranslate 1.9.6, its own server with its own engine, on the weights of a bundle.

environment    the script that makes the environment of its own in which it runs
stub/          a package that would have to download models: sentences cost nothing there

The engine, Argos Translate, runs CTranslate2 too: it is given the bundle's int8 arrays, with the pieces of its
vocabularies as tokens, and searches with its own settings: a beam of 4, one sentence at a time.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dragoman import TransformerConfig
from dragoman import bundle as bundles
from dragoman.bundle import Bundle
from dragoman.engine.ctranslate_format import model_files
from dragoman.vocabulary import EOS
from dragoman.vocabulary.subwords import SubwordVocabulary

FOLDER = Path("~/.cache/dragoman-bench/libretranslate").expanduser()
"""Where the script ``environment`` puts it if it is told of no other folder."""


@contextmanager
def serving(bundle: Path, environment: Path) -> Iterator[str]:
    """Run its server on the weights of ``bundle``; yield its URL."""
    with tempfile.TemporaryDirectory() as home, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        card = bundles.read(bundle)
        for src, trg in ((card.src, card.trg), (card.trg, card.src)):  # with fewer than two it looks for others
            write_package(card, src, trg, Path(home) / "packages" / f"{src}_{trg}")
        variables = {"HOME": home, "ARGOS_PACKAGES_DIR": f"{home}/packages", "PYTHONPATH": str(_here("stub"))}
        options = ["--host", "127.0.0.1", "--port", str(port)]
        process = subprocess.Popen(
            [environment / "bin" / "libretranslate", *options],
            cwd=home,
            env={"PATH": os.environ["PATH"], **variables},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _await(url, process)
            yield url
        finally:
            process.terminate()
            process.wait()


def write_package(card: Bundle, src: str, trg: str, folder: Path) -> None:
    """Write what Argos Translate takes for an installed package: metadata, CTranslate2's files, SentencePiece's."""
    trained = card.trained
    sides = {"source": trained.src_vocabulary, "target": trained.trg_vocabulary}
    assert isinstance(trained.config, TransformerConfig)
    files = model_files(trained.config, trained.weights, sides["source"].size, sides["target"].size, "int8")
    names = {}
    for side, vocabulary in {**sides, "shared": sides["target"]}.items():
        assert isinstance(vocabulary, SubwordVocabulary)
        names[side] = vocabulary.tokens(range(vocabulary.size))
    for side in names:
        if f"{side}_vocabulary.json" in files:
            files[f"{side}_vocabulary.json"] = json.dumps(names[side]).encode()
    settings = json.loads(files["config.json"])
    tokens = {name: names["target"][int(settings[name])] for name in settings if name.endswith("_token")}
    files["config.json"] = json.dumps({**settings, **tokens, "add_source_eos": True}).encode()
    assert names["source"][EOS] == tokens["eos_token"]
    (folder / "model").mkdir(parents=True)
    for name, data in files.items():
        (folder / "model" / name).write_bytes(data)
    assert isinstance(trained.src_vocabulary, SubwordVocabulary)
    (folder / "sentencepiece.model").write_bytes(trained.src_vocabulary.model)
    codes = {"from_code": src, "from_name": src, "to_code": trg, "to_name": trg}
    metadata = {"package_version": "1.0", "argos_version": "1.12", **codes}
    (folder / "metadata.json").write_text(json.dumps(metadata))


def _await(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit(f"LibreTranslate's server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5):  # noqa: S310 - ours
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("LibreTranslate's server did not begin to answer")


def _here(name: str) -> Path:
    return Path(__file__).with_name(name)
