from __future__ import annotations

import gzip
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.errors import CorpusError, UsageError
from dragoman.memory import Correction, Entry, Memory, tmx
from dragoman.memory.corrections import moment
from dragoman.memory.exchange import read_corrections, write_corrections
from tests.memory.conftest import go

HEAD = '<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header srclang="en"/><body>'
END = "</body></tmx>"


def unit(*variants: tuple[str, str], more: str = "") -> str:
    inner = "".join(f'<tuv xml:lang="{code}"><seg>{text}</seg></tuv>' for code, text in variants)
    return f"<tu{more}>{inner}</tu>"


def read(path: Path, content: str | bytes) -> list[Correction]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_corrections(str(path), "en", "es", author="Ben"))


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


def test_what_cannot_be_used_is_told(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert read(file, HEAD + 30 * unit(("en", " "), ("es", "Ve.")) + END) == []
    assert len(caplog.messages) == 21
    assert caplog.messages[1].startswith("pairs.tmx: unit 2: the source of a correction must hold text")
    assert caplog.messages[-1].endswith("30 corrections in all cannot be used")


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f'<!DOCTYPE tmx [<!ENTITY l0 "ha">{LAUGHS}]><tmx>&l9;</tmx>', "entities and external files are refused"),
        ('<!DOCTYPE tmx [<!ENTITY f SYSTEM "file:///etc/passwd">]><tmx>&f;</tmx>', "refused"),
        ('<!DOCTYPE tmx [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]><tmx/>', "refused"),
        (HEAD + "<tu>" + "<x>" * 100_000, "nest 64 deep"),
        (HEAD + "<tu><tuv xml:lang='en'><seg>" + "ha" * 4_000_000, "without the end of a unit"),
        (HEAD + "<!--" + "ha" * 4_000_000, "without the end of a unit"),
        (HEAD + "<tu x='" + "ha" * 4_000_000, "without the end of a unit"),
        (HEAD + unit(("en", "Go."), ("es", "Ve.")), "well-formed"),
        (HEAD + "<tu></body>", "well-formed"),
        ("", "well-formed"),
        (b"\x1f\x8b\0\0", "well-formed"),
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
            list(read_corrections(str(tmp_path / name), "en", "es"))


def test_units_are_let_go(file: Path) -> None:
    """More bytes than one unit may have, in many: none of them is kept."""
    n = 60_000
    file.write_text(HEAD + n * unit(("en", "Go " * 20), ("es", "Ve " * 20)) + END)
    assert file.stat().st_size > 2 * tmx.MAX_UNIT_BYTES
    with file.open("rb") as opened:
        elements = list(tmx._units(tmx._Guarded(opened, file.name), file.name))
    assert len(elements) == n
    assert all(len(element) == 0 for element in elements[:-1]), "emptied as soon as they were read"


texts = st.text(min_size=1).filter(lambda text: _fits(text))


def _fits(text: str) -> bool:
    try:
        go(text, source=text)
    except UsageError:
        return False
    return True


@settings(deadline=None)
@given(source=texts, target=texts)
def test_tmx_takes_any_text_there_and_back(tmp_path_factory: pytest.TempPathFactory, source: str, target: str) -> None:
    correction = go(target, source=source, author='Ana "<&', context="]]> a sign")
    entry = Entry(id=1, created=moment(0), changed=moment(0), **asdict(correction))
    path = tmp_path_factory.getbasetemp() / "any text.tmx"
    assert write_corrections([entry], "en", path) == (1, 0)
    assert list(read_corrections(str(path), "en", "es")) == [correction]


@pytest.mark.parametrize("name", ["pairs.tsv", "pairs.tsv.gz", "pairs.tmx"])
def test_out_of_one_memory_into_another(name: str, memory: Memory, tmp_path: Path) -> None:
    kept = [go("Ve.", author="Ana"), go("¡Corre!", source="Run!")]
    for correction in kept:
        memory.add(correction)
    memory.add(go("Anda.", state="pending"))
    assert write_corrections(memory.every("en", "es"), "en", tmp_path / name) == (2, 0)
    if name.endswith(".gz"):
        assert gzip.decompress((tmp_path / name).read_bytes()).decode() == "Go.\tVe.\tAna\nRun!\t¡Corre!\n"
    assert list(read_corrections(str(tmp_path / name), "en", "es")) == kept


def test_a_line_break_has_no_place_in_a_table(memory: Memory, tmp_path: Path) -> None:
    memory.add(go("Ve.\nYa.", source="Go.\nNow."))
    memory.add(go("Ve."))
    assert write_corrections(memory.every("en", "es"), "en", tmp_path / "pairs.tsv") == (1, 1)
    assert (tmp_path / "pairs.tsv").read_text("utf-8") == "Go.\tVe.\n"
