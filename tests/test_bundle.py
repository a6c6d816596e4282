"""The folder on disk: what comes back is what was written, and what was tampered with is refused by name."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dragoman import bundle as bundles
from dragoman.bundle import Bundle
from dragoman.bundle.card import fingerprint_of
from dragoman.confidence import FEATURES, Confidence
from dragoman.config import TransformerConfig
from dragoman.corpus import Origin, Pair, open_pairs
from dragoman.engine import TrainedModel
from dragoman.errors import BundleError, CorpusError
from dragoman.translator import Translator
from dragoman.vocabulary.subwords import SubwordVocabulary


@pytest.fixture
def copy(bundle_path: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(bundle_path, tmp_path / "copy"))


def test_what_is_written_comes_back(bundle_path: Path, tmp_path: Path) -> None:
    bundle = bundles.read(bundle_path)
    parts = {part: bundle.pairs(part) or [] for part in bundles.PARTS}
    picture = (bundle_path / "training.png").read_bytes()
    again = bundles.write(bundle, tmp_path / "again", parts, picture=picture)
    assert again.fingerprint == bundle.fingerprint
    assert replace(again, path=None, trained=bundle.trained) == replace(bundle, path=None)
    for name, array in bundle.trained.weights.items():
        np.testing.assert_array_equal(array, again.trained.weights[name])
    assert {file.name: file.read_bytes() for file in bundle_path.iterdir()} == {
        file.name: file.read_bytes() for file in (tmp_path / "again").iterdir()
    }


def test_it_says_where_it_came_from(bundle_path: Path) -> None:
    bundle = bundles.read(bundle_path)
    assert (bundle.src, bundle.trg) == ("en", "es")
    assert bundle.finished
    assert bundle.provenance.name == "phrasebook"
    assert bundle.provenance.n_read == bundle.provenance.limit == 1200
    assert bundle.provenance.n_pairs == {part: len(bundle.pairs(part) or ()) for part in bundles.PARTS}
    assert [epoch["epoch"] for epoch in bundle.history] == [1, 2, 3, 4]
    assert {score["name"] for score in bundle.scores["test"]["scores"]} >= {"BLEU", "chrF2", "TER", "EXACT"}


def test_the_place_of_each_pair_comes_back(bundle_path: Path, tmp_path: Path) -> None:
    bundle = bundles.read(bundle_path)
    pairs = [
        Pair("Go.", "Ve.", Origin("spa.txt", 7)),
        Pair("Run!", "¡Corre!", Origin("my memory.tmx", 12, "Ana, CC BY", "unit", "memory")),
        Pair("source", "target", Origin("docs.zip/os.po", 120, "", "line", "docs.zip")),
    ]
    again = bundles.write(bundle, tmp_path / "again", {"train": pairs, "dev": [], "test": []})
    assert again.pairs("train") == pairs
    assert again.pairs("dev") == []
    # What is in a bundle can be trained on like any other table.
    assert [pair[:2] for pair in open_pairs(tmp_path / "again" / "train.tsv.gz", min_pairs=1)] == [p[:2] for p in pairs]


def test_a_training_calibrates(bundle_path: Path) -> None:
    bundle = bundles.read(bundle_path)
    assert list(bundle.confidence["en-es"].weights) == list(FEATURES)
    calibration = bundle.scores["dev"]["calibration"]
    assert 0 < calibration["n_pairs"] <= bundle.scores["dev"]["n_pairs"]
    assert abs(calibration["confidence"] - calibration["useful"]) < 0.2


def test_how_sure_its_translations_are_comes_back(bundle_path: Path, tmp_path: Path) -> None:
    confidence = {"en-es": Confidence(0.25, dict.fromkeys(FEATURES, -1.5))}
    again = bundles.write(replace(bundles.read(bundle_path), confidence=confidence), tmp_path / "again")
    assert again.confidence == confidence
    assert Translator.load(tmp_path / "again").confidence == confidence["en-es"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e99", "null"])
def test_a_confidence_that_is_no_number_is_refused(copy: Path, number: str) -> None:
    confidence = {"en-es": {"bias": 0.0, "weights": {"score": json.loads(number)}}}
    edit_card(copy, lambda card: card.update(confidence=confidence))
    with pytest.raises(BundleError, match="the confidence must be made of numbers"):
        bundles.read(copy)


def test_a_bundle_of_before_does_not_say_how_sure_it_is(copy: Path) -> None:
    edit_card(copy, lambda card: card.pop("confidence"))
    translator = Translator.load(copy)
    assert translator.confidence is None
    assert translator.translate(["Go."])[0].confidence is None


def test_pairs_of_the_format_before_are_read(copy: Path) -> None:
    with gzip.open(copy / "dev.tsv.gz", "wt", encoding="utf-8") as file:
        file.write("Go.\tVe.\tAna\nRun!\t¡Corre!\n")
    relist(copy, "dev.tsv.gz")
    assert bundles.read(copy).pairs("dev") == [
        Pair("Go.", "Ve.", Origin("dev.tsv.gz", 1, "Ana")),
        Pair("Run!", "¡Corre!", Origin("dev.tsv.gz", 2)),
    ]


def test_a_damaged_row_of_pairs_is_told_with_its_line(copy: Path) -> None:
    rows = gzip.decompress((copy / "dev.tsv.gz").read_bytes()).splitlines(keepends=True)
    (copy / "dev.tsv.gz").write_bytes(gzip.compress(b"".join([*rows[:3], b"one\ttwo\n"])))
    relist(copy, "dev.tsv.gz")
    with pytest.raises(CorpusError, match=r"dev\.tsv\.gz:4: the pair is damaged"):
        bundles.read(copy).pairs("dev")


def test_a_card_of_the_format_before_has_no_corpora(copy: Path) -> None:
    def older(card: dict[str, Any]) -> None:
        card["format"] = 2
        for name in ("corpora", "weights", "aim"):
            del card["provenance"][name]

    edit_card(copy, older)
    provenance = bundles.read(copy).provenance
    assert (provenance.corpora, provenance.weights, provenance.aim) == ((), {}, ())
    assert provenance.name == "phrasebook"


def test_the_history_is_a_table_too(bundle_path: Path, tmp_path: Path) -> None:
    bundle = bundles.read(bundle_path)

    def table(path: Path) -> list[dict[str, str]]:
        with (path / "history.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    rows = table(bundle_path)
    assert [{name: float(value) for name, value in row.items()} for row in rows] == list(bundle.history)
    late = replace(bundle, history=({"epoch": 1, "loss": float("nan")}, {"epoch": 2, "loss": 1.5, "dev_bleu": 7.25}))
    bundles.write(late, tmp_path / "late")
    assert table(tmp_path / "late") == [
        {"epoch": "1", "loss": "nan", "dev_bleu": ""},
        {"epoch": "2", "loss": "1.5", "dev_bleu": "7.25"},
    ]
    bundles.write(replace(bundle, history=()), tmp_path / "none")
    assert table(tmp_path / "none") == []


def test_a_bundle_without_table_and_picture_is_read(copy: Path) -> None:
    for name in ("history.csv", "training.png"):
        (copy / name).unlink()
    edit_card(copy, lambda card: [card["files"].pop(name) for name in ("history.csv", "training.png")])
    bundles.read(copy).verify()


def test_golden_translations_repeat(bundle_path: Path) -> None:
    translator = Translator.load(bundle_path)
    golden = bundles.read(bundle_path).golden
    assert len(golden) == 10
    assert [t.text for t in translator.translate(list(golden))] == list(golden.values())


def test_it_reads_as_others_may_read_it(bundle_path: Path) -> None:
    assert all(file.stat().st_mode & 0o044 == 0o044 & ~umask() for file in bundle_path.iterdir())


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_without_data_there_are_no_pairs_and_it_translates(bundle_path: Path, tmp_path: Path) -> None:
    bundle = bundles.read(bundle_path)
    bare = bundles.write(bundle, tmp_path / "bare")
    assert not bare.has_data
    assert bare.pairs("train") is None
    assert not list((tmp_path / "bare").glob("*.gz"))
    assert Translator.load(tmp_path / "bare")("Good morning!") == Translator.load(bundle_path)("Good morning!")


def test_a_folder_is_not_overwritten_unless_told(bundle_path: Path, copy: Path, tmp_path: Path) -> None:
    bundle = bundles.read(bundle_path)
    before = sorted(copy.iterdir())
    with pytest.raises(BundleError, match="--overwrite"):
        bundles.write(bundle, copy)
    assert sorted(copy.iterdir()) == before
    assert bundles.write(bundle, copy, overwrite=True).pairs("train") is None
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "love.txt").write_text("Dear")
    with pytest.raises(BundleError, match="must not exist"):
        bundles.write(bundle, tmp_path / "letters", overwrite=True)
    assert (tmp_path / "letters" / "love.txt").read_text() == "Dear"


def test_a_write_that_fails_leaves_nothing(bundle_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bundles, "_replace_folder", full)
    with pytest.raises(BundleError, match="No space left"):
        bundles.write(bundles.read(bundle_path), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def edit_card(path: Path, change: Callable[[dict[str, Any]], object], *, seal: bool = True) -> None:
    """Change the card, and by default give it the fingerprint of what it now says."""
    card = json.loads((path / "bundle.json").read_text())
    change(card)
    if seal:
        card.pop("fingerprint")
        card["fingerprint"] = fingerprint_of(card)
    (path / "bundle.json").write_text(json.dumps(card))


def relist(path: Path, name: str) -> None:
    """Let the card agree with a file that was changed."""
    data = (path / name).read_bytes()
    listed = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    edit_card(path, lambda card: card["files"].update({name: listed}))


def truncate(name: str) -> Callable[[Path], None]:
    def cut(path: Path) -> None:
        (path / name).write_bytes((path / name).read_bytes()[:-7])

    return cut


def flip_last_byte(name: str) -> Callable[[Path], None]:
    def flip(path: Path) -> None:
        data = bytearray((path / name).read_bytes())
        data[-1] ^= 1
        (path / name).write_bytes(bytes(data))

    return flip


DAMAGES: list[tuple[str, Callable[[Path], object], str]] = [
    ("missing", lambda p: shutil.rmtree(p), "no such bundle"),
    ("no card", lambda p: (p / "bundle.json").unlink(), "not a bundle"),
    ("card is no JSON", truncate("bundle.json"), "JSON"),
    ("card is a list", lambda p: (p / "bundle.json").write_text("[]"), "format"),
    ("card is deep", lambda p: (p / "bundle.json").write_text("[" * 200_000), "JSON"),
    ("card altered", lambda p: edit_card(p, lambda c: c.update(trg="fr"), seal=False), "altered"),
    ("too new", lambda p: edit_card(p, lambda c: c.update(format=99)), "upgrade"),
    ("file not listed", lambda p: edit_card(p, lambda c: c["files"].pop("weights.safetensors")), "does not list"),
    ("path out", lambda p: edit_card(p, lambda c: c["files"].update({"../x": {}})), "no bundle has"),
    ("vocabulary missing", lambda p: (p / "src.vocabulary.json").unlink(), "src.vocabulary.json is missing"),
    ("pairs missing", lambda p: (p / "train.tsv.gz").unlink(), "train.tsv.gz is missing"),
    ("weights truncated", truncate("weights.safetensors"), "bytes and should have"),
    ("weights altered", flip_last_byte("weights.safetensors"), "altered"),
    ("table missing", lambda p: (p / "history.csv").unlink(), "history.csv is missing"),
    ("picture truncated", truncate("training.png"), "bytes and should have"),
    ("history altered", flip_last_byte("history.json"), "altered"),
    ("no length", lambda p: edit_card(p, lambda c: c.update(max_trg_length=-1)), "max_trg_length"),
    ("no such model", lambda p: edit_card(p, lambda c: c["model"].update(name="oracle")), "char-lstm"),
    ("unknown setting", lambda p: edit_card(p, lambda c: c["model"].update(heads=8)), "heads"),
    ("no direction", lambda p: edit_card(p, lambda c: c.update(directions=[])), "directions must be"),
    ("another direction", lambda p: edit_card(p, lambda c: c.update(directions=["en-fr"])), "directions must be"),
    ("vocabulary not listed", lambda p: edit_card(p, lambda c: c["files"].pop("src.vocabulary.json")), "vocabularies"),
    (
        "vocabulary of another model",
        lambda p: edit_card(p, lambda c: c.update(model={"name": "transformer"})),
        "joint.spm",
    ),
    ("no provenance", lambda p: edit_card(p, lambda c: c.pop("provenance")), "provenance"),
]


@pytest.mark.parametrize(("damage", "fragment"), [d[1:] for d in DAMAGES], ids=[d[0] for d in DAMAGES])
def test_a_damaged_bundle_is_refused_with_the_reason(
    copy: Path, damage: Callable[[Path], object], fragment: str
) -> None:
    damage(copy)
    with pytest.raises(BundleError, match=fragment) as caught:
        Translator.load(copy)
    assert str(caught.value).startswith(str(copy))
    assert "\n" not in str(caught.value)


def test_weights_of_another_width_are_refused(copy: Path) -> None:
    edit_card(copy, lambda card: card["model"].update(units=49))
    with pytest.raises(BundleError, match=r"encoder\.0\.kernel"):
        Translator.load(copy)


def test_altered_pairs_are_noticed_when_they_are_read(copy: Path) -> None:
    data = gzip.decompress((copy / "train.tsv.gz").read_bytes())
    size = (copy / "train.tsv.gz").stat().st_size
    packed = gzip.compress(data.replace(b"a", b"b", 1), mtime=0)
    (copy / "train.tsv.gz").write_bytes(packed[:size].ljust(size, b"\0"))
    translator = Translator.load(copy)
    with pytest.raises(BundleError, match="altered"):
        translator.training_pairs()


@pytest.mark.parametrize("name", ["history.csv", "training.png", "train.tsv.gz"])
def test_verifying_reads_what_loading_leaves_unread(name: str, copy: Path) -> None:
    flip_last_byte(name)(copy)
    bundle = bundles.read(copy)
    with pytest.raises(BundleError, match=f"{name} was altered"):
        bundle.verify()


def test_loading_and_translating_import_neither_keras_nor_jax(bundle_path: Path) -> None:
    program = (
        "import sys; from dragoman import Translator; print(Translator.load(sys.argv[1])('Good morning!'));"
        "print([m for m in ('keras', 'jax', 'tensorflow', 'torch') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, bundle_path], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[1] == "[]"


def transformer_bundle(bundle: Bundle, src: SubwordVocabulary, trg: SubwordVocabulary, *, both: bool = False) -> Bundle:
    """A bundle of a Transformer that holds nothing but its vocabularies."""
    weights = {"embeddings": np.zeros((src.size, 8), np.float32)}
    trained = TrainedModel(TransformerConfig(joint=src is trg), weights, src, trg, 9, 9)
    return replace(bundle, trained=trained, both=both)


@pytest.fixture(scope="module")
def subwords() -> SubwordVocabulary:
    return SubwordVocabulary.train(["Go.", "Ve."], symbols=["<forward>"])


def test_subwords_come_back(bundle_path: Path, tmp_path: Path, subwords: SubwordVocabulary) -> None:
    bundle = bundles.read(bundle_path)
    joint = bundles.write(transformer_bundle(bundle, subwords, subwords), tmp_path / "joint").trained
    assert joint.src_vocabulary is joint.trg_vocabulary
    assert joint.src_vocabulary.encode("Go. Щ") == subwords.encode("Go. Щ")
    sides = bundles.write(transformer_bundle(bundle, subwords, SubwordVocabulary.train(["¿?"])), tmp_path / "sides")
    assert sorted(file.name for file in (tmp_path / "sides").glob("*.spm")) == ["src.spm", "trg.spm"]
    assert sides.trained.src_vocabulary.size != sides.trained.trg_vocabulary.size
    sides.verify()


def test_directions_come_back(bundle_path: Path, tmp_path: Path, subwords: SubwordVocabulary) -> None:
    one = bundles.read(bundle_path)
    assert one.directions == (("en", "es"),)
    both = bundles.write(transformer_bundle(one, subwords, subwords, both=True), tmp_path / "both")
    assert both.directions == (("en", "es"), ("es", "en"))
    assert json.loads((tmp_path / "both" / "bundle.json").read_text())["directions"] == ["en-es", "es-en"]


def test_an_altered_subword_vocabulary_is_refused(
    bundle_path: Path, tmp_path: Path, subwords: SubwordVocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "joint"
    bundles.write(transformer_bundle(bundles.read(bundle_path), subwords, subwords), path)
    with monkeypatch.context() as patch:
        patch.setattr("dragoman.vocabulary.files.MAX_BYTES", len(subwords.model) - 1)
        with pytest.raises(BundleError, match="bytes are more than"):
            bundles.read(path)
    flip_last_byte("joint.spm")(path)
    with pytest.raises(BundleError, match=r"joint\.spm was altered"):
        bundles.read(path)


def test_a_bundle_of_format_1_loads(copy: Path) -> None:
    def make_old(card: dict[str, Any]) -> None:
        card["format"] = 1
        del card["directions"]

    edit_card(copy, make_old)
    assert bundles.read(copy).directions == (("en", "es"),)
    assert Translator.load(copy)("Good morning!")
