import gzip
import io
import itertools
import logging
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dragoman.corpus
from dragoman.corpus import Origin, Pair, PairReader, open_pairs
from dragoman.corpus import lines as lines_module
from dragoman.corpus.formats.delimited import read_delimited
from dragoman.corpus.lines import Source, clean
from dragoman.errors import CorpusError, UsageError

ROWS = [(f"I have {n} dogs.", f"Tengo {n} perros.") for n in range(2, 32)]
TEXT = "".join(f"{src}\t{trg}\n" for src, trg in ROWS)
DATA = TEXT.encode()


def sides(reader: PairReader) -> list[tuple[str, str]]:
    return [(pair.src, pair.trg) for pair in reader]


def zipped(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("spa.txt", DATA),
        ("spa.tsv", DATA),
        ("spa.pairs", DATA),
        ("SPA.TXT.GZ", gzip.compress(DATA)),
        ("spa-eng.zip", zipped({"_about.txt": b"about", "spa.txt": DATA, "__MACOSX/._spa.txt": b"\0"})),
    ],
)
def test_every_kind_of_file_gives_the_same_pairs(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    reader = open_pairs(path)
    assert sides(reader) == ROWS
    assert sides(reader) == ROWS, "a second pass starts anew"
    assert (reader.name, reader.paths, reader.n_rows, reader.n_bad) == (name, (path,), 30, 0)


def test_origin_names_file_line_and_attribution(tmp_path: Path) -> None:
    path = tmp_path / "cmn.txt"
    path.write_text("Hi.\t嗨。\tCC-BY 2.0 (France) #538123 (CM)\n\nRun.\t跑。\n", encoding="utf-8")
    assert list(open_pairs(path, min_pairs=1)) == [
        Pair("Hi.", "嗨。", Origin("cmn.txt", 1, "CC-BY 2.0 (France) #538123 (CM)")),
        Pair("Run.", "跑。", Origin("cmn.txt", 3)),
    ]


def test_reverse_swaps_the_sides(tmp_path: Path) -> None:
    path = tmp_path / "spa.txt"
    path.write_bytes(DATA)
    assert sides(open_pairs(path, reverse=True)) == [(trg, src) for src, trg in ROWS]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + DATA,
        DATA.replace(b"\n", b"\r\n"),
        DATA.replace(b"\n", b"\n\n"),
        DATA.replace(b"\n", b"\n \t \n"),
        DATA.rstrip(b"\n"),
        DATA.replace(b"\t", b" \t\xc2\xa0"),
        DATA.replace(b" ", b"\xe2\x80\xaf"),
        DATA.replace(b"dogs", b"do\x07gs"),
        DATA.replace(b"\n", b"\t\n"),
    ],
    ids=["mark", "crlf", "blank", "white", "no end", "outer", "narrow", "control", "empty attribution"],
)
def test_what_files_from_the_wild_have_is_no_problem(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "spa.txt"
    path.write_bytes(data)
    reader = open_pairs(path)
    assert sides(reader) == ROWS
    assert (reader.n_rows, reader.n_bad) == (30, 0)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  Ve.  ", "Ve."),
        ("man\u0303ana", "mañana"),
        ("Qu'est-ce\u00a0? Rien\u202f!", "Qu'est-ce ? Rien !"),
        ("\ufeffGo.\u200b", "Go."),
        ("tele\u00advision, my\u200b \u200ebook\u2060", "television, my book"),
        ("my\u3000book, 150\u2009000", "my book, 150 000"),
        ("the \ufb01re of \ufb04", "the fire of ffl"),
        ("a\u200db", "ab"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष 👩\u200d👩", "क्\u200dष 👩\u200d👩"),
        ("a\x00b\x1bc\x9fd", "abcd"),
        ("a\vb\x85c\u2028d", "a b c d"),
        ("\u0301", "\u0301"),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


BAD_ROWS = {
    "only one": "spa.txt:31: expected 2 or 3 columns, found 1 (is the separator a tab?)",
    "a\tb\tc\td": "spa.txt:31: expected 2 or 3 columns, found 4 (a tab inside a sentence?)",
    "\tb": "spa.txt:31: the first column is empty (a pair needs both sentences)",
    "a\t\u00a0": "spa.txt:31: the second column is empty (a pair needs both sentences)",
}


@pytest.mark.parametrize(("row", "message"), BAD_ROWS.items())
def test_a_bad_row_is_reported_with_its_line_and_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, row: str, message: str
) -> None:
    path = tmp_path / "spa.txt"
    path.write_text(TEXT + row + "\n" + TEXT * 3, encoding="utf-8")
    reader = open_pairs(path)
    assert sides(reader) == ROWS * 4
    assert (reader.n_rows, reader.n_bad, reader.bad_rows) == (121, 1, [message])
    assert [(r.name, r.levelno, r.getMessage()) for r in caplog.records] == [
        ("dragoman.corpus", logging.WARNING, message)
    ]


def test_more_than_one_bad_row_in_a_hundred_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "spa.txt"
    path.write_text("Go.\tVe.\n" * 99 + "bad\n", encoding="utf-8")
    assert len(list(open_pairs(path))) == 99
    path.write_text("Go.\tVe.\n" * 98 + "bad\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"^spa.txt: 1 of 99 rows .* 1% .*spa.txt:99: expected 2 or 3 columns"):
        list(open_pairs(path))


def test_the_first_20_bad_rows_are_shown_and_all_are_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "spa.txt"
    path.write_text("bad\n" * 50, encoding="utf-8")
    reader = open_pairs(path)
    with pytest.raises(CorpusError, match="50 of 50 rows"):
        list(reader)
    assert (reader.n_bad, len(reader.bad_rows)) == (50, 20)
    assert caplog.messages[:20] == reader.bad_rows
    assert len(caplog.messages) == 21


def test_too_few_pairs_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "spa.txt"
    path.write_text("Go.\tVe.\n" * 19, encoding="utf-8")
    assert len(list(open_pairs(path, min_pairs=19))) == 19
    with pytest.raises(CorpusError, match=r"spa.txt: expected at least 20 pairs, found 19"):
        list(open_pairs(path))


BINARY = bytes(range(256)) * 4
REFUSED_AT_ONCE: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.txt", b"", "a.txt: the file is empty"),
    "binary": ("a.txt", b"ELF" + BINARY, "binary"),
    "gzip under txt": ("a.txt", gzip.compress(DATA), r"this is a gzip file .*\.gz"),
    "zip under tsv": ("a.tsv", zipped({"a.txt": DATA}), r"this is a zip file .*\.zip"),
    "text under gz": ("a.gz", DATA, "the name says gzip, the content does not"),
    "text under zip": ("a.zip", DATA, "the name says zip, the content does not"),
    "empty gz": ("a.gz", b"", "a.gz: the file is empty"),
    "gz of nothing": ("a.gz", gzip.compress(b""), "a.gz: the file is empty"),
    "gzip in gzip": ("a.gz", gzip.compress(gzip.compress(DATA)), "this is a gzip file"),
    "cut zip": ("a.zip", zipped({"a.txt": DATA})[:-30], "a.zip: cannot be opened: File is not a zip file"),
    "zip of none": ("a.zip", zipped({"_about.txt": DATA}), "no file of translations in it; it has a.zip/_about.txt"),
}


@pytest.mark.parametrize(("name", "data", "message"), REFUSED_AT_ONCE.values(), ids=REFUSED_AT_ONCE)
def test_a_file_that_cannot_hold_pairs_is_refused_at_once(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CorpusError, match=message) as caught:
        open_pairs(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_directory_are_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"none.txt: there is no such file"):
        open_pairs(tmp_path / "none.txt")
    with pytest.raises(CorpusError, match="there is no file of translations in it; it has nothing"):
        open_pairs(tmp_path)
    (tmp_path / "train.en").write_text("Go.\n")
    with pytest.raises(CorpusError, match=r"train.es: there is no such file"):
        open_pairs(tmp_path / "train.en", tmp_path / "train.es")


NOISE = "".join(f"{md5(bytes([n // 256, n % 256])).hexdigest()}\tx\n" for n in range(2000)).encode()


def damaged_zip() -> bytes:
    data = bytearray(zipped({"spa.txt": NOISE}))
    data[len(data) // 2] ^= 0xFF
    return bytes(data)


REFUSED_ON_THE_WAY: dict[str, tuple[str, bytes, str]] = {
    "surrogate": ("a.txt", b"Go.\t\xed\xa0\x80\n", "a.txt:1: invalid UTF-8"),
    "long line": ("a.txt", DATA + b"x" * (1024 * 1024 + 1), "a.txt:31: a line of more than 1048576 bytes"),
    "cut gz": ("a.gz", gzip.compress(NOISE)[:-20], r"a.gz:\d+: the file is damaged or cut off"),
    "damaged zip": ("a.zip", damaged_zip(), r"a.zip/spa.txt:\d+: the file is damaged"),
}


@pytest.mark.parametrize(("name", "data", "message"), REFUSED_ON_THE_WAY.values(), ids=REFUSED_ON_THE_WAY)
def test_what_shows_only_while_reading_is_refused_with_its_line(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CorpusError, match=message):
        list(open_pairs(tmp_path / name))


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"\x1f\x8b\x08", b"PK\x03\x04"]),
    st.sampled_from(["txt", "gz", "zip"]),
)
def test_any_bytes_give_pairs_or_one_clear_line(data: bytes, magic: bytes, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{suffix}"
        path.write_bytes(magic + data)
        pairs, refusal = [], f"{path.name}: fine"
        try:
            pairs = list(open_pairs(path, min_pairs=0))
        except CorpusError as error:
            refusal = str(error)
    assert refusal.startswith(path.name)
    assert "\n" not in refusal
    assert all(pair.src and pair.trg for pair in pairs)


def test_a_packed_file_is_not_expanded_past_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "MAX_TEXT_BYTES", 1000)
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b"Go.\tVe.\n" * 10_000))
    reader = open_pairs(path)
    with pytest.raises(CorpusError, match=r"bomb.gz:126: more than 1000 bytes"):
        list(reader)
    assert reader.n_rows == 125


def aligned(tmp_path: Path, src: str, trg: str) -> PairReader:
    (tmp_path / "train.en").write_text(src, encoding="utf-8")
    (tmp_path / "train.es.gz").write_bytes(gzip.compress(trg.encode()))
    return open_pairs(tmp_path / "train.en", tmp_path / "train.es.gz", min_pairs=1)


def test_two_aligned_files(tmp_path: Path) -> None:
    reader = aligned(tmp_path, "Go.\n\nHi.\tthere", "Ve.\r\n\r\nHola.\n\n")
    assert list(reader) == [
        Pair("Go.", "Ve.", Origin("train.en", 1)),
        Pair("Hi. there", "Hola.", Origin("train.en", 3)),
    ]
    assert reader.name == "train.en and train.es.gz"


def test_aligned_files_with_different_numbers_of_lines_are_refused(tmp_path: Path) -> None:
    for n_src, n_trg in ((30, 29), (29, 31)):
        reader = aligned(tmp_path, "Go.\n" * n_src, "Ve.\n" * n_trg)
        with pytest.raises(CorpusError, match=f"train.en has {n_src} lines and train.es.gz has {n_trg}"):
            list(reader)


def test_a_line_blank_in_one_aligned_file_is_a_bad_row(tmp_path: Path) -> None:
    reader = aligned(tmp_path, "Go.\n" * 200, "Ve.\n" * 6 + "\n" + "Ve.\n" * 193)
    assert len(list(reader)) == 199
    assert reader.bad_rows == ["train.es.gz:7: the line is blank, and in train.en it is not"]


def give_stdin(monkeypatch: pytest.MonkeyPatch, raw: io.BufferedIOBase) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(raw))  # type: ignore[type-var]


@pytest.mark.parametrize("wrap", [io.BytesIO, lambda data: io.BufferedReader(io.BytesIO(data))])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, wrap: Callable[[bytes], io.BufferedIOBase]) -> None:
    give_stdin(monkeypatch, wrap(DATA))
    reader = open_pairs("-")
    assert sides(reader) == ROWS
    assert (reader.name, reader.paths) == ("standard input", ())
    with pytest.raises(CorpusError, match="only once"):
        list(reader)


def test_standard_input_stays_open_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    give_stdin(monkeypatch, io.BufferedReader(io.BytesIO(DATA)))
    next(iter(open_pairs("-")))
    assert sys.stdin.buffer.readline() == b"I have 3 dogs.\tTengo 3 perros.\n"


def test_standard_input_that_is_packed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    give_stdin(monkeypatch, io.BufferedReader(io.BytesIO(gzip.compress(DATA))))
    with pytest.raises(CorpusError, match="standard input: this is a gzip file"):
        list(open_pairs("-"))


class Endless(io.RawIOBase):
    """A pipe that gives one row a read, for ever, and says how often it was read."""

    n_reads = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self.n_reads += 1
        buffer[:8] = b"Go.\tVe.\n"
        return 8


def test_the_first_pair_comes_before_the_second_row_is_read() -> None:
    pipe = Endless()
    reader = PairReader("pipe", partial(read_delimited, Source("pipe", lambda: io.BufferedReader(pipe))))
    pairs = iter(reader)
    assert pipe.n_reads == 0
    assert next(pairs).trg == "Ve."
    assert pipe.n_reads == 1
    assert len(list(itertools.islice(pairs, 100))) == 100
    assert pipe.n_reads == 101


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = subprocess.Popen(["sh", "-c", 'printf "%s" "$1" > "$2"', "sh", TEXT, str(path)])
    assert sides(open_pairs(path)) == ROWS
    assert writer.wait(timeout=10) == 0


def test_the_phrasebook_is_opened_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def pairs() -> Iterator[Pair]:
        return (Pair(src, trg, Origin("phrasebook", n)) for n, (src, trg) in enumerate(ROWS, 1))

    phrasebook = pytest.importorskip("dragoman.corpus.phrasebook")
    monkeypatch.setattr(phrasebook, "pairs", pairs)
    assert sides(open_pairs("phrasebook")) == ROWS


@pytest.mark.parametrize("name", ["-", "phrasebook", "tatoeba:spa-eng"])
def test_a_name_that_holds_both_sides_takes_no_second_file(name: str) -> None:
    with pytest.raises(UsageError, match=r"train\.es"):
        open_pairs(name, "train.es")


def test_a_named_corpus_is_fetched_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "spa-eng.zip"
    path.write_bytes(zipped({"spa.txt": DATA, "_about.txt": b"about"}))
    asked: list[str] = []

    def fetch(name: str, **_: object) -> Path:
        asked.append(name)
        return path

    monkeypatch.setattr(dragoman.corpus.catalogue, "fetch", fetch)
    assert sides(open_pairs("tatoeba:spa-eng")) == ROWS
    assert asked == ["tatoeba:spa-eng"]


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = "import sys, dragoman.corpus; print({'requests', 'numpy'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"


@pytest.mark.parametrize("limit", [0, -1, float("nan"), float("inf")])
def test_a_limit_below_one_pair_is_refused(limit: Any) -> None:
    with pytest.raises(UsageError, match=f"at least 1, not {limit}"):
        open_pairs("phrasebook", limit=limit)
