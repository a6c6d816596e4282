"""No text makes a translation fail, and none disturbs its neighbours: one line in, one line out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import Run

TEXTS = {
    "empty": "",
    "spaces": "   ",
    "tabs": "\t\t\t",
    "unknown characters only": "日本語",
    "emoji": "I see \N{PILE OF POO} 👩‍👩‍👧‍👦.",
    "NUL": "a\0b",
    "10,000 characters": "I do not know where the station is. " * 278,
    "10,000 unknown characters": "語" * 10_000,
    "right to left": "אני רואה את הכלב של \u202edragoman\u202c.",
    "combining marks": "I see" + "\N{COMBINING ACUTE ACCENT}" * 500,
    "line ends of other worlds": "one\u2028two\u2029three\x85four\vfive\rsix",
    "no-break spaces and marks": "\ufeffI\u00a0see\u200b.",
    "controls": "".join(map(chr, range(1, 32))).replace("\n", ""),
    "outside Unicode's planes of use": "\U0010ffff\ue000\ufdd0",
    "markup": "[bold]I[/bold] [/] see <b>&amp;</b> %s {0} \\n",
}


@pytest.mark.parametrize("options", [[], ["--beam", "3"], ["--temperature", "2", "--top-k", "9"]], ids=" ".join)
@pytest.mark.parametrize("name", TEXTS)
def test_every_text_gives_one_line(name: str, options: list[str], world: Path, dragoman: Run) -> None:
    text = TEXTS[name]
    for result in (
        dragoman("translate", "model", *options, "Go.", text, "Go."),
        dragoman("translate", "model", *options, stdin=f"Go.\n{text}\nGo.".encode()),
    ):
        assert result.returncode == 0
        first, _, last, end = result.stdout.split("\n")
        assert (first, end) == (last, ""), "its neighbours are not disturbed"
        assert all(line.startswith("dragoman: warning: text 2: ") for line in result.stderr.splitlines())


def test_text_that_is_no_unicode_passes_as_json(world: Path, dragoman: Run) -> None:
    result = dragoman("translate", "model", "--json", "caf\udce9", "two\nlines")
    assert result.returncode == 0
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["src"], first["unknown"], second["src"]) == ("caf\udce9", ["\udce9"], "two\nlines")
