"""Files of many kinds through the one door; each is written here."""

from __future__ import annotations

import io
import json
import logging
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dragoman.corpus import open_pairs, open_sources
from dragoman.corpus.encodings import code_page, wide_encoding
from dragoman.corpus.languages import told_apart
from dragoman.errors import CorpusError, UsageError

SIDES = [(f"I have {n} dogs.", f"Tengo {n} perros, ¿sí?") for n in range(2, 32)]
PO_HEADER = 'msgid ""\nmsgstr ""\n"Language: es\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
PO = PO_HEADER + "".join(f'msgid "{src}"\nmsgstr "{trg}"\n\n' for src, trg in SIDES)


def table(delimiter: str, *head: str) -> str:
    return "".join(f"{line}\n" for line in (*head, *(delimiter.join((f'"{s}"', f'"{t}"')) for s, t in SIDES)))


def zipped(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def tarred(path: Path, files: dict[str, str]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return path


def foldered(path: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text", "how"),
    [
        ("a.po", PO, "PO"),
        ("a.csv", table(",", "English,Spanish"), "columns 'English' and 'Spanish' (commas between)"),
        ("a.csv", table(";", "en;es"), "columns 'en' and 'es' (semicolons between)"),
        ("a.tsv", "source\ttarget\n" + "".join(f"{s}\t{t}\n" for s, t in SIDES), "columns 'source' and 'target' (tabs"),
        ("a.tsv", "".join(f"{n}\t{s}\t{n + 50}\t{t}\n" for n, (s, t) in enumerate(SIDES)), "Tatoeba's four columns"),
        ("a.csv", "".join(f'k.{n},"{s}","{t}"\n' for n, (s, t) in enumerate(SIDES)), "columns 2 and 3 of 3"),
        ("a.jsonl", "".join(json.dumps({"translation": {"en": s, "es": t}}) + "\n" for s, t in SIDES), "keys 'en'"),
        (
            "a.jsonl",
            "".join(json.dumps({"id": 1, "src": s, "trg": t}) + "\n" for s, t in SIDES),
            "keys 'src' and 'trg'",
        ),
    ],
)
def test_formats(tmp_path: Path, name: str, text: str, how: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    reader = open_pairs(tmp_path / name, src="en", trg="es")
    assert [(pair.src, pair.trg) for pair in reader] == SIDES
    assert how in reader.how


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_other_encodings_are_read_and_said(tmp_path: Path, caplog: pytest.LogCaptureFixture, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("".join(f"{s}\t{t}\n" for s, t in SIDES).encode(encoding))
    with caplog.at_level(logging.WARNING):
        assert [(pair.src, pair.trg) for pair in open_pairs(path)] == SIDES
    assert len([message for message in caplog.messages if "the text is not UTF-8" in message]) == 1


def test_lines_that_end_in_cr(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\r".join(f"{s}\t{t}" for s, t in SIDES), "utf-8", newline="")
    assert len(list(open_pairs(tmp_path / "a.txt"))) == 30


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"caf\xe9\tx\n", "broken bytes"),
        (b"a\0b\tx\n", "a NUL in the line"),
        (b"x" * 1_100_000 + b"\n", "a line too long"),
    ],
    ids=["bytes", "nul", "long"],
)
def test_a_broken_line_is_left_out(tmp_path: Path, line: bytes, reason: str) -> None:
    rows = "".join(f"{s}\t{t}\n" for s, t in SIDES).encode()
    (tmp_path / "a.txt").write_bytes(rows * 2 + line + rows * 2)
    reader = open_pairs(tmp_path / "a.txt")
    assert len(list(reader)) == 120
    assert (reader.n_bad, reader.left_out[reason].n) == (1, 1)
    assert reader.left_out[reason].examples[0].startswith("a.txt:61: ")
    (tmp_path / "a.txt").write_bytes(rows + line)
    with pytest.raises(CorpusError, match="1 of 31 rows"):
        list(open_pairs(tmp_path / "a.txt"))


def test_what_po_leaves_out(tmp_path: Path) -> None:
    path = tmp_path / "a.po"
    path.write_text(
        PO_HEADER + '#, fuzzy\nmsgid "A"\nmsgstr "B"\n\nmsgid "C"\nmsgstr ""\n\n'
        'msgctxt "menu"\nmsgid "%d file"\nmsgid_plural "%d files"\nmsgstr[0] "%d archivo"\nmsgstr[1] "%d archivos"\n\n'
        '#~ msgid "D"\n#~ msgstr "E"\n',
        "utf-8",
    )
    reader = open_pairs(path, src="en", trg="es", min_pairs=1)
    assert [(str(pair.origin), pair.src, pair.trg) for pair in reader] == [
        ("a.po:13", "%d file", "%d archivo"),
        ("a.po:13", "%d files", "%d archivos"),
    ]
    assert {reason: left.n for reason, left in reader.left_out.items()} == {
        "the header": 1,
        "fuzzy": 1,
        "not translated": 1,
        "obsolete": 1,
    }
    assert [unit.note for unit in reader.units()] == ["menu", "menu"]
    path.write_text(PO_HEADER + 'msgid "A"\nnonsense\n', "utf-8")
    with pytest.raises(CorpusError, match=r"^a.po:7: this is no PO: syntax error"):
        list(open_pairs(path, min_pairs=0))


@pytest.mark.parametrize("pack", [zipped, tarred, foldered])
def test_a_container_of_files(tmp_path: Path, pack: Callable[[Path, dict[str, str]], Path]) -> None:
    name = "docs.zip" if pack is zipped else "docs.tgz" if pack is tarred else "docs"
    path = pack(tmp_path / name, {"b/os.po": PO, "a.po": PO, "README": "x", "c.po": PO_HEADER + "nonsense\n"})
    reader = open_pairs(path, src="en", trg="es", min_pairs=0)
    if pack is foldered:
        (path / "c.po").write_text(PO_HEADER, "utf-8")
    else:
        with pytest.raises(CorpusError, match="1 of 63 rows"):
            list(reader)
        assert reader.bad_rows == [f"{name}/c.po:6: this is no PO: syntax error (mend the line: msgfmt -c)"]
        return
    assert [str(pair.origin) for pair in reader][::30] == [f"{name}/a.po:6", f"{name}/b/os.po:6"]
    assert len(reader.paths) == 3


def test_aligned_files_in_a_zip(tmp_path: Path) -> None:
    src, trg = ("".join(f"{side}\n" for side in sides) for sides in zip(*SIDES, strict=True))
    files = {"README": "x", "Q.en-es.en": src, "Q.en-es.es": trg, "Q.en-es.xml": "<cesAlign/>"}
    path = zipped(tmp_path / "opus.zip", files)
    assert [(pair.src, pair.trg) for pair in open_pairs(path)] == SIDES
    swapped = open_pairs(path, src="es", trg="en")
    assert [(pair.trg, pair.src) for pair in swapped] == SIDES
    assert swapped.sources[0].n_bytes == swapped.sources[0].n_bytes_in_all


def test_a_zip_of_aligned_files_in_many_languages(tmp_path: Path) -> None:
    src, trg = ("".join(f"{side}\n" for side in sides) for sides in zip(*SIDES, strict=True))
    third = "".join(f"J'ai {n} chiens.\n" for n in range(2, 32))
    files = {"data/Q.en": src, "data/Q.es": trg, "data/Q.fr": third, "data/LICENSE": "x", "data/README.md": "y"}
    path = zipped(tmp_path / "many.zip", files)
    for asked, expected in ((("en", "es"), SIDES), (("es", "en"), [pair[::-1] for pair in SIDES])):
        reader = open_pairs(path, src=asked[0], trg=asked[1])
        assert [(pair.src, pair.trg) for pair in reader] == expected
        assert reader.how == f"aligned files in {asked[0]} and {asked[1]}"
    with pytest.raises(UsageError, match="it has en, es and fr; choose two of them by --src and --trg"):
        open_pairs(path)
    files |= {"data/P.en": src, "data/P.de": third}
    reader = open_pairs(zipped(tmp_path / "many.zip", files), src="en", trg="fr")
    assert [pair.trg for pair in reader] == third.splitlines()


def test_opus_files_of_one_pair_of_many(tmp_path: Path) -> None:
    src, trg = ("".join(f"{side}\n" for side in sides) for sides in zip(*SIDES, strict=True))
    pairs = {"de-en": (trg, src), "en-es": (src, trg)}
    files = {
        f"T.{name}.{code}": text
        for name, sides in pairs.items()
        for code, text in zip(name.split("-"), sides, strict=True)
    }
    reader = open_pairs(zipped(tmp_path / "all.zip", files), src="es", trg="en")
    assert [(pair.trg, pair.src) for pair in reader] == SIDES


def test_two_arguments_of_one_name_are_one_source(tmp_path: Path) -> None:
    for name, place in (("t.en", 0), ("d.en", 0), ("t.es", 1), ("d.es", 1)):
        (tmp_path / name).write_text("".join(f"{sides[place]}\n" for sides in SIDES), "utf-8")
    readers = open_sources([str(tmp_path / name) for name in ("t.en", "d.en", "t.es", "d.es")] + ["phrasebook"])
    assert [reader.name for reader in readers] == ["t.en and t.es", "d.en and d.es", "phrasebook"]
    assert [reader.languages for reader in readers] == [("en", "es")] * 3
    assert [reader.is_named for reader in readers] == [False, False, True]
    assert [len(list(reader)) for reader in readers[:2]] == [30, 30]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("train.en", "train.es", ("en", "es")),
        ("a/values/strings.xml", "a/values-es/strings.xml", ("", "es")),
        ("en.lproj/Localizable.strings", "es.lproj/Localizable.strings", ("en", "es")),
        ("x.en-es.en", "x.en-es.es", ("en", "es")),
        ("train.src", "train.trg", ("", "")),
        ("train.tsv", "more.tsv", None),
        ("a.en", "b.es", None),
        ("a.en", "a.en", None),
    ],
)
def test_names_that_differ_in_the_language(first: str, second: str, found: tuple[str, str] | None) -> None:
    assert told_apart(first, second) == found


def test_a_file_in_several_languages_asks_which(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("English,Spanish,French\n" + 'Go there.,"Ve, ya.",Va là.\n' * 20, "utf-8")
    with pytest.raises(UsageError, match="it has en, es and fr; choose two of them by --src and --trg"):
        open_pairs(path)
    assert next(iter(open_pairs(path, src="fr", trg="en"))).src == "Va là."
    assert next(iter(open_pairs(path, columns=("Spanish", "French")))).trg == "Va là."
    with pytest.raises(UsageError, match="there is no column 'German'"):
        open_pairs(path, columns=("German", "French"))


def test_bombs_are_refused(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", {"a.po": "0" * 2**27})
    with pytest.raises(CorpusError, match="more than 300 times as large"):
        open_pairs(tmp_path / "a.zip")
    (tmp_path / "a.jsonl").write_text("[" * 100_000)
    with pytest.raises(CorpusError, match="nests too deep"):
        list(open_pairs(tmp_path / "a.jsonl"))


def test_encodings_by_their_looks() -> None:
    assert wide_encoding("Hola".encode("utf-32")) == "utf-32"
    assert wide_encoding(b"Hola") is None
    assert code_page("Привет, как дела? Я не знаю.\n".encode("cp1251")) == "cp1251"
    assert code_page("¿Qué?\n¡Mañana!\n".encode()) is None
