from __future__ import annotations

import gzip
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.corpus import pairing
from dragoman.corpus.formats.columns import HEADER
from dragoman.errors import CorpusError, UsageError
from dragoman.memory import Correction, Entry, Memory, exchange
from dragoman.memory.corrections import moment
from dragoman.memory.exchange import CorrectionReader, write_corrections
from tests.memory.conftest import go

HEAD = '<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header srclang="en"/><body>'
END = "</body></tmx>"


def unit(*variants: tuple[str, str], more: str = "") -> str:
    inner = "".join(f'<tuv xml:lang="{code}"><seg>{text}</seg></tuv>' for code, text in variants)
    return f"<tu{more}>{inner}</tu>"


def read(path: Path, content: str | bytes) -> list[Correction]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(CorrectionReader(str(path), "en", "es", author="Ben"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pairs.tmx"


def test_units_of_both_languages_are_read(file: Path) -> None:
    units = [
        unit(("en-US", "Go."), ("es", "Ve."), ("fr", "Va."), more=' creationid="Ana"'),
        unit(
            ("EN", "Go &amp; <bpt i='1'>&lt;b&gt;</bpt>see <hi>it</hi><ept i='1'/>."), ("es-MX", "Ve."), ("es", "Vete.")
        ),
        unit(("fr", "Va."), ("es", "Ve.")),
        unit(("en", " "), ("es", "Ve.")),
        "<tu><note>a sign</note><tuv lang='en'><seg>Stop.</seg></tuv><tuv lang='es'><seg>Alto.</seg></tuv></tu>",
        unit(("", "Go."), ("english", "Go."), ("es", "Ve.")),
    ]
    found = read(file, HEAD + "\n".join(units) + END)
    assert [(c.source, c.target, c.author, c.context) for c in found] == [
        ("Go.", "Ve.", "Ana", ""),
        ("Go & see it.", "Ve.", "Ben", ""),
        ("Go & see it.", "Vete.", "Ben", ""),
        ("Stop.", "Alto.", "Ben", "a sign"),
    ]


def test_codes_namespaces_and_encodings_of_other_programs(file: Path) -> None:
    pairs = [("EN-US", "es-419"), ("en_GB", "es_ES"), ("eng", "spa"), ("En", "ES")]
    units = "".join(unit((en, f"Go {en}."), (es, f"Ve {en}.")) for en, es in pairs)
    content = HEAD + units + END
    expected = [f"Go {en}." for en, _ in pairs]
    assert [correction.source for correction in read(file, content)] == expected
    assert {(c.src, c.trg) for c in CorrectionReader(str(file), "EN", "spa")} == {("en", "es")}
    namespace = content.replace("<tmx ", '<tmx xmlns="http://www.lisa.org/tmx14" ')
    assert [correction.source for correction in read(file, namespace)] == expected
    utf_16 = content.replace('"1.0"', '"1.0" encoding="UTF-16"', 1).encode("utf-16")
    assert [correction.source for correction in read(file, utf_16)] == expected
    packed = file.with_name("pairs.tmx.gz")
    assert [correction.source for correction in read(packed, gzip.compress(content.encode()))] == expected


def test_each_source_of_a_unit_goes_with_each_target(file: Path) -> None:
    file.write_text(HEAD + unit(("en-US", "Color"), ("en-GB", "Colour"), ("es", "Color"), ("es-MX", "Tono")) + END)
    found = [(c.source, c.target) for c in CorrectionReader(str(file), "en", "es")]
    assert found == [("Color", "Color"), ("Color", "Tono"), ("Colour", "Color"), ("Colour", "Tono")]
    assert [(c.source, c.target) for c in CorrectionReader(str(file), "en", "en-GB")] == [("Color", "Colour")]


def test_what_is_left_out_is_counted(file: Path) -> None:
    units = [
        unit(("en", "Go."), ("es", "Ve.")),
        30 * unit(("en", " "), ("es", "Ve.")),
        2 * unit(("en", "Go."), ("fr", "Va.")),
        unit(("en", "Run " * 3_000), ("es", "Corre.")),
        unit(("en", "<ph>%d</ph> dogs"), ("es", "perros")),
        unit(("en", "<ph>%d</ph> cats"), ("es", "%d gatos")),
        unit(*40 * [("en", "Go."), ("es", "Ve.")]),
    ]
    file.write_text(HEAD + "".join(units) + END)
    reader = CorrectionReader(str(file), "en", "es")
    assert [correction.target for correction in reader] == ["Ve.", "%d gatos"]
    assert reader.n_read == 37
    assert [(reason, n) for reason, (n, _) in reader.left_out.items()] == [
        (pairing.NO_TEXT, 30),
        (pairing.NOT_BOTH, 2),
        (exchange.NO_CORRECTION, 1),
        (pairing.OTHER_CODES, 1),
        (pairing.TOO_MANY, 1),
    ]
    firsts = [first for _, first in reader.left_out.values()]
    assert firsts[:2] == [
        "pairs.tmx, unit 2: no text on a side",
        "pairs.tmx, unit 32: it has en and fr",
    ]
    assert firsts[2].startswith("pairs.tmx, unit 34: the source of a correction may have 10,000 characters")
    assert firsts[3] == "pairs.tmx, unit 35: %d"


@pytest.mark.parametrize(
    ("src", "trg", "said"),
    [
        ("de", "fr", "the file has en, es and fr, no de (name two of its languages by --src and --trg)"),
        ("de", "it", "the file has en, es and fr, no de and no it"),
        ("en-AU", "es", "the file has en, en-US, es and fr, no en-AU"),
        ("es", "fr", "no unit has both es and fr; the file has en, es and fr"),
    ],
)
def test_languages_that_a_file_does_not_have(src: str, trg: str, said: str, file: Path) -> None:
    units = unit(("en", "Go."), ("es", "Ve.")), unit(("en-US", "Go."), ("fr", "Va."))
    file.write_text(HEAD + "".join(units) + END)
    with pytest.raises(CorpusError, match=re.escape(said)):
        list(CorrectionReader(str(file), src, trg))


def test_a_file_without_anything_to_use(tmp_path: Path) -> None:
    for name, content, said in (
        ("a.tmx", HEAD + END, "no pair in this file"),
        (
            "b.tmx",
            HEAD + 2 * unit(("en", ""), ("es", "Ve.")) + END,
            "none of 2 units can be used (no text on a side: 2",
        ),
        ("c.tsv", "English\tEspañol\n", "none of 1 rows can be used (a header row: 1, first c.tsv:1"),
        ("d.tsv", "\n \n", "no pair in this file"),
    ):
        (tmp_path / name).write_text(content, "utf-8")
        with pytest.raises(CorpusError, match=re.escape(said)):
            list(CorrectionReader(str(tmp_path / name), "en", "es"))
    with pytest.raises(UsageError, match="not both en"):
        CorrectionReader("a.tmx", "en", "ENG")


@pytest.mark.parametrize("row", ["English\tSpanish", "en\tes-ES", "English\tEspañol", "source\ttarget"])
def test_a_row_of_headings_is_no_pair(row: str, tmp_path: Path) -> None:
    file = tmp_path / "pairs.tsv"
    file.write_text(f"{row}\nGo.\tVe.\n{row}\n", "utf-8")
    reader = CorrectionReader(str(file), "en", "es")
    assert [correction.source for correction in reader] == ["Go.", row.split("\t")[0]], "further down it is a pair"
    assert reader.left_out == {HEADER: (1, "pairs.tsv:1: " + row.replace("\t", ", "))}
    assert reader.n_read == 3


@pytest.mark.parametrize("row", ["English\tinglés", "Spanish\tEspañol", "source\tSource", "Go.\tVe."])
def test_a_first_pair_is_no_row_of_headings(row: str, tmp_path: Path) -> None:
    file = tmp_path / "pairs.tsv"
    file.write_text(f"{row}\n", "utf-8")
    assert [correction.source for correction in CorrectionReader(str(file), "en", "es")] == [row.split("\t")[0]]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f'<!DOCTYPE tmx [<!ENTITY l0 "ha">{LAUGHS}]><tmx>&l9;</tmx>', "entities and external files are refused"),
        ('<!DOCTYPE tmx [<!ENTITY f SYSTEM "file:///etc/passwd">]><tmx>&f;</tmx>', "refused"),
        ('<!DOCTYPE tmx [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]><tmx/>', "refused"),
        (HEAD + "<tu>" + "<x>" * 100_000, "Excessive depth"),
        (HEAD + "<tu><tuv xml:lang='en'><seg>" + "ha" * 4_000_000, "without the end of a unit"),
        (HEAD + "<!--" + "ha" * 4_000_000, "without the end of a unit"),
        (HEAD + "<tu x='" + "ha" * 4_000_000, "without the end of a unit"),
        (HEAD + unit(("en", "Go."), ("es", "Ve.")), "cut off"),
        (HEAD + "<tu></body>", "well-formed"),
        ("", "the file is empty"),
        (b"\x1f\x8b\0\0", "this is a packed file, not TMX"),
        ("<html><body>Sign in</body></html>", "this is an HTML page, not TMX: it begins with <html>"),
        ("<!doctype html><p>Sign in<br>", "this is an HTML page, not TMX"),
        ('<xliff version="1.2"/>', "this is XML of another kind, not TMX: it begins with <xliff>"),
        ("Go.\tVe.", "this is text without markup, not TMX"),
        (HEAD.replace("1.0", '1.0" encoding="klingon'), "well-formed"),
        (b'<?xml version="1.0" encoding="utf-8"?><tmx>\xff</tmx>', "well-formed"),
    ],
    ids=[
        "laughs",
        "file",
        "parameter",
        "deep",
        "long text",
        "comment",
        "attribute",
        "cut",
        "tags",
        "empty",
        "gz",
        "page",
        "html5",
        "xliff",
        "table",
        "klingon",
        "bytes",
    ],
)
def test_unsafe_and_broken_files_are_refused(content: str | bytes, said: str, file: Path) -> None:
    with pytest.raises(CorpusError, match=said):
        read(file, content)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for name in ("none.tmx", "none.tsv"):
        with pytest.raises(CorpusError, match=r"[Nn]o such file"):
            list(CorrectionReader(str(tmp_path / name), "en", "es"))


texts = st.text(min_size=1).filter(lambda text: _fits(text))


def _fits(text: str) -> bool:
    try:
        go(text, source=text)
    except UsageError:
        return False
    return True


@given(source=texts, target=texts)
def test_tmx_takes_any_text_there_and_back(tmp_path_factory: pytest.TempPathFactory, source: str, target: str) -> None:
    correction = go(target, source=source, author='Ana "<&', context="]]> a sign")
    entry = Entry(id=1, created=moment(0), changed=moment(0), **asdict(correction))
    path = tmp_path_factory.getbasetemp() / "any text.tmx"
    assert write_corrections([entry], "en", path) == (1, 0)
    assert list(CorrectionReader(str(path), "en", "es")) == [correction]


@given(source=texts, target=texts)
def test_a_table_takes_a_text_there_and_back_or_leaves_it_out(
    tmp_path_factory: pytest.TempPathFactory, source: str, target: str
) -> None:
    correction = go(target, source=source, author="Ana")
    entry = Entry(id=1, created=moment(0), changed=moment(0), **asdict(correction))
    path = tmp_path_factory.getbasetemp() / "any text.tsv"
    n, n_left_out = write_corrections([entry], "en", path)
    assert n + n_left_out == 1
    assert not n or list(CorrectionReader(str(path), "en", "es")) == [correction]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("pairs.tmx.gz", b"<tmx/>", "the name says gzip, the content does not"),
        ("pairs.tmx.gz", gzip.compress(HEAD.encode())[:-9], "the file is damaged or cut off"),
        ("pairs.tmx.gz", b"", "the file is empty"),
        ("pairs.tmx", gzip.compress(HEAD.encode()), "a packed file, not TMX (unpack it"),
    ],
    ids=["plain", "cut", "empty", "packed"],  # the bytes of gzip hold the time
)
def test_packed_files_that_are_not_what_they_say(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=re.escape(said)):
        read(tmp_path / name, content)


@pytest.mark.parametrize("name", ["pairs.tsv", "pairs.tsv.gz", "pairs.tmx", "pairs.tmx.gz"])
def test_out_of_one_memory_into_another(name: str, memory: Memory, tmp_path: Path) -> None:
    kept = [go("Ve.", author="Ana"), go("¡Corre!", source="Run!")]
    for correction in kept:
        memory.add(correction)
    memory.add(go("Anda.", state="pending"))
    assert write_corrections(memory.every("en", "es"), "en", tmp_path / name) == (2, 0)
    if name == "pairs.tsv.gz":
        assert gzip.decompress((tmp_path / name).read_bytes()).decode() == "Go.\tVe.\tAna\nRun!\t¡Corre!\n"
    assert list(CorrectionReader(str(tmp_path / name), "en", "es")) == kept


def test_a_line_break_has_no_place_in_a_table(memory: Memory, tmp_path: Path) -> None:
    memory.add(go("Ve.\nYa.", source="Go.\nNow."))
    memory.add(go("Ve."))
    assert write_corrections(memory.every("en", "es"), "en", tmp_path / "pairs.tsv") == (1, 1)
    assert (tmp_path / "pairs.tsv").read_text("utf-8") == "Go.\tVe.\n"
    with pytest.raises(UsageError, match="a memory is written as"):
        write_corrections(memory.every("en", "es"), "en", tmp_path / "pairs.csv")
