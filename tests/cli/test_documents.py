from __future__ import annotations

from pathlib import Path

import pytest

from dragoman import Translator
from tests.cli.running import Run
from tests.fakes import FakeEngine, translator_of


def test_a_page_is_translated_to_a_page(dragoman: Run, world: Path) -> None:
    Path("in.html").write_text("<h1>Good morning!</h1>\r\n<p class=a>12 <b>Hello.</b></p><script>x</script>", "utf-8")
    result = dragoman("translate", "model", "--file", "in.html", "--out", "out.html")
    assert (result.returncode, result.stdout) == (0, "")
    translator = Translator.load("model")
    page = Path("out.html").read_bytes().decode()
    assert page.startswith(f"<h1>{translator('Good morning!')}</h1>\r\n<p class=a>")
    assert page.endswith("</p><script>x</script>")
    assert page.count("<b>") == page.count("</b>") == 1
    assert sorted(path.name for path in world.iterdir()) == ["in.html", "model", "out.html", "pairs.tsv"]


def test_other_numbers_are_told(dragoman: Run, world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    translator = translator_of(FakeEngine(lambda src, options: [src[1:]]), monkeypatch)
    monkeypatch.setattr(Translator, "load", lambda *place, **choices: translator)
    Path("in.txt").write_text("see 7 dogs\n7  dogs\n8 cats\n", "utf-8")
    result = dragoman("translate", "model", "--file", "in.txt", "--out", "out.txt")
    assert result.stderr == (
        "dragoman: warning: in.txt: the numbers of 2 translations are not those of the text, first of '7 dogs'\n"
    )


def test_a_text_is_translated_line_by_line(dragoman: Run, world: Path) -> None:
    Path("in.txt").write_text("Good morning!\n\n  Hello.\n", "utf-8")
    assert dragoman("translate", "model", "--file", "in.txt", "--out", "out.txt").returncode == 0
    good_morning, hello = (found.text for found in Translator.load("model").translate(["Good morning!", "Hello."]))
    assert Path("out.txt").read_text("utf-8") == f"{good_morning}\n\n  {hello}\n"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--file", "in.txt"], 2, "--file needs --out, the file that the translation is written to"),
        (["--out", "out.txt", "Go."], 2, "--out and --overwrite are of a document; add --file"),
        (
            ["--file", "in.txt", "--out", "out.txt", "Go."],
            2,
            "--file translates a document to one document: it takes no",
        ),
        (["--file", "in.txt", "--out", "out.txt", "--n-best", "2"], 2, "--file translates a document to one document"),
        (["--file", "in.pdf", "--out", "out.pdf"], 8, "in.pdf: a document has one of the suffixes .txt, .html"),
        (
            ["--file", "in.txt", "--out", "taken.txt"],
            2,
            "taken.txt: the file exists already; move it away, or pass --ov",
        ),
        (["--file", "in.txt", "--out", "model"], 2, "model: a folder has this name; move it away"),
        (["--file", "gone.txt", "--out", "out.txt"], 2, "gone.txt: the file cannot be read: No such file or directory"),
        (["--file", "bad.txt", "--out", "out.txt"], 8, "bad.txt: line 1: a text is UTF-8, and byte 0xff is not"),
        (["--file", "in.txt", "--out", "no/out.txt"], 2, "no/out.txt: cannot be written: No such file"),
    ],
)
def test_what_cannot_be_done_is_refused(
    arguments: list[str], code: int, message: str, dragoman: Run, world: Path
) -> None:
    Path("in.txt").write_text("Hello.\n", "utf-8")
    Path("taken.txt").write_text("mine", "utf-8")
    Path("bad.txt").write_bytes(b"\xff")
    result = dragoman("translate", "model", *arguments)
    assert (result.returncode, result.stdout) == (code, "")
    assert result.stderr.startswith(f"dragoman: error: {message}")
    assert Path("taken.txt").read_text("utf-8") == "mine"
    assert not Path("out.txt").exists()


def test_a_file_is_replaced_when_told(dragoman: Run, world: Path) -> None:
    Path("in.txt").write_text("7\n", "utf-8")
    Path("taken.txt").write_text("mine", "utf-8")
    assert dragoman("translate", "model", "--file", "in.txt", "--out", "taken.txt", "--overwrite").returncode == 0
    assert Path("taken.txt").read_text("utf-8") == "7\n"
