"""Bad input, kind by kind: an exit code, one clear line, and nothing written, changed or lost.

Every case runs in a folder with the bundle ``model`` and the file ``pairs.tsv``, which afterwards holds what it held.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, NamedTuple

import numpy as np
import pytest
import safetensors.numpy

from tests.cli.running import Run

USAGE, CORPUS, BUNDLE = 2, 3, 4
GOOD = "".join(f"I see {n} cats.\tVeo {n} gatos.\n" for n in range(2, 42))


def everything(folder: Path) -> dict[str, bytes | None]:
    """The files under ``folder`` with their bytes, hidden ones too, and the folders."""
    found = sorted(folder.rglob("*"))
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in found}


def assert_refused(result: CompletedProcess[str], code: int, message: str) -> None:
    """One line, at the end, says what is wrong; only warnings may stand before it."""
    *before, last = result.stderr.splitlines()
    assert re.fullmatch(r"dragoman: error: \S.*", last), result.stderr
    assert message in last
    assert all(line.startswith("dragoman: warning: ") for line in before), before
    assert result.returncode == code
    assert result.stdout == ""


def zipped(**members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.txt", text)
    return packed.getvalue()


FILES: dict[str, tuple[bytes | None, str]] = {
    "missing.tsv": (None, "missing.tsv: there is no such file"),
    "empty.tsv": (b"", "empty.tsv: the file is empty (expected sentence pairs)"),
    "binary.tsv": (b"\x7fELF\x02\x01\x01\x00\x00" * 99, "binary.tsv: this is a binary file, not text"),
    "one_column.tsv": (
        GOOD.replace("\t", "    ").encode(),
        "one_column.tsv: 40 of 40 rows cannot be used, over 1% (mend or remove them; the first is "
        "one_column.tsv:1: expected 2 or 3 columns, found 1 (is the separator a tab?)",
    ),
    "bad_row.tsv": (
        f"{GOOD}Run.\t\n".encode(),
        "bad_row.tsv: 1 of 41 rows cannot be used, over 1% (mend or remove them; the first is "
        "bad_row.tsv:41: the second column is empty",
    ),
    "few.tsv": (b"Go.\tVe.\nRun.\tCorre.\n", "few.tsv: expected at least 20 pairs, found 2 (add more pairs)"),
    "blank.tsv": (b"\n\t\n" * 99, "blank.tsv: expected at least 20 pairs, found 0"),
    "endless.tsv": (
        f"{GOOD}{'x' * 2**20}x".encode(),
        "endless.tsv: 1 of 41 rows cannot be used, over 1% (mend or remove them; the first is endless.tsv:41: a line",
    ),
    "cut.tsv.gz": (gzip.compress(GOOD.encode())[:-20], "the file is damaged or cut off"),
    "plain.tsv.gz": (GOOD.encode(), "plain.tsv.gz: the name says gzip, the content does not (is the suffix right"),
    "packed.tsv": (gzip.compress(GOOD.encode()), "packed.tsv: this is a gzip file (unpack it, or let its name end in"),
    "none.zip": (zipped(_about="about"), "none.zip: there is no file of translations in it; it has none.zip/_about"),
    "cut.zip": (zipped(one=GOOD)[:200], "cut.zip: cannot be opened: File is not a zip file"),
    "crc.zip": (zipped(one=GOOD).replace(b"7 cats", b"7 dogs"), "the file is damaged or cut off: Bad CRC-32"),
}


@pytest.mark.parametrize("command", ["corpus check {}", "corpus clean {} --out new.tsv", "train {} --out new/model"])
@pytest.mark.parametrize("name", FILES)
def test_bad_file(name: str, command: str, world: Path, dragoman: Run) -> None:
    content, message = FILES[name]
    if content is not None:
        Path(name).write_bytes(content)
    before = everything(world)
    assert_refused(dragoman(*command.format(name).split()), CORPUS, message)
    assert everything(world) == before


class Refusal(NamedTuple):
    """A command, its exit code, a part of its line, and what came on standard input."""

    command: str
    code: int
    message: str
    stdin: bytes = b""


CHAR_LSTM = "train pairs.tsv --out new --model char-lstm"
REFUSALS = [
    # Arguments that Typer refuses.
    Refusal("frobnicate", USAGE, "No such command 'frobnicate' (see dragoman --help)"),
    Refusal("corpus frobnicate", USAGE, "No such command 'frobnicate' (see dragoman corpus --help)"),
    Refusal("translate model --beem 3", USAGE, "No such option: --beem (Possible options: --beam"),
    Refusal("translate model -Hello", USAGE, "No such option: -H; put -- before a text that begins with a dash (see"),
    Refusal("translate model Go. --zzz", USAGE, "No such option: --zzz; put -- before a text that begins with a dash"),
    Refusal("translate model Go. --beam", USAGE, "--beam' requires an argument"),
    Refusal("translate model Hi. --beam abc", USAGE, "for '--beam': Input should be a valid integer"),
    Refusal("translate model Hi. --beam abc", USAGE, "'abc' (see dragoman translate --help)"),
    Refusal("translate", USAGE, "Missing argument 'BUNDLE' (see dragoman translate --help)"),
    Refusal("train pairs.tsv", USAGE, "Missing option '--out' (see dragoman train --help)"),
    Refusal("train pairs.tsv --out new --limit", USAGE, "Option '--limit' requires an argument"),
    Refusal(
        "train pairs.tsv --out new --limit 0", USAGE, "for '--limit': Input should be greater than or equal to 1: '0'"
    ),
    Refusal("export model", USAGE, "there is nothing to write; say where to: --keras FOLDER or --light FOLDER"),
    Refusal("export model --light model", BUNDLE, "model: the folder for the bundle must not exist yet; choose"),
    # Options of a search.
    Refusal("translate model Hi. --beam 0", USAGE, "beam must be between 1 and 256, not 0"),
    Refusal("translate model Hi. --beam 1000000", USAGE, "beam must be between 1 and 256, not 1000000"),
    Refusal("translate model Hi. --beam 1 --n-best 5", USAGE, "n-best can be at most the beam (1), not 5"),
    Refusal("translate model Hi. --length-penalty -1", USAGE, "the length penalty must be from 0 to 10, not -1.0"),
    Refusal("translate model Hi. --repetition-penalty 0", USAGE, "the repetition penalty must be from 1 (none) to 10"),
    Refusal("translate model Hi. --no-repeat-ngram -1", USAGE, "no-repeat-ngram must be between 0 and 1000, not -1"),
    Refusal("translate model Hi. --no-repeat-ngram 2", USAGE, "the character LSTM has no penalties of length and"),
    Refusal("translate model Hi. --token-scores", USAGE, "--token-scores prints JSON; add --json"),
    Refusal("translate missing Hi. --precision int4", USAGE, "the precision must be one of int8, float32, not 'int4'"),
    Refusal("translate model Hi. --precision int8", USAGE, "computes in float32, not in 'int8'; leave the precision"),
    Refusal("evaluate model pairs.tsv --precision int8", USAGE, "computes in float32, not in 'int8'"),
    Refusal("translate missing Hi. --src klingon1", USAGE, "a language is given by its ISO 639 code"),
    Refusal("translate model Hi. --src es --trg en", USAGE, "model: the bundle translates en-es, not es-en; choose"),
    Refusal("evaluate model pairs.tsv --trg fr", USAGE, "model: the bundle translates en-es, not any-fr; choose"),
    Refusal("translate model Hi. --temperature 0", USAGE, "the temperature must be between 0.001 and 1000, not 0.0"),
    Refusal("translate model Hi. --temperature nan", USAGE, "temperature must be a number, not nan"),
    Refusal("translate model Hi. --temperature 1 --beam 4", USAGE, "sampling with a temperature has no beam"),
    Refusal("translate model Hi. --top-k 5", USAGE, "top-k needs a temperature: it must be 0, not 5"),
    Refusal("translate model Hi. --max-length 0", USAGE, "max length must be between 1 and 100000, not 0"),
    Refusal("translate model Hi. --temperature 1 --seed -1", USAGE, "the seed must be 0 or more, not -1"),
    # Options of a training.
    Refusal("train pairs.tsv --out new --weight pairs.tsv", USAGE, "given as SOURCE=NUMBER, such as memory.tmx=3, not"),
    Refusal(
        "train pairs.tsv --out new --weight pairs.tsv=0", USAGE, "the weight of pairs.tsv must be a number above 0"
    ),
    Refusal(
        "train pairs.tsv --out new --weight pairs.tsv=nan", USAGE, "must be a number above 0, at most 1000, not nan"
    ),
    Refusal(
        "train pairs.tsv --out new --weight b=2", USAGE, "there is no corpus b to give a weight to; the corpora are"
    ),
    Refusal(
        "train pairs.tsv --out new --for b.tsv", USAGE, "there is no corpus b.tsv to train for; the corpora are pair"
    ),
    Refusal(
        "train pairs.tsv --out new --with paid", USAGE, "--with takes free, not paid; a corpus is named like a file"
    ),
    Refusal("train pairs.tsv --out new --with free", USAGE, "--with free needs both languages: --src and --trg"),
    Refusal("train pairs.tsv --out new --columns 1", USAGE, "two columns"),
    Refusal("train pairs.tsv --out new --epochs 0", USAGE, "epochs must be between 1 and 1000000, not 0"),
    Refusal(f"{CHAR_LSTM} --units 0", USAGE, "units must be between 1 and 8192, not 0"),
    Refusal(f"{CHAR_LSTM} --layers 99", USAGE, "layers must be between 1 and 16, not 99"),
    Refusal("train pairs.tsv --out new --dropout 1", USAGE, "dropout must be at least 0 and below 1, not 1.0"),
    Refusal(
        f"{CHAR_LSTM} --batch-size 0",
        USAGE,
        "the batch size must be between 1 and 65536, not 0",
    ),
    Refusal(f"{CHAR_LSTM} --cell rnn", USAGE, "the cell must be one of lstm, gru, not 'rnn'"),
    Refusal(
        "train pairs.tsv --out new --model gpt", USAGE, "the model must be one of transformer, char-lstm, not 'gpt'"
    ),
    Refusal(
        "train pairs.tsv --out new --learning-rate -1", USAGE, "the learning rate must be above 0 and at most 1000"
    ),
    Refusal("train pairs.tsv --out new --seed -1", USAGE, "the seed must be between 0 and 4294967295, not -1"),
    Refusal("train pairs.tsv --out new --seed 4294967296", USAGE, "4294967295, not 4294967296"),
    Refusal("train pairs.tsv --out new --dev 0.9", USAGE, "the dev share must be between 0 and 0.5, not 0.9"),
    Refusal("train pairs.tsv --out new --test 0", USAGE, "the test share must be between 0 and 0.5, not 0.0"),
    Refusal("train pairs.tsv --out new --src klingon1", USAGE, "a language is given by its ISO 639 code"),
    Refusal(
        "train pairs.tsv --out new --src es --trg spa", USAGE, "must be in two languages, not both in es; name both"
    ),
    Refusal(
        "train a.en b.es --src es --trg es --out new",
        USAGE,
        "source and target must be in two languages, not both in es",
    ),
    Refusal("train pairs.tsv --out new --limit 5", CORPUS, "at least 20 pairs"),
    Refusal("train alike.tsv --out new", CORPUS, "the dev part of a split of 30 pairs is empty: pairs that share a"),
    Refusal("demo --epochs 0 --out new", USAGE, "epochs must be between 1 and 1000000, not 0"),
    # Places that are taken, or cannot be.
    Refusal("train pairs.tsv --out model", BUNDLE, "model: the folder for the bundle must not exist yet; choose"),
    Refusal("train missing.tsv --out model --overwrite", CORPUS, "missing.tsv: there is no such file"),
    Refusal("train alike.tsv --out model --overwrite", CORPUS, "the dev part of a split of 30 pairs is empty"),
    Refusal("train pairs.tsv --out pairs.tsv", USAGE, "--out must not be the file of pairs: pairs.tsv"),
    Refusal("train pairs.tsv --out full --overwrite", BUNDLE, "full: the folder for the bundle must not exist yet"),
    Refusal("train pairs.tsv --out pairs.tsv/new", BUNDLE, "a bundle cannot be written there: Not a directory"),
    Refusal("train pairs.tsv --out no/..", USAGE, "the bundle needs a folder name of its own, not 'no/..'"),
    Refusal("train pairs.tsv --out .", USAGE, "the bundle needs a folder name of its own, not '.'"),
    Refusal("demo --out full", BUNDLE, "full: the folder for the bundle must not exist yet; choose another"),
    Refusal("export model --keras full", USAGE, "full: the folder for the Keras models must be new or empty; choose"),
    Refusal("export model --keras pairs.tsv", USAGE, "the folder for the Keras models must be new or empty"),
    Refusal("plot model --out drawn", USAGE, "drawn/model-training.png: the file exists already; move it away, or"),
    Refusal("plot model --out pairs.tsv", USAGE, "pairs.tsv: the pictures cannot be written there: File exists"),
    Refusal(
        "plot model --out drawn --overwrite", USAGE, "drawn/model-lengths.png: a folder has this name; move it away"
    ),
    Refusal("plot missing", BUNDLE, "missing: there is no such bundle; `dragoman train PAIRS --out missing` makes one"),
    Refusal("plot", USAGE, "Missing argument 'BUNDLE' (see dragoman plot --help)"),
    Refusal("plot unscored", BUNDLE, "unscored: the bundle has neither a history nor scores by length to draw; train"),
    Refusal("corpus clean pairs.tsv --out pairs.tsv", USAGE, "pairs.tsv: the file exists already; move it away or"),
    Refusal("corpus clean pairs.tsv --out no/such/folder.tsv", USAGE, "no/such/folder.tsv: cannot be written: No such"),
    Refusal(
        "corpus clean pairs.tsv --out new.zip", USAGE, "new.zip: pairs are not written as zip (let the name end in"
    ),
    Refusal("corpus clean pairs.tsv --out new.tsv --max-ratio 0.5", USAGE, "ratio must be a number from 1, not 0.5"),
    Refusal("corpus split pairs.tsv --out full", USAGE, "full/dev.tsv: the file exists already; move it away or"),
    Refusal("corpus split pairs.tsv --out pairs.tsv", USAGE, "pairs.tsv: the folder cannot be made"),
    Refusal("corpus split pairs.tsv --out new --dev 0.6 --test 0.6", USAGE, "together below 1, not 0.6 and 0.6"),
    # Pairs by name, in two files, from standard input.
    Refusal(
        "corpus check full", CORPUS, "full: 1 of 1 rows cannot be used, over 1% (mend or remove them; the first is"
    ),
    Refusal("corpus check a.en b.es c.fr", CORPUS, "c.fr: there is no such file"),
    Refusal("train a.en b.es --out new", CORPUS, "a.en has 30 lines and b.es has 29 (aligned files have the same"),
    Refusal("corpus check phrasebook b.es", CORPUS, "b.es: 29 of 29 rows cannot be used, over 1%"),
    Refusal("train tatoeba:span-eng --out new", USAGE, "did you mean tatoeba:spa-eng"),
    Refusal("corpus check -", CORPUS, "standard input: the file is empty (expected sentence pairs)"),
    Refusal(
        "train - --out new", CORPUS, "standard input: expected at least 20 pairs, found 2", b"Go.\tVe.\nS\xed.\tYes.\n"
    ),
    Refusal("evaluate model missing.tsv", CORPUS, "missing.tsv: there is no such file"),
    # Bundles, and sentences that cannot be read.
    Refusal("evaluate model pairs.tsv --against missing", BUNDLE, "missing: there is no such bundle; `dragoman train"),
    Refusal(
        "evaluate model pairs.tsv --against french", USAGE, "can be compared in one language, not in 'es' and 'fr'"
    ),
    Refusal("translate missing Hi.", BUNDLE, "missing: there is no such bundle; `dragoman train PAIRS --out missing`"),
    Refusal(
        "translate pairs.tsv Hi.", BUNDLE, "pairs.tsv: not a bundle: a bundle is a folder with a bundle.json; pass"
    ),
    Refusal("inspect full", BUNDLE, "full: not a bundle: this folder has no bundle.json; pass the folder that"),
    Refusal("translate model", CORPUS, "standard input:1: not UTF-8 (byte 4 is 0xe9); convert it", b"caf\xe9\n"),
    Refusal("translate model", CORPUS, "standard input:1: a line may have 1,048,576 bytes; split it", b"x" * 2**20 * 2),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: f"{refusal.command}: {refusal.message[-20:]}")
def test_refused(refusal: Refusal, world: Path, dragoman: Run) -> None:
    Path("full").mkdir()
    Path("full/dev.tsv").write_text("kept", encoding="utf-8")
    Path("a.en").write_text("A cat.\n" * 30, encoding="utf-8")
    Path("b.es").write_text("Un gato.\n" * 29, encoding="utf-8")
    Path("alike.tsv").write_text("".join(f"A cat.\tUn gato {n}.\n" for n in range(30)), encoding="utf-8")
    Path("drawn/model-lengths.png").mkdir(parents=True)
    Path("drawn/model-training.png").write_text("kept", encoding="utf-8")
    if "french" in refusal.command:
        copy_bundle("french", trg="fr", directions=["en-fr"])
    if "unscored" in refusal.command:
        copy_bundle("unscored", scores={})
        Path("unscored/history.json").write_text("[]", encoding="utf-8")
        seal("unscored")
    before = everything(world)
    assert_refused(dragoman(*refusal.command.split(), stdin=refusal.stdin), refusal.code, refusal.message)
    assert everything(world) == before


def card_of(bundle: str) -> dict[str, Any]:
    card: dict[str, Any] = json.loads(Path(bundle, "bundle.json").read_text("utf-8"))
    return card


def seal(folder: str, **changes: Any) -> None:
    """Change the card of a bundle, and make sizes, hashes and fingerprint agree again: the work of a forger."""
    card = card_of(folder)
    del card["fingerprint"]
    for name, listed in card["files"].items():
        data = Path(folder, name).read_bytes()
        listed |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    card |= changes
    canonical = json.dumps(card, sort_keys=True, separators=(",", ":"))
    card["fingerprint"] = hashlib.sha256(canonical.encode()).hexdigest()
    Path(folder, "bundle.json").write_text(json.dumps(card), encoding="utf-8")


def copy_bundle(name: str, **changes: Any) -> None:
    Path(name).mkdir()
    for file in Path("model").iterdir():
        (Path(name) / file.name).write_bytes(file.read_bytes())
    seal(name, **changes)


def write(name: str, text: str) -> None:
    Path("model", name).write_text(text, encoding="utf-8")


def forge(name: str, text: str) -> None:
    write(name, text)
    seal("model")


def flip_last_byte(name: str) -> None:
    data = Path("model", name).read_bytes()
    Path("model", name).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


def alter_card(old: str, new: str) -> None:
    text = Path("model/bundle.json").read_text("utf-8")
    assert old in text
    write("bundle.json", text.replace(old, new))


def forge_weights(change: Callable[[dict[str, Any]], object]) -> None:
    weights = safetensors.numpy.load_file("model/weights.safetensors")
    change(weights)
    safetensors.numpy.save_file(weights, "model/weights.safetensors")
    seal("model")


HARM: dict[str, tuple[Callable[[], object], str]] = {
    "card is not JSON": (lambda: write("bundle.json", "{"), "bundle.json: not readable as JSON"),
    "card is nested without end": (lambda: write("bundle.json", "[" * 10**6), "bundle.json: not readable as JSON"),
    "card is not text": (lambda: Path("model/bundle.json").write_bytes(b"\xff"), "bundle.json: not readable as JSON"),
    "card is a list": (lambda: write("bundle.json", "[1]"), "bundle.json has no format number; train or copy"),
    "too new": (lambda: seal("model", format=99), "has format 99 and this Dragoman reads up to 4; upgrade: pip"),
    "altered card": (lambda: alter_card('"en"', '"de"'), "bundle.json was altered: it does not agree with its"),
    "card without model": (lambda: seal("model", model=None), "model: the bundle is damaged"),
    "unknown model": (
        lambda: seal("model", model={"name": "gpt"}),
        "the model must be one of char-lstm, transformer, not 'gpt'",
    ),
    "forged length": (
        lambda: seal("model", max_trg_length=-1),
        "max_trg_length must be a whole number from 1 to 100,000",
    ),
    "forged history": (lambda: forge("history.json", "1"), "model: the bundle is damaged"),
    "forged list of files": (lambda: seal("model", files=[]), "bundle.json does not list weights.safetensors"),
    "path out of the bundle": (
        lambda: seal("model", files={**card_of("model")["files"], "../pairs.tsv": {"bytes": 1, "sha256": ""}}),
        "bundle.json lists a file that no bundle has: '../pairs.tsv'",
    ),
    "truncated weights": (
        lambda: os.truncate("model/weights.safetensors", 1000),
        "weights.safetensors has 1,000 bytes and should have",
    ),
    "altered weights": (lambda: flip_last_byte("weights.safetensors"), "weights.safetensors was altered: its SHA-256"),
    "weights are none": (lambda: forge("weights.safetensors", "no weights"), "the weights cannot be read"),
    "missing vocabulary": (
        lambda: Path("model/src.vocabulary.json").unlink(),
        "model: src.vocabulary.json is missing; copy the bundle again",
    ),
    "forged vocabulary": (
        lambda: forge("trg.vocabulary.json", '{"type": "characters", "marks": true, "characters": "ba"}'),
        "a vocabulary holds sorted, distinct, single characters",
    ),
    "truncated pairs": (lambda: os.truncate("model/train.tsv.gz", 9), "train.tsv.gz has 9 bytes and should have"),
}


@pytest.mark.parametrize("command", ["translate model Hi.", "inspect model", "evaluate model pairs.tsv"])
@pytest.mark.parametrize("name", HARM)
def test_damaged_bundle(name: str, command: str, world: Path, dragoman: Run) -> None:
    harm, message = HARM[name]
    harm()
    before = everything(world)
    assert_refused(dragoman(*command.split()), BUNDLE, message)
    assert everything(world) == before


def empty_golden() -> None:
    golden = json.loads(Path("model/golden.json").read_text("utf-8"))
    forge("golden.json", json.dumps(dict.fromkeys(golden, "Nada.")))


# What loading believes, because the hashes agree or the file is not needed, and a check finds.
FORGERIES: dict[str, tuple[Callable[[], object], str]] = {
    "altered picture": (lambda: flip_last_byte("training.png"), "training.png was altered: its SHA-256 is not the one"),
    "altered pairs": (lambda: flip_last_byte("train.tsv.gz"), "train.tsv.gz was altered: its SHA-256 is not the one"),
    "other translations": (empty_golden, "'Nada.' when the bundle was written; the weights or the program have"),
    "golden is no text": (lambda: forge("golden.json", '{"Go.": 5}'), "and gave 5 when the bundle was written"),
    "scores are none": (lambda: seal("model", scores={"dev": 1}), "model: the scores in bundle.json are damaged; copy"),
    "weight is missing": (
        lambda: forge_weights(lambda weights: weights.pop("output.bias")),
        "the weights have no array 'output.bias'; they are not those of the configuration",
    ),
    "weight of another shape": (
        lambda: forge_weights(lambda weights: weights.update({"output.bias": np.zeros(1, np.float32)})),
        "array 'output.bias' must be float32",
    ),
    "other model": (
        lambda: seal("model", model={"name": "char-lstm", "units": 7}),
        "array 'encoder.0.kernel' must be float32",
    ),
}


# What loading believes, and drawing finds.
UNDRAWABLE: dict[str, tuple[Callable[[], object], str]] = {
    "history of numbers": (lambda: forge("history.json", "[1]"), "model: the history in history.json is damaged"),
    "history of words": (
        lambda: forge("history.json", '[{"seconds": "soon"}]'),
        "model: the history in history.json is damaged",
    ),
    "scores are none": (lambda: seal("model", scores={"test": 1}), "model: the scores in bundle.json are damaged"),
    "lengths are none": (
        lambda: seal("model", scores={"test": {"by_length": 1}}),
        "model: the scores in bundle.json are damaged (no scores by length: ",
    ),
}


@pytest.mark.parametrize("name", UNDRAWABLE)
def test_plot_names_what_it_cannot_draw(name: str, world: Path, dragoman: Run) -> None:
    forgery, message = UNDRAWABLE[name]
    forgery()
    before = everything(world)
    assert_refused(dragoman("plot", "model"), BUNDLE, message)
    assert everything(world) == before


@pytest.mark.parametrize("name", FORGERIES)
def test_check_finds_what_loading_believes(name: str, world: Path, dragoman: Run) -> None:
    forgery, message = FORGERIES[name]
    forgery()
    before = everything(world)
    assert_refused(dragoman("inspect", "model", "--check"), BUNDLE, message)
    assert everything(world) == before


def test_unknown_optimizer_is_refused_before_the_first_step(world: Path, dragoman: Run) -> None:
    before = everything(world)
    command = "train pairs.tsv --out new --dev 0.2 --test 0.2 --optimizer nonsense"
    result = dragoman(*command.split())
    *progress, last = result.stderr.splitlines()
    assert last.startswith("dragoman: error: the optimizer must be one of adadelta, ")
    assert last.endswith(", not 'nonsense'")
    assert not any(line.startswith(("epoch", "dragoman:")) for line in progress)
    assert (result.returncode, result.stdout) == (USAGE, "")
    assert everything(world) == before


def test_demo_does_not_replace_a_bundle_of_somebody_else(world: Path, dragoman: Run) -> None:
    seal("model", provenance=card_of("model")["provenance"] | {"name": "mine.tsv"})
    before = everything(world)
    message = "model: this bundle was not made by the demo; choose another folder with --out"
    assert_refused(dragoman("demo", "--out", "model"), BUNDLE, message)
    assert everything(world) == before


def test_debug_shows_the_traceback_and_keeps_line_and_code(world: Path, dragoman: Run) -> None:
    result = dragoman("inspect", "--debug", "missing")
    assert result.returncode == BUNDLE
    assert result.stderr.startswith("Traceback (most recent call last):\n")
    assert result.stderr.splitlines()[-1].startswith("dragoman: error: missing: there is no such bundle")


def test_what_stands_before_a_bad_line_is_translated(world: Path, dragoman: Run) -> None:
    good = dragoman("translate", "model", "I see.", "Go.").stdout
    result = dragoman("translate", "model", stdin=b"I see.\nGo.\nS\xed.\nHi.\n")
    assert (result.returncode, result.stdout) == (CORPUS, good)
    assert result.stderr == "dragoman: error: standard input:3: not UTF-8 (byte 2 is 0xed); convert it to UTF-8\n"
